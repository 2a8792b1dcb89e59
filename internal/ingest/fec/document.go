package fec

import (
	"errors"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// document is the lines of one piece of a customer, on one side of the account.
type document struct {
	kind     ingest.Kind
	nature   ingest.Nature
	first    *line
	total    int64
	open     int64
	due      cal.Date
	partial  bool
	doubtful bool
	letter   string
	settles  []settlement
	number   string
}

// settlement is an amount of a credit set against a debit, by their index.
type settlement struct {
	from, to int
	amount   int64
	on       cal.Date
}

// pieceKey tells the pieces apart: an invoice cut into several due dates makes
// as many documents of one number.
type pieceKey struct {
	customer int
	entry    *entry
	piece    string
	due      cal.Date
	debit    bool
}

// pieces makes documents of the lines that remain.
func (r *file) pieces() {
	known := map[pieceKey]int{}
	for i := range r.lines {
		l := &r.lines[i]
		if l.moved {
			if l.family == doubtful416 && l.group >= 0 {
				r.groups[l.group].doubtful = true
			}
			continue
		}
		k := pieceKey{l.customer, l.entry, l.piece, l.due, l.minor > 0}
		at, ok := known[k]
		if !ok {
			at = len(r.docs)
			known[k] = at
			kind, nature := l.what()
			r.docs = append(r.docs, &document{kind: kind, nature: nature, first: l, due: l.due})
		}
		d := r.docs[at]
		l.doc = at
		d.total += max(l.minor, -l.minor)
		d.open = d.total
		d.doubtful = d.doubtful || l.family == doubtful416
		if l.letter != "" {
			d.letter = l.letter
		}
	}
	for i := range r.lines { // a debt that was moved to 416 is doubtful where it came from
		if l := &r.lines[i]; l.doc >= 0 && l.group >= 0 && r.groups[l.group].doubtful && l.minor > 0 {
			r.docs[l.doc].doubtful = true
		}
	}
	r.numbers()
}

// what tells the kind of a line from the other accounts of its entry, else from
// its journal.
func (l *line) what() (ingest.Kind, ingest.Nature) {
	e := l.entry
	avoir := strings.HasPrefix(strings.ToUpper(l.piece), "AV")
	if l.minor > 0 {
		switch {
		case e.journal == ingest.OpeningJournal:
			return ingest.Invoice, ingest.Opening
		case e.other&sale != 0:
			return ingest.Invoice, ingest.Ordinary
		case e.other&bank != 0, e.other == 0 && e.journal == ingest.BankJournal:
			return ingest.Invoice, ingest.Refund
		case e.journal == ingest.SalesJournal:
			return ingest.Invoice, ingest.Ordinary
		}
		return ingest.Invoice, ingest.Correction
	}
	switch {
	case e.journal == ingest.OpeningJournal && avoir:
		return ingest.CreditNote, ingest.Opening
	case e.journal == ingest.OpeningJournal:
		return ingest.Payment, ingest.Opening
	case l.family == advances4191:
		return ingest.Payment, ingest.Advance
	case e.other&bank != 0, e.other == 0 && e.journal == ingest.BankJournal:
		return ingest.Payment, ingest.Ordinary
	case e.other&loss != 0:
		return ingest.CreditNote, ingest.WriteOff
	case e.other&sale != 0, e.journal == ingest.SalesJournal, avoir:
		return ingest.CreditNote, ingest.Ordinary
	}
	return ingest.CreditNote, ingest.Correction
}

// numbers names the documents by their piece, else by their entry; the second
// of one name, due or paid on the same day, gets that of its entry beside it.
func (r *file) numbers() {
	type key struct {
		customer int
		kind     ingest.Kind
		number   string
		day      cal.Date
	}
	taken := map[key]bool{}
	for _, d := range r.docs {
		l := d.first
		k := key{l.customer, d.kind, l.piece, d.due}
		if k.number == "" {
			k.number = l.entry.number
		}
		if d.kind == ingest.Payment {
			k.day = l.date
		}
		for base, n := k.number, 1; taken[k]; n++ {
			k.number = base + "/" + l.entry.number
			if n > 1 {
				k.number += "-" + strconv.Itoa(n)
			}
		}
		taken[k] = true
		d.number = k.number
	}
}

// documents are those of each customer in turn, what is owed before what takes
// away.
func (r *file) documents() []*ingest.Document {
	byCustomer := make([][]int, len(r.customers))
	for i, d := range r.docs {
		byCustomer[d.first.customer] = append(byCustomer[d.first.customer], i)
	}
	list := make([]*ingest.Document, 0, len(r.docs))
	for _, docs := range byCustomer {
		for _, debit := range []bool{true, false} {
			for _, i := range docs {
				if (r.docs[i].kind == ingest.Invoice) == debit {
					list = append(list, r.document(i))
				}
			}
		}
	}
	return list
}

func (r *file) document(i int) *ingest.Document {
	d := r.docs[i]
	l := d.first
	c := r.customers[l.customer]
	out := &ingest.Document{
		Kind: d.kind, Nature: d.nature, Key: key(i), Number: d.number,
		Customer: ingest.Customer{Code: c.code, Name: c.name, Account: c.account},
		Issued:   l.issued, Due: d.due, Currency: r.base,
		Total: money.New(d.total, r.base), Open: money.New(d.open, r.base),
		Label: l.label, Lettering: d.letter, Partial: d.partial && d.open > 0, Line: l.at, Column: 1,
	}
	if d.kind == ingest.Payment {
		out.Issued, out.PaidOn = l.date, l.date
	}
	for _, s := range d.settles {
		out.Settles = append(out.Settles, ingest.Settlement{
			Key: key(s.to), Amount: money.New(s.amount, r.base),
			On: s.on,
		})
	}
	if out.Partial {
		out.Warn("lettrage", "le lettrage «\u00a0"+d.letter+"\u00a0» ne s’équilibre pas\u00a0: la pièce est lue comme réglée en partie")
	}
	if d.doubtful && d.open > 0 {
		out.Warn("douteux", "la créance est passée en douteux (compte 416)")
	}
	if d.nature == ingest.Correction {
		out.Warn("od", "l’écriture n’a ni vente ni encaissement en contrepartie\u00a0: vérifiez ce qu’elle est")
	}
	return out
}

func key(i int) string { return strconv.Itoa(i) }

// controls holds debits against credits, and gives the balances of the accounts.
func (r *file) controls() {
	r.Check(ingest.Control{
		Label: "débits et crédits du fichier", Stated: money.New(r.debit, r.base), Computed: money.New(r.credit,
			r.base),
	})
	for _, f := range families {
		if minor, ok := r.balance[f.family]; ok {
			r.Balances = append(r.Balances, ingest.Balance{Account: f.prefix, Amount: money.New(minor, r.base)})
		}
	}
	for _, c := range r.customers {
		sums := map[family]int64{}
		for _, i := range c.lines {
			sums[r.lines[i].family] += r.lines[i].minor
		}
		for _, f := range families {
			if minor := sums[f.family]; minor != 0 {
				r.Balances = append(r.Balances, ingest.Balance{
					Account: f.prefix, Customer: c.code,
					Amount: money.New(minor, r.base),
				})
			}
		}
	}
}

// compare holds what is left open against the balance of the accounts, the
// advances among them: a line that was refused shows here.
func (r *file) compare() {
	var left, stated int64
	for _, d := range r.docs {
		if d.kind == ingest.Invoice {
			left += d.open
		} else {
			left -= d.open
		}
	}
	for _, f := range families {
		stated += r.balance[f.family]
	}
	r.Check(ingest.Control{
		Label:  "solde des comptes 411, 413, 416 et 4191, et postes restant ouverts",
		Stated: money.New(stated, r.base), Computed: money.New(left, r.base),
	})
}

func asInvalid(err error) (*fault.Invalid, bool) { return errors.AsType[*fault.Invalid](err) }
