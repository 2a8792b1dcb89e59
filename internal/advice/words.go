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
	add(roleNumber, 100, `n facture, no facture, numero facture, numero de facture, n de facture, facture, factures,
		facture n, facture no, ref facture, reference facture, votre facture, votre n facture, n facture fournisseur,
		numero facture fournisseur, facture fournisseur, ref facture fournisseur, reference facture fournisseur,
		invoice, invoice number, invoice no, invoice n, inv no, invoice ref, invoice reference, your invoice,
		your invoice no, supplier invoice, supplier invoice number, supplier invoice no, vendor invoice,
		vendor invoice no, bill number, rechnung, rechnungsnummer, rechnungsnr, rechnung nr, rechnungs nr, re nr,
		ihre rechnung, ihre rechnungsnummer, bill no, factura, facturas, n factura, no factura, numero factura,
		numero de factura, num factura, su factura, fattura, numero fattura,
		factuur, factuurnummer, votre no facture, votre numero de facture, numero fact, n fact, no fact, fact,
		vos factures, reference facture fournisseur, facture n fournisseur, n de votre facture, references facture,
		ref de la facture, invoice id`)
	add(roleNumber, 90, `votre reference, vos references, votre ref, v reference, v ref, vos ref, reference fournisseur,
		ref fournisseur, your reference, your ref, supplier reference, external reference, reference externe,
		ihre referenz, ihr zeichen, ihr beleg, ihre belegnummer, document externe, n externe, external document no,
		your document`)
	add(roleNumber, 60, `n piece, no piece, piece, numero piece, numero de piece, n de piece, reference piece, document,
		n document, numero document, document number, document no, doc no, doc number, reference, ref, references,
		belegnummer, beleg, beleg nr, belegnr, referenz, numero, n, no, number, libelle, description, objet,
		designation`)
	add(roleNumber, 20, `notre reference, nos references, n reference, n ref, our reference, our ref, unsere referenz,
		unser beleg, voucher, voucher number, numero interne`)
	add(roleDay, 100, `date, date facture, date de facture, date de la facture, date piece, date de piece,
		date document, date du document, invoice date, document date, doc date, bill date, datum, rechnungsdatum,
		belegdatum, du, date emission, date d emission, fecha, fecha factura, fecha de factura, data, data fattura,
		factuurdatum, date fact, en date du`)
	add(roleGross, 100, `montant brut, brut, montant facture, montant de la facture, montant ttc, total ttc, ttc,
		montant initial, gross, gross amount, invoice amount, original amount, bruttobetrag, brutto, rechnungsbetrag,
		montant d origine, invoice total, montant du document, mt brut, importe bruto, bruto, importe factura,
		montant de votre facture, montant facture ttc, montant ttc facture, montant origine, document amount`)
	add(roleDiscount, 100, `escompte, remise, montant escompte, montant remise, retenue, deduction, deductions,
		discount, cash discount, discount amount, discount taken, skonto, skontobetrag, abzug, abzuge, rabais, esc,
		retenue de garantie, withholding, descuento, dto, sconto, escomptes, montant deduit, deduit`)
	add(roleAmount, 100, `montant paye, montant regle, regle, paye, montant du reglement, montant reglement,
		montant du paiement, net paye, net regle, net, montant net, net a payer, montant paye eur, a payer,
		somme reglee, amount paid, paid, paid amount, payment amount,
		net amount, net paid, payment, zahlbetrag, nettobetrag, netto, zahlung, gezahlter betrag, bezahlt, montant vire,
		montant affecte, montant impute, reglement, applied amount, amount applied, pagado, importe pagado,
		importe neto, neto, pagato, montant a payer, montant net a payer, montant solde, montant lettre,
		montant net regle, montant net paye, somme payee, somme versee,
		verse, montant verse, net verse, remitted, amount remitted`)
	add(roleAmount, 60, `montant, amount, betrag, montant eur, amount eur, betrag eur, somme, total, mt, mnt,
		montant en eur, montant euros, importe, importe eur, importo, bedrag, valeur`)
	add(roleType, 100, `type, nature, type de piece, type piece, type de document, type document, document type, doc type, belegart, art, sens, tipo, nature de piece, nature piece, libelle type`)
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
	for _, w := range []string{
		" eur", " euros", " euro", " en", " ttc", " usd", " gbp", " chf", " nr", " n", " no", " number",
	} {
		if short, ok := strings.CutSuffix(name, w); ok {
			if m, ok := columns[strings.TrimSuffix(short, " en")]; ok {
				return meaning{m.role, m.score - 5}
			}
		}
	}
	return guessed(name)
}

