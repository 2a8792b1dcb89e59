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
		"KP-10":         DSO(eur(10_000), eur(0), 92),
		"best possible": BestPossibleDSO(eur(10_000), eur(0), 92),
		"delinquent":    DSO(eur(10_000), eur(0), 92).Sub(whole(1)),
		"effectiveness": CollectionEffectiveness(eur(0), eur(5), eur(5), eur(5)),
	} {
		if f.Known() || f.String() != "" {
			t.Errorf("%s: %s", name, f)
		}
	}
}
