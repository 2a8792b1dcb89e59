package promise_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

func TestTheMoneyAloneTellsWhatAPromiseIsWorth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		amount       int64 // 0: all
		paid, open   int64
		daysAfterFor int
		grace        int
		want         promise.State
	}{
		{"all, before its day", 0, 0, 100_00, -1, 0, promise.Waiting},
		{"all, on its day", 0, 0, 100_00, 0, 0, promise.Waiting},
		{"all, the day after", 0, 0, 100_00, 1, 0, promise.Broken},
		{"all, on the last day of grace", 0, 0, 100_00, 2, 2, promise.Waiting},
		{"all, after the grace", 0, 0, 100_00, 3, 2, promise.Broken},
		{"all, a part came", 0, 40_00, 60_00, 3, 2, promise.Partly},
		{"all came early", 0, 100_00, 0, -5, 2, promise.Kept},
		{"the promised part came", 40_00, 40_00, 60_00, 0, 0, promise.Kept},
		{"one cent less than promised", 40_00, 39_99, 60_01, 1, 0, promise.Partly},
		{"nothing is left although less was paid", 40_00, 0, 0, 9, 0, promise.Kept},
		{"a payment was taken back", 40_00, -10_00, 110_00, 9, 0, promise.Broken},
	} {
		p := promise.Promise{For: today, Amount: eur(c.amount)}
		if got := promise.Status(p, eur(c.paid), eur(c.open), today.Add(c.daysAfterFor), c.grace); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func add(b *agreementtest.Books, p promise.Promise) (promise.Promise, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error {
		return promise.Add(ctx, tx, b.Scope, &p, promise.DefaultLimit)
	})
	return p, err
}

func settle(b *agreementtest.Books, day cal.Date) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error { return promise.Settle(ctx, tx, b.Scope, day, 2) })
}

func find(b *agreementtest.Books, day cal.Date, id string) (v promise.View) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		v, err = promise.Find(ctx, tx, b.Scope, day, id)
		return err
	})
	return v
}

func TestAPromiseIsFollowedUntilTheMoneyHasTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1, f2 := b.Invoice(c, "F1", today.Add(-20), eur(100_00)), b.Invoice(c, "F2", today.Add(-10), eur(50_00))
		b.Pay(f1, today.Add(-3), 30_00) // before the promise: not what was promised
		p, err := add(b, promise.Promise{Invoices: []string{"F2", "F1"}, Made: today, For: today.Add(5), Amount: eur(80_00)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{f1.ID, f2.ID}, p.Invoices); diff != "" || p.Customer != c {
			t.Errorf("the invoices by due date, of %s: %s", p.Customer, diff)
		}
		v := find(b, today, p.ID)
		if v.Paid != eur(0) || v.Open != eur(120_00) || v.State(today, 2) != promise.Waiting {
			t.Errorf("when it is made: %+v", v)
		}
		b.Pay(f1, today.Add(2), 70_00)
		settle(b, today.Add(7))
		if v := find(b, today.Add(7), p.ID); v.EndedAs != "" || v.Paid != eur(70_00) {
			t.Errorf("within the grace: %+v", v)
		}
		settle(b, today.Add(8))
		v = find(b, today.Add(8), p.ID)
		if v.EndedAs != promise.Partly || v.Ended != today.Add(8) {
			t.Errorf("after the grace: %+v", v)
		}
		settle(b, today.Add(9))
		v = find(b, today.Add(1), p.ID)
		if v.Paid != eur(0) || v.Open != eur(120_00) {
			t.Errorf("the day before the payment does not know of it: %+v", v)
		}
		want := []string{"promise.made", "promise.partly"}
		if diff := cmp.Diff(want, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMoneyNotYetAllocatedKeepsAPromise(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1 := b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		p, err := add(b, promise.Promise{Invoices: []string{"F1"}, Made: today, For: today.Add(5)})
		if err != nil {
			t.Fatal(err)
		}
		payment := func(number string, on cal.Date) ledger.Document {
			return b.Document(ledger.Document{Customer: c, Kind: ledger.Payment, Number: number, Issued: on, Amount: eur(100_00)})
		}
		payment("older", today.Add(-1))
		if v := find(b, today.Add(8), p.ID); v.State(today.Add(8), 2) != promise.Broken {
			t.Errorf("money from before the promise keeps it: %+v", v)
		}
		paid := payment("since", today.Add(2))
		if v := find(b, today.Add(8), p.ID); v.State(today.Add(8), 2) != promise.Kept {
			t.Errorf("money that came in does not count: %+v", v)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Allocate(ctx, tx, b.Scope, &ledger.Allocation{
				Credit: paid.ID, Invoice: f1.ID, On: today.Add(20), Amount: eur(100_00),
			})
		})
		if v := find(b, today.Add(8), p.ID); v.State(today.Add(8), 2) != promise.Kept || v.Credits != eur(100_00) {
			t.Errorf("seen from before its allocation: %+v", v)
		}
		if v := find(b, today.Add(20), p.ID); v.Credits != eur(0) || v.Paid != eur(100_00) {
			t.Errorf("counted twice: %+v", v)
		}
	})
}

