package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
)

// importJSON is a report whose question, if there is one, is in our words.
type importJSON struct {
	apply.Report
	Files []importedFileJSON `json:"files"`
}

type importedFileJSON struct {
	*apply.FileReport
	Asked *askedJSON `json:"asked,omitempty"`
}

// askedJSON is a table of which a person must say which column is which.
type askedJSON struct {
	Sheet      string          `json:"sheet,omitempty"`
	HeaderLine int             `json:"header_line"`
	Columns    []ingest.Column `json:"columns"`
	Missing    []ingest.Field  `json:"missing"`
	Reason     string          `json:"reason"`
}

func importOf(rep apply.Report) importJSON {
	out := importJSON{Report: rep, Files: []importedFileJSON{}}
	for _, f := range rep.Files {
		one := importedFileJSON{FileReport: f}
		if a := f.Asked; a != nil {
			one.Asked = &askedJSON{
				a.Sheet, a.HeaderLine, append([]ingest.Column{}, a.Columns...),
				append([]ingest.Field{}, a.Missing...), a.Reason,
			}
		}
		out.Files = append(out.Files, one)
	}
	if out.Warnings == nil {
		out.Warnings = []apply.Notice{}
	}
	return out
}

func (p *Program) tellImport(w io.Writer, rep apply.Report) {
	if rep.DryRun {
		fmt.Fprintln(w, p.say("À blanc : rien n’est changé.", "Dry run: nothing is changed."))
	} else {
		fmt.Fprintf(w, "%s\n", rep.Import)
	}
	for _, f := range rep.Files {
		p.tellImported(w, f)
	}
	t := p.table(w)
	for _, line := range []struct {
		n      int
		fr, en string
	}{
		{rep.Customers.Added, "clients ajoutés", "customers added"},
		{rep.Customers.Changed, "clients modifiés", "customers changed"},
		{rep.Customers.Contacts, "contacts ajoutés", "contacts added"},
		{rep.Allocated, "affectations", "allocations"},
		{rep.Dated, "échéances calculées", "due dates worked out"},
		{rep.Balances, "soldes du grand livre relevés", "general ledger balances noted"},
	} {
		if line.n > 0 {
			t.row(p.say(line.fr, line.en), p.lang.Int(line.n))
		}
	}
	t.end()
	for _, n := range rep.Warnings {
		fmt.Fprintf(w, p.say("Attention : %s\n", "Warning: %s\n"), p.notice(n))
	}
}

func (p *Program) tellImported(w io.Writer, f *apply.FileReport) {
	fmt.Fprintf(w, "\n%s (%s)\n", f.File, f.Format)
	t := p.table(w)
	for _, line := range []struct {
		n      int
		fr, en string
	}{
		{f.Added, "  lignes ajoutées", "  rows added"},
		{f.Changed, "  lignes modifiées", "  rows changed"},
		{f.Unchanged, "  lignes inchangées", "  rows unchanged"},
		{f.Settled, "  postes soldés, en tout ou partie", "  items settled, in whole or part"},
		{f.Reopened, "  postes rouverts", "  items open again"},
		{f.Skipped, "  lignes laissées de côté", "  rows left aside"},
		{f.Refused, "  lignes refusées", "  rows refused"},
	} {
		if line.n > 0 {
			t.row(p.say(line.fr, line.en), p.lang.Int(line.n))
		}
	}
	t.end()
	p.tellAccounts(w, f.Accounts)
	for _, s := range f.Skips {
		fmt.Fprintf(w, p.say("  Laissées de côté : %s (%d, dès la ligne %d)\n", "  Left aside: %s (%d, from line %d)\n"), s.Reason, s.Count, s.Line)
	}
	for _, n := range f.Warnings {
		fmt.Fprintf(w, p.say("  Attention : %s\n", "  Warning: %s\n"), p.notice(n))
	}
	for _, r := range f.Rejected {
		fmt.Fprintf(w, p.say("  Refusée%s : %s\n", "  Refused%s: %s\n"), p.place(r.Line, r.Column), r.Reason)
		if r.Mend != "" {
			fmt.Fprintf(w, "    %s\n", r.Mend)
		}
	}
	if more := f.Refused - len(f.Rejected); more > 0 {
		fmt.Fprintf(w, p.say("  … et %s autres : --rejects les écrit toutes\n", "  … and %s more: --rejects writes them all\n"), p.lang.Int(more))
	}
	if f.Asked != nil {
		p.tellAsked(w, f.Asked)
	}
}

