package ledger

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// OpenStarting are open documents whose number begins with prefix, by number.
func OpenStarting(ctx context.Context, tx *db.Tx, s creditor.Scope, prefix string, limit int) ([]Document, error) {
	return db.All(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND number >= $2 AND number < $3 AND number LIKE $4 ESCAPE '\' AND open_amount <> 0
		ORDER BY number, id
		LIMIT $5`, s.Creditor, prefix, prefix+"\uffff", db.LikeEscape(prefix)+"%", limit)
}

// OpenOfAmount are open documents of which exactly that amount is open, the oldest due
// first.
func OpenOfAmount(ctx context.Context, tx *db.Tx, s creditor.Scope, a money.Amount, limit int) ([]Document, error) {
	return db.All(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND open_amount = $2 AND open_amount <> 0 AND currency = $3
		ORDER BY due_on, id
		LIMIT $4`, s.Creditor, a.Minor, string(a.Currency), limit)
}
