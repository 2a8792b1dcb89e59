package reaction

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectReaction = `
	SELECT id, customer_id, on_day, kind, note, made_by, created_at
	FROM reaction`

func scanReaction(row db.Row) (r Reaction, err error) {
	err = row.Scan(&r.ID, &r.Customer, &r.On, &r.Kind, &r.Note, &r.By, db.Instant(&r.CreatedAt))
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reaction) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO reaction (creditor_id, id, customer_id, on_day, kind, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Creditor, r.ID, r.Customer, r.On, string(r.Kind), r.Note, r.By, r.CreatedAt)
	return err
}

// List are a customer's reactions, newest first, at most limit.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, limit int) ([]Reaction, error) {
	return db.All(ctx, tx, scanReaction, selectReaction+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY on_day DESC, id DESC
		LIMIT $3`, s.Creditor, customer, limit)
}

// Between streams the reactions from a day to that of the span, by customer.
func Between(
	ctx context.Context, tx *db.Tx, s creditor.Scope, since cal.Date, span agreement.Span,
) iter.Seq2[Reaction, error] {
	return db.Each(ctx, tx, scanReaction, selectReaction+`
		WHERE creditor_id = $1 AND customer_id >= $4 AND customer_id <= $5 AND on_day >= $3 AND on_day <= $2
		ORDER BY customer_id, id`, s.Creditor, span.Day, since, span.From, span.To)
}