// notice is something to know, with how many rows it is about.
func (p *Program) notice(n apply.Notice) string {
	text := n.Text
	if n.Count > 1 {
		text += fmt.Sprintf(p.say(" (%s fois)", " (%s times)"), p.lang.Int(n.Count))
	}
	if len(n.Names) > 0 {
		text += p.say(" : ", ": ") + strings.Join(n.Names, ", ")
	}
	return text
}

// tellAsked shows which column could not be told, and the flags that say it.
func (p *Program) tellAsked(w io.Writer, a *ingest.Ask) {
	fmt.Fprintf(w, "  %s\n", a.Reason)
	p.tellColumns(w, a.Columns)
	for _, f := range a.Missing {
		fmt.Fprintf(w, p.say("  Quelle colonne est « %s » ? --map %s=COLONNE\n", "  Which column is “%s”? --map %s=COLUMN\n"), f.Title(), f)
	}
}

type importedJSON struct {
	ID      string          `json:"import"`
	Source  string          `json:"source"`
	Mode    apply.Mode      `json:"mode"`
	State   apply.State     `json:"state"`
	Note    string          `json:"note"`
	On      cal.Date        `json:"on"`
	Started *string         `json:"started_at"`
	Ended   *string         `json:"ended_at"`
	Files   []importedCount `json:"files"`
}

type importedCount struct {
	File      string        `json:"file"`
	Format    ingest.Format `json:"format"`
	Added     int           `json:"added"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Settled   int           `json:"settled"`
	Refused   int           `json:"refused"`
}

func (p *Program) doImportList(ctx context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	list := []importedJSON{}
	err := p.read(ctx, c, func(r room) error {
		all, err := apply.Imports(ctx, r.tx, r.scope, "", shown)
		for _, one := range all {
			out := importedJSON{
				one.ID, one.Source, one.Mode, one.State, one.Note, one.On, instantJSON(one.Started),
				instantJSON(one.Ended),
				[]importedCount{},
			}
			for _, f := range one.Files {
				out.Files = append(out.Files, importedCount{
					f.File, f.Format, f.Added, f.Changed, f.Unchanged,
					f.Settled, f.Refused,
				})
			}
			list = append(list, out)
		}
		return err
	})
	if err != nil {
		return err
	}
	states := map[apply.State]string{
		apply.Running: p.say("en cours, ou coupé", "running, or cut short"), apply.Done: p.say("fait", "done"),
		apply.Stopped: p.say("arrêté", "stopped"), apply.Undone: p.say("défait", "undone"),
	}
	return p.answer(map[string]any{"imports": list}, func(w io.Writer) {
		t := p.table(w)
		for _, one := range list {
			var names []string
			for _, f := range one.Files {
				names = append(names, fmt.Sprintf("%s +%d ~%d", f.File, f.Added, f.Changed))
			}
			t.row(one.ID, one.On, one.Source, one.Mode, states[one.State], strings.Join(names, ", "), one.Note)
		}
		t.endOr(p.say("Aucun import.", "No import."))
	})
}

func (p *Program) doImportUndo(ctx context.Context, c *cli.Command, id string) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		u, err := apply.Undo(ctx, b.DB, s, id)
		if errors.Is(err, fault.ErrNotFound) {
			return fault.NotFound(p.say("import « %s »", "import “%s”"), id)
		}
		if err != nil {
			return err
		}
		return p.answer(u, func(w io.Writer) {
			p.tellUndone(w, u)
		})
	})
}

// tellUndone lists what an undoing took back, as the import lists what it did.
func (p *Program) tellUndone(w io.Writer, u apply.Undoing) {
	fmt.Fprintln(w, p.say("L’import est défait.", "The import is undone."))
	t := p.table(w)
	for _, line := range []struct {
		n      int64
		fr, en string
	}{
		{u.Documents, "pièces retirées", "documents taken away"},
		{u.Allocations, "affectations retirées", "allocations taken away"},
		{u.Customers, "clients retirés", "customers taken away"},
		{u.Restored, "fiches et pièces rétablies", "records restored"},
		{u.Reminders, "relances retirées", "reminders withdrawn"},
	} {
		if line.n > 0 {
			t.row("  "+p.say(line.fr, line.en), p.lang.Int(int(line.n)))
		}
	}
	t.end()
}
