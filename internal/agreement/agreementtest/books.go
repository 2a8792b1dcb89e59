// Package agreementtest is the books of one creditor, for tests of what is
// agreed and disputed on top of them.
package agreementtest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// Books are a creditor's. Their methods end the test when something fails.
type Books struct {
	T     testing.TB
	DB    *db.DB
	Scope creditor.Scope

	payments int
}

// New are empty books in a fresh database.
func New(t testing.TB, d *db.DB) *Books {
	t.Helper()
	b := &Books{T: t, DB: d, Scope: creditor.System("crd_test")}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO creditor (id, name, created_at)
			VALUES ($1, 'Atelier Test', $2)`, b.Scope.Creditor, tx.Now)
		return err
	})
	return b
}

// EUR are cents of euros.
func EUR(cents int64) money.Amount { return money.New(cents, money.EUR) }

// Write runs fn in a transaction.
func (b *Books) Write(fn func(context.Context, *db.Tx) error) {
	b.T.Helper()
	if err := b.Try(fn); err != nil {
		b.T.Fatal(err)
	}
}

// Try runs fn in a transaction and gives what goes wrong.
func (b *Books) Try(fn func(context.Context, *db.Tx) error) error {
	return b.DB.Write(b.T.Context(), func(tx *db.Tx) error { return fn(b.T.Context(), tx) })
}

// Read runs fn in a transaction that only reads.
func (b *Books) Read(fn func(context.Context, *db.Tx) error) {
	b.T.Helper()
	if err := b.DB.Read(b.T.Context(), func(tx *db.Tx) error { return fn(b.T.Context(), tx) }); err != nil {
		b.T.Fatal(err)
	}
}

// Customer adds a customer of that code and gives its identifier.
func (b *Books) Customer(code string) string {
	b.T.Helper()
	c := &customer.Customer{Code: code}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		return customer.Add(ctx, tx, b.Scope, []*customer.Customer{c})
	})
	return c.ID
}

// Invoice adds an invoice issued thirty days before it is due.
func (b *Books) Invoice(customer, number string, due cal.Date, amount money.Amount) ledger.Document {
	b.T.Helper()
	return b.Document(ledger.Document{
		Customer: customer, Kind: ledger.Invoice, Number: number, Issued: due.Add(-30), Due: due, Amount: amount,
	})
}

// Document adds a document.
func (b *Books) Document(d ledger.Document) ledger.Document {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		return ledger.Add(ctx, tx, b.Scope, []*ledger.Document{&d})
	})
	return d
}

// Pay adds a payment of a day and sets it against an invoice.
func (b *Books) Pay(invoice ledger.Document, on cal.Date, cents int64) ledger.Allocation {
	b.T.Helper()
	b.payments++
	p := b.Document(ledger.Document{
		Customer: invoice.Customer, Kind: ledger.Payment, Number: fmt.Sprintf("P%d", b.payments), Issued: on,
		Amount: money.New(cents, invoice.Amount.Currency),
	})
	a := ledger.Allocation{Credit: p.ID, Invoice: invoice.ID, On: on, Amount: p.Amount}
	b.Write(func(ctx context.Context, tx *db.Tx) error { return ledger.Allocate(ctx, tx, b.Scope, &a) })
	return a
}

// Reader is the scope of someone who may only look.
func (b *Books) Reader() creditor.Scope {
	s := b.Scope
	s.Rights = creditor.Read
	return s
}

// Actions are what the journal says of a customer, oldest first.
func (b *Books) Actions(customer string) []string {
	b.T.Helper()
	var actions []string
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		entries, err := journal.About(ctx, tx, b.Scope, "customer/"+customer, 100)
		for _, e := range slices.Backward(entries) {
			actions = append(actions, e.Action)
		}
		return err
	})
	return actions
}
