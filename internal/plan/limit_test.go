package plan_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/plan"
)

func TestAPlanStaysWithinTheLimitsOfWhoAgreesToIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		made := cal.Must("2026-11-22")
		invoice := b.Invoice(b.Customer("C1"), "F1", made.Add(-20), agreementtest.EUR(7000_00))
		add := func(r creditor.Rights, parts int) error {
			s := b.Scope
			s.Rights = r
			p := plan.Plan{Invoices: []string{"F1"}, Made: made, Instalments: plan.Monthly(invoice.Amount, parts, made.Add(8))}
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return plan.Add(ctx, tx, s, &p) })
		}
		err := add(creditor.Work, 7)
		if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "limite de 6") {
			t.Errorf("a collector's seven months: got %v", err)
		}
		if err := add(creditor.Manage, 25); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a manager's twenty-five: got %v", err)
		}
		if err := add(creditor.Manage, 7); err != nil {
			t.Errorf("a manager's seven: got %v", err)
		}
	})
}
