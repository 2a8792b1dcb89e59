package apply

import (
	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// row is what a file says of one document, small enough that many are held: the
// customer is known already, and what few documents have hangs on more.
type row struct {
	file     *fileRun
	party    *party
	kind     ledger.Kind // empty: the row is about its customer alone
	nature   ledger.Nature
	number   string
	terms    string
	label    string
	currency money.Currency
	issued   cal.Date
	due      cal.Date
	line     int32
	undated  bool    // the file does not say when it was issued
	known    amounts // which of these the file gave
	total    int64
	open     int64
	net      int64
	more     *more
	told     *telling // what it newly says of its customer
}

// amounts is a set of amounts.
type amounts uint8

const (
	hasTotal amounts = 1 << iota
	hasOpen
	hasNet
)

// more is what few rows have.
type more struct {
	key        string
	order      string
	contract   string
	preceding  string
	lettering  string
	method     string
	paidOn     cal.Date
	settles    []ingest.Settlement
	electronic *ingest.Electronic
	advance    int64 // of the total, paid before the invoice was made
	column     int
	fileName   string // of a copy to be attached to the invoice that it names
	refusal    error  // why that file is no electronic invoice
}

var nothing more

// rest is what few rows have, or nothing.
func (r *row) rest() *more {
	if r.more == nil {
		return &nothing
	}
	return r.more
}

var kinds = map[ingest.Kind]ledger.Kind{
	ingest.Invoice: ledger.Invoice, ingest.CreditNote: ledger.CreditNote, ingest.Payment: ledger.Payment,
}

// newRow keeps what a document says, its customer aside.
func newRow(f *fileRun, d *ingest.Document) row {
	r := row{
		file: f, kind: kinds[d.Kind], nature: ledger.Nature(d.Nature), number: d.Number, terms: d.Terms, label: d.Label,
		currency: f.run.currency(d.Currency), issued: d.Issued, due: d.Due, line: int32(d.Line),
	}
	r.take(&r.total, d.Total, hasTotal)
	r.take(&r.open, d.Open, hasOpen)
	r.take(&r.net, d.Net, hasNet)
	m := more{
		key: d.Key, order: d.Order, contract: d.Contract, preceding: d.Preceding, lettering: d.Lettering,
		method: d.Method, paidOn: d.PaidOn, settles: d.Settles, electronic: d.Electronic, column: d.Column,
	}
	if d.Electronic != nil {
		r.electronic(d, &m)
	}
	if m.key != "" || m.order != "" || m.contract != "" || m.preceding != "" || m.lettering != "" || m.method != "" ||
		m.paidOn != 0 || m.settles != nil || m.electronic != nil || m.column > 1 {
		r.more = &m
	}
	r.date()
	return r
}

func (r *row) take(to *int64, a money.Amount, bit amounts) {
	if ingest.Known(a) {
		*to, r.known = a.Minor, r.known|bit
	}
}

// electronic: what an electronic invoice asks for (BT-115) was so when it was
// made. It is the total less what was paid before (BT-113), rounded (BT-114).
func (r *row) electronic(d *ingest.Document, m *more) {
	if !ingest.Known(d.Payable) {
		return
	}
	if ingest.Known(d.Paid) {
		m.advance = max(d.Paid.Minor, 0)
	}
	r.total, r.known = d.Payable.Minor+m.advance, r.known|hasTotal
	if r.total < m.advance {
		m.advance = r.total
	}
}

// date fills what is missing: a payment is of the day it was made, and an item
// of a list without dates of its due date, if that is past, or of the list's.
func (r *row) date() {
	if r.kind == ledger.Payment && r.rest().paidOn != 0 {
		r.issued = r.more.paidOn
	}
	if r.issued == 0 {
		r.undated = true
		r.issued = r.file.run.o.On
		if r.due != 0 && r.due < r.issued {
			r.issued = r.due
		}
	}
}

// amount is the document's: its total, or what is left where only that is told.
func (r *row) amount() int64 {
	switch {
	case r.known&hasTotal == 0:
		return r.open
	case r.kind == ledger.Invoice && r.known&hasOpen != 0 && r.open > r.total:
		return r.open
	}
	return r.total
}

// asked is what is left on the day of the file, where the file tells: by its
// own words or, in a list of all that is open, by being in it.
func (r *row) asked(mode Mode) (left int64, exact, told bool) {
	switch {
	case r.known&hasOpen != 0:
		return r.open, true, true
	case mode == Stock && r.rest().electronic == nil && r.rest().lettering == "":
		return r.amount(), false, true
	}
	return 0, false, false
}

// fingerprint tells whether the source says the same as the last time, what is
// left to pay aside.
func (r *row) fingerprint() int64 {
	m := r.rest()
	f := newFingerprint()
	f.text(string(r.currency))
	if !r.undated {
		f.number(int64(r.issued))
	}
	f.number(int64(r.due))
	f.number(r.amount())
	f.number(r.net)
	for _, s := range [...]string{r.terms, r.label, m.order, m.contract, m.preceding} {
		f.text(s)
	}
	return f.sum()
}

// fingerprint is an FNV-1a sum: the same in every process, unlike those of maps.
type fingerprint uint64

func newFingerprint() fingerprint { return 14695981039346656037 }

func (p *fingerprint) text(s string) {
	h := *p
	for i := range len(s) {
		h = (h ^ fingerprint(s[i])) * 1099511628211
	}
	*p = (h ^ 0xff) * 1099511628211 // no byte of UTF-8: the end of the text
}

func (p *fingerprint) number(n int64) {
	h := *p
	for range 8 {
		h = (h ^ fingerprint(n&0xff)) * 1099511628211
		n >>= 8
	}
	*p = h
}

// sum is never zero, which stands for no fingerprint.
func (p *fingerprint) sum() int64 {
	if *p == 0 {
		return 1
	}
	return int64(*p)
}
