package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// claimed are those of the documents that accounting files speak of as their own
// payments.
func claimed(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) ([]string, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "document_id", documents)
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT document_id
		FROM cash_claim`+w.SQL()+`
		ORDER BY document_id`, w.Args...)
}
