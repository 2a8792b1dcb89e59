package bench_test

import (
	"maps"
	"path/filepath"
	"testing"
	"time"

	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/demo/bankfile"
	"acquit/internal/demo/bankyear"
)

// BenchmarkCash takes a year through the program: the ledger and the statements
// are imported as files, and one run matches all entries at once, so that no
// person teaches it anything on the way.
func BenchmarkCash(b *testing.B) {
	entries, seed := number("ACQUIT_BENCH_ENTRIES", 100_000), uint64(number("ACQUIT_BENCH_SEED", 1))
	y := bankOf(b, invoices(), entries, seed)
	dir := b.TempDir()
	s, err := y.World.WriteCSV(b.Context(), dir, func(int) {})
	if err != nil {
		b.Fatal(err)
	}
	w, err := y.WriteFiles(b.Context(), dir, bankyear.FileOptions{Format: bankfile.CAMT}, nil)
	if err != nil {
		b.Fatal(err)
	}
	clock := dbtest.NewClock()
	clock.Set(today.AddMonths(12).Time().Add(8 * time.Hour))
	f := files{y: y}
	for _, name := range s.Files {
		f.ledger = append(f.ledger, filepath.Join(dir, name))
	}
	for _, name := range w.Files {
		if name != bankyear.TruthFile(dir) {
			f.bank = append(f.bank, filepath.Join(dir, name))
		}
	}
	b.Run("sqlite", func(b *testing.B) { f.measure(b, dbtest.SQLite(b, clock)) })
	b.Run("postgres", func(b *testing.B) { f.measure(b, dbtest.Postgres(b, clock)) })
}

// files are what is imported.
type files struct {
	y            *bankyear.Year
	ledger, bank []string
}

func (f files) measure(b *testing.B, d *db.DB) {
	h := open(b, d)
	h.imports(b, f.ledger)
	start := time.Now()
	h.imports(b, f.bank)
	taken := time.Since(start)
	stop := heapPeak()
	start = time.Now()
	r, err := cash.Run(b.Context(), d, h.s, cash.Options{})
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	b.ReportMetric(float64(stop())/(1<<20), "peak-MB")
	right, wrong := h.compare(b, f.truths(), f.corrects())
	b.ReportMetric(float64(r.Examined)/taken.Seconds(), "taken/s")
	b.ReportMetric(float64(r.Examined)/took.Seconds(), "entries/s")
	b.ReportMetric(share(right, right+wrong), "right-%")
	b.ReportMetric(float64(right+wrong), "auto")
}

// truths are what entries pay, by the bank's reference.
func (f files) truths() map[string]bankyear.Movement {
	all := map[string]bankyear.Movement{}
	for m := range f.y.Movements() {
		all[m.Truth.Ref] = m
	}
	return all
}

// corrects are the invoices that credit notes correct.
func (f files) corrects() map[string]string {
	all := map[string]string{}
	for c := range f.y.World.Customers() {
		for _, n := range c.CreditNotes {
			if n.Preceding != "" {
				all[n.Number] = n.Preceding
			}
		}
	}
	return all
}

// corrected sets credit notes against the invoices that they correct: the rule
// may have done so before the money came.
func corrected(amounts map[string]int64, corrects map[string]string) map[string]int64 {
	m := map[string]int64{}
	for number, amount := range amounts {
		if invoice := corrects[number]; invoice != "" {
			number = invoice
		}
		m[number] += amount
	}
	return m
}

// compare counts the automatic allocations that are the truth to the cent, and
// those that are not.
func (h *house) compare(b *testing.B, truth map[string]bankyear.Movement, corrects map[string]string) (right, wrong int) {
	b.Helper()
	f := cash.Filter{States: []cash.State{cash.Auto}, Limit: 1000}
	for {
		var page []cash.Line
		err := h.d.Read(b.Context(), func(tx *db.Tx) (err error) {
			page, err = cash.List(b.Context(), tx, h.s, f)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, l := range page {
			m, ok := truth[l.Entry.BankRef]
			if ok && maps.Equal(corrected(allocated(l), corrects), corrected(sums(wanted(m).Lines), corrects)) {
				right++
			} else {
				if wrong++; wrong <= 20 {
					b.Logf("%s %s %q: %v, not %v", l.Entry.BankRef, l.Entry.Amount, l.Entry.Texts, allocated(l), sums(wanted(m).Lines))
				}
			}
		}
		if len(page) < f.Limit {
			return right, wrong
		}
		f.After = page[len(page)-1].Place(f.Order)
	}
}

// allocated is what an application took of each document, by its number: of
// invoices what was settled, of credit notes and earlier money what was used.
func allocated(l cash.Line) map[string]int64 {
	made := map[string]bool{}
	for _, d := range l.Documents {
		made[d.Number] = true
	}
	m := map[string]int64{}
	for _, a := range l.Allocations {
		m[a.Number] += a.Amount.Minor
		if !made[a.From] {
			m[a.From] -= a.Amount.Minor
		}
	}
	return m
}
