package match_test

import (
	"fmt"
	"testing"

	"acquit/internal/match"
)

// bordeaux is a ledger of sixty bodies of Bordeaux, all with an order of one number.
func bordeaux() *ledger {
	l := company()
	for i := range 60 {
		id := fmt.Sprintf("body%02d", i)
		l.customers = append(l.customers, match.Customer{
			ID: id, Code: fmt.Sprintf("B%04d", i), Name: fmt.Sprintf("Commune de Wasquemont %d", i), Public: true,
			Postcode: "33000", City: "Bordeaux",
		})
		l.invoice(id, fmt.Sprintf("F2026-71%03d", i*7), "2026-09-01", int64(11_531+i*1307), func(i *match.Item) { i.Order = "BC-26-4122" })
	}
	l.invoice("body07", "F2026-51733", "2026-09-03", 6136)
	return l
}

// One payment of a public accountant for several bodies: an order names sixty
// invoices, and the amount tells which.
func TestAnAccountantPaysForSeveralBodies(t *testing.T) {
	const payer = "TRESORERIE DE BORDEAUX"
	for name, c := range map[string]struct {
		amount      int64
		label, want string
	}{
		"an order": {6136 + 50_741, "F2026-51733 CDE BC-26-4122", "F2026-51733 61.36, F2026-71210 507.41"},
		"two numbers and an order": {
			6136 + 11_531 + 50_741, "F2026-51733 F2026-71000 CDE BC-26-4122",
			"F2026-71000 115.31, F2026-51733 61.36, F2026-71210 507.41",
		},
		"a number mistyped":  {6136 + 50_741, "F2026-51733 F2026-71216", "F2026-51733 61.36, F2026-71210 507.41"},
		"a number left out":  {6136 + 50_741, "F2026-51733", "F2026-51733 61.36, F2026-71210 507.41"},
		"one of them halved": {6136 + 24_601/3, "F2026-51733 CDE BC-26-4122", "F2026-51733 61.36, F2026-71070 82.00"},
	} {
		a := bordeaux().index().Explain(entry(c.amount, payer, c.label))
		if !isAmong(a, 3, c.want) {
			t.Errorf("%s: %q is not among the first three of\n%s", name, c.want, all(a))
		}
	}
}

// isAmong tells whether one of the first explanations says just this.
func isAmong(a match.Answer, n int, want string) bool {
	for _, x := range a.Explanations[:min(n, len(a.Explanations))] {
		if told(x) == want {
			return true
		}
	}
	return false
}

// long is a ledger of one customer with many invoices, due on four days.
func long() *ledger {
	l := company()
	for i := range 24 {
		day := []string{"2026-08-31", "2026-09-04", "2026-09-30", "2026-10-15"}[i/6]
		l.invoice("delvaux", fmt.Sprintf("F2026-42%04d", i*37+100), "2026-08-01", int64(11_347+i*i*713+i*97), due(day))
	}
	l.invoice("delvaux", "A2026-5495", "2026-09-20", 2269, as(match.CreditNote))
	return l
}

func (l *ledger) sum(from, to int) (sum int64) {
	n := 0
	for _, i := range l.items {
		if i.Customer != "delvaux" || i.Kind != match.Invoice || len(i.Number) != 12 {
			continue
		}
		if n >= from && n < to {
			sum += i.Open.Minor
		}
		n++
	}
	return sum
}

func TestARangeLessACreditNote(t *testing.T) {
	l := long()
	a := l.index().Explain(entry(l.sum(2, 6)-2269, "IMPRIMERIE DELVAUX", "REGLEMENT FACTURE F2026-420174 A F2026-420285"))
	want(t, a, "F2026-420174 143.93, F2026-420211 180.55, F2026-420248 231.43, F2026-420285 296.57, A2026-5495 -22.69")
}

