package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
)

// canonical is a column's name by its words alone: in their order of spelling,
// whole, in the singular, without those that say nothing of the field. « Dates
// fact. » is « date facture », "Due amount (EUR)" is "amount due".
func canonical(plain string) string {
	words := strings.Fields(plain)
	kept := make([]string, 0, len(words))
	for i, w := range words {
		switch {
		case i == 0 && (w == "devise" || w == "monnaie"): // « Devise de pièce », not « Montant en devise »
			kept = append(kept, "devise")
		case w == "du" && i == len(words)-1 && i > 0:
			kept = append(kept, "owed") // « reste dû », whose accent is lost in capitals
		case !filler[w]:
			kept = append(kept, stem(w))
		}
	}
	slices.Sort(kept)
	return strings.Join(slices.Compact(kept), " ")
}

var filler = setOf("eur euro euros en la le les du de d des l the of jj mm aaaa yyyy dd k devise monnaie a au par pour usd in by for")

// short are the words that programs abbreviate, and those that mean the same.
var short = map[string]string{
	"inv": "invoice", "fact": "facture", "fac": "facture", "dt": "date", "dte": "date", "ech": "echeance",
	"mnt": "montant", "mt": "montant",
	"num": "n", "numero": "n", "no": "n", "nr": "n", "nos": "n", "clt": "client", "cli": "client",
	"cust": "customer", "ref": "reference",
	"rglt": "reglement", "rgt": "reglement", "tot": "total", "cde": "commande", "telephone": "tel",
	"adr": "adresse", "curr": "currency",
	"doc": "document", "lib": "libelle", "soc": "societe", "amt": "amount", "qty": "quantity", "dus": "owed",
	"pce":   "piece",
	"ident": "id", "identifiant": "id",
}

// stem is a word whole and in the singular.
func stem(w string) string {
	if whole, ok := short[w]; ok {
		return whole
	}
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !invariable[w] {
		w = w[:len(w)-1]
		if whole, ok := short[w]; ok {
			return whole
		}
	}
	return w
}

var invariable = setOf("sens encours status terms plus mois devis tags statuts")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// byWords guesses from single words of a longer name: the first line that fits
// counts. The content of the column decides whether the guess holds.
func byWords(words []string) []guess {
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	party := has("client", "tiers", "customer", "societe", "debiteur", "acheteur", "partner", "partenaire", "debtor",
		"buyer")
	piece := has("facture", "piece", "invoice", "document", "bill")
	sum := has("montant", "amount", "total", "somme", "net", "valeur")
	for _, g := range []struct {
		fits  bool
		means []guess
	}{
		{has("email", "mail", "courriel"), []guess{{ingest.FieldEmail, vague}}},
		{has("siret"), []guess{{ingest.FieldSIRET, vague}}},
		{has("siren"), []guess{{ingest.FieldSIREN, vague}}},
		{has("tel", "phone"), []guess{{ingest.FieldPhone, vague}}},
		{has("discount", "remise", "escompte", "percentage", "pourcentage", "taux"), nil},
		{has("tva", "vat", "tax", "taxe") && sum, []guess{{ingest.FieldTax, vague}}},
		{has("devise", "currency") && !sum, []guess{{ingest.FieldCurrency, vague}}},
		{
			has("echeance", "exigibilite", "maturity", "payable") || has("due", "limite") && has("date"),
			[]guess{{ingest.FieldDue, vague}},
		},
		{
			has("date") && has("reglement", "paiement", "encaissement", "payment", "paid"),
			[]guess{{ingest.FieldPaidOn, vague}},
		},
		{has("date") && (piece || has("facturation", "emission")), []guess{{ingest.FieldIssued, vague}}},
		{
			has("reste", "restant", "restante", "outstanding", "residual", "impaye", "owed", "unpaid", "open",
				"remaining"),
			[]guess{{ingest.FieldOpen, vague}},
		},
		{has("solde", "balance") && (piece || has("due", "ouvert")), []guess{{ingest.FieldOpen, vague}}},
		{has("non") && has("regle", "paye", "solde", "encaisse"), []guess{{ingest.FieldOpen, vague}}},
		{has("ttc", "gross"), []guess{{ingest.FieldTotal, vague}}},
		{has("ht") && sum || has("base") && sum, []guess{{ingest.FieldNet, vague}}},
		{sum && has("payer", "regler"), []guess{{ingest.FieldTotal, vague}, {ingest.FieldOpen, remote}}},
		{
			piece && has("n", "id", "reference", "code", "number") && !party,
			[]guess{{ingest.FieldNumber, vague}},
		},
		{party && has("n", "id", "code", "compte", "number"), []guess{{ingest.FieldCustomerCode, vague}}},
		{
			party && has("nom", "name", "raison", "intitule", "denomination"),
			[]guess{{ingest.FieldCustomerName, vague}},
		},
		{party, []guess{{ingest.FieldCustomerName, remote}, {ingest.FieldCustomerCode, remote - 10}}},
		{has("solde", "balance"), []guess{{ingest.FieldOpen, remote}}},
		{sum, []guess{{ingest.FieldTotal, remote}}},
		{has("date"), []guess{{ingest.FieldIssued, remote}}},
	} {
		if g.fits {
			return g.means
		}
	}
	return nil
}
