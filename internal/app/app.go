package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/handover"
	"acquit/internal/job"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// App is an open database with all that works on it.
type App struct {
	DB   *db.DB
	Desk *reminder.Desk
	Box  setting.Box
	Log  *slog.Logger

	secret []byte // of the installation; empty when nobody gave one
	jobs   *job.Client
}

// Options are what opening an App needs beside the database's address.
type Options struct {
	Env  Env
	Now  func() time.Time // the clock; the system's when nil
	Seed uint64
	Log  *slog.Logger
	Keep bool // messages are kept in the outbox instead of leaving
	// Fleeting is a database that is thrown away at the end.
	Fleeting bool
}

// Open opens and migrates the database and puts the rooms together. The caller
// closes its DB.
func Open(ctx context.Context, url string, o Options) (*App, error) {
	d, err := db.Open(ctx, url, db.Options{Now: o.Now, Seed: o.Seed, Fleeting: o.Fleeting})
	if err != nil {
		return nil, err
	}
	a := &App{DB: d, Log: o.Log}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	if err := a.prepare(ctx, url, o); err != nil {
		d.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) prepare(ctx context.Context, url string, o Options) error {
	queue := func(ctx context.Context) error { return job.Migrate(ctx, a.DB) }
	if err := a.DB.Migrate(ctx, queue); err != nil {
		return err
	}
	switch key, err := o.Env.key(url); {
	case errors.Is(err, errNoKey):
	case err != nil:
		return err
	default:
		if a.Box, err = setting.NewBox(key); err != nil {
			return err
		}
		a.secret = key
	}
	library, err := message.Shipped()
	if err != nil {
		return err
	}
	a.Desk = &reminder.Desk{DB: a.DB, Ways: a.ways(o.Keep), Library: library, Shelf: &policy.Shelf{}, Log: a.Log}
	a.Desk.Dossier, a.Desk.Watch = handover.FromStep, handover.Watch
	return nil
}

// work is what the jobs do.
func (a *App) work() job.Work {
	return job.Work{
		Tick: a.tick,
		Run:  func(ctx context.Context, id string) error { return a.runDay(ctx, creditor.System(id)) },
		Send: func(ctx context.Context, id string) error {
			_, err := a.Desk.Send(ctx, creditor.System(id))
			return err
		},
		Watch:   func(ctx context.Context, id string) error { return a.watch(ctx, creditor.System(id)) },
		Match:   func(ctx context.Context, id string) error { return a.match(ctx, creditor.System(id)) },
		Nightly: a.nightly,
	}
}

// tick asks, for each creditor, for what its books say is due. One creditor
// whose settings are broken stops no other.
func (a *App) tick(ctx context.Context) error {
	var all []creditor.Creditor
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = creditor.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := a.tickOne(ctx, c.ID); err != nil {
			a.Log.ErrorContext(ctx, "tick", "creditor", c.ID, "error", err)
		}
	}
	return nil
}

func (a *App) tickOne(ctx context.Context, id string) error {
	var due reminder.Due
	var unmatched bool
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if due, err = reminder.WhatIsDue(ctx, tx, creditor.System(id)); err != nil {
			return err
		}
		unmatched, err = cash.Due(ctx, tx, creditor.System(id))
		return err
	})
	if err != nil || due == (reminder.Due{Today: due.Today}) && !unmatched {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, ask := range []struct {
			due  bool
			what func(context.Context, *db.Tx, string) error
		}{{unmatched, a.jobs.Match}, {due.Run, a.jobs.Run}, {due.Send, a.jobs.Send}, {due.Watch, a.jobs.Watch}} {
			if !ask.due {
				continue
			}
			if err := ask.what(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// runDay makes the daily run if it is still due, and lets what rules approved
// leave.
func (a *App) runDay(ctx context.Context, s creditor.Scope) error {
	var due reminder.Due
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = reminder.WhatIsDue(ctx, tx, s)
		return err
	})
	if err != nil || !due.Run {
		return err
	}
	if err := a.collectStatuses(ctx, s); err != nil {
		return err
	}
	if err := a.match(ctx, s); err != nil { // so that the day's decisions know of the money that is there
		return err
	}
	r, err := a.Desk.Run(ctx, s, due.Today)
	if err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "daily run", "creditor", s.Creditor, "on", due.Today.String(),
		"accounts", r.Accounts, "proposed", r.Proposed, "approved", r.Approved, "problems", len(r.Problems))
	_, err = a.Desk.Send(ctx, s)
	return err
}

// match matches the bank's entries with the books. What another run is at work on
// is left to it.
func (a *App) match(ctx context.Context, s creditor.Scope) error {
	r, err := cash.After(ctx, a.DB, s)
	if err != nil || r.Examined+r.Returned == 0 {
		return err
	}
	a.Log.InfoContext(ctx, "bank entries matched", "creditor", s.Creditor, "examined", r.Examined, "allocated", r.Auto,
		"linked", r.Linked, "returned", r.Returned, "open", r.Open, "skipped", len(r.Skipped))
	return nil
}
