package apply

import (
	"fmt"
	"strings"

	"acquit/internal/i18n"
)

// maxShown rejected rows stand in a report in words; the file of rejects has all.
const maxShown = 50

// Words is a report in French, for a person who finds it beside the file. What
// stopped the import, or why the file was refused, is failed.
func Words(r Report, failed error) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Import du %s, %s, source «\u00a0%s\u00a0»", r.On.Long("fr"), modes[r.Mode], r.Source)
	if r.Import != "" {
		line("Identifiant\u00a0: %s (pour le défaire\u00a0: acquit import --undo %s)", r.Import, r.Import)
	}
	if failed != nil {
		line("\nREFUSÉ\u00a0: %s", failed)
	}
	for _, f := range r.Files {
		line("\n%s", f.File)
		f.words(line)
	}
	for _, n := range r.Warnings {
		line("\nÀ savoir\u00a0: %s", n.sentence())
	}
	return b.String()
}

var modes = map[Mode]string{Delta: "complément", Stock: "liste complète de ce qui est dû"}

func (f *FileReport) words(line func(string, ...any)) {
	for _, c := range []struct {
		what string
		n    int
	}{
		{"lignes ajoutées", f.Added},
		{"lignes modifiées", f.Changed},
		{"lignes inchangées", f.Unchanged},
		{"lignes laissées de côté", f.Skipped},
		{"lignes refusées", f.Refused},
		{"constatées réglées", f.Settled},
		{"rouvertes", f.Reopened},
	} {
		if c.n > 0 {
			line("  %s\u00a0: %s", c.what, i18n.FR.Int(c.n))
		}
	}
	for _, s := range f.Skips {
		line("  laissées de côté, %s\u00a0: %s", s.Reason, i18n.FR.Int(s.Count))
	}
	for _, r := range f.Rejected[:min(len(f.Rejected), maxShown)] {
		line("  ligne %d, colonne %d\u00a0: %s", r.Line, r.Column, r.sentence())
	}
	if more := f.Refused - maxShown; more > 0 {
		line("  … et %s autres", i18n.FR.Int(more))
	}
	if f.HasRejects() {
		line("  À corriger dans %s, puis à déposer de nouveau hors du dossier «\u00a0%s\u00a0»", RejectsName(f.File), folderWhole)
	}
	for _, n := range f.Warnings {
		line("  À savoir\u00a0: %s", n.sentence())
	}
}

func (r Rejection) sentence() string {
	if r.Mend == "" {
		return r.Reason
	}
	return r.Reason + " (" + r.Mend + ")"
}

// sentence is the notice with how often and of which documents it is said.
func (n Notice) sentence() string {
	s := n.Text
	if n.Count > 1 {
		s += ", " + i18n.FR.Int(n.Count) + " fois"
	}
	if len(n.Names) == 0 {
		return s
	}
	s += " (" + strings.Join(n.Names, ", ")
	if n.Count > len(n.Names) {
		s += "…"
	}
	return s + ")"
}
