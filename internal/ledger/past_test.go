package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// wild does what people and files do to books in any order: documents dated back
// and ahead, allocations and reversals dated at random, days of issue corrected.
type wild struct {
	*books
	r         *rand.Rand
	documents []ledger.Document
	made      []ledger.Allocation
}

var wildCurrencies = []money.Currency{"EUR", "JPY", "TND"}

func (w *wild) day() cal.Date { return day0.Add(w.r.IntN(60)) }

func (w *wild) document(i int) {
	kinds := []ledger.Kind{ledger.Invoice, ledger.Invoice, ledger.CreditNote, ledger.Payment}
	d := ledger.Document{
		Customer: w.customers[w.r.IntN(len(w.customers))], Kind: kinds[w.r.IntN(len(kinds))],
		Number: fmt.Sprint("D", i), Issued: w.day(),
		Amount: money.New(1+w.r.Int64N(1000_00), wildCurrencies[w.r.IntN(3)]),
	}
	if d.Kind == ledger.Invoice && w.r.IntN(5) > 0 {
		d.Due = d.Issued.Add(w.r.IntN(90))
	}
	w.documents = append(w.documents, w.add(d))
}

// partner is a document of the same customer and currency, or any.
func (w *wild) partner(of ledger.Document) ledger.Document {
	for range 20 {
		d := w.documents[w.r.IntN(len(w.documents))]
		if d.Customer == of.Customer && d.Amount.Currency == of.Amount.Currency && d.Kind == ledger.Invoice {
			return d
		}
	}
	return w.documents[w.r.IntN(len(w.documents))]
}

func (w *wild) refused(err error) bool {
	if k := fault.KindOf(err); err != nil && k != fault.KindConflict && k != fault.KindInvalid {
		w.t.Fatal(err)
	}
	return err != nil
}

func (w *wild) step() {
	some := w.documents[w.r.IntN(len(w.documents))]
	switch w.r.IntN(8) {
	case 0:
		some.Issued = w.day()
		if w.refused(w.try(func(ctx context.Context, tx *db.Tx) error { return ledger.Change(ctx, tx, w.s, some) })) {
			return
		}
		for i := range w.documents {
			if w.documents[i].ID == some.ID {
				w.documents[i].Issued = some.Issued
			}
		}
	case 1:
		if len(w.made) > 0 {
			a := w.made[w.r.IntN(len(w.made))]
			w.refused(w.try(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, w.s, a.ID, w.day(), "test")
			}))
		}
	default:
		a, err := w.allocate(some, w.partner(some), w.day(), 1+w.r.Int64N(300_00))
		if !w.refused(err) {
			w.made = append(w.made, a)
		}
	}
}

// want is what each customer owes in each currency on a day: allocations change
// nothing of it, whatever their dates.
func (w *wild) want(day cal.Date) map[string]int64 {
	owed := map[string]int64{}
	for _, d := range w.documents {
		switch {
		case d.Issued > day:
		case d.Kind == ledger.Invoice:
			owed[d.Customer+" "+string(d.Amount.Currency)] += d.Amount.Minor
		default:
			owed[d.Customer+" "+string(d.Amount.Currency)] -= d.Amount.Minor
		}
	}
	return owed
}

func TestTheBalanceOfAnyDayIsWhatWasIssuedLessWhatCameIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &wild{books: newBooks(t, d, 2), r: rand.New(rand.NewPCG(3, 11))}
		for i := range 60 {
			w.document(i)
			for range 4 {
				w.step()
			}
		}
		if len(w.made) < 15 {
			t.Fatalf("only %d allocations: the test shows nothing", len(w.made))
		}
		for n := -1; n <= 61; n += 2 {
			day := day0.Add(n)
			for name, got := range w.readings(day) {
				if diff := cmp.Diff(withoutZeros(w.want(day)), withoutZeros(got)); diff != "" {
					t.Errorf("%s, %s:\n%s", day, name, diff)
				}
			}
		}
	})
}

