package fr

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/law"
	"acquit/internal/money"
)

func eur(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s, money.EUR)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// claim is "10000 ; 2025-12-15 → 2026-01-31 ; PAY 500 2026-05-31 ; CREDIT …", as
// the worked cases are written.
func claim(t testing.TB, s string) Claim {
	t.Helper()
	parts := strings.Split(s, " ; ")
	from, to, ok := strings.Cut(parts[1], " → ")
	if !ok {
		t.Fatalf("%q has no days", s)
	}
	c := Claim{Debtor: law.Business, Amount: eur(t, parts[0]), Due: day(from), Until: day(to)}
	for _, m := range parts[2:] {
		words := strings.Fields(m)
		c.Movements = append(c.Movements, Movement{
			On: day(words[2]), Amount: eur(t, words[1]), Credit: words[0] == "CREDIT",
		})
	}
	return c
}

func told(segments []Segment) string {
	var list []string
	for _, s := range segments {
		text := fmt.Sprintf("%d d @ %s on %s", s.Days(), s.Rate.Percent(), s.Principal.Decimal())
		if s.Base != 365 {
			text += fmt.Sprint(" /", s.Base)
		}
		list = append(list, text+" = "+s.Interest.Decimal())
	}
	return strings.Join(list, ", ")
}

func rate(percent string) func(*Claim) {
	return func(c *Claim) {
		r, err := money.ParseRate(percent)
		if err != nil {
			panic(err)
		}
		c.Agreed = &r
	}
}

