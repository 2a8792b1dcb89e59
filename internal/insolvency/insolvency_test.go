package insolvency_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/i18n"
	"acquit/internal/insolvency"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/limitation"
	"acquit/internal/registry"
	"acquit/internal/setting"
	"acquit/internal/task"
)

var (
	today    = cal.Must("2026-11-22")
	judgment = cal.Must("2026-10-08")
	eur      = agreementtest.EUR
)

const siren = "833310592"

// books are a creditor's with one customer of that number.
func books(t *testing.T, d *db.DB) (*agreementtest.Books, string) {
	t.Helper()
	b := agreementtest.New(t, d)
	id := b.Customer("C1")
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := setting.All().Set(ctx, tx, setting.Box{}, b.Scope.Creditor, "test", map[string]string{"claim_kind": "business"})
		return err
	})
	change(b, id, func(c *customer.Customer) { c.SIREN, c.Name = siren, "Imprimerie Delvaux" })
	return b, id
}

func change(b *agreementtest.Books, id string, fn func(*customer.Customer)) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, b.Scope, id)
		if err != nil {
			return err
		}
		fn(&c)
		return customer.Update(ctx, tx, b.Scope, c)
	})
}

func record(b *agreementtest.Books, c insolvency.Case) (insolvency.Case, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return insolvency.Record(ctx, tx, b.Scope, &c, today) })
	return c, err
}

// todo are the open tasks of procedures: the days and titles.
func todo(b *agreementtest.Books) (list []string) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		open, err := task.Open(ctx, tx, b.Scope, task.Filter{Kind: task.Procedure, Limit: 20})
		for _, t := range open {
			what, _, _ := strings.Cut(t.Title, " avant le")
			list = append(list, t.Due.String()+" "+what)
		}
		return err
	})
	return list
}

func insolventOn(b *agreementtest.Books, id string) (on cal.Date) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, b.Scope, id)
		on = c.InsolventOn
		return err
	})
	return on
}

// What a case calls for has its right day, from publication, with the distance and the
// weekend (PRO-08, PRO-10).
func TestACaseMakesItsDeadlinesTasks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, id := books(t, d)
		c, err := record(b, insolvency.Case{Customer: "C1", Kind: insolvency.Recovery, Judgment: judgment})
		if err != nil {
			t.Fatal(err)
		}
		if on := insolventOn(b, id); on != judgment {
			t.Errorf("insolvent on %s", on)
		}
		if diff := cmp.Diff([]string{"2026-10-22 Trouver la date de publication au BODACC"}, todo(b)); diff != "" {
			t.Error(diff)
		}
		amend := func(fn func(*insolvency.Case)) {
			t.Helper()
			fn(&c)
			b.Write(func(ctx context.Context, tx *db.Tx) error { return insolvency.Amend(ctx, tx, b.Scope, c, today) })
		}
		amend(func(c *insolvency.Case) { c.Published, c.Retention = cal.Must("2026-10-20"), true })
		want := []string{"2026-12-21 Déclarer la créance", "2027-01-20 Revendiquer les biens sous réserve de propriété"} // 20 December is a Sunday
		if diff := cmp.Diff(want, todo(b)); diff != "" {
			t.Error(diff)
		}
		amend(func(c *insolvency.Case) { c.Far, c.Retention = true, false })
		if diff := cmp.Diff([]string{"2027-02-22 Déclarer la créance"}, todo(b)); diff != "" { // 20 February is a Saturday
			t.Error(diff)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return insolvency.Night(ctx, tx, b.Scope, cal.Must("2027-02-23"))
		})
		if diff := cmp.Diff([]string{"2027-04-20 Demander le relevé de forclusion"}, todo(b)); diff != "" {
			t.Error(diff)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return insolvency.Objected(ctx, tx, b.Scope, c.ID, cal.Must("2026-11-20"), today)
		})
		want = []string{"2026-12-21 Répondre à la contestation de la créance", "2027-02-22 Déclarer la créance"}
		if diff := cmp.Diff(want, todo(b)); diff != "" {
			t.Error(diff)
		}
		if _, err := record(b, insolvency.Case{Customer: "C1", Kind: insolvency.Recovery, Judgment: judgment}); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("recorded twice: %v", err)
		}
	})
}

func TestCasesThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, _ := books(t, d)
		for name, c := range map[string]insolvency.Case{
			"no kind":                       {Customer: "C1", Judgment: judgment},
			"no day":                        {Customer: "C1", Kind: insolvency.Recovery},
			"tomorrow":                      {Customer: "C1", Kind: insolvency.Recovery, Judgment: today.Add(1)},
			"published before the judgment": {Customer: "C1", Kind: insolvency.Recovery, Judgment: judgment, Published: judgment.Add(-1)},
			"a book for a court":            {Customer: "C1", Kind: insolvency.Recovery, Judgment: judgment, Court: strings.Repeat("a", 301)},
		} {
			if _, err := record(b, c); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// The claim declared is what was owed on the day of the judgment: payments since do
// not count, credit notes do, interest stops the day before, and what was not yet due
// bears neither interest nor indemnity (PEN-20).
func TestTheDeclarationStatesTheClaimOnTheDayOfTheJudgment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, id := books(t, d)
		due := b.Invoice(id, "F1", cal.Must("2026-06-30"), eur(7200_00))
		b.Pay(due, judgment.Add(3), 500_00)
		coming := b.Invoice(id, "F2", cal.Must("2026-11-05"), eur(1000_00))
		credit := b.Document(ledger.Document{
			Customer: id, Kind: ledger.CreditNote, Number: "A1", Issued: judgment.Add(10), Amount: eur(100_00),
		})
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Allocate(ctx, tx, b.Scope, &ledger.Allocation{
				Credit: credit.ID, Invoice: coming.ID, Amount: eur(100_00), On: judgment.Add(10),
			})
		})
		b.Document(ledger.Document{
			Customer: id, Kind: ledger.Payment, Number: "P9", Issued: judgment.Add(-9), Amount: eur(50_00),
		})
		for number, performed := range map[string]cal.Date{"F3": judgment.Add(2), "F4": judgment.Add(-20), "F5": 0} {
			b.Document(ledger.Document{
				Customer: id, Kind: ledger.Invoice, Number: number, Issued: judgment.Add(5), Due: judgment.Add(35), Amount: eur(10_00),
			})
			if performed != 0 {
				b.Write(func(ctx context.Context, tx *db.Tx) error {
					return limitation.SetRule(ctx, tx, b.Scope, &limitation.Rule{Subject: number, Performed: performed}, today)
				})
			}
		}
		c, err := record(b, insolvency.Case{
			Customer: "C1", Kind: insolvency.Liquidation, Judgment: judgment, Published: cal.Must("2026-10-20"), Court: "TAE de Lille",
		})
		if err != nil {
			t.Fatal(err)
		}
		var got insolvency.Claimed
		b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = insolvency.Amounts(ctx, tx, b.Scope, c)
			return err
		})
		var lines []string
		for _, l := range got.Lines {
			lines = append(lines, strings.Join([]string{l.Number, l.Open.Decimal(), l.Interest.Decimal(), l.Indemnity.Decimal()}, " "))
		}
		// 99 days at 12,40 %: 7200 × 0,124 × 99 / 365
		want := []string{"F1 7200.00 242.16 40.00", "F2 900.00 0.00 0.00", "F4 10.00 0.00 0.00"}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Error(diff)
		}
		sum := got.Sums[0]
		sums := []string{sum.Due.Decimal(), sum.Coming.Decimal(), sum.Interest.Decimal(), sum.Indemnity.Decimal(), sum.Credits.Decimal(), sum.Total.Decimal()}
		if diff := cmp.Diff([]string{"7200.00", "910.00", "242.16", "40.00", "50.00", "8342.16"}, sums); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"F5"}, got.Undated); diff != "" {
			t.Error(diff)
		}
		writes(t, b, c)
	})
}

