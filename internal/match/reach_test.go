package match_test

import (
	"fmt"
	"testing"

	"acquit/internal/match"
)

// metz is a ledger of two hundred bodies of Metz, for half of which their accountant
// was seen to pay; every third bears the name of its neighbours.
func metz() *ledger {
	l := company()
	for i := range 200 {
		id := fmt.Sprintf("body%03d", i)
		name := fmt.Sprintf("Syndicat des eaux de Vergimont %c%c", 'A'+i%26, 'A'+i/26)
		if i%3 == 0 {
			name = "Lycée Marcelle-Tournier de Vergimont"
		}
		city := "Metz"
		if i >= 195 {
			city = "Nancy"
		}
		l.customers = append(l.customers, match.Customer{
			ID: id, Code: fmt.Sprintf("B%04d", i), Name: name, Public: true, Postcode: "57000", City: city,
		})
		for k := range 5 {
			l.invoice(id, fmt.Sprintf("F2026-6%05d", i*41+k*7), fmt.Sprintf("2026-09-%02d", 1+4*k), int64(30_107+i*1013+k*k*3371+k*97))
		}
		if i < 100 {
			l.memories = append(l.memories, match.Memory{Customer: id, IBAN: "FR7630001007941234567890185", Times: 3})
		}
	}
	return l
}

// A public accountant pays for a body that it never paid for, and names nothing: the
// amount tells for which, though it was seen to pay for a hundred others.
func TestAnAccountantPaysForABodyForTheFirstTime(t *testing.T) {
	open := func(i, k int) int64 { return int64(30_107 + i*1013 + k*k*3371 + k*97) }
	number := func(i, k int) string { return fmt.Sprintf("F2026-6%05d", i*41+k*7) }
	line := func(i, k int) string { return fmt.Sprintf("%s %d.%02d", number(i, k), open(i, k)/100, open(i, k)%100) }
	for _, c := range []struct {
		name, behalf, want string
		amount             int64
	}{
		{name: "one invoice", amount: open(170, 2), want: line(170, 2)},
		{
			name: "three that are no neighbours", amount: open(170, 0) + open(170, 2) + open(170, 4),
			want: line(170, 0) + ", " + line(170, 2) + ", " + line(170, 4),
		},
		{name: "for one of many schools of one name", behalf: "LYCEE MARCELLE TOURNIER DE V", amount: open(171, 3), want: line(171, 3)},
	} {
		e := entry(c.amount, "TRESORERIE DE METZ", "MANDAT 88412")
		e.Payer.IBAN, e.Ultimate.Name = "FR7630001007941234567890185", c.behalf
		if a := metz().index().Explain(e); !isAmong(a, 3, c.want) {
			t.Errorf("%s: %q is not among the first three of\n%s", c.name, c.want, all(a))
		}
	}
}

// A bank adds the town to a name: who has that name and lives there may have paid, as
// whoever is called so with the town.
func TestANameWithItsTown(t *testing.T) {
	l := company()
	l.customers = append(l.customers,
		match.Customer{ID: "short", Code: "T1", Name: "Vitrages Lemoine", City: "Roanne"},
		match.Customer{ID: "whole", Code: "T2", Name: "Vitrages Lemoine Roanne", City: "Roanne"},
	)
	l.invoice("short", "F2026-71001", "2026-10-01", 31_417)
	l.invoice("short", "F2026-71002", "2026-10-03", 18_213)
	l.invoice("whole", "F2026-71003", "2026-10-01", 55_555)
	a := l.index().Explain(entry(31_417+18_213, "VITRAGES LEMOINE ROANNE", "VIREMENT"))
	want(t, a, "F2026-71001 314.17, F2026-71002 182.13")
	if !hasReason(first(a), "payer_name") {
		t.Errorf("the payer has not the customer's name:\n%s", all(a))
	}
}

// A wrong digit makes another's number of a number: the amount says whose it is.
func TestAWrongDigitNamesAnother(t *testing.T) {
	l := company()
	l.invoice("delvaux", "F2026-471882", "2026-10-01", 91_300)
	l.invoice("hoarau", "F2026-471822", "2026-10-01", 46_117)
	for label, amount := range map[string]int64{
		"FACTURE F2026-471882": 46_117, // one digit
		"FACTURE F2026-741822": 46_117, // two exchanged: nobody's number
		"FACT F2026-47182":     46_117, // one left out
		"REF F2026-4718822":    46_117, // one twice
		"VIRT F2026-471832":    46_200, // and the amount rounded
	} {
		a := l.index().Explain(entry(amount, "AFFACTURAGE DES DUNES", label))
		expected := "F2026-471822 461.17"
		if amount != 46_117 {
			expected += ", hoarau keeps 0.83"
		}
		if !isAmong(a, 3, expected) {
			t.Errorf("%s: not among the first three of\n%s", label, all(a))
		}
	}
}