// The worked cases of late interest. Those whose names have no number were counted
// by hand.
func TestInterest(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, c := range []struct {
		id, claim string
		with      func(*Claim)
		segments  string
		sums      string // accrued, still due, principal due, indemnity
		findings  string
	}{
		{
			"PEN-02 crosses the year at one rate", "10000 ; 2025-12-15 → 2026-01-31", nil,
			"47 d @ 12.15 on 10000.00 = 156.45", "156.45 156.45 10000.00 40.00", "",
		},
		{
			"PEN-04 three semesters", "5000 ; 2024-12-31 → 2026-06-30", nil,
			"181 d @ 13.15 on 5000.00 = 326.05, 365 d @ 12.15 on 5000.00 = 607.50", "933.55 933.55 5000.00 40.00", "",
		},
		{
			"PEN-06 below the floor", "2500 ; 2026-09-30 → 2026-11-22", rate("5"),
			"53 d @ 5.00 on 2500.00 = 18.15", "18.15 18.15 2500.00 40.00", "rate_below_floor/violation",
		},
		{
			"PEN-08 contract rate", "1234.56 ; 2026-03-15 → 2026-11-22", rate("15"),
			"252 d @ 15.00 on 1234.56 = 127.85", "127.85 127.85 1234.56 40.00", "",
		},
		{
			"PEN-10 leap year", "10000 ; 2023-12-31 → 2024-12-31", func(c *Claim) { c.Basis = Actual },
			"182 d @ 14.50 on 10000.00 /366 = 721.04, 184 d @ 14.25 on 10000.00 /366 = 716.39",
			"1437.43 1437.43 10000.00 40.00", "",
		},
		{
			"leap year by 365", "10000 ; 2023-12-31 → 2024-12-31", nil,
			"182 d @ 14.50 on 10000.00 = 723.01, 184 d @ 14.25 on 10000.00 = 718.36",
			"1441.37 1441.37 10000.00 40.00", "",
		},
		{
			"years of two lengths at one rate", "10000 ; 2024-12-01 → 2025-01-31",
			func(c *Claim) { rate("15")(c); c.Basis = Actual },
			"30 d @ 15.00 on 10000.00 /366 = 122.95, 31 d @ 15.00 on 10000.00 = 127.40",
			"250.35 250.35 10000.00 40.00", "",
		},
		{"PEN-12 paid on the due date", "480 ; 2026-11-20 → 2026-11-20", nil, "", "0.00 0.00 480.00 0.00", ""},
		{
			"IND-06 paid on the due date", "480 ; 2026-11-20 → 2026-12-20 ; PAY 480 2026-11-20", nil,
			"", "0.00 0.00 0.00 0.00", "",
		},
		{
			"paid a day late", "480 ; 2026-11-20 → 2026-12-20 ; PAY 480 2026-11-21", nil,
			"1 d @ 12.40 on 480.00 = 0.16, 29 d @ 12.40 on 0.16 = 0.00", "0.16 0.00 0.16 40.00", "",
		},
		{
			"PEN-14 rate jump", "10000 ; 2022-12-01 → 2023-07-31", nil,
			"30 d @ 10.00 on 10000.00 = 82.19, 181 d @ 12.50 on 10000.00 = 619.86, 31 d @ 14.00 on 10000.00 = 118.90",
			"820.95 820.95 10000.00 40.00", "",
		},
		{
			"PEN-16 tiny", "0.99 ; 2026-06-15 → 2026-07-15", nil,
			"15 d @ 12.15 on 0.99 = 0.00, 15 d @ 12.40 on 0.99 = 0.01", "0.01 0.01 0.99 40.00", "",
		},
		{
			"PEN-17, ALL-08 interest first", "1000 ; 2026-03-31 → 2026-07-31 ; PAY 500 2026-05-31", nil,
			"61 d @ 12.15 on 1000.00 = 20.31, 30 d @ 12.15 on 520.31 = 5.20, 31 d @ 12.40 on 520.31 = 5.48",
			"30.99 10.68 520.31 40.00", "",
		},
		{
			"PEN-18 principal first", "1000 ; 2026-03-31 → 2026-07-31 ; PAY 500 2026-05-31",
			func(c *Claim) { c.Imputation = PrincipalFirst },
			"61 d @ 12.15 on 1000.00 = 20.31, 30 d @ 12.15 on 500.00 = 4.99, 31 d @ 12.40 on 500.00 = 5.27",
			"30.57 30.57 500.00 40.00", "",
		},
		{
			"PEN-20 insolvency", "7200 ; 2026-06-30 → 2026-11-22", func(c *Claim) { c.Insolvent = day("2026-10-08") },
			"99 d @ 12.40 on 7200.00 = 242.16", "242.16 242.16 7200.00 40.00", "interest_stopped/remark",
		},
		{
			"IND-08 due after the judgment", "7200 ; 2026-10-20 → 2026-11-22",
			func(c *Claim) { c.Insolvent = day("2026-10-08") }, "", "0.00 0.00 7200.00 0.00", "interest_stopped/remark",
		},
		{
			"PEN-22 consumer", "800 ; 2026-07-31 → 2026-10-10",
			func(c *Claim) { c.Debtor, c.Notice = law.Consumer, day("2026-09-10") },
			"30 d @ 2.75 on 800.00 = 1.81", "1.81 1.81 800.00 0.00", "",
		},
		{
			"consumer, notice not known", "800 ; 2026-09-10 → 2026-10-10", func(c *Claim) { c.Debtor = law.Consumer },
			"30 d @ 2.75 on 800.00 = 1.81", "1.81 1.81 800.00 0.00", "notice_assumed/doubt",
		},
		{
			"owed to a private person", "800 ; 2026-09-10 → 2026-10-10",
			func(c *Claim) { c.Debtor, c.Creditor, c.Notice = law.Consumer, PrivatePerson, c.Due },
			"30 d @ 6.84 on 800.00 = 4.50", "4.50 4.50 800.00 0.00", "",
		},
		{
			"PEN-24 judgment", "10000 ; 2026-09-01 → 2026-11-22", func(c *Claim) { c.Enforced = day("2026-09-02") },
			"82 d @ 7.75 on 10000.00 = 174.11", "174.11 174.11 10000.00 40.00", "",
		},
		{
			"a judgment on the way", "10000 ; 2026-08-31 → 2026-11-22", func(c *Claim) { c.Enforced = day("2026-11-01") },
			"61 d @ 12.40 on 10000.00 = 207.23, 22 d @ 7.75 on 10000.00 = 46.71", "253.94 253.94 10000.00 40.00", "",
		},
		{
			"PEN-26 two payments", "6000 ; 2026-06-30 → 2026-11-22 ; PAY 2000 2026-10-15 ; PAY 2000 2026-08-31", nil,
			"62 d @ 12.40 on 6000.00 = 126.38, 45 d @ 12.40 on 4126.38 = 63.08, 38 d @ 12.40 on 2189.46 = 28.27",
			"217.73 28.27 2189.46 40.00", "",
		},
		{
			"public buyer, frozen at its first day", "10000 ; 2026-05-31 → 2026-08-31", func(c *Claim) { c.Debtor = law.Public },
			"92 d @ 10.15 on 10000.00 = 255.84", "255.84 255.84 10000.00 40.00", "",
		},
		{
			"public buyer, first day of a semester", "10000 ; 2026-06-30 → 2026-08-31", func(c *Claim) { c.Debtor = law.Public },
			"62 d @ 10.40 on 10000.00 = 176.66", "176.66 176.66 10000.00 40.00", "",
		},
		{
			"public buyer, less by contract", "10000 ; 2026-06-30 → 2026-08-31",
			func(c *Claim) { c.Debtor = law.Public; rate("8")(c) },
			"62 d @ 8.00 on 10000.00 = 135.89", "135.89 135.89 10000.00 40.00", "rate_below_floor/violation",
		},
		{
			"IND-04 consumer by contract", "100 ; 2026-08-31 → 2026-09-30", func(c *Claim) { c.Debtor = law.Consumer; rate("3")(c) },
			"30 d @ 3.00 on 100.00 = 0.25", "0.25 0.25 100.00 0.00", "consumer_rate/doubt",
		},
		{
			"IND-10 credited before it was due", "300 ; 2026-10-31 → 2026-11-22 ; CREDIT 300 2026-10-15", nil,
			"", "0.00 0.00 0.00 0.00", "",
		},
		{
			"IND-02 paid in three", "300 ; 2026-08-31 → 2026-11-22 ; PAY 100 2026-08-31 ; PAY 100 2026-09-30 ; PAY 102.71 2026-10-30", nil,
			"30 d @ 12.40 on 200.00 = 2.04, 30 d @ 12.40 on 102.04 = 1.04, 23 d @ 12.40 on 0.37 = 0.00",
			"3.08 0.00 0.37 40.00", "",
		},
		{
			"ALL-14 credit note, then payment", "1000 ; 2026-10-31 → 2026-11-22 ; CREDIT 200 2026-10-31 ; PAY 800 2026-10-31", nil,
			"", "0.00 0.00 0.00 0.00", "",
		},
		{
			"a credit note on the day of a payment", "1000 ; 2026-10-31 → 2026-11-22 ; PAY 803.40 2026-11-10 ; CREDIT 200 2026-11-10", nil,
			"10 d @ 12.40 on 1000.00 = 3.40", "3.40 0.00 0.00 40.00", "",
		},
		{"STM F1", "1200 ; 2026-06-30 → 2026-11-22", nil, "145 d @ 12.40 on 1200.00 = 59.11", "59.11 59.11 1200.00 40.00", ""},
		{"STM F2", "845.50 ; 2026-08-31 → 2026-11-22", nil, "83 d @ 12.40 on 845.50 = 23.84", "23.84 23.84 845.50 40.00", ""},
		{"STM F3", "3000 ; 2026-11-30 → 2026-11-22", nil, "", "0.00 0.00 3000.00 0.00", ""},
		{"STM F4", "150 ; 2026-10-15 → 2026-11-22", nil, "38 d @ 12.40 on 150.00 = 1.94", "1.94 1.94 150.00 40.00", ""},
		{
			"whole years bear interest", "1000 ; 2023-12-31 → 2025-12-31", func(c *Claim) { rate("10")(c); c.Compound = c.Due },
			"366 d @ 10.00 on 1000.00 = 100.27, 365 d @ 10.00 on 1100.27 = 110.03", "210.30 210.30 1000.00 40.00",
			"compounded/remark rate_below_floor/violation",
		},
		{
			"and not a year less a day", "1000 ; 2024-12-31 → 2025-12-30", func(c *Claim) { rate("10")(c); c.Compound = c.Due },
			"364 d @ 10.00 on 1000.00 = 99.73", "99.73 99.73 1000.00 40.00", "rate_below_floor/violation",
		},
		{
			"interest paid meanwhile bears none", "1000 ; 2024-12-31 → 2026-01-31 ; PAY 40 2025-06-30",
			func(c *Claim) { rate("12")(c); c.Compound = c.Due },
			"365 d @ 12.00 on 1000.00 = 120.00, 31 d @ 12.00 on 1080.00 = 11.01", "131.01 91.01 1000.00 40.00",
			"compounded/remark",
		},
		{
			"a year ends after the judgment", "1000 ; 2024-12-31 → 2026-03-31",
			func(c *Claim) { rate("12")(c); c.Compound = c.Due; c.Insolvent = day("2025-12-31") },
			"364 d @ 12.00 on 1000.00 = 119.67", "119.67 119.67 1000.00 40.00", "interest_stopped/remark",
		},
		{
			"a rate from memory", "1000 ; 2019-06-30 → 2019-07-31", nil,
			"31 d @ 10.00 on 1000.00 = 8.49", "8.49 8.49 1000.00 40.00", "rate_unverified/doubt",
		},
		{
			"before semesters", "1000 ; 2012-06-30 → 2012-07-31", nil,
			"31 d @ 11.00 on 1000.00 = 9.34", "9.34 9.34 1000.00 0.00", "before_semesters/doubt",
		},
		{
			"a contract rate beyond the known floors", "1000 ; 2026-12-31 → 2027-01-31", rate("15"),
			"31 d @ 15.00 on 1000.00 = 12.74", "12.74 12.74 1000.00 40.00", "floor_unknown/doubt",
		},
	} {
		in := claim(t, c.claim)
		if c.with != nil {
			c.with(&in)
		}
		got, err := l.Interest(in)
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		sums := strings.Join([]string{
			got.Interest.Decimal(), got.InterestDue.Decimal(), got.PrincipalDue.Decimal(), got.Indemnity.Decimal(),
		}, " ")
		want := []string{c.segments, c.sums, c.findings}
		if diff := cmp.Diff(want, []string{told(got.Segments), sums, strings.Join(codes(got.Findings), " ")}); diff != "" {
			t.Errorf("%s:\n%s", c.id, diff)
		}
		for _, f := range got.Findings {
			if f.Source == "" || f.Text.FR == "" || f.Text.EN == "" {
				t.Errorf("%s: %+v does not explain itself", c.id, f)
			}
		}
	}
}

