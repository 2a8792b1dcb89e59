package inflight_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/inflight"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

func add(b *agreementtest.Books, p inflight.Payment) (inflight.Payment, error) {
	if p.Until.IsZero() {
		p.Until = today.Add(3)
	}
	p.On = today
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return inflight.Add(ctx, tx, b.Scope, &p) })
	return p, err
}

func TestAPaymentIsOnItsWayUntilItArrivesOrItsTimeIsOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1, f2 := b.Invoice(c, "F1", today, eur(60_00)), b.Invoice(c, "F2", today, eur(40_00))
		both, err := add(b, inflight.Payment{Invoices: []string{"F1", "F2"}, Source: inflight.Transfer})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{f1.ID, f2.ID}, both.Invoices); diff != "" || both.Amount != eur(100_00) {
			t.Errorf("all that is open on both: %s %s", both.Amount, diff)
		}
		large, err := add(b, inflight.Payment{Customer: "C1", Amount: eur(500_00), Until: today.Add(9)})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return inflight.End(ctx, tx, b.Scope, large.ID, today.Add(5), inflight.Failed, "chèque sans provision")
		})
		for day, want := range map[cal.Date]int{
			today.Add(-1): 0, today: 2, today.Add(3): 2, today.Add(4): 1, today.Add(5): 0,
		} {
			n := 0
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for p, err := range inflight.Between(ctx, tx, b.Scope, agreement.Span{Day: day, From: c, To: c}) {
					if err != nil {
						return err
					}
					if p.ID == both.ID && len(p.Invoices) != 2 || p.ID == large.ID && len(p.Invoices) != 0 {
						t.Errorf("invoices of %s: %v", p.ID, p.Invoices)
					}
					n++
				}
				return nil
			})
			if n != want {
				t.Errorf("%s: %d on their way, want %d", day, n, want)
			}
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			open, err := inflight.Open(ctx, tx, b.Scope, inflight.Payment{}, 10)
			if len(open) != 1 || open[0].ID != both.ID || !open[0].Lapsed(today.Add(4)) || open[0].Lapsed(today.Add(3)) {
				t.Errorf("to be followed up: %+v", open)
			}
			return err
		})
		if diff := cmp.Diff([]string{"payment.announced", "payment.announced", "payment.failed"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnnouncementsThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today, eur(60_00))
		for _, r := range []struct {
			name string
			p    inflight.Payment
			kind fault.Kind
			says string
		}{
			{"too much", inflight.Payment{Invoices: []string{"F1"}, Amount: eur(60_01)}, fault.KindInvalid, "dépasse ce qui reste"},
			{"at large without amount", inflight.Payment{Customer: "C1"}, fault.KindInvalid, "il manque le montant"},
			{"of nobody", inflight.Payment{Amount: eur(1)}, fault.KindInvalid, "il manque le client"},
			{"by pigeon", inflight.Payment{Customer: "C1", Amount: eur(1), Source: "pigeon"}, fault.KindInvalid, "« pigeon »"},
			{"already over", inflight.Payment{Customer: "C1", Amount: eur(1), Until: today.Add(-1)}, fault.KindInvalid, "déjà passé"},
		} {
			_, err := add(b, r.p)
			if fault.KindOf(err) != r.kind || !strings.Contains(err.Error(), r.says) {
				t.Errorf("%s: got %v, want %s saying %q", r.name, err, r.kind, r.says)
			}
		}
	})
}
