package app

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/payer"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reminder"
)

// promiseGrace is how many days after its date a promise is told kept or
// broken for the figures. What a reminder does about it is its scenario's
// promise_grace.
const promiseGrace = 2

// nightly closes the promises and plans that have come to their end.
func (a *App) nightly(ctx context.Context) error {
	var all []creditor.Creditor
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = creditor.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		s := creditor.System(c.ID)
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			today, err := reminder.Today(ctx, tx, s)
			if err != nil {
				return err
			}
			if err := promise.Settle(ctx, tx, s, today, promiseGrace); err != nil {
				return err
			}
			return plan.Settle(ctx, tx, s, today)
		})
		if err != nil {
			a.Log.ErrorContext(ctx, "nightly", "creditor", c.ID, "error", err)
			continue
		}
		if err := a.refreshPayers(ctx, s); err != nil {
			a.Log.ErrorContext(ctx, "payers", "creditor", c.ID, "error", err)
		}
	}
	return nil
}

// refreshPayers works out anew how late each customer pays.
func (a *App) refreshPayers(ctx context.Context, s creditor.Scope) error {
	var today cal.Date
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		today, err = reminder.Today(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	return payer.Refresh(ctx, a.DB, s, today)
}
