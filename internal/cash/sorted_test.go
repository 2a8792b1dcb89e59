package cash_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/money"
)

// scattered are entries with many alike days, amounts, payers and states, half of
// which a run has looked at.
func (w *world) scattered(n int) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		e := bank.Entry{
			On: on("11-01").Add(r.IntN(6)), Amount: eur(int64(r.IntN(9)-3) * 1000), Means: bank.Transfer,
			Party: bank.Party{Name: []string{"", "DURAND", "Durand", "Écho, SARL", "Albert"}[r.IntN(5)]},
			Label: fmt.Sprintf("VIR %d", r.IntN(4)),
		}
		if e.Amount.IsZero() {
			e.Amount = eur(1)
		}
		id := w.entry(e)
		if i == n/2 {
			w.run()
		}
		if i < n/2 && i%4 == 0 && e.Amount.Sign() > 0 {
			w.write(func(ctx context.Context, tx *db.Tx) error { return cash.SetAside(ctx, tx, w.s, id, "apport") })
		}
	}
}

// paged is a list read in small pages, entry by entry.
func (w *world) paged(f cash.Filter) (list []cash.Line) {
	w.t.Helper()
	f.Limit = 7
	w.write(func(ctx context.Context, tx *db.Tx) error {
		for {
			some, err := cash.List(ctx, tx, w.s, f)
			if err != nil || len(some) == 0 {
				return err
			}
			list = append(list, some...)
			f.After = cash.PlaceOf(some[len(some)-1].Place(f.Order).String())
		}
	})
	return list
}

func ids(list []cash.Line) []string {
	var all []string
	for _, l := range list {
		all = append(all, l.Entry.ID)
	}
	return all
}

// Whatever a list is sorted by, its pages put together are all entries once, in
// order, on both engines.
func TestPagesOfASortedListAreTheWholeListInOrder(t *testing.T) {
	t.Parallel()
	rank := map[cash.State]int{cash.Open: 2, cash.Aside: 1}
	payer := func(l cash.Line) string { return strings.ToLower(cmp.Or(l.Entry.Party.Name, l.Entry.Label)) }
	orders := map[cash.Order]func(a, b cash.Line) int{
		cash.ByDay:    func(a, b cash.Line) int { return cmp.Compare(a.Entry.On, b.Entry.On) },
		cash.ByAmount: func(a, b cash.Line) int { return cmp.Compare(a.Entry.Amount.Minor, b.Entry.Amount.Minor) },
		cash.ByState: func(a, b cash.Line) int {
			return cmp.Or(cmp.Compare(rank[a.State], rank[b.State]), cmp.Compare(a.Entry.On, b.Entry.On))
		},
		cash.ByPayer: nil, // in the order of the engine's alphabet: names alike stand together
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.scattered(60)
		all := w.paged(cash.Filter{})
		for o, compare := range orders {
			for _, rising := range []bool{false, true} {
				got := w.paged(cash.Filter{Order: o, Rising: rising})
				same := cmpopts.SortSlices(func(a, b string) bool { return a < b })
				if diff := gocmp.Diff(ids(all), ids(got), same); diff != "" {
					t.Fatalf("%s: entries lost or twice\n%s", o, diff)
				}
				if compare == nil {
					seen := slices.CompactFunc(slices.Clone(got), func(a, b cash.Line) bool { return payer(a) == payer(b) })
					if len(seen) != 7 { // four labels, Albert, Durand, Écho
						t.Errorf("%s: %d runs of names alike, want 7", o, len(seen))
					}
					continue
				}
				in := func(a, b cash.Line) int { return cmp.Or(compare(a, b), cmp.Compare(a.Entry.ID, b.Entry.ID)) }
				if rising && !slices.IsSortedFunc(got, in) ||
					!rising && !slices.IsSortedFunc(got, func(a, b cash.Line) int { return in(b, a) }) {
					t.Errorf("%s, rising %v: not in order", o, rising)
				}
			}
		}
		narrow := cash.Filter{Least: 2000, Most: 3000, Order: cash.ByAmount, States: []cash.State{cash.Open}, From: cal.Must("2026-11-02"), Counts: true}
		for _, l := range w.paged(narrow) {
			if a := l.Entry.Amount.Abs(); a.Less(money.New(2000, money.EUR)) || money.New(3000, money.EUR).Less(a) || l.State != cash.Open || l.Entry.On < narrow.From {
				t.Errorf("not asked for: %s %s %s", a, l.State, l.Entry.On)
			}
		}
		want := 0
		for _, l := range all {
			a := l.Entry.Amount.Abs().Minor
			if a >= 2000 && a <= 3000 && l.State == cash.Open && l.Entry.On >= narrow.From {
				want++
			}
		}
		if got := len(w.paged(narrow)); got != want || want == 0 {
			t.Errorf("narrowed to %d, want %d", got, want)
		}
	})
}
