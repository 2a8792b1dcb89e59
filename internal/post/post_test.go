package post_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/letter"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/policy"
	"acquit/internal/post"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

const byPost = `
name: Courrier
steps:
  - {id: relance-1, at: J+5,  channels: [letter], tone: neutral, template: relance-1}
  - {id: relance-2, at: J+15, channels: [letter], tone: firm, template: relance-2}
`

// provider takes letters as a channel and tells of them afterwards.
type provider struct {
	channel.Channel
	receipt channel.Receipt
	tracks  map[string]post.Track
}

func (p *provider) Open(context.Context) (channel.Session, error) { return p, nil }
func (p *provider) Close() error                                  { return nil }
func (p *provider) Name() string                                  { return "essai" }

func (p *provider) Send(context.Context, channel.Message) channel.Receipt { return p.receipt }

func (p *provider) Follow(_ context.Context, id, _ string) (post.Track, error) {
	t, ok := p.tracks[id]
	if !ok {
		return t, fmt.Errorf("pas de réponse")
	}
	return t, nil
}

// office is a creditor that writes letters, on 23 November 2026.
type office struct {
	*reminder.Desk
	t     *testing.T
	s     creditor.Scope
	clock *dbtest.Clock
	docs  map[string]*ledger.Document
}

func each(t *testing.T, way channel.Channel, fn func(t *testing.T, o *office)) {
	t.Helper()
	clock := dbtest.NewClock()
	dbtest.EachAt(t, clock, func(t *testing.T, database *db.DB) {
		clock.Set(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
		library, err := message.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		if way == nil {
			way = letter.New(clock.Now)
		}
		o := &office{t: t, clock: clock, docs: map[string]*ledger.Document{}, Desk: &reminder.Desk{
			DB: database, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
			Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
				return map[string]channel.Channel{"letter": way}, nil
			},
		}}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := creditor.Create(ctx, tx, creditor.Creditor{
				Name: "Atelier Dupont", Street: "3 rue de la Monnaie", PostalCode: "59800", City: "Lille",
			}, "test", journal.Write)
			if err != nil {
				return err
			}
			o.s = creditor.Scope{Creditor: c.ID, Actor: "usr_sophie", Rights: creditor.Manage}
			_, err = setting.All().Set(ctx, tx, setting.Box{}, c.ID, "test", map[string]string{"stale_days": "0"})
			if err != nil {
				return err
			}
			_, err = policy.Save(ctx, tx, o.s, byPost)
			return err
		})
		fn(t, o)
	})
}

func (o *office) write(fn func(context.Context, *db.Tx) error) {
	o.t.Helper()
	if err := o.try(fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) try(fn func(context.Context, *db.Tx) error) error {
	return o.DB.Write(o.t.Context(), func(tx *db.Tx) error { return fn(o.t.Context(), tx) })
}

func (o *office) owes(code, place string) {
	o.t.Helper()
	postal, city, _ := strings.Cut(place, " ")
	c := &customer.Customer{Code: code, Name: "Client " + code, Street: "1 rue Basse", PostalCode: postal, City: city}
	o.write(func(ctx context.Context, tx *db.Tx) error {
		if err := customer.Add(ctx, tx, o.s, []*customer.Customer{c}); err != nil {
			return err
		}
		o.docs[code] = &ledger.Document{
			Customer: c.ID, Kind: ledger.Invoice, Number: "F-" + code, Issued: cal.Must("2026-10-19"), Due: cal.Must("2026-11-18"),
			Amount: money.New(100_00, money.EUR),
		}
		return ledger.Add(ctx, tx, o.s, []*ledger.Document{o.docs[code]})
	})
}

func (o *office) pays(code string) {
	o.t.Helper()
	f := o.docs[code]
	o.write(func(ctx context.Context, tx *db.Tx) error {
		p := &ledger.Document{Customer: f.Customer, Kind: ledger.Payment, Number: "P-" + code, Issued: o.today(), Amount: f.Amount}
		if err := ledger.Add(ctx, tx, o.s, []*ledger.Document{p}); err != nil {
			return err
		}
		return ledger.Allocate(ctx, tx, o.s, &ledger.Allocation{Credit: p.ID, Invoice: f.ID, On: o.today(), Amount: p.Amount})
	})
}

func (o *office) today() cal.Date { return cal.Of(o.clock.Now()) }

func (o *office) on(day string) { o.clock.Set(cal.Must(day).Time().Add(8 * time.Hour)) }

// approve runs the day, approves all of it and lets it leave.
func (o *office) approve() {
	o.t.Helper()
	if _, err := o.Run(o.t.Context(), o.s, o.today()); err != nil {
		o.t.Fatal(err)
	}
	o.write(func(ctx context.Context, tx *db.Tx) error {
		rows, err := reminder.Page(ctx, tx, o.s, reminder.Filter{Today: o.today(), Limit: 100})
		for _, r := range rows {
			if err := o.Approve(ctx, tx, o.s, r.ID); err != nil {
				return err
			}
		}
		return err
	})
	if _, err := o.Send(o.t.Context(), o.s); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) print() (m post.Made) {
	o.t.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = post.Print(ctx, tx, o.s, o.Desk)
		return err
	})
	return m
}

