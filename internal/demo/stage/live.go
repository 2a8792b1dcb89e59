package stage

import (
	"context"
	"fmt"
	"slices"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/demo"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/promise"
	"acquit/internal/reaction"
)

// did is what a customer does on the day that is lived.
type did struct {
	id, code string
	deed     demo.Deed
}

// Live plays what the world's customers do on a day after the play, and closes
// the promises of which the money has told: it belongs before that day's run,
// which then sees it. Each day is lived once.
func (g *Stage) Live(ctx context.Context, day cal.Date) error {
	var came []remittance
	err := g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		var all []did
		for a, err := range account.Each(ctx, tx, g.scope, account.Query{Day: day}) {
			if err != nil {
				return err
			}
			code := a.Customer.Code
			if deed := g.World.Act(g.ways[code], &a.Account, day); len(deed.Pays)+len(deed.Promises) > 0 {
				all = append(all, did{a.Customer.ID, code, deed})
			}
		}
		for _, d := range all {
			came = append(came, g.remittances(d)...)
			if err := g.record(ctx, tx, d, day); err != nil {
				return fmt.Errorf("%s: %w", d.code, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := g.receive(ctx, day, came); err != nil {
		return err
	}
	if err := g.waits(ctx); err != nil {
		return err
	}
	return g.Desk.BringUp(ctx, g.scope, day)
}

// record writes down a customer's deed as a person would.
func (g *Stage) record(ctx context.Context, tx *db.Tx, d did, day cal.Date) error {
	for _, id := range d.deed.Arrived {
		if err := passing(inflight.End(ctx, tx, g.scope, id, day, inflight.Arrived, "")); err != nil {
			return err
		}
	}
	if d.deed.Answers {
		if err := g.react(ctx, tx, d.id, day, reaction.Paid); err != nil {
			return err
		}
	}
	for _, w := range d.deed.Promises {
		err := promise.Add(ctx, tx, g.scope, &promise.Promise{
			Customer: d.id, Invoices: w.Invoices, Made: day, For: w.For, Note: "Promis en réponse à la relance.",
		}, promise.DefaultLimit)
		if passing(err) != nil {
			return err
		}
		if err := g.react(ctx, tx, d.id, day, reaction.Replied); err != nil {
			return err
		}
	}
	return nil
}

func (g *Stage) react(ctx context.Context, tx *db.Tx, customer string, day cal.Date, kind reaction.Kind) error {
	return reaction.Add(ctx, tx, g.scope, &reaction.Reaction{Customer: customer, On: day, Kind: kind})
}

// remittances are what a customer pays, a sum for each currency. What it has
// paid already and nobody has matched yet it does not pay again.
func (g *Stage) remittances(d did) (list []remittance) {
	for _, p := range d.deed.Pays {
		if g.paid[p.Invoice] {
			continue
		}
		n := slices.IndexFunc(list, func(r remittance) bool { return r.pays[0].amount.Currency == p.Amount.Currency })
		if n < 0 {
			list = append(list, remittance{code: d.code})
			n = len(list) - 1
		}
		list[n].pays = append(list[n].pays, payment{p.Number, p.Amount})
	}
	return list
}

// waits remembers the invoices whose money is at the bank and not applied yet.
func (g *Stage) waits(ctx context.Context) error {
	truth := g.truth()
	clear(g.paid)
	return g.Desk.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := cash.List(ctx, tx, g.scope, cash.Filter{States: []cash.State{cash.Open}, In: true})
		for _, l := range list {
			for _, p := range truth[l.Entry.BankRef].pays {
				g.paid[g.id(ledger.Invoice, p.number)] = true
			}
		}
		return err
	})
}
