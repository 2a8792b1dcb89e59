package bench_test

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"acquit/internal/demo"
	"acquit/internal/demo/bankyear"
	"acquit/internal/match"
)

// number is what an environment variable says, or else n.
func number(name string, n int) int {
	if got, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return got
	}
	return n
}

// bankOf makes a world and its year at the bank.
func bankOf(t testing.TB, items, entries int, seed uint64) *bankyear.Year {
	t.Helper()
	w, err := demo.Generate(demo.Options{Customers: items / perCustomer, Invoices: items, Seed: seed, On: today})
	if err != nil {
		t.Fatal(err)
	}
	y, err := bankyear.New(w, bankyear.Options{Months: 12, Entries: entries})
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// indexOf builds the index of a ledger.
func indexOf(b books) *match.Index {
	return match.NewIndex(rules, slices.Values(b.items), slices.Values(b.customers), none[match.Memory], none[match.Refused])
}

func none[T any](func(T) bool) {}

// heap is what the program holds after its waste is gone.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// ready is a replay at its beginning, and how long its index took.
func ready(y *bankyear.Year) (*replay, time.Duration) {
	ledger := booksOf(y)
	start := time.Now()
	r := &replay{index: indexOf(ledger), applied: map[string]match.Explanation{}}
	return r, time.Since(start)
}

// BenchmarkMatching replays a year of entries against a ledger, in memory.
//
//	ACQUIT_BENCH_SEED (1), ACQUIT_BENCH_INVOICES (1000000), ACQUIT_BENCH_ENTRIES (100000)
//	ACQUIT_BENCH_MISTAKES=file keeps the first mistakes with all that was said
func BenchmarkMatching(b *testing.B) {
	y := bankOf(b, invoices(), number("ACQUIT_BENCH_ENTRIES", 100_000), uint64(number("ACQUIT_BENCH_SEED", 1)))
	for b.Loop() {
		before := heap()
		r, built := ready(y)
		holds := heap() - before
		stop := heapPeak()
		entries := 0
		for m := range y.Movements() {
			r.step(m)
			entries++
		}
		b.ReportMetric(float64(stop())/(1<<20), "peak-MB")
		b.ReportMetric(holds, "index-MB")
		b.ReportMetric(built.Seconds(), "build-s")
		b.ReportMetric(float64(entries)/r.spent.Seconds(), "entries/s")
		b.ReportMetric(float64(r.slowest.Microseconds())/1000, "slowest-ms")
		b.ReportMetric(r.score.rate(), "auto-%")
		b.ReportMetric(r.score.precision(), "right-%")
		b.ReportMetric(r.score.three(), "three-%")
		r.score.tell(os.Stdout) // a benchmark's log is cut after ten lines
		if path := os.Getenv("ACQUIT_BENCH_MISTAKES"); path != "" {
			if err := os.WriteFile(path, []byte(strings.Join(r.score.mistakes, "\n")), 0o666); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// A small year against a small ledger: what the matcher reaches must not be
// lost unnoticed. docs/performance.md has the figures of the large one.
func TestMatchingKeepsItsWord(t *testing.T) {
	t.Parallel()
	y := bankOf(t, 30_000, 3000, 1)
	r, _ := ready(y)
	for m := range y.Movements() {
		r.step(m)
	}
	if r.score.came < 2000 {
		t.Fatalf("only %d entries", r.score.came)
	}
	for _, floor := range []struct {
		what     string
		got, min float64
	}{
		{"automatic allocations right", r.score.precision(), 99.9},
		{"allocated automatically", r.score.rate(), 88},
		{"the truth among three proposals", r.score.three(), 90},
	} {
		if floor.got < floor.min {
			t.Errorf("%s: %.3f %% of at least %.1f %%", floor.what, floor.got, floor.min)
		}
	}
	if r.score.taken > 0 {
		t.Errorf("%d entries that are nobody's were allocated", r.score.taken)
	}
	var told bytes.Buffer
	r.score.tell(&told)
	t.Log("\n" + told.String())
}
