package cash_test

import (
	"context"
	"fmt"

	"acquit/internal/bank"
	"acquit/internal/db"
)

// entry is what a bank tells of one movement, taken into the books.
func (w *world) entry(e bank.Entry) string {
	w.t.Helper()
	w.n++
	st := &bank.Statement{
		Kind: bank.Details, From: e.On, To: e.On, Currency: e.Amount.Currency, Account: bank.Account{IBAN: "FR7630006000011234567890189"},
		Line: w.n,
	}
	e.Statement, e.Line, e.BankRef, e.Raw = st, w.n, fmt.Sprintf("REF%d", w.n), fmt.Sprint(w.n, e)
	if e.Status == "" {
		e.Status = bank.IsBooked
	}
	id := ""
	w.write(func(ctx context.Context, tx *db.Tx) error {
		o := bank.Origin{Import: "imp", File: "releve.xml", SHA256: fmt.Sprint(w.n), Format: "camt"}
		if _, err := bank.Take(ctx, tx, w.s, o, []*bank.Statement{st}, []*bank.Entry{&e}); err != nil {
			return err
		}
		var err error
		id, err = db.One(ctx, tx, db.Value[string], `
			SELECT id
			FROM bank_entry
			WHERE creditor_id = $1 AND bank_ref = $2`, w.s.Creditor, e.BankRef)
		return err
	})
	return id
}
