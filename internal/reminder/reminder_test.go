package reminder_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/channel"
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
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// wire is a channel that does what a test tells it to.
type wire struct {
	plan []channel.Receipt // one an attempt; then everything is sent
	got  []channel.Message
	down bool // the session cannot be opened

	joined [][]channel.Attachment // to each message that was composed
}

func (w *wire) Compose(d channel.Draft) (channel.Message, error) {
	w.joined = append(w.joined, d.Attachments)
	return channel.Message{
		ID: d.ID, From: d.From.Address, To: []string{d.To[0].Address}, MessageID: d.ID + "@test",
		Raw: []byte(strings.Join([]string{d.Subject, "after " + d.InReplyTo, d.Text}, "\n")),
	}, nil
}

func (w *wire) Open(context.Context) (channel.Session, error) {
	if w.down {
		return nil, &fault.Unavailable{Message: "pas de ligne"}
	}
	return w, nil
}

func (w *wire) Send(_ context.Context, m channel.Message) channel.Receipt {
	w.got = append(w.got, m)
	if len(w.plan) == 0 {
		return channel.Receipt{Outcome: channel.Sent, Code: "250"}
	}
	r := w.plan[0]
	w.plan = w.plan[1:]
	return r
}

func (w *wire) Close() error { return nil }

// desk is a creditor with its desk, a clock and a wire.
type desk struct {
	*reminder.Desk
	t     *testing.T
	s     creditor.Scope
	clock *dbtest.Clock
	wire  *wire
}

// each runs fn on both engines: a creditor that follows the shipped scenarios,
// on Monday 23 November 2026 at nine in Paris.
func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	clock := dbtest.NewClock()
	dbtest.EachAt(t, clock, func(t *testing.T, database *db.DB) {
		clock.Set(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
		library, err := message.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		w := &wire{}
		d := &desk{t: t, clock: clock, wire: w, Desk: &reminder.Desk{
			DB: database, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
			Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
				return map[string]channel.Channel{"email": w}, nil
			},
		}}
		d.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Atelier Dupont", Phone: "03 20 00 00 00"}, "test", journal.Write)
			if err != nil {
				return err
			}
			d.s = creditor.Scope{Creditor: c.ID, Actor: "usr_sophie", Rights: creditor.Manage}
			return policy.Install(ctx, tx, d.s)
		})
		d.set("mail_from_address", "compta@dupont.example")
		d.set("stale_days", "0")
		fn(t, d)
	})
}

func (d *desk) write(fn func(context.Context, *db.Tx) error) {
	d.t.Helper()
	if err := d.DB.Write(d.t.Context(), func(tx *db.Tx) error { return fn(d.t.Context(), tx) }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) set(name, value string) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := setting.All().Set(ctx, tx, setting.Box{}, d.s.Creditor, d.s.Actor, map[string]string{name: value})
		return err
	})
}

// customer adds a business customer with an accountant.
func (d *desk) customer(code, email string) string {
	d.t.Helper()
	c := &customer.Customer{Code: code, Name: "Client " + code}
	d.write(func(ctx context.Context, tx *db.Tx) error {
		if err := customer.Add(ctx, tx, d.s, []*customer.Customer{c}); err != nil || email == "" {
			return err
		}
		return customer.AddContacts(ctx, tx, d.s, []*customer.Contact{{Customer: c.ID, Email: email, FirstName: "Claire", LastName: "Vidal"}})
	})
	return c.ID
}

func (d *desk) invoice(owner, number, due string, cents int64) ledger.Document {
	d.t.Helper()
	doc := &ledger.Document{
		Customer: owner, Kind: ledger.Invoice, Number: number, Issued: cal.Must(due).Add(-30), Due: cal.Must(due),
		Amount: money.New(cents, money.EUR),
	}
	d.write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, d.s, []*ledger.Document{doc}) })
	return *doc
}

func (d *desk) pay(f ledger.Document, cents int64) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) error {
		p := &ledger.Document{
			Customer: f.Customer, Kind: ledger.Payment, Number: "P-" + f.Number, Issued: d.today(), Amount: money.New(cents, money.EUR),
		}
		if err := ledger.Add(ctx, tx, d.s, []*ledger.Document{p}); err != nil {
			return err
		}
		return ledger.Allocate(ctx, tx, d.s, &ledger.Allocation{Credit: p.ID, Invoice: f.ID, On: d.today(), Amount: p.Amount})
	})
}

