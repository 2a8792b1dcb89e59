package reminder

import (
	"context"
	"errors"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/setting"
)

// Due says what a creditor's books ask for at this instant.
type Due struct {
	Run   bool // the daily run has not been made, and its hour has come
	Send  bool // messages wait whose time has come, or a doubt is to be looked at again
	Watch bool // folders are watched
	Today cal.Date
}

// WhatIsDue looks at the clock and the books. The run is due from the
// creditor's hour on, on open days, until it was made: hours that were missed
// are caught up.
func WhatIsDue(ctx context.Context, tx *db.Tx, s creditor.Scope) (w Due, err error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return w, err
	}
	w.Today = o.today
	w.Watch = len(setting.WatchFolders.In(o.values)) > 0
	if w.Run, err = runDue(ctx, tx, s, o); err != nil {
		return w, err
	}
	n, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM message
			WHERE creditor_id = $1 AND (state IN ('queued', 'held') AND next_at <= $2 OR state = 'sending')
			LIMIT 1
		) any_row`, s.Creditor, tx.Now)
	if err != nil || n == 0 {
		return w, err
	}
	closed, err := outOfHours(ctx, tx, s, o)
	w.Send = !closed
	return w, err
}

func runDue(ctx context.Context, tx *db.Tx, s creditor.Scope, o office) (bool, error) {
	if !o.calendar.IsOpen(o.today) || setting.Of(o.now) < setting.RunHour.In(o.values) {
		return false, nil
	}
	_, err := db.One(ctx, tx, scanRun, selectRun+`
		WHERE creditor_id = $1 AND on_day = $2 AND state = 'done'
		LIMIT 1`, s.Creditor, o.today)
	if errors.Is(err, fault.ErrNotFound) {
		return true, nil
	}
	return false, err
}
