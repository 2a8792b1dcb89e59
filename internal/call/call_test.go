package call_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// friday is followed by a weekend: a call of the next working day is on Monday.
var friday = cal.Must("2026-11-27")

// bench is a customer with two invoices and an approved call about them.
type bench struct {
	*agreementtest.Books
	customer string
	invoices []ledger.Document
	task     string
}

func setup(t *testing.T, d *db.DB) *bench {
	t.Helper()
	b := &bench{Books: agreementtest.New(t, d)}
	b.fill()
	return b
}

func (b *bench) fill() {
	b.T.Helper()
	b.customer = b.Customer("C1")
	b.invoices = []ledger.Document{
		b.Invoice(b.customer, "F1", friday.Add(-20), agreementtest.EUR(1000_00)),
		b.Invoice(b.customer, "F2", friday.Add(-5), agreementtest.EUR(400_00)),
	}
	b.task = b.step("rem_1", 1400_00)
}

// step is an approved step of the scenario that asks for a call, and its task.
func (b *bench) step(id string, amount int64) string {
	b.T.Helper()
	var claims []dunning.Claim
	for _, d := range b.invoices {
		claims = append(claims, dunning.Claim{
			Item: d.ID, Number: d.Number, Issued: d.Issued, Due: d.Due, Open: d.Open, Amount: d.Open, Age: friday.Sub(d.Due),
		})
	}
	details, err := json.Marshal(reminder.Details{Claims: claims, Script: "obtenir-une-date"})
	if err != nil {
		b.T.Fatal(err)
	}
	t := &task.Task{Customer: b.customer, Reminder: id, Kind: task.Call, Key: "call/" + id, Title: "Appeler C1", Due: friday}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO reminder (creditor_id, id, run_id, customer_id, scenario_id, scenario, version, step, step_at, tone,
				formal, channels, approve, state, on_day, leader_id, currency, amount, claims, max_age, details, proposed_at)
			VALUES ($1, $2, 'run_1', $3, 'scn_1', 'Standard', 1, 'appel', 2, 'courteous', FALSE, 'call', FALSE, 'approved', $4,
				$5, 'EUR', $6, 2, 20, $7, $8)`,
			b.Scope.Creditor, id, b.customer, friday, b.invoices[0].ID, amount, string(details), tx.Now)
		if err != nil {
			return err
		}
		return task.Add(ctx, tx, b.Scope, t)
	})
	return t.ID
}

func (b *bench) record(r call.Report) (c call.Call, err error) {
	b.T.Helper()
	err = b.Try(func(ctx context.Context, tx *db.Tx) error {
		c, err = call.Record(ctx, tx, b.Scope, r)
		return err
	})
	return c, err
}

func (b *bench) must(r call.Report) call.Call {
	b.T.Helper()
	c, err := b.record(r)
	if err != nil {
		b.T.Fatal(err)
	}
	return c
}

// stands is where the step is, and whether the customer has heard of us by it.
func (b *bench) stands() (state reminder.State, spoken bool) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err := reminder.Find(ctx, tx, b.Scope, "rem_1")
		if err != nil {
			return err
		}
		state = r.State
		spoken, err = db.One(ctx, tx, db.Value[bool], `
			SELECT spoken
			FROM reminder
			WHERE creditor_id = $1 AND id = 'rem_1'`, b.Scope.Creditor)
		return err
	})
	return state, spoken
}

// open are the tasks that are left, as kind and day.
func (b *bench) open() (list []string) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		all, err := task.Open(ctx, tx, b.Scope, task.Filter{Limit: 100})
		for _, t := range all {
			list = append(list, string(t.Kind)+" "+t.Due.String())
		}
		return err
	})
	return list
}

func TestACallRecordsAllThatWasSaidOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		said := func(until cal.Date) call.Report {
			return call.Report{
				Task: b.task, On: friday, Outcome: call.Promised, Person: "Mme Petit", Number: "03 20 00 00 00", Note: "attend un avoir",
				Promise:  &promise.Promise{Invoices: []string{"F1"}, For: until},
				Disputes: []*dispute.Dispute{{Invoice: "F2", Reason: dispute.Price, Amount: agreementtest.EUR(100_00)}},
			}
		}
		if _, err := b.record(said(friday.Add(-1))); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a promise for yesterday: got %v", err)
		}
		if got := b.open(); len(b.Actions(b.customer)) != 1 || !slices.Equal(got, []string{"call 2026-11-27"}) {
			t.Errorf("what failed left %v and %v", b.Actions(b.customer), got)
		}
		c := b.must(said(friday.Add(6)))
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			p, err := promise.Find(ctx, tx, b.Scope, friday, c.Of(call.Promise)[0])
			if err != nil || p.Made != friday || p.For != friday.Add(6) {
				t.Errorf("promise %+v, %v", p, err)
			}
			x, err := dispute.Find(ctx, tx, b.Scope, c.Of(call.Dispute)[0])
			if err != nil || x.Invoice != b.invoices[1].ID || x.Amount != agreementtest.EUR(100_00) {
				t.Errorf("dispute %+v, %v", x, err)
			}
			replies, err := reaction.List(ctx, tx, b.Scope, b.customer, 10)
			if len(replies) != 1 || replies[0].Kind != reaction.Replied {
				t.Errorf("reactions %+v", replies)
			}
			list, err2 := call.List(ctx, tx, b.Scope, b.customer)
			if diff := cmp.Diff([]call.Call{c}, list, cmp.Comparer(time.Time.Equal)); diff != "" || err2 != nil {
				t.Error(diff, err2)
			}
			return err
		})
		if state, spoken := b.stands(); state != reminder.Sent || !spoken {
			t.Errorf("the step is %s, spoken %v", state, spoken)
		}
		if got := b.open(); got != nil {
			t.Errorf("left to do: %v", got)
		}
		if _, err := b.record(said(friday.Add(6))); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("recorded twice: got %v", err)
		}
	})
}

// Nobody who does not answer keeps a scenario waiting for ever, and none of these
// calls is a contact.
func TestUnansweredCallsEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		id, day := b.task, friday
		for attempt := 1; attempt <= 3; attempt++ {
			c := b.must(call.Report{Task: id, On: day, Outcome: call.NoAnswer})
			if c.Attempt != attempt {
				t.Fatalf("attempt %d counts as %d", attempt, c.Attempt)
			}
			state, spoken := b.stands()
			if spoken || (state == reminder.Sent) != (attempt == 3) {
				t.Errorf("after attempt %d the step is %s, spoken %v", attempt, state, spoken)
			}
			if attempt < 3 {
				id, day = c.Of(call.Task)[0], c.Again
			}
		}
		if day != cal.Must("2026-12-01") { // Friday, Monday, Tuesday
			t.Errorf("the last try was on %s", day)
		}
		if got := b.open(); got != nil {
			t.Errorf("left to do: %v", got)
		}
	})
}

func TestOutcomesLeadWhereTheySay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := []string{"F1", "F2"}
		for _, c := range []struct {
			name   string
			report call.Report
			state  reminder.State
			spoken bool
			open   []string
			kind   call.ResultKind
		}{
			{"reached", call.Report{Outcome: call.Reached}, reminder.Sent, true, nil, ""},
			{"refuses", call.Report{Outcome: call.Refuses}, reminder.Sent, true, []string{"further 2026-11-27"}, call.Task},
			{"wrong number", call.Report{Outcome: call.WrongNumber, Number: "03 20"}, reminder.Sent, false, []string{"find_contact 2026-11-27"}, call.Task},
			{"back", call.Report{Outcome: call.CallBack, Again: friday.Add(5)}, reminder.Approved, false, []string{"call 2026-12-02"}, call.Task},
			{
				"paid",
				call.Report{Outcome: call.Paid, Payment: &inflight.Payment{Invoices: all, Until: friday.Add(5), Source: inflight.Transfer}},
				reminder.Sent, true, nil, call.Payment,
			},
			{
				"plan",
				call.Report{Outcome: call.AskedTime, Plan: &plan.Plan{
					Invoices: all, Grace: 5, Instalments: plan.Monthly(agreementtest.EUR(1400_00), 4, friday.Add(10)),
				}},
				reminder.Sent, true, nil, call.Plan,
			},
		} {
			b := setupIn(t, d, c.name)
			c.report.Task, c.report.On = b.task, friday
			got := b.must(c.report)
			state, spoken := b.stands()
			if state != c.state || spoken != c.spoken || !slices.Equal(b.open(), c.open) {
				t.Errorf("%s: step %s, spoken %v, to do %v", c.name, state, spoken, b.open())
			}
			if c.kind != "" && len(got.Of(c.kind)) != 1 {
				t.Errorf("%s led to %v", c.name, got.Results)
			}
		}
	})
}

// setupIn is setup in books of their own, in a database that others use too.
func setupIn(t *testing.T, d *db.DB, name string) *bench {
	t.Helper()
	b := &bench{Books: &agreementtest.Books{T: t, DB: d, Scope: creditor.System("crd_" + strings.ReplaceAll(name, " ", "_"))}}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO creditor (id, name, created_at)
			VALUES ($1, 'Atelier Test', $2)`, b.Scope.Creditor, tx.Now)
		return err
	})
	b.fill()
	return b
}

func TestACallRefusesInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		promised := &promise.Promise{Invoices: []string{"F1"}, For: friday.Add(3)}
		long := func() *plan.Plan {
			return &plan.Plan{Invoices: []string{"F1"}, Instalments: plan.Monthly(agreementtest.EUR(1000_00), 25, friday.Add(3))}
		}
		for _, c := range []struct {
			name   string
			report call.Report
			says   string
		}{
			{"no outcome", call.Report{}, "choisir une issue"},
			{"promised nothing", call.Report{Outcome: call.Promised}, "promesse"},
			{"nobody promised", call.Report{Outcome: call.NoAnswer, Promise: promised}, "personne n’a été joint"},
			{"too far", call.Report{Outcome: call.CallBack, Again: friday.Add(11)}, "au plus tard le 7 déc. 2026"},
			{"no day", call.Report{Outcome: call.CallBack}, "date"},
			{"beyond the limits", call.Report{Outcome: call.AskedTime, Plan: long()}, "limite de 24"},
		} {
			c.report.Task, c.report.On = b.task, friday
			if _, err := b.record(c.report); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.says)
			}
		}
		reader := call.Report{Task: b.task, On: friday, Outcome: call.Reached}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := call.Record(ctx, tx, b.Reader(), reader)
			return err
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("who may only look: got %v", err)
		}
	})
}

