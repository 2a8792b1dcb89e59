package match_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/match"
	_ "acquit/internal/propertytest"
)

// drawLedger is a small ledger of any kind.
func drawLedger(t *rapid.T) *ledger {
	l := &ledger{rules: match.Rules{
		Tolerance: eur(rapid.Int64Range(0, 500).Draw(t, "tolerance")), Fees: eur(rapid.Int64Range(0, 3000).Draw(t, "fees")),
		Grace: rapid.IntRange(0, 5).Draw(t, "grace"),
	}}
	names := []string{"Garage Vasseur", "Vasseur & Fils", "Imprimerie Delvaux", "Commune de Lille", "", "M. Petit"}
	for i := range rapid.IntRange(1, 6).Draw(t, "customers") {
		l.customers = append(l.customers, match.Customer{
			ID: fmt.Sprintf("c%d", i), Code: fmt.Sprintf("C%04d", i), Name: names[i],
			Group: rapid.SampledFrom([]string{"", "", "g"}).Draw(t, "group"),
		})
	}
	kinds := []match.Kind{match.Invoice, match.Invoice, match.Invoice, match.CreditNote, match.Payment, match.Charge}
	for i := range rapid.IntRange(0, 14).Draw(t, "items") {
		open := rapid.OneOf(rapid.Int64Range(1, 50_000), rapid.SampledFrom([]int64{10_000, 12_000, 22_800})).Draw(t, "open")
		customer := l.customers[rapid.IntRange(0, len(l.customers)-1).Draw(t, "customer")].ID
		kind := as(rapid.SampledFrom(kinds).Draw(t, "kind"))
		l.invoice(customer, fmt.Sprintf("F2026-%04d", 100+i), "2026-10-01", open, kind,
			func(it *match.Item) {
				it.Due = today.Add(rapid.IntRange(-90, 40).Draw(t, "due"))
				it.Discount.Rate = rapid.SampledFrom([]int{0, 0, 200}).Draw(t, "rate")
				it.Discount.Until = today.Add(rapid.IntRange(-10, 10).Draw(t, "until"))
				if i > 0 && it.Kind == match.CreditNote {
					it.Preceding = l.items[0].Number
				}
			})
	}
	return l
}

// drawEntry is an entry that may pay something of a ledger.
func drawEntry(t *rapid.T, l *ledger) match.Entry {
	amount := rapid.Int64Range(1, 90_000).Draw(t, "amount")
	var texts []string
	for range rapid.IntRange(0, 3).Draw(t, "paid") {
		if len(l.items) == 0 {
			break
		}
		i := l.items[rapid.IntRange(0, len(l.items)-1).Draw(t, "item")]
		if rapid.Bool().Draw(t, "exact") {
			amount = i.Open.Minor
		}
		written := []string{i.Number, i.Number[2:], "FACT " + i.Number[6:], "SOLDE"}
		texts = append(texts, rapid.SampledFrom(written).Draw(t, "text"))
	}
	payer := rapid.SampledFrom([]string{"", "VASSEUR", "GARAGE VASSEUR SARL", "DELVAUX", "INCONNU"}).Draw(t, "payer")
	return entry(amount, payer, texts...)
}

func TestEveryExplanationAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		e := drawEntry(t, l)
		a := l.index().Explain(e)
		for _, x := range a.Explanations {
			checkSums(t, l, e, x)
		}
		for k := 1; k < len(a.Explanations); k++ {
			if a.Explanations[k].Confidence > 0 && told(a.Explanations[k]) == told(a.Explanations[k-1]) {
				t.Fatalf("twice the same:\n%s", all(a))
			}
		}
		var sum match.Confidence
		for _, x := range a.Explanations {
			sum += x.Confidence
		}
		if sum > 10_000 {
			t.Fatalf("explanations of which one is right have %d together:\n%s", sum, all(a))
		}
		if len(a.Suspects) > match.MaxSuspects {
			t.Fatalf("%d suspects", len(a.Suspects))
		}
		for _, x := range a.Explanations {
			if x.Confidence > 100 && !slices.Contains(a.Suspects, x.Customer) {
				t.Fatalf("%s is explained and no suspect of %v", x.Customer, a.Suspects)
			}
		}
	})
}

