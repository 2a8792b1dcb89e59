package reminder

import (
	"context"
	"log/slog"
	"time"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/setting"
)

// Desk is what carrying reminders needs: the books, the ways out and the words.
// One serves all creditors of a database.
type Desk struct {
	DB      *db.DB
	Ways    Ways
	Library *message.Library // the shipped templates
	Shelf   *policy.Shelf    // scenarios as parsed
	Log     *slog.Logger

	// Ask asks for the queued messages of a creditor to leave, in the
	// transaction that queued them. Without workers nobody is asked: the caller
	// sends.
	Ask func(ctx context.Context, tx *db.Tx, creditor string) error

	// Dossier prepares what a step that hands a dossier over asked for, in the
	// transaction that approves it; nil where nobody does.
	Dossier func(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder, today cal.Date) error

	// Watch begins to look at the accounts of a daily run; nil where nobody does.
	Watch func(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (Observer, error)
}

// Observer is shown the accounts of a daily run, page by page, in the transaction that
// writes what was decided for them.
type Observer func(ctx context.Context, tx *db.Tx, s creditor.Scope, page []Decided) error

// watch is the observer of a run, who may look at nothing.
func (d *Desk) watch(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (Observer, error) {
	if d.Watch == nil {
		return func(context.Context, *db.Tx, creditor.Scope, []Decided) error { return nil }, nil
	}
	return d.Watch(ctx, tx, s, day)
}

// Ways opens the ways out of a creditor, by the names that policies use. A way
// that has no driver, or no settings yet, is missing: its steps become tasks of
// a person, but e-mail, which then waits for its settings.
type Ways func(s creditor.Scope, v setting.Values) (map[string]channel.Channel, error)

// office is a creditor's settings and calendar on a day.
type office struct {
	values   setting.Values
	zone     *time.Location
	calendar *cal.Calendar
	now      time.Time // in the creditor's time zone
	today    cal.Date
}

func openOffice(ctx context.Context, tx *db.Tx, s creditor.Scope) (o office, err error) {
	o.values, err = setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return o, err
	}
	o.calendar, err = creditor.Calendar(ctx, tx, s)
	if err != nil {
		return o, err
	}
	o.zone = setting.TimeZone.In(o.values)
	o.turnTo(tx.Now)
	return o, nil
}

func (o *office) turnTo(now time.Time) {
	o.now = now.In(o.zone)
	o.today = cal.Of(o.now)
}

// midnight is the instant at which a day begins.
func (o office) midnight(day cal.Date) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, o.zone)
}

// Today is the creditor's civil day.
func Today(ctx context.Context, tx *db.Tx, s creditor.Scope) (cal.Date, error) {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return 0, err
	}
	return cal.Of(tx.Now.In(setting.TimeZone.In(v))), nil
}
