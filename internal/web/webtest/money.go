package webtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Account is where Atelier Dupont is paid.
var Account = bank.Account{IBAN: "FR7630006000011234567890189", Name: "Atelier Dupont", BIC: "AGRIFRPP"}

// Paid is an entry of a statement: money that came in from somebody, with what
// they wrote; negative for money that left.
func Paid(day string, cents int64, who, text string) *bank.Entry {
	e := &bank.Entry{
		On: cal.Must(day), Value: cal.Must(day), Amount: money.New(cents, money.EUR), Status: bank.IsBooked,
		Means: bank.Transfer, Label: text, Texts: []string{text}, Party: bank.Party{Name: who},
		BankRef: fmt.Sprintf("REF-%s-%d-%s", day, cents, text),
	}
	e.Raw = fmt.Sprintf("%s;%s;%s;%d", day, who, text, cents)
	return e
}

// Statement takes a statement with these entries in.
func (s *Site) Statement(t testing.TB, entries ...*bank.Entry) {
	t.Helper()
	st := &bank.Statement{Kind: bank.Booked, Account: Account, Number: "1", Currency: money.EUR}
	var raw strings.Builder
	for i, e := range entries {
		e.Statement, e.Line = st, i+2
		if st.From.IsZero() || e.On < st.From {
			st.From = e.On
		}
		st.To = max(st.To, e.On)
		raw.WriteString(e.Raw + "\n")
	}
	sum := sha256.Sum256([]byte(raw.String()))
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		o := bank.Origin{Import: "imp_banque", File: "releve.csv", SHA256: hex.EncodeToString(sum[:]), Format: "csv"}
		_, err := bank.Take(ctx, tx, s.Scope, o, []*bank.Statement{st}, entries)
		return err
	})
}

// Match looks at what waits, as after an import.
func (s *Site) Match(t testing.TB) cash.Report {
	t.Helper()
	report, err := cash.Run(t.Context(), s.DB, s.Scope, cash.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Set changes settings of the company.
func (s *Site) Set(t testing.TB, wishes map[string]string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		_, err := creditor.Configure(ctx, tx, s.Scope, setting.All(), setting.Box{}, wishes, journal.Write)
		return err
	})
}

// Payers gives the company n more customers, each with one invoice and one
// payment of it that says its number: P000 owes FP-0000, and so on.
func (s *Site) Payers(t testing.TB, n int) {
	t.Helper()
	var entries []*bank.Entry
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		var customers []*customer.Customer
		for i := range n {
			customers = append(customers, &customer.Customer{
				Code: fmt.Sprintf("P%03d", i), Name: fmt.Sprintf("Payeur %03d SARL", i), Kind: customer.Business,
			})
		}
		if err := customer.Add(ctx, tx, s.Scope, customers); err != nil {
			return err
		}
		var documents []*ledger.Document
		for i, c := range customers {
			due := cal.Of(Monday).Add(-i % 30)
			documents = append(documents, &ledger.Document{
				Customer: c.ID, Kind: ledger.Invoice, Number: fmt.Sprintf("FP-%04d", i), Issued: due.Add(-30), Due: due,
				Amount: money.New(int64(10_000+i*731), money.EUR),
			})
		}
		return ledger.Add(ctx, tx, s.Scope, documents)
	})
	for i := range n {
		entries = append(entries, Paid("2026-11-20", int64(10_000+i*731), fmt.Sprintf("PAYEUR %03d SARL", i),
			fmt.Sprintf("REGLEMENT FP-%04d", i)))
	}
	s.Statement(t, entries...)
}
