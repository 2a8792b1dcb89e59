package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/bank"
	"acquit/internal/ingest"
)

// told is what came of an export: each entry in a line, then each statement.
func told(t testing.TB, text string, h ingest.Hints) []string {
	t.Helper()
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("releve.csv", []byte(text)), h)
	var list []string
	for d, err := range f.Documents(t.Context()) {
		r, rejected := errors.AsType[*ingest.Rejected](err)
		a, asked := errors.AsType[*ingest.Ask](err)
		switch {
		case rejected:
			list = append(list, fmt.Sprintf("%d:%d refusé : %s", r.Line, r.Column, plainSpace.Replace(r.Reason)))
		case asked:
			list = append(list, fmt.Sprintf("demande : %v", a.Missing))
		case err != nil:
			t.Fatal(err)
		case d.Entry == nil:
			list = append(list, show(d))
		default:
			list = append(list, showEntry(d.Entry))
		}
	}
	for _, s := range f.Statements {
		list = append(list, showStatement(s))
	}
	for _, w := range f.Warnings {
		list = append(list, "! "+w.Code)
	}
	return list
}

func showEntry(e *bank.Entry) string {
	parts := []string{e.On.String(), e.Amount.String(), string(e.Means), e.Party.Name, strings.Join(e.Texts, " + ")}
	if e.Value != 0 && e.Value != e.On {
		parts[0] += "/" + e.Value.String()
	}
	for _, x := range [][2]string{{"e2e", e.EndToEnd}, {"id", e.BankRef}, {"iban", e.Party.IBAN}, {"rum", e.Mandate}} {
		if x[1] != "" {
			parts = append(parts, x[0]+" "+x[1])
		}
	}
	if e.Fees.Sign() != 0 {
		parts = append(parts, "frais "+e.Fees.Decimal())
	}
	if e.Return != nil {
		parts = append(parts, "retour "+e.Return.Code+e.Return.Text)
	}
	if e.Status == bank.IsPending {
		parts = append(parts, "en attente")
	}
	return strings.Join(parts, " | ")
}

func showStatement(s *bank.Statement) string {
	text := fmt.Sprintf("= %s %s %s..%s", s.Account.Key(), s.Currency, s.From, s.To)
	for _, b := range []*bank.Balance{s.Opening, s.Closing} {
		if b == nil {
			text += " ?"
		} else {
			text += " " + b.Amount.Decimal()
		}
	}
	return text
}

