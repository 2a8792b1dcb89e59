package reminder_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"acquit/internal/db"
	"acquit/internal/policy"
	"acquit/internal/reminder"
)

// TestAScenarioIsSpreadOverDays: at most so many new reminders a day, however
// many runs the day has; the others follow on the next days.
func TestAScenarioIsSpreadOverDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for i := range 5 {
			d.invoice(d.customer(fmt.Sprint("C", i), "compta@client.example"), fmt.Sprint("F", i), "2026-11-02", 50000)
		}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := policy.List(ctx, tx, d.s)
			if err != nil {
				return err
			}
			one := all[slices.IndexFunc(all, func(s policy.Scenario) bool { return s.Name == "Standard" })]
			return policy.Settle(ctx, tx, d.s, one.ID, one.Rank, true, 2)
		})
		for i, want := range []struct {
			day                 string
			proposed, postponed int
		}{
			{"2026-11-23", 2, 3},
			{"2026-11-23", 0, 3},
			{"2026-11-24", 2, 1},
			{"2026-11-25", 1, 0},
			{"2026-11-25", 0, 0},
		} {
			d.on(want.day)
			if r := d.run(); r.Proposed != want.proposed || r.Postponed != want.postponed {
				t.Errorf("run %d proposes %d and postpones %d", i+1, r.Proposed, r.Postponed)
			}
		}
	})
}

// TestADismissedReminderIsNoMessage: what did not leave does not count against what
// a customer may hear in a week.
func TestADismissedReminderIsNoMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "compta@client.example")
		d.invoice(owner, "F1", "2026-11-02", 50000)
		d.set("customer_cap", "1")
		d.run()
		first := d.waiting()[0].ID
		d.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Dismiss(ctx, tx, d.s, first, "appelé") })
		d.on("2026-11-24")
		d.run()
		d.approveAll()
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("after a dismissed one: %+v", tally)
		}
		d.want(owner, "relance-1 dismissed", "relance-2 sent")
	})
}

// TestWhoFollowsAnotherScenarioIsSpokenToByThatOne: what the former one proposed
// neither leaves nor keeps the other from speaking.
func TestWhoFollowsAnotherScenarioIsSpokenToByThatOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owner := d.customer("C1", "compta@client.example")
		d.invoice(owner, "F1", "2026-11-02", 50000)
		d.run()
		d.want(owner, "relance-1 proposed")
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE customer SET scenario = 'Indépendant' WHERE id = $1`, owner)
			return err
		})
		d.on("2026-11-24")
		if r := d.run(); r.Superseded != 1 || r.Proposed != 1 {
			t.Errorf("the run withdraws %d and proposes %d", r.Superseded, r.Proposed)
		}
		if list := d.waiting(); len(list) != 1 || list[0].Scenario != "Indépendant" {
			t.Errorf("what waits is %+v", list)
		}
		d.approveAll()
		if tally := d.send(); tally.Sent != 1 {
			t.Errorf("the new one does not leave: %+v", tally)
		}
	})
}
