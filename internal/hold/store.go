package hold

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectHold = `
	SELECT id, customer_id, document_id, from_on, until_on, reason, made_by, created_at, ended_on
	FROM hold`

func scanHold(r db.Row) (h Hold, err error) {
	err = r.Scan(&h.ID, &h.Customer, db.Text(&h.Invoice), &h.From, &h.Until, &h.Reason, &h.By, db.Instant(&h.CreatedAt),
		&h.Ended)
	return h, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, h Hold) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO hold (creditor_id, id, customer_id, document_id, from_on, until_on, reason, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, h.ID, h.Customer, db.Null(h.Invoice), h.From, h.Until, h.Reason, h.By, h.CreatedAt)
	return err
}

func end(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE hold
		SET ended_on = $3
		WHERE creditor_id = $1 AND id = $2 AND ended_on IS NULL`, s.Creditor, id, on)
	return n > 0, err
}

// Find is the hold of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Hold, error) {
	h, err := db.One(ctx, tx, scanHold, selectHold+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return h, agreement.Missing(err, "suspension %s", id)
}

// List are a customer's holds, its invoices' included, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Hold, error) {
	return db.All(ctx, tx, scanHold, selectHold+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY from_on DESC, id DESC`, s.Creditor, customer)
}

// maxPage bounds a page of holds.
const maxPage = 1000

// Open are the holds that keep quiet on a day or will, oldest first. The next
// page comes after the identifier of the last of this one.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, after string, limit int) ([]Hold, error) {
	return db.All(ctx, tx, scanHold, selectHold+`
		WHERE creditor_id = $1 AND ended_on IS NULL AND (until_on IS NULL OR until_on >= $2) AND id > $3
		ORDER BY id
		LIMIT $4`, s.Creditor, day, after, max(1, min(limit, maxPage)))
}

// Between streams the holds that keep quiet on a day, by customer.
func Between(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Hold, error] {
	return db.Each(ctx, tx, scanHold, selectHold+`
		WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND from_on <= $2
		  AND (until_on IS NULL OR until_on >= $2) AND (ended_on IS NULL OR ended_on > $2)
		ORDER BY customer_id, id`, s.Creditor, span.Day, span.From, span.To)
}
