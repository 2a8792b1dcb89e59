package charge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
)

var today = cal.Must("2026-11-22")

type bench struct {
	*agreementtest.Books
	who string
}

func newBench(t *testing.T, d *db.DB) bench {
	b := agreementtest.New(t, d)
	return bench{b, b.Customer("C1")}
}

func (b bench) change(fn func(*customer.Customer)) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, b.Scope, b.who)
		if err != nil {
			return err
		}
		fn(&c)
		return customer.Update(ctx, tx, b.Scope, c)
	})
}

func (b bench) owes(number, due string, cents int64) ledger.Document {
	return b.Invoice(b.who, number, cal.Must(due), agreementtest.EUR(cents))
}

func (b bench) of(day cal.Date) (a charge.Account) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = charge.Of(ctx, tx, b.Scope, b.who, day)
		return err
	})
	return a
}

func (b bench) claim(w charge.Wish) (made []charge.Entry, err error) {
	w.Customer = b.who
	err = b.Try(func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = charge.Claim(ctx, tx, b.Scope, w, today)
		return err
	})
	return made, err
}

func (b bench) waive(w charge.Wish) error {
	w.Customer = b.who
	if w.Reason == "" {
		w.Reason = "geste commercial"
	}
	return b.Try(func(ctx context.Context, tx *db.Tx) error {
		_, err := charge.Waive(ctx, tx, b.Scope, w, today)
		return err
	})
}

func (b bench) book() (notes []ledger.Document) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		notes, err = charge.Book(ctx, tx, b.Scope, b.who, today)
		return err
	})
	return notes
}

// told is the account in figures: number, interest, indemnity, and findings.
func told(a charge.Account) string {
	var lines []string
	for _, l := range a.Lines {
		text := fmt.Sprintf("%s %s+%s", l.Invoice.Number, l.Interest.Computed.Decimal(), l.Indemnity.Computed.Decimal())
		for _, f := range l.Findings {
			text += " " + f.Code
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "; ")
}

func sum(s charge.Sum) string {
	return fmt.Sprintf("computed %s, forgone %s, claimed %s = waived %s + settled %s + left %s, memo %s", s.Computed.Decimal(),
		s.Forgone.Decimal(), s.Claimed.Decimal(), s.Waived.Decimal(), s.Settled.Decimal(), s.Left.Decimal(), s.Memo.Decimal())
}

// STM-01, from the books.
func TestAnAccountHasItsChargesFromTheLedgerAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.owes("F1", "2026-06-30", 1200_00)
		b.owes("F2", "2026-08-31", 845_50)
		b.owes("F3", "2026-11-30", 3000_00)
		b.owes("F4", "2026-10-15", 150_00)
		a := b.of(today)
		if got, want := told(a), "F1 59.11+40.00; F2 23.84+40.00; F4 1.94+40.00"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		total := a.Totals[0]
		got := strings.Join([]string{
			total.Principal.Decimal(), total.Interest.Computed.Decimal(),
			total.Indemnity.Computed.Decimal(), total.All().Decimal(),
		}, " ")
		if got != "2195.50 84.89 120.00 2400.39" || total.Count != 3 {
			t.Errorf("STM-01: %s, %d", got, total.Count)
		}
	})
}

