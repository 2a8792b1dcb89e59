package mandate_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/mandate"
	"acquit/internal/task"
)

var (
	today = cal.Must("2026-11-29")
	eur   = agreementtest.EUR
)

func whole() mandate.Mandate {
	return mandate.Mandate{
		Voice: mandate.Collector, Name: "Recouvrement Martin", Address: "3 rue des Halles\n69002 Lyon",
		Insurance: "Assureur, police 12", IBAN: "FR76 3000 6000 0112 3456 7890 189", Declared: today.Add(-90),
		Agreed: today.Add(-30), Fees: "10 % des sommes encaissées", Terms: "sous 30 jours",
	}
}

func save(b *agreementtest.Books, s creditor.Scope, m mandate.Mandate, day cal.Date) error {
	return b.Try(func(ctx context.Context, tx *db.Tx) error { return mandate.Save(ctx, tx, s, &m, day) })
}

func TestAMandateBlocksUntilItIsCompleteAndEndsWithoutATrace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		ready := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return mandate.Ready(ctx, tx, b.Scope) })
		}
		if err := ready(); err != nil {
			t.Errorf("without a mandate: %v", err)
		}
		part := whole()
		part.Insurance, part.Declared = "", 0
		if err := save(b, b.Scope, part, today); err != nil {
			t.Fatal(err)
		}
		if err := ready(); err == nil || !strings.Contains(err.Error(), "assurance") || !strings.Contains(err.Error(), "procureur") {
			t.Errorf("incomplete: got %v", err)
		}
		if err := save(b, b.Scope, whole(), today); err != nil {
			t.Fatal(err)
		}
		if err := ready(); err != nil {
			t.Errorf("complete: %v", err)
		}
		wrong := whole()
		wrong.IBAN = "FR7630006000011234567890188"
		if err := save(b, b.Scope, wrong, today); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a wrong account: got %v", err)
		}
		worker := b.Scope
		worker.Rights = creditor.Work
		if err := save(b, worker, whole(), today); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("who only works: got %v", err)
		}
		if err := save(b, b.Scope, mandate.Mandate{Voice: mandate.Off}, today); err != nil {
			t.Fatal(err)
		}
		if err := ready(); err != nil {
			t.Errorf("ended: %v", err)
		}
	})
}

func TestEveryPaymentIsPaidOverOnceWithinAMonth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		f := b.Invoice(c, "F1", today.Add(-40), eur(1000_00))
		b.Pay(f, today.Add(-1), 200_00) // before the mandate: not its money
		if err := save(b, b.Scope, whole(), today); err != nil {
			t.Fatal(err)
		}
		b.Pay(f, cal.Must("2027-01-31"), 300_00)
		b.Pay(f, cal.Must("2027-02-03"), 500_00)
		held := func() (list []mandate.Held) {
			b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				list, err = mandate.ToRemit(ctx, tx, b.Scope)
				return err
			})
			return list
		}
		list := held()
		if len(list) != 2 || list[0].Deadline() != cal.Must("2027-02-28") || list[1].Deadline() != cal.Must("2027-03-03") {
			t.Fatalf("got %+v", list)
		}
		remit := func(on string, ids ...string) (r mandate.Remittance, err error) {
			r = mandate.Remittance{On: cal.Must(on), Payments: ids}
			err = b.Try(func(ctx context.Context, tx *db.Tx) error {
				return mandate.Remit(ctx, tx, b.Scope, &r, cal.Must("2027-02-10"))
			})
			return r, err
		}
		if _, err := remit("2027-02-01", list[1].Payment); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("before it came in: got %v", err)
		}
		if _, err := remit("2027-02-11", list[0].Payment); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("tomorrow: got %v", err)
		}
		todo := func(day string) (keys []string) {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				if err := mandate.Remind(ctx, tx, b.Scope, cal.Must(day)); err != nil {
					return err
				}
				open, err := task.WithKey(ctx, tx, b.Scope, "remit/")
				for _, t := range open {
					keys = append(keys, t.Key)
				}
				return err
			})
			return keys
		}
		if early := todo("2027-02-18"); len(early) != 0 {
			t.Errorf("ten days before: got %v", early)
		}
		for range 2 { // each night
			if near := todo("2027-02-19"); !slices.Equal(near, []string{"remit/2027-02-28"}) {
				t.Errorf("nine days before: got %v", near)
			}
		}
		r, err := remit("2027-02-10", list[0].Payment, list[0].Payment)
		if err != nil || r.Amount != eur(300_00) {
			t.Errorf("one named twice: got %v, %v", r.Amount, err)
		}
		if _, err := remit("2027-02-10", list[0].Payment, list[1].Payment); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("again: got %v", err)
		}
		if left := held(); len(left) != 1 || left[0].Payment != list[1].Payment {
			t.Errorf("left: %+v", left)
		}
		if left := todo("2027-02-19"); len(left) != 0 {
			t.Errorf("paid over, yet asked for: %v", left)
		}
		if late := todo("2027-03-10"); !slices.Equal(late, []string{"remit/2027-03-03"}) {
			t.Errorf("late: got %v", late)
		}
		var past []mandate.Remittance
		b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			past, err = mandate.Remittances(ctx, tx, b.Scope, 10)
			return err
		})
		if len(past) != 1 || past[0].Amount != eur(300_00) || !slices.Equal(past[0].Payments, []string{list[0].Payment}) {
			t.Errorf("recorded: %+v", past)
		}
	})
}

func TestTheFiveMentionsStandInOrderAndNoFeeIsAmongThem(t *testing.T) {
	t.Parallel()
	claim := mandate.Claim{
		Creditor: "Atelier Dupont", Address: "12 rue du Lac, 69003 Lyon", Basis: "F1, F2", Principal: eur(1000_00),
		Interest: eur(12_30), Other: eur(40_00), Reference: "rmd_1",
	}
	m := whole()
	got := m.Mentions(claim, "fr")
	for i, want := range []string{
		"exerce une activité de recouvrement amiable", "Atelier Dupont, 12 rue du Lac",
		"Principal\u00a0: 1\u202f000,00\u00a0€. Intérêts\u00a0: 12,30\u00a0€. Autres accessoires\u00a0: 40,00\u00a0€",
		"payer la somme due", "restent à la charge du créancier", "rmd_1",
	} {
		if !strings.Contains(got[i], want) {
			t.Errorf("mention %d: %q does not say %q", i+1, got[i], want)
		}
	}
	if !strings.Contains(got[4], "débiteur de mauvaise foi") {
		t.Error("the third paragraph of L111-8 is not whole")
	}
	if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, m.Fees) }) {
		t.Error("the debtor reads the fees")
	}
	claim.First = mandate.First{Reference: "rmd_0", On: cal.Must("2026-10-02")}
	last := m.Mentions(claim, "fr")
	if s := last[len(last)-1]; !strings.Contains(s, "rmd_0") || !strings.Contains(s, "2 octobre 2026") {
		t.Errorf("the first letter is not named: %q", s)
	}
}
