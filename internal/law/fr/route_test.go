package fr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/money"
)

// fits are the ways of a claim by what their conditions say, in their order.
func fits(list []Route) (met, unknown []RouteKey) {
	for _, r := range list {
		switch r.Fit {
		case AllMet:
			met = append(met, r.Key)
		case ToCheck:
			unknown = append(unknown, r.Key)
		case Missing:
		}
	}
	return met, unknown
}

// traders is an undisputed claim between traders, long before limitation.
func traders(change func(*RouteFacts)) RouteFacts {
	f := RouteFacts{
		On: day("2026-11-22"), Debtor: Trader, Creditor: Yes, Amount: cents(8_000_00), Disputed: cents(0), Invoiced: Yes,
		Certain: Yes, Insolvent: No, StruckOff: No, Expires: day("2031-06-30"), PostalCode: "63000", Noticed: Yes, Attempted: No,
	}
	if change != nil {
		change(&f)
	}
	return f
}

// The rows of the table of ways in practice.
func TestTheWaysOfEachRowOfTheTable(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	debtor := func(d RouteDebtor, euros int64) func(*RouteFacts) {
		return func(f *RouteFacts) { f.Debtor, f.Amount = d, cents(euros*100) }
	}
	and := func(changes ...func(*RouteFacts)) func(*RouteFacts) {
		return func(f *RouteFacts) {
			for _, c := range changes {
				c(f)
			}
		}
	}
	disputed := func(f *RouteFacts) { f.Disputed = f.Amount }
	for _, c := range []struct {
		name         string
		facts        func(*RouteFacts)
		met, unknown []RouteKey
	}{
		{
			"0 insolvent", func(f *RouteFacts) { f.Insolvent = Yes }, []RouteKey{RouteDeclaration}, nil,
		},
		{
			"1 limitation near", func(f *RouteFacts) { f.Expires = day("2027-02-21") },
			[]RouteKey{RouteInterrupt, RoutePaymentOrder, RouteProvision, RouteWrit},
			[]RouteKey{RouteUncontested},
		},
		{
			"1 three months left to the day", func(f *RouteFacts) { f.Expires = day("2027-02-22") },
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			[]RouteKey{RouteUncontested},
		},
		{
			"2 both traders, invoiced", nil,
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			[]RouteKey{RouteUncontested},
		},
		{
			"2 both traders, small amount: small claims are closed", debtor(Trader, 900),
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			[]RouteKey{RouteUncontested},
		},
		{
			"3 liberal, 5 000", debtor(Professional, 5_000),
			[]RouteKey{RouteAgency, RouteConciliation, RouteSmallClaims, RoutePaymentOrder, RouteProvision},
			nil,
		},
		{
			"4 liberal, beyond", debtor(Professional, 5_001),
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			nil,
		},
		{
			"5 consumer, small", debtor(Individual, 300),
			[]RouteKey{RouteAgency, RouteConciliation, RouteSmallClaims, RoutePaymentOrder, RouteProvision},
			nil,
		},
		{
			"6 consumer, beyond", debtor(Individual, 6_000),
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			nil,
		},
		{
			"7 disputed, small, not tried", and(debtor(Individual, 4_000), disputed), []RouteKey{RouteConciliation}, nil,
		},
		{
			"7 disputed, small, tried",
			and(debtor(Individual, 4_000), disputed, func(f *RouteFacts) { f.Attempted = Yes }),
			[]RouteKey{RouteConciliation, RouteWrit},
			nil,
		},
		{
			"8 partly disputed", func(f *RouteFacts) { f.Disputed = cents(3_000_00) },
			[]RouteKey{RouteAgency, RouteConciliation, RoutePaymentOrder, RouteProvision, RouteWrit},
			nil,
		},
		{
			"9 disputed, large", and(debtor(Professional, 10_001), disputed), []RouteKey{RouteConciliation, RouteWrit}, nil,
		},
		{
			"10 another Member State", func(f *RouteFacts) { f.Country, f.PostalCode = "DE", "10115" },
			[]RouteKey{RouteAgency, RouteConciliation, RouteProvision, RouteWrit, RouteEuropeanOrder},
			nil,
		},
		{
			"10 Denmark is not bound", func(f *RouteFacts) { f.Country, f.PostalCode = "DK", "1050" },
			[]RouteKey{RouteAgency, RouteConciliation, RouteProvision, RouteWrit},
			nil,
		},
		{
			"11 Member State, small, disputed", and(debtor(Trader, 2_000), disputed, func(f *RouteFacts) { f.Country = "BE" }),
			[]RouteKey{RouteConciliation, RouteWrit, RouteEuropeanSmall},
			nil,
		},
		{
			"12 public body", debtor(PublicDebtor, 9_000), []RouteKey{RouteAgency, RoutePublic}, nil,
		},
		{
			"13 struck off", func(f *RouteFacts) { f.StruckOff = Yes },
			[]RouteKey{RouteLawyer},
			[]RouteKey{RouteUncontested, RoutePaymentOrder, RouteProvision, RouteWrit},
		},
		{
			"barred", func(f *RouteFacts) { f.Expires = day("2026-11-21") }, nil, nil,
		},
		{
			"cheque", func(f *RouteFacts) { f.Instrument = Cheque },
			[]RouteKey{RouteAgency, RouteConciliation, RouteCheque, RoutePaymentOrder, RouteProvision, RouteWrit},
			[]RouteKey{RouteUncontested},
		},
	} {
		list, err := l.Routes(traders(c.facts))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		met, unknown := fits(list)
		if diff := cmp.Diff(c.met, met); diff != "" {
			t.Errorf("%s, conditions met: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.unknown, unknown); diff != "" {
			t.Errorf("%s, to check: %s", c.name, diff)
		}
	}
}

func TestTheDecreeOpensTheCommercialProcedureWhenAUserKnowsThatItIsOut(t *testing.T) {
	t.Parallel()
	files := copied(t)
	text := string(files["parameters.csv"].Data)
	files["parameters.csv"].Data = []byte(strings.Replace(text, "l126_decree_published,unknown", "l126_decree_published,yes", 1))
	l, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	list, err := l.Routes(traders(nil))
	if err != nil {
		t.Fatal(err)
	}
	if r := way(t, list, RouteUncontested); r.Fit != AllMet || len(r.Asks()) != 0 {
		t.Errorf("with its decree: %s, asks %v", r.Fit, r.Asks())
	}
}

func way(t *testing.T, list []Route, key RouteKey) Route {
	t.Helper()
	for _, r := range list {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("no way %s", key)
	return Route{}
}

func TestTheCourtFollowsWhoAndWhere(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, c := range []struct {
		name string
		f    RouteFacts
		kind CourtKind
		says string
	}{
		{"traders", traders(nil), CourtCommercial, "tribunal de commerce du lieu où demeure le débiteur (63000)"},
		{"Paris", traders(func(f *RouteFacts) { f.PostalCode = "75011" }), CourtCommercial, "tribunal des activités économiques de Paris"},
		{"Strasbourg", traders(func(f *RouteFacts) { f.PostalCode = "67000" }), CourtCommercial, "chambre commerciale du tribunal judiciaire"},
		{"Réunion", traders(func(f *RouteFacts) { f.PostalCode = "97400" }), CourtCommercial, "tribunal mixte de commerce"},
		{"a doctor", traders(func(f *RouteFacts) { f.Debtor = Professional }), CourtJudicial, "tribunal judiciaire du lieu"},
		{"nobody said", traders(func(f *RouteFacts) { f.Debtor = DebtorUnknown }), CourtEither, "tribunal de commerce ou"},
	} {
		if got := l.Court(c.f); got.Kind != c.kind || !strings.Contains(got.Name.FR, c.says) {
			t.Errorf("%s: %s, %s", c.name, got.Kind, got.Name.FR)
		}
	}
	lyon := l.Court(traders(func(f *RouteFacts) { f.PostalCode = "69003" }))
	if !strings.Contains(lyon.Doubt.FR, "Lyon") {
		t.Errorf("Lyon: %+v", lyon)
	}
}

func TestDelaysAndCostsOfAPaymentOrderFollowTheDay(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for on, want := range map[string]string{"2026-08-31": "6\u00a0mois", "2026-09-01": "3\u00a0mois"} {
		list, err := l.Routes(traders(func(f *RouteFacts) { f.On = day(on) }))
		if err != nil {
			t.Fatal(err)
		}
		if got := way(t, list, RoutePaymentOrder).Delays[0].Time.FR; got != want {
			t.Errorf("to serve an order of %s: %s, want %s", on, got, want)
		}
	}
	list, err := l.Routes(traders(func(f *RouteFacts) { f.Amount = cents(50_000_01) }))
	if err != nil {
		t.Fatal(err)
	}
	costs := way(t, list, RoutePaymentOrder).Costs
	got := make([]string, len(costs))
	for i, c := range costs {
		got[i] = c.Text.FR + " " + c.Low.Decimal() + "–" + c.High.Decimal()
	}
	want := []string{
		"frais de greffe du tribunal de commerce 25.19–33.47", "contribution pour la justice économique, devant un TAE 0.00–0.00",
		"signification par commissaire de justice 60.38–60.38", // 25.79 × 2 + 8.80
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if costs[0].Verified() || costs[1].Known {
		t.Error("a fee on which sources contradict each other is not verified")
	}
}

// Whatever the facts: the same answer each time, reasons and sources for all, no way
// but the declaration when insolvent, and a way is closed only by a condition.
func TestWaysWhateverTheFacts(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	answers := rapid.SampledFrom([]Answer{Unknown, Yes, No})
	rapid.Check(t, func(t *rapid.T) {
		f := RouteFacts{
			On: day("2026-11-22"), Debtor: rapid.SampledFrom(RouteDebtors()).Draw(t, "debtor"), Creditor: answers.Draw(t, "creditor"),
			Amount:   money.New(rapid.Int64Range(0, 9_000_000).Draw(t, "amount"), rapid.SampledFrom([]money.Currency{"EUR", "USD"}).Draw(t, "currency")),
			Invoiced: answers.Draw(t, "invoiced"), Certain: answers.Draw(t, "certain"), Insolvent: answers.Draw(t, "insolvent"),
			StruckOff: answers.Draw(t, "struck off"), Represented: answers.Draw(t, "represented"),
			Country:    rapid.SampledFrom([]string{"", "FR", "DE", "DK", "US"}).Draw(t, "country"),
			PostalCode: rapid.SampledFrom([]string{"", "75001", "67000", "97400", "1050", "é"}).Draw(t, "code"),
			Instrument: rapid.SampledFrom([]Instrument{NoInstrument, Cheque, Bill}).Draw(t, "instrument"),
			Noticed:    answers.Draw(t, "noticed"), Attempted: answers.Draw(t, "attempted"),
		}
		f.Disputed = money.New(rapid.Int64Range(0, 9_500_000).Draw(t, "disputed"), f.Amount.Currency)
		if rapid.Bool().Draw(t, "dated") {
			f.Expires = f.On.Add(rapid.IntRange(-400, 2000).Draw(t, "left"))
		}
		list, err := l.Routes(f)
		if err != nil {
			t.Fatal(err)
		}
		again, err := l.Routes(f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(list, again); diff != "" {
			t.Fatalf("asked twice: %s", diff)
		}
		if f.Insolvent == Yes && (len(list) != 1 || list[0].Key != RouteDeclaration) {
			t.Fatalf("insolvent: %d ways", len(list))
		}
		for _, r := range list {
			r.hold(t, f)
		}
	})
}

func (r Route) hold(t *rapid.T, f RouteFacts) {
	if len(r.Reasons) == 0 || len(r.Conditions) == 0 || r.Title.FR == "" || r.Title.EN == "" || r.Interrupts.FR == "" {
		t.Fatalf("%s has no reasons, conditions or words", r.Key)
	}
	for _, c := range r.Conditions {
		if c.Source == "" || c.Text.FR == "" || c.Text.EN == "" {
			t.Fatalf("%s: a condition without source or words: %+v", r.Key, c)
		}
	}
	for _, c := range r.Costs {
		if c.Source == "" || c.Confidence == "" || c.High.Less(c.Low) || !c.Known && c.Note.FR == "" {
			t.Fatalf("%s: cost %+v", r.Key, c)
		}
	}
	if r.For.Sign() < 0 || f.Amount.Less(r.For) {
		t.Fatalf("%s: for %s of %s", r.Key, r.For.Decimal(), f.Amount.Decimal())
	}
	if (r.Fit == ToCheck) != (len(r.Asks()) > 0) && r.Fit != Missing {
		t.Fatalf("%s: %s, %d to ask", r.Key, r.Fit, len(r.Asks()))
	}
	for _, word := range []string{"éligible", "eligible", "recommandons", "conseillons"} {
		if text := r.Title.FR + r.About.FR + r.Fit.In("fr") + r.Fit.In("en"); strings.Contains(text, word) {
			t.Fatalf("%s gives a verdict: %s", r.Key, text)
		}
	}
}