// In a list one number has two digits exchanged, and its neighbours are one digit from
// it: the numbers that are right are read first.
func TestANumberMistypedAmongItsNeighbours(t *testing.T) {
	l := company()
	for k, open := range []int64{21_511, 48_919, 12_073, 97_301, 33_407} {
		l.invoice("delvaux", fmt.Sprintf("F2026-9723%02d", k+2), "2026-11-20", open, func(i *match.Item) {
			i.Discount = match.Discount{Rate: 200, Until: today.Add(3)}
		})
	}
	l.invoice("hoarau", "F2026-792305", "2026-11-01", 6227)
	a := l.index().Explain(entry(48_919-978+97_301-1946+33_407-668, "ATELIER DU PORT",
		"REF F2026-972303 F2026-792305 F2026-972306"))
	if !isAmong(a, 3, "F2026-972303 489.19, F2026-972305 973.01, F2026-972306 334.07, discount 9.78, discount 19.46, discount 6.68") {
		t.Errorf("not among the first three of\n%s", all(a))
	}
}

// At the end of a line that was cut off stands the beginning of a number, not one with
// a digit left out.
func TestTheLastNumberIsCutOff(t *testing.T) {
	l := company()
	for k, open := range []int64{27_660, 5880, 13_096, 5880, 25_009} {
		l.invoice("delvaux", fmt.Sprintf("F2026-43995%d", k+5), "2026-11-01", open)
	}
	a := l.index().Explain(entry(27_660+13_096+25_009, "IMPRIMERIE DELVAUX", "FACT F2026-439955 F2026-43995"))
	want(t, a, "F2026-439955 276.60, F2026-439957 130.96, F2026-439959 250.09")
	a = l.index().Explain(entry(27_660+5880, "IMPRIMERIE DELVAUX", "REGLEMENT FACTURE 439955-4399"))
	if !isAmong(a, 3, "F2026-439955 276.60, F2026-439956 58.80") {
		t.Errorf("a serial cut off: not among the first three of\n%s", all(a))
	}
}

// A label that names a month pays no invoice of another, whoever paid more often.
func TestANamedMonthDecidesBetweenNamesakes(t *testing.T) {
	l := company()
	for i, issued := range []string{"2026-11-03", "2026-08-04"} {
		id := fmt.Sprintf("mjc%d", i)
		l.customers = append(l.customers, match.Customer{ID: id, Code: id, Name: "Maison des arts " + []string{"Lens", "Vitry"}[i]})
		l.invoice(id, fmt.Sprintf("F2026-6610%d", i), issued, 7080, due("2026-12-31"))
	}
	l.memories = append(l.memories, match.Memory{Customer: "mjc0", Name: "MAISON DES ARTS", Times: 1})
	a := l.index().Explain(entry(7080, "MAISON DES ARTS", "FACTURES AOUT"))
	want(t, a, "F2026-66101 70.80")
}

// What nobody would pay without a word, a crooked part of an invoice, stands behind an
// invoice that is just the amount.
func TestACrookedPartComesBehindAnInvoice(t *testing.T) {
	l := company()
	for i, city := range []string{"Lille", "Nice"} {
		id := fmt.Sprintf("shop%d", i)
		l.customers = append(l.customers, match.Customer{ID: id, Code: id, Name: []string{"Cabinet Anselme", "Cabinet Berthier"}[i], City: city})
	}
	for k := range 4 {
		l.invoice("shop0", fmt.Sprintf("F2026-8400%d", k), "2026-09-01", int64(210_000+k*1717))
	}
	l.invoice("shop1", "F2026-84010", "2026-10-15", 27_478)
	l.memories = append(l.memories, match.Memory{Customer: "shop0", Name: "CHEZ BERTHE NICE", Times: 1})
	a := l.index().Explain(entry(27_478, "CHEZ BERTHE NICE", "VIREMENT"))
	if !isAmong(a, 2, "F2026-84010 274.78") {
		t.Errorf("not among the first two of\n%s", all(a))
	}
}

// A credit note that the label names is taken off once, though once more would come to
// the amount.
func TestACreditNoteIsTakenOffOnce(t *testing.T) {
	l := company()
	l.invoice("delvaux", "F2026-55001", "2026-10-01", 50_000)
	l.invoice("hoarau", "F2026-55002", "2026-10-01", 30_000)
	l.invoice("delvaux", "A2026-55003", "2026-10-02", 10_000, as(match.CreditNote))
	a := l.index().Explain(entry(60_000, "CABINET DU PHARE", "F2026-55001 F2026-55002 AVOIR A2026-55003"))
	for _, x := range a.Explanations {
		taken := map[string]bool{}
		for _, l := range x.Lines {
			if taken[l.Item] {
				t.Errorf("%s is taken twice: %s", l.Item, told(x))
			}
			taken[l.Item] = true
		}
	}
}
