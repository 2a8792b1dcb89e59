package reminder_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/promise"
	"acquit/internal/reminder"
)

// promised records that a customer pays an invoice on a day, and what a message
// confirms of it.
func (d *desk) promised(i ledger.Document, on string) (promise.Promise, reminder.Agreed) {
	d.t.Helper()
	p := promise.Promise{Customer: i.Customer, Invoices: []string{i.ID}, Made: d.today(), For: cal.Must(on), Amount: money.New(100_00, money.EUR)}
	a := reminder.Agreed{Customer: i.Customer, Invoices: []string{i.ID}, Made: p.Made, For: p.For, Amount: p.Amount}
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a.At = tx.Now
		return promise.Add(ctx, tx, d.s, &p, promise.DefaultLimit)
	})
	return p, a
}

func TestWhatWasAgreedIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "a@a.example")
		_, a := d.promised(d.invoice(owner, "F1", "2026-11-18", 100_00), "2026-11-30")
		send := func() error {
			return d.DB.Write(t.Context(), func(tx *db.Tx) error { return d.SendConfirmation(t.Context(), tx, d.s, a) })
		}
		if err := send(); err != nil {
			t.Fatal(err)
		}
		if err := send(); err == nil {
			t.Error("confirmed twice")
		}
		if tally := d.send(); tally.Sent != 1 {
			t.Fatalf("%+v", tally)
		}
		text := strings.Join(strings.Fields(string(d.wire.got[0].Raw)), " ")
		for _, want := range []string{"F1", "vous réglerez 100,00 €", "le 30 novembre 2026"} {
			if !strings.Contains(text, want) {
				t.Errorf("it lacks %q:\n%s", want, text)
			}
		}
	})
}

// The promise is taken back before its confirmation has left.
func TestTheConfirmationOfNothingDoesNotLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "a@a.example")
		p, a := d.promised(d.invoice(owner, "F1", "2026-11-18", 100_00), "2026-11-30")
		d.write(func(ctx context.Context, tx *db.Tx) error {
			if err := d.SendConfirmation(ctx, tx, d.s, a); err != nil {
				return err
			}
			return promise.Withdraw(ctx, tx, d.s, p.ID, d.today(), "erreur de client")
		})
		if tally := d.send(); tally.Sent != 0 || tally.Superseded != 1 {
			t.Errorf("got %+v, want the confirmation taken back", tally)
		}
	})
}
