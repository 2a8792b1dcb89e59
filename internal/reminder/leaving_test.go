package reminder_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"acquit/internal/channel"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reminder"
)

// Each fact that comes between the approval and the sending keeps the message
// back, with its own reason.
func TestEachFactAfterApprovalKeepsItsMessageBack(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, why string
		happens   func(ctx context.Context, tx *db.Tx, d *desk, owner string) error
	}{
		{"credit", "crédit", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return ledger.Add(ctx, tx, d.s, []*ledger.Document{{
				Customer: owner, Kind: ledger.Payment, Number: "P1", Issued: d.today(), Amount: money.New(100_00, money.EUR),
			}})
		}},
		{"in flight", "annonc", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return inflight.Add(ctx, tx, d.s, &inflight.Payment{
				Customer: owner, Invoices: []string{"F1"}, On: d.today(), Until: d.today().Add(5), Source: inflight.Transfer,
			})
		}},
		{"promise", "promis", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return promise.Add(ctx, tx, d.s, &promise.Promise{
				Customer: owner, Invoices: []string{"F1"}, Made: d.today(), For: d.today().Add(7),
			}, 3)
		}},
		{"dispute", "litige", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return dispute.Add(ctx, tx, d.s, &dispute.Dispute{
				Customer: owner, Invoice: "F1", Reason: dispute.Reasons()[0], Opened: d.today(),
			})
		}},
		{"plan", "", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return plan.Add(ctx, tx, d.s, &plan.Plan{
				Customer: owner, Invoices: []string{"F1"}, Made: d.today(),
				Instalments: plan.Monthly(money.New(100_00, money.EUR), 2, d.today().Add(10)),
			})
		}},
		{"hold", "suspen", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return hold.Add(ctx, tx, d.s, &hold.Hold{
				Customer: owner, From: d.today(), Until: d.today().Add(5), Reason: "direction",
			}, d.today())
		}},
		{"insolvency", "procédure collective", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			c, err := customer.Find(ctx, tx, d.s, owner)
			if err != nil {
				return err
			}
			c.InsolventOn = d.today()
			return customer.Update(ctx, tx, d.s, c)
		}},
		{"hold on the invoice", "suspen", func(ctx context.Context, tx *db.Tx, d *desk, owner string) error {
			return hold.Add(ctx, tx, d.s, &hold.Hold{Invoice: "F1", From: d.today(), Reason: "geste"}, d.today())
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, d *desk) {
				owner, other := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
				d.invoice(owner, "F1", "2026-11-18", 100_00)
				d.invoice(other, "F2", "2026-11-18", 100_00)
				d.run()
				d.approveAll()
				d.write(func(ctx context.Context, tx *db.Tx) error { return c.happens(ctx, tx, d, owner) })
				if tally := d.send(); tally.Sent != 1 || tally.Superseded != 1 {
					t.Errorf("got %+v, want one sent and one kept back", tally)
				}
				if len(d.wire.got) != 1 || strings.Contains(string(d.wire.got[0].Raw), "F1") {
					t.Errorf("what left: %q", d.wire.got)
				}
				kept := d.messages(reminder.Cancelled)
				if len(kept) != 1 || !strings.Contains(strings.ToLower(kept[0].Why), c.why) {
					t.Errorf("kept back: %+v, want the reason to name %q", kept, c.why)
				}
			})
		})
	}
}