// writes makes the letter, which needs somebody to go to.
func writes(t *testing.T, b *agreementtest.Books, c insolvency.Case) {
	t.Helper()
	of := func(l i18n.Lang) (written letter.Letter, err error) {
		err = b.Try(func(ctx context.Context, tx *db.Tx) (err error) {
			written, err = insolvency.Letter(ctx, tx, b.Scope, c.ID, l, today)
			return err
		})
		return written, err
	}
	if _, err := of(i18n.FR); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a letter to nobody: %v", err)
	}
	c.Office = insolvency.Office{Name: "Me Claire Duval", Street: "4 place du Palais", PostalCode: "59000", City: "Lille"}
	b.Write(func(ctx context.Context, tx *db.Tx) error { return insolvency.Amend(ctx, tx, b.Scope, c, today) })
	l, err := of(i18n.FR)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Me Claire Duval", "Liquidateur judiciaire", "4 place du Palais", "59000 LILLE"}, l.Recipient); diff != "" {
		t.Error(diff)
	}
	var text strings.Builder
	for _, block := range l.Body {
		for _, line := range block.Paragraph {
			for _, span := range line {
				text.WriteString(span.Text + "\n")
			}
		}
	}
	for _, words := range []string{"L622-25", "certifions sincère", "8 octobre 2026", "liquidation judiciaire"} {
		if !strings.Contains(text.String(), words) {
			t.Errorf("the letter does not say %q", words)
		}
	}
	en, err := of(i18n.EN)
	if err != nil || !strings.HasPrefix(en.Subject, "Declaration of claim") {
		t.Errorf("in English: %s, %v", en.Subject, err)
	}
	var pdf bytes.Buffer
	if err := letter.Write(&pdf, l, en); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Errorf("%d bytes of a PDF, %v", pdf.Len(), err)
	}
	if name := os.Getenv("DECLARATION_PDF"); name != "" {
		if err := os.WriteFile(name, pdf.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A declaration that was posted interrupts until the procedure ends, and a mistake
// takes all of it back.
func TestADeclarationInterruptsUntilTheProcedureEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, id := books(t, d)
		b.Invoice(id, "F1", cal.Must("2022-01-31"), eur(100_00)) // until 1 January 2027
		clock := func(day cal.Date) (k limitation.Clock) {
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				list, err := limitation.Of(ctx, tx, b.Scope, id, day)
				k = list[0]
				return err
			})
			return k
		}
		c, err := record(b, insolvency.Case{Customer: "C1", Kind: insolvency.Recovery, Judgment: judgment, Published: cal.Must("2026-10-20")})
		if err != nil {
			t.Fatal(err)
		}
		posted := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return insolvency.Posted(ctx, tx, b.Scope, c.ID, cal.Must("2026-11-10"), "1A 234", today)
			})
		}
		if err := posted(); err != nil {
			t.Fatal(err)
		}
		if err := posted(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("posted twice: %v", err)
		}
		if list := todo(b); len(list) != 0 {
			t.Errorf("posted, and still %v", list)
		}
		if k := clock(cal.Must("2033-01-01")); !k.Halted || k.Barred(cal.Must("2033-01-01")) {
			t.Errorf("a procedure that lasts: halted %v until %s", k.Halted, k.Safe)
		}
		reader := b.Scope
		reader.Rights = "work"
		err = b.Try(func(ctx context.Context, tx *db.Tx) error {
			return insolvency.End(ctx, tx, reader, c.ID, insolvency.Mistake, today, "homonyme", today)
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("ended without the right: %v", err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return insolvency.End(ctx, tx, b.Scope, c.ID, insolvency.Mistake, today, "homonyme", today)
		})
		if k := clock(today); k.Halted || k.Safe.String() != "2027-01-01" || insolventOn(b, id) != 0 {
			t.Errorf("a mistake: halted %v until %s, insolvent on %s", k.Halted, k.Safe, insolventOn(b, id))
		}
		again, err := record(b, insolvency.Case{Customer: "C1", Kind: insolvency.Liquidation, Judgment: judgment, Published: cal.Must("2026-10-20")})
		if err != nil {
			t.Fatal(err)
		}
		c = again
		if err := posted(); err != nil {
			t.Fatal(err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return insolvency.End(ctx, tx, b.Scope, c.ID, insolvency.Closed, cal.Must("2026-11-20"), "insuffisance d’actif", today)
		})
		if k := clock(today); k.Halted || k.Safe.String() != "2031-11-20" || insolventOn(b, id) != judgment {
			t.Errorf("closed: halted %v until %s, insolvent on %s", k.Halted, k.Safe, insolventOn(b, id))
		}
	})
}

