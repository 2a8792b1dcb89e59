package reminder

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Which says which reminders a list gives.
type Which struct {
	Run      string // those that this run proposed
	Customer string
	States   []State
	After    string // the identifier of the last of the page before
	Limit    int
}

// List gives reminders with all that they claim, in the order in which they
// were proposed.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, f Which) ([]Reminder, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("id > ?", f.After)
	if f.Run != "" {
		w.And("run_id = ?", f.Run)
	}
	if f.Customer != "" {
		w.And("customer_id = ?", f.Customer)
	}
	if len(f.States) > 0 {
		db.In(&w, "state", f.States)
	}
	query := selectReminder + w.SQL() + `
		ORDER BY id
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	return db.All(ctx, tx, scanReminder, query, w.Args...)
}
