package demo

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/identifier"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

var monday = cal.Must("2026-11-23")

func generate(t testing.TB, o Options) []*Customer {
	t.Helper()
	w, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(w.Customers())
}

// told are the facts that each story must come with.
var told = map[Story]func(*Customer) bool{
	Plain:              func(*Customer) bool { return true },
	Dormant:            func(c *Customer) bool { return len(c.open()) == 0 },
	PromiseRunning:     func(c *Customer) bool { return len(c.Promises) == 1 && c.Promises[0].For > monday },
	PromiseKept:        func(c *Customer) bool { return len(c.Promises) == 1 && c.Promises[0].Outcome == Kept },
	PromiseBroken:      func(c *Customer) bool { return len(c.Promises) == 1 && c.Promises[0].For < monday },
	PlanRunning:        func(c *Customer) bool { return len(c.Plans) == 1 && c.Plans[0].Outcome == Running },
	PlanBroken:         func(c *Customer) bool { return len(c.Plans) == 1 && c.Plans[0].Outcome == Broken },
	DisputeWhole:       func(c *Customer) bool { return len(c.Disputes) == 1 && c.Disputes[0].Whole },
	DisputePart:        func(c *Customer) bool { return len(c.Disputes) == 1 && !c.Disputes[0].Whole },
	HoldCustomer:       func(c *Customer) bool { return len(c.Holds) == 1 && c.Holds[0].Invoice == "" },
	HoldInvoice:        func(c *Customer) bool { return len(c.Holds) == 1 && c.Holds[0].Invoice != "" },
	PaymentInFlight:    func(c *Customer) bool { return len(c.InFlight) == 1 },
	UnallocatedPayment: func(c *Customer) bool { return slices.ContainsFunc(c.Payments, unallocated) },
	UnallocatedCredit: func(c *Customer) bool {
		return slices.ContainsFunc(c.CreditNotes, func(n CreditNote) bool { return n.Open.Sign() > 0 })
	},
	Overpaid:     func(c *Customer) bool { return c.Balance()[money.EUR].Sign() < 0 },
	MissingEmail: func(c *Customer) bool { return c.Email == "" && c.Contacts[0].Email == "" },
	BouncedEmail: func(c *Customer) bool { return c.Contacts[0].BouncedOn > 0 },
	MissingDue: func(c *Customer) bool {
		return slices.ContainsFunc(c.open(), func(i Invoice) bool { return i.Due.IsZero() })
	},
	LongTerms:     func(c *Customer) bool { return c.Invoices[0].Due.Sub(c.Invoices[0].Issued) == 90 },
	SmallBalance:  func(c *Customer) bool { return c.Balance()[money.EUR].Minor < 1500 },
	PartialPayer:  func(c *Customer) bool { return c.open()[0].Open.Less(c.open()[0].Total) },
	StoppedPaying: func(c *Customer) bool { return c.open()[0].Due < monday.Add(-60) },
	InCourt:       func(c *Customer) bool { return c.InsolventOn > 0 && c.InsolventOn < monday },
	SwissFrancs:   func(c *Customer) bool { return c.Invoices[0].Total.Currency == "CHF" },
	Dollars:       func(c *Customer) bool { return c.Invoices[0].Total.Currency == "USD" },
	Pounds:        func(c *Customer) bool { return c.Invoices[0].Total.Currency == "GBP" },
	TwoCurrencies: func(c *Customer) bool { return len(c.Balance()) == 2 },
	English:       func(c *Customer) bool { return c.Language == "en" },
}

func unallocated(p Payment) bool { return p.Open.Sign() > 0 }

func (c *Customer) open() []Invoice {
	return slices.DeleteFunc(slices.Clone(c.Invoices), func(i Invoice) bool { return i.Open.IsZero() })
}

