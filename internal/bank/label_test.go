package bank

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// heard is a Said in one line: means | name | what the payer wrote | references.
func heard(s Said) string {
	parts := []string{string(s.Means), s.Party.Name, strings.Join(s.Purpose, " + ")}
	for _, x := range [][2]string{
		{"e2e", s.EndToEnd},
		{"rum", s.Mandate},
		{"id", s.Party.ID},
		{"iban", s.Party.IBAN},
		{"bic", s.Party.BIC},
		{"ref", strings.Join(s.Structured, "+")},
	} {
		if x[1] != "" {
			parts = append(parts, x[0]+" "+x[1])
		}
	}
	if s.Return != nil {
		parts = append(parts, fmt.Sprintf("back %s/%s", s.Return.Code, s.Return.Text))
	}
	if s.Reversal {
		parts = append(parts, "reversed")
	}
	return strings.Join(parts, " | ")
}

func TestLabelsOfFrenchBanksAreTakenApart(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		// BNP Paribas
		"VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ":                           "transfer | DUPONT SARL | FACT 2026-123 | e2e XYZ",
		"VIR SEPA RECU /FRM GARAGE REMY /EID NOTPROVIDED /RNF F-2026-31":                        "transfer | GARAGE REMY | F-2026-31",
		"VIREMENT SEPA EMIS /MOTIF LOYER /BEN SCI DU PARC /REFDO 778 /REFBEN":                   "transfer | SCI DU PARC | LOYER | e2e 778",
		"VIREMENT RECU TIERS IMPRIMERIE DELVAUX":                                                "transfer | IMPRIMERIE DELVAUX | ",
		"PRLV SEPA ELECTRA SA ECH/101126 ID EMETTEUR/FR12ZZZ123456 MDT/RUM77 REF/F88 LIB/NOV26": "debit | ELECTRA SA | NOV26 | e2e F88 | rum RUM77 | id FR12ZZZ123456",
		"REMISE CHEQUES NO 1234567":                                                             "cheque |  | ",
		"FACTURE CARTE DU 101126 PAPETERIE NEL":                                                 "card |  | PAPETERIE NEL",
		"COMMISSIONS SUR VIREMENT ETRANGER":                                                     "fee |  | ETRANGER",
		// Société Générale
		"VIR RECU    1234567890S DE: DUPONT SARL MOTIF: FACT 2026-123 REF: XYZ":                          "transfer | DUPONT SARL | FACT 2026-123 | e2e XYZ",
		"VIR INST RE 987654321012 DE: M JEAN ROY DATE: 10/11/2026 10:22 MOTIF: acompte":                  "transfer | M JEAN ROY | acompte",
		"000001 VIR EUROPEEN EMIS LOGITEL POUR: NORD PAPIER REF: 9900 CHEZ: BNORFRPP":                    "transfer | NORD PAPIER |  | e2e 9900",
		"PRELEVEMENT EUROPEEN 1234567890 DE: TELNET SA ID: FR22ZZZ111222 MOTIF: BOX REF: AB1 MANDAT: M1": "debit | TELNET SA | BOX | e2e AB1 | rum M1 | id FR22ZZZ111222",
		"REMISE CHEQUE 0000012 DE 3 CHQ": "cheque |  | 3 CHQ",
		"CARTE X1234 10/11 BRASSERIE":    "card |  | X1234 10/11 BRASSERIE",
		// Crédit Agricole, whose labels have several lines or wide gaps
		"VIREMENT EN VOTRE FAVEUR               SARL DUPONT                    FACTURE 2026-123": "transfer | SARL DUPONT | FACTURE 2026-123",
		"VIREMENT EN VOTRE FAVEUR\nMAIRIE DE LILLE\nMANDAT 1234 BORD 56":                         "transfer | MAIRIE DE LILLE | MANDAT 1234 BORD 56",
		"VIREMENT EN VOTRE FAVEUR DE ATELIER NOËL REF : 12":                                      "transfer | ATELIER NOËL |  | e2e 12",
		"REMISE CARTE 0123456 du 10/11":                                                          "card |  | ",
		"PRELEVEMENT ASSUR PRO Cotis 11":                                                         "debit | ASSUR PRO Cotis 11 | ",
		// Crédit Mutuel, CIC
		"VIR SARL DUPONT FACT 2026-123":          "transfer | SARL DUPONT | FACT 2026-123",
		"VIR DE DURAND ET FILS":                  "transfer | DURAND ET FILS | ",
		"VIR INST BOULANGERIE ROY RGT F1001":     "transfer | BOULANGERIE ROY | RGT F1001",
		"REM CHQ N 1234567":                      "cheque |  | ",
		"REMCB 0123456 101126":                   "card |  | ",
		"REM CB 0012345 10/11":                   "card |  | ",
		"F COTIS EUROC PRO":                      "fee |  | EUROC PRO",
		"IMP PRLV DURAND ET FILS AM04":           "debit | DURAND ET FILS | AM04 | back AM04/",
		"IMPAYE CHQ 1234567 SANS PROVISION":      "cheque |  | PROVISION | back /SANS PROVISION",
		"VIR SEPA ACME FRANCE REF F12":           "transfer | ACME FRANCE | REF F12",
		"VIREMENT DUPONT SARL - SOLDE OCTOBRE":   "transfer | DUPONT SARL | SOLDE OCTOBRE",
		"VIR 3 SUISSES INTERNATIONAL FACT 77881": "transfer | 3 SUISSES INTERNATIONAL | FACT 77881",
		// Banque Populaire, Caisse d’Épargne
		"VIR SEPA HOTEL DU NORD":                        "transfer | HOTEL DU NORD | ",
		"*COMMISSION D'INTERVENTION":                    "fee |  | INTERVENTION",
		"CHEQUE N°1234567":                              "cheque |  | ",
		"REJET PRLV SEPA HOTEL DU NORD MOTIF MD06":      "debit | HOTEL DU NORD | MD06 | back MD06/MD06",
		"FRAIS REJET PRLV":                              "fee |  | ",
		"VERSEMENT ESPECES AGENCE":                      "cash |  | AGENCE",
		"PAIEMENT CB 1011 LILLE":                        "card |  | 1011 LILLE",
		"VIR SEPA HOTEL DU NORD | F-2026-0042":          "transfer | HOTEL DU NORD | F-2026-0042",
		"VIR INST HOTEL DU NORD ; paiement facture 42":  "transfer | HOTEL DU NORD | paiement facture 42",
		"VIR INTERNATIONAL RECU ACME CORP INVOICE 1001": "transfer | ACME CORP | INVOICE 1001",
		"VIR INTERNATIONAL PAPER FRANCE":                "transfer | INTERNATIONAL PAPER FRANCE | ",
		// La Banque Postale, LCL
		"VIREMENT DE M ROY PAUL REFERENCE : NOTPROVIDED":        "transfer | M ROY PAUL | ",
		"VIREMENT INSTANTANE DE MME LE GALL":                    "transfer | MME LE GALL | ",
		"CREDIT CARTE BANCAIRE 10.11.26":                        "card |  | ",
		"REM.CHEQUE 1234567":                                    "cheque |  | ",
		"REJET DE PRELEVEMENT MARTIN SA PROVISION INSUFFISANTE": "debit | MARTIN SA |  | back /PROVISION INSUFFISANTE",
		// bills, cheques that come back, what the bank takes back
		"REMISE LCR ECHEANCE 30/11/2026":        "bill |  | ",
		"LCR IMPAYEE MARTIN SA TIRAGE CONTESTE": "bill | MARTIN SA |  | back /TIRAGE CONTESTE",
		"CHEQUE IMPAYE 7654321":                 "cheque |  |  | back /",
		"EXTOURNE VIR SEPA RECU DUPONT SARL":    "transfer | DUPONT SARL |  | reversed",
		"RETOUR VIR SEPA EMIS NORD PAPIER AC04": "transfer | NORD PAPIER | AC04 | back AC04/",
		"CONTESTATION CARTE 1234 DU 02/11/2026": "card |  | 1234 DU 02/11/2026 | back /",
		"COM SUR IMPAYE PRLV":                   "fee |  | ",
		"INTERETS DEBITEURS T3":                 "fee |  | DEBITEURS T3",
		// elsewhere
		"/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J JANSEN/REMI/FACT 123/EREF/NOTPROVIDED": "transfer | J JANSEN | FACT 123 | iban NL91ABNA0417164300 | bic ABNANL2A",
		"SEPA-Gutschrift Müller GmbH EREF+4711 SVWZ+Rechnung 2026-77":                                              "transfer | Müller GmbH | Rechnung 2026-77 | e2e 4711",
		"VIR SEPA DUPONT SARL RF18 5390 0754 7034":                                                                 "transfer | DUPONT SARL | RF18 5390 0754 7034 | ref RF18539007547034",
		"VIR SEPA BELGO SPRL +++090/9337/55493+++":                                                                 "transfer | BELGO SPRL | 090/9337/55493+++ | ref +++090/9337/55493+++",
		"DUPONT SARL":               " |  | ",
		"Facture 2026-12 de Dupont": " |  | ",
		"SOLDE DE TOUT COMPTE":      " |  | ",
		"VIR":                       "transfer |  | ",
		"":                          " |  | ",
		"VIR SEPA RECU /DE 3M FRANCE /MOTIF /REF NOTPROVIDED": "transfer | 3M FRANCE | ",
	} {
		if got := heard(Hear([]string{label})); got != want {
			t.Errorf("%q:\n got %s\nwant %s", label, got, want)
		}
	}
}

