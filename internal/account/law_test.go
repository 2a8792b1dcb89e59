package account_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dunning"
	"acquit/internal/ledger"
	"acquit/internal/limitation"
)

// A decision knows which invoices of a consumer are barred, and from when; what
// interrupts the time counts.
func TestAnAccountKnowsWhatAConsumerIsNoLongerAskedFor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		id := b.Customer("C1")
		change(b, id, func(c *customer.Customer) { c.Kind = customer.Consumer })
		for number, issued := range map[string]string{"old": "2024-11-10", "close": "2024-12-10", "far": "2025-06-10"} {
			b.Document(ledger.Document{
				Customer: id, Kind: ledger.Invoice, Number: number, Issued: cal.Must(issued), Due: cal.Must(issued).Add(30),
				Amount: eur(100_00),
			})
		}
		paid := b.Document(ledger.Document{
			Customer: id, Kind: ledger.Invoice, Number: "paid", Issued: cal.Must("2024-10-10"), Due: today, Amount: eur(100_00),
		})
		b.Pay(paid, cal.Must("2026-01-05"), 10_00)
		got := map[string]string{}
		for _, i := range one(b, account.Query{Day: today}, "C1").Items {
			got[i.Number] = ""
			if !i.Barred.IsZero() {
				got[i.Number] = i.Barred.String()
			}
		}
		want := map[string]string{"old": "2026-11-11", "close": "2026-12-11", "far": "", "paid": ""}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		change(b, id, func(c *customer.Customer) { c.Kind = customer.Business })
		for _, i := range one(b, account.Query{Day: today}, "C1").Items {
			if !i.Barred.IsZero() {
				t.Errorf("%s of a business is barred since %s", i.Number, i.Barred)
			}
		}
	})
}

// What a customer in a collective procedure was supplied with after the judgment is
// still to be paid when it is due.
func TestAnAccountTellsWhatCameAfterTheJudgment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		id := b.Customer("C1")
		judgment := today.Add(-30)
		change(b, id, func(c *customer.Customer) { c.InsolventOn = judgment })
		for number, issued := range map[string]cal.Date{
			"before": judgment.Add(-1), "after": judgment.Add(5), "late invoice": judgment.Add(5), "undated": judgment,
		} {
			b.Document(ledger.Document{
				Customer: id, Kind: ledger.Invoice, Number: number, Issued: issued, Due: issued, Amount: eur(100_00),
			})
		}
		for number, performed := range map[string]cal.Date{"after": judgment, "late invoice": judgment.Add(-1)} {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return limitation.SetRule(ctx, tx, b.Scope, &limitation.Rule{Subject: number, Performed: performed}, today)
			})
		}
		got := map[string]dunning.Supply{}
		for _, i := range one(b, account.Query{Day: today}, "C1").Items {
			got[i.Number] = i.Supply
		}
		want := map[string]dunning.Supply{
			"before": dunning.SuppliedBefore, "after": dunning.SuppliedAfter, "late invoice": dunning.SuppliedBefore,
			"undated": dunning.SupplyUndated,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func change(b *agreementtest.Books, id string, fn func(*customer.Customer)) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, b.Scope, id)
		if err != nil {
			return err
		}
		fn(&c)
		return customer.Update(ctx, tx, b.Scope, c)
	})
}