func TestFourHundredCustomersShowAllSituations(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		seen := map[any]int{}
		for _, c := range generate(t, Options{Customers: 400, Invoices: 1000, Seed: seed, On: monday, History: 24}) {
			for _, is := range []any{c.Story, c.Behaviour, c.Kind, c.Language, c.Country} {
				seen[is]++
			}
			switch c.PostalCode[:2] {
			case "57", "67", "68":
				seen["Alsace-Moselle"]++
			case "97":
				seen["overseas"]++
			}
			if slices.Contains(c.Tags, "grand-compte") {
				seen["large account"]++
			}
			if !told[c.Story](c) {
				t.Errorf("seed %d, %s: the story %s has no facts: %+v", seed, c.Code, c.Story, c)
			}
		}
		for _, p := range plots {
			if seen[p.story] == 0 {
				t.Errorf("seed %d: nobody with the story %s", seed, p.story)
			}
		}
		for b := range longest {
			if seen[b] == 0 {
				t.Errorf("seed %d: nobody pays %s", seed, b)
			}
		}
		for _, want := range []any{
			Business, Consumer, Public, "fr", "en", "CH", "US", "GB", "BE",
			"Alsace-Moselle", "overseas", "large account",
		} {
			if seen[want] == 0 {
				t.Errorf("seed %d: nobody is %v", seed, want)
			}
		}
	}
}

// TestAccountsReconcile: whatever is asked for, every figure follows from the
// documents and allocations, and nothing happens before its time.
func TestAccountsReconcile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		o := Options{
			Customers: rapid.IntRange(1, 450).Draw(r, "customers"),
			Invoices:  rapid.IntRange(0, 2000).Draw(r, "invoices"),
			Seed:      rapid.Uint64().Draw(r, "seed"),
			On:        cal.Must("2020-01-01").Add(rapid.IntRange(0, 4000).Draw(r, "day")),
			History:   rapid.IntRange(0, 30).Draw(r, "history"),
		}
		w, err := Generate(o)
		if err != nil {
			r.Fatal(err)
		}
		open := 0
		books := books{}
		for c := range w.Customers() {
			open += len(c.open())
			checkCustomer(r, c, o.On)
			books.add(c)
		}
		if open != o.Invoices {
			r.Errorf("%d invoices are open, want %d", open, o.Invoices)
		}
		books.check(r)
	})
}

// checkCustomer recomputes what is open, and looks at the order of days.
func checkCustomer(t *rapid.T, c *Customer, on cal.Date) {
	left := map[string]money.Amount{}
	issued := map[string]cal.Date{}
	for _, i := range c.Invoices {
		left[i.Number], issued[i.Number] = i.Total, i.Issued
		if i.Net.Add(i.Tax) != i.Total || i.Open.Sign() < 0 || i.Issued > on {
			t.Errorf("%s: %+v", c.Code, i)
		}
		words, _, _ := strings.Cut(i.Terms, ", escompte de ") // which moves no due date
		if term, err := cal.ParseTerm(words); !i.Due.IsZero() && (err != nil || term.Due(i.Issued) != i.Due) {
			t.Errorf("%s: %s gives another due date than %+v (%v)", c.Code, i.Terms, i, err)
		}
		if c.InsolventOn > 0 && i.Issued >= c.InsolventOn {
			t.Errorf("%s was sold to after the judgment of %s: %+v", c.Code, c.InsolventOn, i)
		}
	}
	settle := func(total, open money.Amount, day cal.Date, allocations []Allocation) {
		for _, a := range allocations {
			total = total.Sub(a.Amount)
			left[a.Invoice] = left[a.Invoice].Sub(a.Amount)
			if a.Amount.Sign() <= 0 || a.On < issued[a.Invoice] || a.On < day || a.On > on {
				t.Errorf("%s: %+v of a credit of %s", c.Code, a, day)
			}
		}
		if total != open {
			t.Errorf("%s: %s open of a credit, its allocations leave %s", c.Code, open, total)
		}
	}
	for _, p := range c.Payments {
		settle(p.Amount, p.Open, p.On, p.Allocations)
	}
	for _, n := range c.CreditNotes {
		settle(n.Total, n.Open, n.Issued, n.Allocations)
	}
	for _, i := range c.Invoices {
		if left[i.Number] != i.Open {
			t.Errorf("%s: %s of %s is open, its allocations leave %s", c.Code, i.Open, i.Number, left[i.Number])
		}
	}
	for _, d := range c.Disputes {
		if d.Amount.Sign() <= 0 || left[d.Invoice].Less(d.Amount) || d.Opened > on {
			t.Errorf("%s: %+v of an invoice with %s open", c.Code, d, left[d.Invoice])
		}
	}
	for _, p := range c.Promises {
		if p.Made > p.For || p.Made > on || (p.Outcome == Kept) != left[p.Invoices[0]].IsZero() {
			t.Errorf("%s: %+v", c.Code, p)
		}
	}
}

