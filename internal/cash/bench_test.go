package cash_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest/cluster"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// BenchmarkRun measures a run of 10,000 entries, nine of ten of which name their
// invoice, over 100,000 open invoices, through the database.
//
//	ACQUIT_BENCH_ENTRIES=1000 … for a smaller one
func BenchmarkRun(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_ENTRIES"))
	if err != nil {
		n = 10_000
	}
	b.Run("sqlite", func(b *testing.B) { benchRun(b, "sqlite:"+filepath.Join(b.TempDir(), "cash.db"), n) })
	b.Run("postgres", func(b *testing.B) {
		benchRun(b, cluster.Fresh(b, func(context.Context, string) error { return nil }), n)
	})
}

func benchRun(b *testing.B, url string, n int) {
	d, s := manyEntries(b, url, n, 10*n)
	defer d.Close()
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		rep, err := cash.Run(b.Context(), d, s, cash.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(rep.Examined)/time.Since(start).Seconds(), "entries/s")
		b.ReportMetric(float64(rep.Auto), "allocated")
		start = time.Now()
		if _, err := cash.Run(b.Context(), d, s, cash.Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "again-s")
		start = time.Now()
		const asked = 1000
		err = d.Read(b.Context(), func(tx *db.Tx) error {
			for i := range asked {
				if _, err := cash.SuspectedOf(b.Context(), tx, s, fmt.Sprintf("cus_%016d", i)); err != nil {
					return err
				}
				if _, err := cash.Unexamined(b.Context(), tx, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Microseconds())/asked, "µs/gate")
	}
}

// manyEntries are books with so many entries to be matched and open invoices.
func manyEntries(t testing.TB, url string, entries, invoices int) (*db.DB, creditor.Scope) {
	t.Helper()
	ctx := t.Context()
	d, err := db.Open(ctx, url, db.Options{Seed: 1, Fleeting: true})
	if err != nil {
		t.Fatal(err)
	}
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := d.Write(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var s creditor.Scope
	write(func(tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Atelier Dupont"}, "test", journal.Write)
		s = creditor.System(c.ID)
		return err
	})
	number := func(i int) string { return fmt.Sprintf("F2026-%06d", i) }
	amount := func(i int) money.Amount { return eur(int64(i%977)*1_37 + int64(i)*3 + 100_00) }
	const portion = 5000
	for i := 0; i < invoices; i += portion {
		write(func(tx *db.Tx) error {
			var people []*customer.Customer
			var docs []*ledger.Document
			for j := i; j < min(i+portion, invoices); j++ {
				id := fmt.Sprintf("cus_%016d", j/5)
				if j%5 == 0 {
					people = append(people, &customer.Customer{ID: id, Code: fmt.Sprintf("C%d", j/5), Name: fmt.Sprintf("Atelier Numéro %d", j/5)})
				}
				docs = append(docs, &ledger.Document{
					Customer: id, Kind: ledger.Invoice, Number: number(j), Issued: on("09-01").Add(j % 60), Due: on("10-15").Add(j % 60),
					Amount: amount(j),
				})
			}
			if err := customer.Add(ctx, tx, s, people); err != nil {
				return err
			}
			return ledger.Enter(ctx, tx, s, ledger.Batch{Documents: docs})
		})
	}
	for i := 0; i < entries; i += portion {
		st := &bank.Statement{Kind: bank.Details, From: on("11-01"), To: on("11-30"), Currency: money.EUR, Account: bank.Account{IBAN: "FR7630006000011234567890189"}}
		var list []*bank.Entry
		for j := i; j < min(i+portion, entries); j++ {
			k := j * (invoices / entries)
			label := fmt.Sprintf("VIR SEPA ATELIER NUMERO %d %s", k/5, number(k))
			if j%10 == 9 {
				label = fmt.Sprintf("VIREMENT RECU %d", j)
			}
			list = append(list, &bank.Entry{
				Statement: st, On: on("11-01").Add(j % 30), Amount: amount(k), Means: bank.Transfer, Label: label, Texts: []string{label},
				BankRef: fmt.Sprintf("R%d", j), Status: bank.IsBooked, Line: j + 1, Raw: label,
			})
		}
		write(func(tx *db.Tx) error {
			o := bank.Origin{Import: "imp", File: "releve.xml", SHA256: fmt.Sprint(i), Format: "camt"}
			_, err := bank.Take(ctx, tx, s, o, []*bank.Statement{st}, list)
			return err
		})
	}
	if err := d.Analyze(ctx, "document", "bank_entry", "customer"); err != nil {
		t.Fatal(err)
	}
	return d, s
}

// BenchmarkSorted measures a page in the middle of a list of 100,000 entries, by what
// it is sorted.
func BenchmarkSorted(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_ENTRIES"))
	if err != nil {
		n = 100_000
	}
	b.Run("sqlite", func(b *testing.B) { benchSorted(b, "sqlite:"+filepath.Join(b.TempDir(), "cash.db"), n) })
	b.Run("postgres", func(b *testing.B) {
		benchSorted(b, cluster.Fresh(b, func(context.Context, string) error { return nil }), n)
	})
}

func benchSorted(b *testing.B, url string, n int) {
	d, s := manyEntries(b, url, n, n)
	defer d.Close()
	if err := d.Write(b.Context(), func(tx *db.Tx) error { // nine of ten were applied
		if _, err := tx.Exec(b.Context(), `
			INSERT INTO cash_entry (creditor_id, entry_id, on_day, state, changed_at)
			SELECT creditor_id, id, on_day, CASE WHEN abs(amount) % 10 = 0 THEN 'open' ELSE 'auto' END, $2
			FROM bank_entry
			WHERE creditor_id = $1`, s.Creditor, tx.Now); err != nil {
			return err
		}
		_, err := tx.Exec(b.Context(), `
			INSERT INTO cash_run (creditor_id, mark, started_at)
			SELECT creditor_id, max(mark), $2
			FROM bank_entry
			WHERE creditor_id = $1
			GROUP BY creditor_id`, s.Creditor, tx.Now)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	if err := d.Analyze(b.Context(), "cash_entry"); err != nil {
		b.Fatal(err)
	}
	for _, o := range []cash.Order{cash.ByDay, cash.ByAmount, cash.ByPayer, cash.ByState} {
		for name, states := range map[string][]cash.State{"all": nil, "open": {cash.Open}} {
			b.Run(fmt.Sprintf("%s/%s", cmp.Or(string(o), "day"), name), func(b *testing.B) {
				f := cash.Filter{Order: o, States: states, Limit: 50}
				for range b.N {
					if err := d.Read(b.Context(), func(tx *db.Tx) error {
						list, err := cash.List(b.Context(), tx, s, f)
						if f.After = (cash.Place{}); len(list) == f.Limit { // else from the beginning again
							f.After = list[len(list)-1].Place(o)
						}
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
