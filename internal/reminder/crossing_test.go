package reminder_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

// pays records a payment of all of an invoice that was at the bank on a day, and
// gives the allocation.
func (d *desk) pays(i ledger.Document, on string) string {
	d.t.Helper()
	p := &ledger.Document{
		Customer: i.Customer, Kind: ledger.Payment, Number: "R-" + i.Number, Issued: cal.Must(on), Amount: i.Amount,
	}
	a := &ledger.Allocation{Invoice: i.ID, Amount: i.Amount, On: cal.Must(on)}
	d.write(func(ctx context.Context, tx *db.Tx) error {
		if err := ledger.Add(ctx, tx, d.s, []*ledger.Document{p}); err != nil {
			return err
		}
		a.Credit = p.ID
		return ledger.Allocate(ctx, tx, d.s, a)
	})
	return a.ID
}

func (d *desk) excuse(owner string) (e reminder.Excuse) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		e, err = reminder.ExcuseFor(ctx, tx, d.s, owner)
		return err
	})
	return e
}

// A reminder left on the 23rd. The money had been at the bank since the 20th, and
// came to be known on the 24th: that is a crossing. Money of the 24th is none.
func TestAReminderThatCrossedWithAPaymentIsApologisedForOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		early, late := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
		paid, reacted := d.invoice(early, "F1", "2026-11-18", 100_00), d.invoice(late, "F2", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.send()
		d.on("2026-11-24")
		d.pays(paid, "2026-11-20")
		d.pays(reacted, "2026-11-24")
		if e := d.excuse(late); len(e.Crossings) != 0 {
			t.Errorf("a payment made after the reminder crossed with it: %+v", e)
		}
		e := d.excuse(early)
		if len(e.Crossings) != 1 || !e.Due() || e.Crossings[0].Number != "F1" || e.Crossings[0].PaidOn != cal.Must("2026-11-20") {
			t.Fatalf("crossings: %+v", e)
		}
		before := len(d.wire.got)
		d.write(func(ctx context.Context, tx *db.Tx) error { return d.Apologise(ctx, tx, d.s, early) })
		if tally := d.send(); tally.Sent != 1 {
			t.Fatalf("the apology: %+v", tally)
		}
		text := strings.Join(strings.Fields(string(d.wire.got[before].Raw)), " ")
		for _, want := range []string{"F1", "votre règlement est bien arrivé", "Notre message du 23 novembre 2026 s’est croisé"} {
			if !strings.Contains(text, want) {
				t.Errorf("the apology lacks %q:\n%s", want, text)
			}
		}
		if d.excuse(early).Due() {
			t.Error("the apology is offered again")
		}
		if err := d.DB.Write(t.Context(), func(tx *db.Tx) error { return d.Apologise(t.Context(), tx, d.s, early) }); err == nil {
			t.Error("apologised twice")
		}
		all := d.between("2026-11-23", "2026-11-24")
		if len(all) != 1 || len(d.between("2026-11-24", "2026-11-30")) != 0 {
			t.Errorf("counted: %+v", all)
		}
	})
}

func (d *desk) between(from, to string) (list []reminder.Crossing) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = reminder.CrossingsBetween(ctx, tx, d.s, cal.Must(from), cal.Must(to))
		return err
	})
	return list
}

// What the apology says must still be true when it leaves.
func TestAnApologyForMoneyThatWentBackDoesNotLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "a@a.example")
		i := d.invoice(owner, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.send()
		d.on("2026-11-24")
		made := d.pays(i, "2026-11-20")
		d.write(func(ctx context.Context, tx *db.Tx) error {
			if err := d.Apologise(ctx, tx, d.s, owner); err != nil {
				return err
			}
			return ledger.Reverse(ctx, tx, d.s, made, d.today(), "rejet")
		})
		if tally := d.send(); tally.Sent != 0 || tally.Superseded != 1 {
			t.Errorf("got %+v, want the apology taken back", tally)
		}
	})
}

// An invoice that is to be credited is not chased until its credit note came.
func TestAnInvoiceThatIsBeingCreditedIsNotChased(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "a@a.example")
		d.invoice(owner, "F1", "2026-11-18", 100_00)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			x := &dispute.Dispute{Customer: owner, Invoice: "F1", Reason: dispute.Price, Opened: cal.Must("2026-11-16"), Amount: money.New(20_00, money.EUR)}
			if err := dispute.Add(ctx, tx, d.s, x); err != nil {
				return err
			}
			return dispute.Close(ctx, tx, d.s, x.ID, cal.Must("2026-11-20"), dispute.Credited, "")
		})
		d.run()
		d.approveAll()
		if tally := d.send(); tally.Held != 1 {
			t.Fatalf("got %+v, want the reminder held", tally)
		}
		if m := d.messages(reminder.Held); !strings.Contains(m[0].Why, "F1") || !strings.Contains(m[0].Why, "avoir") {
			t.Errorf("held because %q", m[0].Why)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Add(ctx, tx, d.s, []*ledger.Document{{
				Customer: owner, Kind: ledger.CreditNote, Number: "A1", Preceding: "F1", Issued: cal.Must("2026-11-21"),
				Amount: money.New(20_00, money.EUR),
			}})
		})
		if tally := d.send(); tally.Held != 0 {
			t.Errorf("once the credit note is there: %+v, want no doubt left", tally)
		}
	})
}

// Each source has its age: fresh books from one tool do not make up for those of
// another that has gone silent.
func TestEachSourceHasItsOwnAge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "a@a.example")
		d.invoice(owner, "F1", "2026-11-18", 100_00)
		d.set("stale_days", "7")
		d.imported()
		d.run()
		d.approveAll()
		d.on("2026-12-01")
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO import (creditor_id, id, source, mode, state, files, on_day, started_at)
				VALUES ($1, $2, 'erp', 'delta', 'done', '[]', $3, $4)`, d.s.Creditor, tx.NewID("imp"), d.today(), tx.Now)
			return err
		})
		if tally := d.send(); tally.Held != 1 {
			t.Fatalf("got %+v, want it held for the silent source", tally)
		}
		if m := d.messages(reminder.Held); !strings.Contains(m[0].Why, "test") {
			t.Errorf("held because %q, want the source named", m[0].Why)
		}
	})
}
