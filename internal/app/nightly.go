package app

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

// nightly brings up to the day what is remembered of each creditor's customers.
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
		if err := a.bringUp(ctx, creditor.System(c.ID)); err != nil {
			a.Log.ErrorContext(ctx, "nightly", "creditor", c.ID, "error", err)
		}
	}
	return nil
}

func (a *App) bringUp(ctx context.Context, s creditor.Scope) error {
	var today cal.Date
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		today, err = reminder.Today(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	return a.Desk.BringUp(ctx, s, today)
}
