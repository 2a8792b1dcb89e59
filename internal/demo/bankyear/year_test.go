package bankyear

import (
	"fmt"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/demo"
)

func TestLook(t *testing.T) {
	start := time.Now()
	w, err := demo.Generate(demo.Options{Customers: 4000, Invoices: 20000, Seed: 1, On: cal.Must("2026-11-23")})
	if err != nil {
		t.Fatal(err)
	}
	y, err := New(w, Options{Months: 12, Entries: 5000})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(start))
	n := map[string]int{}
	k := 0
	for m := range y.Movements() {
		k++
		n["named "+string(m.Truth.Named)]++
		n["paid "+string(m.Truth.Paid)]++
		n["payer "+string(m.Truth.Payer)]++
		if m.Truth.Unknowable {
			n["unknowable"]++
			n["unknowable "+string(m.Truth.Named)+" "+string(m.Truth.Paid)+" "+string(m.Truth.Payer)]++
		}
		if m.Truth.Nobody {
			n["nobody"]++
			if m.Entry.Amount.Sign() > 0 {
				n["nobody in"]++
			}
		}
		if k%60 == 0 {
			fmt.Println(m.Entry.On, m.Entry.Amount, m.Entry.BankRef, fmt.Sprintf("%q", m.Entry.Texts), m.Entry.Party.Name, "|", m.Truth.Named, m.Truth.Paid, m.Truth.Payer, m.Truth.Lines, m.Truth.Unknowable)
		}
	}
	fmt.Println(time.Since(start), k)
	for _, s := range sortedKeys(n) {
		fmt.Printf("%6.2f %%  %d %s\n", float64(n[s])*100/float64(k), n[s], s)
	}
}
func sortedKeys(m map[string]int) []string {
	var l []string
	for k := range m {
		l = append(l, k)
	}
	for i := range l {
		for j := range l[:i] {
			if l[i] < l[j] {
				l[i], l[j] = l[j], l[i]
			}
		}
	}
	return l
}