func says(id, kind, family, nature, on, published string) registry.Announcement {
	return registry.Announcement{
		ID: id, SIRENs: []string{siren}, Published: cal.Must(published), Type: kind, Family: "collective", Court: "TAE de Lille",
		Debtor:   "UN AUTRE NOM",
		Judgment: registry.Judgment{Family: family, Nature: nature, On: cal.Must(on)},
	}
}

var (
	opens  = says("A1", "annonce", "Jugement d'ouverture", "Jugement d'ouverture d'une procédure de redressement judiciaire", "2026-10-08", "2026-10-20")
	closes = says("A2", "annonce", "Jugement de clôture", "Jugement de clôture pour insuffisance d'actif", "2026-11-10", "2026-11-18")
	annuls = says("A3", "annulation", "Jugement d'ouverture", "Jugement d'ouverture d'une procédure de redressement judiciaire", "2026-10-08", "2026-11-19")
	amends = says("A4", "rectificatif", "Jugement d’ouverture", "Jugement d'ouverture de liquidation judiciaire", "2026-10-08", "2026-11-19")
	turns  = says("A5", "annonce", "Jugement prononçant", "Jugement de conversion en liquidation judiciaire", "2026-11-10", "2026-11-18")
	older  = says("A0", "annonce", "Jugement d'ouverture", "Jugement d'ouverture de liquidation judiciaire", "2012-03-01", "2012-03-10")
	struck = registry.Announcement{ID: "A6", SIRENs: []string{siren}, Type: "annonce", Family: "radiation", Published: cal.Must("2026-11-01")}
	sold   = registry.Announcement{ID: "A7", SIRENs: []string{siren}, Type: "annonce", Family: "vente", Published: cal.Must("2026-11-01")}
)

// INSV-01 to INSV-05: an opening is recorded, matched by SIREN alone; nothing that
// comes later gives a customer back to reminders by itself.
func TestAnnouncementsAreActedUponWithCare(t *testing.T) {
	t.Parallel()
	other := opens
	other.SIRENs = []string{"552100554"}
	other.Debtor = "Imprimerie Delvaux"
	wrong := opens
	wrong.SIRENs = []string{"833310593"}
	undated := opens
	undated.Judgment.On = 0
	for name, c := range map[string]struct {
		answers   [][]registry.Announcement
		did       string
		insolvent cal.Date
		held      bool
	}{
		"INSV-01 opening":                       {[][]registry.Announcement{{opens}}, "recorded", judgment, false},
		"INSV-02 closing, never open":           {[][]registry.Announcement{{closes}}, "kept", 0, false},
		"INSV-02 closing of what we know":       {[][]registry.Announcement{{opens}, {opens, closes}}, "recorded recorded asked", judgment, false},
		"INSV-04 annulled later":                {[][]registry.Announcement{{opens}, {annuls}}, "recorded asked", judgment, false},
		"annulled before we looked":             {[][]registry.Announcement{{opens, annuls}}, "kept asked", 0, false},
		"corrected later":                       {[][]registry.Announcement{{opens}, {amends}}, "recorded asked", judgment, false},
		"corrected, the first was never seen":   {[][]registry.Announcement{{amends}}, "held", 0, true},
		"converted, the opening was never seen": {[][]registry.Announcement{{turns}}, "held", 0, true},
		"converted":                             {[][]registry.Announcement{{opens, turns}}, "recorded asked", judgment, false},
		"history of a company that came out":    {[][]registry.Announcement{{older, closes}}, "kept kept", 0, false},
		"history, then a new opening":           {[][]registry.Announcement{{older, says("A8", "annonce", "Jugement de clôture", "Clôture", "2014-01-01", "2014-01-10"), opens}}, "kept kept recorded", judgment, false},
		"an opening without its day":            {[][]registry.Announcement{{undated}}, "held", 0, true},
		"struck off":                            {[][]registry.Announcement{{struck}}, "held", 0, true},
		"something else":                        {[][]registry.Announcement{{sold}}, "kept", 0, false},
		"another number, the same name":         {[][]registry.Announcement{{other}}, "", 0, false},
		"a number that no company can have":     {[][]registry.Announcement{{wrong}}, "", 0, false},
		"the same announcement again":           {[][]registry.Announcement{{opens}, {opens}}, "recorded kept", judgment, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, id := books(t, dbtest.SQLite(t, dbtest.NewClock()))
			var did []string
			for _, answer := range c.answers {
				b.Write(func(ctx context.Context, tx *db.Tx) error {
					taken, err := insolvency.Take(ctx, tx, b.Scope, "bodacc", answer, today)
					for _, t := range taken {
						did = append(did, string(t.Did))
					}
					return err
				})
			}
			got := strings.Join(did, " ")
			if name == "INSV-02 closing of what we know" {
				got = strings.Replace(got, "kept", "recorded", 1) // the opening, seen again
			}
			if got != c.did || insolventOn(b, id) != c.insolvent {
				t.Errorf("did %q, want %q; insolvent on %s", got, c.did, insolventOn(b, id))
			}
			asked := strings.Contains(c.did, "asked") || strings.Contains(c.did, "held")
			if tasks := strings.Join(todo(b), "\n"); strings.Contains(tasks, "BODACC\u00a0:") != asked {
				t.Errorf("asked a person: %v; tasks %s", asked, tasks)
			}
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				holds, err := hold.List(ctx, tx, b.Scope, id)
				if (len(holds) > 0) != c.held {
					t.Errorf("holds %+v", holds)
				}
				return err
			})
		})
	}
}

