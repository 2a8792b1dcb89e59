package cash_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/match"
	"acquit/internal/task"
)

// asks is what the night asks about credits of no use.
func (w *world) asks(day string) []task.Task {
	w.t.Helper()
	var list []task.Task
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if err = cash.AskIdle(ctx, tx, w.manager(), on(day)); err != nil {
			return err
		}
		list, err = task.WithKey(ctx, tx, w.s, "credit/")
		return err
	})
	return list
}

// What was paid too much, with nothing left to pay, becomes a question once it has
// waited; it ends by itself when the credit is used, and is not asked again once a
// person has answered.
func TestACreditOfNoUseIsAskedAbout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 100_00)
		e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(130_00), Label: "VIREMENT", Means: bank.Transfer})
		w.apply(e, c, match.Line{Item: f, Amount: eur(100_00)})
		if got := w.asks("12-01"); len(got) != 0 {
			t.Fatalf("asked too early: %+v", got)
		}
		got := w.asks("12-15")
		if len(got) != 1 || got[0].Kind != task.PayBack || !strings.Contains(got[0].Title, "30,00") || !strings.Contains(got[0].Detail, "trop-perçu") {
			t.Fatalf("asked: %+v", got)
		}
		if again := w.asks("12-16"); len(again) != 1 || again[0].ID != got[0].ID {
			t.Errorf("asked twice: %+v", again)
		}
		g := w.invoice(c, "F2", 20_00) // something to use it for: no question any more
		if left := w.asks("12-17"); len(left) != 0 {
			t.Errorf("asked while an invoice is open: %+v", left)
		}
		credit := w.line(e).Documents[0].ID
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return cash.ApplyCredit(ctx, tx, w.s, credit, []match.Line{{Item: g, Amount: eur(20_00)}})
		})
		got = w.asks("12-18")
		if len(got) != 1 || !strings.Contains(got[0].Title, "10,00") {
			t.Fatalf("asked: %+v", got)
		}
		back := w.entry(bank.Entry{On: on("12-19"), Amount: eur(-10_00), Label: "VIR REMBOURSEMENT", Means: bank.Transfer})
		w.write(func(ctx context.Context, tx *db.Tx) error { return refund(ctx, tx, w.manager(), back, credit) })
		w.write(func(ctx context.Context, tx *db.Tx) error {
			left, err := task.WithKey(ctx, tx, w.s, "credit/")
			if len(left) != 0 {
				t.Errorf("still asked after the refund: %+v", left)
			}
			return err
		})
		w.sound()
	})
}

// A payment that came twice is asked about at once; what a person keeps is not
// asked again, until there is more of it.
func TestAPaymentReceivedTwiceIsAskedAboutAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 100_00)
		pay := func(day string) string {
			return w.entry(bank.Entry{On: on(day), Amount: eur(100_00), Label: "VIREMENT", Means: bank.Transfer})
		}
		w.apply(pay("11-10"), c, match.Line{Item: f, Amount: eur(100_00)})
		w.apply(pay("11-12"), c)
		got := w.asks("11-13")
		if len(got) != 1 || !strings.Contains(got[0].Detail, "deux fois") {
			t.Fatalf("asked: %+v", got)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return task.Finish(ctx, tx, w.s, got[0].ID, task.NotDone, "le client préfère un acompte")
		})
		if got := w.asks("11-14"); len(got) != 0 {
			t.Errorf("asked again what was answered: %+v", got)
		}
		w.apply(pay("11-15"), c)
		if got := w.asks("11-16"); len(got) != 1 || !strings.Contains(got[0].Title, "200,00") {
			t.Errorf("a third: %+v", got)
		}
	})
}
