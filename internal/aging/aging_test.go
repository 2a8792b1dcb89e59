package aging

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

func eur(units int64) money.Amount { return money.New(units*100, money.EUR) }

// ledgerAtNovember is the worked case AGE at 2026-11-22; J is a credit.
func ledgerAtNovember(t *testing.T, credits Credits) Report {
	t.Helper()
	b := NewBalance(cal.Must("2026-11-22"), DefaultBands(), credits)
	for _, i := range []struct {
		units int64
		due   string
	}{
		{1000, "2026-11-22"},
		{2000, "2026-11-21"},
		{500, "2026-10-23"},
		{700, "2026-10-22"},
		{900, "2026-09-23"},
		{1100, "2026-09-22"},
		{300, "2026-08-24"},
		{400, "2026-08-23"},
		{1500, "2026-12-31"},
	} {
		b.Add("C1", cal.Must(i.due), eur(i.units))
	}
	b.AddCredit("C1", cal.Must("2026-09-30"), eur(200))
	r, err := b.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBalanceByAge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		credits Credits
		amounts []int64
		apart   int64
	}{
		{CreditsAged, []int64{250000, 250000, 140000, 140000, 40000}, 0},
		{CreditsApart, []int64{250000, 250000, 160000, 140000, 40000}, -20000},
	} {
		got := ledgerAtNovember(t, c.credits)
		row := Row{Customer: "C1", Amounts: c.amounts, Unallocated: c.apart, Total: 820000}
		g := got.Groups[0]
		if diff := cmp.Diff([]Row{row}, g.Customers); diff != "" {
			t.Errorf("%s: %s", c.credits, diff)
		}
		if g.Total != 820000 || g.Unallocated != c.apart || cmp.Diff(c.amounts, g.Amounts) != "" {
			t.Errorf("%s: the group is %+v", c.credits, g)
		}
		// (2000×1 + 500×30 + 700×31 + 900×60 + 1100×61 + 300×90 + 400×91) / 5900
		if want := "37.83"; g.WeightedAge.String() != want {
			t.Errorf("%s: weighted age %s, want %s", c.credits, g.WeightedAge, want)
		}
	}
}

func TestCurrenciesAreNeverAddedUp(t *testing.T) {
	t.Parallel()
	b := NewBalance(cal.Must("2026-11-22"), DefaultBands(), CreditsAged)
	b.Add("C2", cal.Must("2026-11-01"), money.New(500, "USD"))
	b.Add("C1", 0, eur(3)) // without due date: not late
	b.Add("C2", cal.Must("2026-12-01"), eur(2))
	got, err := b.Report()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, g := range got.Groups {
		for _, r := range g.Customers {
			lines = append(lines, fmt.Sprint(g.Currency, " ", r.Customer, " ", r.Amounts, " ", r.Total))
		}
		lines = append(lines, fmt.Sprint(g.Currency, " ", g.Amounts, " ", g.Total, " ", g.WeightedAge))
	}
	want := []string{
		"EUR C1 [300 0 0 0 0] 300", "EUR C2 [200 0 0 0 0] 200", "EUR [500 0 0 0 0] 500 ",
		"USD C2 [0 500 0 0 0] 500", "USD [0 500 0 0 0] 500 21.00",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestBandsMayLookAhead(t *testing.T) {
	t.Parallel()
	b, err := ParseBands(" -30, 0, 30 ")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, bucket := range b.Buckets() {
		names = append(names, bucket.Name("fr"))
	}
	if diff := cmp.Diff([]string{"dans 30 ou plus", "dans 0–29", "1–30", "plus de 30"}, names); diff != "" {
		t.Error(diff)
	}
	for age, want := range map[int]int{-400: 0, -30: 0, -29: 1, 0: 1, 1: 2, 30: 2, 31: 3, 9999: 3} {
		if got := b.Index(age); got != want {
			t.Errorf("age %d: band %d, want %d", age, got, want)
		}
	}
	names = nil
	for _, bucket := range DefaultBands().Buckets() {
		names = append(names, bucket.Name("fr")+"/"+bucket.Name("en"))
	}
	want := []string{"non échu/not due", "1–30/1–30", "31–60/31–60", "61–90/61–90", "plus de 90/over 90"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestBandsThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"60,30", "0,60,30", "0,0", "0,a", "0,9999", "0,,30", "0" + strings.Repeat(",1", 20), "-9999,0",
	} {
		if b, err := ParseBands(text); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q is read as %v, %v", text, b, err)
		}
	}
}

func TestBandsPartAllAges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := map[int]bool{0: true}
		for _, e := range rapid.SliceOfN(rapid.IntRange(-200, 200), 0, 8).Draw(t, "edges") {
			set[e] = true
		}
		var edges []int
		for e := -200; e <= 200; e++ {
			if set[e] {
				edges = append(edges, e)
			}
		}
		b, err := NewBands(edges...)
		if err != nil {
			t.Fatal(err)
		}
		age := rapid.IntRange(-500, 500).Draw(t, "age")
		for i, bucket := range b.Buckets() {
			if in := age >= bucket.From && age <= bucket.To; in != (i == b.Index(age)) {
				t.Fatalf("age %d, bands %s: bucket %+v, index %d", age, b, bucket, b.Index(age))
			}
			if bucket.Overdue() != (bucket.From >= 1) || bucket.To > 0 && bucket.From <= 0 {
				t.Fatalf("%+v holds due and overdue items", bucket)
			}
		}
		if again, err := ParseBands(b.String()); err != nil || cmp.Diff(b.Edges(), again.Edges()) != "" {
			t.Fatalf("%s is read as %s, %v", b, again, err)
		}
	})
}

