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

// Waiting are the entries of money that came in which a person has to see to, one
// total a currency.
func Waiting(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Total, error) {
	return db.All(ctx, tx, func(r db.Row) (t Total, err error) {
		return t, r.Scan(&t.Amount.Currency, &t.Count, &t.Amount.Minor)
	}, `
		SELECT e.currency, count(*), CAST(sum(e.amount) AS BIGINT)
		FROM cash_entry c
		JOIN bank_entry e ON e.creditor_id = c.creditor_id AND e.id = c.entry_id
		WHERE c.creditor_id = $1 AND c.state = 'open' AND e.amount > 0 AND e.status = 'booked' AND e.counts
		GROUP BY e.currency
		ORDER BY e.currency`, s.Creditor)
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
