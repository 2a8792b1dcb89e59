package agreement

import (
	"context"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
)

// Free tells whether no promise or plan stands on the invoices; if one does, it
// is a fault.Conflict that says which and what to do. One invoice has one date
// to be paid on at a time.
func Free(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, invoices []ledger.Document) error {
	standing, err := StandingOn(ctx, tx, s, day, IDs(invoices))
	if err != nil || len(standing) == 0 {
		return err
	}
	first := standing[0]
	number := ""
	for _, d := range invoices {
		if d.ID == first.Document {
			number = d.Number
		}
	}
	what := fmt.Sprintf("la facture %s est déjà promise pour le %s\u00a0: retirer d’abord cette promesse", number,
		first.Until.Short("fr"))
	if first.Plan {
		what = fmt.Sprintf("la facture %s est dans un échéancier jusqu’au %s\u00a0: mettre d’abord fin à celui-ci", number,
			first.Until.Short("fr"))
	}
	return &fault.Conflict{Message: what}
}
