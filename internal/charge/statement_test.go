package charge_test

import (
	"context"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

func TestAStatementAddsUpAndStaysAsItWasIssued(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		f := b.owes("F1", "2026-03-31", 1000_00)
		b.Pay(f, cal.Must("2026-05-31"), 500_00)
		b.owes("F2", "2026-08-31", 845_50)
		table := charge.StatementSheet(b.of(today), i18n.FR)
		sum := money.Zero(money.EUR)
		for _, row := range table.Rows {
			sum = sum.Add(row[10].(money.Amount))
		}
		if total := table.Totals[0][10]; total != sum || sum.Decimal() != "154.98" {
			t.Errorf("the lines add up to %s, the total is %v", sum.Decimal(), total)
		}
		if got := table.Rows[0][11]; got != "20,3055" {
			t.Errorf("control: %v", got)
		}
		freeze := func() (i charge.Issued) {
			b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
				i, err = charge.Freeze(ctx, tx, b.Scope, b.who, today, today)
				return err
			})
			return i
		}
		first := freeze()
		b.Pay(f, cal.Must("2026-11-02"), 500_00)
		second := freeze()
		if first.Version != 1 || second.Version != 2 || first.PDF == second.PDF || first.XLSX == second.XLSX {
			t.Errorf("versions: %+v, %+v", first, second)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			content, err := ledger.FileContent(ctx, tx, b.Scope, first.PDF)
			if len(content) == 0 {
				t.Error("the first statement is gone")
			}
			return err
		})
	})
}
