package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// inspection reads files one after the other and shows each as it is read.
type inspection struct {
	p       *Program
	hints   ingest.Hints
	out     *stream // nil for people
	refused bool
}

// path reads one file on disk, or each file of an archive.
func (i *inspection) path(ctx context.Context, path string) error {
	f, src, err := ingest.OpenFile(path)
	if err != nil {
		return i.refuse(ctx, path, err)
	}
	defer f.Close()
	for file := range ingest.Files(ctx, i.p.Drivers, src, i.hints) {
		if err := i.file(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// refuse shows a file that cannot be opened.
func (i *inspection) refuse(ctx context.Context, path string, err error) error {
	if _, ok := errors.AsType[*fault.Invalid](err); !ok {
		err = i.p.file("", path, err)
	}
	return i.file(ctx, &ingest.File{Name: path, Format: ingest.Unknown, Err: err})
}

// file reads one file to its end. A row that is refused stops nothing.
func (i *inspection) file(ctx context.Context, f *ingest.File) error {
	v := &fileView{totals: map[money.Currency]money.Amount{}, kinds: map[string]int{}}
	defer v.end()
	if i.out != nil {
		i.out.comma()
		i.out.text("{")
		i.out.first = true
		i.out.set("file", f.Name)
		i.out.set("format", f.Format)
		i.out.list("documents")
	}
	for d, err := range f.Documents(ctx) {
		switch {
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			if err := v.refuse(err, i.out != nil); err != nil {
				return err
			}
		case i.out != nil && d.Kind != ingest.Customers:
			i.out.add(documentOf(d))
		}
		if err == nil {
			v.add(d)
		}
	}
	i.refused = i.refused || v.refused > 0
	if i.out == nil {
		i.p.tellFile(i.p.Out, f, v)
		return nil
	}
	i.out.done()
	i.out.set("customers", v.kinds[string(ingest.Customers)])
	i.out.list("rejected")
	if v.spool != nil {
		kept, err := v.spool.reader()
		if err != nil {
			return err
		}
		i.out.addFrom(kept)
	}
	i.out.done()
	i.out.set("warnings", append([]ingest.Warning{}, f.Warnings...))
	i.out.set("skipped", append([]ingest.Skip{}, f.Skipped...))
	i.out.set("understood", f.Understood)
	if len(f.Statements) > 0 {
		i.out.set("statements", statementsOf(f))
	}
	i.out.text("\n}")
	i.out.first = false
	return i.out.err
}

// fileView is what a person is shown of a file.
type fileView struct {
	kinds    map[string]int
	totals   map[money.Currency]money.Amount
	first    []documentJSON
	refused  int
	rejected []rejectedJSON // the first of them
	spool    *spool         // all of them, for JSON: they come after the documents
}

// shownRejections is how many refusals of a file a person is shown: the rest has
// the same cause, as a rule.
const shownRejections = 200

// refuse notes what was refused.
func (v *fileView) refuse(err error, all bool) error {
	for _, r := range rejections(err) {
		v.refused++
		if len(v.rejected) < shownRejections {
			v.rejected = append(v.rejected, r)
		}
		if !all {
			continue
		}
		if v.spool == nil {
			if v.spool, err = newSpool(); err != nil {
				return err
			}
		}
		if err := v.spool.add(r); err != nil {
			return err
		}
	}
	return nil
}

func (v *fileView) end() {
	if v.spool != nil {
		v.spool.remove()
	}
}

// firstRows is how many documents of a file a person is shown: enough to see
// that columns were taken for what they are.
const firstRows = 5

func (v *fileView) add(d *ingest.Document) {
	v.kinds[countedAs(d)]++
	if len(v.first) < firstRows {
		v.first = append(v.first, documentOf(d))
	}
	if a := d.Asked(); ingest.Known(a) && d.Kind != ingest.Customers {
		if d.Kind != ingest.Invoice && d.Kind != ingest.Entry {
			a = a.Neg()
		}
		v.totals[a.Currency] = v.totals[a.Currency].Add(a)
	}
}

// kindOf is the kind of a document; what has neither sale nor money behind it is
// an entry.
func kindOf(d *ingest.Document) string {
	if d.Nature == ingest.Correction {
		return "entry"
	}
	return string(d.Kind)
}

// operation counts what banks call an entry.
const operation = "operation"

// countedAs is the kind of a document for a person: the entries of a bank and those
// of a ledger have one name in JSON alone.
func countedAs(d *ingest.Document) string {
	if d.Entry != nil {
		return operation
	}
	return kindOf(d)
}

func documentOf(d *ingest.Document) documentJSON {
	c := d.Customer
	who := cmp.Or(c.Code, c.Name, c.SIRET, c.SIREN, c.VATID)
	payable := d.Payable
	if !ingest.Known(payable) {
		payable = d.Asked()
	}
	currency := d.Currency
	if currency == "" {
		currency = payable.Currency
	}
	label := ""
	if d.Entry != nil {
		label = d.Label
	}
	return documentJSON{
		kindOf(d), d.Number, who, d.Customer.Name, dayJSON(d.Issued), dayJSON(d.Due), currency, amountJSON(d.Total),
		amountJSON(payable), label, d.Line,
	}
}

// rejections are the refusals within an error: one for each reason.
func rejections(err error) []rejectedJSON {
	var list []rejectedJSON
	for _, one := range faults(err) {
		r := rejectedJSON{Reason: one.Error()}
		if row, ok := errors.AsType[*ingest.Rejected](one); ok {
			r = rejectedJSON{row.Line, row.Column, row.Text(), row.Mend, row.Rule}
		} else if ask, ok := errors.AsType[*ingest.Ask](one); ok {
			r = rejectedJSON{
				Line: ask.HeaderLine, Column: min(ask.HeaderLine, 1), Reason: ask.Reason, Mend: mendOf(ask),
			}
		} else if f, ok := errors.AsType[*fault.Invalid](one); ok {
			r = rejectedJSON{f.Line, f.Column, f.Message, f.Mend, ""}
		}
		list = append(list, r)
	}
	return list
}

// mendOf shows how to say which column is which, for what is missing.
func mendOf(ask *ingest.Ask) string {
	flags := make([]string, 0, len(ask.Missing))
	for _, f := range ask.Missing {
		flags = append(flags, "--map "+string(f)+"=COLONNE")
	}
	mend := "indiquez quelle colonne est laquelle, par son nom ou son numéro\u00a0: " + strings.Join(flags, " ")
	var names []string
	for _, c := range ask.Columns {
		if name := cmp.Or(c.Name, strings.Join(c.Samples, " · ")); name != "" {
			names = append(names, fmt.Sprintf("%d «\u00a0%s\u00a0»", c.Index, name))
		}
	}
	if len(names) > 0 {
		mend += " (colonnes\u00a0: " + strings.Join(names, ", ") + ")"
	}
	return mend
}

// nouns count the documents of a file.
var nouns = map[string]i18n.Noun{
	string(ingest.Invoice): invoices, string(ingest.CreditNote): creditNotes, string(ingest.Payment): payments,
	string(ingest.Customers): customers, "entry": entries, operation: operations,
}

// tellFile shows a person what a file was taken for and what is in it.
func (p *Program) tellFile(w io.Writer, f *ingest.File, v *fileView) {
	fmt.Fprintf(w, "%s\n", f.Name)
	t := p.table(w)
	t.row(p.say("  Format", "  Format"), p.formatTitle(f.Format))
	for _, fact := range p.understood(f.Understood) {
		t.row("  "+fact[0], fact[1])
	}
	var found []string
	for _, kind := range slices.Sorted(maps.Keys(v.kinds)) {
		found = append(found, nouns[kind].Count(p.lang, v.kinds[kind]))
	}
	if len(found) > 0 {
		t.row(p.say("  Contenu", "  Content"), strings.Join(found, ", "))
	}
	for _, c := range slices.Sorted(maps.Keys(v.totals)) {
		title := p.say("  Reste dû", "  Left to pay")
		if v.kinds[operation] > 0 {
			title = p.say("  Mouvements", "  Movements")
		}
		t.row(title, p.lang.Amount(v.totals[c]))
	}
	for _, s := range statementsOf(f)[:min(len(f.Statements), firstStatements)] {
		t.row(p.say("  Relevé", "  Statement"), p.statementWords(s))
	}
	t.end()
	p.tellColumns(w, f.Understood.Columns)
	p.tellFirst(w, v.first)
	for _, s := range f.Skipped {
		fmt.Fprintf(w, p.say("  Laissées de côté : %s (%d, dès la ligne %d)\n", "  Left aside: %s (%d, from line %d)\n"), s.Reason, s.Count, s.Line)
	}
	for _, x := range f.Warnings {
		fmt.Fprintf(w, p.say("  Attention%s : %s\n", "  Warning%s: %s\n"), p.place(x.Line, x.Column), x.Text)
	}
	for _, x := range v.rejected {
		fmt.Fprintf(w, p.say("  Refusé%s : %s\n", "  Refused%s: %s\n"), p.place(x.Line, x.Column), x.Reason)
		if x.Mend != "" {
			fmt.Fprintf(w, "    %s\n", x.Mend)
		}
	}
	if more := v.refused - len(v.rejected); more > 0 {
		fmt.Fprintf(w, p.say("  … et %d autres refus\u00a0: --json les donne tous\n", "  … and %d more refusals: --json gives all of them\n"), more)
	}
	fmt.Fprintln(w)
}

func (p *Program) formatTitle(f ingest.Format) string {
	if f == ingest.Unknown {
		return p.say("non reconnu", "unknown")
	}
	for _, d := range p.Drivers {
		if d.Format == f {
			return fmt.Sprintf("%s (%s)", f, d.Title)
		}
	}
	return string(f)
}

// understood is how a file was read, what was settled only.
func (p *Program) understood(u ingest.Understood) [][2]string {
	separators := map[string]string{"\t": p.say("tabulation", "tabulation"), " ": p.say("espace", "space")}
	separator := u.Separator
	if name, ok := separators[separator]; ok {
		separator = name
	}
	header := ""
	if u.HeaderLine > 0 {
		header = fmt.Sprint(u.HeaderLine)
	}
	var list [][2]string
	for _, fact := range [][2]string{
		{p.say("Ce sont", "These are"), u.What},
		{p.say("Profil", "Profile"), u.Profile},
		{"SIREN", u.SIREN},
		{p.say("Encodage", "Encoding"), u.Encoding},
		{p.say("Séparateur", "Separator"), separator},
		{p.say("Décimale", "Decimal sign"), u.Decimal},
		{p.say("Dates", "Dates"), u.DateOrder},
		{p.say("Feuille", "Sheet"), u.Sheet},
		{p.say("Ligne d’en-tête", "Header line"), header},
		{p.say("Clôture", "Closing"), u.Closing.String()},
	} {
		if fact[1] != "" {
			list = append(list, fact)
		}
	}
	return list
}

func (p *Program) tellColumns(w io.Writer, columns []ingest.Column) {
	if len(columns) == 0 {
		return
	}
	t := p.table(w)
	for _, c := range columns {
		title := p.say("(non utilisée)", "(not used)")
		if c.Field != "" {
			title = fmt.Sprintf("%s (%s)", c.Field.Title(), c.Field)
		}
		t.row("  ", c.Index, c.Name, "→", title, strings.Join(c.Samples, " · "))
	}
	t.end()
}

func (p *Program) tellFirst(w io.Writer, first []documentJSON) {
	t := p.table(w)
	for _, d := range first {
		t.row("  ", d.Kind, d.Number, d.Customer, d.Name, orDash(d.Issued), orDash(d.Due), orDash(d.Payable),
			d.Currency)
	}
	t.end()
}

func orDash(s *string) string {
	if s == nil {
		return "–"
	}
	return *s
}

// place is where in a file something was found.
func (p *Program) place(line, column int) string {
	switch {
	case line == 0:
		return ""
	case column == 0:
		return fmt.Sprintf(p.say(", ligne %d", ", line %d"), line)
	}
	return fmt.Sprintf(p.say(", ligne %d, colonne %d", ", line %d, column %d"), line, column)
}
