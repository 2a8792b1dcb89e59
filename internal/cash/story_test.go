package cash_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/inflight"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/task"
)

func on(day string) cal.Date { return cal.Must("2026-" + day) }

// A direct debit that comes back opens its invoice again with its due date, takes
// the discount back, and asks a person to see to it, with the reason in words.
func TestAReturnOpensWhatWasSettled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.document(ledger.Document{
			Customer: c, Kind: ledger.Invoice, Number: "F1", Issued: on("11-01"), Due: on("12-01"), Amount: eur(100_00),
			Terms: "30 jours, escompte de 2 % sous 15 jours",
		})
		in := w.entry(bank.Entry{On: on("11-10"), Amount: eur(98_00), Means: bank.Debit, Label: "PRLV F1"})
		w.write(func(ctx context.Context, tx *db.Tx) error {
			x, err := cash.Compose(ctx, tx, w.s, in, "C1", []cash.Pick{{Ref: "F1"}}, match.EarlyDiscount)
			if err != nil {
				return err
			}
			return cash.Apply(ctx, tx, w.s, in, x)
		})
		w.sound()
		if w.open(f) != 0 {
			t.Fatalf("%+v", w.line(in))
		}
		back := w.entry(bank.Entry{
			On: on("11-13"), Amount: eur(-98_00), Means: bank.Debit, Label: "REJET PRLV", Return: &bank.Return{Code: "AM04"},
		})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, back, in, "") })
		w.sound()
		if w.open(f) != 100_00 || w.balance(c) != 100_00 {
			t.Errorf("open %d, balance %d", w.open(f), w.balance(c))
		}
		l := w.line(back)
		if l.State != cash.Returned || l.Pair != in || w.line(in).State != cash.Returned || !strings.Contains(l.Reason, "(AM04)") {
			t.Errorf("%+v", l)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			tasks, err := task.Open(ctx, tx, w.s, task.Filter{Limit: 10})
			if err != nil || len(tasks) != 1 || tasks[0].Kind != task.PaymentBack || !strings.Contains(tasks[0].Detail, "provision insuffisante") {
				t.Errorf("%+v", tasks)
			}
			notes, err := journal.About(ctx, tx, w.s, "customer/"+c, 3)
			if len(notes) == 0 || !strings.Contains(notes[0].Body+notes[1].Body, "provision insuffisante (AM04)") {
				t.Errorf("%+v", notes)
			}
			return err
		})
		kindOf(t, w.try(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, in, "non") }), fault.KindConflict)
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, back, "rejet d’un autre") })
		w.sound()
		if w.line(in).State != cash.Applied || w.balance(c) != 0 || w.open(f) != 0 {
			t.Errorf("%+v, balance %d, open %d", w.line(in), w.balance(c), w.open(f))
		}
	})
}

// A cheque and its return in one file: nothing is settled in between, and whoever
// follows the customer is told all the same.
func TestWhatWentBackBeforeItWasAppliedIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		w.customer("C2", "Garage Martin")
		f := w.invoice(c, "F2026-0115", 780_00)
		in := w.entry(bank.Entry{
			On: on("11-16"), Amount: eur(780_00), Means: bank.Cheque, Label: "REMISE CHEQUE 0045123 IMPRIMERIE DELVAUX F2026-0115",
		})
		nobody := w.entry(bank.Entry{On: on("11-16"), Amount: eur(31_00), Means: bank.Cheque, Label: "REMISE CHEQUE 0045199"})
		back := w.entry(bank.Entry{
			On: on("11-20"), Amount: eur(-780_00), Means: bank.Cheque, Label: "CHEQUE IMPAYE 0045123", Return: &bank.Return{Code: "20"},
		})
		w.entry(bank.Entry{
			On: on("11-20"), Amount: eur(-31_00), Means: bank.Cheque, Label: "CHEQUE IMPAYE 0045199", Return: &bank.Return{Code: "20"},
		})
		if rep := w.run(); rep.Returned != 2 {
			t.Fatalf("%+v", rep)
		}
		w.sound()
		if w.open(f) != 780_00 || w.line(in).State != cash.Returned || w.line(back).Customer != c || w.line(nobody).State != cash.Returned {
			t.Errorf("open %d, %+v, %+v", w.open(f), w.line(in), w.line(back))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			tasks, err := task.Open(ctx, tx, w.s, task.Filter{Limit: 10})
			if err != nil || len(tasks) != 1 || tasks[0].Kind != task.PaymentBack || tasks[0].Customer != c {
				t.Errorf("%+v", tasks)
			}
			return err
		})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, back, "autre chèque") })
		w.run()
		w.sound()
		if w.line(in).State == cash.Returned || w.line(back).State != cash.Open || w.line(back).Customer != "" {
			t.Errorf("undone: %+v, %+v", w.line(in), w.line(back))
		}
	})
}