func TestWhatHappenedToAnInvoiceDecidesItsCharges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(b bench)
		want string
	}{
		"paid on its due date": {func(b bench) { b.Pay(b.owes("F1", "2026-10-31", 300_00), cal.Must("2026-10-31"), 300_00) }, ""},
		"paid late, and the books have closed it": {func(b bench) {
			b.Pay(b.owes("F1", "2026-03-31", 1000_00), cal.Must("2026-05-31"), 1000_00)
		}, "F1 20.31+40.00"},
		"ALL-08, PEN-17 interest first": {func(b bench) {
			b.Pay(b.owes("F1", "2026-03-31", 1000_00), cal.Must("2026-05-31"), 500_00)
		}, "F1 51.14+40.00"},
		"IND-02 paid in three": {func(b bench) {
			f := b.owes("F1", "2026-08-31", 300_00)
			for _, on := range []string{"2026-08-31", "2026-09-30", "2026-10-30"} {
				b.Pay(f, cal.Must(on), 100_00)
			}
		}, "F1 3.08+40.00"},
		"a payment set against it late counts from its own day": {func(b bench) {
			f := b.owes("F1", "2026-10-31", 300_00)
			p := b.Document(ledger.Document{Customer: b.who, Kind: ledger.Payment, Number: "V1", Issued: cal.Must("2026-10-30"), Amount: f.Amount})
			a := ledger.Allocation{Credit: p.ID, Invoice: f.ID, On: cal.Must("2026-11-20"), Amount: f.Amount}
			b.Write(func(ctx context.Context, tx *db.Tx) error { return ledger.Allocate(ctx, tx, b.Scope, &a) })
		}, ""},
		"a rejected debit paid nothing": {func(b bench) {
			a := b.Pay(b.owes("F1", "2026-06-30", 1200_00), cal.Must("2026-07-10"), 1200_00)
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, b.Scope, a.ID, cal.Must("2026-07-20"), "rejet")
			})
		}, "F1 59.11+40.00"},
		"PEN-20 insolvent": {func(b bench) {
			b.owes("F1", "2026-06-30", 7200_00)
			b.owes("F2", "2026-10-20", 7200_00)
			b.change(func(c *customer.Customer) { c.InsolventOn = cal.Must("2026-10-08") })
		}, "F1 242.16+40.00 interest_stopped; F2 0.00+0.00 interest_stopped"},
		"a consumer without notice": {func(b bench) {
			b.owes("F1", "2026-07-31", 800_00)
			b.change(func(c *customer.Customer) { c.Kind = customer.Consumer })
		}, "F1 0.00+0.00 notice_missing"},
		"PEN-22 a consumer with one": {func(b bench) {
			b.owes("F1", "2026-07-31", 800_00)
			b.change(func(c *customer.Customer) { c.Kind = customer.Consumer })
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return charge.Receive(ctx, tx, b.Scope, b.who, &charge.Received{On: cal.Must("2026-09-10")}, today)
			})
		}, "F1 4.40+0.00"},
		"all of it disputed": {func(b bench) {
			b.dispute(b.owes("F1", "2026-06-30", 1200_00), 0)
		}, "F1 0.00+0.00 disputed"},
		"part of it disputed": {func(b bench) {
			b.dispute(b.owes("F1", "2026-06-30", 2400_00), 1200_00)
		}, "F1 59.11+40.00 disputed"},
		"refused by its buyer, the other is late": {func(b bench) {
			b.owes("F1", "2026-06-30", 1200_00)
			b.owes("F2", "2026-06-30", 1200_00)
			b.told("210")
		}, "F1 0.00+0.00 stopped; F2 59.11+40.00"},
		"rejected by a platform": {func(b bench) {
			b.owes("F1", "2026-06-30", 1200_00)
			b.told("213")
		}, "F1 0.00+0.00 stopped"},
		"sold to a factor": {func(b bench) {
			b.owes("F1", "2026-06-30", 1200_00)
			b.told("225")
		}, "F1 0.00+0.00 factored"},
		"sold, and given back": {func(b bench) {
			b.owes("F1", "2026-06-30", 1200_00)
			b.told("225")
			b.told("228")
		}, "F1 59.11+40.00"},
		"refused tomorrow": {func(b bench) {
			b.owes("F1", "2026-06-30", 1200_00)
			b.toldOn("F1", "210", today+1)
		}, "F1 59.11+40.00"},
		"two due dates, one invoice, one indemnity": {func(b bench) {
			for i, due := range []string{"2026-08-31", "2026-09-30"} {
				b.Document(ledger.Document{
					Customer: b.who, Kind: ledger.Invoice, Number: "F1", Part: fmt.Sprint(i), Issued: cal.Must("2026-08-01"),
					Due: cal.Must(due), Amount: agreementtest.EUR(100_00),
				})
			}
		}, "F1 2.82+40.00; F1 1.80+0.00"},
		"a contract's rate and principal first (PEN-18 by its rate)": {func(b bench) {
			b.Pay(b.owes("F1", "2026-03-31", 1000_00), cal.Must("2026-05-31"), 500_00)
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return charge.SetContract(ctx, tx, b.Scope, b.who, charge.Contract{Rate: "12,15", Imputation: "principal_first"})
			})
		}, "F1 49.44+40.00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, dbtest.SQLite(t, dbtest.NewClock()))
			c.do(b)
			if got := told(b.of(today)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func (b bench) dispute(f ledger.Document, cents int64) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		return dispute.Add(ctx, tx, b.Scope, &dispute.Dispute{
			Customer: b.who, Invoice: f.ID, Amount: agreementtest.EUR(cents), Reason: dispute.Price, Opened: cal.Must("2026-07-02"),
		})
	})
}

