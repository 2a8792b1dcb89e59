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

// pageEnds are the first and last customer of the page after one, or nothing after
// the last.
func pageEnds(ctx context.Context, tx *db.Tx, s creditor.Scope, after string) (first, last string, err error) {
	_, err = db.One(ctx, tx, func(r db.Row) (none struct{}, err error) {
		return none, r.Scan(db.Text(&first), db.Text(&last))
	}, `
		SELECT min(id), max(id)
		FROM (
			SELECT id
			FROM customer
			WHERE creditor_id = $1 AND id > $2
			ORDER BY id
			LIMIT $3
		) page`, s.Creditor, after, pageSize)
	if errors.Is(err, fault.ErrNotFound) {
		return "", "", nil
	}
	return first, last, err
}

type settled struct {
	customer string
	Settlement
}

// settlements streams what was paid within the window as the books stood on a day,
// by customer, from a first to a last one, both included. The day that counts is
// the payment's own, not that of its allocation.
func settlements(
	ctx context.Context, tx *db.Tx, s creditor.Scope, first, last string, day cal.Date,
) iter.Seq2[settled, error] {
	return db.Each(ctx, tx, func(r db.Row) (t settled, err error) {
		err = r.Scan(&t.customer, &t.Due, &t.Paid, &t.Amount.Currency, &t.Amount.Minor)
		return t, err
	}, `
		SELECT a.customer_id, d.due_on, c.issued_on, d.currency, a.amount
		FROM allocation a
		JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
		WHERE a.creditor_id = $1 AND a.customer_id >= $2 AND a.customer_id <= $3 AND c.kind = 'payment'
		  AND d.due_on IS NOT NULL AND c.issued_on > $4 AND c.issued_on <= $5 AND a.made_on <= $5
		ORDER BY a.customer_id`, s.Creditor, first, last, day.Add(-window), day)
}

// Habit is how a customer has paid.
type Habit struct {
	Customer string
	Delay    int // as AverageDelay gives it
	Payments int
}

func store(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, list []Habit) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "payer",
		Columns: []string{"creditor_id", "customer_id", "average_delay", "payments", "computed_on"},
		Rows: func(yield func([]any) bool) {
			for _, f := range list {
				if !yield([]any{s.Creditor, f.Customer, int64(f.Delay), int64(f.Payments), day}) {
					return
				}
			}
		},
	})
	return err
}

func forget(ctx context.Context, tx *db.Tx, s creditor.Scope, first, last string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM payer
		WHERE creditor_id = $1 AND customer_id >= $2 AND customer_id <= $3`, s.Creditor, first, last)
	return err
}