// An invoice that was settled weeks ago is known still: what names it again is its
// customer's, and no typing error for the invoice of another.
func TestASecondPaymentIsNotOfferedToAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Boulangerie Martin")
		other := w.customer("C2", "Garage Lefèvre")
		f := w.invoice(c, "F2026-0101", 1_200_00)
		w.invoice(other, "F2026-0102", 840_00)
		w.invoice(other, "F2026-0103", 360_00)
		w.entry(bank.Entry{On: on("10-20"), Amount: eur(1_200_00), Means: bank.Transfer, Label: "VIR BOULANGERIE MARTIN F2026-0101"})
		w.run()
		if w.open(f) != 0 {
			t.Fatalf("%d is open", w.open(f))
		}
		again := w.entry(bank.Entry{
			On: on("11-20"), Amount: eur(1_200_00), Means: bank.Transfer, Label: "VIR BOULANGERIE MARTIN F2026-0101",
		})
		for range 2 {
			w.run()
			l := w.line(again)
			if l.State != cash.Open || len(l.Proposals) == 0 || l.Proposals[0].Customer != c || len(l.Proposals[0].Lines) != 0 ||
				l.Proposals[0].Confidence < 9900 {
				t.Fatalf("%+v", l.Proposals)
			}
		}
		w.sound()
	})
}

// An entry of several customers: each has a payment of its own, and what comes
// back of one leaves the others alone.
func TestAnEntryOfSeveralCustomersComesBackInPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.customer("C1", "Imprimerie Delvaux"), w.customer("C2", "Garage Martin")
		fa, fb := w.invoice(a, "F1", 100_00), w.invoice(b, "F2", 60_00)
		in := w.entry(bank.Entry{On: on("11-10"), Amount: eur(160_00), Means: bank.Debit, Label: "REMISE PRLV"})
		w.apply(in, a, match.Line{Item: fa, Amount: eur(100_00)}, match.Line{Item: fb, Customer: b, Amount: eur(60_00)})
		if w.balance(a)+w.balance(b) != 0 {
			t.Fatalf("%+v", w.line(in))
		}
		half := w.entry(bank.Entry{On: on("11-13"), Amount: eur(-60_00), Means: bank.Debit, Return: &bank.Return{Code: "MD06"}})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, half, in, "") })
		w.sound()
		if w.open(fa) != 0 || w.open(fb) != 60_00 || w.line(in).State != cash.Applied {
			t.Errorf("%d %d %+v", w.open(fa), w.open(fb), w.line(in))
		}
		some := w.entry(bank.Entry{On: on("11-14"), Amount: eur(-30_00), Means: bank.Debit, Return: &bank.Return{Code: "MD06"}})
		kindOf(t, w.try(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, some, in, "") }), fault.KindInvalid)
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Return(ctx, tx, w.s, some, in, "C1") })
		w.sound()
		if w.open(fa) != 30_00 || w.balance(a) != 30_00 {
			t.Errorf("%d, balance %d", w.open(fa), w.balance(a))
		}
	})
}

func TestMoneyPaidBackTakesTheCreditAndNeedsARight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		in := w.entry(bank.Entry{On: on("11-10"), Amount: eur(50_00), Label: "VIR DELVAUX"})
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, w.s, in, "C1") })
		credit := w.line(in).Documents[0].ID
		out := w.entry(bank.Entry{On: on("11-20"), Amount: eur(-50_00), Means: bank.Transfer, Label: "VIR A DELVAUX"})
		kindOf(t, w.try(func(ctx context.Context, tx *db.Tx) error { return refund(ctx, tx, w.s, out, credit) }), fault.KindDenied)
		w.write(func(ctx context.Context, tx *db.Tx) error { return refund(ctx, tx, w.manager(), out, credit) })
		w.sound()
		if w.balance(c) != 0 || w.open(credit) != 0 || w.line(out).State != cash.Applied {
			t.Errorf("balance %d, %+v", w.balance(c), w.line(out))
		}
		kindOf(t, w.try(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, in, "non") }), fault.KindConflict)
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.manager(), out, "erreur") })
		w.sound()
		if w.open(credit) != 50_00 || w.balance(c) != -50_00 {
			t.Errorf("open %d, balance %d", w.open(credit), w.balance(c))
		}
	})
}

