package cash_test

import (
	"context"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

// world is a creditor with customers and invoices, and what the bank tells.
type world struct {
	t *testing.T
	d *db.DB
	s creditor.Scope
	n int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Atelier Dupont"}, "test", journal.Write)
		w.s = creditor.Scope{Creditor: c.ID, Actor: "per_claire", Rights: creditor.Work}
		return err
	})
	return w
}

func (w *world) try(fn func(context.Context, *db.Tx) error) error {
	return w.d.Write(w.t.Context(), func(tx *db.Tx) error { return fn(w.t.Context(), tx) })
}

func (w *world) write(fn func(context.Context, *db.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) customer(code, name string) string {
	c := &customer.Customer{Code: code, Name: name}
	w.write(func(ctx context.Context, tx *db.Tx) error { return customer.Add(ctx, tx, w.s, []*customer.Customer{c}) })
	return c.ID
}

func (w *world) invoice(customer, number string, amount int64) string {
	return w.document(ledger.Document{Customer: customer, Kind: ledger.Invoice, Number: number, Amount: eur(amount)})
}

func (w *world) document(d ledger.Document) string {
	if d.Issued == 0 {
		d.Issued, d.Due = cal.Must("2026-10-01"), cal.Must("2026-10-31")
	}
	w.write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, w.s, []*ledger.Document{&d}) })
	return d.ID
}

// open is what is open on a document.
func (w *world) open(id string) int64 {
	w.t.Helper()
	var open int64
	w.write(func(ctx context.Context, tx *db.Tx) error {
		d, err := ledger.Find(ctx, tx, w.s, id)
		open = d.Open.Minor
		return err
	})
	return open
}

// sound fails unless the books add up.
func (w *world) sound() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, wrong, err := ledger.Verify(ctx, tx, w.s)
		if len(wrong) > 0 {
			w.t.Errorf("wrong: %+v", wrong)
		}
		return err
	})
}

func (w *world) run() cash.Report {
	w.t.Helper()
	rep, err := cash.Run(w.t.Context(), w.d, w.s, cash.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sound()
	return rep
}

func (w *world) line(entry string) cash.Line {
	w.t.Helper()
	var l cash.Line
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		l, err = cash.Find(ctx, tx, w.s, entry)
		return err
	})
	return l
}

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
