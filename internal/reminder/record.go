package reminder

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/payer"
	"acquit/internal/plan"
	"acquit/internal/promise"
)

// promiseGrace is how many days after its date a promise is told kept or
// broken for the figures. What a reminder does about it is its scenario's
// promise_grace.
const promiseGrace = 2

// BringUp brings up to a day what is remembered of customers: promises and plans
// that have come to their end are closed, and how late each pays is worked out
// anew. It needs Work.
func (d *Desk) BringUp(ctx context.Context, s creditor.Scope, day cal.Date) error {
	err := d.DB.Write(ctx, func(tx *db.Tx) error {
		if err := promise.Settle(ctx, tx, s, day, promiseGrace); err != nil {
			return err
		}
		return plan.Settle(ctx, tx, s, day)
	})
	if err != nil {
		return err
	}
	return payer.Refresh(ctx, d.DB, s, day)
}
