package match_test

import (
	"slices"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/match"
	"acquit/internal/money"
)

// twins are two customers of whom the same amount is open: who paid decides.
func twins() *ledger {
	l := company()
	l.invoice("hoarau", "F2026-00301", "2026-09-01", 148_390)
	l.invoice("delvaux", "F2026-00302", "2026-09-01", 148_390)
	l.invoice("mairie", "F2026-00303", "2026-09-01", 148_390)
	l.invoice("morel", "F2026-00304", "2026-09-01", 148_390)
	return l
}

func TestPayersAreKnownByTheirNames(t *testing.T) {
	const (
		hoarau  = "F2026-00301 1483.90"
		delvaux = "F2026-00302 1483.90"
		mairie  = "F2026-00303 1483.90"
		morel   = "F2026-00304 1483.90"
	)
	ix := twins().index()
	for payer, invoice := range map[string]string{
		"ETABLISSEMENTS HOARAU FRERES":         hoarau,
		"Ets Hoarau Freres":                    hoarau,
		"HOARAU FRERES SAS":                    hoarau,
		"SARL HOARAU FRES":                     hoarau,
		"HOAREAU FRERES":                       hoarau, // a letter more
		"HORAAU FRERES":                        hoarau, // exchanged
		"FRERES HOARAU":                        hoarau,
		"HOARAU":                               hoarau,
		"IMPRIMERIE DELVAUX":                   delvaux,
		"SARL IMPRIMERIE DELVAUX":              delvaux,
		"S.A.R.L. Imprimerie Delvaux":          delvaux,
		"IMPR DELVAUX":                         delvaux,
		"IMPRIMERIE DELVAU":                    delvaux, // cut at 17
		"DELVAUX IMPRIMERIE":                   delvaux,
		"IMPRIMERIE DELVAUX LILLE":             delvaux,
		"COMMUNE DE SAINT AMAND LES EAUX":      mairie,
		"COMMUNE ST AMAND LES EAUX":            mairie,
		"COMMUNE DE SAINT-AMAND-LES-":          mairie, // cut at 27
		"SAS MENUISERIE MOREL ET FILS":         morel,
		"MENUISERIE MOREL":                     morel,
		"MENUIS. MOREL & FILS":                 morel,
		"MENUISERIEMOREL FILS":                 morel,
		"MENUISERIE MOREL ET FILS VALENCIENNE": morel,
	} {
		t.Run(payer, func(t *testing.T) {
			want(t, ix.Explain(entry(148_390, payer, "VIREMENT")), invoice)
			if payer != "MENUISERIEMOREL FILS" { // as words of a text, it is nobody's
				want(t, ix.Explain(entry(148_390, "", "VIR SEPA RECU DE "+payer)), invoice)
			}
		})
	}
}

func TestPayersAreKnownFromBefore(t *testing.T) {
	l := twins()
	l.memories = []match.Memory{
		{Customer: "hoarau", IBAN: "FR76 3000 4000 0312 3456 7890 143", Times: 7},
		{Customer: "delvaux", Name: "CABINET FIDUCIAIRE DU NORD", Times: 3},
		{Customer: "mairie", IBAN: "FR7610107001011234567890129", Times: 1},
		{Customer: "morel", IBAN: "FR7610107001011234567890129", Times: 30},
	}
	ix := l.index()
	by := func(name, iban string) match.Entry {
		e := entry(148_390, name, "VIREMENT")
		e.Payer.IBAN = iban
		return e
	}
	a := ix.Explain(by("M DURAND", "FR7630004000031234567890143"))
	want(t, a, "F2026-00301 1483.90")
	if !hasReason(first(a), "payer_iban") || !sure(a) {
		t.Errorf("the account is not known:\n%s", all(a))
	}
	want(t, ix.Explain(by("CABINET FIDUCIAIRE DU NORD", "")), "F2026-00302 1483.90")
	a = ix.Explain(by("", "FR7610107001011234567890129"))
	want(t, a, "F2026-00304 1483.90") // thirty times against once
	if !slices.Contains(a.Suspects, "mairie") {
		t.Errorf("the other customer of the account is no suspect: %v", a.Suspects)
	}
	unknown := by("TRESOR", "DE02120300000000202051")
	if a := ix.Explain(unknown); sure(a) {
		t.Errorf("nothing is known of this payer:\n%s", all(a))
	}
	ix.Learn(match.Memory{Customer: "mairie", IBAN: "DE02120300000000202051", Name: "TRESOR"})
	want(t, ix.Explain(unknown), "F2026-00303 1483.90")
}

func TestOthersPayForACustomer(t *testing.T) {
	ix := twins().index()
	e := entry(148_390, "CREDIT AFFACTURAGE SA", "VIREMENT")
	e.Ultimate.Name = "HOARAU FRERES"
	want(t, ix.Explain(e), "F2026-00301 1483.90")
	want(t, ix.Explain(entry(148_390, "CREDIT AFFACTURAGE SA", "POUR LE COMPTE DE HOARAU FRERES")), "F2026-00301 1483.90")
	a := ix.Explain(entry(148_390, "FINANCIERE ARDOISE", "VIREMENT"))
	want(t, a, "F2026-00304 1483.90") // of the same group
	if !hasReason(first(a), "payer_group") {
		t.Errorf("the group is not told:\n%s", all(a))
	}
	want(t, ix.Explain(entry(148_390, "", "REGLEMENT SIREN 732829320")), "F2026-00302 1483.90")
	want(t, ix.Explain(entry(148_390, "", "VOTRE CLIENT C0005")), "F2026-00303 1483.90")
}