func TestAReversalTakesBackOnlyWhatCameSince(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1 := b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		before := b.Pay(f1, today.Add(-3), 30_00)
		p, err := add(b, promise.Promise{Invoices: []string{f1.ID}, Made: today, For: today.Add(5), Amount: eur(50_00)})
		if err != nil {
			t.Fatal(err)
		}
		since := b.Pay(f1, today.Add(1), 50_00)
		undo := func(a ledger.Allocation) {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, b.Scope, a.ID, today.Add(2), "rejet")
			})
		}
		undo(before)
		if v := find(b, today.Add(2), p.ID); v.Paid != eur(50_00) || v.Open != eur(50_00) {
			t.Errorf("an older payment bounced: paid %s of %s", v.Paid, v.Open)
		}
		undo(since)
		if v := find(b, today.Add(2), p.ID); v.Paid != eur(0) || v.Open != eur(100_00) {
			t.Errorf("the promised payment bounced: paid %s of %s", v.Paid, v.Open)
		}
	})
}

func TestPromisesThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c, other := b.Customer("C1"), b.Customer("C2")
		b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		paid := b.Invoice(c, "F2", today.Add(-20), eur(10_00))
		b.Pay(paid, today, 10_00)
		b.Invoice(other, "F3", today, eur(10_00))
		b.Invoice(c, "F4", today, money.New(10_00, "USD"))
		b.Invoice(c, "F5", today, eur(100_00))
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return plan.Add(ctx, tx, b.Scope, &plan.Plan{
				Invoices: []string{"F5"}, Made: today, Instalments: plan.Monthly(eur(100_00), 2, today.Add(10)),
			})
		})
		for _, r := range []struct {
			name string
			p    promise.Promise
			kind fault.Kind
			says string
		}{
			{"no invoice", promise.Promise{}, fault.KindInvalid, "il manque la facture"},
			{"unknown", promise.Promise{Invoices: []string{"F9"}}, fault.KindNotFound, "facture « F9 »"},
			{"settled", promise.Promise{Invoices: []string{"F2"}}, fault.KindConflict, "F2 est soldée"},
			{"two customers", promise.Promise{Invoices: []string{"F1", "F3"}}, fault.KindInvalid, "F3 est celle d’un autre client"},
			{"two currencies", promise.Promise{Invoices: []string{"F1", "F4"}}, fault.KindInvalid, "pas dans la même devise"},
			{"a payment", promise.Promise{Invoices: []string{"P1"}}, fault.KindInvalid, "P1 n’est pas une facture"},
			{"in the past", promise.Promise{Invoices: []string{"F1"}, For: today.Add(-1)}, fault.KindInvalid, "déjà passé"},
			{"in ten years", promise.Promise{Invoices: []string{"F1"}, For: today.Add(3650)}, fault.KindInvalid, "à plus d’un an"},
			{"too much", promise.Promise{Invoices: []string{"F1"}, Amount: eur(100_01)}, fault.KindInvalid, "dépasse ce qui reste"},
			{"under a plan", promise.Promise{Invoices: []string{"F1", "F5"}}, fault.KindConflict, "F5 est dans un échéancier"},
		} {
			r.p.Made = today
			if r.p.For.IsZero() {
				r.p.For = today.Add(3)
			}
			_, err := add(b, r.p)
			if fault.KindOf(err) != r.kind || !strings.Contains(err.Error(), r.says) {
				t.Errorf("%s: got %v, want %s saying %q", r.name, err, r.kind, r.says)
			}
		}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			return promise.Add(ctx, tx, b.Reader(), &promise.Promise{Invoices: []string{"F1"}, Made: today, For: today}, 3)
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reader promises: got %v", err)
		}
	})
}

