package bank

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// Listed is a statement as it was taken in.
type Listed struct {
	Statement
	ID          string
	Source      string // the account, as a Source
	Entries     int
	Sum         money.Amount // of its entries
	First, Last cal.Date     // days of its entries
	Import      string
	File        string
	Format      string
}

// Statements are the statements of an account, or of all where none is named, the
// last taken in first: those before the one of that identifier, where it is given.
func Statements(ctx context.Context, tx *db.Tx, s creditor.Scope, account, before string, limit int) ([]Listed, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	if account != "" {
		w.And("source_id = ?", account)
	}
	if before != "" {
		w.And("id < ?", before)
	}
	return db.All(ctx, tx, scanListed, selectStatement+w.SQL()+`
		ORDER BY id DESC
		LIMIT `+w.Arg(min(max(limit, 1), maxList)), w.Args...)
}

func scanListed(r db.Row) (Listed, error) {
	st, err := scanStatement(r)
	if err != nil {
		return Listed{}, err
	}
	return Listed{
		Statement: st.Statement, ID: st.id, Source: st.source, Entries: st.entries,
		Sum: money.New(st.amount, st.Currency), First: st.first, Last: st.last, Import: st.imported, File: st.file,
		Format: st.format,
	}, nil
}
