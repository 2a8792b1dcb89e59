package reminder_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
)

func TestRulesApproveOnlyWhatTheCreditorLets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.set("approve_all", "false")
		d.set("auto_ceiling", "1000")
		small, large, formal, nobody := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example"), d.customer("C3", "c@c.example"), d.customer("C4", "")
		d.invoice(small, "F1", "2026-11-18", 1000_00)
		d.invoice(large, "F2", "2026-11-18", 1000_01)
		d.invoice(nobody, "F4", "2026-11-18", 50_00)
		f3 := d.invoice(formal, "F3", "2026-10-20", 90_00) // J+34: relance-3 asks for a person
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO position (creditor_id, customer_id, document_id, step, on_day, dismissed, reminder_id)
				VALUES ($1, $2, $3, 'relance-2', $4, FALSE, 'rem_x')`, d.s.Creditor, formal, f3.ID, cal.Must("2026-11-04"))
			return err
		})
		if r := d.run(); r.Proposed != 4 || r.Approved != 1 {
			t.Errorf("got %+v", r)
		}
		d.want(small, "relance-1 approved")
		d.want(large, "relance-1 proposed")
		d.want(formal, "relance-3 proposed")
		d.want(nobody, "relance-1 proposed")
		for _, r := range d.waiting() {
			if r.Customer == nobody && !strings.Contains(r.Note, "adresse") {
				t.Errorf("nobody is told why the message without address stays: %q", r.Note)
			}
		}
		d.set("stale_days", "7")
		if tally := d.send(); tally.Held != 1 || tally.Sent != 0 {
			t.Errorf("books that nobody imported: %+v, want it held", tally)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO import (creditor_id, id, source, mode, state, files, on_day, started_at)
				VALUES ($1, 'imp_1', 'test', 'delta', 'done', '[]', $2, $3)`, d.s.Creditor, d.today(), tx.Now)
			return err
		})
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("after the import: %+v", tally)
		}
	})
}

func TestDecisionsOfPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "a@a.example")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		id := d.waiting()[0].ID
		try := func(fn func(ctx context.Context, tx *db.Tx) error) error {
			return d.DB.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) })
		}
		if err := try(func(ctx context.Context, tx *db.Tx) error { return reminder.Dismiss(ctx, tx, d.s, id, " ") }); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a dismissal without reason: %v", err)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			return d.Edit(ctx, tx, d.s, id, reminder.Words{Subject: "Un mot", Body: "Bonjour,\n\nTout va bien ?"})
		})
		d.write(func(ctx context.Context, tx *db.Tx) error {
			return reminder.Postpone(ctx, tx, d.s, id, cal.Must("2026-11-26"))
		})
		if n := len(d.waiting()); n != 0 {
			t.Errorf("%d shown though postponed", n)
		}
		d.on("2026-11-26")
		d.run()
		if n := len(d.waiting()); n != 1 {
			t.Fatalf("%d shown on the day of the postponement", n)
		}
		d.approveAll()
		d.send()
		if got := string(d.wire.got[0].Raw); !strings.Contains(got, "Un mot") || !strings.Contains(got, "Tout va bien") {
			t.Errorf("the person's words did not leave:\n%s", got)
		}
		d.on("2026-12-07")
		d.run()
		second := d.waiting()[0]
		if second.Step != "relance-2" {
			t.Fatalf("got %s", second.Step)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Dismiss(ctx, tx, d.s, second.ID, "geste") })
		d.on("2026-12-28")
		d.run()
		d.want(c, "relance-1 sent", "relance-2 dismissed", "relance-3 proposed")
	})
}

func TestATemplateThatIsWrongStopsOnlyItsOwnMessages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		a, b := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
		d.invoice(a, "F1", "2026-11-18", 100_00)
		d.invoice(b, "F2", "2026-10-20", 100_00)
		d.run()
		d.write(func(ctx context.Context, tx *db.Tx) error { // as an older program may have left it
			_, err := tx.Exec(ctx, `
				UPDATE reminder
				SET template = 'inconnu'
				WHERE customer_id = $1`, a)
			return err
		})
		var ids []string
		for _, r := range d.waiting() {
			ids = append(ids, r.ID)
		}
		failed, err := d.ApproveAll(t.Context(), d.s, ids, nil)
		if err != nil || len(failed) != 1 || !strings.Contains(failed[0].Err.Error(), "inconnu") {
			t.Fatalf("got %v, %v", failed, err)
		}
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("the other did not leave: %+v", tally)
		}
		d.want(a, "relance-1 proposed")
	})
}
