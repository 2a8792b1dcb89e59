package call

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/inflight"
	"acquit/internal/promise"
	"acquit/internal/reminder"
)

// Agreed is what a call led to that a message confirms, on a day: a promise or an
// announced payment. It names no invoice where there is nothing to confirm.
func (c Call) Agreed(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (reminder.Agreed, error) {
	a := reminder.Agreed{Customer: c.Customer, At: c.CreatedAt}
	for _, id := range c.Of(Promise) {
		x, err := promise.Find(ctx, tx, s, day, id)
		if err != nil {
			return a, err
		}
		a.Invoices, a.Made, a.For, a.Amount = x.Invoices, x.Made, x.For, x.Amount
	}
	for _, id := range c.Of(Payment) {
		x, err := inflight.Find(ctx, tx, s, id)
		if err != nil {
			return a, err
		}
		a.Invoices = x.Invoices
	}
	return a, nil
}
