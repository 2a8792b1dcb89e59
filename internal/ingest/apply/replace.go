package apply

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// endCredits lets the money and the credit notes that this run has brought, and of
// which something is left, take the place of what earlier lists showed to be
// settled: a list of then knew of them, so they are the same and not more.
func (r *run) endCredits(ctx context.Context) error {
	var brought []string
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		brought, err = r.broughtCredits(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(brought, min(inOne, r.o.portion)) {
		err := r.transact(ctx, nil, func(tx *db.Tx) (*plan, error) { return r.replaceNoted(ctx, tx, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// broughtCredits are the customers for whom the run brought credits that are free.
func (r *run) broughtCredits(ctx context.Context, tx *db.Tx) ([]string, error) {
	if !r.credits[ledger.Payment] && !r.credits[ledger.CreditNote] || r.o.Mode == Stock {
		return nil, nil // a full list says itself what is left of its credits
	}
	if r.books.shadow != nil {
		who := map[string]bool{}
		for _, d := range r.books.shadow.added {
			if d.Kind.Credit() && !d.Open.IsZero() {
				who[d.Customer] = true
			}
		}
		return slices.Sorted(maps.Keys(who)), nil
	}
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT customer_id
		FROM document
		WHERE creditor_id = $1 AND import_id = $2 AND kind <> 'invoice' AND open_amount <> 0
		ORDER BY customer_id`, r.scope.Creditor, r.id)
}

// noteOf is what a list showed of an invoice.
type noteOf struct {
	invoice *entry
	link    *ledger.Link
}

func (r *run) replaceNoted(ctx context.Context, tx *db.Tx, customers []string) (*plan, error) {
	p := r.newPlan(tx)
	who := map[string]bool{}
	for _, id := range customers {
		who[id] = true
	}
	if err := p.loadFree(ctx, tx, who); err != nil {
		return nil, err
	}
	noted, err := p.loadNoted(ctx, tx, customers)
	if err != nil {
		return nil, err
	}
	for _, id := range customers {
		for _, c := range p.spare[id] {
			if at, _ := p.metAt(&c.Document); c.Import == r.id && !at.told {
				p.takePlace(c, noted[id])
			}
		}
	}
	p.inspect(nil)
	return p, nil
}

// loadNoted gets what lists showed of the invoices of customers, with the invoices.
func (p *plan) loadNoted(ctx context.Context, tx *db.Tx, customers []string) (map[string][]*noteOf, error) {
	invoices, err := notedInvoices(ctx, tx, p.run.scope, customers)
	if err != nil || len(invoices) == 0 {
		return nil, err
	}
	if err := p.load(ctx, tx, nil, invoices); err != nil {
		return nil, err
	}
	if err := p.link(ctx, tx, invoices); err != nil {
		return nil, err
	}
	all := map[string][]*noteOf{}
	for _, id := range invoices {
		e := p.byID[id]
		if e == nil {
			continue
		}
		for _, l := range p.links[id] {
			if p.isNoted(e, l) && otherSide(e, l).Import != p.run.id {
				all[e.Customer] = append(all[e.Customer], &noteOf{e, l})
			}
		}
	}
	return all, nil
}

// takePlace sets a credit on what lists of its day or later showed to be settled:
// what it names first, then what is of its very amount, then the earliest.
func (p *plan) takePlace(c *entry, list []*noteOf) {
	list = slices.DeleteFunc(slices.Clone(list), func(n *noteOf) bool {
		_, undone := p.history(c.ID, n.invoice.ID)
		return undone || n.link.On < c.Issued || n.invoice.Amount.Currency != c.Amount.Currency ||
			!p.isNoted(n.invoice, n.link)
	})
	points := func(n *noteOf) int { return p.fit(c, n.invoice, n.link.Amount.Minor) }
	slices.SortStableFunc(list, func(a, b *noteOf) int {
		return cmp.Or(cmp.Compare(points(b), points(a)), a.link.On.Sub(b.link.On),
			strings.Compare(a.invoice.Number, b.invoice.Number))
	})
	for _, n := range list {
		some := min(c.Open.Minor, n.link.Amount.Minor)
		if some <= 0 || c.Kind == ledger.CreditNote && some < c.Open.Minor {
			continue
		}
		on := max(c.Issued, n.invoice.Issued)
		p.reverse(&row{file: p.run.files[0], number: c.Number}, n.invoice, n.link, some, on)
		on = max(on, p.freed(n.invoice), p.freed(c))
		p.allocate(c, n.invoice, some, on, taken[c.Kind]+"constaté auparavant par une liste")
		p.report.allocated++
	}
}

// notedInvoices are the invoices of customers on which something stands that a list
// showed.
func notedInvoices(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) ([]string, error) {
	var w db.Where
	w.And("c.creditor_id = ?", s.Creditor)
	db.In(&w, "c.customer_id", customers)
	w.And("c.nature = 'noted' AND c.kind = 'payment'")
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT a.invoice_id
		FROM document c
		JOIN allocation a ON a.creditor_id = c.creditor_id AND a.credit_id = c.id AND a.reverses IS NULL
		JOIN document i ON i.creditor_id = a.creditor_id AND i.id = a.invoice_id AND i.nature <> 'noted'`+w.SQL()+`
		  AND NOT EXISTS (
			SELECT 1
			FROM allocation r
			WHERE r.creditor_id = a.creditor_id AND r.reverses = a.id)
		ORDER BY a.invoice_id`, w.Args...)
}