// Exports as the banks write them. Each line of want is an entry, then a statement.
func TestExportsOfBanks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Crédit Agricole, two accounts in one file": {
			"Téléchargement du 22/11/2026;\n\nIMPRIMERIE DU CANAL\nCompte courant carte n° 12345678901;\nSolde au 22/11/2026 1 900,00 €\n" +
				"Liste des opérations du compte entre le 01/11/2026 et le 22/11/2026;\n\nDate;Libellé;Débit euros;Crédit euros;\n" +
				"20/11/2026;\"VIREMENT EN VOTRE FAVEUR\nSARL DUPONT\nFACT 2026-123\n\";;1 200,00;\n18/11/2026;\"PRELEVEMENT ELECTRA\n\";80,00;;\n\n" +
				"Compte épargne n° 98765432109;\nSolde au 22/11/2026 50,00 €\n\nDate;Libellé;Débit euros;Crédit euros;\n10/11/2026;\"VIREMENT EMIS\n\";10,00;;\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | SARL DUPONT | VIREMENT EN VOTRE FAVEUR + SARL DUPONT + FACT 2026-123",
				"2026-11-18 | -80.00 EUR | debit | ELECTRA | PRELEVEMENT ELECTRA",
				"2026-11-10 | -10.00 EUR | transfer |  | VIREMENT EMIS",
				"= 12345678901 EUR 2026-11-01..2026-11-22 ? 1900.00", "= 98765432109 EUR 2026-11-10..2026-11-22 ? 50.00",
			},
		},
		"BNP Paribas": {
			"Compte de chèques;****1234;22/11/2026;;1 500,00\nDate operation;Categorie operation;Sous Categorie operation;Libelle operation;Montant operation;Pointage operation\n" +
				"20-11-2026;Revenus;Virement;VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ;1200,00;0\n19-11-2026;Frais;;COMMISSIONS;-3,50;0\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ + FACT 2026-123 | e2e XYZ",
				"2026-11-19 | -3.50 EUR | fee |  | COMMISSIONS", "=  EUR 2026-11-19..2026-11-22 ? 1500.00",
			},
		},
		"Société Générale": {
			"=\"0012345678901234\";01/11/2026;22/11/2026;\nDate de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n" +
				"20/11/2026;VIR RECU 1234567890S;VIR RECU    1234567890S DE: DUPONT SARL MOTIF: FACT 12 REF: X1;1 200,00;EUR\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | VIR RECU 1234567890S + VIR RECU 1234567890S DE: DUPONT SARL MOTIF: FACT 12 REF: X1 + FACT 12 | e2e X1",
				"= 0012345678901234 EUR 2026-11-01..2026-11-22 ? ?",
			},
		},
		"Crédit Mutuel, CIC: newest balance last": {
			"Date;Date de valeur;Débit;Crédit;Libellé;Solde\n20/11/2026;20/11/2026;-20,00;;PRLV SEPA TELNET;80,00\n23/11/2026;24/11/2026;;450,50;VIR DE DURAND ET FILS;530,50\n" +
				"23/11/2026;23/11/2026;-30,50;;REJET PRLV ROY AM04;500,00\n",
			[]string{
				"2026-11-20 | -20.00 EUR | debit | TELNET | PRLV SEPA TELNET",
				"2026-11-23/2026-11-24 | 450.50 EUR | transfer | DURAND ET FILS | VIR DE DURAND ET FILS",
				"2026-11-23 | -30.50 EUR | debit | ROY | REJET PRLV ROY AM04 + AM04 | retour AM04",
				"=  EUR 2026-11-20..2026-11-23 100.00 500.00",
			},
		},
		"Banque Populaire, Caisse d’Épargne": {
			"Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation\n" +
				"20/11/2026;HOTEL DU NORD;VIR SEPA HOTEL DU NORD;ABC12;F-2026-0042;Virement recu;Autres;X;;+1200,00;20/11/2026;20/11/2026;0\n" +
				"19/11/2026;COTIS;*COTIS ESSENTIEL;;;Frais bancaires;Banque;Y;-12,50;;19/11/2026;18/11/2026;0\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | HOTEL DU NORD | VIR SEPA HOTEL DU NORD + HOTEL DU NORD + ABC12 + F-2026-0042",
				"2026-11-19/2026-11-18 | -12.50 EUR | fee |  | *COTIS ESSENTIEL + COTIS",
				"=  EUR 2026-11-19..2026-11-20 ? ?",
			},
		},
		"La Banque Postale": {
			"Numéro Compte   ;1234567A020\nType         ;CCP\nCompte tenu en  ;euros\nDate            ;22/11/2026\nSolde (EUROS)   ;1 234,56\nSolde (FRANCS)   ;8 098,18\n\n" +
				"Date;Libellé;Montant(EUROS);Montant(FRANCS)\n20/11/2026;VIREMENT DE M ROY PAUL REFERENCE : NOTPROVIDED;450,00;2 951,81\n19/11/2026;ACHAT CB PAPETERIE 18.11.26;-12,00;-78,71\n",
			[]string{
				"2026-11-20 | 450.00 EUR | transfer | M ROY PAUL | VIREMENT DE M ROY PAUL REFERENCE : NOTPROVIDED",
				"2026-11-19 | -12.00 EUR | card |  | ACHAT CB PAPETERIE 18.11.26",
				"= 1234567A020 EUR 2026-11-19..2026-11-22 ? 1234.56",
			},
		},
		"BoursoBank": {
			"dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n" +
				"2026-11-20;2026-11-20;\"VIR SEPA DUPONT SARL | FACT 12\";\"Virements reçus\";\"Virements\";\"dupont\";1 200,00;\"\";\"00040123456\";\"PRO\";2000.00\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | VIR SEPA DUPONT SARL | FACT 12 + FACT 12",
				"= 00040123456 EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"Qonto": {
			"Statut;Date de la valeur (UTC);Date de l'opération (UTC);Date de la valeur (local);Date de l'opération (local);Montant total (TTC);Devise;Montant HT;TVA;Nom de la contrepartie;Méthode de paiement;Référence;Note;IBAN du compte;Identifiant de transaction\n" +
				"Exécuté;20-11-2026 09:10:11;20-11-2026 09:10:11;20-11-2026 10:10:11;20-11-2026 10:10:11;1200,00;EUR;1000;200;DUPONT SARL;transfer;FACT 2026-123;;FR7630006000011234567890189;imprimerie-1-transaction-7\n" +
				"Refusé;20-11-2026 09:10:11;20-11-2026 09:10:11;20-11-2026 10:10:11;20-11-2026 10:10:11;-5,00;EUR;;;SHOP;card;;;FR7630006000011234567890189;t-8\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | FACT 2026-123 | id imprimerie-1-transaction-7",
				"= FR7630006000011234567890189 EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"N26": {
			"\"Booking Date\",\"Value Date\",\"Partner Name\",\"Partner Iban\",Type,\"Payment Reference\",\"Account Name\",\"Amount (EUR)\",\"Original Amount\",\"Original Currency\",\"Exchange Rate\"\n" +
				"2026-11-20,2026-11-21,\"Dupont SARL\",FR7630006000011234567890189,\"Credit Transfer\",\"Facture 12\",\"Compte\",1200.0,,,\n",
			[]string{
				"2026-11-20/2026-11-21 | 1200.00 EUR | transfer | Dupont SARL | Facture 12 | iban FR7630006000011234567890189",
				"=  EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"the Netherlands, with a side in words": {
			"\"Datum\",\"Naam / Omschrijving\",\"Rekening\",\"Tegenrekening\",\"Code\",\"Af Bij\",\"Bedrag (EUR)\",\"Mutatiesoort\",\"Mededelingen\"\n" +
				"\"20261120\",\"MARTEL SARL\",\"NL20INGB0001234567\",\"NL65BUNQ2206724936\",\"OV\",\"Bij\",\"1200,00\",\"Overschrijving\",\"FACT 12\"\n" +
				"\"20261119\",\"PAPETERIE\",\"NL20INGB0001234567\",\"\",\"BA\",\"Af\",\"12,00\",\"Betaalautomaat\",\"CB 19/11\"\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | other | MARTEL SARL | FACT 12 | iban NL65BUNQ2206724936",
				"2026-11-19 | -12.00 EUR | card | PAPETERIE | CB 19/11", "= NL20INGB0001234567 EUR 2026-11-19..2026-11-20 ? ?",
			},
		},
		"an IBAN in the column of the other side": {
			"\"Date\",\"Interest Date\",\"Amount\",\"Account\",\"Counterparty\",\"Name\",\"Description\"\n" +
				"\"2026-11-20\",\"2026-11-20\",\"1,200.00\",\"NL20INGB0001234567\",\"NL65BUNQ2206724936\",\"MARTEL SARL\",\"FACT 12\"\n" +
				"\"2026-11-19\",\"2026-11-19\",\"-12.00\",\"NL20INGB0001234567\",\"\",\"PAPETERIE\",\"CB 19/11\"\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | other | MARTEL SARL | FACT 12 | iban NL65BUNQ2206724936",
				"2026-11-19 | -12.00 EUR | card | PAPETERIE | CB 19/11", "= NL20INGB0001234567 EUR 2026-11-19..2026-11-20 ? ?",
			},
		},
		"Germany": {
			"\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\"BIC (SWIFT-Code)\";\"Betrag\";\"Waehrung\";\"Info\"\n" +
				"\"DE89370400440532013000\";\"20.11.26\";\"20.11.26\";\"GUTSCHR. UEBERWEISUNG\";\"EREF+4711 SVWZ+Rechnung 2026-77\";\"Müller GmbH\";\"DE02120300000000202051\";\"BYLADEM1001\";\"1.190,00\";\"EUR\";\"Umsatz gebucht\"\n",
			[]string{
				"2026-11-20 | 1190.00 EUR | other | Müller GmbH | GUTSCHR. UEBERWEISUNG + EREF+4711 SVWZ+Rechnung 2026-77 + Umsatz gebucht + Rechnung 2026-77 | e2e 4711 | iban DE02120300000000202051",
				"= DE89370400440532013000 EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"a side in a column, lines of words below, balances and totals among the rows": {
			"IBAN : FR76 3000 6000 0112 3456 7890 189\nDate;Libellé;Sens;Montant\n01/11/2026;Ancien solde;C;100,00\n02/11/2026;VIR SEPA HOTEL DU NORD;C;50,00\n;FACTURE F-12;;\n;;;\n" +
				"03/11/2026;FRAIS DE TENUE DE COMPTE;D;10,00\nTotal des mouvements;;;60,00\n30/11/2026;Nouveau solde;C;140,00\n",
			[]string{
				"2026-11-02 | 50.00 EUR | transfer | HOTEL DU NORD | VIR SEPA HOTEL DU NORD + FACTURE F-12",
				"2026-11-03 | -10.00 EUR | fee |  | FRAIS DE TENUE DE COMPTE",
				"= FR7630006000011234567890189 EUR 2026-11-01..2026-11-30 100.00 140.00",
			},
		},
		"minus behind, parentheses": {
			"Date opération;Libellé;Montant\n22/11/2026;VIR SEPA ROY;50,00\n23/11/2026;PRLV TELNET;10,00-\n24/11/2026;CARTE SHOP;(5,00)\n",
			[]string{
				"2026-11-22 | 50.00 EUR | transfer | ROY | VIR SEPA ROY", "2026-11-23 | -10.00 EUR | debit | TELNET | PRLV TELNET",
				"2026-11-24 | -5.00 EUR | card |  | CARTE SHOP", "=  EUR 2026-11-22..2026-11-24 ? ?",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, told(t, c.text, ingest.Hints{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Columns without names are understood by what they hold; what may be more than
// one thing is asked.
func TestAnExportWithoutNamesOfColumnsIsUnderstoodByItsContent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"BNP Paribas, of old": {
			"Compte de chèques;Compte de chèques;****1234;22/11/2026;;1 500,00\n20-11-2026;;;VIR SEPA RECU /DE MARTEL SARL /MOTIF FACT 12;1 200,00\n" +
				"19-11-2026;;;COMMISSIONS;-3,50\n",
			"2026-11-20 | 1200.00 EUR | transfer | MARTEL SARL | VIR SEPA RECU /DE MARTEL SARL /MOTIF FACT 12 + FACT 12\n" +
				"2026-11-19 | -3.50 EUR | fee |  | COMMISSIONS\n=  EUR 2026-11-19..2026-11-22 ? 1500.00\n! entete",
		},
		"LCL": {
			"20/11/2026;1200,00;Virement;;VIR SEPA MARTEL SARL;;0;\n19/11/2026;-12,00;Carte;;CB SHOP;;0;\n20/11/2026;3456,78;;;;;01234 567890A;COMPTE COURANT\n",
			"2026-11-20 | 1200.00 EUR | transfer | MARTEL SARL | VIR SEPA MARTEL SARL\n2026-11-19 | -12.00 EUR | card |  | CB SHOP\n" +
				"= 01234567890A EUR 2026-11-19..2026-11-20 ? 3456.78\n! entete",
		},
		"with a balance": {
			"18/11/2026;PRLV TELNET;-20,00;80,00\n19/11/2026;VIR MARTEL SARL;50,00;130,00\n",
			"2026-11-18 | -20.00 EUR | debit | TELNET | PRLV TELNET\n2026-11-19 | 50.00 EUR | transfer | MARTEL SARL | VIR MARTEL SARL\n" +
				"=  EUR 2026-11-18..2026-11-19 100.00 130.00\n! entete",
		},
		"two amounts": {"18/11/2026;PRLV TELNET;-20,00;81,00\n19/11/2026;VIR MARTEL SARL;50,00;130,00\n", "demande : [number total]"},
		"no sign":     {"18/11/2026;VIR MARTEL;20,00\n19/11/2026;VIR MARTEL SARL;50,00\n", "demande : [number total]"},
		"no words of a bank": {
			"18/11/2026;MARTEL;-20,00\n19/11/2026;PETIT;50,00\n", "demande : [number total]",
		},
	} {
		if diff := cmp.Diff(strings.Split(c.want, "\n"), told(t, c.text, ingest.Hints{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What the bank takes off beside the amount has left the account too: the balance
// shows it, or the service is known to do so.
func TestFeesBesideTheAmountHaveLeftTheAccount(t *testing.T) {
	t.Parallel()
	head := "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
	row := func(day, amount, fee, balance string) string {
		return "TRANSFER,Current,2026-01-" + day + " 09:00:00,2026-01-" + day + " 09:00:01,MARTEL SARL," + amount + "," + fee + ",EUR,COMPLETED," + balance + "\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"beside": {
			head + row("14", "1000.00", "0.00", "1000.00") + row("15", "-100.00", "0.50", "899.50") + row("16", "50.00", "2.00", "947.50"),
			"1000.00 -100.50/0.50 48.00/2.00 = 0.00 947.50",
		},
		"within": {
			head + row("14", "1000.00", "0.00", "1000.00") + row("15", "-100.00", "0.50", "900.00") + row("16", "50.00", "2.00", "950.00"),
			"1000.00 -100.00/0.50 50.00/2.00 = 0.00 950.00",
		},
		"no balance": {head + row("15", "-100.00", "0.50", ""), "-100.50/0.50 = ? ?"},
		"in French": {
			"Type,Produit,Date de début,Date de fin,Description,Montant,Frais,Devise,État,Solde\n" +
				"Virement,Actuel,2026-01-15 09:00:00,2026-01-15 09:00:01,Vers MARTEL,-100.00,0.50,EUR,TERMINÉ,\n", "-100.50/0.50 = ? ?",
		},
	} {
		f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("releve.csv", []byte(c.text)), ingest.Hints{})
		var got []string
		for d, err := range f.Documents(t.Context()) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s := d.Entry.Amount.Decimal()
			if d.Entry.Fees.Sign() != 0 {
				s += "/" + d.Entry.Fees.Decimal()
			}
			got = append(got, s)
		}
		fields := strings.Fields(showStatement(f.Statements[0]))
		got = append(got, "=", fields[len(fields)-2], fields[len(fields)-1])
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Books of customers stay what they are, though they have days, labels, debits and
// credits too.
func TestBooksOfCustomersAreNoExportOfABank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Date;Code client;Libellé;Montant réglé;Mode de règlement\n20/11/2026;C1;VIR DUPONT;10,00;VIR\n":                                                    "payment | ",
		"Date;Pièce;Compte auxiliaire;Libellé;Débit;Crédit;Solde\n02/10/2026;F1;411DUP;Facture;100,00;;100,00\n03/10/2026;V1;411DUP;VIR;;40,00;60,00\n":     "invoice | F1",
		"Date;Libellé;Débit;Crédit\n02/10/2026;Facture F1;100,00;\n25/10/2026;Avoir AV1;;40,00\n":                                                           "demande : [number customer_name]",
		"Date;Libellé;Débit;Crédit;Solde\n02/10/2026;VIR RECU DUPONT;100,00;;100,00\n25/10/2026;VIR EMIS NORD;;40,00;60,00\n26/10/2026;FRAIS;;1,00;59,00\n": "demande : [number customer_name]",
		"Date;Libellé;Débit;Crédit\n02/10/2026;VIR RECU DUPONT;100,00;\n25/10/2026;VIR EMIS NORD;;40,00\n":                                                  "demande : [number customer_name]",
		"Date opération;N° facture;Client;Date d'échéance;Montant TTC\n02/10/2026;F1;Delvaux;01/11/2026;100,00\n":                                           "invoice | F1",
	} {
		got := told(t, text, ingest.Hints{})
		if len(got) == 0 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%q: got %q, want %s…", text, got, want)
		}
	}
}

func TestABalanceThatDoesNotGoOnIsSaid(t *testing.T) {
	t.Parallel()
	head := "Date opération;Libellé;Montant;Solde\n"
	rows := []string{"22/11/2026;VIR ROY;50,00;150,00\n", "23/11/2026;VIR NOEL;20,00;170,00\n", "24/11/2026;FRAIS;-5,00;165,00\n", "25/11/2026;VIR LE GALL;30,00;195,00\n"}
	whole := told(t, head+strings.Join(rows, ""), ingest.Hints{})
	if !slices.Contains(whole, "=  EUR 2026-11-22..2026-11-25 100.00 195.00") || strings.HasPrefix(whole[len(whole)-1], "!") {
		t.Errorf("whole: %q", whole)
	}
	holed := told(t, head+rows[0]+rows[2]+rows[3], ingest.Hints{Kind: ingest.Entry})
	if !slices.Contains(holed, "! solde") && !slices.Contains(holed, "! control") {
		t.Errorf("a row is missing: %q", holed)
	}
	slices.Reverse(rows)
	back := told(t, head+strings.Join(rows, ""), ingest.Hints{})
	if !slices.Contains(back, "=  EUR 2026-11-22..2026-11-25 100.00 195.00") || strings.HasPrefix(back[len(back)-1], "!") {
		t.Errorf("newest first: %q", back)
	}
}

func TestAnExportThatIsUnclearIsAskedAboutAndCanBeSaid(t *testing.T) {
	t.Parallel()
	unsigned := "Date opération;Libellé;Montant\n02/11/2026;VIR SEPA ROY;50,00\n03/11/2026;FRAIS DE GESTION;10,00\n"
	if got := told(t, unsigned, ingest.Hints{}); !slices.Equal(got, []string{"demande : [side]"}) {
		t.Errorf("without a sign: %q", got)
	}
	for text, want := range map[string]string{
		"PRLV LOYER": "demande", "CB CARREFOUR": "demande", "CHEQUE 1234567": "demande", "RETRAIT DAB": "demande", "VIR EMIS DUPONT": "demande",
		"VIR DUPONT": "! signs", "VIR RECU DUPONT": "2026", "REMISE CHEQUES": "2026", "TELECOLLECTE CB": "2026",
	} {
		alone := "Date;Libellé;Montant\n22/11/2026;" + text + ";1300,00\n"
		got := told(t, alone, ingest.Hints{Kind: ingest.Entry})
		if shown := strings.Join(got, "\n"); !strings.Contains(shown, want) || strings.Contains(shown, "! signs") != (want == "! signs") ||
			strings.Contains(shown, "demande") != (want == "demande") {
			t.Errorf("%s: %q, not %s", text, got, want)
		}
		h := ingest.Hints{Kind: ingest.Entry, Mapping: map[ingest.Field]string{ingest.FieldSide: "-"}}
		if got := told(t, alone, h); len(got) != 2 || !strings.HasPrefix(got[0], "2026-11-22 | 1300.00 EUR") {
			t.Errorf("%s, all of it came in: %q", text, got)
		}
		signed := "Date;Libellé;Montant\n22/11/2026;" + text + ";-1300,00\n"
		if got := told(t, signed, ingest.Hints{Kind: ingest.Entry}); len(got) != 2 {
			t.Errorf("%s with a sign: %q", text, got)
		}
	}
	both := "Date opération;Libellé;Débit;Crédit\n22/11/2026;VIR A;5,00;5,00\n23/11/2026;VIR B;0,00;7,00\n"
	if got := told(t, both, ingest.Hints{}); len(got) != 3 || !strings.HasPrefix(got[0], "2:3 refusé : la ligne a un débit et un crédit") {
		t.Errorf("a debit and a credit: %q", got)
	}
	if got := told(t, "Jour;Truc\n02/11/2026;x\n", ingest.Hints{Kind: ingest.Entry}); len(got) != 1 || !strings.HasPrefix(got[0], "demande : [booked_on total") {
		t.Errorf("without an amount: %q", got)
	}
	// LCL gives its columns no names.
	lcl := "20/11/2026;1200,00;Virement;;VIR SEPA DUPONT SARL;;0;\n19/11/2026;-12,00;Carte;;CB SHOP;;0;\n20/11/2026;3456,78;;;;;01234 567890A;COMPTE COURANT\n"
	h := ingest.Hints{Mapping: map[ingest.Field]string{
		ingest.FieldBooked: "1", ingest.FieldTotal: "2", ingest.FieldMethod: "3", ingest.FieldLabel: "5",
	}}
	want := []string{
		"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | VIR SEPA DUPONT SARL", "2026-11-19 | -12.00 EUR | card |  | CB SHOP",
		"= 01234567890A EUR 2026-11-19..2026-11-20 ? 3456.78",
	}
	if diff := cmp.Diff(want, told(t, lcl, h)); diff != "" {
		t.Errorf("LCL (-want +got):\n%s", diff)
	}
}

func TestBadRowsOfABankAreNamedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	got := told(t, "Date opération;Date de valeur;Libellé;Débit;Crédit\n02/11/2026;02/11/2026;VIR ROY;;50,00\n31/02/2026;;VIR NOEL;;20,00\n"+
		"03/11/2026;;FRAIS;;\n;;VIR;;5,00\n04/11/2026;;VIR;;dix\nÉdité le 30/11/2026;;;;\n05/11/2026;;VIR A;B;;5,00\n06/11/2026;06/11/2026;VIR LE GALL;;1,00\n", ingest.Hints{})
	want := []string{
		"3:1 refusé : colonne « Date opération » : « 31/02/2026 » : le 31 février 2026 n’existe pas",
		"4:5 refusé : le montant manque", "5:1 refusé : la date de l’opération manque",
		"6:5 refusé : colonne « Crédit » : « dix » n’est pas un montant lisible : il n’a pas de chiffres",
		"8:6 refusé : la ligne a plus de colonnes que l’en-tête : un séparateur s’est glissé dans un texte",
		"2026-11-02 | 50.00 EUR | transfer | ROY | VIR ROY", "2026-11-06 | 1.00 EUR | transfer | LE GALL | VIR LE GALL",
		"=  EUR 2026-11-02..2026-11-06 ? ?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Traits of exports that were seen, with other names and figures.
func TestExportsOfBanksThatStrayAreUnderstood(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"the account beside its name": {
			"Date de l'opération;Nom du compte;IBAN du compte;Montant;Nom de la contrepartie;IBAN de la contrepartie;Référence\n" +
				"14/01/2026;Principal;FR7630006000011234567890189;1234,56;MARTEL SARL;FR7630004000031234567890143;FACTURE 12\n",
			"2026-01-14 | 1234.56 EUR | other | MARTEL SARL | FACTURE 12 | iban FR7630004000031234567890143\n" +
				"= FR7630006000011234567890189 EUR 2026-01-14..2026-01-14 ? ?",
		},
		"the IBAN of the other side": {
			"Date de la valeur,Type de transaction,Montant,Devise,Libellé,IBAN,Nom de la contrepartie\n" +
				"14/01/2026,Virement entrant,\"1234,56\",EUR,FACTURE 12,FR7630004000031234567890143,MARTEL SARL\n" +
				"13/01/2026,Paiement carte,\"-23,90\",EUR,PAPETERIE,,\n",
			"2026-01-14 | 1234.56 EUR | transfer | MARTEL SARL | FACTURE 12 | iban FR7630004000031234567890143\n" +
				"2026-01-13 | -23.90 EUR | card |  | PAPETERIE\n=  EUR 2026-01-13..2026-01-14 ? ?",
		},
		"a side behind the amount, and the balance in the place of the day": {
			"Date opération;Libellé;Montant;Solde\n21/10/2026;VIREMENT SEPA RECU MARTEL;200,00 C;150,00 C\n" +
				"23/10/2026;CHEQUE 1234567;203,50 D;53,50 D\nSolde au 31/10/2026;;;53,50 D\n",
			"2026-10-21 | 200.00 EUR | transfer | MARTEL | VIREMENT SEPA RECU MARTEL\n2026-10-23 | -203.50 EUR | cheque |  | CHEQUE 1234567\n" +
				"=  EUR 2026-10-21..2026-10-31 -50.00 -53.50",
		},
		"the balance on a line below its day": {
			"\"FR76 3000 6000 0112 3456 7890 189\";\"CM\"\n\"Solde au\";\"02/09/2026\"\n\"Solde\";\"767,32\";\"EUR\"\n\n" +
				"Date;Nature de l'opération;Débit;Crédit;Devise;Date de valeur;Libellé interbancaire\n" +
				"17/08/2026;VIR RECU 1234567890S;;115,00;EUR;17/08/2026;VIREMENTS RECUS\n;DE: MARTEL SARL;;;;;\n;MOTIF: FACTURE 12;;;;;\n",
			"2026-08-17 | 115.00 EUR | transfer | MARTEL SARL | VIR RECU 1234567890S + DE: MARTEL SARL + MOTIF: FACTURE 12 + FACTURE 12\n" +
				"= FR7630006000011234567890189 EUR 2026-08-17..2026-09-02 ? 767.32",
		},
		"what is not done has the day on which it began": {
			"Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n" +
				"TRANSFER,Current,2026-01-14 09:12:11,2026-01-14 09:12:12,From MARTEL SARL,1234.56,0.00,EUR,COMPLETED,2234.56\n" +
				"CARD_PAYMENT,Current,2026-01-13 09:12:11,,Papeterie,-23.90,0.00,EUR,PENDING,\n" +
				"CARD_PAYMENT,Current,2026-01-12 09:12:11,,Taxi,-13.90,0.00,EUR,REVERTED,\n",
			"2026-01-14 | 1234.56 EUR | transfer |  | From MARTEL SARL\n2026-01-13 | -23.90 EUR | card |  | Papeterie | en attente\n" +
				"=  EUR 2026-01-13..2026-01-14 ? ?",
		},
		"names of columns with low lines": {
			"=\"0123456789012345\";14/01/2026;14/01/2026;2;31/01/2026;1 234,56 EUR\n\n" +
				"date_comptabilisation;libellé_complet_operation;montant_operation;devise;\n" +
				"14/01/2026;VIR RECU 1234567890S DE: MARTEL SARL MOTIF: FACTURE 12 REF: ABC;1234,56;EUR;\n13/01/2026;CARTE X1234 PAPETERIE;-23,90;EUR;\n",
			"2026-01-14 | 1234.56 EUR | transfer | MARTEL SARL | VIR RECU 1234567890S DE: MARTEL SARL MOTIF: FACTURE 12 REF: ABC + FACTURE 12 | e2e ABC\n" +
				"2026-01-13 | -23.90 EUR | card |  | CARTE X1234 PAPETERIE\n= 0123456789012345 EUR 2026-01-13..2026-01-31 ? 1234.56",
		},
	} {
		if diff := cmp.Diff(strings.Split(c.want, "\n"), told(t, c.text, ingest.Hints{Kind: ingest.Entry})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
