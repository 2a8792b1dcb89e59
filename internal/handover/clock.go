package handover

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// clock finds the invoice that is barred first.
func (c *Case) clock(_ context.Context, _ *db.Tx, _ creditor.Scope, _ Rules) error { return nil }
