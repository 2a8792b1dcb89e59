package ledger

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest/cluster"
	"acquit/internal/money"
)

// BenchmarkAged measures the aged balance of a million open invoices of 200,000
// customers against the same query in the engine's own shell.
//
//	ACQUIT_BENCH_INVOICES=100000 … for a smaller ledger
func BenchmarkAged(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_INVOICES"))
	if err != nil {
		n = 1_000_000
	}
	b.Run("sqlite", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "aged.db")
		aged(b, "sqlite:"+path, n, func(query string) *exec.Cmd { return exec.Command("sqlite3", path, query) })
	})
	b.Run("postgres", func(b *testing.B) {
		url := cluster.Fresh(b, func(context.Context, string) error { return nil })
		aged(b, url, n, func(query string) *exec.Cmd { return exec.Command("psql", url, "-qAtc", query) })
	})
}

var benchDay = cal.Must("2026-11-22")

func aged(b *testing.B, url string, n int, shell func(query string) *exec.Cmd) {
	s := creditor.System("crd_bench")
	d, err := db.Open(b.Context(), url, db.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	fill(b, d, s, n)
	q := AgedQuery{Day: benchDay, Edges: []int{0, 30, 60, 90}, Apart: true}
	best := time.Hour
	b.ResetTimer()
	for range 3 {
		start := time.Now()
		err := d.Read(b.Context(), func(tx *db.Tx) error {
			for _, err := range AgedBalance(b.Context(), tx, s, q) {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	query, args := agedSQL(s, q, false)
	for i, arg := range slices.Backward(args) {
		query = strings.ReplaceAll(query, fmt.Sprintf("$%d", i+1), fmt.Sprintf("'%v'", arg))
	}
	theirs := time.Hour
	for range 3 {
		start := time.Now()
		if out, err := shell(query).CombinedOutput(); err != nil {
			b.Skipf("the engine's shell cannot be asked: %v: %.200s", err, out)
		}
		theirs = min(theirs, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1000, "ms")
	b.ReportMetric(theirs.Seconds()*1000, "shell-ms")
	b.ReportMetric(best.Seconds()/theirs.Seconds(), "ratio")
}

func fill(b *testing.B, d *db.DB, s creditor.Scope, n int) {
	b.Helper()
	const portion = 10_000
	r := rand.New(rand.NewPCG(1, 1))
	for i := 0; i < n; i += portion {
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			list := make([]*Document, portion)
			for j := range list {
				due := benchDay.Add(60 - r.IntN(200))
				list[j] = &Document{
					Customer: fmt.Sprintf("cus_%016d", (i+j)/5), Kind: Invoice, Number: fmt.Sprintf("F%d", i+j),
					Issued: due.Add(-60), Due: due, Amount: money.New(1+r.Int64N(10_000_00), money.EUR),
				}
			}
			return Enter(b.Context(), tx, s, Batch{Documents: list})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(b.Context(), `ANALYZE document`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
