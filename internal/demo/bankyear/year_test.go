package bankyear

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

var monday = cal.Must("2026-11-23")

func year(t interface {
	Helper()
	Fatal(...any)
}, o demo.Options, b Options,
) *Year {
	t.Helper()
	w, err := demo.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	y, err := New(w, b)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// open is what each document of a world has open, positive.
func open(w *demo.World) map[string]money.Amount {
	all := map[string]money.Amount{}
	for c := range w.Customers() {
		for _, i := range c.Invoices {
			all[i.Number] = i.Open
		}
		for _, n := range c.CreditNotes {
			all[n.Number] = n.Open
		}
		for _, p := range c.Payments {
			all[p.Number] = p.Open
		}
	}
	return all
}

// Whatever is asked for: each entry is exactly what the truth says of it, nothing
// is paid that is not open at that moment, what goes back had come, and the days
// go forward.
func TestTheTruthAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		o := demo.Options{
			Customers: rapid.IntRange(1, 300).Draw(r, "customers"), Invoices: rapid.IntRange(0, 1500).Draw(r, "invoices"),
			Seed: rapid.Uint64().Draw(r, "seed"), On: monday,
		}
		b := Options{Months: rapid.IntRange(1, 14).Draw(r, "months"), Entries: rapid.SampledFrom([]int{0, 0, 200, 900}).Draw(r, "entries")}
		y := year(r, o, b)
		left, seen, last, n := open(y.World), map[string]bool{}, monday, 0
		for m := range y.Movements() {
			n++
			check(r, m, left)
			if m.Entry.On <= monday || m.Entry.On < last || m.Entry.On > monday.AddMonths(b.Months) || seen[m.Truth.Ref] {
				r.Fatalf("%s on %s after %s", m.Truth.Ref, m.Entry.On, last)
			}
			if m.Truth.Of != "" && !seen[m.Truth.Of] {
				r.Fatalf("%s takes back %s, which never came", m.Truth.Ref, m.Truth.Of)
			}
			seen[m.Truth.Ref], last = true, m.Entry.On
		}
		if b.Entries > 0 && n > b.Entries {
			r.Fatalf("%d entries of at most %d", n, b.Entries)
		}
	})
}

func check(r *rapid.T, m Movement, left map[string]money.Amount) {
	sum := money.Zero(m.Entry.Amount.Currency)
	for _, l := range m.Truth.Lines {
		amount := l.Amount
		if l.Credit {
			amount = amount.Neg()
		}
		sum = sum.Add(amount)
		if m.Truth.Paid == GoesBack {
			left[l.Number] = left[l.Number].Add(l.Amount)
			continue
		}
		if left[l.Number] = left[l.Number].Sub(l.Amount); left[l.Number].Sign() < 0 || l.Amount.Sign() <= 0 {
			r.Fatalf("%s (%s) sets %s against %s, which leaves %s", m.Truth.Ref, m.Truth.Paid, l.Amount, l.Number, left[l.Number])
		}
	}
	for _, o := range m.Truth.Over {
		sum = sum.Add(o.Amount)
	}
	amount := m.Entry.Amount
	if m.Truth.Paid == GoesBack {
		amount = amount.Neg()
	}
	if len(m.Truth.Lines)+len(m.Truth.Over) > 0 && sum != amount || m.Truth.Nobody != (len(m.Truth.Lines)+len(m.Truth.Over) == 0) {
		r.Fatalf("%s of %s is said to be %+v", m.Truth.Ref, amount, m.Truth)
	}
}

// The same numbers give the same entries, in one pass over the world or many.
func TestTheSameSeedTheSameYear(t *testing.T) {
	t.Parallel()
	o := demo.Options{Customers: 150, Invoices: 900, Seed: 3, On: monday}
	var all [3][]string
	for i := range all {
		y := year(t, o, Options{Months: 12})
		if i == 1 {
			for day := range y.perDay {
				y.perDay[day] = window / 7 // a week at a time
			}
		}
		for m := range y.Movements() {
			back := m.Entry.Return
			m.Entry.Return = nil
			all[i] = append(all[i], fmt.Sprintf("%+v %+v %+v", *m.Entry, back, m.Truth))
		}
		if i == 1 {
			o.Seed++
		}
	}
	if !slices.Equal(all[0], all[1]) {
		t.Error("the number of passes changes the year")
	}
	if slices.Equal(all[0], all[2]) {
		t.Error("two seeds, one year")
	}
}
