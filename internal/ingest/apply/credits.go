package apply

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// What a list shows to be settled was settled by something: first by the money and
// the credit notes of the customer that the books have and that nothing has taken.
// Only for the rest is a document made. The other way round, money that comes after
// the list takes the place of what was made for it. So no money counts twice, in
// whatever order the files come.

// loadFree gets the credits of customers that nothing has taken, with what was
// undone of them.
func (p *plan) loadFree(ctx context.Context, tx *db.Tx, customers map[string]bool) error {
	if len(customers) == 0 {
		return nil
	}
	list, err := p.run.books.freeCredits(ctx, tx, slices.Sorted(maps.Keys(customers)))
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range list {
		e := p.loaded(d)
		p.spare[d.Customer] = append(p.spare[d.Customer], e)
		if p.links[e.ID] == nil {
			ids = append(ids, e.ID)
		}
	}
	return p.link(ctx, tx, ids)
}

// settledCustomers are those of whose invoices the rows tell that less is left
// than the books say.
func (p *plan) settledCustomers(list []*work) map[string]bool {
	who := map[string]bool{}
	for _, w := range list {
		if w.party == nil || !w.party.stored || w.dropped || w.kind != ledger.Invoice {
			continue
		}
		left, _, told := w.asked(p.run.o.Mode)
		all := p.byKey[docKey{w.party.id, w.kind, w.number}]
		if told && (len(all) == 0 && left < w.amount() ||
			slices.ContainsFunc(all, func(e *entry) bool { return left < e.Open.Minor })) {
			who[w.party.id] = true
		}
	}
	return who
}

// byCredits settles an invoice that a file shows to be settled with the credits of
// its customer, and tells what is left to be noted. Those go first that name the
// invoice, then those of the very amount, money before credit notes. What is left
// of a credit note may have been paid back, so it goes only where all of it fits;
// and of the kinds that the files list themselves, their rows say what is left.
func (p *plan) byCredits(e *entry, amount int64, why string) (left int64) {
	if e.Kind != ledger.Invoice {
		return amount
	}
	list := slices.Clone(p.spare[e.Customer])
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(p.fit(b, e, amount), p.fit(a, e, amount)) })
	for _, c := range list {
		if !p.mayTake(c, e) || c.Kind == ledger.CreditNote && c.Open.Minor > amount {
			continue
		}
		if some := min(amount, c.Open.Minor); some > 0 {
			p.allocate(c, e, some, max(c.Issued, e.Issued, p.freed(c), p.freed(e)), taken[c.Kind]+why)
			amount -= some
		}
	}
	return amount
}

var taken = map[ledger.Kind]string{
	ledger.Payment: "Encaissement affecté\u00a0: ", ledger.CreditNote: "Avoir affecté\u00a0: ",
}

// mayTake tells whether a credit can be what settled an invoice by the day of the
// file: a person has not said that it is not, and the files do not list it.
func (p *plan) mayTake(c, e *entry) bool {
	if c.Amount.Currency != e.Amount.Currency || c.Issued > p.run.o.On || p.run.credits[c.Kind] {
		return false
	}
	_, undone := p.history(c.ID, e.ID)
	return !undone
}

// fit is how well a credit explains that an amount of an invoice is settled.
func (p *plan) fit(c, e *entry, amount int64) (points int) {
	if c.Preceding != "" && slices.Contains(numbersOf(c.Preceding), e.Number) {
		points += 4
	}
	if c.Open.Minor == amount {
		points += 2
	}
	if c.Kind == ledger.Payment {
		points++
	}
	return points
}

// freed is the day on which what a document was set against last became free again.
func (p *plan) freed(e *entry) (day cal.Date) {
	for _, l := range p.links[e.ID] {
		if l.Reverses != "" {
			day = max(day, l.On)
		}
	}
	return day
}

// exact tells whether a credit of the very amount that is open explains that an
// invoice has gone from a list.
func (p *plan) exact(e *entry) bool {
	return slices.ContainsFunc(p.spare[e.Customer], func(c *entry) bool {
		return p.mayTake(c, e) && (c.Open.Minor == e.Open.Minor || slices.Contains(numbersOf(c.Preceding), e.Number))
	})
}
