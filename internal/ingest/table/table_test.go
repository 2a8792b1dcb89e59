package table

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/ingest"
)

// outcome is what came of a table, in one line for each row.
func outcome(t testing.TB, content []byte, h ingest.Hints) (*ingest.File, []string) {
	t.Helper()
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("essai.csv", content), h)
	var lines []string
	for d, err := range f.Documents(t.Context()) {
		if r, ok := errors.AsType[*ingest.Rejected](err); ok {
			lines = append(lines, fmt.Sprintf("%d:%d refusé : %s", r.Line, r.Column, plainSpace.Replace(r.Reason)))
			continue
		}
		if a, ok := errors.AsType[*ingest.Ask](err); ok {
			lines = append(lines, "demande : "+a.Reason)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, show(d))
	}
	return f, lines
}

// plainSpace forgets which space stands where: typography is tested where it is
// made.
var plainSpace = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

func show(d *ingest.Document) string {
	parts := []string{string(d.Kind)}
	if d.Nature != "" {
		parts[0] += "/" + string(d.Nature)
	}
	for _, s := range []string{d.Number, d.Customer.Code, d.Customer.Name, d.Issued.String(), d.Due.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if ingest.Known(d.Total) {
		parts = append(parts, d.Total.String())
	}
	if ingest.Known(d.Open) {
		parts = append(parts, "reste "+d.Open.Decimal())
	}
	return strings.Join(parts, " | ")
}

// Exports of the programs in use, as they come. Each line of want is a row.
func TestExportsOfAccountingPrograms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"échéancier Sage": {
			"SARL IMPRIMERIE DU CANAL;;;;;;;;;;\r\nÉchéancier clients;;;;;;;;;;\r\nÉdité le 22/11/2026 à 09:12;;;;;;;;;;\r\n;;;;;;;;;;\r\n" +
				"Journal;Date;N° pièce;Compte;Tiers;Libellé;Échéance;Mode;Débit;Crédit;Lettre\r\n" +
				"VTE;08/10/26;F1001;411000;DELVAUX;Facture F1001;07/11/26;VIR;2 450,00;;\r\n" +
				"VTE;09/10/26;AV12;411000;DELVAUX;Avoir F998;09/10/26;;;120,00;\r\n" +
				"BQ1;12/11/26;BQ55;411000;DELVAUX;Virement DELVAUX;12/11/26;;;450,00;\r\n" +
				"VTE;01/09/26;F900;411000;BERNARD;Facture F900;01/10/26;;800,00;;A\r\n" +
				"BQ1;03/10/26;BQ41;411000;BERNARD;Chèque 778;03/10/26;;;800,00;A\r\n" +
				"AN;01/01/26;F455;411000;MARTIN;Report à nouveau;31/12/25;;60,10;;\r\n" +
				"BQ1;20/11/26;BQ60;411000;DELVAUX;Rejet prélèvement;20/11/26;;90,00;;\r\n" +
				"Total général;;;;;;;;3 400,10;1 370,00;\r\n",
			[]string{
				"invoice | F1001 | DELVAUX | 2026-10-08 | 2026-11-07 | 2450.00 EUR",
				"credit_note | AV12 | DELVAUX | 2026-10-09 | 2026-10-09 | 120.00 EUR",
				"payment | BQ55 | DELVAUX | 2026-11-12 | 2026-11-12 | 450.00 EUR",
				"invoice | F900 | BERNARD | 2026-09-01 | 2026-10-01 | 800.00 EUR | reste 0.00",
				"payment | BQ41 | BERNARD | 2026-10-03 | 2026-10-03 | 800.00 EUR | reste 0.00",
				"invoice/opening | F455 | MARTIN | 2026-01-01 | 2025-12-31 | 60.10 EUR",
				"invoice/refund | BQ60 | DELVAUX | 2026-11-20 | 2026-11-20 | 90.00 EUR",
			},
		},
		"EBP": {
			"Ligne,Date,Code journal,N° compte,Libellé,N° pièce,Montant,Sens,Date échéance,Code monnaie\n" +
				"1,02/10/2026,VE,411DUPON,Dupont SA,FA0001,1200.50,D,01/11/2026,EUR\n" +
				"2,15/10/2026,VE,411DURAN,Durand,AV0002,80.00,C,15/10/2026,EUR\n" +
				"3,16/10/2026,BQ,411DUPON,Virement,RG0003,200.00,C,,EUR\n",
			[]string{
				"invoice | FA0001 | 411DUPON | 2026-10-02 | 2026-11-01 | 1200.50 EUR",
				"credit_note | AV0002 | 411DURAN | 2026-10-15 | 2026-10-15 | 80.00 EUR",
				"payment | RG0003 | 411DUPON | 2026-10-16 | 200.00 EUR",
			},
		},
		"Pennylane": {
			"\"Numéro de facture\",\"Client\",\"Date d'émission\",\"Échéance\",\"Montant TTC (€)\",\"Restant dû\",\"Statut\"\n" +
				"\"F-2026-11-001\",\"Café de la Gare\",\"2026-11-02\",\"2026-12-02\",\"120,00\",\"120,00\",\"À payer\"\n" +
				"\"F-2026-11-002\",\"Mairie de Lille\",\"2026-11-03\",\"2026-12-03\",\"1 500,00\",\"0,00\",\"Payée\"\n" +
				"\"\",\"Essai\",\"2026-11-03\",\"2026-12-03\",\"10,00\",\"10,00\",\"Brouillon\"\n",
			[]string{
				"invoice | F-2026-11-001 | Café de la Gare | 2026-11-02 | 2026-12-02 | 120.00 EUR | reste 120.00",
				"invoice | F-2026-11-002 | Mairie de Lille | 2026-11-03 | 2026-12-03 | 1500.00 EUR | reste 0.00",
			},
		},
		"QuickBooks": {
			"Open Invoices Report\n\"Canal Printing, Inc.\"\n\nTransaction date,Transaction type,Num,Name,Due date,Amount,Open balance\n" +
				"10/31/2026,Invoice,1037,Sonnenschein Family Store,11/30/2026,\"1,362.07\",362.07\n" +
				"11/02/2026,Payment,2230,Sonnenschein Family Store,,-500.00,-500.00\n" +
				"11/03/2026,Credit Memo,1038,Geeta Kalapatapu,11/03/2026,-100.00,-100.00\nTOTAL,,,,,762.07,-237.93\n",
			[]string{
				"invoice | 1037 | Sonnenschein Family Store | 2026-10-31 | 2026-11-30 | 1362.07 EUR | reste 362.07",
				"payment | 2230 | Sonnenschein Family Store | 2026-11-02 | 500.00 EUR | reste 500.00",
				"credit_note | 1038 | Geeta Kalapatapu | 2026-11-03 | 2026-11-03 | 100.00 EUR | reste 100.00",
			},
		},
		"Odoo": {
			"Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Untaxed Amount Signed,Total Signed,Amount Due Signed,Status,Payment Status\n" +
				"INV/2026/00012,\"Azure Interior, Brandon Freeman\",2026-10-05,2026-11-04,1000.0,1200.0,1200.0000000000002,Posted,Not Paid\n" +
				"RINV/2026/00001,Deco Addict,2026-10-06,2026-10-06,-50.0,-60.0,-60.0,Posted,Not Paid\n" +
				"/,Draft Customer,2026-10-06,2026-10-06,5.0,6.0,6.0,Draft,Not Paid\n",
			[]string{
				"invoice | INV/2026/00012 | Azure Interior, Brandon Freeman | 2026-10-05 | 2026-11-04 | 1200.00 EUR | reste 1200.00",
				"credit_note | RINV/2026/00001 | Deco Addict | 2026-10-06 | 2026-10-06 | 60.00 EUR | reste 60.00",
			},
		},
		"Dolibarr": {
			"Réf.;Réf. client;Type;Date facturation;Date échéance;Tiers;Ville;Code postal;Montant HT;Montant TVA;Montant TTC;Reste à payer;État\n" +
				"FA2610-0007;PO-8;Facture standard;03/10/2026;02/11/2026;Boulangerie Noël;Arras;62000;100,00;20,00;120,00;120,00;Impayée\n" +
				"AV2610-0001;;Avoir;04/10/2026;;Boulangerie Noël;Arras;62000;-10,00;-2,00;-12,00;-12,00;Impayée\n" +
				"FA2610-0008;;Facture d'acompte;05/10/2026;05/10/2026;Lycée Carnot;Douai;59500;300,00;60,00;360,00;0,00;Abandonnée\n",
			[]string{
				"invoice | FA2610-0007 | Boulangerie Noël | 2026-10-03 | 2026-11-02 | 120.00 EUR | reste 120.00",
				"credit_note | AV2610-0001 | Boulangerie Noël | 2026-10-04 | 12.00 EUR | reste 12.00",
			},
		},
		"Sellsy": {
			"Référence\tClient\tSujet\tDate\tDate d'échéance\tTotal HT\tTotal TTC\tReste dû\tStatut\n" +
				"F-2026-31\tGarage Rémy\tEntretien\t5 nov. 2026\t5 déc. 2026\t83,33\t100,00\t100,00\tEn retard\n",
			[]string{"invoice | F-2026-31 | Garage Rémy | 2026-11-05 | 2026-12-05 | 100.00 EUR | reste 100.00"},
		},
		"Xero": {
			"ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,InvoiceAmountPaid,InvoiceAmountDue,Currency,Type\n" +
				"Ridgeway University,ap@ridgeway.example,INV-0027,P/O 9711,13/10/2026,23/10/2026,6187.50,187.50,6000.00,GBP,Sales invoice\n" +
				"City Limousines,,CN-0015,,14/10/2026,14/10/2026,250.00,0,250.00,GBP,Sales credit note\n",
			[]string{
				"invoice | INV-0027 | Ridgeway University | 2026-10-13 | 2026-10-23 | 6187.50 GBP | reste 6000.00",
				"credit_note | CN-0015 | City Limousines | 2026-10-14 | 2026-10-14 | 250.00 GBP | reste 250.00",
			},
		},
		"état par client": {
			"Échéancier au 22/11/2026\nDate;Pièce;Libellé;Échéance;Montant;Solde dû\n411DUP - Dupont SA;;;;;\n01/10/2026;F1;Presse;31/10/2026;100,00;100,00\n" +
				"Total 411DUP;;;;100,00;100,00\nClient : C0043 Durand & Fils;;;;;\nDate;Pièce;Libellé;Échéance;Montant;Solde dû\n02/10/2026;F2;Encre;01/11/2026;50,00;20,00\n" +
				"Total C0043;;;;50,00;20,00\nTotal général;;;;150,00;120,00\n",
			[]string{
				"invoice | F1 | 411DUP | Dupont SA | 2026-10-01 | 2026-10-31 | 100.00 EUR | reste 100.00",
				"invoice | F2 | C0043 | Durand & Fils | 2026-10-02 | 2026-11-01 | 50.00 EUR | reste 20.00",
			},
		},
		"net and VAT": {
			"invoice_no|customer_id|issue_date|net_amount|vat\nA1|77|20261005|100|20\nA2|78|20261125|10,5|2,1\n",
			[]string{"invoice | A1 | 77 | 2026-10-05 | 120.00 EUR", "invoice | A2 | 78 | 2026-11-25 | 12.60 EUR"},
		},
		"clients": {
			"Code client;Raison sociale;Civilité;Nom contact;Prénom;E-mail comptabilité;Téléphone;Adresse;CP;Ville;SIRET;Conditions de règlement;Catégorie\n" +
				"C1;Delvaux;Mme;Roy;Jeanne;compta@delvaux.example;0320000000;1 rue A;59000;Lille;732 829 320 00074;45 jours fin de mois;grand-compte, presse\n" +
				"Total;1;;;;;;;;;;;\n",
			[]string{"customer | C1 | Delvaux"},
		},
		"règlements": {
			"Date de règlement;Client;Montant réglé;Mode de règlement;N° facture\n12/11/2026;Delvaux;450,00;Virement;F1001\n12/11/2026;Delvaux;450,00;Virement;F1001\n13/11/2026;Bernard;-20,00;Virement;\n",
			[]string{
				"payment | R20261112-450.00 | Delvaux | 2026-11-12 | 450.00 EUR",
				"payment | R20261112-450.00-2 | Delvaux | 2026-11-12 | 450.00 EUR",
				"invoice/refund | R20261113-20.00 | Bernard | 2026-11-13 | 20.00 EUR",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := outcome(t, []byte(c.text), ingest.Hints{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s%+v\n%v %v", diff, f.Understood, f.Warnings, f.Skipped)
			}
			for _, k := range f.Controls {
				if !k.Holds() {
					t.Errorf("total: %+v", k)
				}
			}
		})
	}
}