// imported says that the books were brought up to date now.
func (d *desk) imported() {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO import (creditor_id, id, source, mode, state, files, on_day, started_at)
			VALUES ($1, $2, 'test', 'delta', 'done', '[]', $3, $4)`, d.s.Creditor, tx.NewID("imp"), d.today(), tx.Now)
		return err
	})
}

func TestBooksThatGrewOldAfterApprovalHoldTheMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "a@a.example")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.set("stale_days", "7")
		d.imported()
		d.run()
		d.approveAll()
		d.on("2026-12-01")
		if tally := d.send(); tally.Held != 1 {
			t.Fatalf("eight days after the import: %+v, want it held", tally)
		}
		if m := d.messages(reminder.Held); !strings.Contains(m[0].Why, "23/11/2026") {
			t.Errorf("held because %q, want the day of the import", m[0].Why)
		}
		d.imported()
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("after the next import: %+v", tally)
		}
	})
}

// A doubt is looked at again without anybody asking, and messages in doubt,
// however many, stand in the way of no other.
func TestHeldMessagesAreLookedAtAgainAndStopNoOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		const many = 90 // more than one transaction looks at
		d.set("customer_cap", "1")
		c := d.customer("C0", "x@x.example")
		d.invoice(c, "F0", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.send()
		for i := 1; i <= many; i++ {
			d.invoice(d.customer(fmt.Sprintf("C%d", i), "x@x.example"), fmt.Sprintf("F%d", i), "2026-11-18", 100_00)
		}
		d.run()
		d.approveAll()
		d.set("stale_days", "1")
		d.imported()
		d.write(func(ctx context.Context, tx *db.Tx) error { // as if rules had approved all but the last
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET decided_by = 'rule'
				WHERE creditor_id = $1 AND id <> (SELECT max(id) FROM reminder WHERE creditor_id = $1)`, d.s.Creditor)
			return err
		})
		d.clock.Set(d.clock.Now().Add(25 * time.Hour))
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET decided_at = $2
				WHERE creditor_id = $1 AND decided_by <> 'rule'`, d.s.Creditor, tx.Now)
			return err
		})
		if tally := d.send(); tally.Sent != 1 || tally.Held != many-1 {
			t.Errorf("got %+v, want all but one held", tally)
		}
		if d.due().Send {
			t.Error("held messages are looked at without end")
		}
		d.imported()
		d.clock.Set(d.clock.Now().Add(time.Hour))
		if !d.due().Send {
			t.Fatal("nothing asks for held messages to be looked at again")
		}
		if tally := d.send(); tally.Sent != many-1 {
			t.Errorf("once the doubt is gone: %+v", tally)
		}
	})
}

func (d *desk) due() (w reminder.Due) {
	d.t.Helper()
	err := d.DB.Read(d.t.Context(), func(tx *db.Tx) (err error) {
		w, err = reminder.WhatIsDue(d.t.Context(), tx, d.s)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return w
}

// Data that cannot be read stop their own message; the one that left just
// before is written down as gone.
func TestDataThatCannotBeReadStopTheirOwnMessageOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		var owners []string
		for i := range 3 {
			owners = append(owners, d.customer(fmt.Sprintf("C%d", i), "x@x.example"))
			d.invoice(owners[i], fmt.Sprintf("F%d", i), "2026-11-18", 100_00)
		}
		d.run()
		d.approveAll()
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET details = '{'
				WHERE creditor_id = $1 AND customer_id = $2`, d.s.Creditor, owners[1])
			return err
		})
		if tally := d.send(); tally.Sent != 2 || tally.Held != 1 || tally.Uncertain != 0 {
			t.Errorf("got %+v, want two sent and one held", tally)
		}
		d.want(owners[0], "relance-1 sent")
		d.want(owners[2], "relance-1 sent")
	})
}

func TestAnAnswerAboutTheSenderMarksNoRecipient(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		sender, gone := d.customer("C1", "a@a.example"), &customer.Customer{Code: "C2", Name: "Client C2", Email: "general@b.example"}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			return customer.Add(ctx, tx, d.s, []*customer.Customer{gone})
		})
		d.invoice(sender, "F1", "2026-11-18", 100_00)
		d.invoice(gone.ID, "F2", "2026-11-18", 100_00)
		d.run()
		for _, r := range d.waiting() {
			code := "550 5.1.1"
			if r.Customer == sender {
				code = "550 5.1.8"
			}
			d.wire.plan = []channel.Receipt{{Outcome: channel.Permanent, Code: code, Detail: "address rejected"}}
			d.write(func(ctx context.Context, tx *db.Tx) error { return d.Approve(ctx, tx, d.s, r.ID) })
			if tally := d.send(); tally.Failed != 1 {
				t.Fatalf("got %+v", tally)
			}
		}
		again := func(owner string) error {
			for _, m := range d.messages(reminder.MessageFailed) {
				if m.Customer == owner {
					return d.DB.Write(t.Context(), func(tx *db.Tx) error { return d.Approve(t.Context(), tx, d.s, m.Reminder) })
				}
			}
			return fmt.Errorf("no failed message of %s", owner)
		}
		if err := again(sender); err != nil {
			t.Errorf("writing again once the sender is mended: %v", err)
		}
		if err := again(gone.ID); err == nil || !strings.Contains(err.Error(), "adresse") {
			t.Errorf("writing again to a general address that does not exist: %v", err)
		}
	})
}

