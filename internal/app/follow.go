package app

import (
	"context"
	"errors"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/lifecycle"
	"acquit/internal/post"
	"acquit/internal/setting"
)

// follow asks the providers that carry letters, and the platform of electronic
// invoices, what became of them.
func (a *App) follow(ctx context.Context, s creditor.Scope) error {
	var v setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(a.followPost(ctx, s, v), a.followRegistered(ctx, s, v), a.followInvoices(ctx, s, v))
}

func (a *App) followPost(ctx context.Context, s creditor.Scope, v setting.Values) error {
	c, err := a.carrier(v)
	if err != nil || c == nil {
		return err
	}
	return post.Follow(ctx, a.DB, s, c, a.Log)
}

func (a *App) followRegistered(ctx context.Context, s creditor.Scope, v setting.Values) error {
	c, err := a.courier(v)
	if err != nil || c == nil {
		return err
	}
	return post.FollowRegistered(ctx, a.DB, s, c, a.Log)
}

// followInvoices takes the statuses of electronic invoices that came, and sends
// those that are ready; what is due is written where the settings let it.
func (a *App) followInvoices(ctx context.Context, s creditor.Scope, v setting.Values) error {
	p, name, err := lifecycle.Choose(Platforms(), v, a.Box)
	if err != nil {
		return err
	}
	x := lifecycle.Exchange{DB: a.DB, Platform: p, Name: name, Drivers: Formats(), Log: a.Log}
	if p != nil {
		if _, err = x.Collect(ctx, s); err != nil {
			a.Log.WarnContext(ctx, "statuses", "creditor", s.Creditor, "error", err)
		}
	}
	settled := a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := lifecycle.Link(ctx, tx, s); err != nil {
			return err
		}
		if err := lifecycle.Review(ctx, tx, s); err != nil {
			return err
		}
		if !setting.LifecycleAuto.In(v) {
			return nil
		}
		_, _, err := lifecycle.Declare(ctx, tx, s, "")
		return err
	})
	if p == nil || settled != nil {
		return errors.Join(err, settled)
	}
	_, sent := x.Send(ctx, s)
	return errors.Join(err, sent)
}

// collectStatuses takes the statuses that came before the day's reminders are
// decided. A platform that is away stops no run: what is known decides.
func (a *App) collectStatuses(ctx context.Context, s creditor.Scope) error {
	var v setting.Values
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	p, name, err := lifecycle.Choose(Platforms(), v, a.Box)
	if err == nil && p != nil {
		x := lifecycle.Exchange{DB: a.DB, Platform: p, Name: name, Drivers: Formats(), Log: a.Log}
		_, err = x.Collect(ctx, s)
	}
	if err != nil {
		a.Log.WarnContext(ctx, "statuses", "creditor", s.Creditor, "error", err)
	}
	return nil
}
