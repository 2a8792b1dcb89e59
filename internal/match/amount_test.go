package match_test

import (
	"slices"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/match"
)

// The allocations of docs/rules.md (C. civ. art. 1342-10 and 1343-1), on three
// invoices: A 1 000 due 2026-05-31, B 800 due 2026-06-30, C 600 due 2026-12-31.
func lawful(change ...func(*ledger)) *ledger {
	l := company()
	l.invoice("delvaux", "A", "2026-05-01", 100_000, due("2026-05-31"))
	l.invoice("delvaux", "B", "2026-05-31", 80_000, due("2026-06-30"))
	l.invoice("delvaux", "C", "2026-11-15", 60_000, due("2026-12-31"))
	for i := range l.items[len(l.items)-3:] {
		it := &l.items[len(l.items)-3+i]
		it.Number = "F2026-7000" + it.Number
	}
	for _, f := range change {
		f(l)
	}
	return l
}

func TestAllocationsOfTheLaw(t *testing.T) {
	only := func(keep ...string) func(*ledger) {
		return func(l *ledger) {
			var items []match.Item
			for _, i := range l.items {
				for _, k := range keep {
					if i.ID == "doc-"+k {
						items = append(items, i)
					}
				}
			}
			l.items = items
		}
	}
	charge := func(id string, open int64) func(*ledger) {
		return func(l *ledger) { l.invoice("delvaux", id, "2026-11-01", open, as(match.Charge)) }
	}
	for _, c := range []struct {
		name, want, label string
		minor             int64
		change            []func(*ledger)
		first             bool
	}{
		{
			name: "ALL-02: B is named, the rest goes to the oldest", label: "FACTURE F2026-7000B", minor: 150_000,
			want: "A 700.00, B 800.00",
		},
		{name: "ALL-04: due first, then not due", minor: 200_000, want: "A 1000.00, B 800.00, C 200.00"},
		{
			name: "ALL-08: interest before principal", minor: 50_000, want: "A 479.69, I 20.31",
			change: []func(*ledger){only("A"), charge("I", 2031)},
		},
		{
			name: "ALL-10: principal, interest and indemnity", minor: 106_031, want: "A 1000.00, I 20.31, J 40.00", first: true,
			change: []func(*ledger){only("A"), charge("I", 2031), charge("J", 4000)},
		},
		{name: "ALL-12: the sum before the order of the law", minor: 180_000, want: "A 1000.00, B 800.00", first: true},
		{
			name: "ALL-14: a credit note on A, then the rest", minor: 80_000, want: "N -200.00, A 1000.00", first: true,
			change: []func(*ledger){only("A"), func(l *ledger) {
				l.invoice("delvaux", "N", "2026-06-15", 20_000, as(match.CreditNote), correcting("F2026-7000A"), due("2026-04-01"))
			}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := lawful(c.change...).index().Explain(entry(c.minor, "IMPRIMERIE DELVAUX", c.label))
			if c.first {
				want(t, a, c.want)
			} else if !among(a, 5, c.want) {
				t.Errorf("%q is not proposed:\n%s", c.want, all(a))
			}
		})
	}
	t.Run("ALL-06: one due date, in proportion", func(t *testing.T) {
		l := company()
		l.invoice("delvaux", "X", "2026-05-01", 100_000, due("2026-05-31"))
		l.invoice("delvaux", "Y", "2026-05-01", 50_000, due("2026-05-31"))
		if a := l.index().Explain(entry(90_000, "IMPRIMERIE DELVAUX")); !among(a, 5, "X 600.00, Y 300.00") {
			t.Errorf("not in proportion:\n%s", all(a))
		}
	})
}

// account is one customer's books as the tests of amounts see them.
func account() *ledger {
	l := company()
	l.invoice("delvaux", "F2026-00101", "2026-08-03", 123_456)
	l.invoice("delvaux", "F2026-00102", "2026-08-20", 45_070)
	l.invoice("delvaux", "F2026-00103", "2026-09-04", 300_019)
	l.invoice("delvaux", "F2026-00104", "2026-11-15", 99_999, func(i *match.Item) {
		i.Discount = match.Discount{Rate: 200, Until: cal.Must("2026-11-23")}
	})
	l.invoice("delvaux", "F2026-00105", "2026-09-21", 71_200, func(i *match.Item) {
		i.Discount = match.Discount{Rate: 200, Until: cal.Must("2026-10-10")}
	})
	l.invoice("delvaux", "A2026-00007", "2026-09-30", 12_345, as(match.CreditNote), correcting("F2026-00101"),
		due("2026-09-30"))
	return l
}

