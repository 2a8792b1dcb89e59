package account_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/payer"
)

func TestTheScoreSeesWhatIsLateUnlessCreditsCoverItAndConsumersHaveNoGrade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Pay(b.Invoice(c, "F0", today.Add(-60), eur(100_00)), today.Add(-60), 100_00)
		if err := payer.Refresh(t.Context(), d, b.Scope, today); err != nil {
			t.Fatal(err)
		}
		score := func(day cal.Date) string {
			a := one(b, account.Query{Day: day}, c)
			return fmt.Sprint(a.Behaviour.Overdue, " ", a.Customer.Score, " ", a.Customer.Grade)
		}
		credit := func(number string, a money.Amount) {
			b.Document(ledger.Document{Customer: c, Kind: ledger.Payment, Number: number, Issued: today, Amount: a})
		}
		got := []string{score(today)}
		b.Invoice(c, "F1", today.Add(-48), eur(80_00))
		b.Invoice(c, "F2", today.Add(-96), eur(20_00))
		b.Invoice(c, "F3", today.Add(10), eur(500_00))
		got = append(got, score(today), score(today.Add(24)))
		credit("Q1", eur(99_99))
		credit("Q2", money.New(50_000, "JPY"))
		got = append(got, score(today))
		credit("Q3", eur(1))
		got = append(got, score(today))
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			who, err := customer.Find(ctx, tx, b.Scope, c)
			if err != nil {
				return err
			}
			who.Kind = customer.Consumer
			return customer.Update(ctx, tx, b.Scope, who)
		})
		got = append(got, score(today.Add(24)))
		want := []string{"0 100 A", "96 60 B", "120 50 C", "96 60 B", "0 100 A", "120 100 "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
