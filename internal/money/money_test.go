package money

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/fault"
	_ "acquit/internal/propertytest"
)

func TestDecimalHasTheDigitsOfItsCurrency(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Amount{
		"1234.50": New(123450, EUR),
		"-0.05":   New(-5, EUR),
		"0.00":    Zero(EUR),
		"1234":    New(1234, "JPY"),
		"1.234":   New(1234, "TND"),
		"0.0001":  New(1, "CLF"),
	} {
		if got := a.Decimal(); got != want {
			t.Errorf("%d %s: got %s, want %s", a.Minor, a.Currency, got, want)
		}
	}
}

func TestParseIsStrict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		currency Currency
		want     int64
	}{
		{"1234.50", EUR, 123450},
		{"15", EUR, 1500},
		{"-0.5", EUR, -50},
		{"12.50000", EUR, 1250},
		{"007", EUR, 700},
		{"100000000000.00", EUR, MaxMinor},
		{"1.234", "TND", 1234},
		{"1234", "JPY", 1234},
	} {
		got, err := Parse(c.text, c.currency)
		if err != nil || got != New(c.want, c.currency) {
			t.Errorf("%q: got %v, %v; want %d", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{
		"", "-", ".5", "5.", "1,5", "1 000", "+5", "--5", "1.005", "1e3", "٣", "100000000000.01",
		"99999999999999999999",
	} {
		if got, err := Parse(text, EUR); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: got %v, %v; want it refused", text, got, err)
		}
	}
	if _, err := Parse("1.00", "XYZ"); err == nil {
		t.Error("an unknown currency is accepted")
	}
}

func TestTextFormComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]Currency{EUR, "USD", "JPY", "TND", "CLF"}).Draw(t, "currency")
		want := New(rapid.Int64Range(-MaxMinor, MaxMinor).Draw(t, "minor"), c)
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Amount
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Fatalf("%s came back as %v, %v", text, got, err)
		}
	})
}

func TestAmountInJSON(t *testing.T) {
	t.Parallel()
	type line struct {
		Amount Amount `json:"amount"`
		Limit  Amount `json:"limit,omitzero"`
	}
	b, err := json.Marshal(line{Amount: New(123450, EUR)})
	if want := `{"amount":"1234.50 EUR"}`; err != nil || string(b) != want {
		t.Errorf("got %s, %v; want %s", b, err, want)
	}
	if _, err := json.Marshal(line{Amount: New(5, "")}); err == nil {
		t.Error("money of no currency is written")
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount Amount
		lang   string
		want   string
	}{
		{New(123456, EUR), "fr", "1\u202f234,56\u00a0€"},
		{New(123456789, EUR), "fr", "1\u202f234\u202f567,89\u00a0€"},
		{New(-5, EUR), "fr", "−0,05\u00a0€"},
		{New(123456, EUR), "en", "€1,234.56"},
		{New(-123456, EUR), "en", "−€1,234.56"},
		{New(123456, "USD"), "fr", "1\u202f234,56\u00a0$US"},
		{New(1234, "JPY"), "en", "¥1,234"},
		{New(1234, "CHF"), "fr", "12,34\u00a0CHF"},
		{New(123456, "XYZ"), "fr", "1\u202f234,56\u00a0XYZ"},
		{New(123456, ""), "en", "1,234.56"},
	} {
		if got := c.amount.Format(c.lang); got != c.want {
			t.Errorf("%v in %s: got %q, want %q", c.amount, c.lang, got, c.want)
		}
	}
	if got, want := New(-123456, EUR).Number("fr"), "−1\u202f234,56"; got != want {
		t.Errorf("number: got %q, want %q", got, want)
	}
}

func TestParseHumanReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want int64
	}{
		{"1 234,56", 123456},
		{"1\u00a0234,56\u00a0€", 123456},
		{"1\u202f234\u202f567,8 €", 123456780},
		{"1.234,56", 123456},
		{"1,234.56", 123456},
		{"1.234.567", 123456700},
		{"1'234.50", 123450},
		{"1’234’567.50", 123456750},
		{"(120,00)", -12000},
		{"(120,00) €", -12000},
		{"(€120.00)", -12000},
		{"-12", -1200},
		{"12-", -1200},
		{"−12,5", -1250},
		{"- 12,50 €", -1250},
		{"€ -12.50", -1250},
		{"-€12.50", -1250},
		{"+12", 1200},
		{"12,5 €", 1250},
		{"EUR 12,5", 1250},
		{"12.50EUR", 1250},
		{"12 euros", 1200},
		{"€ 12 EUR", 1200},
		{",50", 50},
		{"0,500", 50},
		{"1234.500", 123450},
		{"1 234,500", 123450},
		{"1 000 000", 100000000},
	} {
		got, err := ParseHuman(c.text, EUR, Hints{})
		if err != nil || got != New(c.want, EUR) {
			t.Errorf("%q: got %v, %v; want %d", c.text, got, err, c.want)
		}
	}
}

