package cash_test

import (
	"context"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/match"
)

func TestAPersonAppliesAndUndoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 100_00)
		e := w.entry(bank.Entry{On: cal.Must("2026-11-10"), Amount: eur(120_00), Label: "VIR DELVAUX", Means: bank.Transfer})
		x := match.Explanation{Customer: c, Lines: []match.Line{{Item: f, Customer: c, Amount: eur(100_00)}}, Remainder: eur(20_00)}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.s, e, x) })
		w.sound()
		l := w.line(e)
		if l.State != cash.Applied || len(l.Allocations) != 1 || l.Allocations[0].Amount != eur(100_00) || w.open(f) != 0 {
			t.Errorf("%+v", l)
		}
		if err := w.try(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.s, e, x) }); err == nil {
			t.Error("applied twice")
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, e, "erreur") })
		w.sound()
		if l := w.line(e); l.State != cash.Open || w.open(f) != 100_00 {
			t.Errorf("%+v", l)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.s, e, x) })
		w.sound()
	})
}

func TestTheRuleAllocatesWhatIsCertain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F2026-00871", 2450_00)
		e := w.entry(bank.Entry{On: cal.Must("2026-11-10"), Amount: eur(2450_00), Label: "VIR DELVAUX F2026-00871", Means: bank.Transfer})
		if rep := w.run(); rep.Auto != 1 {
			t.Fatalf("%+v %+v", rep, w.line(e))
		}
		if w.open(f) != 0 || w.line(e).State != cash.Auto {
			t.Errorf("%+v", w.line(e))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, e, "erreur") })
		if rep := w.run(); rep.Auto != 0 || w.open(f) != 2450_00 {
			t.Errorf("the rule did again what was undone: %+v", rep)
		}
	})
}