func (d *desk) today() cal.Date { return cal.Of(d.clock.Now()) }

func (d *desk) on(day string) { d.clock.Set(cal.Must(day).Time().Add(8 * time.Hour)) }

func (d *desk) run() reminder.Report {
	d.t.Helper()
	r, err := d.Run(d.t.Context(), d.s, d.today())
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) send() reminder.Tally {
	d.t.Helper()
	tally, err := d.Send(d.t.Context(), d.s)
	if err != nil {
		d.t.Fatal(err)
	}
	return tally
}

// states are the customer's reminders, oldest first: "relance-1 sent".
func (d *desk) states(owner string) []string {
	d.t.Helper()
	var list []string
	err := d.DB.Read(d.t.Context(), func(tx *db.Tx) error {
		all, err := reminder.OfCustomer(d.t.Context(), tx, d.s, owner, 100)
		for _, a := range slices.Backward(all) {
			list = append(list, a.Step+" "+string(a.State))
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

func (d *desk) want(owner string, states ...string) {
	d.t.Helper()
	if diff := cmp.Diff(states, d.states(owner)); diff != "" {
		d.t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

// waiting are the reminders that wait for a person.
func (d *desk) waiting() []reminder.Row {
	d.t.Helper()
	var page []reminder.Row
	err := d.DB.Read(d.t.Context(), func(tx *db.Tx) (err error) {
		page, err = reminder.Page(d.t.Context(), tx, d.s, reminder.Filter{Today: d.today(), Limit: 100})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return page
}

func (d *desk) approveAll() {
	d.t.Helper()
	for _, r := range d.waiting() {
		d.write(func(ctx context.Context, tx *db.Tx) error { return d.Approve(ctx, tx, d.s, r.ID) })
	}
}

func (d *desk) messages(states ...reminder.MessageState) []reminder.Message {
	d.t.Helper()
	var list []reminder.Message
	err := d.DB.Read(d.t.Context(), func(tx *db.Tx) (err error) {
		list, err = reminder.Messages(d.t.Context(), tx, d.s, reminder.MessageFilter{States: states, Limit: 500})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

func TestAReminderGoesFromTheLedgerToTheInboxAndTheNextAnswersIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "vidal@delvaux.example")
		d.invoice(c, "F1", "2026-11-18", 450_00) // J+5 on Monday the 23rd
		if r := d.run(); r.Proposed != 1 || len(r.Problems) > 0 {
			t.Fatalf("the first run: %+v", r)
		}
		if r := d.run(); r.Proposed != 0 || r.Superseded != 0 {
			t.Errorf("the second run of the day: %+v, want nothing new", r)
		}
		d.want(c, "relance-1 proposed")
		if tally := d.send(); tally != (reminder.Tally{}) || len(d.wire.got) > 0 {
			t.Fatalf("something left without approval: %+v", tally)
		}
		d.approveAll()
		queued := d.messages(reminder.Queued)
		if len(queued) != 1 {
			t.Fatalf("%d messages queued", len(queued))
		}
		if tally := d.send(); tally.Sent != 1 {
			t.Fatalf("%+v", tally)
		}
		first := d.wire.got[0]
		if got := first.Fingerprint(); got != queued[0].SHA256 {
			t.Errorf("what left is not what was stored: %s, %s", got, queued[0].SHA256)
		}
		if to := first.To[0]; to != "vidal@delvaux.example" || first.From != "compta@dupont.example" {
			t.Errorf("from %s to %s", first.From, to)
		}
		for _, want := range []string{"F1", "450,00", "Vidal"} {
			if !strings.Contains(string(first.Raw), want) {
				t.Errorf("the message does not say %q:\n%s", want, first.Raw)
			}
		}
		d.want(c, "relance-1 sent")
		if r := d.run(); r.Proposed != 0 {
			t.Errorf("proposed again after it left: %+v", r)
		}

		d.on("2026-12-03") // J+15
		d.run()
		d.approveAll()
		d.send()
		d.want(c, "relance-1 sent", "relance-2 sent")
		second := string(d.wire.got[1].Raw)
		if !strings.Contains(second, "after "+first.MessageID) {
			t.Errorf("the second does not answer the first:\n%s", second)
		}
		if !strings.Contains(second, "23\u00a0novembre") {
			t.Errorf("the second does not cite the first by its date:\n%s", second)
		}
	})
}

func TestWhatHappensAfterApprovalKeepsAMessageBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		paid, part, held, still := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example"), d.customer("C3", "c@c.example"), d.customer("C4", "d@d.example")
		f1, f2 := d.invoice(paid, "F1", "2026-11-18", 100_00), d.invoice(part, "F2", "2026-11-18", 200_00)
		d.invoice(held, "F3", "2026-11-18", 300_00)
		d.invoice(still, "F4", "2026-11-18", 400_00)
		d.run()
		d.approveAll()
		d.pay(f1, 100_00)
		d.pay(f2, 150_00)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO hold (creditor_id, id, customer_id, from_on, reason, created_at)
				VALUES ($1, 'hol_1', $2, $3, 'direction', $4)`, d.s.Creditor, held, d.today(), tx.Now)
			return err
		})
		if tally := d.send(); tally.Sent != 1 || tally.Superseded != 3 {
			t.Errorf("got %+v", tally)
		}
		if len(d.wire.got) != 1 || !strings.Contains(string(d.wire.got[0].Raw), "F4") {
			t.Errorf("what left: %q", d.wire.got)
		}
		d.want(paid, "relance-1 superseded")
		d.want(held, "relance-1 superseded")
		d.run()
		d.want(part, "relance-1 superseded", "relance-1 proposed")
		if amount := d.waiting()[0].Amount; amount != money.New(50_00, money.EUR) {
			t.Errorf("the new proposal claims %s, want the rest", amount)
		}
	})
}

func TestOutcomesAreToldApartAndUncertainIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.customer("C1", "a@a.example")
		d.invoice(c, "F1", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		d.wire.plan = []channel.Receipt{{Outcome: channel.Temporary, Code: "451 4.7.1", Detail: "greylisted"}}
		if tally := d.send(); tally.Retried != 1 {
			t.Fatalf("refused for now: %+v", tally)
		}
		if tally := d.send(); tally != (reminder.Tally{}) {
			t.Errorf("tried again at once: %+v", tally)
		}
		d.clock.Set(d.clock.Now().Add(5 * time.Minute))
		d.wire.plan = []channel.Receipt{{Outcome: channel.Uncertain, Detail: "la ligne est tombée"}}
		if tally := d.send(); tally.Uncertain != 1 {
			t.Fatalf("in doubt: %+v", tally)
		}
		d.want(c, "relance-1 uncertain")
		d.on("2026-12-10")
		d.run()
		d.send()
		if len(d.wire.got) != 2 {
			t.Errorf("%d attempts, want 2: the uncertain one waits for a person", len(d.wire.got))
		}
		doubted := d.messages(reminder.MessageUncertain)[0]
		d.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Resolve(ctx, tx, d.s, doubted.ID, false) })
		d.wire.plan = []channel.Receipt{{Outcome: channel.Permanent, Code: "550 5.1.1", Detail: "no such user"}}
		if tally := d.send(); tally.Failed != 1 {
			t.Fatalf("refused for good: %+v", tally)
		}
		d.want(c, "relance-1 failed")
		err := d.DB.Write(t.Context(), func(tx *db.Tx) error { return d.Approve(t.Context(), tx, d.s, doubted.Reminder) })
		if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "adresse") {
			t.Errorf("writing again to a dead address: %v", err)
		}
	})
}

// A process that dies while a message is being handed over leaves it marked;
// the next one doubts it before anything else leaves.
func TestWhatADeadProcessWasSendingIsDoubted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c1, c2 := d.customer("C1", "a@a.example"), d.customer("C2", "b@b.example")
		d.invoice(c1, "F1", "2026-11-18", 100_00)
		d.invoice(c2, "F2", "2026-11-18", 100_00)
		d.run()
		d.approveAll()
		first := d.messages(reminder.Queued)[1]
		d.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE message SET state = 'sending' WHERE id = $1`, first.ID)
			return err
		})
		if tally := d.send(); tally.Uncertain != 1 || tally.Sent != 1 || len(d.wire.got) != 1 {
			t.Errorf("%+v, %d handed over", tally, len(d.wire.got))
		}
		d.write(func(ctx context.Context, tx *db.Tx) error { return reminder.Resolve(ctx, tx, d.s, first.ID, true) })
		d.want(first.Customer, "relance-1 sent")
	})
}
