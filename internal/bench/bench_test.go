// Package bench measures the program on a ledger of a million open invoices, as
// `acquit generate` makes it. docs/performance.md has the figures.
//
//	go test -run '^$' -bench Million -benchtime 1x -timeout 2h ./internal/bench
//	ACQUIT_BENCH_INVOICES=100000 … for a smaller one
package bench_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"acquit/internal/account"
	"acquit/internal/app"
	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/demo"
	"acquit/internal/founding"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/report"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web"
)

var today = cal.Must("2026-11-23")

// perCustomer is how many open invoices a customer has on average.
const perCustomer = 5

func invoices() int {
	n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_INVOICES"))
	if err != nil {
		return 1_000_000
	}
	return n
}

// generate makes the ledger's files.
func generate(b *testing.B) []string {
	b.Helper()
	dir := b.TempDir()
	w, err := demo.Generate(demo.Options{Customers: invoices() / perCustomer, Invoices: invoices(), Seed: 1, On: today})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.WriteCSV(b.Context(), dir, func(int) {}); err != nil {
		b.Fatal(err)
	}
	return []string{filepath.Join(dir, "clients.csv"), filepath.Join(dir, "factures.csv")}
}

func BenchmarkMillion(b *testing.B) {
	paths := generate(b)
	clock := dbtest.NewClock()
	clock.Set(today.Time().Add(8 * time.Hour))
	b.Run("sqlite", func(b *testing.B) { million(b, dbtest.SQLite(b, clock), paths) })
	b.Run("postgres", func(b *testing.B) { million(b, dbtest.Postgres(b, clock), paths) })
}

// million measures one engine, each step on what the one before left.
func million(b *testing.B, d *db.DB, paths []string) {
	h := open(b, d)
	b.Run("import", func(b *testing.B) { h.imports(b, paths) })
	b.Run("decide", h.decides)
	b.Run("aged", h.ages)
	b.Run("run", h.runs)
	b.Run("today", h.shows)
}

// house is a database with what works on it.
type house struct {
	d      *db.DB
	s      creditor.Scope
	person user.Person
	desk   *reminder.Desk
}

func open(b *testing.B, d *db.DB) *house {
	b.Helper()
	library, err := message.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	kept := outbox.New(email.Compose, nil, d.Now)
	h := &house{d: d, desk: &reminder.Desk{
		DB: d, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
		Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			return map[string]channel.Channel{"email": kept}, nil
		},
	}}
	err = d.Write(b.Context(), func(tx *db.Tx) error {
		f, err := founding.Found(b.Context(), tx, founding.Plan{
			Creditor: creditor.Creditor{Name: "Banc d’essai"}, Person: user.Person{Email: "banc@essai.example", Name: "Banc"},
		}, "")
		h.s, h.person = f.Scope, f.Person
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func (h *house) imports(b *testing.B, paths []string) {
	start := time.Now()
	rows := 0
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			b.Fatal(err)
		}
		src, err := ingest.FromFile(f)
		if err != nil {
			b.Fatal(err)
		}
		r, err := apply.Run(b.Context(), h.d, h.s, apply.Options{Drivers: app.Formats(), On: today}, src)
		if err != nil {
			b.Fatal(err)
		}
		for _, one := range r.Files {
			rows += one.Rows()
			if len(one.Rejected) > 0 {
				b.Fatalf("%s: rejected %+v", p, one.Rejected[0])
			}
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/time.Since(start).Seconds(), "rows/s")
	b.ReportMetric(float64(rows), "rows")
}

// cpu is the processor time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heapPeak samples the memory that the program holds until stop is called.
func heapPeak() (stop func() uint64) {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		var peak uint64
		t := time.NewTicker(20 * time.Millisecond)
		defer t.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse+m.StackInuse)
			select {
			case <-done:
				result <- peak
				return
			case <-t.C:
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

func (h *house) decides(b *testing.B) {
	runtime.GC()
	stop, start, used := heapPeak(), time.Now(), cpu()
	items, proposed := 0, 0
	err := h.desk.Decide(b.Context(), h.s, account.Query{Day: today}, func(d reminder.Decided) error {
		items += len(d.Account.Items)
		proposed += len(d.Decision.Reminders)
		return nil
	}, func(p reminder.Problem) { b.Error(p) })
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(items)/(cpu()-used).Seconds(), "items/cpu-s")
	b.ReportMetric(float64(items)/time.Since(start).Seconds(), "items/s")
	b.ReportMetric(float64(stop())/(1<<20), "MB")
	b.ReportMetric(float64(proposed), "proposed")
}

func (h *house) ages(b *testing.B) {
	for b.Loop() {
		err := h.d.Read(b.Context(), func(tx *db.Tx) error {
			_, err := report.AgedOn(b.Context(), tx, h.s, today, report.AgedOptions{})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (h *house) runs(b *testing.B) {
	start := time.Now()
	r, err := h.desk.Run(b.Context(), h.s, today)
	if err != nil || len(r.Problems) > 0 {
		b.Fatal(err, r.Problems)
	}
	b.ReportMetric(float64(r.Proposed), "proposed")
	b.ReportMetric(float64(r.Proposed)/time.Since(start).Seconds(), "proposed/s")
}

// views is how many times the page is asked for.
const views = 200

func (h *house) shows(b *testing.B) {
	site, err := web.New(web.Deps{
		DB: h.d, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Desk: h.desk,
		Settings: setting.All(), Secret: make([]byte, setting.KeySize), Guest: h.person.ID,
	})
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for range views {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:4000", "127.0.0.1:8080"
		start := time.Now()
		site.ServeHTTP(w, r)
		took = append(took, time.Since(start))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Header(), fmt.Sprintf("%.300s", w.Body))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[views/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[views*95/100].Microseconds())/1000, "p95-ms")
}
