package handover_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/charge"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/handover"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/statute"
)

func (w *world) contest(number string, cents int64) {
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		return dispute.Add(ctx, tx, w.Scope, &dispute.Dispute{
			Customer: w.customer, Invoice: number, Reason: dispute.Reasons()[0], Amount: eur(cents), Opened: today.Add(-10),
		})
	})
}

func (w *world) charges() (a charge.Account) {
	w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = charge.Of(ctx, tx, w.Scope, w.customer, today)
		return err
	})
	return a
}

func (w *world) request() (st handover.Study, p handover.Packet) {
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		law, err := statute.Load(ctx, tx, w.Scope)
		if err != nil {
			return err
		}
		told := handover.Told{Debtor: fr.Trader, Creditor: fr.Yes}
		if st, err = handover.With(ctx, tx, w.Scope, law, "C1", told, today); err != nil {
			return err
		}
		p, err = handover.Request(ctx, tx, w.Scope, st, nil)
		return err
	})
	return st, p
}

func TestAHandOverARequestAndTheWaysClaimTheSame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.contest("F1", 200_00)
		w.contest("F2", 0)
		w.Write(func(ctx context.Context, tx *db.Tx) error { // a debit note is no claim of its own
			wish := charge.Wish{Customer: w.customer, Invoices: []string{"F1"}, Whats: []charge.What{charge.Indemnity}}
			if _, err := charge.Claim(ctx, tx, w.Scope, wish, today); err != nil {
				return err
			}
			_, err := charge.Book(ctx, tx, w.Scope, w.customer, today)
			return err
		})
		owed, _ := w.charges().Line("F1")
		st, packet := w.request()
		h, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		want := handover.Sums{
			Principal: eur(1_000_00), Interest: owed.Interest.Computed, Indemnity: eur(40_00),
			Total: eur(1_040_00).Add(owed.Interest.Computed), Open: eur(1_200_00),
		}
		if got := h.Sums(); got != want || want.Interest.Sign() <= 0 {
			t.Errorf("handed over %+v, want %+v", got, want)
		}
		if packet.Claimed != want.Total {
			t.Errorf("asked of the court: %s, want %s", packet.Claimed.Decimal(), want.Total.Decimal())
		}
		if sure := st.Facts.Amount.Sub(st.Facts.Disputed); sure != eur(1_000_00).Add(want.Interest) {
			t.Errorf("the ways are judged by %s", sure.Decimal())
		}
		if _, err := w.prepare("F2"); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "contesté") {
			t.Errorf("contested whole: %v", err)
		}
	})
}

func TestWhatWasWaivedIsNotHandedOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := charge.Waive(ctx, tx, w.Scope, charge.Wish{Customer: w.customer, Reason: "geste"}, today)
			return err
		})
		h, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Sums(); got.Total != eur(1_800_00) {
			t.Errorf("handed over: %+v", got)
		}
	})
}

// KP-16: of 12 000 with tax, 3 000 were paid before the procedure.
func TestALossIsCutIntoNetAndTaxAsItsInvoice(t *testing.T) {
	t.Parallel()
	d := ledger.Document{Amount: eur(12_000_00), Net: eur(10_000_00)}
	got := handover.SplitVAT(d, eur(9_000_00))
	if got.Net != eur(7_500_00) || got.VAT != eur(1_500_00) || got.Rate != "20" || !got.Known {
		t.Errorf("split: %+v", got)
	}
	for _, words := range []string{eur(7_500_00).Format("fr"), eur(1_500_00).Format("fr"), "272"} {
		if !strings.Contains(handover.Mention(got), words) {
			t.Errorf("the mention does not say %q: %s", words, handover.Mention(got))
		}
	}
}

func TestSignalsSpeakOnlyAfterAReminderAndWhereWeightSaysSomething(t *testing.T) {
	t.Parallel()
	rules := handover.Rules{Weight: 10, Late: 60}
	item := dunning.Item{ID: "d1", Number: "F1", Due: today.Add(-90), Open: eur(1_000_00)}
	spoke := func(days int) []dunning.Contact {
		return []dunning.Contact{{On: today.Add(-days), Step: "r1", Channel: "email", Items: []string{"d1"}}}
	}
	for name, c := range map[string]struct {
		contacts []dunning.Contact
		owing    int
		want     []handover.SignalCode
	}{
		"never reminded":      {nil, 50, nil},
		"reminded today":      {spoke(0), 50, nil},
		"one customer":        {spoke(5), 1, []handover.SignalCode{handover.LongLate}},
		"nine customers":      {spoke(5), 9, []handover.SignalCode{handover.LongLate}},
		"among ten customers": {spoke(5), 10, []handover.SignalCode{handover.LongLate, handover.Weighty}},
	} {
		account := dunning.Account{Items: []dunning.Item{item}, Contacts: c.contacts}
		owed := map[money.Currency]handover.Stake{money.EUR: {Minor: 4_000_00, Customers: c.owing}}
		var got []handover.SignalCode
		for _, s := range rules.Signals(handover.Case{Account: account, Day: today, Owed: owed}) {
			got = append(got, s.Code)
		}
		if strings.Join(words(got), " ") != strings.Join(words(c.want), " ") {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func words(codes []handover.SignalCode) (list []string) {
	for _, c := range codes {
		list = append(list, string(c))
	}
	return list
}