func checkSums(t *rapid.T, l *ledger, e match.Entry, x match.Explanation) {
	sum := x.Remainder.Minor
	taken := map[string]int64{}
	for _, line := range x.Lines {
		sum += line.Amount.Minor
		taken[line.Item] += max(line.Amount.Minor, -line.Amount.Minor)
	}
	for _, adjustment := range x.Adjustments {
		if adjustment.Amount.Minor <= 0 {
			t.Fatalf("an adjustment of %v", adjustment)
		}
		sum -= adjustment.Amount.Minor
	}
	if sum != e.Amount.Minor {
		t.Fatalf("%s comes to %d, not %d", told(x), sum, e.Amount.Minor)
	}
	if x.Remainder.Minor < 0 || x.Confidence < 0 || x.Confidence > 10_000 {
		t.Fatalf("%s: remainder %s, confidence %d", told(x), x.Remainder, x.Confidence)
	}
	for _, i := range l.items {
		if taken[i.ID] > i.Open.Minor {
			t.Fatalf("%s takes %d of %s, of which %s is open", told(x), taken[i.ID], i.Number, i.Open)
		}
		negative := i.Kind == match.CreditNote || i.Kind == match.Payment
		for _, line := range x.Lines {
			if line.Item == i.ID && (line.Amount.Minor < 0) != negative {
				t.Fatalf("%s: the sign of %s is wrong", told(x), i.Number)
			}
		}
	}
}

func TestTheOrderOfItemsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		e := drawEntry(t, l)
		before := l.index().Explain(e)
		slices.Reverse(l.customers)
		l.items = rapid.Permutation(l.items).Draw(t, "order")
		if diff := cmp.Diff(before, l.index().Explain(e)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestTakeThenPutIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		ix := l.index()
		e, other := drawEntry(t, l), drawEntry(t, l)
		a := ix.Explain(e)
		before := ix.Explain(other)
		for _, x := range a.Explanations {
			ix.Take(x)
			ix.Explain(other)
			ix.Put(x)
		}
		if diff := cmp.Diff(before, ix.Explain(other)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatWasTakenIsNotTakenAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		ix := l.index()
		left := slices.Clone(l.items)
		for range 4 {
			e := drawEntry(t, l)
			a := ix.Explain(e)
			if len(a.Explanations) == 0 {
				continue
			}
			x := a.Explanations[0]
			checkSums(t, &ledger{items: left}, e, x)
			ix.Take(x)
			for _, line := range x.Lines {
				for k := range left {
					if left[k].ID == line.Item {
						left[k].Open = left[k].Open.Sub(line.Amount.Abs())
					}
				}
			}
		}
	})
}

// What has nothing to do with an entry cannot change what an exact reference and
// an exact amount say.
func TestAnUnrelatedItemChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := company()
		l.invoice("delvaux", "F2026-90001", "2026-10-01", 123_457)
		e := entry(123_457, "", "FACTURE F2026-90001")
		before := told(first(l.index().Explain(e)))
		for range rapid.IntRange(1, 5).Draw(t, "more") {
			n := rapid.IntRange(0, 89_999).Draw(t, "number")
			l.invoice(fmt.Sprintf("x%03d", n%300), fmt.Sprintf("F2026-%05d", n), "2026-09-01",
				rapid.Int64Range(1, 500_000).Draw(t, "open"))
		}
		if got := told(first(l.index().Explain(e))); got != before || got != "F2026-90001 1234.57" {
			t.Fatalf("%q, then %q", before, got)
		}
	})
}

func FuzzExplain(f *testing.F) {
	l := company()
	l.invoice("delvaux", "F2026-90001", "2026-10-01", 123_457)
	l.invoice("delvaux", "2026/11/0045", "2026-11-01", 45_000)
	ix := l.index()
	for _, w := range writings {
		f.Add(w.label, "IMPRIMERIE DELVAUX", int64(120_000), "")
	}
	f.Add("2101-05 A 2103 À 99999999999999999999999999", "é\xff\x00", int64(1), "RF18F202690001")
	f.Fuzz(func(t *testing.T, label, payer string, minor int64, reference string) {
		e := entry(minor, payer, label, reference, label)
		e.Structured, e.EndToEnd = []string{reference}, reference
		e.Advice = []match.Advice{{Number: label, Amount: eur(minor)}, {Number: reference}}
		for _, x := range ix.Explain(e).Explanations {
			sum := x.Remainder.Minor
			for _, line := range x.Lines {
				sum += line.Amount.Minor
			}
			for _, adjustment := range x.Adjustments {
				sum -= adjustment.Amount.Minor
			}
			if sum != minor {
				t.Fatalf("%s does not come to %d", told(x), minor)
			}
		}
	})
}
