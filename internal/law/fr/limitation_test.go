package fr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
)

func events(t testing.TB, s string) []Event {
	t.Helper()
	var list []Event
	for word := range strings.FieldsSeq(s) {
		e, err := ParseEvent(word)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

// The worked cases of limitation; PRE-01 is a claim between businesses of 15 March
// 2021.
func TestLimitation(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, c := range []struct{ id, kind, from, events, expires, findings string }{
		{"PRE-01", "business", "2021-03-15", "", "2026-03-15", "expired/violation"},
		{"PRE-02 from 29 February", "business", "2024-02-29", "", "2029-02-28", ""},
		{"consumer", "b2c", "2026-02-10", "", "2028-02-10", ""},
		{"PRE-04 road transport", "transport", "2026-02-10", "", "2027-02-10", ""},
		{"PRE-06 expires today", "business", "2021-11-22", "", "2026-11-22", ""},
		{"PRE-08 unknown sector", "unknown", "2026-01-10", "", "2027-01-10", "hypothesis/doubt"},
		{
			"PRE-10 mediation", "business", "2021-03-15", "2025-12-15:mediation 2026-03-31:mediation_end", "2026-09-30",
			"expired/violation suspended/remark",
		},
		{
			"mediation, more than six months left", "business", "2021-03-15", "2025-03-15:mediation 2025-04-14:mediation_end",
			"2026-04-14", "expired/violation suspended/remark",
		},
		{
			"mediation that goes on", "business", "2022-03-15", "2026-10-23:mediation", "2027-05-22",
			"suspended/remark suspension_open/remark",
		},
		{"PRE-12 public body", "public", "2022-06-15", "", "2026-12-31", "period_unverified/doubt"},
		{
			"a letter to a public body", "public", "2022-06-15", "2024-03-01:registered", "2028-12-31",
			"interrupted/remark period_unverified/doubt",
		},
		{
			"PRE-14 order filed in time, served late", "business", "2021-03-15", "2026-02-20:filing 2026-05-02:service",
			"2026-03-15", "already_expired/violation expired/violation no_effect/remark",
		},
		{
			"order served in time", "business", "2021-03-15", "2026-02-20:filing 2026-03-15:service", "2031-03-15",
			"interrupted/remark no_effect/remark",
		},
		{
			"PRE-16 acknowledged too late", "business", "2021-03-15", "2026-04-01:acknowledgment", "2026-03-15",
			"after_expiry/doubt expired/violation",
		},
		{"INS-08 plan signed", "business", "2023-01-01", "2026-11-22:acknowledgment", "2031-11-22", "interrupted/remark"},
		{
			"paid in part, twice", "consumer", "2024-06-01", "2025-05-31:payment 2026-05-30:Partial-Payment", "2028-05-30",
			"interrupted/remark interrupted/remark",
		},
		{
			"letters interrupt nothing", "business", "2022-01-10", "2022-03-01:reminder 2022-04-01:registered 2022-05-01:notice",
			"2027-01-10", "no_effect/remark no_effect/remark no_effect/remark",
		},
		{
			"registered letter of an insurer", "insurance", "2025-01-10", "2025-02-01:reminder 2026-02-01:registered", "2028-02-01",
			"interrupted/remark no_effect/remark period_unverified/doubt",
		},
		{
			"court claim that goes on", "business", "2022-01-10", "2026-01-10:claim", "2031-01-10",
			"interrupted/remark until_the_end/remark",
		},
		{
			"court claim that was dismissed", "business", "2021-12-10", "2025-01-10:claim 2026-01-10:claim_void", "2026-12-10",
			"no_effect/remark",
		},
		{
			"an instance that outlasts the period", "business", "2012-01-10", "2016-01-10:claim 2022-06-01:claim_end", "2027-06-01",
			"interrupted/remark interrupted/remark until_the_end/remark",
		},
		{
			"a procedure still open after the period", "consumer", "2021-01-10", "2022-06-01:declaration", "2028-11-22",
			"interrupted/remark procedure_open/remark until_the_end/remark",
		},
		{
			"acknowledged while a mediation goes on", "business", "2022-01-10",
			"2026-02-01:mediation 2026-03-01:acknowledgment 2026-05-01:mediation_end", "2031-05-01",
			"interrupted/remark suspended/remark",
		},
		{"before the start", "business", "2022-01-10", "2021-12-01:payment", "2027-01-10", "before_start/remark"},
		{"after today", "business", "2022-01-10", "2026-12-01:payment", "2027-01-10", "not_yet/remark"},
		{"barred", "consumer", "2024-11-21", "", "2026-11-21", "expired/violation"},
		{
			"twenty years", "business", "2008-01-10", "2012-12-01:payment 2017-11-30:payment 2022-11-01:payment 2026-11-01:payment",
			"2028-01-10", "interrupted/remark interrupted/remark interrupted/remark interrupted/remark long_stop/remark",
		},
	} {
		got, err := l.Limitation(c.kind, day(c.from), day("2026-11-22"), events(t, c.events)...)
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		want := []string{c.expires, c.findings}
		if diff := cmp.Diff(want, []string{got.Expires.String(), strings.Join(codes(got.Findings), " ")}); diff != "" {
			t.Errorf("%s:\n%s", c.id, diff)
		}
		for _, f := range got.Findings {
			if f.Source == "" || f.Text.FR == "" || f.Text.EN == "" {
				t.Errorf("%s: %+v does not explain itself", c.id, f)
			}
		}
	}
}

// TestAContractMaySetThePeriod from one year to ten, but not against a consumer, a
// public body or for a rent (C. civ. 2254, C. conso. L218-1).
func TestAContractMaySetThePeriod(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, c := range []struct {
		kind    string
		months  int
		expires string // none is a refusal
	}{
		{"business", 12, "2026-03-15"},
		{"business", 120, "2035-03-15"},
		{"business", 0, "2030-03-15"},
		{"transport", 24, "2027-03-15"},
		{"business", 11, ""},
		{"business", 121, ""},
		{"consumer", 24, ""},
		{"public", 60, ""},
		{"housing-rent", 60, ""},
		{"insurance", 36, ""},
	} {
		got, err := l.LimitationAgreed(c.kind, c.months, day("2025-03-15"), day("2025-06-01"))
		if c.expires == "" {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%s over %d months: %v", c.kind, c.months, err)
			}
			continue
		}
		if err != nil || got.Expires.String() != c.expires {
			t.Errorf("%s over %d months: %s, %v; want %s", c.kind, c.months, got.Expires, err, c.expires)
		}
	}
}

func TestLimitationOfNothingKnownIsRefused(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	if _, err := l.Limitation("debt", day("2024-01-01"), day("2026-11-22")); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an unknown kind: %v", err)
	}
	if _, err := l.Limitation("business", 0, day("2026-11-22")); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("no start: %v", err)
	}
	for _, text := range []string{"", "2026-01-01", "2026-01-01:prayer", "payment:2026-01-01", "2026-02-30:payment"} {
		if e, err := ParseEvent(text); err == nil {
			t.Errorf("%q is read as %+v", text, e)
		}
	}
}

