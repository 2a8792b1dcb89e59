package reminder

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/task"
)

// FinishTask is task.Finish for whoever has a task before her: closing a call,
// however it went, lets its scenario move on.
func FinishTask(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, outcome task.Outcome, said string) error {
	t, err := task.Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if err := task.Finish(ctx, tx, s, id, outcome, said); err != nil || t.Kind != task.Call || t.Reminder == "" {
		return err
	}
	return Called(ctx, tx, s, t.Reminder, outcome == task.Done)
}

// Called records that the call of a reminder is over, today, and whether somebody
// was reached: only then has the customer heard of us. Its step is done unless it
// has messages, which then do it.
func Called(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, reached bool) error {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	if reached {
		if err := setSpoken(ctx, tx, s, id); err != nil {
			return err
		}
	}
	r, err := Find(ctx, tx, s, id)
	if err != nil || r.State != Approved {
		return err
	}
	n, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM message
		WHERE creditor_id = $1 AND reminder_id = $2`, s.Creditor, id)
	if err != nil || n > 0 {
		return err
	}
	r.DoneOn = o.today
	ok, err := setState(ctx, tx, s, &r, Sent, Approved)
	if err != nil || !ok {
		return err
	}
	return setPositions(ctx, tx, s, r, false)
}

func setSpoken(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminder
		SET spoken = TRUE
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return err
}
