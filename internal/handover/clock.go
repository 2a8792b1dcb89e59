package handover

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/limitation"
)

// shortest is the shortest time to sue, in days: a younger claim cannot be barred soon,
// and its clock is not worth reading.
const shortest = 365

// clock finds the invoice that is barred first, where one may be soon.
func (c *Case) clock(ctx context.Context, tx *db.Tx, s creditor.Scope, r Rules) error {
	oldest := 0
	for _, i := range c.Account.Items {
		oldest = max(oldest, c.Day.Sub(i.Issued))
	}
	if r.Limitation == 0 || oldest < shortest-r.Limitation {
		return nil
	}
	clocks, err := limitation.Of(ctx, tx, s, c.Account.Customer.ID, c.Day)
	if err != nil {
		return err
	}
	for _, k := range clocks {
		if k.Halted || k.Hypothesis() || k.Safe < c.Day {
			continue
		}
		if c.Expires.IsZero() || k.Safe < c.Expires {
			c.Expires, c.Barred = k.Safe, k.Number
		}
	}
	return nil
}
