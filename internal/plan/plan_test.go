package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	_ "acquit/internal/propertytest"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

// schedule writes instalments as 2026-01-31 142.85.
func schedule(list []plan.Instalment) string {
	var lines []string
	for _, i := range list {
		lines = append(lines, fmt.Sprint(i.Due, " ", i.Amount.Decimal()))
	}
	return strings.Join(lines, "\n")
}

func TestMonthlyInstalmentsKeepTheirDayAndLoseNoCent(t *testing.T) {
	t.Parallel()
	got := schedule(plan.Monthly(eur(1000_00), 7, cal.Must("2026-01-31")))
	want := `2026-01-31 142.85
2026-02-28 142.85
2026-03-31 142.85
2026-04-30 142.85
2026-05-31 142.85
2026-06-30 142.85
2026-07-31 142.90`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPlanIsLateWithinItsGraceAndBrokenBeyond(t *testing.T) {
	t.Parallel()
	p := plan.Plan{Grace: 5, Instalments: plan.Monthly(eur(300_00), 3, cal.Must("2026-12-01"))}
	for _, c := range []struct {
		name   string
		day    string
		paid   int64
		state  plan.State
		missed int64
		next   string
	}{
		{"before the first", "2026-11-30", 0, plan.Running, 0, "2026-12-01"},
		{"on the day of the first", "2026-12-01", 0, plan.Running, 0, "2026-12-01"},
		{"the day after", "2026-12-02", 0, plan.Late, 100_00, "2027-01-01"},
		{"last day of grace", "2026-12-06", 99_99, plan.Late, 1, "2027-01-01"},
		{"after the grace", "2026-12-07", 99_99, plan.Broken, 1, "2027-01-01"},
		{"put right", "2026-12-07", 100_00, plan.Running, 0, "2027-01-01"},
		{"paid ahead", "2027-01-20", 200_00, plan.Running, 0, "2027-02-01"},
		{"one broken, one within the grace", "2027-01-03", 0, plan.Broken, 200_00, "2027-02-01"},
		{"paid in full", "2026-12-15", 300_00, plan.Kept, 0, ""},
	} {
		g := plan.Track(p, eur(c.paid), eur(300_00-c.paid), cal.Must(c.day))
		if g.State != c.state || g.Missed != eur(c.missed) || g.Next.Due.String() != c.next {
			t.Errorf("%s: %s, missed %s, next %s", c.name, g.State, g.Missed, g.Next.Due)
		}
	}
	g := plan.Track(p, eur(0), eur(0), cal.Must("2027-06-01"))
	if g.State != plan.Kept {
		t.Errorf("nothing is open, by a credit note: got %s", g.State)
	}
}

func TestWhatCameInFillsTheInstalmentsInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1_000_000_00).Draw(t, "total")
		n := rapid.IntRange(1, 24).Draw(t, "n")
		paid := rapid.Int64Range(0, total).Draw(t, "paid")
		day := today.Add(rapid.IntRange(-40, 800).Draw(t, "day"))
		p := plan.Plan{Grace: rapid.IntRange(0, 30).Draw(t, "grace"), Instalments: plan.Monthly(eur(total), n, today)}
		if p.Total() != eur(total) {
			t.Fatalf("the instalments add up to %s", p.Total())
		}
		g := plan.Track(p, eur(paid), eur(total-paid), day)
		came, full := eur(0), true
		for _, l := range g.Lines {
			if !full && !l.Paid.IsZero() {
				t.Fatalf("%s got %s before an earlier one was full", l.Due, l.Paid)
			}
			full = full && l.Left().IsZero()
			came = came.Add(l.Paid)
		}
		if came != eur(paid) {
			t.Fatalf("%s of %d were set", came, paid)
		}
		if full != (g.State == plan.Kept) {
			t.Fatalf("all paid is %v, the plan is %s", full, g.State)
		}
		if late := g.State == plan.Late || g.State == plan.Broken; late != (g.Missed.Sign() > 0) {
			t.Fatalf("%s missed, the plan is %s", g.Missed, g.State)
		}
	})
}

func add(b *agreementtest.Books, p plan.Plan) (plan.Plan, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return plan.Add(ctx, tx, b.Scope, &p) })
	return p, err
}

func TestAPlanRunsUntilItIsPaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f1, f2 := b.Invoice(c, "F1", today.Add(-20), eur(700_00)), b.Invoice(c, "F2", today.Add(-10), eur(300_00))
		var draft []plan.Instalment
		b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			_, draft, err = plan.Draft(ctx, tx, b.Scope, "", []string{"F1", "F2"}, 4, cal.Must("2026-11-30"))
			return err
		})
		p, err := add(b, plan.Plan{Invoices: []string{"F1", "F2"}, Made: today, Grace: 3, Instalments: draft})
		if err != nil {
			t.Fatal(err)
		}
		find := func(day cal.Date) (v plan.View) {
			t.Helper()
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				if err := plan.Settle(ctx, tx, b.Scope, day); err != nil {
					return err
				}
				v, err = plan.Find(ctx, tx, b.Scope, day, p.ID)
				return err
			})
			return v
		}
		want := "2026-11-30 250.00\n2026-12-30 250.00\n2027-01-30 250.00\n2027-02-28 250.00"
		if diff := cmp.Diff(want, schedule(find(today).Instalments)); diff != "" {
			t.Error(diff)
		}
		b.Pay(f1, cal.Must("2026-11-29"), 250_00)
		for day, want := range map[string]plan.State{
			"2026-12-30": plan.Running, "2026-12-31": plan.Late, "2027-01-03": plan.Broken,
		} {
			if got := find(cal.Must(day)).Progress(cal.Must(day)); got.State != want {
				t.Errorf("%s: got %s, want %s", day, got.State, want)
			}
		}
		b.Pay(f1, cal.Must("2027-01-10"), 450_00)
		b.Pay(f2, cal.Must("2027-01-10"), 300_00)
		v := find(cal.Must("2027-01-10"))
		if v.EndedAs != plan.Kept || v.Open != eur(0) {
			t.Errorf("paid in full: %+v", v)
		}
		if v := find(cal.Must("2027-01-09")); v.Paid != eur(250_00) || v.Open != eur(750_00) {
			t.Errorf("the day before does not know of it: %+v", v)
		}
		if diff := cmp.Diff([]string{"plan.made", "plan.kept"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPlansThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		b.Invoice(c, "F2", today.Add(-20), eur(100_00))
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return promise.Add(ctx, tx, b.Scope, &promise.Promise{Invoices: []string{"F2"}, Made: today, For: today.Add(9)}, 3)
		})
		first := today.Add(10)
		for _, r := range []struct {
			name  string
			parts []plan.Instalment
			f     string
			kind  fault.Kind
			says  string
		}{
			{"none", nil, "F1", fault.KindInvalid, "de 1 à 120 échéances"},
			{"too little", plan.Monthly(eur(90_00), 3, first), "F1", fault.KindInvalid, "10,00\u00a0€ de moins"},
			{"too much", plan.Monthly(eur(100_01), 3, first), "F1", fault.KindInvalid, "0,01\u00a0€ de trop"},
			{"in the past", plan.Monthly(eur(100_00), 3, today.Add(-1)), "F1", fault.KindInvalid, "déjà passé"},
			{"in another currency", plan.Monthly(money.New(100_00, "USD"), 3, first), "F1", fault.KindInvalid, "n’est pas en EUR"},
			{
				"twice a day", append(plan.Monthly(eur(50_00), 1, first), plan.Monthly(eur(50_00), 1, first)...), "F1",
				fault.KindInvalid, "deux échéances tombent",
			},
			{"under a promise", plan.Monthly(eur(100_00), 3, first), "F2", fault.KindConflict, "F2 est déjà promise pour le 1er déc. 2026"},
		} {
			_, err := add(b, plan.Plan{Invoices: []string{r.f}, Made: today, Instalments: r.parts})
			if fault.KindOf(err) != r.kind || !strings.Contains(err.Error(), r.says) {
				t.Errorf("%s: got %v, want %s saying %q", r.name, err, r.kind, r.says)
			}
		}
	})
}

func TestAPersonEndsAPlan(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today.Add(-20), eur(100_00))
		p, err := add(b, plan.Plan{Invoices: []string{"F1"}, Made: today, Instalments: plan.Monthly(eur(100_00), 2, today)})
		if err != nil {
			t.Fatal(err)
		}
		end := func(as plan.State, reason string) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return plan.End(ctx, tx, b.Scope, p.ID, today.Add(5), as, reason)
			})
		}
		if err := end(plan.Kept, "non"); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("only the money keeps a plan: got %v", err)
		}
		if err := end(plan.Broken, "déchéance du terme"); err != nil {
			t.Fatal(err)
		}
		if err := end(plan.Withdrawn, "encore"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("ended twice: got %v", err)
		}
		count := func(day cal.Date) (n int) {
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for v, err := range plan.Between(ctx, tx, b.Scope, agreement.Span{Day: day, From: c, To: c}) {
					if err != nil {
						return err
					}
					if v.Progress(day).State == plan.Broken {
						n++
					}
				}
				return nil
			})
			return n
		}
		if count(today.Add(4)) != 1 || count(today.Add(5)) != 0 {
			t.Error("a decision sees the broken plan, to speak of it, until it is ended")
		}
	})
}
