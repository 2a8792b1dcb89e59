package cash_test

import (
	"context"
	"slices"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
	"acquit/internal/match"
)

// Of one invoice that a list showed settled, one payment is tied to that word and the
// other takes the place of the rest, in either order. The tie stands through later
// runs, and what a person tied is not let go. Undoing the list's import is refused
// while a payment stands in its place; then it opens the entry again.
func TestAListsWordIsSharedByTwoPayments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, name := range []string{"tied by hand, first", "tied by the rule, last"} {
			w := newWorldNamed(t, d, name)
			f, g := billed("F2026-00871", 100_00), billed("F2026-00999", 70_00)
			w.take(apply.Delta, on("10-02"), f, g)
			c := w.debtor()
			list := w.take(apply.Stock, on("11-12"), g).Import
			if w.balance(c) != 70_00 {
				t.Fatalf("%s: %d is owed after the list", name, w.balance(c))
			}
			var a, b string
			tie := func() { // the entry that names the invoice
				a = w.entry(bank.Entry{On: on("11-10"), Amount: eur(60_00), Label: "VIREMENT F2026-00871", Means: bank.Transfer})
			}
			give := func() {
				b = w.entry(bank.Entry{On: on("11-11"), Amount: eur(40_00), Label: "VIREMENT", Means: bank.Transfer})
				w.write(func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, w.s, b, "C1") })
			}
			if name == "tied by hand, first" {
				tie()
				word := w.word(c)
				w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Link(ctx, tx, w.s, a, word) })
				give()
			} else {
				give()
				tie()
				w.run()
			}
			w.sound()
			l := w.line(a)
			if l.State != cash.Linked || w.balance(c) != 70_00 {
				t.Fatalf("%s: %s, %d is owed: %s", name, l.State, w.balance(c), w.books(c))
			}
			w.run()
			if again := w.line(a); again.Application == nil || again.Application.ID != l.Application.ID {
				t.Errorf("%s: the tie was made anew: %+v", name, again)
			}
			_, err := apply.Undo(t.Context(), d, w.manager(), list)
			kindOf(t, err, fault.KindConflict)
			w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, b, "pas ce client") })
			if w.balance(c) != 70_00 || w.line(a).State != cash.Linked {
				t.Errorf("%s: %s, %d is owed once the other is undone: %s", name, w.line(a).State, w.balance(c), w.books(c))
			}
		}
	})
}

// word is what a list showed of a customer's invoice.
func (w *world) word(customer string) (id string) {
	w.write(func(ctx context.Context, tx *db.Tx) error {
		docs, err := ledger.OfCustomers(ctx, tx, w.s, true, customer)
		for _, d := range docs {
			if d.Nature == ledger.Noted && d.Kind == ledger.Payment {
				id = d.ID
			}
		}
		return err
	})
	return id
}

// An entry tied to what an import brought is open again once the import is undone,
// owes nothing to it, and pays the invoice as if it had come alone.
func TestUndoingAnImportLetsItsTiesGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f, g := billed("F2026-00871", 100_00), billed("F2026-00999", 70_00)
		w.take(apply.Delta, on("10-02"), f, g)
		c := w.debtor()
		list := w.take(apply.Stock, on("11-12"), g).Import
		e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(100_00), Label: "VIREMENT F2026-00871", Means: bank.Transfer})
		w.run()
		if l := w.line(e); l.State != cash.Linked {
			t.Fatalf("%+v", l)
		}
		if _, err := apply.Undo(t.Context(), d, w.manager(), list); err != nil {
			t.Fatal(err)
		}
		w.sound()
		if l := w.line(e); l.State != cash.Open || w.balance(c) != 170_00 {
			t.Fatalf("%s, %d is owed", l.State, w.balance(c))
		}
		w.run()
		w.sound()
		if l := w.line(e); l.State != cash.Auto || w.balance(c) != 70_00 {
			t.Errorf("%s, %d is owed: %s", l.State, w.balance(c), w.books(c))
		}
		w.take(apply.Stock, on("11-12"), g)
		if w.balance(c) != 70_00 {
			t.Errorf("%d is owed once the list came again", w.balance(c))
		}
		w.verifyJournal()
	})
}

// What another creditor of the database holds is neither found nor moved, whoever
// names it: entries, documents and customers are those of one's own books.
func TestNothingReachesAcrossCreditors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := newWorldNamed(t, d, "Atelier"), bystander(t, d)
		a.take(apply.Delta, on("10-02"), billed("F2026-00701", 111_17))
		own := a.entry(bank.Entry{On: on("11-02"), Amount: eur(17_00), Label: "VIREMENT", Means: bank.Transfer})
		back := a.entry(bank.Entry{On: on("11-06"), Amount: eur(-17_00), Label: "REJET", Means: bank.Debit})
		theirs := b.entries()
		customer, word := b.debtor(), b.word(b.debtor())
		x := match.Explanation{Customer: customer, Remainder: eur(17_00)}
		stood, mine := b.rows(), a.rows()
		for _, entry := range append(theirs, own) {
			for name, do := range map[string]func(context.Context, *db.Tx) error{
				"apply": func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, a.manager(), entry, x) },
				"link":  func(ctx context.Context, tx *db.Tx) error { return cash.Link(ctx, tx, a.manager(), entry, word) },
				"return": func(ctx context.Context, tx *db.Tx) error {
					return cash.Return(ctx, tx, a.manager(), back, theirs[0], "")
				},
				"refund": func(ctx context.Context, tx *db.Tx) error { return refund(ctx, tx, a.manager(), back, word) },
			} {
				if a.try(do) == nil {
					t.Errorf("%s of %s went through", name, entry)
				}
			}
		}
		for _, entry := range theirs {
			for _, do := range []func(context.Context, *db.Tx) error{
				func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, a.manager(), entry, "erreur") },
				func(ctx context.Context, tx *db.Tx) error {
					return cash.SetAside(ctx, tx, a.manager(), entry, "erreur")
				},
				func(ctx context.Context, tx *db.Tx) error { return cash.TakeBack(ctx, tx, a.manager(), entry) },
			} {
				kindOf(t, a.try(do), fault.KindNotFound)
			}
		}
		if !slices.Equal(stood, b.rows()) || !slices.Equal(mine, a.rows()) {
			t.Error("the books moved")
		}
		a.run()
		if !slices.Equal(stood, b.rows()) {
			t.Error("a run of one creditor moved the books of another")
		}
	})
}

// entries are all that the bank told a creditor.
func (w *world) entries() (ids []string) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		ids, err = db.All(ctx, tx, db.Value[string], `
			SELECT id
			FROM bank_entry
			WHERE creditor_id = $1
			ORDER BY id`, w.s.Creditor)
		return err
	})
	return ids
}
