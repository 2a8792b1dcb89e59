package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// Total is how many entries there are in a currency, and their sum.
type Total struct {
	Count  int
	Amount money.Amount
}

// Queue is what waits for a person. With More there are more entries than were
// counted, and the totals are of those alone.
type Queue struct {
	Totals []Total
	More   bool
}

// Count is how many entries wait, or were counted.
func (q Queue) Count() (n int) {
	for _, t := range q.Totals {
		n += t.Count
	}
	return n
}

// maxWaiting is as far as entries that wait are counted: counting on would cost
// every page.
const maxWaiting = 5000

// Waiting are the entries of money that came in which a person has to see to, one
// total a currency, the one of most entries first.
func Waiting(ctx context.Context, tx *db.Tx, s creditor.Scope) (q Queue, err error) {
	q.Totals, err = db.All(ctx, tx, func(r db.Row) (t Total, err error) {
		return t, r.Scan(&t.Amount.Currency, &t.Count, &t.Amount.Minor)
	}, `
		SELECT e.currency, count(*), CAST(sum(e.amount) AS BIGINT)
		FROM (
			SELECT creditor_id, entry_id
			FROM cash_entry
			WHERE creditor_id = $1 AND state = 'open'
			LIMIT $2) AS c
		JOIN bank_entry e ON e.creditor_id = c.creditor_id AND e.id = c.entry_id
		WHERE e.amount > 0 AND e.status = 'booked' AND e.counts
		GROUP BY e.currency
		ORDER BY count(*) DESC, e.currency`, s.Creditor, maxWaiting)
	if err != nil {
		return q, err
	}
	n, err := Count(ctx, tx, s, Open, maxWaiting)
	q.More = n == maxWaiting
	return q, err
}

// Count is how many entries are in a state, counted up to a limit.
func Count(ctx context.Context, tx *db.Tx, s creditor.Scope, state State, limit int) (int, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM cash_entry
			WHERE creditor_id = $1 AND state = $2
			LIMIT $3) AS found`, s.Creditor, string(state), limit)
	return int(n), err
}