// A case on both engines, from the register to the decision: reminders stop.
func TestAnOpeningStopsReminders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, id := books(t, d)
		change(b, id, func(c *customer.Customer) { c.SIREN, c.SIRET = "", siren+"00011" })
		b.Invoice(id, "F1", cal.Must("2026-06-30"), eur(100_00))
		source := &fake{list: []registry.Announcement{opens}}
		if got := watched(b); len(got) != 1 || got[0].SIREN != siren {
			t.Fatalf("watched %+v", got)
		}
		taken, err := insolvency.Check(t.Context(), d, b.Scope, "bodacc", source, watched(b)[0], today)
		if err != nil || len(taken) != 1 || taken[0].Did != insolvency.Recorded {
			t.Fatalf("%+v, %v", taken, err)
		}
		if got := watched(b); len(got) != 0 {
			t.Errorf("looked up today, and still to be: %+v", got)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			a, err := account.One(ctx, tx, b.Scope, account.Query{Day: today}, "C1")
			if err == nil && !a.Customer.Insolvent {
				t.Error("a decision does not know")
			}
			c, err := insolvency.Of(ctx, tx, b.Scope, id)
			if err == nil && (c == nil || c.Kind != insolvency.Recovery || c.Published != opens.Published || c.Court != opens.Court) {
				t.Errorf("case %+v", c)
			}
			known, err := insolvency.Announcements(ctx, tx, b.Scope, id)
			if len(known) != 1 || known[0].Meaning != insolvency.Opening {
				t.Errorf("known %+v", known)
			}
			return err
		})
		source.err = &fault.Unavailable{Message: "down", Err: errors.New("503")}
		if _, err := insolvency.Check(t.Context(), d, b.Scope, "bodacc", source, insolvency.Watched{ID: id, SIREN: siren}, today); fault.KindOf(err) != fault.KindUnavailable {
			t.Errorf("down: %v", err)
		}
		if got := watched(b); len(got) != 1 {
			t.Errorf("a look-up that failed counts as one: %+v", got)
		}
		if _, err := insolvency.Check(t.Context(), d, b.Scope, "bodacc", source, insolvency.Watched{ID: id, SIREN: "123"}, today); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("no number: %v", err)
		}
	})
}

func watched(b *agreementtest.Books) (list []insolvency.Watched) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = insolvency.Watch(ctx, tx, b.Scope, "bodacc", "", today, 10)
		return err
	})
	return list
}

type fake struct {
	list []registry.Announcement
	err  error
}

func (f *fake) Announcements(context.Context, string) ([]registry.Announcement, error) {
	return f.list, f.err
}
