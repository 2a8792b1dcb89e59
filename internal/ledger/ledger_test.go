package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

var day0 = cal.Must("2026-10-01")

// books are one creditor with customers c0 … and helpers that fail the test.
type books struct {
	t         *testing.T
	d         *db.DB
	s         creditor.Scope
	customers []string
}

func newBooks(t *testing.T, d *db.DB, customers int) *books {
	t.Helper()
	b := &books{t: t, d: d, s: creditor.System("crd_test")}
	b.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO creditor (id, name, created_at) VALUES ($1, 'Test', $2)`, b.s.Creditor, tx.Now); err != nil {
			return err
		}
		for i := range customers {
			c := &customer.Customer{Code: fmt.Sprintf("C%d", i)}
			if err := customer.Add(ctx, tx, b.s, []*customer.Customer{c}); err != nil {
				return err
			}
			b.customers = append(b.customers, c.ID)
		}
		return nil
	})
	return b
}

func (b *books) write(fn func(context.Context, *db.Tx) error) {
	b.t.Helper()
	if err := b.try(fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *books) try(fn func(context.Context, *db.Tx) error) error {
	return b.d.Write(b.t.Context(), func(tx *db.Tx) error { return fn(b.t.Context(), tx) })
}

func (b *books) add(d ledger.Document) ledger.Document {
	b.t.Helper()
	b.write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, b.s, []*ledger.Document{&d}) })
	return d
}

func (b *books) invoice(customer int, number string, due cal.Date, cents int64) ledger.Document {
	b.t.Helper()
	return b.add(ledger.Document{
		Customer: b.customers[customer], Kind: ledger.Invoice, Number: number, Issued: due.Add(-30), Due: due,
		Amount: money.New(cents, money.EUR),
	})
}

func (b *books) payment(customer int, number string, on cal.Date, cents int64) ledger.Document {
	b.t.Helper()
	return b.add(ledger.Document{
		Customer: b.customers[customer], Kind: ledger.Payment, Number: number, Issued: on,
		Amount: money.New(cents, money.EUR),
	})
}

func (b *books) allocate(credit, invoice ledger.Document, on cal.Date, cents int64) (ledger.Allocation, error) {
	a := ledger.Allocation{Credit: credit.ID, Invoice: invoice.ID, On: on, Amount: money.New(cents, invoice.Amount.Currency)}
	err := b.try(func(ctx context.Context, tx *db.Tx) error { return ledger.Allocate(ctx, tx, b.s, &a) })
	return a, err
}

func (b *books) openOn(day cal.Date) map[string]int64 {
	b.t.Helper()
	open := map[string]int64{}
	err := b.d.Read(b.t.Context(), func(tx *db.Tx) error {
		for _, c := range b.customers {
			list, err := ledger.OpenOf(b.t.Context(), tx, b.s, c, day)
			if err != nil {
				return err
			}
			for _, o := range list {
				open[o.Number] = o.On.Minor
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return open
}

func (b *books) aged(q ledger.AgedQuery) []ledger.Aged {
	b.t.Helper()
	list := []ledger.Aged{}
	err := b.d.Read(b.t.Context(), func(tx *db.Tx) error {
		for a, err := range ledger.AgedBalance(b.t.Context(), tx, b.s, q) {
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func TestAllocationsMoveOpenAmountsAndAreUndoneByReversal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 2)
		f1 := b.invoice(0, "F1", day0, 100_00)
		p1 := b.payment(0, "P1", day0.Add(5), 60_00)
		a, err := b.allocate(p1, f1, day0.Add(5), 60_00)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{"F1": 40_00}
		if diff := cmp.Diff(want, b.openOn(day0.Add(5))); diff != "" {
			t.Errorf("after the allocation:\n%s", diff)
		}
		reverse := func() error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, b.s, a.ID, day0.Add(9), "erreur")
			})
		}
		if err := reverse(); err != nil {
			t.Fatal(err)
		}
		want = map[string]int64{"F1": 100_00, "P1": 60_00}
		if diff := cmp.Diff(want, b.openOn(day0.Add(9))); diff != "" {
			t.Errorf("after the reversal:\n%s", diff)
		}
		want = map[string]int64{"F1": 40_00}
		if diff := cmp.Diff(want, b.openOn(day0.Add(8))); diff != "" {
			t.Errorf("the day before the reversal still sees the allocation:\n%s", diff)
		}
		if err := reverse(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("reversing twice: got %v, want a conflict", err)
		}
	})
}

func TestAllocationsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 2)
		f1 := b.invoice(0, "F1", day0, 100_00)
		p1 := b.payment(0, "P1", day0, 150_00)
		other := b.payment(1, "P2", day0, 10_00)
		dollars := b.add(ledger.Document{
			Customer: b.customers[0], Kind: ledger.Payment, Number: "P3", Issued: day0, Amount: money.New(10_00, "USD"),
		})
		for _, c := range []struct {
			name   string
			credit ledger.Document
			cents  int64
			want   fault.Kind
		}{
			{"more than the invoice", p1, 100_01, fault.KindConflict},
			{"nothing", p1, 0, fault.KindInvalid},
			{"another customer's money", other, 5_00, fault.KindInvalid},
			{"another currency", dollars, 5_00, fault.KindInvalid},
			{"an invoice as a credit", f1, 5_00, fault.KindInvalid},
		} {
			if _, err := b.allocate(c.credit, f1, day0, c.cents); fault.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
		reader := b.s
		reader.Rights = creditor.Read
		err := b.try(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Allocate(ctx, tx, reader, &ledger.Allocation{Credit: p1.ID, Invoice: f1.ID, Amount: money.New(1, money.EUR)})
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reader allocates: got %v", err)
		}
		if diff := cmp.Diff(map[string]int64{"F1": 100_00, "P1": 150_00, "P2": 10_00, "P3": 10_00}, b.openOn(day0)); diff != "" {
			t.Errorf("something moved:\n%s", diff)
		}
	})
}

func TestAgedBalanceBandsFollowTheLegalBorders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 1)
		day := cal.Must("2026-11-22")
		for i, c := range []struct {
			due   string
			cents int64
		}{
			{"2026-11-22", 1000_00},
			{"2026-11-21", 2000_00},
			{"2026-10-23", 500_00},
			{"2026-10-22", 700_00},
			{"2026-09-23", 900_00},
			{"2026-09-22", 1100_00},
			{"2026-08-24", 300_00},
			{"2026-08-23", 400_00},
			{"2026-12-31", 1500_00},
		} {
			inv := ledger.Document{
				Customer: b.customers[0], Kind: ledger.Invoice, Number: fmt.Sprintf("F%d", i), Issued: cal.Must("2026-08-01"),
				Due: cal.Must(c.due), Amount: money.New(c.cents, money.EUR),
			}
			b.add(inv)
		}
		b.payment(0, "P", cal.Must("2026-09-30"), 200_00)
		q := ledger.AgedQuery{Day: day, Edges: []int{0, 30, 60, 90}}
		want := []ledger.Aged{{Customer: b.customers[0], Currency: "EUR", Bands: []int64{2500_00, 2500_00, 1400_00, 1400_00, 400_00}}}
		if diff := cmp.Diff(want, b.aged(q)); diff != "" {
			t.Errorf("credits by their own date:\n%s", diff)
		}
		q.Apart = true
		want[0].Bands, want[0].Apart = []int64{2500_00, 2500_00, 1600_00, 1400_00, 400_00}, -200_00
		if diff := cmp.Diff(want, b.aged(q)); diff != "" {
			t.Errorf("credits apart:\n%s", diff)
		}
	})
}

// What is open on a past day must never change with what happens later, the
// bands must add up to it, and Verify must agree all along.
func TestThePastNeverChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 3)
		r := rand.New(rand.NewPCG(7, 7))
		var invoices, payments []ledger.Document
		var made []ledger.Allocation
		snapshots := map[cal.Date]map[string]int64{}
		for i := range 30 {
			day := day0.Add(i)
			who := r.IntN(3)
			inv := ledger.Document{
				Customer: b.customers[who], Kind: ledger.Invoice, Number: fmt.Sprintf("F%d", i), Issued: day,
				Due: day.Add(r.IntN(60)), Amount: money.New(1+r.Int64N(1000_00), money.EUR),
			}
			invoices = append(invoices, b.add(inv))
			payments = append(payments, b.payment(r.IntN(3), fmt.Sprintf("P%d", i), day, 1+r.Int64N(800_00)))
			for range 8 {
				p, f := payments[r.IntN(len(payments))], invoices[r.IntN(len(invoices))]
				a, err := b.allocate(p, f, day, 1+r.Int64N(300_00))
				if err == nil {
					made = append(made, a)
				} else if k := fault.KindOf(err); k != fault.KindConflict && k != fault.KindInvalid {
					t.Fatal(err)
				}
			}
			if len(made) > 0 && r.IntN(4) == 0 {
				a := made[r.IntN(len(made))]
				err := b.try(func(ctx context.Context, tx *db.Tx) error { return ledger.Reverse(ctx, tx, b.s, a.ID, day, "test") })
				var conflict *fault.Conflict
				if err != nil && !errors.As(err, &conflict) {
					t.Fatal(err)
				}
			}
			snapshots[day] = b.openOn(day)
		}
		if len(made) < 20 {
			t.Fatalf("only %d allocations: the test shows nothing", len(made))
		}
		for day, want := range snapshots {
			if diff := cmp.Diff(want, b.openOn(day)); diff != "" {
				t.Errorf("%s has changed since:\n%s", day, diff)
			}
			var total, bands int64
			for number, open := range want {
				if number[0] == 'P' {
					open = -open
				}
				total += open
			}
			for _, a := range b.aged(ledger.AgedQuery{Day: day, Edges: []int{-30, 0, 30}}) {
				for _, m := range a.Bands {
					bands += m
				}
			}
			if total != bands {
				t.Errorf("%s: the bands add up to %d, the items to %d", day, bands, total)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, wrong, err := ledger.Verify(t.Context(), tx, b.s)
			if n != 60 || len(wrong) > 0 {
				t.Errorf("Verify: %d documents, wrong: %v", n, wrong)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestComparisonListsEveryDifferenceWithTheGeneralLedger(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBooks(t, d, 3)
		b.invoice(0, "F1", day0, 100_00)
		b.invoice(1, "F2", day0, 50_00)
		b.write(func(ctx context.Context, tx *db.Tx) error {
			eur := func(c int64) money.Amount { return money.New(c, money.EUR) }
			return ledger.StateBalances(ctx, tx, b.s, []ledger.Balance{
				{On: day0, Account: "411", Customer: "C0", Amount: eur(100_00), Import: "imp_1"},
				{On: day0, Account: "411", Customer: "C1", Amount: eur(70_00), Import: "imp_1"},
				{On: day0, Account: "411", Customer: "C9", Amount: eur(5_00), Import: "imp_1"},
			})
		})
		var got ledger.Comparison
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			got, _, err = ledger.Compare(t.Context(), tx, b.s, money.EUR)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		eur := func(c int64) money.Amount { return money.New(c, money.EUR) }
		want := ledger.Comparison{On: day0, Stated: eur(175_00), Ours: eur(150_00), Differences: []ledger.Difference{
			{Customer: "C1", Name: "C1", Stated: eur(70_00), Ours: eur(50_00)},
			{Customer: "C9", Stated: eur(5_00), Ours: eur(0)},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