func TestParseHumanRefusesWhatIsNotClear(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "-", "€", "abc", "1,234", "1.234", "12.345", "1.2.3", "1,23,45", "1 23", "12 34", "1,234.567,89",
		"1-234", "1(2", "(12", "12)", "-(12)", "--12", "-12-", "12,", "12.345,678,9", "1 234.567,89", "1,2 k€",
		"12 %", "12 $", "$ 12 €", "1e3", "12,345 678", "1,5005 ", "999 999 999 999 999", "١٢", strings.Repeat("1", 100),
	} {
		if got, err := ParseHuman(text, EUR, Hints{}); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: got %v, %v; want it refused", text, got, err)
		}
	}
}

func TestParseHumanObeysItsHints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		currency Currency
		hints    Hints
		want     string // empty when it is to be refused
	}{
		{"1,234", EUR, Hints{Decimal: '.'}, "1234.00 EUR"},
		{"1,234", "TND", Hints{Decimal: ','}, "1.234 TND"},
		{"1.234", EUR, Hints{Decimal: ','}, "1234.00 EUR"},
		{"1,500", EUR, Hints{Decimal: ','}, "1.50 EUR"},
		{"1,234", EUR, Hints{Decimal: ','}, ""},
		{"1.5", EUR, Hints{Decimal: ','}, ""},
		{"1,234.56", EUR, Hints{Decimal: ','}, ""},
		{"1.234.567", EUR, Hints{Decimal: '.'}, ""},
		{"1.234.567", EUR, Hints{Decimal: ','}, "1234567.00 EUR"},
		{"12 $", "", Hints{Default: "CAD"}, "12.00 CAD"},
		{"12 $", "", Hints{Default: EUR}, ""},
		{"12 US$", "", Hints{Default: EUR}, "12.00 USD"},
		{"12", "", Hints{Default: EUR}, "12.00 EUR"},
		{"12 CHF", "", Hints{}, "12.00 CHF"},
		{"12", "", Hints{}, ""},
		{"12 F CFA", "XOF", Hints{}, "12 XOF"},
		{"¥1,234", "JPY", Hints{}, "1234 JPY"},
		{"1.234 JPY", "", Hints{Default: EUR}, "1234 JPY"},
		{"1,234,567 JPY", "", Hints{}, "1234567 JPY"},
		{"1,5 JPY", "", Hints{}, ""},
		{"1,234 BHD", "", Hints{}, ""},
		{"12,3456 BHD", "", Hints{}, ""},
		{"(1 234,567) BHD", "", Hints{}, "-1234.567 BHD"},
	} {
		got, err := ParseHuman(c.text, c.currency, c.hints)
		if c.want == "" && fault.KindOf(err) == fault.KindInvalid {
			continue
		}
		if err != nil || got.String() != c.want {
			t.Errorf("%q with %+v: got %v, %v; want %q", c.text, c.hints, got, err, c.want)
		}
	}
}

func TestFormattedAmountsAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]Currency{EUR, "USD", "GBP", "CHF", "PLN"}).Draw(t, "currency")
		want := New(rapid.Int64Range(-MaxMinor, MaxMinor).Draw(t, "minor"), c)
		text := want.Format(rapid.SampledFrom([]string{"fr", "en"}).Draw(t, "language"))
		got, err := ParseHuman(text, c, Hints{})
		if err != nil || got != want {
			t.Fatalf("%q: got %v, %v; want %v", text, got, err, want)
		}
	})
}

func TestParseCellRoundsBinaryFractions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1234.5600000000001": 123456, "0.30000000000000004": 30, "1.5E7": 1500000000, "12": 1200,
		"2.005": 201, "-2.005": -201, "-12.344999": -1234, "1E-3": 0, "0": 0,
	} {
		if got, err := ParseCell(text, EUR); err != nil || got.Minor != want {
			t.Errorf("%s: got %v, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "abc", "1,5", "NaN", "1e30", "1e999999999", "1E12"} {
		if got, err := ParseCell(text, EUR); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	var got []int64
	for _, p := range New(100000, EUR).Split(7) {
		got = append(got, p.Minor)
	}
	if diff := cmp.Diff([]int64{14285, 14285, 14285, 14285, 14285, 14285, 14290}, got); diff != "" {
		t.Errorf("1000.00 in 7: %s", diff)
	}
}

func TestSplitBy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor   int64
		weights []int64
		want    []Amount
	}{
		{90000, []int64{100000, 50000}, []Amount{New(60000, EUR), New(30000, EUR)}},
		{50000, []int64{120000, 55000}, []Amount{New(34286, EUR), New(15714, EUR)}},
		{-100, []int64{1, 1, 1}, []Amount{New(-33, EUR), New(-34, EUR), New(-33, EUR)}},
		{1, []int64{0, 1, 0}, []Amount{Zero(EUR), New(1, EUR), Zero(EUR)}},
	} {
		got, err := New(c.minor, EUR).SplitBy(c.weights...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%d by %v: %s", c.minor, c.weights, diff)
		}
	}
	for _, weights := range [][]int64{{}, {0, 0}, {2, -1}, {1<<63 - 1, 1}} {
		if _, err := New(1, EUR).SplitBy(weights...); err == nil {
			t.Errorf("weights %v are accepted", weights)
		}
	}
}