func TestADebitIsKnownByItsMandate(t *testing.T) {
	l := twins()
	l.customers[3].Mandates = []string{"RUM-2026-HOARAU-01"}
	e := entry(148_390, "", "PRLV")
	e.Means, e.Mandate = "debit", "RUM2026HOARAU01"
	a := l.index().Explain(e)
	want(t, a, "F2026-00301 1483.90")
	if !sure(a) {
		t.Errorf("a mandate and an amount are enough:\n%s", all(a))
	}
}

func TestOnePayerSettlesForSeveralCustomers(t *testing.T) {
	l := twins()
	l.invoice("delvaux", "F2026-00402", "2026-09-09", 20_001)
	l.invoice("holding", "F2026-00403", "2026-09-09", 30_003)
	ix := l.index()
	a := ix.Explain(entry(168_391, "AGENCE DES ACHATS", "F2026-00301 F2026-00402"))
	want(t, a, "F2026-00402 200.01, F2026-00301 1483.90")
	if !hasReason(first(a), "several_customers") {
		t.Errorf("not told to be of several customers:\n%s", all(a))
	}
	want(t, ix.Explain(entry(178_393, "FINANCIERE ARDOISE", "VIREMENT GROUPE")), "F2026-00403 300.03, F2026-00304 1483.90")
}

func TestACustomerWithoutItemsKeepsTheMoney(t *testing.T) {
	l := company()
	a := l.index().Explain(entry(55_555, "IMPRIMERIE DELVAUX", "ACOMPTE COMMANDE"))
	want(t, a, "delvaux keeps 555.55")
}

func TestTwoOfOneAmountAreNotDecided(t *testing.T) {
	l := twins()
	l.invoice("hoarau", "F2026-00501", "2026-10-01", 148_390)
	a := l.index().Explain(entry(148_390, "HOARAU FRERES", "VIREMENT"))
	if sure(a) || !among(a, 2, "F2026-00301 1483.90") || !among(a, 2, "F2026-00501 1483.90") {
		t.Errorf("one of two was chosen:\n%s", all(a))
	}
	want(t, l.index().Explain(entry(148_390, "HOARAU FRERES", "F2026-00501")), "F2026-00501 1483.90")
}

func TestWhatAPersonUndidIsNotDoneAgain(t *testing.T) {
	l := twins()
	e := entry(148_390, "HOARAU FRERES", "F2026-00301")
	if a := l.index().Explain(e); !sure(a) {
		t.Fatalf("not sure to begin with:\n%s", all(a))
	}
	for _, refused := range []match.Refused{
		{Entry: "ent", Customer: "hoarau", Item: "doc-F2026-00301"}, {Entry: "ent", Customer: "hoarau"},
	} {
		l.refused = []match.Refused{refused}
		a := l.index().Explain(e)
		if told(first(a)) == "F2026-00301 1483.90" || sure(a) {
			t.Errorf("done again after %+v:\n%s", refused, all(a))
		}
		for _, x := range a.Explanations {
			if told(x) == "F2026-00301 1483.90" && !hasReason(x, "refused") {
				t.Errorf("not told to be refused:\n%s", all(a))
			}
		}
		other := e
		other.ID = "another"
		want(t, l.index().Explain(other), "F2026-00301 1483.90")
	}
}

// A public accountant pays for the public bodies of its own place, and for nobody
// else.
func TestAPublicAccountantPaysForItsOwnPlace(t *testing.T) {
	t.Parallel()
	on := cal.Must("2026-11-26")
	var items []match.Item
	var customers []match.Customer
	for _, c := range []match.Customer{
		{ID: "lille", Code: "1", Name: "Commune de Guémicourt", Public: true, Postcode: "59000", City: "Lille"},
		{ID: "arras", Code: "2", Name: "Commune de Roncheville", Public: true, Postcode: "62000", City: "Arras"},
		{ID: "shop", Code: "3", Name: "Café des Halles", Postcode: "59000", City: "Lille"},
	} {
		customers = append(customers, c)
		items = append(items, match.Item{
			ID: "i-" + c.ID, Customer: c.ID, Kind: match.Invoice, Number: "F2026-00" + c.Code + "7", Issued: on.Add(-40), Due: on.Add(-10),
			Amount: money.New(106_80, money.EUR), Open: money.New(106_80, money.EUR),
		})
	}
	ix := match.NewIndex(match.Rules{}, slices.Values(items), slices.Values(customers), slices.Values([]match.Memory{}), slices.Values([]match.Refused{}))
	for payer, want := range map[string]string{
		"DRFIP 59": "lille", "TRESORERIE D ARRAS": "", "TRESORERIE ARRAS": "arras", "SGC LILLE": "lille",
	} {
		a := ix.Explain(match.Entry{
			ID: payer, On: on, Amount: money.New(106_80, money.EUR), Texts: []string{"PIECE 619225"}, Payer: match.Party{Name: payer},
		})
		got := a.Explanations[0].Customer
		if want != "" && got != want || got == "shop" {
			t.Errorf("%s: first %s, want %s", payer, got, want)
		}
	}
}
