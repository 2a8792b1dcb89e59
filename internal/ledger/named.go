package ledger

import (
	"context"

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
