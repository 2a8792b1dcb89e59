package journal

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
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
