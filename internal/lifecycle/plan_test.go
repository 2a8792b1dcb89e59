package lifecycle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	. "acquit/internal/lifecycle"
	"acquit/internal/money"
)

func eur(cents int64) money.Amount { return money.New(cents, money.EUR) }

var day = cal.Must("2026-11-02")

// told is a status of the n-th day, from a short text: its code, its reasons and
// amounts ("206 PU_ERR MAPTTC=100.00").
func told(n int, text string) Status {
	words := strings.Fields(text)
	s := Status{
		ID: fmt.Sprintf("s%02d", n), Code: words[0], On: day.Add(n), Said: ingest.Lifecycle{Code: words[0], Number: "F1"},
	}
	s.Said.At = ingest.Moment(s.On.String() + "T10:00:00")
	for _, w := range words[1:] {
		name, value, amount := strings.Cut(w, "=")
		if !amount {
			s.Said.Details = append(s.Said.Details, ingest.StatusDetail{Reason: name})
			continue
		}
		value, percent, at := strings.Cut(value, "@")
		a, err := money.Parse(value, money.EUR)
		if err != nil {
			panic(err)
		}
		f := ingest.Figure{Type: name, Amount: a}
		if at {
			rate, _ := money.Parse(percent, money.EUR)
			n := int(rate.Minor)
			f.Percent = &n
		}
		s.Said.Details = append(s.Said.Details, ingest.StatusDetail{Figures: []ingest.Figure{f}})
	}
	return s
}

func all(texts ...string) []Status {
	var list []Status
	for i, t := range texts {
		list = append(list, told(i, t))
	}
	return list
}

// show is what stands, in short: "dispute d1 400.00 price".
func show(o Outcome) []string {
	list := []string{}
	for _, e := range o.Effects {
		text := string(e.Kind) + " " + e.Document + " by " + e.Code
		if !e.Amount.IsZero() {
			text += " " + e.Amount.Decimal()
		}
		if e.Reason != "" {
			text += " " + string(e.Reason)
		}
		list = append(list, text)
	}
	return list
}

func one(rates ...Rate) Invoice {
	return Invoice{Number: "F1", Parts: []Part{{Document: "d1", Due: day.Add(30), Amount: eur(1_200_00)}}, Rates: rates, Net: eur(1_000_00)}
}

var twenty = Rate{Category: "S", Rate: 2000, Basis: eur(1_000_00), Tax: eur(200_00)}

