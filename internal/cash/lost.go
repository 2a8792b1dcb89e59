package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyApplied finds the entries, the payments and the allocations that applied money
// names and that are gone.
func VerifyApplied(ctx context.Context, tx *db.Tx, s creditor.Scope) (int64, []db.Lost, error) {
	const key = "t.application_id || '/' || t.thing_id"
	return db.LostOf(ctx, tx, s.Creditor,
		db.Link{ // what is open or set aside is forgotten with its import, at the next run
			Table: "cash_entry", Key: "t.entry_id", Column: "entry_id", Target: "bank_entry",
			Only: "t.state NOT IN ('open', 'aside')",
		},
		db.Link{
			Table: "cash_application", Key: "t.id", Column: "entry_id", Target: "bank_entry",
			Only: "t.undone_at IS NULL",
		},
		db.Link{Table: "cash_part", Key: key, Column: "application_id", Target: "cash_application"},
		db.Link{
			Table: "cash_part", Key: key, Column: "thing_id", Target: "document",
			Only: "t.kind IN ('payment', 'adjustment')",
		},
		db.Link{Table: "cash_part", Key: key, Column: "thing_id", Target: "allocation", Only: "t.kind = 'allocation'"})
}
