package charge

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/money"
	"acquit/internal/statute"
)

// Of is what a customer, named by identifier, owes besides its invoices at the end
// of a day. A rate that is not known is a fr.MissingRateError. It needs Read.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (Account, error) {
	a := Account{Day: day}
	if err := s.Need(creditor.Read); err != nil {
		return a, err
	}
	french, err := statute.Load(ctx, tx, s)
	if err != nil {
		return a, err
	}
	if a.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return a, err
	}
	if a.Terms, err = termsOf(ctx, tx, s, a.Customer); err != nil {
		return a, err
	}
	b, err := readBooks(ctx, tx, s, a.Customer.ID, day)
	if err != nil {
		return a, err
	}
	for _, i := range b.items(day) {
		line, err := compute(french, a.Terms, i, day)
		if err != nil {
			return a, err
		}
		a.Lines = append(a.Lines, line)
	}
	once(a.Lines)
	settle(a.Lines, b.entries, b.paid())
	a.Lines = slices.DeleteFunc(a.Lines, func(l Line) bool {
		return !l.Late() && len(l.Entries) == 0 && (l.Open.IsZero() || l.Invoice.Due >= day)
	})
	a.Notes = b.notes()
	a.sum()
	return a, nil
}

// books are a customer's documents and what happened to them by a day.
type books struct {
	documents map[string]ledger.Document
	invoices  []ledger.Document // that can bear charges, by due date
	made      []ledger.Allocation
	disputes  []dispute.Dispute
	stopped   map[string]lifecycle.Stopped // by invoice, on the day
	entries   []Entry
	day       cal.Date
}

func readBooks(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (b books, err error) {
	b.day, b.documents = day, map[string]ledger.Document{}
	all, err := ledger.OfCustomers(ctx, tx, s, true, id)
	if err != nil {
		return b, err
	}
	for _, d := range all {
		b.documents[d.ID] = d
		claim := d.Nature == ledger.Ordinary || d.Nature == ledger.Opening
		if d.Kind == ledger.Invoice && claim && d.Issued <= day && !d.Due.IsZero() && d.Due < day {
			b.invoices = append(b.invoices, d)
		}
	}
	slices.SortFunc(b.invoices, func(x, y ledger.Document) int {
		return cmp.Or(int(x.Due-y.Due), cmp.Compare(x.Number, y.Number), cmp.Compare(x.ID, y.ID))
	})
	made, err := ledger.AllocationsOf(ctx, tx, s, id)
	if err != nil {
		return b, err
	}
	b.made = standing(made, day)
	if b.disputes, err = dispute.List(ctx, tx, s, id); err != nil {
		return b, err
	}
	if b.stopped, err = stoppedOf(ctx, tx, s, id, day); err != nil {
		return b, err
	}
	entries, err := entriesOf(ctx, tx, s, id)
	b.entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.On > day })
	return b, err
}

// stoppedOf are a customer's invoices that are not chased any more, on a day.
func stoppedOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date,
) (map[string]lifecycle.Stopped, error) {
	of := map[string]lifecycle.Stopped{}
	for x, err := range lifecycle.StoppedBetween(ctx, tx, s, agreement.Span{Day: day, From: id, To: id}) {
		if err != nil {
			return nil, err
		}
		of[x.Document] = x
	}
	return of, nil
}

// standing are the allocations of a day that no reversal of that day has undone: a
// rejected debit never paid anything.
func standing(all []ledger.Allocation, day cal.Date) []ledger.Allocation {
	undone := map[string]bool{}
	for _, a := range all {
		if a.Reverses != "" && a.On <= day {
			undone[a.Reverses], undone[a.ID] = true, true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(a ledger.Allocation) bool { return a.On > day || undone[a.ID] })
}

// charged is how long ago an invoice that the books have closed may have been
// settled for its charges still to be shown: what is older is time-barred
// (C. com. L110-4 I).
const charged = 60 // months

func (b books) items(day cal.Date) []Item {
	taken := map[string][]ledger.Allocation{}
	for _, a := range b.made {
		taken[a.Invoice] = append(taken[a.Invoice], a)
	}
	done := map[string]bool{}
	for _, e := range b.entries {
		done[e.Invoice] = true
	}
	var list []Item
	for _, d := range b.invoices {
		i := b.item(d, taken[d.ID])
		if i.Settled == 0 || done[d.ID] || i.Settled.AddMonths(charged) >= day {
			list = append(list, i)
		}
	}
	return list
}

// item is an invoice with its movements. A payment counts from the day its money
// came in, a credit note from its own day, however late they were set against it.
func (b books) item(d ledger.Document, taken []ledger.Allocation) Item {
	i := Item{Invoice: d, Open: d.Amount, Disputed: money.Zero(d.Amount.Currency)}
	last := cal.Date(0)
	for _, a := range taken {
		credit := b.documents[a.Credit]
		m := fr.Movement{On: a.On, Amount: a.Amount, Credit: credit.Kind == ledger.CreditNote}
		if !credit.Issued.IsZero() {
			m.On = min(m.On, credit.Issued)
		}
		i.Assumed = i.Assumed || credit.Nature == ledger.Noted && m.On > d.Due
		i.Movements, i.Open, last = append(i.Movements, m), i.Open.Sub(a.Amount), max(last, m.On)
	}
	if i.Open.IsZero() {
		i.Settled = max(last, 1)
	}
	i.Disputed = money.Min(b.disputed(d), i.Open)
	i.Stopped, i.StopOn = b.stopped[d.ID].Code, b.stopped[d.ID].On
	return i
}

// disputed is what is contested of an invoice on the day.
func (b books) disputed(d ledger.Document) money.Amount {
	sum := money.Zero(d.Amount.Currency)
	for _, x := range b.disputes {
		if x.Invoice != d.ID || x.Opened > b.day || !x.Closed.IsZero() && x.Closed <= b.day {
			continue
		}
		if x.Amount.IsZero() {
			return d.Amount
		}
		sum = sum.Add(x.Amount)
	}
	return sum
}

// paid is the money set against each debit note, without what took it back.
func (b books) paid() map[string]money.Amount {
	paid := map[string]money.Amount{}
	for _, a := range b.made {
		if b.documents[a.Invoice].Nature == ledger.Charge && b.documents[a.Credit].Nature != ledger.Charge {
			paid[a.Invoice] = zeroed(paid[a.Invoice], a.Amount.Currency).Add(a.Amount)
		}
	}
	return paid
}

// notes are the debit notes, oldest first.
func (b books) notes() []Note {
	var list []Note
	for _, d := range b.documents {
		if d.Kind != ledger.Invoice || d.Nature != ledger.Charge || d.Issued > b.day {
			continue
		}
		n := Note{Document: d, On: d.Amount}
		for _, a := range b.made {
			if a.Invoice == d.ID {
				n.On = n.On.Sub(a.Amount)
			}
		}
		for _, e := range b.entries {
			if e.Note == d.ID && e.Act == Claimed {
				n.Entries = append(n.Entries, e)
			}
		}
		list = append(list, n)
	}
	slices.SortFunc(list, func(x, y Note) int {
		return cmp.Or(int(x.Issued-y.Issued), cmp.Compare(x.Number, y.Number))
	})
	return list
}

// debtors is what the law sees in a kind of customer.
var debtors = map[customer.Kind]law.Debtor{
	customer.Business: law.Business, customer.Consumer: law.Consumer, customer.Public: law.Public,
}
