package cash_test

import (
	"context"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
)

// lastGiven is the newest allocation of an invoice that no money came for.
func (w *world) lastGiven(invoice string) (id string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		links, err := ledger.Links(ctx, tx, w.s, []string{invoice})
		for _, l := range links {
			if cash.Given(l.CreditSide.Nature) && l.Reverses == "" {
				id = l.ID
			}
		}
		return err
	})
	return id
}

// A small rest is given up by whoever works here, within the tolerance and no
// further however often; above by who manages; taken back, all is owed again and
// no credit is left over.
func TestASmallRestIsGivenUpWithinTheToleranceAndTakenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 5_00)
		giveUp := func(s creditor.Scope, cents int64, reason string) error {
			return w.try(func(ctx context.Context, tx *db.Tx) error { return cash.WriteOff(ctx, tx, s, f, eur(cents), reason) })
		}
		kindOf(t, giveUp(w.s, 60, ""), fault.KindInvalid)
		kindOf(t, giveUp(w.s, 0, "arrondi"), fault.KindInvalid)
		if err := giveUp(w.s, 60, "arrondi"); err != nil {
			t.Fatal(err)
		}
		kindOf(t, giveUp(w.s, 60, "encore"), fault.KindDenied)
		if w.sound(); w.open(f) != 4_40 {
			t.Fatalf("open %d", w.open(f))
		}
		small := w.lastGiven(f)
		if err := giveUp(w.manager(), 2_00, "geste"); err != nil {
			t.Fatal(err)
		}
		kindOf(t, giveUp(w.manager(), 3_00, "trop"), fault.KindConflict)
		undo := func(s creditor.Scope, id, reason string) error {
			return w.try(func(ctx context.Context, tx *db.Tx) error { return cash.UndoGiven(ctx, tx, s, id, reason) })
		}
		large := w.lastGiven(f)
		kindOf(t, undo(w.s, large, "erreur"), fault.KindDenied)
		kindOf(t, undo(w.manager(), large, " "), fault.KindInvalid)
		for _, err := range []error{undo(w.manager(), large, "erreur"), undo(w.s, small, "erreur")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		kindOf(t, undo(w.s, small, "encore"), fault.KindNotFound)
		if w.sound(); w.open(f) != 5_00 || w.balance(c) != 5_00 {
			t.Errorf("taken back: open %d, balance %d", w.open(f), w.balance(c))
		}
		w.verifyJournal()
	})
}

// A discount is granted by whoever works here where the invoice was paid within its
// terms; what came with a bank entry is undone with the entry alone.
func TestADiscountWithinItsTermsNeedsNoManager(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		in := func(number, paid string) string {
			f := w.document(ledger.Document{
				Customer: c, Kind: ledger.Invoice, Number: number, Issued: on("11-01"), Due: on("12-01"), Amount: eur(100_00),
				Terms: "30 jours, escompte de 2 % sous 8 jours",
			})
			e := w.entry(bank.Entry{On: on(paid), Amount: eur(97_00), Means: bank.Transfer, Label: "VIR " + number})
			w.apply(e, c, match.Line{Item: f, Amount: eur(97_00)})
			return f
		}
		soon, late := in("F1", "11-06"), in("F2", "11-20")
		grant := func(s creditor.Scope, f string, cents int64) error {
			return w.try(func(ctx context.Context, tx *db.Tx) error {
				return cash.GrantDiscount(ctx, tx, s, f, eur(cents), "payée sous huit jours")
			})
		}
		kindOf(t, grant(w.s, soon, 2_50), fault.KindDenied)
		if err := grant(w.s, soon, 2_00); err != nil {
			t.Fatal(err)
		}
		kindOf(t, grant(w.s, soon, 50), fault.KindDenied)
		kindOf(t, grant(w.s, late, 2_00), fault.KindDenied)
		if err := grant(w.manager(), late, 2_00); err != nil {
			t.Fatal(err)
		}
		if w.sound(); w.open(soon) != 1_00 || w.open(late) != 1_00 {
			t.Errorf("open %d and %d", w.open(soon), w.open(late))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			links, err := ledger.Links(ctx, tx, w.s, []string{soon})
			if err != nil {
				return err
			}
			var things []string
			for _, l := range links {
				things = append(things, l.Credit)
			}
			behind, err := cash.Behind(ctx, tx, w.s, things)
			if len(behind) != 1 {
				t.Errorf("the payment alone came with an entry: %v", behind)
			}
			for _, l := range links {
				if behind[l.Credit] != "" {
					kindOf(t, cash.UndoGiven(ctx, tx, w.manager(), l.ID, "non"), fault.KindConflict)
				}
			}
			return err
		})
	})
}
