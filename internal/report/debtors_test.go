package report_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/report"
)

var day = cal.Must("2026-11-23")

var scope = creditor.System("crd_test")

// write fills the books with customers of whom several share their name, their
// balance or their oldest due date, some owe another currency and some nothing.
func write(t *testing.T, d *db.DB) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		ctx := t.Context()
		_, err := tx.Exec(ctx, `INSERT INTO creditor (id, name, created_at) VALUES ($1, 'Test', $2)`, scope.Creditor, tx.Now)
		if err != nil {
			return err
		}
		for i := range 60 {
			c := &customer.Customer{Code: fmt.Sprint("C", i), Name: fmt.Sprint("Client ", i%7), Tags: []string{"btp", "services"}[i%2 : i%2+1]}
			if err := customer.Add(ctx, tx, scope, []*customer.Customer{c}); err != nil {
				return err
			}
			if err := owe(ctx, tx, r, c.ID, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func owe(ctx context.Context, tx *db.Tx, r *rand.Rand, who string, n int) error {
	var list []*ledger.Document
	for i := range n % 4 {
		x := &ledger.Document{
			Customer: who, Kind: ledger.Invoice, Number: fmt.Sprint("F", n, "-", i), Issued: day.Add(-90),
			Due: day.Add(-5 + 5*r.IntN(3)), Amount: money.New(100+100*r.Int64N(3), money.EUR),
		}
		if i == 2 {
			x.Kind, x.Due = ledger.CreditNote, 0
		}
		if r.IntN(4) == 0 {
			x.Amount.Currency = "GBP"
		}
		list = append(list, x)
	}
	return ledger.Add(ctx, tx, scope, list)
}

func TestPagesOfDebtorsAreTheWholeListInItsOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d)
		for order, compare := range map[report.Order]func(a, b report.Debtor) int{
			report.ByName: func(report.Debtor, report.Debtor) int { return 0 },
			report.ByOpen: func(a, b report.Debtor) int { return cmp.Compare(euros(b).Open.Minor, euros(a).Open.Minor) },
			report.ByLate: func(a, b report.Debtor) int { return cmp.Compare(euros(b).Late.Minor, euros(a).Late.Minor) },
			report.ByOldest: func(a, b report.Debtor) int {
				return cmp.Compare(cmp.Or(euros(a).Oldest, day.Add(999)), cmp.Or(euros(b).Oldest, day.Add(999)))
			},
		} {
			for _, filter := range []customer.Filter{{}, {Tag: "btp"}, {Search: "client 3"}} {
				q := report.DebtorsQuery{Filter: filter, Order: order, Day: day}
				whole, _ := debtors(t, d, q)
				sorted := slices.SortedFunc(slices.Values(whole), func(a, b report.Debtor) int {
					return cmp.Or(compare(a, b), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
				})
				if diff := gocmp.Diff(codes(sorted), codes(whole)); diff != "" {
					t.Errorf("%s %+v: out of order (-want +got):\n%s", order, filter, diff)
				}
				if diff := gocmp.Diff(codes(whole), codes(turned(t, d, q))); diff != "" {
					t.Errorf("%s %+v: the pages differ from the whole (-want +got):\n%s", order, filter, diff)
				}
			}
		}
	})
}

// turned reads a list page by page.
func turned(t *testing.T, d *db.DB, q report.DebtorsQuery) (all []report.Debtor) {
	t.Helper()
	q.Limit = 7
	for {
		list, next := debtors(t, d, q)
		all = append(all, list...)
		if next.ID == "" || len(all) > 100 {
			return all
		}
		q.After = next
	}
}

func debtors(t *testing.T, d *db.DB, q report.DebtorsQuery) (list []report.Debtor, next report.Place) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		list, next, err = report.Debtors(t.Context(), tx, scope, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, next
}

func euros(d report.Debtor) report.Owed {
	for _, o := range d.Owed {
		if o.Open.Currency == money.EUR {
			return o
		}
	}
	return report.Owed{}
}

func codes(list []report.Debtor) []string {
	c := make([]string, len(list))
	for i, d := range list {
		c[i] = d.Code
	}
	return c
}

func TestWhatDebtorsOweIsTheBalance(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d)
		list, _ := debtors(t, d, report.DebtorsQuery{Day: day})
		if len(list) != 60 {
			t.Errorf("got %d customers, want all 60", len(list))
		}
		got := map[money.Currency]int64{}
		for _, x := range list {
			for _, o := range x.Owed {
				got[o.Open.Currency] += o.Open.Minor
			}
		}
		want := map[money.Currency]int64{}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			aged, err := report.AgedOn(t.Context(), tx, scope, day, report.AgedOptions{})
			for _, g := range aged.Groups {
				want[g.Currency] = g.Total
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("the list against the aged balance (-want +got):\n%s", diff)
		}
	})
}
