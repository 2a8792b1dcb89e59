package reminder_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/letter"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

const postal = `
name: Courrier
steps:
  - {id: relance-1, at: J+5, channels: [letter], tone: neutral, template: relance-1}
  - {id: relance-2, at: J+15, channels: [email, letter], tone: firm, template: relance-2}
`

// byPost makes the desk's creditor write letters.
func (d *desk) byPost() {
	d.t.Helper()
	d.Ways = func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
		return map[string]channel.Channel{"email": d.wire, "letter": letter.New(d.clock.Now)}, nil
	}
	d.write(func(ctx context.Context, tx *db.Tx) error {
		list, err := policy.List(ctx, tx, d.s)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := policy.Settle(ctx, tx, d.s, p.ID, p.Rank, false, 0); err != nil {
				return err
			}
		}
		_, err = policy.Save(ctx, tx, d.s, postal)
		return err
	})
}

// lives gives a customer a postal address.
func (d *desk) lives(id, street, city string) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, d.s, id)
		if err != nil {
			return err
		}
		c.Street, c.PostalCode, c.City = street, "59000", city
		return customer.Update(ctx, tx, d.s, c)
	})
}

func (d *desk) posted(on string, ids ...string) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Posted(ctx, tx, d.s, ids, cal.Must(on)) })
}

func (d *desk) reminders(customer string) []reminder.Reminder {
	d.t.Helper()
	var list []reminder.Reminder
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = reminder.OfCustomer(ctx, tx, d.s, customer, 10)
		return err
	})
	return list
}

// A letter leaves when somebody says on which day she posted it, and the next
// step is counted from there.
func TestAStepByLetterIsDoneOnTheDayItIsPosted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.byPost()
		c := d.customer("C1", "a@a.example")
		d.lives(c, "10, rue Nationale", "Lille")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		if tally := d.send(); tally.Ready != 1 || tally.Sent != 0 {
			t.Fatalf("got %+v, want one letter ready", tally)
		}
		m := d.messages(reminder.Ready)[0]
		if got := strings.Join(m.To, "|"); got != "Client C1|À l’attention de Claire Vidal|10, rue Nationale|59000 LILLE" {
			t.Errorf("to %q", got)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			raw, err := reminder.Raw(ctx, tx, d.s, m.ID)
			if err == nil && !bytes.HasPrefix(raw, []byte("%PDF-")) {
				t.Errorf("kept %.20q, want the PDF", raw)
			}
			return err
		})
		if r := d.reminders(c)[0]; r.State != reminder.Approved {
			t.Errorf("before it is posted: %s", r.State)
		}
		d.on("2026-11-27")
		d.posted("2026-11-26", m.ID)
		if r := d.reminders(c)[0]; r.State != reminder.Sent || r.DoneOn != cal.Must("2026-11-26") {
			t.Errorf("posted on the 26th: %s on %s", r.State, r.DoneOn)
		}
		// Ten days lie between the steps, and the first went out on the 26th: the
		// 6th of December is a Sunday.
		d.on("2026-12-04")
		if got := d.run(); got.Proposed != 0 {
			t.Errorf("on 4 December: %+v, want nothing yet", got)
		}
		d.on("2026-12-07")
		if got := d.run(); got.Proposed != 1 {
			t.Errorf("on 7 December: %+v, want the next step", got)
		}
		err := d.DB.Write(t.Context(), func(tx *db.Tx) error {
			return reminder.Posted(t.Context(), tx, d.s, []string{m.ID}, d.today())
		})
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("posted twice: %v", err)
		}
	})
}

