package stage_test

import (
	"log/slog"
	"testing"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/demo"
	"acquit/internal/demo/stage"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// The demonstration must open on books that verify, on messages that really
// left, and on reminders of several steps that wait.
func TestThePlayLeavesBooksThatVerify(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.SQLite(t, clock)
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	kept := outbox.New(email.Compose, nil, clock.Now)
	on := cal.Must("2026-11-23")
	w, err := demo.Generate(demo.Options{Customers: 60, Invoices: 200, Seed: 7, On: on, History: 6})
	if err != nil {
		t.Fatal(err)
	}
	g := &stage.Stage{World: w, Set: func(day cal.Date) { clock.Set(day.Time().Add(8 * time.Hour)) }, Desk: &reminder.Desk{
		DB: d, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
		Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			return map[string]channel.Channel{"email": kept}, nil
		},
	}}
	s, person, err := g.Play(t.Context(), on.Add(-21), on, func(cal.Date) {})
	if err != nil {
		t.Fatal(err)
	}
	if person == "" {
		t.Error("nobody looks at it")
	}
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		chain, err := journal.Verify(t.Context(), tx, s)
		if err != nil || !chain.Intact || chain.Entries == 0 {
			t.Errorf("journal: %+v %v", chain, err)
		}
		if _, wrong, err := ledger.Verify(t.Context(), tx, s); err != nil || len(wrong) > 0 {
			t.Errorf("balances: %v %v", wrong, err)
		}
		counts, err := reminder.CountMessages(t.Context(), tx, s)
		if err != nil || counts[reminder.MessageSent] < 20 {
			t.Errorf("messages: %v %v", counts, err)
		}
		groups, err := reminder.Groups(t.Context(), tx, s, on)
		if err != nil || len(groups) < 3 {
			t.Errorf("waiting: %v %v", groups, err)
		}
		undone, err := task.Count(t.Context(), tx, s, task.Filter{Until: on.Add(-5)})
		if err != nil || len(undone) > 0 {
			t.Errorf("calls and letters that nobody has done for days: %v %v", undone, err)
		}
		atBank(t, tx, s)
		t.Logf("journal %d, messages %v, groups %+v", chain.Entries, counts, groups)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// atBank checks that a visitor sees the bank at work: what was matched by the
// rule and by a person, what waits, whose money it may be, what nobody knows, and
// what came back.
func atBank(t *testing.T, tx *db.Tx, s creditor.Scope) {
	t.Helper()
	list, err := cash.List(t.Context(), tx, s, cash.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	states := map[cash.State]int{}
	stranger, back := false, false
	for _, l := range list {
		states[l.State]++
		back = back || l.Entry.Return != nil
		stranger = stranger || l.State == cash.Open && l.Entry.Party.Name == "SCI DES TROIS MOULINS"
	}
	if states[cash.Auto] < 10 || states[cash.Applied] == 0 || states[cash.Open] < 2 || !stranger || !back {
		t.Errorf("at the bank: %v, a stranger waits: %v, a return: %v", states, stranger, back)
	}
	if gaps, err := bank.Chain(t.Context(), tx, s, ""); err != nil || len(gaps) > 0 {
		t.Errorf("statements do not follow each other: %+v %v", gaps, err)
	}
	t.Logf("at the bank: %v", states)
}