// Between the numbers of a list a dash is no range, though they are near.
func TestDashesBetweenTheNumbersOfAList(t *testing.T) {
	l := long()
	label := "F2026-420100-F2026-420137-F2026-420211"
	a := l.index().Explain(entry(l.sum(0, 2)+l.sum(3, 4), "IMPRIMERIE DELVAUX", label))
	want(t, a, "F2026-420100 113.47, F2026-420137 121.57, F2026-420211 180.55")
	if !a.Unique || first(a).Confidence < 9900 {
		t.Errorf("a list of numbers is not sure:\n%s", all(a))
	}
}

// Banks cut long lists: the money tells where they end, and what stands before the
// last that is named was left out on purpose.
func TestAListThatTheBankCutOff(t *testing.T) {
	l := long()
	for _, label := range []string{"FACT F2026-420248 F2026-420285 F20", "FACT F2026-420248, F2026-420285,", "FACT 420248 420285 4203"} {
		a := l.index().Explain(entry(l.sum(4, 9), "IMPRIMERIE DELVAUX", label))
		if !isAmong(a, 3, "F2026-420248 231.43, F2026-420285 296.57, F2026-420322 375.97, F2026-420359 469.63, F2026-420396 577.55") {
			t.Errorf("%s: not among the first three of\n%s", label, all(a))
		}
	}
}

// Of many invoices of one amount the oldest are proposed: an amount says no more,
// and the law no less (C. civ. art. 1342-10).
func TestOfManyAlikeTheOldestAreProposed(t *testing.T) {
	l := company()
	for i := range 22 {
		l.invoice("delvaux", fmt.Sprintf("F2026-42%04d", i*37+100), "2026-08-01", 3147, due([]string{"2026-09-30", "2026-10-31"}[i/12]))
	}
	l.invoice("delvaux", "F2026-430000", "2026-08-20", 2513, due("2026-09-30"))
	a := l.index().Explain(entry(6*3147+2513, "IMPRIMERIE DELVAUX", "SOLDE"))
	if !isAmong(a, 3, "F2026-420100 31.47, F2026-420137 31.47, F2026-420174 31.47, F2026-420211 31.47, F2026-420248 31.47, "+
		"F2026-420285 31.47, F2026-430000 25.13") {
		t.Errorf("not among the first three of\n%s", all(a))
	}
	if a.Unique && first(a).Confidence > 8500 {
		t.Errorf("a choice among many alike is sure:\n%s", all(a))
	}
}

// A group that a person named is known by its name in the payer's.
func TestAGroupIsKnownByItsName(t *testing.T) {
	l := company()
	for i := range 60 {
		id := fmt.Sprintf("shop%02d", i)
		l.customers = append(l.customers, match.Customer{ID: id, Code: id, Name: fmt.Sprintf("Cabinet %c%c", 'A'+i%26, 'A'+i/26), Group: map[int]string{41: "tares"}[i]})
		l.invoice(id, fmt.Sprintf("F2026-8%04d", i*7), "2026-09-01", 17_880)
	}
	a := l.index().Explain(entry(17_880, "GROUPE TARES", "REGLEMENT"))
	if first(a).Customer != "shop41" || !hasReason(first(a), "payer_group_name") {
		t.Errorf("not the customer of the group first:\n%s", all(a))
	}
}

// A trade name tells the town: of all who owe the amount, those of that town come
// first.
func TestATradeNameTellsTheTown(t *testing.T) {
	l := company()
	for i := range 90 {
		id := fmt.Sprintf("shop%02d", i)
		l.customers = append(l.customers, match.Customer{ID: id, Code: id, Name: fmt.Sprintf("Cabinet %c%c", 'A'+i%26, 'A'+i/26), City: []string{"Lille", "Nice", "Metz"}[min(i, 2)]})
		l.invoice(id, fmt.Sprintf("F2026-8%04d", i*7), "2026-09-01", 3480)
	}
	a := l.index().Explain(entry(3480, "LA MAISON BLEUE NICE", "VIREMENT"))
	if first(a).Customer != "shop01" || !hasReason(first(a), "payer_town") {
		t.Errorf("not the customer of Nice first:\n%s", all(a))
	}
}