// books are the numbers of all documents with their days.
type books map[string][]numbered

type numbered struct {
	number string
	on     cal.Date
}

func (b books) add(c *Customer) {
	for _, i := range c.Invoices {
		b["invoices"] = append(b["invoices"], numbered{i.Number, i.Issued})
	}
	for _, n := range c.CreditNotes {
		b["credit notes"] = append(b["credit notes"], numbered{n.Number, n.Issued})
	}
	for _, p := range c.Payments {
		b["payments"] = append(b["payments"], numbered{p.Number, p.On})
	}
}

// check: numbers go up with the days, without a gap (CGI ann. II, art. 242
// nonies A: unique, in one unbroken sequence).
func (b books) check(t *rapid.T) {
	for name, list := range b {
		slices.SortFunc(list, func(x, y numbered) int { return cmp.Compare(x.number, y.number) })
		for i, n := range list[1:] {
			before, want := list[i], 1
			if n.number[:6] == before.number[:6] { // of the same year
				want = tail(before.number) + 1
			}
			if n.on < before.on || tail(n.number) != want {
				t.Errorf("%s: %v follows %v", name, n, before)
			}
		}
	}
}

func tail(number string) (n int) {
	_, digits, _ := strings.Cut(number, "-")
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestPayersPayAsTheirBehaviourSays(t *testing.T) {
	t.Parallel()
	delays := map[Behaviour][]int{}
	for _, c := range generate(t, Options{Customers: 600, Invoices: 1500, Seed: 3, On: monday, History: 24}) {
		due := map[string]cal.Date{}
		for _, i := range c.Invoices {
			if i.Open.IsZero() {
				due[i.Number] = i.Due
			}
		}
		for _, p := range c.Payments {
			for _, a := range p.Allocations {
				if d, ok := due[a.Invoice]; ok && c.Story == Plain {
					delays[c.Behaviour] = append(delays[c.Behaviour], p.On.Sub(d))
				}
			}
		}
	}
	for _, tc := range []struct {
		behaviour Behaviour
		lo, hi    float64
	}{
		{Early, -6, 0},
		{Punctual, 0, 2},
		{Habitual, 8, 11},
		{MonthEnd, 1, 20},
		{Seasonal, 2, 12},
		{Slow, 30, 60},
	} {
		sum := 0
		for _, d := range delays[tc.behaviour] {
			sum += d
		}
		mean := float64(sum) / float64(len(delays[tc.behaviour]))
		if math.IsNaN(mean) || mean < tc.lo || mean > tc.hi {
			t.Errorf("%s: paid %.1f days late on average, want %v to %v", tc.behaviour, mean, tc.lo, tc.hi)
		}
	}
}

func TestIdentifiersAreDistinctAndAddressesInvented(t *testing.T) {
	t.Parallel()
	sirens, codes := map[string]string{}, map[string]bool{}
	for _, c := range generate(t, Options{Customers: 30_000, Invoices: 0, Seed: 5, On: monday}) {
		if other, taken := sirens[c.SIREN]; taken && c.SIREN != "" {
			t.Fatalf("%s and %s share the SIREN %s", c.Code, other, c.SIREN)
		}
		sirens[c.SIREN] = c.Code
		if codes[c.Code] {
			t.Fatalf("two customers have the code %s", c.Code)
		}
		codes[c.Code] = true
		for name, r := range map[string]identifier.Result{
			"SIREN": identifier.SIREN(c.SIREN), "SIRET": identifier.SIRETOf(c.SIRET, c.SIREN), "VAT": identifier.VAT(c.VATID),
		} {
			if r.Value != "" && r.Verdict != identifier.Valid && !outside(c.Country) {
				t.Fatalf("%s: the %s %s is %s: %s", c.Code, name, r.Value, r.Verdict, r.Why.EN)
			}
		}
		for _, p := range c.Contacts {
			if p.Email != "" && !strings.HasSuffix(p.Email, ".example") {
				t.Fatalf("%s could reach somebody", p.Email)
			}
			if strings.ContainsAny(p.Email, " éèà’") {
				t.Fatalf("%q is no address", p.Email)
			}
		}
	}
}

// outside tells whether a country has VAT numbers that are not the Union's.
func outside(country string) bool { return country == "CH" || country == "GB" }

// TestKnownIdentifiers: each is published, by the institution or by the format.
func TestKnownIdentifiers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, got, want string }{
		{"SIREN", siren(73_282_932), "732829320"},
		{"SIRET", siret("732829320", 7), "73282932000074"},
		{"Belgian VAT", belgianVAT(4_287_594), "BE0428759497"},
		{"Swiss VAT", swissVAT(10_778_757), "CHE-107.787.577 TVA"},
		{"British VAT", britishVAT(9_807_806), "GB980780684"},
		{"IBAN", FrenchIBAN(30_006, 1, 12_345_678_901), "FR7630006000011234567890189"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, tc.got, tc.want)
		}
	}
}

