package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"acquit/internal/db"
	"acquit/internal/dossier"
)

// problemJSON is something wrong with an archive.
type problemJSON struct {
	Archive string `json:"archive"`
	File    string `json:"file"`
	Reason  string `json:"reason"`
}

// verifiedFiles is what checking archives came to.
type verifiedFiles struct {
	verified
	Problems []problemJSON `json:"problems"`
}

// doVerifyFiles checks archives that were handed out, without any books.
func (p *Program) doVerifyFiles(paths []string) error {
	v := verifiedFiles{Problems: []problemJSON{}}
	v.Balances.Wrong, v.Files.Wrong, v.Journal.Intact = []wrongBalanceJSON{}, []string{}, true
	v.Links.Wrong = []db.Lost{}
	for _, path := range paths {
		c, err := p.checkFile(path)
		if err != nil {
			return err
		}
		v.take(p, path, c)
	}
	if err := p.answer(v, func(w io.Writer) { p.tellVerifiedFiles(w, v) }); err != nil {
		return err
	}
	if !v.ok() {
		return errSilent
	}
	return nil
}

func (p *Program) checkFile(path string) (c dossier.Checked, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, p.file("", path, err)
	}
	defer f.Close()
	at, err := f.Stat()
	if err != nil || !at.Mode().IsRegular() {
		return c, wrong("", p.say("ce n’est pas un fichier : ", "not a file: ")+path, "acquit verify dossier.zip")
	}
	return dossier.Check(f, at.Size())
}

func (v *verifiedFiles) take(p *Program, path string, c dossier.Checked) {
	v.Files.Checked += c.Files
	v.Journal.Entries += c.Entries
	if c.BrokenAt != 0 && v.Journal.BrokenAt == nil {
		v.Journal.Intact, v.Journal.BrokenAt = false, &c.BrokenAt
	}
	seen := map[string]bool{}
	for _, x := range c.Problems {
		name := x.File
		if name == "" {
			name = path
		}
		if !seen[name] {
			v.Files.Wrong = append(v.Files.Wrong, name)
			seen[name] = true
		}
		v.Problems = append(v.Problems, problemJSON{path, name, x.Why.In(p.lang)})
	}
}

func (p *Program) tellVerifiedFiles(w io.Writer, v verifiedFiles) {
	fmt.Fprintf(w, p.say("Fichiers : %d vérifiés, %d faux\n", "Files: %d checked, %d wrong\n"), v.Files.Checked,
		len(v.Files.Wrong))
	chain := p.say("chaîne intacte", "chain intact")
	if v.Journal.BrokenAt != nil {
		chain = fmt.Sprintf(p.say("chaîne rompue à l’entrée %d", "chain broken at entry %d"), *v.Journal.BrokenAt)
	}
	fmt.Fprintf(w, p.say("Extrait du journal : %d entrées, %s\n", "Extract of the journal: %d entries, %s\n"), v.Journal.Entries, chain)
	for _, x := range v.Problems {
		fmt.Fprintf(w, p.say("  %s : %s\n", "  %s: %s\n"), printable(x.File), x.Reason)
	}
}

// printable is a name from outside without what a terminal would obey.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
}