func TestMoneyBeyondPrincipalAndInterestPaysTheIndemnityLast(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for paid, want := range map[string]string{ // ALL-10 and beyond
		"1060.31": "0.00 0.00 0.00 0.00", "1030.31": "0.00 0.00 30.00 0.00", "1100.00": "0.00 0.00 0.00 39.69",
	} {
		got, err := l.Interest(claim(t, "1000 ; 2026-03-31 → 2026-07-31 ; PAY "+paid+" 2026-05-31"))
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(got.InterestDue.Decimal(), " ", got.PrincipalDue.Decimal(), " ", got.IndemnityDue.Decimal(),
			" ", got.Surplus.Decimal())
		if text != want || got.Interest.Decimal() != "20.31" || got.Indemnity.Decimal() != "40.00" {
			t.Errorf("%s paid: %s, want %s (%+v)", paid, text, want, got)
		}
	}
}

func TestAStatementAddsUp(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	principal, interest, indemnity := cents(0), cents(0), cents(0)
	for _, text := range []string{"1200 ; 2026-06-30", "845.50 ; 2026-08-31", "3000 ; 2026-11-30", "150 ; 2026-10-15"} {
		c := claim(t, text+" → 2026-11-22")
		got, err := l.Interest(c)
		if err != nil {
			t.Fatal(err)
		}
		interest, indemnity = interest.Add(got.InterestDue), indemnity.Add(got.IndemnityDue)
		if c.Due < c.Until {
			principal = principal.Add(got.PrincipalDue)
		}
	}
	total := principal.Add(interest).Add(indemnity)
	got := strings.Join([]string{principal.Decimal(), interest.Decimal(), indemnity.Decimal(), total.Decimal()}, " ")
	if want := "2195.50 84.89 120.00 2400.39"; got != want { // STM-01
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestInterestOfAnUnknownSemesterIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, debtor := range []law.Debtor{law.Business, law.Consumer, law.Public} {
		c := claim(t, "1000 ; 2026-12-31 → 2027-01-15")
		c.Debtor = debtor
		_, err := l.Interest(c)
		if missing, ok := errors.AsType[*MissingRateError](err); !ok || missing.Semester != "2027-S1" {
			t.Errorf("%s: %v", debtor, err)
		}
	}
	frozen := claim(t, "1000 ; 2026-11-30 → 2027-01-15")
	frozen.Debtor = law.Public
	if got, err := l.Interest(frozen); err != nil || told(got.Segments) != "46 d @ 10.40 on 1000.00 = 13.11" {
		t.Errorf("a public buyer's rate is known from its first day: %s, %v", told(got.Segments), err)
	}
}

func TestClaimsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for name, change := range map[string]func(*Claim){
		"no due date":      func(c *Claim) { c.Due = 0 },
		"no last day":      func(c *Claim) { c.Until = 0 },
		"negative":         func(c *Claim) { c.Amount.Minor = -1 },
		"no currency":      func(c *Claim) { c.Amount.Currency = "" },
		"negative rate":    func(c *Claim) { r := money.BasisPoints(-1); c.Agreed = &r },
		"paid nothing":     func(c *Claim) { c.Movements = []Movement{{On: c.Due, Amount: cents(0)}} },
		"paid in dollars":  func(c *Claim) { c.Movements = []Movement{{On: c.Due, Amount: money.New(1, "USD")}} },
		"paid on some day": func(c *Claim) { c.Movements = []Movement{{Amount: cents(1)}} },
	} {
		c := claim(t, "1000 ; 2026-03-31 → 2026-07-31")
		change(&c)
		if got, err := l.Interest(c); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func drawClaim(t *rapid.T, movements int) Claim {
	from := int(day("2015-01-01"))
	c := Claim{
		Debtor:     rapid.SampledFrom([]law.Debtor{law.Business, law.Consumer, law.Public}).Draw(t, "debtor"),
		Amount:     cents(rapid.Int64Range(0, 5_000_000_00).Draw(t, "amount")),
		Due:        cal.Date(from + rapid.IntRange(0, 3900).Draw(t, "due")),
		Imputation: rapid.SampledFrom([]Imputation{InterestFirst, PrincipalFirst}).Draw(t, "imputation"),
		Basis:      rapid.SampledFrom([]Basis{Fixed365, Actual}).Draw(t, "basis"),
	}
	c.Until = min(c.Due.Add(rapid.IntRange(-10, 1500).Draw(t, "days")), day("2026-12-31"))
	if rapid.Bool().Draw(t, "by contract") {
		r := money.BasisPoints(rapid.Int64Range(0, 3000).Draw(t, "rate"))
		c.Agreed = &r
	}
	for range rapid.IntRange(0, movements).Draw(t, "movements") {
		c.Movements = append(c.Movements, Movement{
			On:     c.Due.Add(rapid.IntRange(-20, 1500).Draw(t, "after")),
			Amount: cents(rapid.Int64Range(1, 2_000_000_00).Draw(t, "paid")),
			Credit: rapid.Bool().Draw(t, "credit"),
		})
	}
	return c
}

// exactly is the interest of a claim without movements, day by day and unrounded.
func exactly(t *rapid.T, l *Law, c Claim) *big.Rat {
	sum := new(big.Rat)
	for day := c.Due.Add(1); day <= c.Until; day = day.Add(1) {
		r, err := l.rateOf(c, day)
		if err != nil {
			t.Fatal(err)
		}
		sum.Add(sum, big.NewRat(c.Amount.Minor*int64(r), 1_000_000*int64(c.Basis.of(day))))
	}
	return sum
}

func TestInterestIsThatOfItsDaysButForOneRoundingPerSegment(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawClaim(t, 0)
		got, err := l.Interest(c)
		if err != nil {
			t.Fatal(err)
		}
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(got.Interest.Minor), exactly(t, l, c))
		if off.Abs(off).Cmp(big.NewRat(int64(len(got.Segments)), 2)) > 0 {
			t.Fatalf("%s: off by %s cents: %s", got.Interest, off.FloatString(3), told(got.Segments))
		}
		c.Until = c.Until.Add(-rapid.IntRange(0, 400).Draw(t, "earlier"))
		if less, err := l.Interest(c); err != nil || got.Interest.Less(less.Interest) {
			t.Fatalf("%s, and %s when stopped earlier (%v)", got.Interest, less.Interest, err)
		}
	})
}

