package account_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dunning"
	"acquit/internal/ledger"
)

const (
	benchCustomers = 40_000
	benchItems     = 200_000
)

// monday is a day on which reminders leave.
var monday = today.Add(1)

// large fills books with open invoices, a third of which were reminded already.
func large(b *testing.B, d *db.DB) *agreementtest.Books {
	b.Helper()
	books := agreementtest.New(b, d)
	r := rand.New(rand.NewPCG(1, 2))
	customers := make([]*customer.Customer, benchCustomers)
	for i := range customers {
		customers[i] = &customer.Customer{
			Code: fmt.Sprintf("C%06d", i), Name: fmt.Sprintf("Client %d", i), Tags: []string{"transport"}, Since: today.Add(-900),
		}
	}
	docs := make([]*ledger.Document, benchItems)
	books.Write(func(ctx context.Context, tx *db.Tx) error { return customer.Add(ctx, tx, books.Scope, customers) })
	for i := range docs {
		due := today.Add(30 - r.IntN(120))
		docs[i] = &ledger.Document{
			Customer: customers[r.IntN(benchCustomers)].ID, Kind: ledger.Invoice, Number: fmt.Sprintf("F%07d", i),
			Issued: due.Add(-30), Due: due, Amount: eur(20_00 + r.Int64N(5000_00)), Order: "BC-2026-0042", Source: "generate",
		}
	}
	books.Write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, books.Scope, docs) })
	books.Write(func(ctx context.Context, tx *db.Tx) error { return reminded(ctx, tx, books, docs) })
	return books
}

// reminded gives a third of the late invoices a reminder that left.
func reminded(ctx context.Context, tx *db.Tx, b *agreementtest.Books, docs []*ledger.Document) error {
	late := func(yield func(i int, d *ledger.Document) bool) {
		for i, d := range docs {
			if i%3 == 0 && d.Due < today.Add(-8) && !yield(i, d) {
				return
			}
		}
	}
	loads := []struct {
		table   string
		columns []string
		row     func(id string, d *ledger.Document, on cal.Date) []any
	}{
		{"reminder", []string{
			"creditor_id", "id", "run_id", "customer_id", "scenario_id", "scenario", "version", "step", "step_at", "follow_up",
			"tone", "formal", "channels", "approve", "state", "on_day", "leader_id", "currency", "amount", "claims", "max_age",
			"details", "proposed_at", "done_on",
		}, func(id string, d *ledger.Document, on cal.Date) []any {
			return []any{
				b.Scope.Creditor, id, "run_1", d.Customer, "scn_1", "Standard", 1, "relance-1", 5, false, "neutral", false, "email",
				false, "sent", on, d.ID, "EUR", d.Amount.Minor, 1, 5, `{"claims":[{"Item":"` + d.ID + `","Number":"` + d.Number +
					`"}],"reasons":[{"code":"step_due","step":"relance-1"}]}`, tx.Now, on,
			}
		}},
		{
			"reminder_claim",
			[]string{"creditor_id", "reminder_id", "document_id", "amount"},
			func(id string, d *ledger.Document, _ cal.Date) []any {
				return []any{b.Scope.Creditor, id, d.ID, d.Amount.Minor}
			},
		},
		{
			"position",
			[]string{"creditor_id", "customer_id", "document_id", "step", "on_day", "dismissed", "reminder_id"},
			func(id string, d *ledger.Document, on cal.Date) []any {
				return []any{b.Scope.Creditor, d.Customer, d.ID, "relance-1", on, false, id}
			},
		},
	}
	for _, l := range loads {
		_, err := tx.Load(ctx, db.Load{Table: l.table, Columns: l.columns, Rows: func(yield func([]any) bool) {
			for i, d := range late {
				if !yield(l.row(fmt.Sprintf("rem_%07d", i), d, d.Due.Add(6))) {
					return
				}
			}
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkAccounts reads every account of 200,000 open items, then reads and
// decides: the morning's run without what it writes.
func BenchmarkAccounts(b *testing.B) {
	src, _ := dunning.ShippedFile("standard.yaml")
	standard, err := dunning.ParseScenario("standard.yaml", src)
	if err != nil {
		b.Fatal(err)
	}
	calendar := cal.NewCalendar(cal.Metropole)
	for _, engine := range []struct {
		name string
		open func(testing.TB, *dbtest.Clock) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			books := large(b, engine.open(b, dbtest.NewClock()))
			for _, decide := range []bool{false, true} {
				b.Run(map[bool]string{false: "read", true: "read+decide"}[decide], func(b *testing.B) {
					for b.Loop() {
						start := time.Now()
						items, proposed := read(books, func(a *account.Account) int {
							if !decide {
								return 0
							}
							return len(dunning.Decide(a.Account, standard, calendar, monday).Reminders)
						})
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						if items != benchItems || decide == (proposed == 0) {
							b.Fatalf("%d items were read, %d reminders proposed", items, proposed)
						}
						b.ReportMetric(float64(items)/time.Since(start).Seconds(), "items/s")
						b.ReportMetric(float64(m.HeapSys>>20), "heap-MB")
					}
				})
			}
		})
	}
}

// read gives every account to decide and counts its items and what came of them.
func read(b *agreementtest.Books, decide func(*account.Account) int) (items, proposed int) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		for a, err := range account.Each(ctx, tx, b.Scope, account.Query{Day: monday}) {
			if err != nil {
				return err
			}
			items += len(a.Items)
			proposed += decide(a)
		}
		return nil
	})
	return items, proposed
}
