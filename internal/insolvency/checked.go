package insolvency

import (
	"context"
	"errors"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// CheckedAt is when a register last answered about a customer, and which; the zero
// time when none was asked.
func CheckedAt(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string,
) (at time.Time, register string, err error) {
	type check struct {
		at       time.Time
		register string
	}
	c, err := db.One(ctx, tx, func(r db.Row) (c check, err error) {
		return c, r.Scan(&c.register, db.Instant(&c.at))
	}, `
		SELECT register, checked_at
		FROM register_check
		WHERE creditor_id = $1 AND customer_id = $2 AND problem = ''
		ORDER BY checked_at DESC
		LIMIT 1`, s.Creditor, customer)
	if errors.Is(err, fault.ErrNotFound) {
		return time.Time{}, "", nil
	}
	return c.at, c.register, err
}