func TestChargesAddUpWhateverIsPaid(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawClaim(t, 5)
		got, err := l.Interest(c)
		if err != nil {
			t.Fatal(err)
		}
		sum, last := cents(0), c.Due
		for i, s := range got.Segments {
			if s.From <= last || s.Days() < 1 || s.To > c.Until || s.Principal.Sign() <= 0 {
				t.Fatalf("segment %d: %+v after %s", i, s, last)
			}
			sum, last = sum.Add(s.Interest), s.To
		}
		if sum != got.Interest {
			t.Fatalf("segments make %s, the total is %s", sum, got.Interest)
		}
		in := cents(0)
		for _, m := range c.Movements {
			if m.On <= c.Until {
				in = in.Add(m.Amount)
			}
		}
		owed := c.Amount.Add(got.Interest).Add(got.Indemnity)
		left := got.PrincipalDue.Add(got.InterestDue).Add(got.IndemnityDue)
		if owed.Sub(left).Add(got.Surplus) != in {
			t.Fatalf("owed %s, left %s, surplus %s, received %s", owed, left, got.Surplus, in)
		}
		for _, a := range []money.Amount{got.PrincipalDue, got.InterestDue, got.IndemnityDue, got.Surplus} {
			if a.Sign() < 0 {
				t.Fatalf("%+v", got)
			}
		}
	})
}

func TestMoneyThatComesInNeverMakesMoreInterest(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawClaim(t, 3)
		c.Imputation = PrincipalFirst
		before, err := l.Interest(c)
		if err != nil {
			t.Fatal(err)
		}
		c.Movements = append(c.Movements, Movement{
			On: c.Due.Add(rapid.IntRange(-5, 900).Draw(t, "on")), Amount: cents(rapid.Int64Range(1, 1_000_000_00).Draw(t, "more")),
		})
		after, err := l.Interest(c)
		if err != nil {
			t.Fatal(err)
		}
		// Each movement may cut a segment, and each segment is rounded on its own.
		if slack := int64(len(after.Segments)); after.Interest.Minor > before.Interest.Minor+slack {
			t.Fatalf("%s of interest, then %s", before.Interest, after.Interest)
		}
	})
}
