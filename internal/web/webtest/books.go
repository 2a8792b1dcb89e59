package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// Monday is the day on which Books stand: 23 November 2026, nine in Paris.
var Monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// debtor is a customer of Books with what it owes.
type debtor struct {
	code, name, email string
	kind              customer.Kind
	invoices          []bill
}

type bill struct {
	number, due string
	cents       int64
}

var debtors = []debtor{
	{"C001", "Imprimerie Delvaux", "claire.vidal@delvaux.example", customer.Business, []bill{
		{"F2026-0871", "2026-11-07", 245000},
		{"F2026-0902", "2026-11-12", 144000},
		{"F2026-0911", "2026-11-28", 224000},
	}},
	{"C002", "Groupe Sénéchal Logistique", "compta@senechal.example", customer.Business, []bill{
		{"F2026-0790", "2026-11-01", 1204000}, {"F2026-0811", "2026-11-05", 1006400},
	}},
	{"C003", "Café des Halles", "halles@cafe.example", customer.Business, []bill{{"F2026-0850", "2026-11-16", 64218}}},
	{"C004", "Cabinet Ferrand & Associés", "ferrand@cabinet.example", customer.Business, []bill{
		{"F2026-0860", "2026-11-17", 120000},
	}},
	{"C005", "Mairie de Saint-Brice", "finances@saint-brice.example", customer.Public, []bill{
		{"F2026-0930", "2026-11-26", 948000},
	}},
	{"C006", "Ateliers Morvan SAS", "morvan@ateliers.example", customer.Business, []bill{
		{"F2026-0512", "2026-08-14", 730000}, {"F2026-0644", "2026-10-02", 1166000},
	}},
	{"C007", "Sans Adresse SARL", "", customer.Business, []bill{{"F2026-0855", "2026-11-15", 30000}}},
	{"C008", "Fleurs d’Anjou", "fleurs@anjou.example", customer.Business, []bill{{"F2026-0940", "2026-12-20", 88000}}},
	{"C009", "Mme Odile Renard", "odile.renard@courrier.example", customer.Consumer, []bill{
		{"F2026-0801", "2026-11-03", 21490},
	}},
}

// Books gives Atelier Dupont customers, invoices and the reminders of Monday.
func (s *Site) Books(t testing.TB) *Site {
	t.Helper()
	s.Clock.Set(Monday)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		account := creditor.Account{Holder: "Atelier Dupont", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP"}
		if _, err := creditor.AddAccount(ctx, tx, s.Scope, account, journal.Write); err != nil {
			return err
		}
		wishes := map[string]string{"mail_from_address": "compta@dupont.example", "stale_days": "0"}
		_, err := creditor.Configure(ctx, tx, s.Scope, setting.All(), setting.Box{}, wishes, journal.Write)
		if err != nil {
			return err
		}
		for _, x := range debtors {
			if err := s.owe(ctx, tx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if _, err := s.Desk.Run(t.Context(), s.Scope, cal.Of(Monday)); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Site) owe(ctx context.Context, tx *db.Tx, x debtor) error {
	c := &customer.Customer{Code: x.code, Name: x.name, Kind: x.kind, City: "Lille", SIREN: "732829320"}
	if err := customer.Add(ctx, tx, s.Scope, []*customer.Customer{c}); err != nil {
		return err
	}
	if x.email != "" {
		contact := &customer.Contact{
			Customer: c.ID, Role: customer.Accounting, Civility: "Mme", LastName: "Vidal", Email: x.email,
		}
		if err := customer.AddContacts(ctx, tx, s.Scope, []*customer.Contact{contact}); err != nil {
			return err
		}
	}
	var documents []*ledger.Document
	for _, b := range x.invoices {
		due := cal.Must(b.due)
		documents = append(documents, &ledger.Document{
			Customer: c.ID, Kind: ledger.Invoice, Number: b.number, Issued: due.Add(-30), Due: due,
			Amount: money.New(b.cents, money.EUR),
		})
	}
	return ledger.Add(ctx, tx, s.Scope, documents)
}

// Many writes n reminders down as though a run had just proposed them, for as
// many customers and invoices.
func (s *Site) Many(t testing.TB, n int) {
	t.Helper()
	s.Clock.Set(Monday)
	const batch = 5000
	for first := 0; first < n; first += batch {
		s.Write(t, func(ctx context.Context, tx *db.Tx) error {
			return s.many(ctx, tx, first, min(first+batch, n))
		})
	}
}

// steps are those among which Many shares its reminders.
var steps = []struct {
	id, tone string
	at       int
	formal   bool
}{
	{"rappel-avant-echeance", "courteous", -5, false},
	{"relance-1", "neutral", 5, false},
	{"relance-2", "firm", 15, false},
	{"relance-3", "firm", 30, false},
	{"mise-en-demeure", "formal", 40, true},
}

func (s *Site) many(ctx context.Context, tx *db.Tx, from, to int) error {
	var customers []*customer.Customer
	for i := from; i < to; i++ {
		customers = append(customers, &customer.Customer{
			Code: fmt.Sprintf("C%06d", i), Name: fmt.Sprintf("Client %d SARL", i),
			Email: fmt.Sprintf("c%d@client.example", i),
		})
	}
	if err := customer.Add(ctx, tx, s.Scope, customers); err != nil {
		return err
	}
	var invoices []*ledger.Document
	for i, c := range customers {
		due := cal.Of(Monday).Add(-(i % 50))
		invoices = append(invoices, &ledger.Document{
			Customer: c.ID, Kind: ledger.Invoice, Number: "F" + c.Code, Issued: due.Add(-30), Due: due,
			Amount: money.New(int64(1000+(from+i)*37%900_000), money.EUR),
		})
	}
	if err := ledger.Add(ctx, tx, s.Scope, invoices); err != nil {
		return err
	}
	_, err := tx.Load(ctx, db.Load{
		Table: "reminder",
		Columns: []string{
			"creditor_id", "id", "run_id", "customer_id", "scenario_id", "scenario", "version", "step",
			"step_at", "tone", "formal", "template", "channels", "approve", "state", "on_day", "leader_id", "currency",
			"amount", "claims", "max_age", "details", "proposed_at",
		},
		Rows: func(yield func([]any) bool) {
			for i, d := range invoices {
				if !yield(s.proposed(tx, i, *d)) {
					return
				}
			}
		},
	})
	return err
}

func (s *Site) proposed(tx *db.Tx, i int, d ledger.Document) []any {
	step := steps[i%len(steps)]
	details, err := json.Marshal(reminder.Details{
		Claims: []dunning.Claim{{
			Item: d.ID, Number: d.Number, Issued: d.Issued, Due: d.Due, Amount: d.Amount, Open: d.Amount,
		}},
		Reasons: []dunning.Reason{
			{Code: dunning.StepDue, Step: step.id, Invoice: d.Number, Days: i % 50, On: cal.Of(Monday)},
			{Code: dunning.FirstContact, Invoice: d.Number},
		},
	})
	if err != nil {
		panic(err) // a value of our own that always encodes
	}
	return []any{
		s.Scope.Creditor, tx.NewID("rem"), "run_1", d.Customer, "scn_1", "Standard", 1, step.id, step.at, step.tone,
		step.formal, "relance-1", "email", step.formal, "proposed", cal.Of(Monday), d.ID, "EUR", d.Amount.Minor, 1,
		i % 50, string(details), tx.Now,
	}
}
