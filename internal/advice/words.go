package advice

import (
	"slices"
	"strings"
)

// role is what a column of an advice holds.
type role int

const (
	roleNone role = iota
	roleNumber
	roleDay
	roleGross
	roleDiscount
	roleAmount
	roleType
	roleCurrency
	roleDebit
	roleCredit
)

// meaning is a role that a heading may have, and how sure its name makes of it.
type meaning struct {
	role  role
	score int
}

// columns are the headings of payers' programs, in French, English and German.
// The creditor's own number is the payer's « votre référence »; its own is second.
var columns = func() map[string]meaning {
	m := map[string]meaning{}
	add := func(r role, score int, list string) {
		for name := range strings.SplitSeq(list, ",") {
			m[plain(name)] = meaning{r, score}
		}
	}
	add(roleNumber, 100, `n facture, no facture, numero facture, numero de facture, n de facture, facture, factures, facture n,
		facture no, ref facture, reference facture, votre facture, votre n facture, n facture fournisseur,
		numero facture fournisseur, facture fournisseur, ref facture fournisseur, reference facture fournisseur, invoice,
		invoice number, invoice no, invoice n, inv no, invoice ref, invoice reference, your invoice, your invoice no,
		supplier invoice, supplier invoice number, supplier invoice no, vendor invoice, vendor invoice no, bill number,
		rechnung, rechnungsnummer, rechnungsnr, rechnung nr, rechnungs nr, re nr, ihre rechnung, ihre rechnungsnummer, bill no`)
	add(roleNumber, 90, `votre reference, vos references, votre ref, v reference, v ref, vos ref, reference fournisseur, ref fournisseur,
		your reference, your ref, supplier reference, external reference, reference externe, ihre referenz, ihr zeichen, ihr beleg,
		ihre belegnummer, document externe, n externe, external document no, your document`)
	add(roleNumber, 60, `n piece, no piece, piece, numero piece, numero de piece, n de piece, reference piece, document, n document,
		numero document, document number, document no, doc no, doc number, reference, ref, references, belegnummer, beleg, beleg nr,
		belegnr, referenz, numero, n, no, number, libelle, description, objet, designation`)
	add(roleNumber, 20, `notre reference, nos references, n reference, n ref, our reference, our ref, unsere referenz, unser beleg,
		voucher, voucher number, numero interne`)
	add(roleDay, 100, `date, date facture, date de facture, date de la facture, date piece, date de piece, date document, date du document,
		invoice date, document date, doc date, bill date, datum, rechnungsdatum, belegdatum, du, date emission`)
	add(roleGross, 100, `montant brut, brut, montant facture, montant de la facture, montant ttc, total ttc, ttc, montant initial, gross, gross amount,
		invoice amount, original amount, bruttobetrag, brutto, rechnungsbetrag, montant d origine, invoice total, montant du document, mt brut`)
	add(roleDiscount, 100, `escompte, remise, montant escompte, montant remise, retenue, deduction, deductions, discount, cash discount,
		discount amount, discount taken, skonto, skontobetrag, abzug, abzuge, rabais, esc, retenue de garantie, withholding`)
	add(roleAmount, 100, `montant paye, montant regle, regle, paye, montant du reglement, montant reglement, montant du paiement, net paye,
		net regle, net, montant net, net a payer, montant paye eur, a payer, somme reglee, amount paid, paid, paid amount, payment amount,
		net amount, net paid, payment, zahlbetrag, nettobetrag, netto, zahlung, gezahlter betrag, bezahlt, montant vire, montant affecte,
		montant impute, reglement, applied amount, amount applied`)
	add(roleAmount, 60, `montant, amount, betrag, montant eur, amount eur, betrag eur, somme, total, mt, mnt, montant en eur, montant euros`)
	add(roleType, 100, `type, nature, type de piece, type piece, type de document, type document, document type, doc type, belegart, art, sens`)
	add(roleCurrency, 100, `devise, currency, wahrung, monnaie, curr, dev`)
	add(roleDebit, 100, `debit, montant debit, soll`)
	add(roleCredit, 100, `credit, montant credit, haben`)
	delete(m, "")
	return m
}()