// guessed is what the words of a heading that nobody foresaw make likely:
// « Référence document », « Date pièce comptable », « Montant réglé en euros ».
func guessed(name string) meaning {
	words := strings.Fields(name)
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case len(words) == 0 || len(words) > 6 || has("ht", "tva", "vat", "solde", "reste", "balance", "total", "cumul"):
		return meaning{}
	case has("date", "datum", "fecha"):
		if has("echeance", "due", "reglement", "paiement", "payment", "valeur", "value", "vencimiento", "fallig") {
			return meaning{}
		}
		return meaning{roleDay, 60}
	case has("escompte", "skonto", "discount", "retenue"):
		return meaning{roleDiscount, 60}
	case has("montant", "amount", "betrag", "importe", "somme", "mt"):
		if has("regle", "paye", "paid", "verse", "vire", "net", "reglement", "paiement", "affecte") {
			return meaning{roleAmount, 90}
		}
		return meaning{roleGross, 80}
	case has("commande", "order", "mandat", "bordereau", "client", "interne", "ligne", "compte", "code", "type",
		"nature", "devise", "mode"):
		return meaning{}
	case has("facture", "factures", "invoice", "rechnung", "factura", "fact"):
		return meaning{roleNumber, 80}
	case has("reference", "ref", "piece", "document", "numero", "beleg"):
		return meaning{roleNumber, 50}
	}
	return meaning{}
}

// The words of totals, of credit notes and of documents, as plain names.
var (
	totalWords = []string{
		"total", "totaux", "total general", "montant total", "total amount", "grand total", "summe", "gesamtsumme",
		"gesamtbetrag", "gesamt", "total eur", "total en eur", "total en euros", "total ttc", "suma", "importe total",
		"totale", "importo totale", "totaal",
	}
	paidWords = []string{
		"total regle", "total paye", "total du reglement", "total du virement", "total du paiement", "total a payer",
		"total a regler", "net a payer", "net regle", "net paye", "net a regler", "total net", "montant du virement",
		"montant du reglement", "montant du paiement", "montant du cheque", "montant regle", "montant paye",
		"montant vire", "montant net", "montant total du virement", "montant total du reglement",
		"montant total du paiement", "montant total regle", "somme reglee", "somme viree", "total vire",
		"total paid", "amount paid", "payment amount", "payment total", "total payment", "net payment",
		"total remitted", "amount remitted", "zahlbetrag", "zahlungsbetrag", "uberweisungsbetrag", "auszahlungsbetrag",
		"total pagado", "importe pagado", "importe del pago", "liquido a pagar", "neto a pagar", "totale pagato",
	}
	bareWords = []string{"montant", "amount", "betrag", "somme", "importe", "importo", "bedrag"}
	// A page's total, what is carried over, what was taken off, and taxes are no totals paid.
	partialWords = []string{
		"page", "reporter", "report", "reporte", "sous", "subtotal", "zwischensumme", "ubertrag", "carried",
		"brought", "forward", "tva", "vat", "mwst", "iva", "ht", "escompte", "discount", "skonto", "remise",
		"deductions", "retenue", "solde", "balance", "reste",
	}
	creditWords  = []string{"avoir", "avoirs", "credit", "gutschrift", "gutschriften", "note", "abono", "abonos"}
	invoiceWords = []string{
		"facture", "factures", "fact", "facts", "fac", "fact.", "invoice", "invoices", "inv", "rechnung", "rechnungen",
		"re", "rg", "piece", "pieces", "bill", "beleg", "factura", "facturas", "fra", "fattura", "fatture", "fattur",
	}
	payerKeys = []string{
		"payeur", "donneur d ordre", "emetteur", "emis par", "raison sociale", "societe", "payer", "paid by",
		"remitter", "auftraggeber", "zahler", "debiteur", "entreprise", "company", "firma", "nom du payeur",
		"payer name", "client", "customer", "de la part de", "tire", "emisor", "ordenante", "pagador",
		"emetteur du virement", "etabli par",
	}
	dayKeys = []string{
		"date de paiement", "date paiement", "date du paiement", "date de reglement", "date reglement",
		"date du reglement", "date de virement", "date du virement", "date virement", "date de valeur", "date valeur",
		"date d execution", "payment date", "date of payment", "value date", "paid on", "zahlungsdatum", "valuta",
		"zahldatum", "uberweisungsdatum", "regle le", "paye le", "paiement du", "virement du", "reglement du",
		"fecha de pago", "fecha pago", "fecha valor", "fecha", "echeance", "date",
	}
	referenceKeys = []string{
		"reference de paiement", "reference paiement", "reference du paiement", "reference de reglement",
		"reference du reglement", "reference reglement", "reference du virement", "reference virement",
		"reference de virement", "numero de paiement", "numero de reglement", "n de paiement", "n de reglement",
		"n paiement", "n reglement", "n de virement", "n virement", "numero de virement", "payment reference",
		"payment ref", "payment number", "payment no", "payment id", "remittance number",
		"remittance advice number", "remittance advice no", "zahlungsreferenz", "zahlungsnummer",
		"zahlungsavis nr", "avis n", "avis de paiement n", "avis de reglement n", "avis de virement n", "numero d avis",
		"reference", "ref", "end to end", "reference de bout en bout", "virement n", "reglement n",
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
	return slices.Contains([]string{"AV", "AVO", "AVR", "AVC", "AVOIR", "NC", "NDC", "CN", "CRN", "GS"},
		strings.ToUpper(s[:letters]))
}
