package cash_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
)

// billed is an invoice of C1 as the accounting tool exports it.
func billed(number string, minor int64) ingest.Document {
	return ingest.Document{
		Kind: ingest.Invoice, Number: number, Customer: ingest.Customer{Code: "C1", Name: "Imprimerie Delvaux"},
		Issued: on("10-01"), Due: on("10-31"), Currency: "EUR", Total: eur(minor),
	}
}

func paidBlind(kind ingest.Kind, number, day string, minor int64) ingest.Document {
	return ingest.Document{
		Kind: kind, Number: number, Customer: ingest.Customer{Code: "C1"}, Issued: on(day), Currency: "EUR", Total: eur(minor),
	}
}

// The same hundred euros are told of by the bank, by a payment of the accounting
// tool that names no invoice, and by a list on which the invoice is missing or
// smaller: in whatever order the three come, they count once.
func TestMoneyCountsOnceInWhateverOrderItIsTold(t *testing.T) {
	t.Parallel()
	orders := [][]string{}
	for _, a := range []string{"bank", "payment", "list"} {
		for _, b := range []string{"bank", "payment", "list"} {
			for _, c := range []string{"bank", "payment", "list"} {
				if a != b && b != c && a != c {
					orders = append(orders, []string{a, b, c}, []string{a, b})
				}
			}
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, order := range orders {
			for _, left := range []int64{0, 100_00} {
				w := newWorldNamed(t, d, fmt.Sprintf("Atelier %d %d", i, left))
				f, g := billed("F2026-00871", 100_00+left), billed("F2026-00999", 70_00)
				w.take(apply.Delta, on("10-02"), f, g)
				c := w.debtor()
				for _, what := range order {
					switch what {
					case "bank":
						e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(100_00), Label: "VIREMENT", Means: bank.Transfer})
						w.run()
						if w.line(e).State == cash.Open {
							w.write(func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, w.s, e, "C1") })
						}
					case "payment":
						w.take(apply.Delta, on("11-20"), paidBlind(ingest.Payment, "VIR 3", "11-11", 100_00))
					case "list":
						rows := []ingest.Document{g}
						if left > 0 {
							f.Open = eur(left)
							rows = append(rows, f)
						}
						w.take(apply.Stock, on("11-12"), rows...)
					}
					w.run()
				}
				if got := w.balance(c); got != 70_00+left {
					t.Errorf("%v, %d left: %d is owed, want %d: %s", order, left, got, 70_00+left, w.books(c))
				}
				w.verifyJournal()
			}
		}
	})
}

// books are a customer's open documents, in words.
func (w *world) books(customer string) string {
	var list []string
	w.write(func(ctx context.Context, tx *db.Tx) error {
		docs, err := ledger.OfCustomers(ctx, tx, w.s, true, customer)
		for _, d := range docs {
			list = append(list, fmt.Sprintf("%s %s %s: %s of %s", d.Kind, d.Nature, d.Number, d.Open.Decimal(), d.Amount.Decimal()))
		}
		return err
	})
	return strings.Join(list, "; ")
}

// A credit note that names nothing, and a list of invoices on which what it was
// set against is missing, are told in either order.
func TestACreditNoteCountsOnceBesideAList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, order := range [][]string{{"note", "list"}, {"list", "note"}} {
			w := newWorldNamed(t, d, fmt.Sprintf("Atelier %d", i))
			f, g := billed("F1", 100_00), billed("F2", 70_00)
			w.take(apply.Delta, on("10-02"), f, g)
			for _, what := range order {
				if what == "note" {
					w.take(apply.Delta, on("11-20"), paidBlind(ingest.CreditNote, "A1", "11-11", 100_00))
				} else {
					w.take(apply.Stock, on("11-12"), g)
				}
			}
			if got := w.balance(w.debtor()); got != 70_00 {
				t.Errorf("%v: %d is owed, want 7000: %s", order, got, w.books(w.debtor()))
			}
		}
	})
}

