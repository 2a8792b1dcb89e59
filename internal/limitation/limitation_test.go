package limitation_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/limitation"
	"acquit/internal/promise"
	_ "acquit/internal/propertytest"
	"acquit/internal/setting"
	"acquit/internal/task"
)

var today = cal.Must("2026-11-22")

// books are those of a creditor whose trade is known.
func books(t *testing.T, d *db.DB) *agreementtest.Books {
	t.Helper()
	b := agreementtest.New(t, d)
	retrade(b, "business")
	return b
}

// retrade changes what the creditor of books that exist deals in.
func retrade(b *agreementtest.Books, trade string) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := setting.All().Set(ctx, tx, setting.Box{}, b.Scope.Creditor, "test", map[string]string{"claim_kind": trade})
		return err
	})
}

func kindOf(b *agreementtest.Books, id string, kind customer.Kind) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, b.Scope, id)
		if err != nil {
			return err
		}
		c.Kind = kind
		return customer.Update(ctx, tx, b.Scope, c)
	})
}

func of(b *agreementtest.Books, id string, day cal.Date) (list []limitation.Clock) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = limitation.Of(ctx, tx, b.Scope, id, day)
		return err
	})
	return list
}

func add(b *agreementtest.Books, e limitation.Event) (limitation.Event, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return limitation.Add(ctx, tx, b.Scope, &e, today) })
	return e, err
}

// The safe end starts from the invoice where nobody dated the supply, and leaves out
// what a judge may not accept; the possible one starts from the due date and takes it
// in.
func TestTheSafeEndLeavesDoubtOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		f := b.Invoice(c, "F1", cal.Must("2022-03-15"), agreementtest.EUR(1000_00)) // issued 13 February
		k := of(b, c, today)[0]
		got := []string{k.From.String(), k.Safe.String(), k.Possible.String()}
		if diff := cmp.Diff([]string{"2022-02-13", "2027-02-13", "2027-03-15"}, got); diff != "" || !k.Assumed {
			t.Errorf("bare, assumed %v: %s", k.Assumed, diff)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return limitation.SetRule(ctx, tx, b.Scope, &limitation.Rule{Subject: "F1", Performed: cal.Must("2022-01-31")}, today)
		})
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return promise.Add(ctx, tx, b.Scope, &promise.Promise{
				Customer: c, Invoices: []string{"F1"}, Made: cal.Must("2026-06-01"), For: today.Add(30),
			}, 3)
		})
		k = of(b, c, today)[0]
		got = []string{k.From.String(), k.Safe.String(), k.Possible.String()}
		if diff := cmp.Diff([]string{"2022-01-31", "2027-01-31", "2031-06-01"}, got); diff != "" || k.Assumed {
			t.Errorf("performed and promised, assumed %v: %s", k.Assumed, diff)
		}
		b.Pay(f, cal.Must("2026-09-10"), 100_00)
		k = of(b, c, today)[0]
		got = []string{k.Safe.String(), k.Possible.String()}
		if diff := cmp.Diff([]string{"2031-09-10", "2031-09-10"}, got); diff != "" {
			t.Errorf("paid in part: %s", diff)
		}
		for _, e := range k.Told {
			if !e.Counts || len(e.Findings) == 0 || e.Findings[0].Source == "" {
				t.Errorf("%s of %s does not say why it counts: %+v", e.Type, e.On, e.Findings)
			}
		}
	})
}

// A payment that was taken back, or that its allocation alone undid, interrupts
// nothing.
func TestAPaymentTakenBackInterruptsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		f := b.Invoice(c, "F1", cal.Must("2022-03-15"), agreementtest.EUR(1000_00))
		a := b.Pay(f, cal.Must("2026-09-10"), 100_00)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Reverse(ctx, tx, b.Scope, a.ID, cal.Must("2026-09-20"), "impayé")
		})
		if k := of(b, c, today)[0]; k.Safe.String() != "2027-02-13" || len(k.Told) != 0 {
			t.Errorf("until %s, %+v", k.Safe, k.Told)
		}
	})
}