func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.Int64Range(-MaxMinor, MaxMinor).Draw(t, "minor"), EUR)
		if n := rapid.IntRange(1, 400).Draw(t, "n"); sum(a.Split(n)...) != a {
			t.Fatalf("%v in %d parts is %v", a, n, sum(a.Split(n)...))
		}
		weights := rapid.SliceOfN(rapid.Int64Range(0, MaxMinor), 1, 30).Draw(t, "weights")
		weights[0]++ // one of them at least is positive
		parts, err := a.SplitBy(weights...)
		if err != nil || sum(parts...) != a {
			t.Fatalf("%v by %v is %v, %v", a, weights, parts, err)
		}
		var total int64
		for _, w := range weights {
			total += w
		}
		for i, p := range parts {
			if w := weights[i]; a.Abs().Minor <= total && p.Abs().Minor > w {
				t.Fatalf("part %d is %v, more than its weight %d", i, p, w)
			}
		}
	})
}

func TestRates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Rate{
		"12.15": BasisPoints(1215), "12,15 %": BasisPoints(1215), "0": 0, "7.1234%": 71234, "15": BasisPoints(1500),
	} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "12,123456", "1.2.3", "2000", "12 pour cent"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q is read as %s", text, got.Percent())
		}
	}
	for want, r := range map[string]Rate{"12,15\u202f%": 121500, "7,1234\u202f%": 71234, "0,00\u202f%": 0} {
		if got := r.Format("fr"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := BasisPoints(-5).Format("en"), "-0.05%"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := BasisPoints(275).Times(3), BasisPoints(825); got != want {
		t.Errorf("floor: got %v, want %v", got, want)
	}
}

func TestRateOfAnAmountIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.Int64Range(-MaxMinor, MaxMinor).Draw(t, "minor"), EUR)
		r := Rate(rapid.Int64Range(0, maxRate).Draw(t, "rate"))
		exact := new(big.Rat).Mul(big.NewRat(a.Minor, 1), big.NewRat(int64(r), rateUnit))
		want, _ := new(big.Int).SetString(exact.FloatString(0), 10) // half away from zero
		if got := r.Of(a).Minor; got != want.Int64() {
			t.Fatalf("%s of %v: got %d, want %s", r.Percent(), a, got, want)
		}
	})
}

func FuzzParseHuman(f *testing.F) {
	for _, s := range []string{"1 234,56 €", "1.234,56", "(120,00)", "12-", "EUR 12,5", "1'234.50", "$ 5", "-€1"} {
		f.Add(s, int32(','), "EUR")
		f.Add(s, int32(0), "")
	}
	f.Fuzz(func(t *testing.T, s string, decimal int32, c string) {
		got, err := ParseHuman(s, Currency(c), Hints{Decimal: decimal, Default: EUR})
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("%q: %v is not a fault of the text", s, err)
			}
			return
		}
		if got.Abs().Minor > MaxMinor || !got.Currency.Valid() {
			t.Fatalf("%q: %v is beyond the limits", s, got)
		}
		again, err := ParseHuman(got.Format("fr"), got.Currency, Hints{})
		if err == nil && again != got {
			t.Fatalf("%q: %v is shown so that it reads %v", s, got, again)
		}
	})
}

func FuzzMachineText(f *testing.F) {
	for _, s := range []string{"1234.50", "-0.05", "1.5E7", "1234.5600000000001", "1e999999999", "12,15 %"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := Parse(s, EUR); err == nil {
			if again, err := Parse(a.Decimal(), EUR); err != nil || again != a {
				t.Fatalf("%q: %v comes back as %v, %v", s, a, again, err)
			}
		}
		if a, err := ParseCell(s, "TND"); err == nil && a.Abs().Minor > MaxMinor {
			t.Fatalf("%q: %v is beyond the limit", s, a)
		}
		if r, err := ParseRate(s); err == nil {
			if again, err := ParseRate(r.Percent()); err != nil || again != r {
				t.Fatalf("%q: %d comes back as %d, %v", s, r, again, err)
			}
		}
	})
}

func TestWhatDoesNotFitStopsInsteadOfTurningIntoAnotherAmount(t *testing.T) {
	t.Parallel()
	most, least := New(math.MaxInt64, EUR), New(math.MinInt64, EUR)
	for name, do := range map[string]func(){
		"sum":        func() { most.Add(New(1, EUR)) },
		"difference": func() { least.Sub(New(1, EUR)) },
		"opposite":   func() { least.Neg() },
		"size":       func() { least.Abs() },
		"share":      func() { BasisPoints(20_000).Of(most) },
		"big share":  func() { Rate(math.MaxInt64).Of(most) },
		"currencies": func() { most.Add(New(1, "USD")) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: it went through", name)
				}
			}()
			do()
		}()
	}
}

// sum adds amounts of one currency.
func sum(amounts ...Amount) Amount {
	var total Amount
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}
