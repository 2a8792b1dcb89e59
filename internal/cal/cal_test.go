package cal

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	oracle "github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/fr"
	"pgregory.net/rapid"

	"acquit/internal/fault"
	_ "acquit/internal/propertytest"
)

func TestMetropolitanCalendarAgreesWithAnotherOnEveryDay(t *testing.T) {
	t.Parallel()
	other := oracle.NewBusinessCalendar()
	other.AddHoliday(fr.Holidays...)
	c := NewCalendar(Metropole)
	for d := Must("1990-01-01"); d <= Must("2099-12-31"); d++ {
		if got, want := c.IsOpen(d), other.IsWorkday(d.Time()); got != want {
			t.Errorf("%s: open %v, want %v", d, got, want)
		}
	}
}

func TestEasterMonday(t *testing.T) {
	t.Parallel()
	for _, sunday := range []string{
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21",
	} {
		d := Must(sunday)
		if got := easter(d.Year()); got != d {
			t.Errorf("Easter %d: got %s, want %s", d.Year(), got, d)
		}
	}
}

func TestRegionsHaveTheirOwnHolidays(t *testing.T) {
	t.Parallel()
	common := NewCalendar(Metropole).Holidays(2026)
	for region, want := range map[Region][]string{
		Metropole:             nil,
		AlsaceMoselle:         {"2026-04-03", "2026-12-26"},
		Guadeloupe:            {"2026-05-27"},
		Martinique:            {"2026-05-22"},
		Guyane:                {"2026-06-10"},
		Reunion:               {"2026-12-20"},
		Mayotte:               {"2026-04-27"},
		SaintBarthelemy:       {"2026-10-09"},
		SaintMartin:           {"2026-05-28"},
		SaintPierreEtMiquelon: nil,
		NouvelleCaledonie:     {"2026-09-24"},
	} {
		c := NewCalendar(region)
		var own []string
		for _, h := range c.Holidays(2026) {
			if c.IsOpen(h.On) {
				t.Errorf("%s: %s (%s) is open", region, h.On, h.Name)
			}
			if !containsDay(common, h.On) {
				own = append(own, h.On.String())
			}
		}
		if diff := cmp.Diff(want, own); diff != "" || len(c.Holidays(2026)) != len(common)+len(want) {
			t.Errorf("%s, besides the national ones: %s", region, diff)
		}
		if _, err := ParseRegion(string(region)); err != nil {
			t.Errorf("%s is not read: %v", region, err)
		}
	}
	if _, err := ParseRegion("bretagne"); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an unknown region gives %v", err)
	}
}

func containsDay(days []Holiday, d Date) bool {
	for _, h := range days {
		if h.On == d {
			return true
		}
	}
	return false
}

func TestClosuresAndTheirNeighbours(t *testing.T) {
	t.Parallel()
	closed := Period{From: Must("2026-08-03"), To: Must("2026-08-21")}
	c := NewCalendar(Metropole, closed, Period{From: Must("2150-03-02"), To: Must("2150-03-03")})
	for _, day := range []struct{ from, next, prev string }{
		{"2026-08-01", "2026-08-24", "2026-07-31"}, // Saturday before the closure
		{"2026-08-21", "2026-08-24", "2026-07-31"},
		{"2026-07-31", "2026-07-31", "2026-07-31"},
		{"2026-12-25", "2026-12-28", "2026-12-24"},
		{"2150-03-02", "2150-03-04", "2150-02-27"}, // beyond the table
		{"1989-05-01", "1989-05-02", "1989-04-28"},
	} {
		if got := c.NextOpen(Must(day.from)).String(); got != day.next {
			t.Errorf("next from %s: got %s, want %s", day.from, got, day.next)
		}
		if got := c.PrevOpen(Must(day.from)).String(); got != day.prev {
			t.Errorf("previous from %s: got %s, want %s", day.from, got, day.prev)
		}
	}
}

func TestCalendarThatNeverOpensDoesNotHang(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Metropole, Period{From: Must("1990-01-01"), To: Must("2109-12-31")})
	if d := Must("2026-11-22"); c.NextOpen(d) != d {
		t.Errorf("got %s, want the day itself", c.NextOpen(d))
	}
}

func TestProceduralDeadlinesRollForward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, want string }{ // PRO-02, 04, 06, 08, 10
		{"2026-12-10", "2026-12-10"},
		{"2026-11-14", "2026-11-16"},
		{"2026-12-14", "2026-12-14"},
		{"2027-02-28", "2027-03-01"},
		{"2027-04-20", "2027-04-20"},
		{"2026-12-25", "2026-12-28"},
		{"2026-04-03", "2026-04-03"}, // Good Friday carries nothing
	} {
		if got := RollForward(Must(c.raw)).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.raw, got, c.want)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, days := range map[string]int{"2026-08-03..2026-08-21": 19, "2026-08-03": 1} {
		p, err := ParsePeriod(text)
		if err != nil || p.Days() != days || p.String() != text {
			t.Errorf("%s: got %v with %d days, %v", text, p, p.Days(), err)
		}
	}
	for _, text := range []string{
		"", "2026-08-21..2026-08-03", "2026-08-03..", "2026-02-30", "2026-01-01..2036-01-01",
	} {
		if p, err := ParsePeriod(text); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q is read as %v, %v", text, p, err)
		}
	}
}

func TestDatesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, long, short, en string }{
		{"2026-11-22", "22 novembre 2026", "22 nov. 2026", "22 November 2026"},
		{"2026-12-01", "1er décembre 2026", "1er déc. 2026", "1 December 2026"},
		{"2026-08-15", "15 août 2026", "15 août 2026", "15 August 2026"},
	} {
		d := Must(c.day)
		got := []string{d.Long("fr"), d.Short("fr"), d.Long("en")}
		if diff := cmp.Diff([]string{c.long, c.short, c.en}, got); diff != "" {
			t.Error(diff)
		}
	}
	if got := Must("2026-11-22").DayName("fr") + " " + Must("2026-11-02").Numeric(); got != "dimanche 02/11/2026" {
		t.Errorf("got %s", got)
	}
	if got := Date(0).Long("fr") + Date(0).Short("en") + Date(0).Numeric(); got != "" {
		t.Errorf("no day is written %q", got)
	}
}

func TestParseHumanReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"22/11/2026": "2026-11-22", "22/11/26": "2026-11-22", "22.11.2026": "2026-11-22", "22-11-2026": "2026-11-22",
		"2/1/2026": "2026-01-02", "2026-11-22": "2026-11-22", "2026/11/22": "2026-11-22", "20261122": "2026-11-22",
		"22 nov. 2026": "2026-11-22", "22 novembre 2026": "2026-11-22", "1er décembre 2026": "2026-12-01",
		"1ER DECEMBRE 2026": "2026-12-01", "22-nov-26": "2026-11-22", "Nov 22, 2026": "2026-11-22",
		"November 22nd, 2026": "2026-11-22", "22 November 2026": "2026-11-22", "15 aou\u0302t 2026": "2026-08-15",
		"dimanche 22 novembre 2026": "2026-11-22", "le 3 févr. 2026": "2026-02-03", "Sun, 22 Nov 2026": "2026-11-22",
		"2026-11-22T00:00:00Z": "2026-11-22", "2026-11-22 23:59:59.999+02:00": "2026-11-22",
		"22/11/2026 14:30":       "2026-11-22",
		"22\u00a0nov.\u202f2026": "2026-11-22", "46348": "2026-11-22", "46348.5": "2026-11-22",
		"31/12/85":   "1985-12-31",
		"29/02/2024": "2024-02-29", "2026-11-22+01:00": "2026-11-22", " 22/11/2026 ": "2026-11-22",
	} {
		if got, err := ParseHuman(text, DayFirst); err != nil || got.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, got, err, want)
		}
	}
	if got, err := ParseHuman("11/22/2026", MonthFirst); err != nil || got.String() != "2026-11-22" {
		t.Errorf("month first: got %s, %v", got, err)
	}
}

func TestParseHumanRefusesDaysThatDoNotExist(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "31/02/2026", "29/02/2025", "11/22/2026", "00/01/2026", "20261301", "31 novembre 2026", "22 foo 2026",
		"22/11", "0026-11-22", "22/11/1066", "12345", "1234567", "facture 22 nov. 2026", "22/11/202", "1e5",
		strings.Repeat("1", 200),
	} {
		if got, err := ParseHuman(text, DayFirst); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: got %s, %v; want it refused", text, got, err)
		}
	}
}

func TestSerialsCountLikeSpreadsheets(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		1: "1900-01-01", 59: "1900-02-28", 60: "1900-02-28", 61: "1900-03-01", 43831: "2020-01-01",
	} {
		if got := FromSerial(n).String(); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestWrittenDatesAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := Date(rapid.Int32Range(int32(Must("1980-01-01")), int32(Must("2199-12-31"))).Draw(t, "day"))
		lang := rapid.SampledFrom([]string{"fr", "en"}).Draw(t, "language")
		for _, text := range []string{
			want.String(), want.Numeric(), want.Long(lang), want.Short(lang),
			want.DayName(lang) + " " + want.Long(lang),
		} {
			if got, err := ParseHuman(text, DayFirst); err != nil || got != want {
				t.Fatalf("%q: got %s, %v; want %s", text, got, err, want)
			}
		}
	})
}

func TestDateArithmeticAgreesWithTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(1, int32(Must("3000-01-01"))).Draw(t, "day"))
		if weekend(d) != (d.Weekday() == time.Saturday || d.Weekday() == time.Sunday) {
			t.Fatalf("%s is a %s", d, d.Weekday())
		}
		n := rapid.IntRange(0, 240).Draw(t, "months")
		later := d.AddMonths(n)
		y, m, day := d.Date()
		ly, lm, lday := later.Date()
		if (ly-y)*12+int(lm-m) != n || lday > day || lday < day && later != later.EndOfMonth() {
			t.Fatalf("%s + %d months is %s", d, n, later)
		}
	})
}

func BenchmarkIsOpen(b *testing.B) {
	c := NewCalendar(Metropole)
	d := Must("2026-11-22")
	for b.Loop() {
		if c.IsOpen(d) {
			b.Fatal("a Sunday is open")
		}
	}
}

func BenchmarkNewCalendar(b *testing.B) {
	for b.Loop() {
		NewCalendar(AlsaceMoselle)
	}
}

func FuzzParseHuman(f *testing.F) {
	for _, s := range []string{
		"22/11/2026", "1er décembre 2026", "Nov 22, 2026", "20261122", "46348.5", "2026-11-22T10:00:00Z",
	} {
		f.Add(s, 0)
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, order int) {
		d, err := ParseHuman(s, Order(order))
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("%q: %v is not a fault of the text", s, err)
			}
			return
		}
		if y := d.Year(); y < minYear || y > maxYear {
			t.Fatalf("%q: %s is out of range", s, d)
		}
	})
}