// A list that is not younger than a returned debit could not know of it: what went
// back stays owed, and the import says so. A younger one is believed, and says so,
// until a list shows the return: the invoice is owed again.
func TestAListDoesNotSettleWhatWentBackSince(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, c := range []struct {
			list   string
			cut    bool // the list shows the invoice with nothing left, instead of leaving it out
			owed   int64
			notice string
		}{
			{"11-14", false, 170_00, "returned_since"},
			{"11-15", false, 170_00, "returned_since"},
			{"11-14", true, 170_00, "returned_since"},
			{"11-16", false, 70_00, "returned_settled"},
		} {
			w := newWorldNamed(t, d, fmt.Sprintf("Atelier %d", i))
			f, g := billed("F2026-00871", 100_00), billed("F2026-00999", 70_00)
			w.take(apply.Delta, on("10-02"), f, g)
			paid := w.entry(bank.Entry{On: on("11-10"), Amount: eur(100_00), Label: "PRLV F2026-00871", Means: bank.Debit})
			w.run()
			back := w.entry(bank.Entry{On: on("11-15"), Amount: eur(-100_00), Label: "REJET F2026-00871", Means: bank.Debit})
			w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, back, paid, "") })
			rows := []ingest.Document{g}
			if f.Open = eur(0); c.cut {
				rows = append(rows, f)
			}
			rep := w.take(apply.Stock, on(c.list), rows...)
			if got := w.balance(w.debtor()); got != c.owed {
				t.Errorf("list of %s: %d is owed, want %d: %s", c.list, got, c.owed, w.books(w.debtor()))
			}
			var said []string
			for _, n := range rep.Files[0].Warnings {
				said = append(said, n.Code)
			}
			if strings.Join(said, " ") != c.notice {
				t.Errorf("list of %s: said %v, want %s", c.list, said, c.notice)
			}
			f.Open = eur(100_00)
			w.take(apply.Stock, on("11-18"), f, g) // the accounting tool has booked the return
			if got := w.balance(w.debtor()); got != 170_00 {
				t.Errorf("list of %s: %d is owed once the return is booked: %s", c.list, got, w.books(w.debtor()))
			}
		}
	})
}

// What money took the place of comes back with its undoing: the list's word stands
// again, and the entry waits.
func TestUndoingMoneyPutsTheListsWordBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f, g := billed("F2026-00871", 100_00), billed("F2026-00999", 70_00)
		w.take(apply.Delta, on("10-02"), f, g)
		w.take(apply.Stock, on("11-12"), g)
		c := w.debtor()
		before := w.books(c)
		e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(60_00), Label: "VIREMENT", Means: bank.Transfer})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, w.s, e, "C1") })
		w.sound()
		if l := w.line(e); w.balance(c) != 70_00 || len(l.Documents) != 1 || len(l.Allocations) != 1 {
			t.Fatalf("%d is owed: %s; %+v", w.balance(c), w.books(c), l)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, e, "pas ce client") })
		w.sound()
		if w.balance(c) != 70_00 || w.line(e).State != cash.Open {
			t.Errorf("%d is owed: %s, before %s", w.balance(c), w.books(c), before)
		}
		w.take(apply.Stock, on("11-20"), f, g) // the list takes its word back
		if w.balance(c) != 170_00 {
			t.Errorf("%d is owed after the list took it back: %s", w.balance(c), w.books(c))
		}
	})
}

// A part of a payment that went back, and the return undone: the invoice is paid
// again, whole.
func TestUndoingAReturnOfAPartPaysAllAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F2026-00871", 100_00)
		paid := w.entry(bank.Entry{On: on("11-10"), Amount: eur(100_00), Label: "PRLV F2026-00871", Means: bank.Debit})
		w.run()
		back := w.entry(bank.Entry{On: on("11-15"), Amount: eur(-60_00), Label: "REJET", Means: bank.Debit})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, back, paid, "") })
		if w.open(f) != 60_00 {
			t.Fatalf("%d is open, want 6000", w.open(f))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, back, "autre opération") })
		w.sound()
		if w.open(f) != 0 || w.balance(c) != 0 {
			t.Errorf("%d is open, balance %d: %s", w.open(f), w.balance(c), w.books(c))
		}
	})
}

// Who did what with an entry, and who took it back, stays to be seen.
func TestAnEntryTellsWhoAppliedAndUndidIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.customer("C1", "Imprimerie Delvaux")
		e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(60_00), Label: "VIREMENT", Means: bank.Transfer})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, w.s, e, "C1") })
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.manager(), e, "pas ce client") })
		l := w.line(e)
		if l.Application != nil || len(l.Past) != 1 {
			t.Fatalf("%+v, past %+v", l.Application, l.Past)
		}
		p := l.Past[0]
		if p.By != w.s.Actor || p.UndoneBy != w.manager().Actor || p.Undone != "pas ce client" || p.At.IsZero() || p.UndoneAt.IsZero() {
			t.Errorf("past: %+v", p)
		}
	})
}
