package ledger

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyLinks finds the documents and the allocations that others name and that are
// gone: what was allocated cannot be taken away unseen.
func VerifyLinks(ctx context.Context, tx *db.Tx, s creditor.Scope) (int64, []db.Lost, error) {
	return db.LostOf(ctx, tx, s.Creditor,
		db.Link{Table: "allocation", Key: "t.id", Column: "credit_id", Target: "document"},
		db.Link{Table: "allocation", Key: "t.id", Column: "invoice_id", Target: "document"},
		db.Link{Table: "allocation", Key: "t.id", Column: "reverses", Target: "allocation"})
}
