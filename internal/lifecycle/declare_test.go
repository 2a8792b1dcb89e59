package lifecycle

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
	"acquit/internal/setting"
)

func euros(cents int64) money.Amount { return money.New(cents, money.EUR) }

func rate(percent int, gross int64) Rate {
	net := gross * 100 / int64(100+percent)
	return Rate{Category: "S", Rate: percent * 100, Basis: euros(net), Tax: euros(gross - net)}
}

func told(list []share) (all []string) {
	for _, s := range list {
		all = append(all, fmt.Sprintf("%s@%d", s.Amount.Decimal(), s.Rate/100))
	}
	return all
}

func paid(id string, cents int64) receipt { return receipt{Allocation: id, Amount: euros(cents)} }

// The worked cases of the rates of an invoice of 1 200.00 at 20 % and 550.00 at
// 10 %.
func TestAPaymentIsCutByTheRatesOfItsInvoice(t *testing.T) {
	t.Parallel()
	two := []Rate{rate(20, 1_200_00), rate(10, 550_00)}
	for _, r := range []struct {
		name  string
		rates []Rate
		was   declared
		list  []receipt
		want  []string
	}{
		{"EI-01: all of it", two, nil, []receipt{paid("a", 1_750_00)}, []string{"1200.00@20", "550.00@10"}},
		{"EI-02: a part", two, nil, []receipt{paid("a", 500_00)}, []string{"342.86@20", "157.14@10"}},
		{"the rest", two, declared{{"a", 2000, euros(342_86), 0}, {"a", 1000, euros(157_14), 0}}, []receipt{paid("b", 1_250_00)}, []string{"857.14@20", "392.86@10"}},
		{
			"EI-08: a debit that went back",
			[]Rate{rate(20, 1_200_00)},
			declared{{"a", 2000, euros(1_200_00), 0}},
			[]receipt{{Allocation: "b", Reverses: "a", Amount: euros(-1_200_00)}},
			[]string{"-1200.00@20"},
		},
		{"undone before anybody was told", two, nil, []receipt{paid("a", 500_00), {Allocation: "b", Reverses: "a", Amount: euros(-500_00)}}, nil},
		{"a rate that has nothing", []Rate{rate(20, 1_200_00), rate(0, 0)}, nil, []receipt{paid("a", 100_00)}, []string{"100.00@20"}},
	} {
		got, _ := shares(r.rates, money.Amount{}, r.was, r.list)
		if diff := cmp.Diff(r.want, told(got)); diff != "" {
			t.Errorf("%s: %s", r.name, diff)
		}
	}
	got, _ := shares(two, euros(750_00), nil, []receipt{paid("a", 1_000_00)})
	if diff := cmp.Diff([]string{"685.71@20", "314.29@10"}, told(got)); diff != "" {
		t.Errorf("after a credit note: %s", diff)
	}
}

func TestOnlyWhatIsDueOnCollectionIsDeclared(t *testing.T) {
	t.Parallel()
	e := func(process, kind string, debits bool, rates ...Rate) Electronic {
		return Electronic{Process: process, Type: kind, Debits: debits, VAT: rates}
	}
	vat := rate(20, 120_00)
	for _, r := range []struct {
		e      Electronic
		issued string
		want   string // due, all
	}{
		{e("S1", "380", false, vat), "2026-10-01", "true true"},
		{e("M1", "380", false, vat), "2026-10-01", "true true"},
		{e("S1", "380", true, vat), "2026-10-01", "false true"},
		{e("B1", "380", false, vat), "2026-10-01", "false true"},
		{e("B1", "386", false, vat), "2026-10-01", "true true"},
		{e("S1", "380", false, Rate{Category: "AE", Basis: euros(100_00), Tax: euros(0)}), "2026-10-01", "false true"},
		{e("S1", "380", false), "2026-10-01", "false false"},
		{e("S1", "380", false, vat), "2026-08-31", "false false"},
	} {
		day := cal.Must(r.issued)
		got := fmt.Sprint(declares(r.e, day, setting.CollectedWhereDue), " ", declares(r.e, day, setting.CollectedAll))
		if got != r.want || declares(r.e, day, setting.CollectedNone) {
			t.Errorf("%+v of %s: %s, want %s", r.e, r.issued, got, r.want)
		}
	}
}

// Whatever is paid, undone and paid again, in whatever portions it is declared: each
// part adds up to its receipt, what goes back is what was told, and an invoice that
// is paid in full is declared in full at each of its rates.
func TestDeclarationsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rates []Rate
		var total int64
		for _, percent := range rapid.SliceOfNDistinct(rapid.SampledFrom([]int{0, 2, 5, 10, 20}), 1, 4, rapid.ID[int]).Draw(t, "rates") {
			gross := rapid.Int64Range(1, 100_000).Draw(t, "gross")
			rates, total = append(rates, rate(percent, gross)), total+gross
		}
		open, n := total, 0
		var was declared
		active := map[string]int64{}
		step := func(list []receipt) {
			got, netted := shares(rates, money.Amount{}, was, list)
			for _, r := range list {
				var sum int64
				for _, s := range got {
					if s.Allocation == r.Allocation {
						sum += s.Amount.Minor
					}
				}
				if want := r.Amount.Minor; sum != want && !slices.Contains(netted, r.Allocation) {
					t.Fatalf("%+v: declared %d", r, sum)
				}
			}
			was = append(was, got...)
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			var list []receipt
			for range rapid.IntRange(1, 3).Draw(t, "at once") {
				n++
				id := fmt.Sprintf("a%d", n)
				keys := slices.Sorted(func(yield func(string) bool) {
					for k := range active {
						if !yield(k) {
							return
						}
					}
				})
				if len(keys) > 0 && rapid.Bool().Draw(t, "undo") {
					old := rapid.SampledFrom(keys).Draw(t, "which")
					list = append(list, receipt{Allocation: id, Reverses: old, Amount: euros(-active[old])})
					open += active[old]
					delete(active, old)
				} else if open > 0 {
					sum := rapid.Int64Range(1, open).Draw(t, "sum")
					list = append(list, paid(id, sum))
					active[id], open = sum, open-sum
				}
			}
			step(list)
		}
		if open > 0 {
			step([]receipt{paid("last", open)})
		}
		sums := map[int]int64{}
		for _, w := range was {
			sums[w.Rate] += w.Amount.Minor
		}
		for _, r := range rates {
			if sums[r.Rate] != r.Gross().Minor {
				t.Fatalf("%d %% adds up to %d, not %s", r.Rate/100, sums[r.Rate], r.Gross())
			}
		}
	})
}