func TestTheSortOfAClaimComesFromWhoOwesAndWhatIsSold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		for _, c := range []struct {
			trade  string
			debtor customer.Kind
			rule   limitation.Rule
			kind   string
			safe   string
		}{
			{"business", customer.Business, limitation.Rule{}, "business", "2029-02-10"},
			{"business", customer.Consumer, limitation.Rule{}, "consumer", "2026-02-10"},
			{"business", customer.Public, limitation.Rule{}, "public", "2028-12-31"},
			{"transport", customer.Business, limitation.Rule{}, "transport", "2025-02-10"},
			{"telecom", customer.Consumer, limitation.Rule{}, "telecom", "2025-02-10"},
			{"telecom", customer.Public, limitation.Rule{}, "telecom", "2025-02-10"},
			{"housing-rent", customer.Consumer, limitation.Rule{}, "housing-rent", "2027-02-10"},
			{"housing-rent", customer.Public, limitation.Rule{}, "housing-rent", "2027-02-10"},
			{"rent", customer.Public, limitation.Rule{}, "public", "2028-12-31"},
			{"unknown", customer.Business, limitation.Rule{}, "unknown", "2025-02-10"},
			{"unknown", customer.Consumer, limitation.Rule{}, "consumer", "2026-02-10"},
			{"transport", customer.Business, limitation.Rule{Kind: "business"}, "business", "2029-02-10"},
			{"business", customer.Business, limitation.Rule{Months: 24}, "business", "2026-02-10"},
		} {
			retrade(b, c.trade)
			id := b.Customer("C" + c.trade + string(c.debtor) + c.kind + c.safe)
			kindOf(b, id, c.debtor)
			f := b.Document(ledger.Document{
				Customer: id, Kind: ledger.Invoice, Number: "F" + id, Issued: cal.Must("2024-02-10"),
				Due: cal.Must("2024-03-10"), Amount: agreementtest.EUR(10_00),
			})
			if c.rule != (limitation.Rule{}) {
				c.rule.Customer = id
				b.Write(func(ctx context.Context, tx *db.Tx) error {
					return limitation.SetRule(ctx, tx, b.Scope, &c.rule, today)
				})
			}
			k := of(b, id, today)[0]
			if k.ID != f.ID || k.Kind.Key != c.kind || k.Safe.String() != c.safe {
				t.Errorf("%s sells to a %s: %s until %s, want %s until %s", c.trade, c.debtor, k.Kind.Key, k.Safe, c.kind, c.safe)
			}
		}
	})
}

func TestWhatCannotBeNotedIsRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		kindOf(b, c, customer.Consumer)
		b.Invoice(c, "F1", today, agreementtest.EUR(10_00))
		for _, r := range []struct {
			name string
			e    limitation.Event
			kind fault.Kind
		}{
			{"a prayer", limitation.Event{Customer: "C1", On: today, Type: "prayer"}, fault.KindInvalid},
			{"a reminder", limitation.Event{Customer: "C1", On: today, Type: fr.Reminded}, fault.KindInvalid},
			{"no day", limitation.Event{Customer: "C1", Type: fr.Acknowledgment}, fault.KindInvalid},
			{"tomorrow", limitation.Event{Customer: "C1", On: today.Add(1), Type: fr.Acknowledgment}, fault.KindInvalid},
			{"nobody", limitation.Event{On: today, Type: fr.Acknowledgment}, fault.KindInvalid},
			{"unknown customer", limitation.Event{Customer: "C9", On: today, Type: fr.Acknowledgment}, fault.KindNotFound},
			{"unknown invoice", limitation.Event{Invoice: "F9", On: today, Type: fr.Acknowledgment}, fault.KindNotFound},
			{"as sure as can be", limitation.Event{
				Customer: "C1", On: today, Type: fr.Acknowledgment, Certainty: "sure",
			}, fault.KindInvalid},
		} {
			if _, err := add(b, r.e); fault.KindOf(err) != r.kind {
				t.Errorf("%s: %v, want %s", r.name, err, r.kind)
			}
		}
		for _, r := range []limitation.Rule{
			{},
			{Customer: "C1", Kind: "debt"},
			{Customer: "C1", Months: 24},
			{Customer: "C1", Kind: "business", Months: 6},
			{Customer: "C1", Performed: today},
		} {
			err := b.Try(func(ctx context.Context, tx *db.Tx) error { return limitation.SetRule(ctx, tx, b.Scope, &r, today) })
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", r, err)
			}
		}
		reader := limitation.Event{Customer: "C1", On: today, Type: fr.Acknowledgment}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error { return limitation.Add(ctx, tx, b.Reader(), &reader, today) })
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reader: %v", err)
		}
	})
}

// night gives the open alerts, and how many a night made.
func night(b *agreementtest.Books, day cal.Date) (titles []string, made int) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = limitation.Alert(ctx, tx, b.Scope, day)
		return err
	})
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := task.Open(ctx, tx, b.Scope, task.Filter{Kind: task.ActInTime, Limit: 10})
		for _, t := range list {
			titles = append(titles, t.Title)
		}
		return err
	})
	return titles, made
}

