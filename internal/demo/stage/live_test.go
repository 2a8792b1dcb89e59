package stage_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/demo"
	"acquit/internal/demo/stage"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// opened is the day on which the demonstration opens, and lived the days by which
// its clock is moved to see a story whole.
var opened = cal.Must("2026-11-23")

const lived = 28

// show opens a demonstration and moves its clock by days with everything approved.
func show(t *testing.T, seed uint64, days int) (*db.DB, creditor.Scope) {
	t.Helper()
	clock := dbtest.NewClock()
	d := dbtest.SQLite(t, clock)
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	w, err := demo.Generate(demo.Options{Customers: 60, Invoices: 200, Seed: seed, On: opened, History: 6})
	if err != nil {
		t.Fatal(err)
	}
	kept := outbox.New(email.Compose, nil, clock.Now)
	g := &stage.Stage{World: w, Set: func(day cal.Date) { clock.Set(day.Time().Add(8 * time.Hour)) }, Desk: &reminder.Desk{
		DB: d, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
		Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			return map[string]channel.Channel{"email": kept}, nil
		},
	}}
	s, _, err := g.Play(t.Context(), opened.Add(-21), opened, func(cal.Date) {})
	if err != nil {
		t.Fatal(err)
	}
	approveAll(t, g.Desk, s)
	for day := opened + 1; day <= opened.Add(days); day++ {
		g.Set(day)
		if err := g.Live(t.Context(), day); err != nil {
			t.Fatal(err)
		}
		if !cal.NewCalendar(cal.Metropole).IsOpen(day) {
			continue
		}
		if _, err := g.Desk.Run(t.Context(), s, day); err != nil {
			t.Fatal(err)
		}
		approveAll(t, g.Desk, s)
	}
	return d, s
}

func approveAll(t *testing.T, desk *reminder.Desk, s creditor.Scope) {
	t.Helper()
	var ids []string
	for _, r := range reminders(t, desk.DB, s, reminder.Proposed) {
		ids = append(ids, r.ID)
	}
	if _, err := desk.ApproveAll(t.Context(), s, ids, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func reminders(t *testing.T, d *db.DB, s creditor.Scope, states ...reminder.State) (all []reminder.Reminder) {
	t.Helper()
	f := reminder.Which{States: states, Limit: 500}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		for {
			page, err := reminder.List(t.Context(), tx, s, f)
			all = append(all, page...)
			if err != nil || len(page) < f.Limit {
				return err
			}
			f.After = page[len(page)-1].ID
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// told is what happened since the opening, told without identifiers.
type told struct {
	lines    []string
	states   map[promise.State]int // of the promises made since
	payments int
	settled  map[string]cal.Date // invoices by identifier: the day on which nothing was left to pay
}

func tell(t *testing.T, d *db.DB, s creditor.Scope) told {
	t.Helper()
	got := told{states: map[promise.State]int{}, settled: map[string]cal.Date{}}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		var all []customer.Customer
		for c, err := range customer.Each(t.Context(), tx, s) {
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		for _, c := range all {
			if err := got.customer(t.Context(), tx, s, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got.lines)
	return got
}

func (g *told) customer(ctx context.Context, tx *db.Tx, s creditor.Scope, c customer.Customer) error {
	docs, err := ledger.OfCustomers(ctx, tx, s, true, c.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
		if d.Kind == ledger.Payment && d.Issued > opened {
			g.payments++
			g.lines = append(g.lines, fmt.Sprint(d.Issued, " ", c.Code, " pays ", d.Amount, " ", d.Label))
		}
	}
	set, err := ledger.Links(ctx, tx, s, ids)
	if err != nil {
		return err
	}
	for _, d := range docs {
		for _, a := range set {
			if a.Invoice == d.ID && d.Open.IsZero() {
				g.settled[d.ID] = max(g.settled[d.ID], a.On)
			}
		}
	}
	promises, err := promise.List(ctx, tx, s, opened+lived, c.ID)
	for _, p := range promises {
		if p.Made > opened {
			g.states[p.EndedAs]++
			g.lines = append(g.lines, fmt.Sprint(p.Made, " ", c.Code, " promises for ", p.For, ": ", p.EndedAs))
		}
	}
	return err
}

// When the clock moves, reminded customers pay, promise, and keep or break their
// word; nobody who has paid hears of it again; the books verify.
func TestTheDemonstrationLives(t *testing.T) {
	t.Parallel()
	d, s := show(t, 7, lived)
	story := tell(t, d, s)
	if story.payments < 20 || story.states[promise.Kept] == 0 || story.states[promise.Broken] == 0 {
		t.Errorf("%d payments, promises %v:\n%s", story.payments, story.states, strings.Join(story.lines, "\n"))
	}
	claimed := 0
	for _, r := range reminders(t, d, s, reminder.Sent) {
		for _, c := range r.Details.Claims {
			if r.On <= opened {
				continue
			}
			claimed++
			if paid, ok := story.settled[c.Item]; ok && paid <= r.DoneOn {
				t.Errorf("reminded on %s of an invoice paid on %s", r.DoneOn, paid)
			}
		}
	}
	if claimed == 0 {
		t.Error("nobody was reminded")
	}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		chain, err := journal.Verify(t.Context(), tx, s)
		if err != nil || !chain.Intact {
			t.Errorf("journal: %+v %v", chain, err)
		}
		if _, wrong, err := ledger.Verify(t.Context(), tx, s); err != nil || len(wrong) > 0 {
			t.Errorf("balances: %v %v", wrong, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d payments, promises %v, %d claims", story.payments, story.states, claimed)
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	t.Parallel()
	stories := [3][]string{}
	for i, seed := range []uint64{7, 7, 8} {
		d, s := show(t, seed, lived/2)
		stories[i] = tell(t, d, s).lines
	}
	if !slices.Equal(stories[0], stories[1]) {
		t.Errorf("two stories of one seed:\n%s\n\n%s", strings.Join(stories[0], "\n"), strings.Join(stories[1], "\n"))
	}
	if slices.Equal(stories[0], stories[2]) {
		t.Error("one story of two seeds")
	}
}
