package fr

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/money"
)

func TestImputationBetweenDebts(t *testing.T) {
	t.Parallel()
	abc := []Debt{
		{"C", cents(600_00), day("2026-12-31")}, {"B", cents(800_00), day("2026-06-30")}, {"A", cents(1000_00), day("2026-05-31")},
	}
	xy := []Debt{{"X", cents(1000_00), day("2026-05-31")}, {"Y", cents(500_00), day("2026-05-31")}}
	for _, c := range []struct {
		id    string
		cents int64
		debts []Debt
		named string
		want  string
	}{
		{"oldest first", 1200_00, abc, "", "A 1000.00, B 200.00; 0.00"},
		{"ALL-02 the debtor names B", 1500_00, abc, "B", "B 800.00, A 700.00; 0.00"},
		{"names one that the money does not pay whole", 500_00, abc, "B", "A 500.00; 0.00"},
		{"names one to come", 700_00, abc, "C", "C 600.00, A 100.00; 0.00"},
		{"ALL-04 due before not due", 2000_00, abc, "", "A 1000.00, B 800.00, C 200.00; 0.00"},
		{"ALL-06 one due date", 900_00, xy, "", "X 600.00, Y 300.00; 0.00"},
		{"too much", 1600_00, xy, "", "X 1000.00, Y 500.00; 100.00"},
		{"no debt", 5_00, nil, "", "; 5.00"},
	} {
		shares, left, err := Impute(cents(c.cents), day("2026-11-22"), c.debts, strings.Fields(c.named)...)
		var list []string
		for _, s := range shares {
			list = append(list, s.ID+" "+s.Amount.Decimal())
		}
		if got := strings.Join(list, ", ") + "; " + left.Decimal(); got != c.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", c.id, got, err, c.want)
		}
	}
	if _, _, err := Impute(cents(1), day("2026-11-22"), abc, "Z"); err == nil {
		t.Error("a debt that is not there was paid")
	}
	if _, _, err := Impute(money.New(1, "USD"), day("2026-11-22"), abc); err == nil {
		t.Error("euros were paid in dollars")
	}
}

func TestImputationGivesAllThatItCanAndNoMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var debts []Debt
		open, total := map[string]money.Amount{}, cents(0)
		for i := range rapid.IntRange(0, 8).Draw(t, "debts") {
			d := Debt{fmt.Sprint(i), cents(rapid.Int64Range(0, 1000_00).Draw(t, "open")), day("2026-11-20").Add(rapid.IntRange(0, 4).Draw(t, "due"))}
			debts, open[d.ID], total = append(debts, d), d.Open, total.Add(d.Open)
		}
		var named []string
		if len(debts) > 0 && rapid.Bool().Draw(t, "names one") {
			named = append(named, rapid.SampledFrom(debts).Draw(t, "named").ID)
		}
		payment := cents(rapid.Int64Range(0, 6000_00).Draw(t, "payment"))
		shares, left, err := Impute(payment, day("2026-11-22"), debts, named...)
		if err != nil {
			t.Fatal(err)
		}
		given := cents(0)
		for _, s := range shares {
			given = given.Add(s.Amount)
			if s.Amount.Sign() < 0 || open[s.ID].Less(s.Amount) {
				t.Fatalf("%s gets %s of %s", s.ID, s.Amount, open[s.ID])
			}
			open[s.ID] = open[s.ID].Sub(s.Amount)
		}
		if given.Add(left) != payment || given != money.Min(payment, total) {
			t.Fatalf("%s of %s given, %s left, %s owed", given, payment, left, total)
		}
	})
}