func TestAmountsAreUnderstood(t *testing.T) {
	const (
		f1, f2, f3 = "F2026-00101 1234.56", "F2026-00102 450.70", "F2026-00103 3000.19"
		f4, f5     = "F2026-00104 999.99", "F2026-00105 712.00"
	)
	for _, c := range []struct {
		name, label, want, reason string
		minor                     int64
		proposed                  bool // never without a person
	}{
		{"exact", "", f3, "amount_exact", 300_019, false},
		{"two of several", "", f2 + ", " + f5, "amount_sum", 116_270, false},
		{"the oldest", "", f1 + ", " + f2, "amount_oldest", 168_526, false},
		{"less its credit note", "", f1 + ", A2026-00007 -123.45", "amount_less_credits", 111_111, false},
		{"all", "", f1 + ", " + f2 + ", " + f3 + ", " + f5 + ", " + f4, "amount_all", 639_744, false},
		{
			"all less credits", "", f1 + ", " + f2 + ", A2026-00007 -123.45, " + f3 + ", " + f5 + ", " + f4,
			"amount_less_credits", 627_399, false,
		},
		{"a month", "REGLEMENT SEPTEMBRE", f3 + ", " + f5, "amount_month", 371_219, false},
		{"discount in time", "F2026-00104", f4 + ", discount 20.00", "amount_discount", 97_999, false},
		{"discount in time, no reference", "", f4 + ", discount 20.00", "amount_discount", 97_999, false},
		{"discount too late", "F2026-00105", "F2026-00105 697.76", "amount_discount_late", 69_776, false},
		{"bank charges", "FACT F2026-00103", f3 + ", bank_fees 18.00", "amount_fees", 298_219, false},
		{"within the tolerance", "F2026-00102", f2 + ", difference 0.70", "amount_difference", 45_000, false},
		{"cents too much", "F2026-00102", f2 + ", delvaux keeps 0.30", "amount_over", 45_100, false},
		{"two digits exchanged", "FACT F2026-00103", "F2026-00103 2000.39", "amount_partial", 200_039, false},
		{"digits exchanged", "FACT F2026-00101", "F2026-00101 1234.56, delvaux keeps 90.00", "amount_typo", 132_456, true},
		{"VAT forgotten", "FACT F2026-00103", "F2026-00103 2500.16", "amount_net_of_vat", 250_016, true},
		{"a half", "ACOMPTE F2026-00103", "F2026-00103 1500.10", "amount_partial", 150_010, false},
		{"a part", "F2026-00103", "F2026-00103 1800.00", "amount_partial", 180_000, false},
		{"too much", "F2026-00102", f2 + ", delvaux keeps 149.30", "amount_over", 60_000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := account().index().Explain(entry(c.minor, "IMPRIMERIE DELVAUX SARL", c.label))
			want(t, a, c.want)
			if !hasReason(first(a), c.reason) {
				t.Errorf("%s is not told:\n%s", c.reason, all(a))
			}
			if c.proposed && sure(a) {
				t.Errorf("allocated without a person:\n%s", all(a))
			}
		})
	}
}

func TestWhatWasAnnouncedIsExpected(t *testing.T) {
	l := account()
	expect := match.Expected{On: today.Add(-1), Amount: eur(80_000), Why: "instalment"}
	for i := range l.items {
		if l.items[i].Number == "F2026-00103" {
			l.items[i].Expected = []match.Expected{expect}
		}
	}
	a := l.index().Explain(entry(80_000, "IMPRIMERIE DELVAUX"))
	want(t, a, "F2026-00103 800.00")
	if !hasReason(first(a), "amount_expected") {
		t.Errorf("not told to be expected:\n%s", all(a))
	}
	l = account()
	l.customers[0].Expected = []match.Expected{{On: today, Amount: eur(77_777), Why: "promise"}}
	if a := l.index().Explain(entry(77_777, "")); !among(a, 3, "delvaux keeps 777.77") {
		t.Errorf("a promise for no invoice is not seen:\n%s", all(a))
	}
}