func withoutZeros(m map[string]int64) map[string]int64 {
	maps.DeleteFunc(m, func(_ string, n int64) bool { return n == 0 })
	return m
}

// readings are the same balance by every way of asking for it.
func (w *wild) readings(day cal.Date) map[string]map[string]int64 {
	w.t.Helper()
	all := map[string]map[string]int64{"customer by customer": {}}
	err := w.d.Read(w.t.Context(), func(tx *db.Tx) error {
		for _, c := range w.customers {
			list, err := ledger.OpenOf(w.t.Context(), tx, w.s, c, day)
			if err != nil {
				return err
			}
			for _, o := range list {
				w.count(all["customer by customer"], o)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, q := range []ledger.AgedQuery{
		{Day: day},
		{Day: day, Edges: []int{0, 30, 60, 90}},
		{Day: day, Edges: []int{-30, 0, 7}, Apart: true},
	} {
		sums := map[string]int64{}
		for _, a := range w.aged(q) {
			sums[a.Customer+" "+string(a.Currency)] += a.Apart
			for _, n := range a.Bands {
				sums[a.Customer+" "+string(a.Currency)] += n
			}
		}
		all[fmt.Sprint("bands ", q.Edges, q.Apart)] = sums
	}
	return all
}

func (w *wild) count(into map[string]int64, o ledger.OpenOn) {
	w.t.Helper()
	if o.On.Sign() < 0 || o.Amount.Less(o.On) {
		w.t.Errorf("%s: %s open of %s", o.Number, o.On, o.Amount)
	}
	sign := int64(1)
	if o.Kind.Credit() {
		sign = -1
	}
	into[o.Customer+" "+string(o.On.Currency)] += sign * o.On.Minor
}

func TestComparisonSeesWhatOnlyOneSideHas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 3)
		b.invoice(0, "F1", day0, 100_00)
		b.payment(2, "P1", day0, 30_00)
		yen := b.add(ledger.Document{
			Customer: b.customers[1], Kind: ledger.Invoice, Number: "F2", Issued: day0, Amount: money.New(9_000, "JPY"),
		})
		eur := func(c int64) money.Amount { return money.New(c, money.EUR) }
		state := func(day cal.Date, list ...ledger.Balance) {
			for i := range list {
				list[i].On, list[i].Account, list[i].Import = day, "411", "imp_"+day.String()
			}
			b.write(func(ctx context.Context, tx *db.Tx) error { return ledger.StateBalances(ctx, tx, b.s, list) })
		}
		compare := func(c money.Currency) (got ledger.Comparison, known bool) {
			b.write(func(ctx context.Context, tx *db.Tx) (err error) {
				got, known, err = ledger.Compare(ctx, tx, b.s, c)
				return err
			})
			return got, known
		}
		state(day0, ledger.Balance{Customer: "C0", Amount: eur(60_00)}, ledger.Balance{Customer: "C0", Amount: eur(40_00)},
			ledger.Balance{Amount: eur(100_00)})
		want := ledger.Comparison{On: day0, Stated: eur(100_00), Ours: eur(70_00), Differences: []ledger.Difference{
			{Customer: "C2", Name: "C2", Stated: eur(0), Ours: eur(-30_00)}, {Stated: eur(100_00), Ours: eur(70_00)},
		}}
		if got, _ := compare(money.EUR); !cmp.Equal(want, got) {
			t.Errorf("two lines of one customer, and the account: %s", cmp.Diff(want, got))
		}
		if got, known := compare("JPY"); known {
			t.Errorf("nothing was stated in yen (%s): %+v", yen.Open, got)
		}
		state(day0.Add(9), ledger.Balance{Amount: eur(70_00)})
		want = ledger.Comparison{On: day0.Add(9), Stated: eur(70_00), Ours: eur(70_00)}
		if got, _ := compare(money.EUR); !cmp.Equal(want, got) {
			t.Errorf("the account alone, and it agrees: %s", cmp.Diff(want, got))
		}
	})
}
