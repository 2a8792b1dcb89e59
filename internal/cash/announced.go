package cash

import (
	"context"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// arrive ends the payments that were announced and have come with a booking: of
// each customer the oldest of that very amount or, where it was announced for
// some invoices, of which these were paid so much.
func (k *booking) arrive(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for _, c := range k.customers {
		list, err := inflight.List(ctx, tx, s, c)
		if err != nil {
			return err
		}
		for _, p := range slices.Backward(list) {
			if !p.Ended.IsZero() || !k.brings(c, p) {
				continue
			}
			on := max(p.On, k.entry.On)
			if err := inflight.End(ctx, tx, s, p.ID, on, inflight.Arrived, number("BQ", k.entry)); err != nil {
				return err
			}
			k.parts = append(k.parts, part{p.ID, roleAnnounced, p.Amount.Minor})
			break
		}
	}
	return nil
}

// brings tells whether a booking is the money that a customer announced.
func (k *booking) brings(customer string, p inflight.Payment) bool {
	all, named := money.Zero(k.entry.Amount.Currency), money.Zero(k.entry.Amount.Currency)
	if p.Amount.Currency != all.Currency {
		return false
	}
	for _, d := range k.paid {
		if d.Customer == customer && d.Kind == ledger.Payment {
			all = all.Add(d.Amount)
		}
	}
	for _, a := range k.batch.Allocations {
		if slices.Contains(p.Invoices, a.Invoice) {
			named = named.Add(a.Amount)
		}
	}
	return all == p.Amount || len(p.Invoices) > 0 && named == p.Amount
}