func TestWhatEachStatusLeavesStanding(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		name string
		inv  Invoice
		told []Status
		want []string
	}{
		{"on its way", one(), all("200", "201", "202", "203", "204", "205", "214", "221"), nil},
		{"the buyer has no platform", one(), all("200 NON_TRANSMISE"), []string{"task d1 by 200"}},
		{"disputed", one(), all("207 AUTRE TX_TVA_ERR"), []string{"dispute d1 by 207 price"}},
		{"disputed, then approved", one(), all("207 PU_ERR", "205"), nil},
		{"disputed, then paid", one(), all("207 QTE_ERR", "211 MPA=1200.00"), []string{"dispute d1 by 207 quantity", "payment d1 by 211 1200.00"}},
		{"received twice", one(), all("207 DOUBLON"), []string{"dispute d1 by 207 duplicate"}},
		{"a reason that nobody knows", one(), all("207 CMD_EJ_ERR"), []string{"dispute d1 by 207 other"}},
		{"partly approved, with VAT", one(twenty), all("206 PU_ERR MAPTTC=900.00"), []string{"dispute d1 by 206 300.00 price"}},
		{"partly refused, with VAT", one(twenty), all("206 PU_ERR MNATTC=120.01"), []string{"dispute d1 by 206 120.01 price"}},
		{"partly approved, net", one(twenty), all("206 LIVR_INCOMP MAP=750.00"), []string{"dispute d1 by 206 300.00 delivery"}},
		{"partly refused, net, at a told rate", one(), all("206 QTE_ERR MNA=100.00@5.50"), []string{"dispute d1 by 206 105.50 quantity"}},
		{"partly refused, net, in proportion", one(), all("206 QTE_ERR MNA=100.00"), []string{"dispute d1 by 206 120.00 quantity"}},
		{"partly approved, no amount", one(), all("206 AUTRE"), []string{"dispute d1 by 206 other"}},
		{"more approved than there is", one(), all("206 AUTRE MAPTTC=1300.00"), []string{"dispute d1 by 206 other"}},
		{"disputed, then partly approved", one(), all("207 PU_ERR", "206 PU_ERR MNATTC=10.00"), []string{"dispute d1 by 206 10.00 price"}},
		{"suspended (EI-04)", one(), all("208 JUSTIF_ABS"), []string{"hold d1 by 208", "task d1 by 208"}},
		{"suspended, then completed (EI-04)", one(), all("208 JUSTIF_ABS", "209"), nil},
		{"refused", one(), all("205", "210 DOUBLON"), []string{"stop d1 by 210", "task d1 by 210"}},
		{"refused while disputed", one(), all("207 PU_ERR", "210 PU_ERR"), []string{"stop d1 by 210", "task d1 by 210", "dispute d1 by 207 price"}},
		{"nothing after a refusal", one(), all("210 DOUBLON", "207 PU_ERR", "211", "205"), []string{"stop d1 by 210", "task d1 by 210"}},
		{"rejected", one(), all("213 REJ_SEMAN"), []string{"stop d1 by 213", "task d1 by 213"}},
		{"cancelled", one(), all("220"), []string{"stop d1 by 220", "task d1 by 220"}},
		{"irreceivable", one(), all("501 IRR_SYNTAX"), []string{"stop d1 by 501", "task d1 by 501"}},
		{"irreceivable, then deposited", one(), all("501 IRR_SYNTAX", "200", "203"), nil},
		{"paid, the sum not told", one(), all("211"), []string{"payment d1 by 211"}},
		{"paid in two", one(), all("211 MPA=200.00", "211 MPA=1000.00"), []string{"payment d1 by 211 200.00", "payment d1 by 211 1000.00"}},
		{"factored (EI-10)", one(), all("225"), []string{"stop d1 by 225"}},
		{"factored, then not", one(), all("225", "228"), nil},
		{"factored in confidence", one(), all("226"), nil},
		{"another account", one(), all("227"), []string{"task d1 by 227"}},
		{"direct payment", one(), all("224"), []string{"task d1 by 224"}},
		{"a code that nobody knows", one(), all("299"), nil},
		{"a credit note", Invoice{Number: "A1", Credit: true, Parts: one().Parts}, all("210 DOUBLON"), nil},
		{"in two parts", Invoice{Number: "F1", Parts: []Part{
			{Document: "d1", Due: day.Add(30), Amount: eur(700_00)}, {Document: "d2", Due: day.Add(60), Amount: eur(500_00)},
		}}, all("206 PU_ERR MNATTC=600.00"), []string{"dispute d2 by 206 price", "dispute d1 by 206 100.00 price"}},
	} {
		if diff := cmp.Diff(append([]string{}, r.want...), show(Plan(r.inv, r.told))); diff != "" {
			t.Errorf("%s: %s", r.name, diff)
		}
	}
}

func TestNoMandatoryStatusFollowsAnEnd(t *testing.T) {
	t.Parallel()
	o := Plan(one(), all("200", "210 DOUBLON", "212", "207 PU_ERR", "213 DOUBLON", "210 DOUBLON"))
	if diff := cmp.Diff([]string{"s02", "s04"}, slices.Sorted(maps(o.Problems))); diff != "" || o.Ended != Refused {
		t.Errorf("%s, ended %q", diff, o.Ended)
	}
	if o.State == nil || o.State.ID != "s01" || o.Received != day.Add(1) {
		t.Errorf("%+v", o)
	}
}

func maps(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestOursCountOnceTheyHaveLeft(t *testing.T) {
	t.Parallel()
	list := all("208 JUSTIF_ABS", "209")
	for state, want := range map[State]int{Ready: 2, Sending: 2, Uncertain: 2, Denied: 2, Withdrawn: 2, Sent: 0, Accepted: 0} {
		list[1].Own, list[1].State = true, state
		if got := len(Plan(one(), list).Effects); got != want {
			t.Errorf("%s: %d effects, want %d", state, got, want)
		}
	}
}

// What stands depends on what was said and when, not on the order in which it was
// heard; nor does hearing more of it twice change anything.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	texts := []string{
		"200", "202", "203", "204", "205", "206 PU_ERR MNATTC=10.00", "207 QTE_ERR", "208 JUSTIF_ABS", "209", "210 DOUBLON", "211 MPA=5.00",
		"212 MEN=5.00@20.00", "213 REJ_SEMAN", "214", "220", "225", "226", "227", "228", "501 IRR_SYNTAX", "299",
	}
	rapid.Check(t, func(t *rapid.T) {
		var list []Status
		for i, text := range rapid.SliceOfN(rapid.SampledFrom(texts), 0, 9).Draw(t, "told") {
			s := told(i/2, text) // some at the same second
			s.ID = fmt.Sprintf("s%02d", i)
			list = append(list, s)
		}
		want := Plan(one(twenty), list)
		got := Plan(one(twenty), rapid.Permutation(list).Draw(t, "heard"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if want.Ended != "" != slices.ContainsFunc(want.Effects, func(e Effect) bool { return e.Kind == Stop && e.Code == want.Ended }) {
			t.Fatalf("ended by %q, but %v", want.Ended, show(want))
		}
	})
}
