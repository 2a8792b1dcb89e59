package lifecycle

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyStatuses finds the messages, the statuses, the invoices and the bytes that
// others name and that are gone.
func VerifyStatuses(ctx context.Context, tx *db.Tx, s creditor.Scope) (int64, []db.Lost, error) {
	checked, lost, err := db.LostOf(ctx, tx, s.Creditor,
		db.Link{Table: "lifecycle_status", Key: "t.id", Column: "message_id", Target: "lifecycle_message"},
		db.Link{Table: "lifecycle_status", Key: "t.id", Column: "document_id", Target: "document"},
		db.Link{Table: "lifecycle_effect", Key: "t.status_id", Column: "status_id", Target: "lifecycle_status"})
	if err != nil {
		return checked, lost, err
	}
	gone, err := db.All(ctx, tx, func(r db.Row) (x db.Lost, err error) {
		x.Table, x.Target = "lifecycle_message", "file"
		return x, r.Scan(&x.ID, &x.Missing)
	}, `
		SELECT t.id, t.sha256
		FROM lifecycle_message t
		WHERE t.creditor_id = $1 AND NOT EXISTS (
			SELECT 1
			FROM file f
			WHERE f.creditor_id = t.creditor_id AND f.sha256 = t.sha256)
		ORDER BY t.id
		LIMIT 1000`, s.Creditor)
	return checked, append(lost, gone...), err
}
