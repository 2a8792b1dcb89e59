package table

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/ingest"
)

// Reports and exports that are more than a row of names above a row for each
// piece. Each line of want is a document.
func TestReportsOfProgramsAreReadThroughTheirLayout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"QuickBooks groups by age and leaves payments without a number": {
			"A/R Aging Detail\n\"As of November 28, 2026\"\n\nDate,Transaction type,Num,Customer full name,Due date,Amount,Open balance\n" +
				"Current,,,,,,\n11/20/2026,Invoice,1010,Zeta Inc,12/20/2026,\"1,000.00\",500.00\nTotal for Current,,,,,\"$1,000.00\",$500.00\n" +
				"91 or more days past due,,,,,,\n07/13/2026,Payment,,Dupont SA,07/13/2026,-10.00,-10.00\nTOTAL,,,,,$990.00,$490.00\n",
			[]string{
				"invoice | 1010 | Zeta Inc | 2026-11-20 | 2026-12-20 | 1000.00 EUR | reste 500.00",
				"payment | R20260713-10.00 | Dupont SA | 2026-07-13 | 2026-07-13 | 10.00 EUR | reste 10.00",
			},
		},
		"Xero repeats the invoice on each of its lines": {
			"ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,InvoiceAmountDue,Description,Quantity,UnitAmount,LineAmount,AccountCode,TaxAmount,Type\n" +
				"City,INV-1,13/09/2026,20/09/2026,150.00,150.00,Hours,1,100.00,100.00,200,20.00,Sales invoice\n" +
				"City,INV-1,13/09/2026,20/09/2026,150.00,150.00,Travel,1,25.00,25.00,200,5.00,Sales invoice\n" +
				"Bay,CN-2,15/09/2026,25/09/2026,-60.00,-60.00,Refund,1,-50.00,-50.00,200,-10.00,Sales credit note\n",
			[]string{
				"invoice | INV-1 | City | 2026-09-13 | 2026-09-20 | 150.00 EUR | reste 150.00",
				"credit_note | CN-2 | Bay | 2026-09-15 | 2026-09-25 | 60.00 EUR | reste 60.00",
			},
		},
		"amounts of lines add up, a discount among them": {
			"N° facture;Date;Client;Article;Qté;PU HT;Montant HT;TVA;Montant TTC\n" +
				"F1;01/10/2026;Durand;A;2;50,00;100,00;20,00;120,00\nF1;01/10/2026;Durand;Remise;1;-10,00;-10,00;-2,00;-12,00\n" +
				"F2;22/10/2026;Martin;B;1;10,00;10,00;2,00;12,00\n",
			[]string{
				"invoice | F1 | Durand | 2026-10-01 | 108.00 EUR",
				"invoice | F2 | Martin | 2026-10-22 | 12.00 EUR",
			},
		},
		"SAP draws its list and names the customer above": {
			"Customer              100234\nName                  Dupont SA\n" + strings.Repeat("-", 60) + "\n" +
				"|St|Assignment |Document Number|Type|Doc. Date |Net due dt|Amount in local cur.|LCurr|\n" + strings.Repeat("-", 60) + "\n" +
				"|O |20260901   |1800000123     |RV  |01.09.2026|31.10.2026|          1.234,56  |EUR  |\n" +
				"|O |20260905   |1600000007     |DG  |05.09.2026|05.09.2026|            100,00- |EUR  |\n" +
				"|O |           |1400000009     |DZ  |20.09.2026|20.09.2026|             34,56- |EUR  |\n" +
				strings.Repeat("-", 60) + "\n|* |           |               |    |          |          |          1.100,00  |EUR  |\n",
			[]string{
				"invoice | 1800000123 | 100234 | 2026-09-01 | 2026-10-31 | 1234.56 EUR",
				"credit_note | 1600000007 | 100234 | 2026-09-05 | 2026-09-05 | 100.00 EUR",
				"payment | 1400000009 | 100234 | 2026-09-20 | 2026-09-20 | 34.56 EUR",
			},
		},
		"Sage begins the balance anew with each customer": {
			"N° compte;Intitulé;Date pièce;N° pièce;Libellé;Échéance;Débit;Crédit;Solde\n" +
				"411DUPO;DUPONT SA;01/10/2026;FA1;Facture;31/10/2026;1 200,00;;1 200,00\n" +
				"411DUPO;DUPONT SA;05/10/2026;AV1;Avoir;05/10/2026;;200,00;1 000,00\n" +
				"411MART;MARTIN SARL;10/10/2026;FA2;Facture;09/11/2026;350,50;;350,50\n",
			[]string{
				"invoice | FA1 | 411DUPO | DUPONT SA | 2026-10-01 | 2026-10-31 | 1200.00 EUR",
				"credit_note | AV1 | 411DUPO | DUPONT SA | 2026-10-05 | 2026-10-05 | 200.00 EUR",
				"invoice | FA2 | 411MART | MARTIN SARL | 2026-10-10 | 2026-11-09 | 350.50 EUR",
			},
		},
		"ages hold what is due, numbers stand below no name": {
			"Balance âgée détaillée;;;\n;Date;Échéance;Non échu;1-30;31-60;Plus anciens\nAzure Interior\n" +
				"FAC/2026/0001;01/10/2026;31/10/2026;0,00;120,00;0,00;0,00\nTotal Azure Interior;;;0,00;120,00;0,00;0,00\n",
			[]string{"invoice | FAC/2026/0001 | Azure Interior | 2026-10-01 | 2026-10-31 | 120.00 EUR | reste 120.00"},
		},
		"a whole ledger has entries of other accounts": {
			"Journal;Date;Compte;Pièce;Libellé;Débit;Crédit\nVE;22/10/2026;411DUR;F1;Facture Durand;120,00;\nVE;22/10/2026;706000;F1;Facture Durand;;100,00\n" +
				"VE;22/10/2026;445710;F1;Facture Durand;;20,00\nBQ;25/10/2026;512000;V1;Virement;20,00;\nBQ;25/10/2026;411DUR;V1;Virement;;20,00\nTotal;;;;;140,00;140,00\n",
			[]string{
				"invoice | F1 | 411DUR | 2026-10-22 | 120.00 EUR",
				"payment | V1 | 411DUR | 2026-10-25 | 20.00 EUR",
			},
		},
		"merged cells leave the customer on the first of its rows": {
			"Client;Facture;Date;Échéance;Montant TTC\nDurand;F1;22/10/2026;31/10/2026;120,00\n;F2;22/10/2026;31/10/2026;10,00\nRoy;F3;22/10/2026;31/10/2026;99,00\n",
			[]string{
				"invoice | F1 | Durand | 2026-10-22 | 2026-10-31 | 120.00 EUR",
				"invoice | F2 | Durand | 2026-10-22 | 2026-10-31 | 10.00 EUR",
				"invoice | F3 | Roy | 2026-10-22 | 2026-10-31 | 99.00 EUR",
			},
		},
		"names stand over two lines": {
			"Code;Nom;Numéro;Date;Date;Montant;Reste\nclient;client;facture;facture;échéance;TTC;dû\n" +
				"C1;Durand;F1;01/10/2026;31/10/2026;120,00;100,00\n",
			[]string{"invoice | F1 | C1 | Durand | 2026-10-01 | 2026-10-31 | 120.00 EUR | reste 100.00"},
		},
		"pages begin and end within the table": {
			"GARAGE DU PORT;;;;Page 1\nN° facture;Client;Date;Échéance;Montant TTC\nF1;Noël;01/10/2026;31/10/2026;120,00\n" +
				"Édité le 28/11/2026\nGARAGE DU PORT;;;;Page 2\nN° facture;Client;Date;Échéance;Montant TTC\nF2;Noël;02/10/2026;01/11/2026;30,00\n" +
				";;;Total TTC;150,00\nNombre de factures;2\n",
			[]string{
				"invoice | F1 | Noël | 2026-10-01 | 2026-10-31 | 120.00 EUR",
				"invoice | F2 | Noël | 2026-10-02 | 2026-11-01 | 30.00 EUR",
			},
		},
		"numbers that look like dates, dates that look like numbers": {
			"Numéro;Code client;Client;Date;Échéance;Montant TTC\n20261001;411001;Durand;311026;301126;120,00\n20261002;411002;Roy;011126;011226;5,00\n",
			[]string{
				"invoice | 20261001 | 411001 | Durand | 2026-10-31 | 2026-11-30 | 120.00 EUR",
				"invoice | 20261002 | 411002 | Roy | 2026-11-01 | 2026-12-01 | 5.00 EUR",
			},
		},
		"one column tells what is paid, another what is a draft": {
			"name,invoice_partner_display_name,invoice_date,invoice_date_due,amount_total_signed,amount_residual_signed,payment_state,state\n" +
				"INV/2026/12,Azure,2026-10-01,2026-10-31,1200.00,1200.00,not_paid,posted\nINV/2026/13,Azure,2026-10-01,2026-10-31,12.00,12.00,not_paid,draft\n",
			[]string{"invoice | INV/2026/12 | Azure | 2026-10-01 | 2026-10-31 | 1200.00 EUR | reste 1200.00"},
		},
		"nothing is written in many ways, and paid has its day": {
			"Numéro;Client;Date;Échéance;Montant TTC;Reste dû;Statut\nF1;A;22/10/2026;N/A;120,00;–;Payée le 12/11/2026\nF2;A;22/10/2026;-;120,00;20,00;En retard\n",
			[]string{
				"invoice | F1 | A | 2026-10-22 | 120.00 EUR | reste 0.00",
				"invoice | F2 | A | 2026-10-22 | 120.00 EUR | reste 20.00",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := outcome(t, []byte(c.text), ingest.Hints{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nread as %+v", diff, f.Understood.Columns)
			}
		})
	}
}