// heading is what a cell means as the name of a column.
func heading(text string) meaning {
	name := plain(text)
	if m, ok := columns[name]; ok {
		return m
	}
	// « Montant réglé (EUR) », « Invoice # »
	for _, w := range []string{" eur", " euros", " euro", " en", " ttc", " usd", " gbp", " chf", " nr", " n", " no", " number"} {
		if short, ok := strings.CutSuffix(name, w); ok {
			if m, ok := columns[strings.TrimSuffix(short, " en")]; ok {
				return meaning{m.role, m.score - 5}
			}
		}
	}
	return meaning{}
}

// The words of totals, of credit notes and of documents, as plain names.
var (
	totalWords = []string{
		"total", "totaux", "total general", "montant total", "total regle", "total paye", "total du reglement", "net a payer",
		"net regle", "montant du virement", "montant du reglement", "montant du paiement", "montant regle", "montant paye",
		"total amount", "total paid", "amount paid", "payment amount", "payment total", "net payment", "grand total", "summe",
		"gesamtsumme", "gesamtbetrag", "gesamt", "zahlbetrag", "zahlungsbetrag", "uberweisungsbetrag", "montant vire", "total eur",
		"total en eur", "somme", "somme reglee", "total net", "total ttc", "montant", "amount", "betrag",
	}
	creditWords  = []string{"avoir", "avoirs", "credit", "gutschrift", "note"}
	invoiceWords = []string{
		"facture", "factures", "fact", "facts", "fac", "fact.", "invoice", "invoices", "inv", "rechnung", "rechnungen", "re", "rg", "piece",
		"pieces", "bill", "beleg",
	}
	payerKeys = []string{
		"payeur", "donneur d ordre", "emetteur", "emis par", "raison sociale", "societe", "payer", "paid by", "remitter", "auftraggeber",
		"zahler", "debiteur", "entreprise", "company", "firma", "nom du payeur", "payer name", "client", "customer", "de la part de",
	}
	dayKeys = []string{
		"date de paiement", "date paiement", "date du paiement", "date de reglement", "date reglement", "date du reglement",
		"date de virement", "date du virement", "date virement", "date de valeur", "date valeur", "date d execution", "payment date",
		"date of payment", "value date", "paid on", "zahlungsdatum", "valuta", "zahldatum", "uberweisungsdatum", "regle le", "paye le",
		"paiement du", "virement du", "reglement du", "date",
	}
	referenceKeys = []string{
		"reference de paiement", "reference paiement", "reference du paiement", "reference de reglement", "reference du reglement",
		"reference reglement", "reference du virement", "reference virement", "reference de virement", "numero de paiement",
		"numero de reglement", "n de paiement", "n de reglement", "n paiement", "n reglement", "n de virement", "n virement",
		"numero de virement", "payment reference", "payment ref", "payment number", "payment no", "payment id", "remittance number",
		"remittance advice number", "remittance advice no", "zahlungsreferenz", "zahlungsnummer", "zahlungsavis nr", "avis n",
		"avis de paiement n", "avis de reglement n", "avis de virement n", "numero d avis", "reference", "ref", "end to end",
		"reference de bout en bout", "virement n", "reglement n",
	}
)

// isCredit tells the words of a credit note: « Avoir », "Credit note", "Gutschrift".
func isCredit(text string) bool {
	words := strings.Fields(plain(text))
	for i, w := range words {
		if w == "credit" || w == "note" {
			if w == "credit" && i+1 < len(words) && (words[i+1] == "note" || words[i+1] == "memo") {
				return true
			}
			continue
		}
		if slices.Contains(creditWords, w) {
			return true
		}
	}
	return false
}

// creditNumber tells the number of a credit note by its letters.
func creditNumber(s string) bool {
	letters := strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' })
	if letters <= 0 {
		return false
	}
	return slices.Contains([]string{"AV", "AVO", "AVR", "AVC", "AVOIR", "NC", "NDC", "CN", "CRN", "GS"}, strings.ToUpper(s[:letters]))
}
