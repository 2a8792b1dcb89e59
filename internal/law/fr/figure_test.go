package fr

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/fault"
	_ "acquit/internal/propertytest"
)

func figure(key, value, from, to string) Figure {
	f := Figure{Key: key, Value: value, Fact: Fact{Source: "BCE", Confidence: "A", Read: day("2027-01-04")}}
	if from != "" {
		f.From = day(from)
	}
	if to != "" {
		f.To = day(to)
	}
	return f
}

func TestEveryFigureHasWordsAndItsSource(t *testing.T) {
	t.Parallel()
	for _, f := range loaded(t).Figures() {
		w := Label(f.Key)
		if w.FR == f.Key || w.EN == f.Key || w.FR == "" || w.EN == "" || f.Source == "" || f.Read == 0 || f.Unit == "" {
			t.Errorf("%s does not explain itself: %+v, %+v", f.Key, w, f)
		}
	}
}

func TestAMissingSemesterIsAddedAndOnlyThen(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	over, err := l.With(figure("ecb_rate", "265", "2027-01-01", ""))
	if err != nil {
		t.Fatal(err)
	}
	january := day("2027-01-15")
	if got, err := over.DefaultRate(january); err != nil || got.Percent() != "12.65" {
		t.Errorf("default: %s, %v", got.Percent(), err)
	}
	if _, err := over.LegalRate(january, AnyOther); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("the legal rate was not added: %v", err)
	}
	if over.LastSemester() != "2026-S2" {
		t.Errorf("one rate does not make a semester: %s", over.LastSemester())
	}
	if _, err := l.DefaultRate(january); err == nil {
		t.Error("the law that it was laid over has changed")
	}
}

func TestReplacedFiguresHoldForTheirDaysOnly(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	fifty := figure("fixed_indemnity", "5000", "2026-07-01", "2026-09-30")
	for name, c := range map[string]struct {
		figures []Figure
		on      string
		want    string
	}{
		"before":             {[]Figure{fifty}, "2026-06-30", "4000"},
		"first day":          {[]Figure{fifty}, "2026-07-01", "5000"},
		"last day":           {[]Figure{fifty}, "2026-09-30", "5000"},
		"after":              {[]Figure{fifty}, "2026-10-01", "4000"},
		"the later one wins": {[]Figure{fifty, figure("fixed_indemnity", "6000", "2026-08-01", "")}, "2026-09-30", "6000"},
		"taken back":         {[]Figure{fifty, figure("fixed_indemnity", "", "2026-07-01", "")}, "2026-08-01", "4000"},
		"replaced twice": {
			[]Figure{fifty, figure("fixed_indemnity", "7000", "2026-07-01", "2026-07-31")},
			"2026-08-01", "4000",
		},
	} {
		over, err := l.With(c.figures...)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := over.parameter("fixed_indemnity", "cents", day(c.on)); err != nil || p.value != c.want {
			t.Errorf("%s: %s, %v; want %s", name, p.value, err, c.want)
		}
	}
}

func TestFiguresThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for name, f := range map[string]Figure{
		"unknown key":      figure("speed_of_light", "1", "", ""),
		"no semester":      figure("ecb_rate", "265", "", ""),
		"not a number":     figure("ecb_rate", "2,65", "2027-01-01", ""),
		"a rate of 1000 %": figure("ecb_rate", "100000", "2027-01-01", ""),
		"backwards":        figure("fixed_indemnity", "5000", "2026-07-01", "2026-06-30"),
		"no such day":      figure("cibs_vat_switch", "2027-02-30", "", ""),
	} {
		if _, err := l.With(f); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// What no figure is about stays as it was; where one is, the law's own is gone.
func TestWhatIsNotReplacedStays(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		var list []Figure
		for range rapid.IntRange(0, 6).Draw(t, "figures") {
			from := day("2026-01-01").Add(rapid.IntRange(0, 300).Draw(t, "from"))
			f := Figure{
				Key: "fixed_indemnity", Value: rapid.SampledFrom([]string{"4500", "5000"}).Draw(t, "value"), From: from,
				To: from.Add(rapid.IntRange(0, 100).Draw(t, "days")), Fact: Fact{Source: "x", Confidence: "B", Read: from},
			}
			list = append(list, f)
		}
		once, err := l.With(list...)
		if err != nil {
			t.Fatal(err)
		}
		on := day("2026-01-01").Add(rapid.IntRange(0, 420).Draw(t, "on"))
		a, _ := once.parameter("fixed_indemnity", "cents", on)
		covered := slices.ContainsFunc(inForce(list), func(f Figure) bool { return f.From <= on && on <= f.To })
		if !covered && a.value != "4000" || covered && a.value == "4000" {
			t.Fatalf("%s on %s of %v", a.value, on, list)
		}
		if r, err := once.DefaultRate(on); err == nil {
			if same, _ := l.DefaultRate(on); same != r {
				t.Fatalf("the rate of %s moved", on)
			}
		}
	})
}

func TestSemestersAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cal.Date{
		"2027-S1": day("2027-01-01"), "2026 s2": day("2026-07-01"), "2027S1": day("2027-01-01"), "2027-S3": 0, "S1": 0,
	} {
		if got, err := SemesterStart(text); got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}
