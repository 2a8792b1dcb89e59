package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Suspected are the entries that are not applied and could be a customer's money,
// the newest first: while there are any, nobody is told that nothing came.
func Suspected(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Line, error) {
	entries, err := db.All(ctx, tx, db.Value[string], `
		SELECT x.entry_id
		FROM cash_suspect x
		JOIN cash_entry c ON c.creditor_id = x.creditor_id AND c.entry_id = x.entry_id
		WHERE x.creditor_id = $1 AND x.customer_id = $2 AND c.state = 'open'
		ORDER BY c.on_day DESC, c.entry_id DESC
		LIMIT 100`, s.Creditor, customer)
	if err != nil || len(entries) == 0 {
		return []Line{}, err
	}
	return lines(ctx, tx, s, entries)
}

// Unexamined counts the entries that no run has looked at as they stand: whose
// money they could be is not known.
func Unexamined(ctx context.Context, tx *db.Tx, s creditor.Scope) (int, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT (
			SELECT count(*)
			FROM bank_entry e
			WHERE e.creditor_id = $1 AND e.status = 'booked' AND e.counts AND e.mark > COALESCE((
				SELECT u.mark
				FROM cash_run u
				WHERE u.creditor_id = $1), '')
		) + (
			SELECT count(*)
			FROM cash_entry
			WHERE creditor_id = $1 AND examined_at IS NULL)`, s.Creditor)
	return int(n), err
}
