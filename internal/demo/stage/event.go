package stage

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/demo"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
)

// dated is an allocation with its day, made once its documents are known.
type dated struct {
	on   cal.Date
	make func() *ledger.Allocation
}

// books are a customer's documents and allocations, each with its day.
func (g *Stage) books(c *demo.Customer) (docs []*ledger.Document, allocations []dated) {
	for _, f := range c.Invoices {
		docs = append(docs, &ledger.Document{
			Kind: ledger.Invoice, Number: f.Number, Issued: f.Issued, Due: f.Due, Amount: f.Total, Net: f.Net,
			Order: f.Order, Label: f.Label, Terms: f.Terms,
		})
	}
	for _, n := range c.CreditNotes {
		docs = append(docs, &ledger.Document{
			Kind: ledger.CreditNote, Number: n.Number, Issued: n.Issued, Amount: n.Total, Net: n.Net,
			Preceding: n.Preceding, Label: n.Label,
		})
		for _, a := range n.Allocations {
			allocations = append(allocations, dated{a.On, g.allocation(c, ledger.CreditNote, n.Number, a)})
		}
	}
	for _, p := range c.Payments {
		if g.byBank(p) {
			g.money[p.On] = append(g.money[p.On], remittanceOf(c, p))
			continue
		}
		docs = append(docs, &ledger.Document{
			Kind: ledger.Payment, Number: p.Number, Issued: p.On, Amount: p.Amount, Label: p.Label,
		})
		for _, a := range p.Allocations {
			allocations = append(allocations, dated{a.On, g.allocation(c, ledger.Payment, p.Number, a)})
		}
	}
	for _, d := range docs {
		d.Customer, d.Source = g.owners[c.Code], "demo"
	}
	return docs, allocations
}

// keep stores documents and remembers their identifiers.
func (g *Stage) keep(ctx context.Context, tx *db.Tx, docs ...*ledger.Document) error {
	if err := ledger.Add(ctx, tx, g.scope, docs); err != nil {
		return err
	}
	for _, d := range docs {
		g.docs[string(d.Kind)+"/"+d.Number] = d.ID
	}
	return nil
}

func (g *Stage) allocation(
	c *demo.Customer, kind ledger.Kind, number string, a demo.Allocation,
) func() *ledger.Allocation {
	return func() *ledger.Allocation {
		return &ledger.Allocation{
			Customer: g.owners[c.Code], Credit: g.id(kind, number), Invoice: g.id(ledger.Invoice, a.Invoice),
			Amount: a.Amount, On: a.On,
		}
	}
}

// past enters at once what the books held on the first day, and keeps the rest
// for its day: documents before what is set against them.
func (g *Stage) past(ctx context.Context, tx *db.Tx, c *demo.Customer, from cal.Date) error {
	docs, allocations := g.books(c)
	var known []*ledger.Document
	for _, d := range docs {
		if d.Issued <= from {
			known = append(known, d)
			continue
		}
		g.days[d.Issued] = append(g.days[d.Issued], func(ctx context.Context, tx *db.Tx) error {
			return g.keep(ctx, tx, d)
		})
	}
	for _, d := range known {
		d.ID = tx.NewID("doc")
		g.docs[string(d.Kind)+"/"+d.Number] = d.ID
	}
	var set []*ledger.Allocation
	for _, a := range allocations {
		if a.on <= from {
			set = append(set, a.make())
			continue
		}
		g.days[a.on] = append(g.days[a.on], func(ctx context.Context, tx *db.Tx) error {
			return ledger.Allocate(ctx, tx, g.scope, a.make())
		})
	}
	return ledger.Enter(ctx, tx, g.scope, ledger.Batch{Documents: known, Allocations: set})
}

// maxPromises is more than any story makes for one invoice.
const maxPromises = 10

// agreements adds what is promised, contested, held and on its way.
func (g *Stage) agreements(c *demo.Customer, add func(cal.Date, event)) {
	for _, p := range c.Promises {
		add(p.Made, func(ctx context.Context, tx *db.Tx) error {
			return passing(promise.Add(ctx, tx, g.scope, &promise.Promise{
				Customer: g.owners[c.Code], Invoices: g.ids(p.Invoices), Made: p.Made, For: p.For,
				Amount: p.Amount, Note: p.Note,
			}, maxPromises))
		})
	}
	for _, d := range c.Disputes {
		amount := d.Amount
		if d.Whole {
			amount = money.Zero(amount.Currency)
		}
		add(d.Opened, func(ctx context.Context, tx *db.Tx) error {
			return passing(dispute.Add(ctx, tx, g.scope, &dispute.Dispute{
				Customer: g.owners[c.Code], Invoice: g.id(ledger.Invoice, d.Invoice), Amount: amount,
				Reason: dispute.Reason(d.Reason), Note: d.Note, Opened: d.Opened, Deadline: d.Deadline,
				Owner: g.scope.Actor,
			}))
		})
	}
	for _, h := range c.Holds {
		add(h.From, func(ctx context.Context, tx *db.Tx) error {
			one := &hold.Hold{Customer: g.owners[c.Code], From: h.From, Until: h.Until, Reason: h.Reason}
			if h.Invoice != "" {
				one.Invoice = g.id(ledger.Invoice, h.Invoice)
			}
			return passing(hold.Add(ctx, tx, g.scope, one, h.From))
		})
	}
	for _, p := range c.Plans {
		add(p.Made, func(ctx context.Context, tx *db.Tx) error {
			one := &plan.Plan{
				Customer: g.owners[c.Code], Invoices: g.ids(p.Invoices), Made: p.Made, Grace: p.Grace, Note: p.Note,
			}
			for _, i := range p.Instalments {
				one.Instalments = append(one.Instalments, plan.Instalment{Due: i.Due, Amount: i.Amount})
			}
			return passing(plan.Add(ctx, tx, g.scope, one))
		})
	}
	for _, f := range c.InFlight {
		add(f.On, func(ctx context.Context, tx *db.Tx) error {
			return passing(inflight.Add(ctx, tx, g.scope, &inflight.Payment{
				Customer: g.owners[c.Code], Invoices: g.ids([]string{f.Invoice}), Amount: f.Amount, On: f.On,
				Until: f.Until, Source: inflight.Transfer,
			}))
		})
	}
}

func (g *Stage) ids(numbers []string) []string {
	var list []string
	for _, n := range numbers {
		if n != "" {
			list = append(list, g.id(ledger.Invoice, n))
		}
	}
	return list
}

// passing leaves an agreement out that the books refuse as it stands: one made
// before the play begins, whose day has passed on the first day.
func passing(err error) error {
	if k := fault.KindOf(err); err != nil && (k == fault.KindInvalid || k == fault.KindConflict) {
		return nil
	}
	return err
}
