package reminder_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

// What a person is told before she approves is what then happens: as many leave,
// as many are held, as many are taken back, each for the reason that was told.
func TestWhatIsForeseenIsWhatTheSenderDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		owners := map[string]string{}
		for _, name := range []string{"free", "credit", "payment", "announced", "paid"} {
			owners[name] = d.customer(name, name+"@x.example")
		}
		d.set("cash_automatic", "false")
		d.invoice(owners["free"], "ALPHA-77120", "2026-11-18", 100_00)
		d.invoice(owners["credit"], "F2", "2026-11-18", 100_00)
		d.invoice(owners["payment"], "BRAVO-91344", "2026-11-18", 333_33)
		d.invoice(owners["announced"], "F4", "2026-11-18", 100_00)
		paid := d.invoice(owners["paid"], "F5", "2026-11-18", 100_00)
		d.run()
		d.pay(paid, 100_00)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			x := &dispute.Dispute{
				Customer: owners["credit"], Invoice: "F2", Reason: dispute.Price, Opened: cal.Must("2026-11-16"),
				Amount: money.New(20_00, money.EUR),
			}
			if err := dispute.Add(ctx, tx, d.s, x); err != nil {
				return err
			}
			if err := dispute.Close(ctx, tx, d.s, x.ID, cal.Must("2026-11-20"), dispute.Credited, ""); err != nil {
				return err
			}
			p := &inflight.Payment{Invoices: []string{"F4"}, On: d.today(), Until: d.today().Add(4), Source: inflight.Card}
			return inflight.Add(ctx, tx, d.s, p)
		})
		d.atTheBank(333_33, "VIR BRAVO-91344")
		var ids []string
		for _, r := range d.waiting() {
			ids = append(ids, r.ID)
		}
		if len(ids) != len(owners) {
			t.Fatalf("%d reminders wait, want %d", len(ids), len(owners))
		}
		before := d.foresee(ids...)
		got := map[string]reminder.Doubt{}
		for _, o := range before {
			for name, id := range owners {
				if id == o.Customer {
					got[name] = o.Code
				}
			}
		}
		want := map[string]reminder.Doubt{
			"free": "", "credit": reminder.DoubtCredit, "payment": reminder.DoubtPayment,
			"announced": reminder.DoubtEvent, "paid": reminder.DoubtEvent,
		}
		if !maps.Equal(got, want) {
			t.Fatalf("foreseen %v, want %v", got, want)
		}
		sentence := reminder.Forecast(before, i18n.FR)
		if sentence != "1\u00a0peut partir, 2\u00a0sont retenues (règlement peut-être arrivé\u00a0: 1, avoir attendu\u00a0: 1), "+
			"2\u00a0sont dépassées et ne partiront pas" {
			t.Errorf("told %q", sentence)
		}
		d.approveAll()
		if after := d.foresee(ids...); !slices.Equal(after, before) {
			t.Errorf("once approved %v, before %v", after, before)
		}
		if tally := d.send(); tally.Sent != 1 || tally.Held != 2 || tally.Superseded != 2 {
			t.Errorf("then %+v", tally)
		}
		for _, m := range d.messages(reminder.Held) {
			if !slices.ContainsFunc(before, func(o reminder.Outlook) bool { return o.Why.FR == m.Why }) {
				t.Errorf("held for %q, which nobody was told", m.Why)
			}
		}
	})
}

// A rule approves without looking at how old the books are; a person who approves
// has been told, and what she approved then leaves.
func TestAStaleSourceHoldsWhatARuleApproved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.invoice(d.customer("C1", "a@a.example"), "F1", "2026-11-18", 100_00)
		d.set("stale_days", "7")
		d.imported()
		d.run()
		d.clock.Set(d.clock.Now().Add(10 * 24 * time.Hour))
		r := d.waiting()[0]
		if o := d.foresee(r.ID); !o[0].Leaves() {
			t.Errorf("a person is told %+v", o)
		}
		d.s.Actor = "rule"
		o := d.foresee(r.ID)
		if o[0].Code != reminder.DoubtSource || !strings.Contains(o[0].Why.FR, "test") {
			t.Errorf("of the rule is said %+v, want the source that is silent", o)
		}
	})
}

func (d *desk) foresee(ids ...string) (list []reminder.Outlook) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = d.Foresee(ctx, tx, d.s, ids...)
		return err
	})
	return list
}

// atTheBank is a payment that the bank tells of and that nobody has applied.
func (d *desk) atTheBank(cents int64, label string) {
	d.t.Helper()
	st := &bank.Statement{
		Kind: bank.Details, From: d.today(), To: d.today(), Currency: money.EUR, Line: 1,
		Account: bank.Account{IBAN: "FR7630006000011234567890189"},
	}
	e := &bank.Entry{
		Statement: st, Line: 1, On: d.today(), Amount: money.New(cents, money.EUR), Means: bank.Transfer,
		Status: bank.IsBooked, Label: label, BankRef: label, Raw: label,
	}
	d.write(func(ctx context.Context, tx *db.Tx) error {
		o := bank.Origin{Import: "imp", File: "releve.xml", SHA256: label, Format: "camt"}
		_, err := bank.Take(ctx, tx, d.s, o, []*bank.Statement{st}, []*bank.Entry{e})
		return err
	})
	if _, err := cash.Run(d.t.Context(), d.DB, d.s, cash.Options{}); err != nil {
		d.t.Fatal(err)
	}
}
