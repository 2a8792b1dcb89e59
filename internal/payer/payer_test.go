package payer_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/payer"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

func TestTheAverageDelayWeighsMoney(t *testing.T) {
	t.Parallel()
	at := func(days int, a money.Amount) payer.Settlement {
		return payer.Settlement{Due: today, Paid: today.Add(days), Amount: a}
	}
	for _, c := range []struct {
		name        string
		list        []payer.Settlement
		days, count int
	}{
		{"nothing", nil, 0, 0},
		{"once", []payer.Settlement{at(12, eur(50_00))}, 12, 1},
		{"each euro the same", []payer.Settlement{at(0, eur(30_00)), at(40, eur(10_00))}, 10, 2},
		{"half a day late is a day", []payer.Settlement{at(0, eur(10_00)), at(1, eur(10_00))}, 1, 2},
		{"half a day early is a day", []payer.Settlement{at(0, eur(10_00)), at(-1, eur(10_00))}, -1, 2},
		{"taken back", []payer.Settlement{at(90, eur(10_00)), at(90, eur(-10_00)), at(5, eur(10_00))}, 5, 1},
		{"all taken back", []payer.Settlement{at(90, eur(10_00)), at(90, eur(-10_00))}, 0, 0},
		{"two currencies", []payer.Settlement{
			at(3, eur(1_00)), at(5, eur(1_00)), at(60, money.New(1_000_000, "JPY")),
		}, 4, 2},
	} {
		if days, count := payer.AverageDelay(c.list); days != c.days || count != c.count {
			t.Errorf("%s: %d days from %d, want %d from %d", c.name, days, count, c.days, c.count)
		}
	}
}

func TestTheFiguresFollowThePaymentsOfAYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c1, c2 := b.Customer("C1"), b.Customer("C2")
		f1 := b.Invoice(c1, "F1", today.Add(-40), eur(100_00))
		f2 := b.Invoice(c2, "F2", today.Add(-30), eur(100_00))
		b.Pay(f1, today.Add(-20), 60_00)
		bounced := b.Pay(f2, today.Add(-25), 100_00)
		figures := func(day cal.Date) map[string]int64 {
			t.Helper()
			if err := payer.Refresh(t.Context(), d, b.Scope, day); err != nil {
				t.Fatal(err)
			}
			found := map[string]int64{}
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for _, c := range []string{c1, c2} {
					delays, err := db.All(ctx, tx, db.Value[int64], `
						SELECT average_delay
						FROM payer
						WHERE creditor_id = $1 AND customer_id = $2`, b.Scope.Creditor, c)
					if err != nil {
						return err
					}
					if len(delays) == 1 {
						found[c] = delays[0]
					}
				}
				return nil
			})
			return found
		}
		if diff := cmp.Diff(map[string]int64{c1: 20, c2: 5}, figures(today)); diff != "" {
			t.Errorf("today: %s", diff)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Reverse(ctx, tx, b.Scope, bounced.ID, today, "rejet")
		})
		if diff := cmp.Diff(map[string]int64{c1: 20}, figures(today)); diff != "" {
			t.Errorf("after a payment bounced: %s", diff)
		}
		if diff := cmp.Diff(map[string]int64{}, figures(today.Add(400))); diff != "" {
			t.Errorf("a year later: %s", diff)
		}
	})
}