// What several texts say is one label; what the file told by itself is kept.
func TestAnEntryKeepsWhatItsFileTold(t *testing.T) {
	t.Parallel()
	e := Entry{
		Label: "VIR SEPA RECU /DE DUPONT /MOTIF F12 /REF X1",
		Texts: []string{"VIR SEPA RECU /DE DUPONT /MOTIF F12 /REF X1", "COMPLEMENT"},
		Means: Other, Party: Party{Name: "DUPONT SARL"}, EndToEnd: "E77",
	}
	e.TakeApart()
	e.TakeApart() // twice is once
	want := Entry{
		Label: e.Label, Texts: []string{"VIR SEPA RECU /DE DUPONT /MOTIF F12 /REF X1", "COMPLEMENT", "F12"},
		Means: Transfer, Party: Party{Name: "DUPONT SARL"}, EndToEnd: "E77",
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	split := Entry{Label: "VIR SEPA ATELIER ROY", Texts: []string{"VIR SEPA ATELIER ROY", "FACT 2026-9"}}
	split.TakeApart()
	if split.Party.Name != "ATELIER ROY" || split.Means != Transfer {
		t.Errorf("a name and a memo: %+v", split)
	}
	below := Entry{Texts: []string{"VIREMENT RECU", "ATELIER ROY", "FACT 2026-9"}}
	below.TakeApart()
	if below.Party.Name != "ATELIER ROY" {
		t.Errorf("the name below the operation: %+v", below)
	}
}

func FuzzHear(f *testing.F) {
	f.Add("VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ", "é\u0301 MOTIF: œ")
	f.Add("REJET PRLV\nMARTIN   AM04", "RF18539007547034 +++090/9337/55493+++")
	f.Fuzz(func(t *testing.T, a, b string) {
		said := Hear([]string{a, b})
		all := strings.ToUpper(a + b)
		for _, s := range append([]string{said.Party.Name, said.EndToEnd, said.Mandate}, said.Purpose...) {
			if s != strings.TrimSpace(s) || utf8.ValidString(all) && !utf8.ValidString(s) {
				t.Fatalf("%q of %q, %q", s, a, b)
			}
		}
	})
}
