// Package cfonb reads the statements of French banks in the form CFONB 120
// (« relevé de compte sur support informatique », July 2004): records of 120
// characters, of the old balance (01), the movements (04) with their complements
// (05), and the new balance (07).
package cfonb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Driver reads CFONB 120 statements.
var Driver = ingest.Driver{
	Format: ingest.CFONB120,
	Title:  "Relevé bancaire CFONB 120",
	Sniff:  sniff,
	Open:   open,
}

// again is the mend of what a bank wrote.
const again = "demandez à nouveau le relevé à la banque"

// form is the beginning of a record: its code, bank, internal operation, branch,
// currency and decimals.
var form = regexp.MustCompile(`^0[1457]\d{5}.{4}\d{5}(   |[A-Z]{3})[\d ]`)

func sniff(s ingest.Sample) ingest.Confidence {
	if form.MatchString(strings.TrimLeft(s.Text, "\r\n\ufeff")) {
		return ingest.Certain
	}
	return ingest.No
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	text, enc, err := ingest.Decoded(src, h)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.CFONB120}
	f.Understood = ingest.Understood{What: "relevé bancaire", Encoding: string(enc.Encoding), DateOrder: "dmy"}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		in, err := text()
		if err != nil {
			yield(nil, err)
			return
		}
		r := &reader{File: f, yield: yield, in: newRecords(in, statements), base: h.Base()}
		r.read(ctx)
	}
	return f, nil
}

// reader is one reading of a file.
type reader struct {
	*ingest.File
	in      *records
	base    money.Currency
	yield   func(*ingest.Document, error) bool
	sheet   *ingest.Sheet // the statement that is open
	account key           // that it is of
	entry   *pending      // the movement whose complements may follow
	lost    key           // the account of a movement that was refused: its complements go with it
	ended   bool
}

func (r *reader) read(ctx context.Context) {
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
	r.flush()
	r.unended("la fin du fichier")
	r.Finish(r.sheet)
}

func (r *reader) record(rec record) {
	if rec.code() != "05" {
		r.flush()
		r.lost = key{}
	}
	if rec.length > width && rec.code() != "05" && form.MatchString(rec.raw) {
		r.overlong(rec)
		return
	}
	switch rec.code() {
	case "01":
		r.opening(rec)
	case "04":
		r.movement(rec)
	case "05":
		r.complement(rec)
	case "07":
		r.closing(rec)
	default:
		r.refuse(rec, 1, "ce n’est pas un enregistrement CFONB 120\u00a0: il ne commence ni par 01, ni par 04, "+
			"05 ou 07", again)
	}
}

// overlong refuses a record whose places have shifted: its amount could be read
// as another. The records that hang on it are left out with it.
func (r *reader) overlong(rec record) {
	if rec.code() == "04" {
		r.within(rec)
		r.lost = rec.key()
	}
	r.refuse(rec, 1, fmt.Sprintf("cet enregistrement a %d caractères, il en faut %d\u00a0: son montant n’est pas lu",
		rec.length, width), again)
}

// currency is that of a record; old files leave it blank.
func (r *reader) currency(rec record) (money.Currency, error) {
	if rec.field(17, 3) == "" {
		return r.base, nil
	}
	return money.ParseCurrency(rec.field(17, 3))
}

// balance is the amount and the day of a record 01 or 07.
func (r *reader) balance(rec record) (*bank.Balance, bool) {
	c, err := r.currency(rec)
	if err != nil {
		r.wrong(rec, 17, err)
		return nil, false
	}
	on, err := day(rec.part(35, 6))
	if err != nil {
		r.wrong(rec, 35, err)
		return nil, false
	}
	a, err := rec.amount(c)
	if err != nil {
		r.wrong(rec, 91, err)
		return nil, false
	}
	return &bank.Balance{On: on, Amount: a}, true
}

// opening begins a statement, with its balance where that can be read.
func (r *reader) opening(rec record) {
	r.unended("l’ancien solde suivant")
	r.begin(rec)
	if b, ok := r.balance(rec); ok {
		r.sheet.Opening, r.sheet.Currency = b, b.Amount.Currency
	}
}

// begin opens a statement.
func (r *reader) begin(rec record) {
	r.Finish(r.sheet)
	r.account = rec.key()
	r.sheet = r.Begin(&bank.Statement{Kind: bank.Booked, Account: bank.Account{Number: rec.account()}, Line: rec.line})
}

// unended says that the new balance of the statement that is open is missing.
func (r *reader) unended(before string) {
	if r.sheet == nil {
		return
	}
	r.give(nil, &ingest.Rejected{
		Line: r.sheet.Line, Column: 1,
		Reason: "le nouveau solde (07) de ce relevé manque avant " + before + "\u00a0: ses mouvements sont repris, " +
			"mais rien ne dit qu’ils y sont tous",
		Mend: again,
	})
}

func (r *reader) closing(rec record) {
	b, ok := r.balance(rec)
	switch {
	case r.sheet == nil || !r.account.same(rec.key()):
		r.refuse(rec, 1, "ce nouveau solde (07) n’a pas d’ancien solde (01) avant lui", again)
	default:
		if ok {
			r.sheet.Closing = b
		}
		r.Finish(r.sheet)
		r.sheet = nil
	}
}

// within makes sure that a movement is in a statement of its account. One that
// is not is taken all the same, and the missing balance is said.
func (r *reader) within(rec record) {
	if r.sheet != nil && r.account.same(rec.key()) {
		return
	}
	r.unended("ce mouvement d’un autre compte")
	r.begin(rec)
	r.refuse(rec, 1, "l’ancien solde (01) manque avant ce mouvement\u00a0: il est repris, mais rien ne dit qu’il n’en "+
		"manque pas d’autres", again)
}

func (r *reader) wrong(rec record, place int, err error) {
	mend := ""
	reason := err.Error()
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		reason, mend = f.Message, f.Mend
	}
	r.refuse(rec, place, reason, mend)
}

func (r *reader) refuse(rec record, place int, reason, mend string) {
	r.give(nil, &ingest.Rejected{
		Line: rec.line, Column: rec.column + place - 1, Reason: reason, Mend: mend, Cells: []string{rec.raw},
	})
}

func (r *reader) give(d *ingest.Document, err error) {
	if !r.ended && !r.yield(d, err) {
		r.ended = true
	}
}