func TestALetterWithoutAnAddressStopsAloneAndSaysWhatToMend(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.byPost()
		bad, good := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
		d.lives(bad, "", "")
		d.lives(good, "1 rue Basse", "Lille")
		d.invoice(bad, "F1", "2026-11-18", 100_00)
		d.invoice(good, "F2", "2026-11-18", 100_00)
		d.run()
		var ids []string
		for _, c := range []string{bad, good} {
			ids = append(ids, d.reminders(c)[0].ID)
		}
		failed, err := d.ApproveAll(t.Context(), d.s, ids, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(failed) != 1 || failed[0].Reminder != ids[0] || !strings.Contains(failed[0].Err.Error(), "la rue et la ville") {
			t.Errorf("got %+v, want the first alone to say that street and city miss", failed)
		}
		if tally := d.send(); tally.Ready != 1 {
			t.Errorf("the other: %+v", tally)
		}
	})
}

// Without an e-mail address the letter of the same step still goes; one that
// was paid for meanwhile is taken back, and the mail that left counts.
func TestAStepByMailAndLetter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.byPost()
		mute, both := d.customer("C1", ""), d.customer("C2", "b@b.example")
		for _, c := range []string{mute, both} {
			d.lives(c, "1 rue Basse", "Lille")
		}
		d.invoice(mute, "F1", "2026-11-01", 100_00)
		f := d.invoice(both, "F2", "2026-11-01", 100_00)
		d.run()
		d.approveAll()
		for _, m := range d.messages(reminder.Queued) {
			t.Logf("%s %s", m.Channel, m.Customer)
		}
		d.send()
		for _, m := range d.messages(reminder.Ready) {
			d.posted("2026-11-23", m.ID)
		}
		d.on("2026-12-03")
		d.run()
		d.approveAll()
		if tally := d.send(); tally.Ready != 2 || tally.Sent != 1 {
			t.Fatalf("got %+v, want two letters and one mail", tally)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			list, err := task.Open(ctx, tx, d.s, task.Filter{Until: d.today(), Limit: 10})
			if len(list) != 1 || list[0].Customer != mute || list[0].Kind != task.FindContact {
				t.Errorf("tasks: %+v, want to find the address of the first", list)
			}
			return err
		})
		if r := d.reminders(both)[0]; r.State != reminder.Sending {
			t.Errorf("the mail has left, the letter has not: %s", r.State)
		}
		d.pay(f, 100_00)
		d.on("2026-12-04")
		letters := d.messages(reminder.Ready)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			looks, err := d.LookAgain(ctx, tx, d.s, letters)
			for _, l := range looks {
				if (l.Why != "") != (l.Customer == both) {
					t.Errorf("%s: %q, want a reason for the one who paid only", l.Customer, l.Why)
				}
			}
			return err
		})
		d.run()
		if r := d.reminders(both)[0]; r.State != reminder.Sent || r.DoneOn != cal.Must("2026-12-03") {
			t.Errorf("paid between mail and letter: %s on %s", r.State, r.DoneOn)
		}
		if left := d.messages(reminder.Ready); len(left) != 1 || left[0].Customer != mute {
			t.Errorf("letters that still wait: %+v", left)
		}
	})
}

// A process that dies while it hands a letter over to a person has sent nothing.
func TestAnInterruptedLetterIsNotInDoubt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.byPost()
		c := d.customer("C1", "")
		d.lives(c, "1 rue Basse", "Lille")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE message SET state = 'sending' WHERE creditor_id = $1`, d.s.Creditor)
			return err
		})
		if tally := d.send(); tally.Ready != 1 || tally.Uncertain != 0 {
			t.Errorf("got %+v, want it ready", tally)
		}
	})
}

// What lies in a letter box is a fact, whatever the books say of it since.
func TestALetterThatWasTakenBackTooLateIsWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.byPost()
		c := d.customer("C1", "")
		d.lives(c, "1 rue Basse", "Lille")
		f := d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.send()
		d.pay(f, 100_00)
		d.on("2026-11-24")
		d.run()
		taken := d.messages(reminder.Cancelled)
		if len(taken) != 1 {
			t.Fatalf("got %+v, want the letter taken back", taken)
		}
		d.posted("2026-11-23", taken[0].ID)
		if r := d.reminders(c)[0]; r.State != reminder.Sent {
			t.Errorf("got %s", r.State)
		}
	})
}
