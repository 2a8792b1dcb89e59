package payer

import (
	"context"
	"errors"
	"iter"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// pageSize is how many customers one transaction works out: on SQLite nobody
// else writes meanwhile.
const pageSize = 2000

// pageEnd is the last customer of the page after one, or nothing after the last.
func pageEnd(ctx context.Context, tx *db.Tx, s creditor.Scope, after string) (string, error) {
	last, err := db.One(ctx, tx, func(r db.Row) (id string, err error) {
		err = r.Scan(db.Text(&id))
		return id, err
	}, `
		SELECT max(id)
		FROM (
			SELECT id
			FROM customer
			WHERE creditor_id = $1 AND id > $2
			ORDER BY id
			LIMIT $3
		) page`, s.Creditor, after, pageSize)
	if errors.Is(err, fault.ErrNotFound) {
		return "", nil
	}
	return last, err
}

type settled struct {
	customer string
	Settlement
}

// settlements streams what was paid within the window, by customer. The day that
// counts is the payment's own, not that of its allocation.
func settlements(
	ctx context.Context, tx *db.Tx, s creditor.Scope, after, last string, day cal.Date,
) iter.Seq2[settled, error] {
	return db.Each(ctx, tx, func(r db.Row) (t settled, err error) {
		err = r.Scan(&t.customer, &t.Due, &t.Paid, &t.Amount.Currency, &t.Amount.Minor)
		return t, err
	}, `
		SELECT a.customer_id, d.due_on, c.issued_on, d.currency, a.amount
		FROM allocation a
		JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
		WHERE a.creditor_id = $1 AND a.customer_id > $2 AND a.customer_id <= $3 AND c.kind = 'payment'
		  AND d.due_on IS NOT NULL AND c.issued_on > $4 AND c.issued_on <= $5
		ORDER BY a.customer_id`, s.Creditor, after, last, day.Add(-window), day)
}

// figure is what is kept of a customer.
type figure struct {
	customer string
	delay    int
	payments int
}

func store(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, list []figure) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "payer",
		Columns: []string{"creditor_id", "customer_id", "average_delay", "payments", "computed_on"},
		Rows: func(yield func([]any) bool) {
			for _, f := range list {
				if !yield([]any{s.Creditor, f.customer, int64(f.delay), int64(f.payments), day}) {
					return
				}
			}
		},
	})
	return err
}

func forget(ctx context.Context, tx *db.Tx, s creditor.Scope, after, last string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM payer
		WHERE creditor_id = $1 AND customer_id > $2 AND customer_id <= $3`, s.Creditor, after, last)
	return err
}