func TestOneInvoiceHasOnePromiseAtATimeAndFewInAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1 := b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		promised := func(day cal.Date, amount int64) (promise.Promise, error) {
			return add(b, promise.Promise{Invoices: []string{"F1"}, Made: day, For: day.Add(3), Amount: eur(amount)})
		}
		first, err := promised(today, 20_00)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := promised(today.Add(1), 0); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("a second promise beside the first: got %v", err)
		}
		b.Pay(f1, today.Add(1), 20_00)
		second, err := promised(today.Add(1), 0) // the first is kept: it stands no longer
		if err != nil {
			t.Fatal(err)
		}
		if v := find(b, today.Add(1), first.ID); v.EndedAs != promise.Kept {
			t.Errorf("the first promise: %+v", v)
		}
		withdraw := func(reason string) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return promise.Withdraw(ctx, tx, b.Scope, second.ID, today.Add(1), reason)
			})
		}
		if err := withdraw(" "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("withdrawn without a reason: got %v", err)
		}
		if err := withdraw("erreur de saisie"); err != nil {
			t.Fatal(err)
		}
		if err := withdraw("encore"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("withdrawn twice: got %v", err)
		}
		for i := range 3 { // the setting's default
			day := today.Add(10 * (i + 1))
			if _, err := promised(day, 0); err != nil {
				t.Fatalf("promise %d: %v", i, err)
			}
			settle(b, day.Add(9))
		}
		_, err = promised(today.Add(60), 0)
		if fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "déjà été promise 3 fois") {
			t.Errorf("a promise too many: got %v", err)
		}
		span := agreement.Span{Day: today.Add(60), From: c, To: c}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			for n, err := range promise.BrokenBetween(ctx, tx, b.Scope, span) {
				if err != nil {
					return err
				}
				if n.Customer != c || n.Count != 3 {
					t.Errorf("broken promises: %+v", n)
				}
				return nil
			}
			t.Error("no broken promises were counted")
			return nil
		})
	})
}

// What a decision sees of a day must not depend on what happened later.
func TestAPastDaySeesThePromisesOfThatDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1 := b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		if _, err := add(b, promise.Promise{Invoices: []string{"F1"}, Made: today, For: today.Add(3)}); err != nil {
			t.Fatal(err)
		}
		seen := func(day cal.Date, past bool) (states []promise.State) {
			t.Helper()
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for v, err := range promise.Between(ctx, tx, b.Scope, agreement.Span{Day: day, From: c, To: c, Past: past}) {
					if err != nil {
						return err
					}
					v.EndedAs = "" // as the day itself saw it
					states = append(states, v.State(day, 0))
				}
				return nil
			})
			return states
		}
		settle(b, today.Add(9))
		b.Pay(f1, today.Add(20), 100_00)
		for _, r := range []struct {
			day  cal.Date
			past bool
			want []promise.State
		}{
			{today.Add(-1), true, nil},
			{today.Add(2), true, []promise.State{promise.Waiting}},
			{today.Add(9), true, []promise.State{promise.Broken}},
			{today.Add(21), false, nil}, // nothing is open: nothing to say
		} {
			if diff := cmp.Diff(r.want, seen(r.day, r.past)); diff != "" {
				t.Errorf("%s: %s", r.day, diff)
			}
		}
	})
}
