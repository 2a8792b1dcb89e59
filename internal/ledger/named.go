package ledger

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Named are the documents whose identifier or number is among refs, by issue.
// Several customers may use one number, so there can be more than refs.
func Named(ctx context.Context, tx *db.Tx, s creditor.Scope, refs ...string) ([]Document, error) {
	list := []Document{}
	for _, column := range []string{"id", "number"} {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, column, refs)
		found, err := db.All(ctx, tx, scanDocument, selectDocument+w.SQL()+`
			ORDER BY issued_on, id`, w.Args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// CreditedSince tells whether a credit note of a day or later was set against an
// invoice, or names it.
func CreditedSince(ctx context.Context, tx *db.Tx, s creditor.Scope, invoice string, day cal.Date) (bool, error) {
	n, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM document i
		JOIN document c ON c.creditor_id = i.creditor_id AND c.customer_id = i.customer_id AND c.kind = 'credit_note'
			AND c.issued_on >= $3
		WHERE i.creditor_id = $1 AND i.id = $2 AND (c.preceding = i.number OR EXISTS (
			SELECT 1
			FROM allocation a
			WHERE a.creditor_id = c.creditor_id AND a.credit_id = c.id AND a.invoice_id = i.id))`,
		s.Creditor, invoice, day)
	return n > 0, err
}
