package app

import (
	"context"
	"errors"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/insolvency"
	"acquit/internal/limitation"
	"acquit/internal/mandate"
	"acquit/internal/registry"
	"acquit/internal/reminder"
	"acquit/internal/setting"
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
	if err := a.Desk.BringUp(ctx, s, today); err != nil {
		return err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return clocks(ctx, tx, s, today) }); err != nil {
		return err
	}
	return errors.Join(a.lookUp(ctx, s, today), a.follow(ctx, s))
}

// clocks sees to what must be done in time: claims about to be barred, money
// to pay over or back, procedures.
func clocks(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	if _, err := limitation.Alert(ctx, tx, s, today); err != nil {
		return err
	}
	if err := mandate.Remind(ctx, tx, s, today); err != nil {
		return err
	}
	if err := cash.AskIdle(ctx, tx, s, today); err != nil {
		return err
	}
	return insolvency.Night(ctx, tx, s, today)
}

// lookUps bounds what one night asks of a register: the rest comes the next night.
const lookUps = 5000

// lookUp asks the registers about the customers who owe something, where the creditor
// wants it. A register that does not answer is left alone until the next night.
func (a *App) lookUp(ctx context.Context, s creditor.Scope, today cal.Date) error {
	var values setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		values, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil || !setting.RegistryCheck.In(values) {
		return err
	}
	for _, d := range Registries() {
		source, err := d.Open(values)
		if err != nil {
			return err
		}
		if err := a.watchRegister(ctx, s, d.Name, source, today); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) watchRegister(
	ctx context.Context, s creditor.Scope, register string, source registry.Source, today cal.Date,
) error {
	var list []insolvency.Watched
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = insolvency.Watch(ctx, tx, s, register, "", today, lookUps)
		return err
	})
	if err != nil {
		return err
	}
	for _, w := range list {
		_, err := insolvency.Check(ctx, a.DB, s, register, source, w, today)
		switch fault.KindOf(err) {
		case fault.KindUnavailable:
			return err
		case fault.KindInvalid: // a wrong number stops its own customer alone
			a.Log.WarnContext(ctx, "register", "customer", w.Code, "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}
