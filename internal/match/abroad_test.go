package match_test

import (
	"testing"

	"acquit/internal/match"
	"acquit/internal/money"
)

// Banks take charges off on the way from abroad; in euros within the European Economic
// Area they may not (directive (EU) 2015/2366, art. 81).
func TestChargesAreBelievedFromAbroad(t *testing.T) {
	for iban, allowed := range map[string]bool{"GB33BUKB20201555555555": true, "BE68539007547034": false, "": true} {
		l := company()
		l.invoice("delvaux", "F2026-61001", "2026-10-01", 81_450)
		l.invoice("delvaux", "F2026-61002", "2026-10-09", 40_313)
		e := entry(81_450-1200, "IMPRIMERIE DELVAUX", "VIREMENT")
		e.Payer.IBAN = iban
		a := l.index().Explain(e)
		x := first(a)
		if got := told(x) == "F2026-61001 814.50, bank_fees 12.00" && x.Confidence > 10; got != allowed {
			t.Errorf("from %q, charges are believed: %v\n%s", iban, got, all(a))
		}
	}
}

// Abroad they are so usual that all a customer owes less a round sum is what it pays.
func TestAForeignCustomerPaysAllLessCharges(t *testing.T) {
	l := company()
	l.customers = append(l.customers, match.Customer{ID: "thames", Code: "T9", Name: "Wexcombe Traders"})
	for k, number := range []string{"F2026-62001", "F2026-62002", "F2026-62003"} {
		l.invoice("thames", number, "2026-10-01", 12_000+int64(k), func(i *match.Item) {
			i.Amount.Currency, i.Open.Currency = "GBP", "GBP"
		})
	}
	e := entry(36_003-2500, "WEXCOMBE TRADERS", "SETTLEMENT")
	e.Amount = money.New(36_003-2500, "GBP")
	want(t, l.index().Explain(e), "F2026-62001 120.00, F2026-62002 120.01, F2026-62003 120.02, bank_fees 25.00")
}

// « 10/2026 » is a month, and no number of anybody's.
func TestAMonthIsNoNumber(t *testing.T) {
	l := company()
	l.invoice("hoarau", "F2026-102026", "2026-09-04", 65_000)
	l.invoice("delvaux", "F2026-63001", "2026-10-07", 28_519)
	a := l.index().Explain(entry(28_519, "ASSURANCES DES DUNES", "FACT 10/2026"))
	want(t, a, "F2026-63001 285.19")
}

// A customer's code that its word announces is evidence, digits or not, and the amount
// the second piece.
func TestAnAnnouncedCodeIsEvidence(t *testing.T) {
	l := company()
	l.customers = append(l.customers, match.Customer{ID: "numbered", Code: "411023", Name: "Ateliers Corvaisier"})
	l.invoice("numbered", "F2026-64001", "2026-10-01", 73_219)
	for label, enough := range map[string]bool{"REF CLIENT 411023": true, "CLT N° 411023": true, "LOT 411023": false} {
		if a := l.index().Explain(entry(73_219, "", label)); sure(a) != enough {
			t.Errorf("%s: sure %v\n%s", label, sure(a), all(a))
		}
	}
}

// A direct debit tells its first number twice, in the label and as its own reference:
// the invoice whose number comes next is not named by it.
func TestANumberToldTwiceNamesOneInvoice(t *testing.T) {
	l := company()
	for k, open := range []int64{59_518, 90_336, 10_955} {
		l.invoice("delvaux", []string{"F2026-686005", "F2026-686006", "F2026-707476"}[k], "2026-10-01", open, func(i *match.Item) {
			i.Discount = match.Discount{Rate: 200, Until: i.Issued.Add(10)}
		})
	}
	e := entry(90_336-1807+10_955-219, "IMPRIMERIE DELVAUX", "F2026-686006 F2026-707476")
	e.EndToEnd = "doc-F2026-686006"
	if a := l.index().Explain(e); !isAmong(a, 3, "F2026-686006 885.29, F2026-707476 109.55, difference 2.19") {
		t.Errorf("not among the first three of\n%s", all(a))
	}
}
