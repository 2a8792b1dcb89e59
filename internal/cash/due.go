package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// After is Run for who has brought something into the books: another run at work
// is no error, it or the next will see to it.
func After(ctx context.Context, d *db.DB, s creditor.Scope) (Report, error) {
	rep, err := Run(ctx, d, s, Options{})
	if fault.KindOf(err) == fault.KindConflict {
		return rep, nil
	}
	return rep, err
}

// Due tells whether a run has something to do: entries that none has looked at,
// or entries that are open while an import has changed the books since.
func Due(ctx context.Context, tx *db.Tx, s creditor.Scope) (bool, error) {
	n, err := Unexamined(ctx, tx, s)
	if err != nil || n > 0 {
		return n > 0, err
	}
	imports, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM import i
		WHERE i.creditor_id = $1 AND i.state = 'done' AND i.ended_at > (
			SELECT max(u.started_at)
			FROM cash_run u
			WHERE u.creditor_id = $1) AND EXISTS (
			SELECT 1
			FROM cash_entry c
			WHERE c.creditor_id = $1 AND c.state = 'open')`, s.Creditor)
	return imports > 0, err
}