func TestTheNextCallIsWhatWeighsMost(t *testing.T) {
	t.Parallel()
	one := func(id string, minor int64, age int) call.ToMake {
		m := call.ToMake{Amount: agreementtest.EUR(minor), Age: age}
		m.ID, m.Due = id, friday
		return m
	}
	list := []call.ToMake{
		one("small and old", 100_00, 90), one("none", 0, 0), one("huge", 1<<62, 4000), one("not due", 5000_00, -3), one("large", 1000_00, 30),
	}
	call.Order(list)
	var got []string
	for _, m := range list {
		got = append(got, m.ID)
	}
	if diff := cmp.Diff([]string{"huge", "large", "small and old", "not due", "none"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheSheetTellsWhatTheCallIsAbout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.Pay(b.invoices[0], friday.Add(-1), 300_00)
		b.Invoice(b.customer, "F3", friday.Add(20), agreementtest.EUR(50_00)) // not of this step
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			p, err := call.Prepare(ctx, tx, b.Scope, b.task, "", friday)
			if err != nil {
				return err
			}
			if len(p.Invoices) != 2 || p.Total != agreementtest.EUR(1100_00) || p.Invoices[0].Age != 20 || p.Script.Name != "obtenir-une-date" {
				t.Errorf("%d invoices, %s, script %s", len(p.Invoices), p.Total.Format("fr"), p.Script.Name)
			}
			free, err := call.Prepare(ctx, tx, b.Scope, "", "C1", friday)
			if len(free.Invoices) != 3 || free.Script.Name != "comprendre" {
				t.Errorf("without a step: %d invoices, script %s", len(free.Invoices), free.Script.Name)
			}
			next, err2 := call.Next(ctx, tx, b.Scope, friday.Add(2), "")
			if len(next) != 1 || next[0].Age != 22 || next[0].Amount != agreementtest.EUR(1400_00) || err2 != nil {
				t.Errorf("next %+v, %v", next, err2)
			}
			return err
		})
	})
}

// Every script is whole in both languages, and leaves no blank of its own empty.
func TestScriptsAreWhole(t *testing.T) {
	t.Parallel()
	b := call.Blanks{
		Caller: "A", Creditor: "B", Customer: "C", Total: "D", Invoices: "E", Oldest: "F", Age: "G", Promise: "H", Deadline: "I",
	}
	for _, s := range call.Scripts() {
		if len(s.Parts) != 6 || call.ScriptOf(s.Name).Name != s.Name {
			t.Errorf("%s has %d parts", s.Name, len(s.Parts))
		}
		for _, p := range s.Parts {
			for _, l := range append([]i18n.Words{p.Title}, p.Lines...) {
				for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
					if text := b.Fill(l, lang); text == "" || strings.ContainsAny(text, "{}") {
						t.Errorf("%s says %q", s.Name, text)
					}
				}
			}
		}
	}
	if call.ScriptOf("maison").Name != "comprendre" {
		t.Error("a name of the house has no script to stand in")
	}
}

func TestHoursAndNotesAreWarnedOf(t *testing.T) {
	t.Parallel()
	region := cal.NewCalendar(cal.Metropole)
	at := func(s string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		at   string
		kind customer.Kind
		warn bool
	}{
		{"2026-11-27 09:00", customer.Business, false},
		{"2026-11-27 12:00", customer.Business, true},
		{"2026-11-27 18:30", customer.Business, true},
		{"2026-11-27 18:30", customer.Consumer, false},
		{"2026-11-27 09:30", customer.Consumer, true},
		{"2026-11-28 10:30", customer.Business, true}, // a Saturday
		{"2026-12-25 10:30", customer.Consumer, true}, // a holiday
	} {
		if got := call.Untimely(setting.Values{}, region, c.kind, at(c.at)).FR; (got != "") != c.warn {
			t.Errorf("%s, %s: %q", c.at, c.kind, got)
		}
	}
	for note, want := range map[string]string{
		"promet un virement jeudi": "", "son mari est à l’hôpital": "hôpital", "Divorcée depuis peu": "Divorcée",
		"le dossier handicap du chantier": "handicap", "vu M. Prisonnier": "",
	} {
		if got := call.Private(note); got != want {
			t.Errorf("%q: got %q, want %q", note, got, want)
		}
	}
}
