package stage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/demo"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
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
			if err := g.record(ctx, tx, d, day); err != nil {
				return fmt.Errorf("%s: %w", d.code, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.Desk.BringUp(ctx, g.scope, day)
}

// record writes down a customer's deed as a person would.
func (g *Stage) record(ctx context.Context, tx *db.Tx, d did, day cal.Date) error {
	if err := g.receive(ctx, tx, d, day); err != nil {
		return err
	}
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

// receive enters one payment for each currency and sets it against its invoices.
func (g *Stage) receive(ctx context.Context, tx *db.Tx, d did, day cal.Date) error {
	parts := map[money.Currency][]demo.Paying{}
	var order []money.Currency
	for _, p := range d.deed.Pays {
		c := p.Amount.Currency
		if !slices.Contains(order, c) {
			order = append(order, c)
		}
		parts[c] = append(parts[c], p)
	}
	for _, c := range order {
		if err := g.bank(ctx, tx, d, day, parts[c]); err != nil {
			return err
		}
	}
	return nil
}

// bank enters one payment. Its number is of the day, the customer and the
// currency, so that a day lived twice is refused.
func (g *Stage) bank(ctx context.Context, tx *db.Tx, d did, day cal.Date, pays []demo.Paying) error {
	currency := pays[0].Amount.Currency
	total := money.Zero(currency)
	label := []string{"VIR"}
	for _, p := range pays {
		total = total.Add(p.Amount)
		label = append(label, p.Number)
	}
	const longest = 5 // words: a bank's line has no room for more
	payment := &ledger.Document{
		Customer: d.id, Kind: ledger.Payment, Number: fmt.Sprintf("R%s-%s-%s", day, d.code, currency), Issued: day,
		Amount: total, Label: strings.Join(label[:min(len(label), longest)], " "), Source: "demo",
	}
	if err := ledger.Add(ctx, tx, g.scope, []*ledger.Document{payment}); err != nil {
		return err
	}
	for _, p := range pays {
		err := ledger.Allocate(ctx, tx, g.scope, &ledger.Allocation{
			Customer: d.id, Credit: payment.ID, Invoice: p.Invoice, Amount: p.Amount, On: day,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