func TestTheCreditorIsWellFormed(t *testing.T) {
	t.Parallel()
	c := company()
	for name, r := range map[string]identifier.Result{
		"SIREN": identifier.SIREN(c.SIREN), "SIRET": identifier.SIRETOf(c.SIRET, c.SIREN), "VAT": identifier.VAT(c.VATID),
		"IBAN": identifier.IBAN(c.Bank.IBAN), "BIC": identifier.BIC(c.Bank.BIC), "e-mail": identifier.Email(c.Email),
	} {
		if r.Verdict != identifier.Valid && r.Verdict != identifier.Unchecked {
			t.Errorf("the %s %s is %s: %s", name, r.Value, r.Verdict, r.Why.EN)
		}
	}
}

func TestImpossibleWorldsAreRefused(t *testing.T) {
	t.Parallel()
	good := Options{Customers: 1, Invoices: 1, On: monday}
	for name, spoil := range map[string]func(*Options){
		"no customer":       func(o *Options) { o.Customers = 0 },
		"too many":          func(o *Options) { o.Customers = MaxCustomers + 1 },
		"negative invoices": func(o *Options) { o.Invoices = -1 },
		"no day":            func(o *Options) { o.On = 0 },
		"endless history":   func(o *Options) { o.History = MaxHistory + 1 },
	} {
		o := good
		spoil(&o)
		if _, err := Generate(o); err == nil {
			t.Errorf("%s: %+v was accepted", name, o)
		}
	}
}

// TestMemoryDoesNotGrowWithTheCustomers: what is live half-way through a world
// is the same for one twenty times larger.
func TestMemoryDoesNotGrowWithTheCustomers(t *testing.T) {
	live := func(customers int) int64 {
		w, err := Generate(Options{Customers: customers, Invoices: customers * 5, Seed: 1, On: monday})
		if err != nil {
			t.Fatal(err)
		}
		var m runtime.MemStats
		n := 0
		for range w.Customers() {
			if n++; n == customers/2 {
				runtime.GC()
				runtime.ReadMemStats(&m)
			}
		}
		return int64(m.HeapAlloc)
	}
	const allowed = 256 << 10 // bytes; twenty thousand customers would hold forty megabytes
	if small, large := live(1000), live(20_000); large-small > allowed {
		t.Errorf("%d bytes are live with 1,000 customers, %d with 20,000", small, large)
	}
}

func BenchmarkCustomers(b *testing.B) {
	const customers = 20_000
	for b.Loop() {
		w, err := Generate(Options{Customers: customers, Invoices: 5 * customers, Seed: 1, On: monday})
		if err != nil {
			b.Fatal(err)
		}
		for c := range w.Customers() {
			runtime.KeepAlive(c) // making them is the work
		}
	}
	b.ReportMetric(float64(b.N*5*customers)/b.Elapsed().Seconds(), "invoices/s")
}

// Balance is what the customer owes in each of its currencies: what is open of
// its invoices, less its unallocated credits.
func (c *Customer) Balance() map[money.Currency]money.Amount {
	sum := map[money.Currency]money.Amount{}
	add := func(a money.Amount) { sum[a.Currency] = sum[a.Currency].Add(a) }
	for _, i := range c.Invoices {
		add(i.Open)
	}
	for _, n := range c.CreditNotes {
		add(n.Open.Neg())
	}
	for _, p := range c.Payments {
		add(p.Open.Neg())
	}
	return sum
}
