package table

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/ingest"
)

// What payment companies export: what is left of each sale is what moved.
func TestExportsOfPaymentCompanies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Revolut Business": {
			"Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Orig currency,Orig amount,Payment currency,Amount,Fee,Balance,Account,Beneficiary IBAN\n" +
				"2026-11-20,2026-11-20,r-3,TOPUP,COMPLETED,Money added from DUPONT SARL,FACT 12,DUPONT SARL,EUR,1200.00,EUR,1200.00,0.00,1300.00,Main EUR,\n" +
				"2026-11-19,2026-11-19,r-2,CARD_PAYMENT,COMPLETED,Paper shop,,,EUR,-12.00,EUR,-12.00,0.00,100.00,Main EUR,\n" +
				"2026-11-18,2026-11-18,r-1,TRANSFER,PENDING,To NORD,,,EUR,-5.00,EUR,-5.00,0.00,112.00,Main EUR,\n",
			[]string{
				"2026-11-20 | 1200.00 EUR | transfer | DUPONT SARL | Money added from DUPONT SARL + FACT 12 | id r-3",
				"2026-11-19 | -12.00 EUR | card |  | Paper shop | id r-2", "2026-11-18 | -5.00 EUR | transfer |  | To NORD | id r-1 | en attente",
				"=  EUR 2026-11-18..2026-11-20 112.00 1300.00",
			},
		},
		"Wise": {
			"TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Payer Name,Payee Name,Payee Account Number,Merchant,Total fees\n" +
				"TRANSFER-77,20-11-2026,1195.00,GBP,Received money from ACME LTD,INV-12,1200.00,,ACME LTD,,,,5.00\n",
			[]string{
				"2026-11-20 | 1195.00 GBP | other | ACME LTD | Received money from ACME LTD + INV-12 | id TRANSFER-77 | frais 5.00",
				"=  GBP 2026-11-20..2026-11-20 ? ?",
			},
		},
		"PayPal": {
			"\"Date\",\"Heure\",\"Fuseau horaire\",\"Nom\",\"Type\",\"État\",\"Devise\",\"Avant commission\",\"Commission\",\"Net\",\"De l'adresse email\",\"Numéro de transaction\",\"Titre de l'objet\",\"TVA\",\"Numéro de facture\",\"Solde\"\n" +
				"\"20/11/2026\",\"10:00:00\",\"CET\",\"Jeanne Roy\",\"Paiement Express Checkout\",\"Terminé\",\"EUR\",\"120,00\",\"-3,60\",\"116,40\",\"j@roy.example\",\"7AB\",\"Flyers\",\"\",\"F-12\",\"116,40\"\n",
			[]string{
				"2026-11-20 | 116.40 EUR | card | Jeanne Roy | Flyers + F-12 | id 7AB | frais 3.60",
				"=  EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"SumUp, what is left of each sale": {
			"Date,ID de la transaction,Type,Statut,Moyen de paiement,Description,Montant TTC,Frais,Versement,Devise\n" +
				"2026-11-20 10:12,TA1,Vente,Réussi,Carte,Comptoir,\"120,00\",\"2,10\",\"117,90\",EUR\n2026-11-21 10:12,TA2,Vente,Échoué,Carte,Comptoir,\"20,00\",\"0,00\",\"0,00\",EUR\n",
			[]string{
				"2026-11-20 | 117.90 EUR | card |  | Comptoir | id TA1 | frais 2.10", "=  EUR 2026-11-20..2026-11-20 ? ?",
			},
		},
		"GoCardless, what a payout is made of": {
			"id,created_at,resources.description,gross_amount,gocardless_fees,net_amount,currency,payments.charge_date,payments.reference,customers.company_name,mandates.reference,payouts.arrival_date\n" +
				"EV1,2026-11-20T10:00:00Z,Facture F-12,120.00,1.20,118.80,EUR,2026-11-20,REF1,MARTEL SARL,RUM-7,2026-11-22\n" +
				"EV2,2026-11-21T10:00:00Z,Facture F-9,-50.00,0.00,-50.00,EUR,2026-11-10,REF0,DUPRE SAS,RUM-9,2026-11-22\n",
			[]string{
				"2026-11-22 | 118.80 EUR | other | MARTEL SARL | Facture F-12 + REF1 | id EV1 | rum RUM-7 | frais 1.20",
				"2026-11-22 | -50.00 EUR | other | DUPRE SAS | Facture F-9 + REF0 | id EV2 | rum RUM-9",
				"=  EUR 2026-11-22..2026-11-22 ? ?",
			},
		},
		"a wallet, what is left of each sale": {
			"Date;Libellé;Nom;Montant;Frais;Montant net;Solde\n20/11/2026;Facture F-12;MARTEL;120,00;-1,50;118,50;118,50\n" +
				"21/11/2026;Facture F-13;ROBIN;60,00;-0,90;59,10;177,60\n22/11/2026;Virement vers compte;;-118,50;0,00;-118,50;59,10\n",
			[]string{
				"2026-11-20 | 118.50 EUR | other | MARTEL | Facture F-12 | frais 1.50",
				"2026-11-21 | 59.10 EUR | other | ROBIN | Facture F-13 | frais 0.90",
				"2026-11-22 | -118.50 EUR | transfer | vers compte | Virement vers compte",
				"=  EUR 2026-11-20..2026-11-22 0.00 59.10",
			},
		},
		"Stripe, what moved its balance": {
			"id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description\n" +
				"txn_1,charge,ch_1,120.00,3.60,116.40,eur,2026-11-20 10:00,2026-11-22 00:00,Facture F-12\n" +
				"txn_2,adjustment,dp_1,-120.00,15.00,-135.00,eur,2026-11-23 10:00,2026-11-23 00:00,Chargeback withdrawal for ch_1\n",
			[]string{
				"2026-11-20/2026-11-22 | 116.40 EUR | card |  | Facture F-12 | id txn_1 | frais 3.60",
				"2026-11-23 | -135.00 EUR | other |  | Chargeback withdrawal for ch_1 | id txn_2 | frais 15.00 | retour ",
				"=  EUR 2026-11-20..2026-11-23 ? ?",
			},
		},
		"Stripe payouts": {
			"id,Amount,Created (UTC),Currency,Arrival Date (UTC),Status,Type,Description\npo_1,\"1.200,50\",2026-11-18 10:00,eur,2026-11-20 00:00,paid,bank_account,STRIPE PAYOUT\n",
			[]string{
				"2026-11-18/2026-11-20 | -1200.50 EUR | other |  | STRIPE PAYOUT | id po_1", "=  EUR 2026-11-18..2026-11-18 ? ?",
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
