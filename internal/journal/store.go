package journal

import (
	"context"
	"errors"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

const selectEntry = `
	SELECT seq, at, actor, action, subject, body, previous, hash
	FROM journal`

func scanEntry(r db.Row) (e Entry, err error) {
	err = r.Scan(&e.Seq, db.Instant(&e.At), &e.Actor, &e.Action, &e.Subject, &e.Body, &e.Previous, &e.Hash)
	return e, err
}

func scanEnd(r db.Row) (e Entry, err error) {
	err = r.Scan(&e.Seq, &e.Hash)
	return e, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, e Entry) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO journal (creditor_id, seq, at, actor, action, subject, body, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, e.Seq, e.At, e.Actor, e.Action, e.Subject, e.Body, e.Previous, e.Hash)
	return err
}

// end is the last entry that was written, the zero Entry before the first.
func end(ctx context.Context, tx *db.Tx, s creditor.Scope) (Entry, error) {
	e, err := db.One(ctx, tx, scanEnd, `
		SELECT seq, hash
		FROM journal_end
		WHERE creditor_id = $1`, s.Creditor)
	if errors.Is(err, fault.ErrNotFound) {
		return Entry{}, nil
	}
	return e, err
}

func setEnd(ctx context.Context, tx *db.Tx, s creditor.Scope, e Entry) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO journal_end (creditor_id, seq, hash)
		VALUES ($1, $2, $3)
		ON CONFLICT (creditor_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`,
		s.Creditor, e.Seq, e.Hash)
	return err
}
