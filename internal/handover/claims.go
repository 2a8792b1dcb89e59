package handover

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/law/fr"
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

// overdueDocuments are the invoices of an account that are overdue in a currency.
func overdueDocuments(
	ctx context.Context, tx *db.Tx, s creditor.Scope, a *account.Account, day cal.Date, c money.Currency,
) ([]ledger.Document, error) {
	var ids []string
	for _, i := range a.Items {
		if !i.Due.IsZero() && i.Due < day && i.Open.Currency == c {
			ids = append(ids, i.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := ledger.Named(ctx, tx, s, ids...)
	slices.SortFunc(list, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Number, b.Number))
	})
	return list, err
}

// noticed tells whether a formal step claimed something of the customer and left.
func noticed(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (fr.Answer, error) {
	n, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM reminder
		WHERE creditor_id = $1 AND customer_id = $2 AND state = 'sent' AND channels LIKE '%registered%'`, s.Creditor, customer)
	return fr.Answers(n > 0), err
}