type item struct {
	Customer string
	Day      cal.Date
	Open     money.Amount
	Credit   bool
}

func drawItems(t *rapid.T) []item {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) item {
		return item{
			Customer: rapid.SampledFrom([]string{"C1", "C2", "C3"}).Draw(t, "customer"),
			Day:      cal.Must("2026-11-22").Add(rapid.IntRange(-200, 200).Draw(t, "day")),
			Open: money.New(rapid.Int64Range(0, money.MaxMinor).Draw(t, "minor"),
				rapid.SampledFrom([]money.Currency{"EUR", "USD"}).Draw(t, "currency")),
			Credit: rapid.Bool().Draw(t, "credit"),
		}
	}), 0, 40).Draw(t, "items")
}

func age(items []item, credits Credits) (Report, error) {
	b := NewBalance(cal.Must("2026-11-22"), DefaultBands(), credits)
	for _, i := range items {
		if i.Credit {
			b.AddCredit(i.Customer, i.Day, i.Open)
		} else {
			b.Add(i.Customer, i.Day, i.Open)
		}
	}
	return b.Report()
}

func TestBucketsAddUpToTheBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t)
		want := map[string]int64{}
		for _, i := range items {
			minor := i.Open.Minor
			if i.Credit {
				minor = -minor
			}
			want[string(i.Open.Currency)+" "+i.Customer] += minor
			want[string(i.Open.Currency)] += minor
		}
		for _, credits := range []Credits{CreditsAged, CreditsApart} {
			r, err := age(items, credits)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int64{}
			for _, g := range r.Groups {
				got[string(g.Currency)] = sum(g.Amounts) + g.Unallocated
				if g.Total != got[string(g.Currency)] {
					t.Fatalf("%s: the buckets of %s do not make its total", credits, g.Currency)
				}
				for _, row := range g.Customers {
					got[string(g.Currency)+" "+row.Customer] = sum(row.Amounts) + row.Unallocated
					if row.Total != sum(row.Amounts)+row.Unallocated {
						t.Fatalf("%s: buckets of %s do not make its total", credits, row.Customer)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: %s", credits, diff)
			}
		}
	})
}

func TestOrderOfItemsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t)
		one, err := age(items, CreditsApart)
		if err != nil {
			t.Fatal(err)
		}
		other, err := age(rapid.Permutation(items).Draw(t, "permuted"), CreditsApart)
		if err != nil {
			t.Fatal(err)
		}
		equal := cmp.Comparer(func(a, b Figure) bool { return a.Cmp(b) == 0 })
		if diff := cmp.Diff(one.Groups, other.Groups, equal); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRowsAddedUpElsewhereGiveTheSameReport(t *testing.T) {
	t.Parallel()
	want := ledgerAtNovember(t, CreditsApart)
	b := NewBalance(want.On, DefaultBands(), CreditsApart)
	for _, row := range want.Groups[0].Customers {
		b.AddRow(row.Customer, money.EUR, row.Amounts, row.Unallocated)
	}
	got, err := b.Report()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Groups[0].Customers, got.Groups[0].Customers); diff != "" {
		t.Error(diff)
	}
}

func TestSumThatDoesNotFitIsAnError(t *testing.T) {
	t.Parallel()
	b := NewBalance(cal.Must("2026-11-22"), DefaultBands(), CreditsAged)
	for range 2 {
		b.Add("C1", cal.Must("2026-11-01"), money.New(1<<62, money.EUR))
	}
	if r, err := b.Report(); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestFiguresInJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(map[string]Figure{"a": DSO(eur(1), eur(3), 10), "b": DSO(eur(1), eur(0), 10), "c": whole(2)})
	if want := `{"a":3.33,"b":null,"c":2.00}`; err != nil || string(b) != want {
		t.Errorf("got %s, %v; want %s", b, err, want)
	}
}

func BenchmarkMillionItems(b *testing.B) {
	names := make([]string, 200_000)
	for i := range names {
		names[i] = fmt.Sprintf("C%06d", i)
	}
	due := cal.Must("2026-01-01")
	b.ReportAllocs()
	for b.Loop() {
		balance := NewBalance(cal.Must("2026-11-22"), DefaultBands(), CreditsAged)
		for i := range 1_000_000 {
			balance.Add(names[i%len(names)], due.Add(i%400), money.New(int64(i), money.EUR))
		}
		if _, err := balance.Report(); err != nil {
			b.Fatal(err)
		}
	}
}

func sum(list []int64) (total int64) {
	for _, n := range list {
		total += n
	}
	return total
}

func FuzzParseBands(f *testing.F) {
	for _, s := range []string{"0,30,60,90", "-30,0", "", "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := ParseBands(s)
		if err != nil {
			return
		}
		again, err := ParseBands(b.String())
		if err != nil || again.String() != b.String() || b.Count() != len(b.Buckets()) {
			t.Fatalf("%q is %s, then %s, %v", s, b, again, err)
		}
	})
}
