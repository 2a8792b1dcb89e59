package match_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"acquit/internal/match"
)

// large is a ledger of n items of a fifth as many customers.
func large(n int) *ledger {
	l := &ledger{rules: match.Rules{Tolerance: eur(500), Fees: eur(3000), Grace: 3}}
	trades := []string{"Garage", "Boulangerie", "Plomberie", "Transports", "Pharmacie", "Couverture", "Imprimerie"}
	for i := range n / 5 {
		id := fmt.Sprintf("c%06d", i)
		name := fmt.Sprintf("%s %c%s et Fils", trades[i%7], 'A'+i%26, strconv.FormatInt(int64(i*7919%99_991), 36))
		l.customers = append(l.customers, match.Customer{ID: id, Code: fmt.Sprintf("C%06d", i), Name: name})
		for k := range 5 {
			number := i*5 + k
			l.invoice(id, fmt.Sprintf("F2026-%06d", number), "2026-09-15", int64(1000+number*7919%900_000))
		}
	}
	return l
}

func size() int {
	if n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_INVOICES")); err == nil {
		return n
	}
	return 100_000
}

func BenchmarkNewIndex(b *testing.B) {
	l := large(size())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		ix := l.index()
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(ix)
		b.StartTimer()
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(l.items)), "B/item")
}

func BenchmarkExplain(b *testing.B) {
	l := large(size())
	ix := l.index()
	for name, texts := range map[string]func(match.Item) []string{
		"a reference":      func(i match.Item) []string { return []string{"VIR SEPA RECU", "FACT " + i.Number} },
		"a damaged one":    func(i match.Item) []string { return []string{"FACT " + i.Number[6:] + " DU 20/11/2026"} },
		"the name alone":   func(match.Item) []string { return []string{"VIREMENT"} },
		"the amount alone": func(match.Item) []string { return nil },
	} {
		b.Run(name, func(b *testing.B) {
			k := 0
			for b.Loop() {
				i := l.items[k%len(l.items)]
				c, _ := slices.BinarySearchFunc(l.customers, i.Customer, func(c match.Customer, id string) int {
					return slices.Compare([]byte(c.ID), []byte(id))
				})
				payer := l.customers[c].Name
				if name == "the amount alone" {
					payer = ""
				}
				ix.Explain(entry(i.Open.Minor, payer, texts(i)...))
				k += 7919
			}
		})
	}
}