func TestAMissingLineSpoilsTheSumOfItsPiece(t *testing.T) {
	t.Parallel()
	_, got := outcome(t, []byte("N° facture;Date;Client;Article;Qté;Montant TTC\n"+
		"F1;22/10/2026;Durand;A;2;120,00\nF1;22/10/2026;Durand;B;1;douze\nF1;22/10/2026;Durand;C;1;13,00\nF2;22/10/2026;Roy;B;1;12,00\n"), ingest.Hints{})
	want := []string{
		"3:6 refusé : colonne « Montant TTC » : « douze » n’est pas un montant lisible : il n’a pas de chiffres",
		"invoice | F2 | Roy | 2026-10-22 | 12.00 EUR",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADollarIsSaidToBeOne(t *testing.T) {
	t.Parallel()
	text := []byte("Number,Customer,Invoice date,Total\nI1,Acme,10/22/2026,$12.00\n")
	f, got := outcome(t, text, ingest.Hints{})
	if diff := cmp.Diff([]string{"invoice | I1 | Acme | 2026-10-22 | 12.00 USD"}, got); diff != "" || len(f.Warnings) != 1 {
		t.Errorf("%s %+v", diff, f.Warnings)
	}
	f, got = outcome(t, text, ingest.Hints{Currency: "CAD"})
	if diff := cmp.Diff([]string{"invoice | I1 | Acme | 2026-10-22 | 12.00 CAD"}, got); diff != "" || len(f.Warnings) != 0 {
		t.Errorf("said to be Canadian: %s %+v", diff, f.Warnings)
	}
}

func TestALongColumnOfWordyDatesAndAmountsIsReadLikeAShortOne(t *testing.T) {
	t.Parallel()
	months := []string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}
	var b strings.Builder
	b.WriteString("Numéro;Client;Date;Montant\n")
	for i := range 500 {
		fmt.Fprintf(&b, "F%d;A;%d %s %d;EUR %d.%03d,%02d\n", i, i%28+1, months[i%12], 2020+i%7, i+1, i, i%100)
	}
	f, got := outcome(t, []byte(b.String()), ingest.Hints{})
	if len(got) != 500 || got[499] != "invoice | F499 | A | 2022-08-24 | 500499.99 EUR" {
		t.Errorf("%d rows, the last %q; read as %+v", len(got), got[len(got)-1], f.Understood.Columns)
	}
}