// What no money came for is booked by its nature; beyond what the rules grant it
// takes the right to manage.
func TestWhatNoMoneyCameForHasItsNatureAndItsRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		for _, one := range []struct {
			number string
			pays   int64
			kind   match.AdjustmentKind
			alone  bool // Work is enough
			nature ledger.Nature
		}{
			{"F1", 99_50, match.Difference, true, ledger.Small},
			{"F2", 98_00, match.Difference, false, ledger.WriteOff},
			{"F3", 80_00, match.BankFees, true, ledger.BankFees},
			{"F4", 60_00, match.BankFees, false, ledger.BankFees},
			{"F5", 98_00, match.EarlyDiscount, false, ledger.Discount},
		} {
			w.invoice(c, one.number, 100_00)
			e := w.entry(bank.Entry{On: on("11-10"), Amount: eur(one.pays), Label: "VIR " + one.number})
			do := func(s func() error) error { return s() }
			var x match.Explanation
			w.write(func(ctx context.Context, tx *db.Tx) (err error) {
				x, err = cash.Compose(ctx, tx, w.s, e, "", []cash.Pick{{Ref: one.number}}, one.kind)
				return err
			})
			err := do(func() error {
				return w.try(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.s, e, x) })
			})
			if one.alone != (err == nil) {
				t.Errorf("%s: %v", one.number, err)
			}
			if err != nil {
				kindOf(t, err, fault.KindDenied)
				w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.manager(), e, x) })
			}
			w.sound()
			l := w.line(e)
			if len(l.Documents) != 2 || l.Documents[0].Nature != one.nature && l.Documents[1].Nature != one.nature {
				t.Errorf("%s: %+v", one.number, l.Documents)
			}
		}
		if w.balance(c) != 0 {
			t.Errorf("balance %d", w.balance(c))
		}
		big := w.invoice(c, "F9", 5000_00)
		kindOf(t, w.try(func(ctx context.Context, tx *db.Tx) error {
			return cash.WriteOff(ctx, tx, w.manager(), big, eur(2000_00), "geste")
		}), fault.KindInvalid)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return cash.WriteOff(ctx, tx, w.manager(), big, eur(12_00), "arrondi")
		})
		w.sound()
		if w.open(big) != 4988_00 {
			t.Errorf("open %d", w.open(big))
		}
	})
}

func TestCreditNotesFollowTheRuleAndStayUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 100_00)
		w.document(ledger.Document{Customer: c, Kind: ledger.CreditNote, Number: "AV1", Amount: eur(30_00), Preceding: "F1"})
		w.document(ledger.Document{Customer: c, Kind: ledger.CreditNote, Number: "AV2", Amount: eur(30_00), Preceding: "F7"})
		if rep := w.run(); rep.Credits != 1 || w.open(f) != 70_00 {
			t.Fatalf("%+v, open %d", rep, w.open(f))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := ledger.AllocationsOf(ctx, tx, w.s, c)
			if err != nil {
				return err
			}
			return cash.UndoCredit(ctx, tx, w.s, all[0].ID, "à rembourser")
		})
		if rep := w.run(); rep.Credits != 0 || w.open(f) != 100_00 {
			t.Errorf("done again: %+v, open %d", rep, w.open(f))
		}
	})
}

