package web

import (
	"context"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/web/ui"
)

// countPayments tells the navigation how many payments wait for a person.
func countPayments(ctx context.Context, tx *db.Tx, s creditor.Scope) (ui.Count, error) {
	n, err := cash.Count(ctx, tx, s, cash.Open, countLimit)
	return ui.Count{N: n, More: n == countLimit}, err
}
