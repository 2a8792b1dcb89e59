package handover

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// claims are what is claimed on each invoice on a day: what is left of it, less what is
// contested.
func claims(
	_ context.Context, _ *db.Tx, _ creditor.Scope, _ string, invoices []ledger.Document, _ cal.Date,
) ([]Item, error) {
	items := make([]Item, len(invoices))
	for i, d := range invoices {
		z := money.Zero(d.Open.Currency)
		items[i] = Item{
			Document: d.ID, Number: d.Number, Due: d.Due, Principal: d.Open, Interest: z, Indemnity: z, Open: d.Open,
		}
	}
	return items, nil
}
