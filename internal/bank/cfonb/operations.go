package cfonb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Operations reads the lists of what went back that banks give beside the
// statement, of records of 240 characters (CFONB 240, « opérations au format
// interbancaire restituées à la clientèle »): header (31), operation (34), total
// (39). The places and the two codes that are read are those of the Odoo
// community’s import of rejects; the brochure itself is for banks alone.
var Operations = ingest.Driver{
	Format: ingest.CFONB240,
	Title:  "Relevé d’impayés CFONB 240",
	Sniff:  sniff240,
	Open:   open240,
}

// form240 is the beginning of a record: its code, number, operation, day and the
// letter of its currency.
var form240 = regexp.MustCompile(`^3[1459]\d{6}.{2}[\d ]{6}[E ]`)

// begins240 is what all records begin with; the places of the day and of the
// currency are of other things in some operations, of securities for one.
var begins240 = regexp.MustCompile(`^3[1459]\d{6}`)

// sniff240 asks for a header and what may follow it, with or without ends of lines.
func sniff240(s ingest.Sample) ingest.Confidence {
	text := []rune(strings.NewReplacer("\r", "", "\n", "").Replace(strings.TrimLeft(s.Text, "\r\n\ufeff")))
	if len(text) < operations.width+17 || string(text[:2]) != "31" || !form240.MatchString(string(text)) {
		return ingest.No
	}
	next := string(text[operations.width:])
	if next[:2] != "31" && begins240.MatchString(next) {
		return ingest.Certain
	}
	return ingest.No
}

func open240(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	text, enc, err := ingest.Decoded(src, h)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.CFONB240}
	f.Understood = ingest.Understood{What: "relevé d’impayés", Encoding: string(enc.Encoding), DateOrder: "dmy"}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		in, err := text()
		if err != nil {
			yield(nil, err)
			return
		}
		r := &lister{File: f, in: newRecords(in, operations), yield: yield}
		r.read(ctx)
	}
	return f, nil
}

// lister is one reading of a list of operations.
type lister struct {
	*ingest.File
	in    *records
	yield func(*ingest.Document, error) bool
	sheet *ingest.Sheet // the list that is open
	sum   int64
	parts map[string]int // how many there are of a kind and a day
	whole bool           // all its operations were read
	ended bool
}

func (r *lister) read(ctx context.Context) {
	for n := 0; !r.ended; n++ {
		rec, err := r.in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && n%4096 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			r.yield(nil, err)
			return
		}
		r.record(rec)
	}
	r.close("la fin du fichier")
}

func (r *lister) record(rec record) {
	switch code := rec.code(); {
	case !begins240.MatchString(rec.raw), rec.length > operations.width, code == "31" && !form240.MatchString(rec.raw):
		r.refuse(rec, 1, "ce n’est pas un enregistrement CFONB 240 de 240 caractères")
		r.whole = false
	case code == "31":
		r.close("l’en-tête suivant")
		r.begin(rec)
	case r.sheet == nil:
		r.refuse(rec, 1, "l’en-tête (31) manque avant cet enregistrement")
	case code == "34":
		r.operation(rec)
	case code == "39":
		r.total(rec)
	default:
		r.Skip("complément d’une opération", rec.line)
	}
}

func (r *lister) begin(rec record) {
	r.sheet = r.Begin(&bank.Statement{
		Kind: bank.Details, Line: rec.line, Currency: "EUR",
		Account: bank.Account{Number: rib(rec, 22), Name: words(rec.part(43, 24))},
	})
	r.sum, r.parts, r.whole = 0, map[string]int{}, true
}

// rib is a bank, a branch and an account, from a place on.
func rib(rec record, from int) string {
	return words(rec.field(from, 5) + " " + rec.field(from+5, 5) + " " + rec.field(from+10, 11))
}

// close says that the total of the list that is open is missing.
func (r *lister) close(before string) {
	if r.sheet == nil {
		return
	}
	r.give(nil, &ingest.Rejected{
		Line: r.sheet.Line, Column: 1, Mend: again,
		Reason: "le total (39) de cette liste manque avant " + before +
			"\u00a0: ses opérations sont reprises, mais rien ne dit qu’elles y sont toutes",
	})
	r.Finish(r.sheet)
	r.sheet = nil
}