func (o *office) find(id string) (b post.Batch) {
	o.t.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = post.Find(ctx, tx, o.s, o.Desk, id)
		return err
	})
	return b
}

func (o *office) state(code string) reminder.Reminder {
	o.t.Helper()
	var list []reminder.Reminder
	o.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = reminder.OfCustomer(ctx, tx, o.s, o.docs[code].Customer, 1)
		return err
	})
	return list[0]
}

func codes(items []post.Item) (list []string) {
	for _, i := range items {
		list = append(list, i.Code)
	}
	return list
}

// The story of a day's letters: printed in the order of places, one paid between
// the printing and the post office, the others posted the day after.
func TestADaysLettersArePrintedTogetherAndPosted(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.owes("C1", "75002 Paris")
		o.owes("C2", "33000 Bordeaux")
		o.owes("C3", "59000 Lille")
		o.owes("C4", "13001 Marseille")
		o.approve()
		o.pays("C4")
		m := o.print()
		if diff := cmp.Diff([]string{"C2", "C3", "C1"}, codes(m.Items)); diff != "" {
			t.Error(diff)
		}
		if len(m.Out) != 1 || m.Out[0].Customer != o.docs["C4"].Customer || m.Out[0].Why == "" {
			t.Errorf("taken out: %+v, want the one who has paid, with the reason", m.Out)
		}
		if m.Pages != 5 { // one page each, and a blank one behind all but the last
			t.Errorf("%d pages", m.Pages)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			pdf, err := post.PDF(ctx, tx, o.s, m.Batch)
			if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("kept %.20q", pdf)
			}
			return err
		})
		if again := o.print(); len(again.Items) != 0 {
			t.Errorf("printed twice: %v", codes(again.Items))
		}
		o.pays("C3")
		b := o.find(m.ID)
		if !b.Items[1].Withdraw() || b.Items[0].Withdraw() || b.Count(post.Item.Waits) != 3 {
			t.Errorf("paid after the printing: %+v", b.Items)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			return post.Back(ctx, tx, o.s, m.ID, []string{b.Items[1].ID})
		})
		o.on("2026-11-24")
		o.write(func(ctx context.Context, tx *db.Tx) error {
			return post.Post(ctx, tx, o.s, o.Desk, post.Deposit{
				Batch: m.ID, Letters: []string{b.Items[0].ID, b.Items[2].ID}, On: o.today(),
			})
		})
		if r := o.state("C1"); r.State != reminder.Sent || r.DoneOn != o.today() {
			t.Errorf("posted: %s on %s", r.State, r.DoneOn)
		}
		if made := o.print(); len(made.Items) != 0 || len(made.Out) != 1 {
			t.Errorf("what was put back: %+v, want it taken out, since it was paid", made)
		}
		if o.find(m.ID).Open() {
			t.Error("all is said of the batch, and it is open")
		}
		if got := o.state("C3").State; got != reminder.Superseded {
			t.Errorf("the one who paid: %s", got)
		}
	})
}

// A wrong tick is taken back on the same day: the step is not done, and the
// letter lies in its pile again.
func TestAWrongTickIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.owes("C1", "75002 Paris")
		o.approve()
		m := o.print()
		id := m.Items[0].ID
		deposit := post.Deposit{Batch: m.ID, Letters: []string{id}, On: o.today()}
		o.write(func(ctx context.Context, tx *db.Tx) error { return post.Post(ctx, tx, o.s, o.Desk, deposit) })
		o.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Unposted(ctx, tx, o.s, id) })
		if r := o.state("C1"); r.State != reminder.Approved || !r.DoneOn.IsZero() {
			t.Errorf("taken back: %s on %s", r.State, r.DoneOn)
		}
		if n := o.find(m.ID).Count(post.Item.Waits); n != 1 {
			t.Errorf("%d letters in the pile", n)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error { return post.Post(ctx, tx, o.s, o.Desk, deposit) })
		o.on("2026-11-24")
		err := o.try(func(ctx context.Context, tx *db.Tx) error { return reminder.Unposted(ctx, tx, o.s, id) })
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the day after: %v", err)
		}
	})
}