func TestAnAnnouncedPaymentArrivesWithItsMoneyAndLeavesWithIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f := w.invoice(c, "F1", 100_00)
		p := inflight.Payment{Customer: c, Invoices: []string{"F1"}, On: on("11-20"), Until: on("11-30"), Source: inflight.Transfer}
		w.write(func(ctx context.Context, tx *db.Tx) error { return inflight.Add(ctx, tx, w.s, &p) })
		e := w.entry(bank.Entry{On: on("11-21"), Amount: eur(100_00), Label: "VIR"})
		w.apply(e, c, match.Line{Item: f, Amount: eur(100_00)})
		ended := func() inflight.Outcome {
			var got inflight.Payment
			w.write(func(ctx context.Context, tx *db.Tx) (err error) {
				got, err = inflight.Find(ctx, tx, w.s, p.ID)
				return err
			})
			return got.EndedAs
		}
		if ended() != inflight.Arrived {
			t.Errorf("%q", ended())
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, w.s, e, "erreur") })
		if ended() != "" {
			t.Errorf("%q", ended())
		}
	})
}

// What is no customer's money is set aside by itself, and not again once somebody
// took it back; while money may be a customer's, the gate knows.
func TestTheGateKnowsWhoseMoneyWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		w.invoice(c, "F2026-00871", 100_00)
		fee := w.entry(bank.Entry{On: on("11-10"), Amount: eur(-12_00), Means: bank.Fee, Label: "FRAIS TENUE DE COMPTE"})
		out := w.entry(bank.Entry{On: on("11-10"), Amount: eur(-80_00), Means: bank.Transfer, Label: "LOYER"})
		in := w.entry(bank.Entry{On: on("11-10"), Amount: eur(40_00), Means: bank.Transfer, Label: "VIR F2026-00871 ACOMPTE"})
		count := func() (waiting, fresh int) {
			w.write(func(ctx context.Context, tx *db.Tx) error {
				of, err := cash.SuspectedOf(ctx, tx, w.s, c)
				list := of[c]
				if err != nil {
					return err
				}
				waiting = len(list)
				fresh, err = cash.Unexamined(ctx, tx, w.s)
				return err
			})
			return waiting, fresh
		}
		if _, fresh := count(); fresh != 3 {
			t.Errorf("%d unexamined", fresh)
		}
		w.run()
		if waiting, fresh := count(); fresh != 0 || w.line(in).State == cash.Open && waiting != 1 {
			t.Errorf("%d wait, %d unexamined: %+v", waiting, fresh, w.line(in))
		}
		if w.line(fee).Code != cash.Fee || w.line(out).Code != cash.Outgoing {
			t.Errorf("%+v %+v", w.line(fee), w.line(out))
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return cash.TakeBack(ctx, tx, w.s, out) })
		w.run()
		if w.line(out).State != cash.Open {
			t.Errorf("set aside again: %+v", w.line(out))
		}
		if w.line(in).State == cash.Open {
			w.write(func(ctx context.Context, tx *db.Tx) error { return cash.SetAside(ctx, tx, w.s, in, "subvention") })
			if waiting, _ := count(); waiting != 0 {
				t.Errorf("%d wait", waiting)
			}
		}
	})
}

// What an entry has set is undone with the entry; what a person took of its rest
// later is freed by itself.
func TestWhatAnEntryHasSetIsUndoneWithItAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Imprimerie Delvaux")
		f, g := w.invoice(c, "F1", 30_00), w.invoice(c, "F2", 40_00)
		in := w.entry(bank.Entry{On: on("11-10"), Amount: eur(50_00), Label: "VIR DELVAUX"})
		w.apply(in, c, match.Line{Item: f, Customer: c, Amount: eur(30_00)})
		credit := w.line(in).Documents[0].ID
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return cash.ApplyCredit(ctx, tx, w.s, credit, []match.Line{{Item: g, Customer: c, Amount: eur(20_00)}})
		})
		undo := func(invoice string) error {
			return w.try(func(ctx context.Context, tx *db.Tx) error {
				all, err := ledger.AllocationsOf(ctx, tx, w.s, c)
				if err != nil {
					return err
				}
				at := slices.IndexFunc(all, func(a ledger.Allocation) bool { return a.Invoice == invoice })
				return cash.UndoCredit(ctx, tx, w.s, all[at].ID, "pour une autre")
			})
		}
		kindOf(t, undo(f), fault.KindConflict)
		if err := undo(g); err != nil || w.open(f) != 0 || w.open(g) != 40_00 {
			t.Errorf("%v, open %d and %d", err, w.open(f), w.open(g))
		}
		w.sound()
	})
}