func TestEveryEventAndPeriodIsToldInWords(t *testing.T) {
	t.Parallel()
	for _, e := range EventTypes() {
		if w := eventWords[e]; w.FR == "" || w.EN == "" || eventAliases[string(e)] != "" {
			t.Errorf("%s has no words", e)
		}
	}
	rules := map[string]string{
		"business": "entre professionnels\u00a0: 5\u00a0ans (C. com. art. L110-4 I)",
		"cheque":   "recours sur un chèque\u00a0: 6\u00a0mois (CMF art. L131-59)",
		"public":   "sur une personne publique\u00a0: 4\u00a0ans à compter du 1er janvier suivant (loi n° 68-1250 art. 1 et 2)",
	}
	for _, k := range loaded(t).LimitationKinds() {
		if want, ok := rules[k.Key]; ok && k.Rule(i18n.FR) != want {
			t.Errorf("%s: %s, want %s", k.Key, k.Rule(i18n.FR), want)
		}
		if strings.Contains(k.Rule(i18n.EN), "ans") && k.Key != "transport" {
			t.Errorf("%s: %s", k.Key, k.Rule(i18n.EN))
		}
	}
}

// TestNothingThatHappensShortensTheTimeToSue, and the order in which events are
// given does not matter.
func TestNothingThatHappensShortensTheTimeToSue(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(l.LimitationKinds()).Draw(t, "kind")
		from := day("2010-01-01").Add(rapid.IntRange(0, 5000).Draw(t, "from"))
		on := from.Add(rapid.IntRange(0, 4000).Draw(t, "on"))
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Event {
			return Event{
				On:   from.Add(rapid.IntRange(-100, 4000).Draw(t, "day")),
				Type: rapid.SampledFrom(EventTypes()).Draw(t, "type"),
			}
		}), 0, 6).Draw(t, "events")
		bare, err := l.Limitation(kind.Key, from, on)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Limitation(kind.Key, from, on, list...)
		if err != nil || got.Expires < bare.Expires {
			t.Fatalf("%s without events, %s with them (%v)", bare.Expires, got.Expires, err)
		}
		if got.Expires > bare.Expires && !changes(list, on) {
			t.Fatalf("%s became %s though nothing interrupts", bare.Expires, got.Expires)
		}
	})
}

// changes tells whether anything among the events could move the end.
func changes(list []Event, on cal.Date) bool {
	for _, e := range list {
		if e.On <= on && e.Type != OrderFiled && e.Type != CourtVoid && e.Type != MediationEnd {
			return true
		}
	}
	return false
}