// told takes a status of an invoice.
func (b bench) told(code string) { b.toldOn("F1", code, today-3) }

func (b bench) toldOn(number, code string, on cal.Date) {
	b.T.Helper()
	l := &ingest.Lifecycle{
		Message: &ingest.LifecycleMessage{ID: number + code, Raw: []byte("<x/>" + code)}, Phase: "23", Number: number, Code: code,
		At: ingest.Moment(on.String() + "T10:00:00"),
	}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := lifecycle.Take(ctx, tx, b.Scope, lifecycle.Origin{Source: "test"}, []*ingest.Lifecycle{l})
		return err
	})
}

// The life of a charge: computed, claimed, booked, paid in part, the rest waived.
func TestAClaimStandsUntilItIsPaidOrWaived(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		f := b.owes("F1", "2026-06-30", 1200_00)
		claimed, err := b.claim(charge.Wish{Invoices: []string{"F1"}})
		if err != nil || len(claimed) != 2 {
			t.Fatalf("%v, %v", claimed, err)
		}
		if _, err := b.claim(charge.Wish{}); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("claimed twice: %v", err)
		}
		if err := b.waive(charge.Wish{Invoices: []string{"F1"}, Whats: []charge.What{charge.Interest}, Amount: agreementtest.EUR(9_11)}); err != nil {
			t.Fatal(err)
		}
		notes := b.book()
		if len(notes) != 1 || notes[0].Amount != agreementtest.EUR(90_00) || notes[0].Number != "ND2026-0001" || notes[0].Nature != ledger.Charge {
			t.Fatalf("booked: %+v", notes)
		}
		b.Pay(f, today, 1200_00) // the principal alone
		line := b.of(today).Lines[0]
		if got, want := sum(line.Interest), "computed 59.11, forgone 0.00, claimed 59.11 = waived 9.11 + settled 0.00 + left 50.00, memo 0.00"; got != want {
			t.Errorf("the principal paid alone:\n got %s\nwant %s", got, want)
		}
		b.Pay(notes[0], today, 60_00)
		line = b.of(today).Lines[0]
		got := sum(line.Interest) + "\n" + sum(line.Indemnity)
		want := "computed 59.11, forgone 0.00, claimed 59.11 = waived 9.11 + settled 50.00 + left 0.00, memo 0.00\n" +
			"computed 40.00, forgone 0.00, claimed 40.00 = waived 0.00 + settled 10.00 + left 30.00, memo 0.00"
		if got != want {
			t.Errorf("paid apart:\n got %s\nwant %s", got, want)
		}
		if err := b.waive(charge.Wish{Invoices: []string{"F1"}}); err != nil {
			t.Fatal(err)
		}
		a := b.of(today)
		if left := a.Totals[0].All(); !left.IsZero() || !a.Notes[0].On.IsZero() {
			t.Errorf("after the waiver %s is left, %s of the note", left.Decimal(), a.Notes[0].On.Decimal())
		}
		if err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			return charge.Withdraw(ctx, tx, b.Scope, claimed[0].ID, "erreur")
		}); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("a booked claim was withdrawn: %v", err)
		}
		want = "charge.claimed charge.claimed charge.waived charge.booked charge.waived"
		if diff := cmp.Diff(want, strings.Join(b.Actions(b.who), " ")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWaivingNeedsTheRightAndAReason(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, dbtest.NewClock()))
	b.owes("F1", "2026-06-30", 1200_00)
	try := func(rights creditor.Rights, w charge.Wish) error {
		s := b.Scope
		s.Rights, w.Customer = rights, b.who
		return b.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := charge.Waive(ctx, tx, s, w, today)
			return err
		})
	}
	all := agreementtest.EUR(60_00)
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"without the right": {try(creditor.Work, charge.Wish{Reason: "geste"}), fault.KindDenied},
		"without a reason":  {try(creditor.Manage, charge.Wish{}), fault.KindInvalid},
		"more than there is": {try(creditor.Manage, charge.Wish{
			Reason: "geste", Invoices: []string{"F1"}, Whats: []charge.What{charge.Interest}, Amount: all,
		}), fault.KindInvalid},
		"part of two": {try(creditor.Manage, charge.Wish{Reason: "geste", Amount: agreementtest.EUR(1)}), fault.KindInvalid},
		"no such one": {try(creditor.Manage, charge.Wish{Reason: "geste", Invoices: []string{"F9"}}), fault.KindNotFound},
	} {
		if fault.KindOf(c.err) != c.kind {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}