// went are the operations that are read: what they are, and where the words of
// the creditor stand.
var went = map[string]struct {
	means        bank.Means
	label        string
	from, length int
}{
	"61": {bank.Bill, "LCR impayée", 139, 10},
	"81": {bank.Debit, "prélèvement impayé", 153, 31},
}

// operation reads one payment that went back: its amount has no sign, the code of
// the operation says that it left.
func (r *lister) operation(rec record) {
	kind, ok := went[rec.field(9, 2)]
	if !ok {
		r.whole = false
		r.refuseWith(rec, 9, fmt.Sprintf("l’opération de code «\u00a0%s\u00a0» n’est pas reprise\u00a0: seuls le sont les prélèvements (81) et "+
			"les LCR (61) impayés, les autres montants n’ont pas de signe", rec.field(9, 2)),
			"importez le relevé du compte, qui porte ces mouvements avec leur signe")
		return
	}
	on, err := day(rec.part(11, 6))
	if err == nil && on.IsZero() {
		err = &fault.Invalid{Message: "la date du rejet manque"}
	}
	if err != nil {
		r.wrong(rec, 11, err)
		return
	}
	a, err := unsigned(rec)
	if err != nil {
		r.wrong(rec, 229, err)
		return
	}
	r.sum += a.Minor
	r.give(r.entry(rec, kind.means, kind.label, words(rec.part(kind.from, kind.length)), on, a.Neg()), nil)
}

func (r *lister) entry(
	rec record, means bank.Means, label, said string, on cal.Date, a money.Amount,
) *ingest.Document {
	e := &bank.Entry{
		Statement: r.sheet.Statement, On: on, Amount: a, Status: bank.IsBooked, Code: rec.field(9, 2), Means: means,
		Label: words(label + " " + bank.Reference(said)), Return: back(means, rec.field(227, 2)), Line: rec.line,
		Raw:   rec.raw,
		Party: bank.Party{Name: words(rec.part(99, 24)), IBAN: rib(rec, 78)},
	}
	if e.Return == nil {
		e.Return = &bank.Return{}
	}
	// The statement has one movement for each, or one for all of a kind and a day.
	e.Batch = "CFONB240 " + e.Code + " " + on.String()
	r.parts[e.Batch]++
	e.Part = r.parts[e.Batch]
	e.Texts = []string{e.Label}
	if ref := bank.Reference(rec.field(123, 6)); ref != "" {
		e.Structured = append(e.Structured, ref)
	}
	r.sheet.Add(e)
	d := ingest.OfEntry(e)
	d.Column = rec.column
	return d
}

// unsigned is the amount of a record, in cents.
func unsigned(rec record) (money.Amount, error) {
	text := rec.field(229, 12)
	if text == "" || strings.Trim(text, "0123456789") != "" || rec.part(17, 1) != "E" {
		return money.Amount{}, &fault.Invalid{Message: "«\u00a0" + text + "\u00a0» n’est pas un montant en euros de douze chiffres"}
	}
	return signed(text, 2, "EUR")
}

// total holds what the list states against what was read of it.
func (r *lister) total(rec record) {
	s := r.sheet
	r.sheet = nil
	defer r.Finish(s)
	if !r.whole || rec.field(229, 12) == "" {
		return
	}
	stated, err := unsigned(rec)
	if err != nil {
		r.wrong(rec, 229, err)
		return
	}
	r.Check(ingest.Control{
		Label: "total des impayés", Stated: stated, Computed: money.New(r.sum, "EUR"), Line: rec.line,
	})
}

func (r *lister) wrong(rec record, place int, err error) {
	r.whole = false
	reason := err.Error()
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		reason = f.Message
	}
	r.refuse(rec, place, reason)
}

func (r *lister) refuse(rec record, place int, reason string) {
	r.refuseWith(rec, place, reason, again)
}

func (r *lister) refuseWith(rec record, place int, reason, mend string) {
	r.give(nil, &ingest.Rejected{
		Line: rec.line, Column: rec.column + place - 1, Reason: reason, Mend: mend, Cells: []string{rec.raw},
	})
}

func (r *lister) give(d *ingest.Document, err error) {
	if !r.ended && !r.yield(d, err) {
		r.ended = true
	}
}