// Bytes that were changed show, even where their fingerprint was changed with
// them: the journal has it too.
func TestMessagesThatWereTouchedAreNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for i := range 4 {
			c := d.customer(fmt.Sprintf("C%d", i), "x@x.example")
			d.invoice(c, fmt.Sprintf("F%d", i), "2026-11-18", 100_00)
		}
		d.run()
		d.approveAll()
		d.send()
		list := d.messages(reminder.MessageSent)
		verify := func(checked int64, want ...string) {
			t.Helper()
			err := d.DB.Read(t.Context(), func(tx *db.Tx) error {
				n, wrong, err := reminder.VerifyMessages(t.Context(), tx, d.s)
				slices.Sort(wrong)
				slices.Sort(want)
				if n != checked || !slices.Equal(wrong, want) {
					t.Errorf("%d messages, wrong %v, want %d and %v", n, wrong, checked, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		verify(4)
		other := []byte("another claim")
		sum := channel.Message{Raw: other}.Fingerprint()
		d.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE message SET raw = $2 WHERE id = $1", list[0].ID, other); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE message SET raw = $2, sha256 = $3 WHERE id = $1", list[1].ID, other, sum)
			return err
		})
		verify(4, list[0].ID, list[1].ID)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM message WHERE id = $1", list[2].ID)
			return err
		})
		verify(3, list[0].ID, list[1].ID, list[2].ID)
	})
}

// A message that waited too long gives its time anew rather than a deadline
// that has nearly passed.
func TestADeadlineThatWaitedTooLongIsGivenAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "a@a.example")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET details = replace(details, '"reasons"', '"deadline":8,"reasons"')
				WHERE creditor_id = $1`, d.s.Creditor)
			return err
		})
		d.approveAll()
		d.wire.down = true
		d.send()
		d.wire.down = false
		d.on("2026-11-30")
		if tally := d.send(); tally.Superseded != 1 || len(d.wire.got) != 0 {
			t.Errorf("seven of eight days later: %+v", tally)
		}
		d.run()
		d.want(c, "relance-1 superseded", "relance-1 proposed")
	})
}

func TestOnClosedDaysOnlyWhatGoesOnAnyDayLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		plain, any := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
		d.invoice(plain, "F1", "2026-11-18", 100_00)
		d.invoice(any, "F2", "2026-11-18", 100_00)
		d.run()
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET details = replace(details, '"reasons"', '"any_day":true,"reasons"')
				WHERE creditor_id = $1 AND customer_id = $2`, d.s.Creditor, any)
			return err
		})
		d.approveAll()
		d.on("2026-11-28") // a Saturday
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("on a Saturday: %+v", tally)
		}
		d.want(any, "relance-1 sent")
		d.on("2026-11-30")
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("on Monday: %+v", tally)
		}
		d.want(plain, "relance-1 sent")
	})
}

func TestAServerThatAsksToBeLeftAloneIsAskedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for i := range 3 {
			d.invoice(d.customer(fmt.Sprintf("C%d", i), "x@x.example"), fmt.Sprintf("F%d", i), "2026-11-18", 100_00)
		}
		d.run()
		d.approveAll()
		d.wire.plan = []channel.Receipt{{Outcome: channel.Temporary, Code: "421 4.7.0", Detail: "too many messages"}}
		if tally := d.send(); tally.Retried != 1 || len(d.wire.got) != 1 {
			t.Errorf("%+v after %d attempts, want one", tally, len(d.wire.got))
		}
		if tally := d.send(); tally.Sent != 2 {
			t.Errorf("at the next passage: %+v, want those that were not tried", tally)
		}
	})
}

func TestHoursAndCapsBoundWhatLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for i := range 4 {
			c := d.customer(fmt.Sprintf("C%d", i), "x@x.example")
			d.invoice(c, fmt.Sprintf("F%d", i), "2026-11-18", 100_00)
		}
		d.run()
		d.approveAll()
		d.set("daily_cap", "3")
		d.clock.Set(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)) // 20:00 in Paris
		if tally := d.send(); tally != (reminder.Tally{}) {
			t.Errorf("at night: %+v", tally)
		}
		d.clock.Set(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
		if tally := d.send(); tally.Sent != 3 {
			t.Errorf("the next day: %+v, want the cap", tally)
		}
		d.clock.Set(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("the day after: %+v", tally)
		}
	})
}

func TestADownLineSpendsNoAttempts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "a@a.example")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.wire.down = true
		for range 20 {
			d.send()
			d.clock.Set(d.clock.Now().Add(3 * time.Minute))
		}
		d.wire.down = false
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("once the line is back: %+v", tally)
		}
	})
}