func TestChargesArePaidWithThePrincipal(t *testing.T) {
	l := account()
	l.invoice("delvaux", "P2026-0001", "2026-10-01", 4000, as(match.Charge))
	l.invoice("delvaux", "P2026-0002", "2026-10-01", 2031, as(match.Charge))
	a := l.index().Explain(entry(129_487, "IMPRIMERIE DELVAUX", "FACT F2026-00101 + PENALITES"))
	want(t, a, "F2026-00101 1234.56, P2026-0001 40.00, P2026-0002 20.31")
}

func TestAnInvoicePaidTwiceStaysACredit(t *testing.T) {
	ix := account().index()
	e := entry(123_456, "IMPRIMERIE DELVAUX", "FACT F2026-00101")
	ix.Take(first(ix.Explain(e)))
	a := ix.Explain(e)
	want(t, a, "delvaux keeps 1234.56")
	if !hasReason(first(a), "paid_twice") {
		t.Errorf("not told to be paid twice:\n%s", all(a))
	}
}

func TestEarlierMoneyIsTakenOffOnlyBesideEvidence(t *testing.T) {
	l := account()
	l.invoice("delvaux", "R2026-0005", "2026-08-01", 5_000, as(match.Payment), due("2026-08-01"))
	ix := l.index()
	const net = "R2026-0005 -50.00, F2026-00103 3000.19"
	want(t, ix.Explain(entry(295_019, "IMPRIMERIE DELVAUX", "SOLDE F2026-00103")), net)
	if a := ix.Explain(entry(295_019, "")); sure(a) || among(a, 1, net) {
		t.Errorf("guessed from an amount alone:\n%s", all(a))
	}
}

func TestOtherCurrenciesAreApart(t *testing.T) {
	l := account()
	e := entry(300_019, "IMPRIMERIE DELVAUX", "F2026-00103")
	e.Amount.Currency = "CHF"
	if a := l.index().Explain(e); len(a.Explanations) > 0 && len(first(a).Lines) > 0 {
		t.Errorf("francs pay euros:\n%s", all(a))
	}
}

func TestAnAmountAloneIsNeverEnough(t *testing.T) {
	a := account().index().Explain(entry(300_019, "SOMEBODY UNKNOWN", "VIREMENT"))
	if sure(a) {
		t.Errorf("one coincidence was enough:\n%s", all(a))
	}
	if len(a.Suspects) == 0 || a.Suspects[0] != "delvaux" {
		t.Errorf("suspects %v, want delvaux first", a.Suspects)
	}
}

// Who names a customer and its invoice holds nobody else's reminders.
func TestWhoSaysWhatIsPaidCastsNoSuspicion(t *testing.T) {
	a := account().index().Explain(entry(300_009, "IMPRIMERIE DELVAUX", "F2026-00103"))
	if !slices.Equal(a.Suspects, []string{"delvaux"}) {
		t.Errorf("suspects %v, want delvaux alone:\n%s", a.Suspects, all(a))
	}
}

func TestADiscountThatTheTermsDoNotGiveStaysOpen(t *testing.T) {
	a := account().index().Explain(entry(294_019, "IMPRIMERIE DELVAUX", "F2026-00103 ESCOMPTE 2%")) // 60.00 less
	want(t, a, "F2026-00103 2940.19")
	if !hasReason(first(a), "amount_discount_claimed") || sure(a) {
		t.Errorf("what the payer says of the difference is not told:\n%s", all(a))
	}
	third := account().index().Explain(entry(200_019, "IMPRIMERIE DELVAUX", "F2026-00103 ESCOMPTE"))
	if hasReason(first(third), "amount_discount_claimed") {
		t.Errorf("a third is no discount:\n%s", all(third))
	}
}

func TestAnAdviceDecidesWhereItAddsUp(t *testing.T) {
	e := entry(156_181, "IMPRIMERIE DELVAUX", "VIREMENT")
	e.Advice = []match.Advice{
		{Number: "F2026-00101", Amount: eur(123_456)},
		{Number: "A2026-00007", Amount: eur(-12_345)},
		{Number: "102", Amount: eur(45_070)},
	}
	a := account().index().Explain(e)
	want(t, a, "F2026-00101 1234.56, F2026-00102 450.70, A2026-00007 -123.45")
	if !hasReason(first(a), "advice") || !sure(a) {
		t.Errorf("the advice does not decide:\n%s", all(a))
	}
	e.Advice[2].Amount = eur(45_071)
	if hasReason(first(account().index().Explain(e)), "advice") {
		t.Error("an advice that does not add up decides")
	}
}