// One task a customer at each moment, however often the night comes; a closer moment
// takes the place of one that nobody answered, and what interrupts closes it.
func TestAlertsComeOnceAndEndWhenTheClaimIsInterrupted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", cal.Must("2022-06-15"), agreementtest.EUR(1000_00)) // until 16 May 2027
		b.Invoice(c, "F2", cal.Must("2022-06-20"), agreementtest.EUR(500_00))
		until := "Agir avant le 16 mai 2027\u00a0: C1"
		for _, n := range []struct {
			day  string
			made int
			want []string
		}{
			{"2026-11-15", 0, nil},
			{"2026-11-16", 1, []string{until}},
			{"2026-11-17", 0, []string{until}},
			{"2026-12-20", 0, []string{until}},
			{"2027-02-16", 1, []string{until}},
			{"2027-02-17", 0, []string{until}},
		} {
			titles, made := night(b, cal.Must(n.day))
			if diff := cmp.Diff(n.want, titles); diff != "" || made != n.made {
				t.Errorf("%s: made %d, want %d: %s", n.day, made, n.made, diff)
			}
		}
		written := limitation.Event{Customer: "C1", On: cal.Must("2027-02-20"), Type: fr.Acknowledgment}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return limitation.Add(ctx, tx, b.Scope, &written, cal.Must("2027-02-21"))
		})
		if titles, made := night(b, cal.Must("2027-02-22")); len(titles) != 0 || made != 0 {
			t.Errorf("interrupted, and still %v, %d made", titles, made)
		}
	})
}

// Withdrawing an event gives the time back that was counted before.
func TestAWithdrawnEventCountsNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", cal.Must("2022-03-15"), agreementtest.EUR(1000_00))
		before := of(b, c, today)[0].Safe
		e, err := add(b, limitation.Event{Invoice: "F1", On: cal.Must("2026-10-01"), Type: fr.OrderServed})
		if err != nil {
			t.Fatal(err)
		}
		if k := of(b, c, today)[0]; k.Safe.String() != "2031-10-01" {
			t.Errorf("served: until %s", k.Safe)
		}
		undo := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return limitation.Withdraw(ctx, tx, b.Scope, e.ID, "autre client")
			})
		}
		if err := undo(); err != nil {
			t.Fatal(err)
		}
		if k := of(b, c, today)[0]; k.Safe != before {
			t.Errorf("withdrawn: until %s, was %s", k.Safe, before)
		}
		if err := undo(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

// A step of procedure makes its deadline a task, rolled over weekends.
func TestAStepOfProcedureMakesItsDeadlineATask(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := books(t, d)
		c := b.Customer("C1")
		for _, p := range []struct {
			step              fr.Step
			seat              fr.Seat
			on, deadline, due string
		}{
			{fr.ServeOrder, fr.Near, "2026-09-10", "2026-12-10", "2026-12-10"},
			{fr.OpposeOrder, fr.Near, "2026-10-14", "2026-11-16", "2026-11-17"},
			{fr.OpposeOrder, fr.Abroad, "2026-10-14", "2027-01-14", "2027-01-15"},
			{"l126_pv_delay", fr.Near, "2026-10-05", "2026-11-14", "2026-11-14"},
		} {
			step := limitation.Step{Customer: "C1", Step: p.step, Seat: p.seat, Started: cal.Must(p.on)}
			b.Write(func(ctx context.Context, tx *db.Tx) error { return limitation.Begin(ctx, tx, b.Scope, &step, today) })
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				made, err := task.Find(ctx, tx, b.Scope, step.Task)
				if step.Deadline.String() != p.deadline || made.Due.String() != p.due || made.Customer != c {
					t.Errorf("%s %s from %s: %s, task %s", p.step, p.seat, p.on, step.Deadline, made.Due)
				}
				return err
			})
		}
		late := limitation.Step{Customer: "C1", Step: fr.EnforceOrder, Started: cal.Must("2026-08-31")}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error { return limitation.Begin(ctx, tx, b.Scope, &late, today) })
		if err == nil {
			t.Error("a delay that did not exist yet was taken for one")
		}
	})
}

// TestDoubtNeverLengthensTheSafeEnd: whatever is noted as a reading leaves the safe end
// where it was or earlier, never later, and the possible end is never before it.
func TestDoubtNeverLengthensTheSafeEnd(t *testing.T) {
	t.Parallel()
	law, err := fr.New()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		issued := cal.Must("2019-01-01").Add(rapid.IntRange(0, 2500).Draw(t, "issued"))
		c := limitation.Claim{Debtor: customer.Business, Issued: issued, Due: issued.Add(30)}
		for range rapid.IntRange(0, 5).Draw(t, "events") {
			c.Events = append(c.Events, limitation.Event{
				On:        issued.Add(rapid.IntRange(-30, 2500).Draw(t, "on")),
				Type:      rapid.SampledFrom(fr.EventTypes()).Draw(t, "type"),
				Certainty: rapid.SampledFrom(limitation.Certainties()).Draw(t, "certainty"),
			})
		}
		all, err := limitation.Count(law, c, "business", today)
		if err != nil {
			t.Fatal(err)
		}
		c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e limitation.Event) bool {
			return e.Certainty == limitation.Reading
		})
		sure, err := limitation.Count(law, c, "business", today)
		if err != nil {
			t.Fatal(err)
		}
		if all.Safe > sure.Safe || all.Possible < all.Safe {
			t.Fatalf("safe %s, without doubt %s; possible %s", all.Safe, sure.Safe, all.Possible)
		}
	})
}
