package aging

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// The base of the worked cases: 210 000 open on 31 October 2026, of which 150 000
// are not due; sold 60 000 in August, 80 000 in September, 95 000 in October.
var soldByMonth = map[string]money.Amount{"2026-08": eur(60_000), "2026-09": eur(80_000), "2026-10": eur(95_000)}

func quarter() []Month {
	return Months(cal.Must("2026-08-01"), cal.Must("2026-10-31"), money.EUR, soldByMonth)
}

func TestMeasuresOfAPeriod(t *testing.T) {
	t.Parallel()
	m := Measure(Period{
		From: cal.Must("2026-08-01"), To: cal.Must("2026-10-31"), Begin: eur(180_000), Sales: eur(235_000),
		Balance: eur(210_000), Current: eur(150_000), Months: quarter(),
	})
	got := []string{
		m.Simple.String(), m.CountBack.Days.String(), m.BestPossible.String(), m.Delinquent.String(),
		m.Effectiveness.String(),
	}
	want := []string{"82.21", "79.08", "58.72", "23.49", "77.36"} // KP-02, KP-06, KP-08
	if diff := cmp.Diff(want, got); diff != "" || m.CountBack.Incomplete {
		t.Errorf("%s incomplete: %v", diff, m.CountBack.Incomplete)
	}
}

func TestCountBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		balance    int64
		days       string
		incomplete bool
		left       int64
	}{
		{"KP-02", 210_000, "79.08", false, 0},
		{"KP-04: history too short", 300_000, "92.00", true, 65_000},
		{"a whole month", 95_000, "31.00", false, 0},
		{"all three", 235_000, "92.00", false, 0},
		{"nothing open", 0, "0.00", false, 0},
		{"credits only", -5_000, "0.00", false, 0},
	} {
		got := CountBackDSO(eur(c.balance), quarter())
		if got.Days.String() != c.days || got.Incomplete != c.incomplete || got.Left.Minor != c.left*100 {
			t.Errorf("%s: got %+v (%s days)", c.name, got, got.Days)
		}
	}
	withCredit := []Month{{eur(100), 30}, {eur(-50), 31}, {eur(100), 30}}
	if got := CountBackDSO(eur(150), withCredit); got.Days.String() != "76.00" {
		t.Errorf("a month with more credited than sold: %s days, want 76.00", got.Days)
	}
}

func TestMonthsCountOnlyTheDaysWithin(t *testing.T) {
	t.Parallel()
	got := Months(cal.Must("2026-08-15"), cal.Must("2026-11-22"), money.EUR, soldByMonth)
	want := []Month{{money.Zero(money.EUR), 22}, {eur(95_000), 31}, {eur(80_000), 30}, {eur(60_000), 17}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingSoldGivesNoFigure(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]Figure{
		"KP-10":            DSO(eur(10_000), eur(0), 92),
		"best possible":    BestPossibleDSO(eur(10_000), eur(0), 92),
		"delinquent":       DSO(eur(10_000), eur(0), 92).Sub(whole(1)),
		"effectiveness":    CollectionEffectiveness(eur(0), eur(5), eur(5), eur(5)),
		"rate":             Percent(eur(1), eur(0)),
		"share of nothing": Share(0, 0),
	} {
		if f.Known() || f.String() != "" {
			t.Errorf("%s: %s", name, f)
		}
	}
}

func TestDaysLate(t *testing.T) {
	t.Parallel()
	late, signed := DaysLate([]Paid{{eur(1000), -5}, {eur(1000), 5}}) // KP-12
	if late.String() != "2.50" || signed.String() != "0.00" {
		t.Errorf("got %s late, %s signed", late, signed)
	}
	if late, _ := DaysLate(nil); late.Known() {
		t.Errorf("no payment is %s days late", late)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	if got := Percent(eur(60_000), eur(210_000)).String() + " " + Share(2, 3).String(); got != "28.57 66.67" {
		t.Errorf("got %s", got)
	}
	dio := DSO(eur(300_000), eur(1_200_000), 365)
	dso := DSO(eur(450_000), eur(2_400_000), 365)
	dpo := DSO(eur(280_000), eur(1_440_000), 365)
	if got := CashCycle(dio, dso, dpo).String(); got != "88.72" { // KP-14
		t.Errorf("cash cycle: got %s", got)
	}
	bands := []int64{2500_00, 2500_00, -100_00, 1400_00, 400_00}
	rates := []money.Rate{0, money.BasisPoints(100), money.BasisPoints(500), money.BasisPoints(1000), money.BasisPoints(5000)}
	if got := ExpectedLoss(bands, money.EUR, rates); got != money.New(25_00+140_00+200_00, money.EUR) {
		t.Errorf("expected loss: got %s", got)
	}
}