// What the provider says is heeded: a letter in doubt that it has has left, one
// that it rejects has not, and one that came back spoils the address until that
// is corrected.
func TestWhatAProviderSaysIsHeeded(t *testing.T) {
	t.Parallel()
	p := &provider{tracks: map[string]post.Track{}}
	p.Channel = letter.New(time.Now)
	each(t, p, func(t *testing.T, o *office) {
		p.receipt = channel.Receipt{Outcome: channel.Uncertain, Detail: "la ligne est tombée"}
		o.owes("C1", "75002 Paris")
		o.approve()
		p.receipt = channel.Receipt{Outcome: channel.Sent, Reference: "s-1"}
		o.owes("C2", "75002 Paris")
		o.owes("C3", "75002 Paris")
		o.approve()
		if got := o.state("C1").State; got != reminder.Uncertain {
			t.Fatalf("before anything is known: %s", got)
		}
		follow := func(tracks map[string]post.Track) {
			t.Helper()
			clear(p.tracks)
			for code, tr := range tracks {
				p.tracks[o.letter(code).ID] = tr
			}
			if err := post.Follow(t.Context(), o.DB, o.s, p, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
		}
		follow(map[string]post.Track{"C1": {State: post.Draft}})
		if got := o.state("C1").State; got != reminder.Uncertain {
			t.Errorf("a draft: %s, want a person to say", got)
		}
		on := cal.Must("2026-11-23")
		follow(map[string]post.Track{
			"C1": {State: post.Printed}, "C2": {State: post.Rejected, Detail: "adresse inconnue"},
			"C3": {State: post.Returned, Reason: customer.Unknown, On: on},
		})
		follow(map[string]post.Track{"C3": {State: post.Returned, Reason: customer.Unknown, On: on}})
		if got := o.state("C1").State; got != reminder.Sent {
			t.Errorf("in doubt and printed: %s", got)
		}
		if r := o.state("C2"); r.State != reminder.Failed || !strings.Contains(r.Note, "adresse inconnue") {
			t.Errorf("rejected: %s %q", r.State, r.Note)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			list, err := task.Open(ctx, tx, o.s, task.Filter{Until: o.today(), Limit: 10})
			found := 0
			for _, one := range list {
				if one.Kind == task.FindContact && one.Customer == o.docs["C3"].Customer {
					found++
				}
			}
			if found != 1 {
				t.Errorf("tasks: %+v, want one to find the address", list)
			}
			return err
		})
		o.on("2026-12-04")
		if _, err := o.Run(t.Context(), o.s, o.today()); err != nil {
			t.Fatal(err)
		}
		next := o.state("C3")
		if next.State != reminder.Proposed {
			t.Fatalf("a step that was done stays done: %s %s", next.Step, next.State)
		}
		refused := o.try(func(ctx context.Context, tx *db.Tx) error { return o.Approve(ctx, tx, o.s, next.ID) })
		if fault.KindOf(refused) != fault.KindInvalid || !strings.Contains(refused.Error(), "revenue") {
			t.Errorf("another letter to the same address: %v", refused)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := customer.Find(ctx, tx, o.s, next.Customer)
			if err != nil {
				return err
			}
			c.Street = "9 rue Haute"
			return customer.Update(ctx, tx, o.s, c)
		})
		o.write(func(ctx context.Context, tx *db.Tx) error { return o.Approve(ctx, tx, o.s, next.ID) })
	})
}

// letter is the last letter to a customer.
func (o *office) letter(code string) (m reminder.Message) {
	o.t.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) error {
		list, err := reminder.Messages(ctx, tx, o.s, reminder.MessageFilter{Customer: o.docs[code].Customer, Limit: 1})
		if err == nil {
			m = list[0]
		}
		return err
	})
	return m
}

func TestWeightsAndEnvelopes(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.owes("C1", "75002 Paris")
		o.approve()
		i := o.print().Items[0]
		if i.Sheets() != 1 || i.Grams() != 10 || i.Envelope() != post.DL || i.Step() != 20 {
			t.Errorf("one sheet: %d sheets, %d g, %s, up to %d g", i.Sheets(), i.Grams(), i.Envelope(), i.Step())
		}
	})
}
