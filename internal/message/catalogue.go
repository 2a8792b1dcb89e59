package message

import (
	"slices"
	"strings"
)

// Kind is what stands behind a name of the catalogue, and so where it may be
// used.
type Kind string

// The kinds of the catalogue.
const (
	Text   Kind = "text"   // printed as it is; as a condition, true unless empty
	Count  Kind = "count"  // a whole number
	List   Kind = "list"   // for range, count, plural…; as a condition, true unless empty
	Record Kind = "record" // has fields: creditor.name
	Block  Kind = "block"  // a table or a signature, alone in its paragraph
	Flag   Kind = "flag"   // the answer of a comparison; a condition only
)

// Entry is a variable that templates may use, with what an author reads about
// it.
type Entry struct {
	Name     string // as written between braces: creditor.name
	Kind     Kind
	Optional bool // may be empty: used only where {{if}} says that it is not
	French   string
	English  string
}

var lineFields = []Entry{
	{"number", Text, false, "numéro de la facture", "invoice number"},
	{"order", Text, true, "référence de commande du client", "the customer’s order"},
	{"issued", Text, true, "date d’émission", "date of issue"},
	{"due", Text, false, "date d’échéance", "due date"},
	{"total", Text, false, "montant de la facture", "amount of the invoice"},
	{"claimed", Text, false, "reste dû demandé", "amount asked for"},
	{"days", Count, false, "jours depuis l’échéance (négatif avant)", "days after the due date (negative before)"},
	{"late", Text, false, "« 14 jours de retard » ou « dans 5 jours »", "“14 days overdue” or “in 5 days”"},
}

var itemFields = map[string][]Entry{
	"invoices": lineFields,
	"coming":   lineFields,
	"earlier": {
		{"on", Text, false, "date de la relance", "date of the reminder"},
		{"title", Text, false, "nom de son étape", "name of its step"},
	},
}

var catalogue = slices.Concat([]Entry{
	{"greeting", Text, false, "« Bonjour Madame Vidal » ou « Madame, Monsieur »", "“Dear Ms Vidal” or the like"},
	{"civility", Text, false, "« Madame », « Monsieur » ou « Madame, Monsieur »", "“Ms Vidal” or “Sir or Madam”"},
	{"today", Text, false, "date du message", "date of the message"},
	{"total", Text, false, "total à régler", "total to pay"},
	{"credits", Text, true, "avoirs et règlements déduits du total", "credits taken off the total"},
	{"deadline", Text, true, "date limite de paiement", "day by which to pay"},
	{"reference", Text, false, "référence à rappeler sur le virement", "payment reference"},
	{"reply", Text, true, "adresse à laquelle répondre", "address for answers"},
	{"invoices", List, false, "factures demandées, la plus ancienne d’abord", "invoices asked for, oldest first"},
	{"coming", List, true, "factures non échues, citées à part", "invoices not yet due"},
	{"earlier", List, true, "relances déjà envoyées", "reminders already sent"},
}, record("invoice", "la plus ancienne facture demandée", "the oldest invoice asked for", false, lineFields), []Entry{
	{"table.invoices", Block, false, "tableau des factures demandées et total", "table of the invoices asked for"},
	{"table.coming", Block, false, "tableau des factures non échues, s’il y en a", "table of the invoices not yet due"},
	{"list.earlier", Block, false, "liste des relances déjà envoyées", "list of the reminders already sent"},
	{"payment", Block, false, "coordonnées bancaires et référence à rappeler", "bank details and payment reference"},
	{"signature", Block, false, "signature de la personne qui relance", "signature of the collector"},
}, record("creditor", "votre société", "your company", false, []Entry{
	{"name", Text, false, "nom de votre société", "your company’s name"},
	{"legal", Text, true, "forme, capital et RCS", "legal form and register"},
	{"address", Text, true, "adresse de votre société", "your company’s address"},
	{"siren", Text, true, "SIREN de votre société", "your company’s SIREN"},
	{"phone", Text, true, "téléphone de votre société", "your company’s phone"},
	{"email", Text, true, "adresse électronique de votre société", "your company’s e-mail"},
	{"website", Text, true, "site de votre société", "your company’s website"},
}), record("bank", "votre compte bancaire", "your bank account", false, []Entry{
	{"holder", Text, false, "titulaire du compte", "account holder"},
	{"iban", Text, true, "IBAN, par groupes de quatre", "IBAN in groups of four"},
	{"bic", Text, true, "BIC", "BIC"},
	{"name", Text, true, "nom de la banque", "name of the bank"},
}), record("collector", "la personne qui relance", "the person who writes", false, []Entry{
	{"name", Text, false, "son nom (à défaut, celui de la société)", "their name (or the company’s)"},
	{"title", Text, true, "sa fonction", "their position"},
	{"phone", Text, true, "son téléphone (à défaut, celui de la société)", "their phone (or the company’s)"},
	{"email", Text, true, "son adresse électronique", "their e-mail"},
}), record("customer", "le client", "the customer", false, []Entry{
	{"name", Text, false, "nom du client", "the customer’s name"},
	{"code", Text, true, "code du client chez vous", "your code for the customer"},
	{"kind", Text, false, "« business », « consumer » ou « public »", "“business”, “consumer” or “public”"},
}), record("contact", "la personne à qui l’on écrit", "the person written to", false, []Entry{
	{"name", Text, true, "prénom et nom", "first and last name"},
	{"first", Text, true, "prénom", "first name"},
	{"last", Text, true, "nom", "last name"},
	{"email", Text, true, "adresse électronique", "e-mail"},
}), record("broken", "une promesse non tenue", "a promise that was not kept", true, promiseFields),
	record(
		"promise", "une promesse que le message confirme", "a promise that the message confirms", true, promiseFields,
	),
	record("interest", "pénalités et indemnité, là où la loi les prévoit", "late interest and indemnity", true, []Entry{
		{"amount", Text, false, "pénalités de retard", "late interest"},
		{"until", Text, false, "date d’arrêté des pénalités, incluse", "last day of the interest, included"},
		{"rate", Text, true, "taux annuel, s’il est unique", "yearly rate, where there is one"},
		{"indemnity", Text, true, "indemnité forfaitaire de recouvrement", "fixed compensation for recovery costs"},
		{"total", Text, false, "pénalités et indemnité ensemble", "interest and compensation together"},
		{"sum", Text, false, "total à régler, pénalités et indemnité comprises", "total to pay, these included"},
	}), record("step", "l’étape du scénario", "the step of the scenario", false, []Entry{
		{"title", Text, true, "nom de l’étape", "name of the step"},
	}))

var promiseFields = []Entry{
	{"made", Text, true, "jour où elle a été faite, s’il est connu", "day on which it was made"},
	{"for", Text, false, "jour annoncé du règlement", "announced day of payment"},
	{"amount", Text, true, "montant annoncé, s’il a été précisé", "announced amount, where given"},
}

// record is the entries of a record and of its fields.
func record(name, french, english string, optional bool, fields []Entry) []Entry {
	out := []Entry{{name, Record, optional, french, english}}
	for _, f := range fields {
		f.Name = name + "." + f.Name
		out = append(out, f)
	}
	return out
}

// function is a function of the catalogue. Its arguments are told by their
// kinds, one letter each: t text, c count, l list, n count or list, a anything;
// a + after the last lets it repeat.
type function struct {
	name     string
	args     string
	result   Kind
	tolerant bool // its arguments may be empty
	usage    string
	french   string
	english  string
}

var functions = []function{
	{"plural", "ntt", Text, true, `plural invoices "la facture" "les factures"`, "selon le nombre", "by their number"},
	{"count", "l", Count, true, "count invoices", "combien il y en a", "how many there are"},
	{"spell", "n", Text, true, "spell invoices", "leur nombre en lettres (au féminin)", "their number in letters"},
	{"numbers", "l", Text, false, "numbers invoices", "leurs numéros : « F1, F2 et F3 »", "their numbers"},
	{"dates", "l", Text, false, "dates earlier", "leurs dates : « 5 et 15 octobre 2026 »", "their dates"},
	{"strong", "t", Text, false, "strong total", "en gras", "in bold"},
	{"not", "a", Flag, true, "not coming", "le contraire d’une condition", "the opposite of a condition"},
	{"and", "aa+", Flag, true, "and coming broken", "toutes les conditions", "all conditions"},
	{"or", "aa+", Flag, true, "or coming broken", "l’une des conditions", "one of the conditions"},
	{"eq", "aa", Flag, true, `eq customer.kind "public"`, "égalité", "equality"},
	{"ne", "aa", Flag, true, `ne customer.kind "public"`, "différence", "difference"},
	{"gt", "cc", Flag, true, "gt (count invoices) 3", "plus grand que", "more than"},
	{"ge", "cc", Flag, true, "ge invoice.days 30", "au moins", "at least"},
	{"lt", "cc", Flag, true, "lt invoice.days 30", "plus petit que", "less than"},
	{"le", "cc", Flag, true, "le invoice.days 30", "au plus", "at most"},
}

// lookup is the entry of a name, and whether there is one.
func lookup(entries []Entry, name string) (Entry, bool) {
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return entries[i], true
}

func lookupFunction(name string) (function, bool) {
	i := slices.IndexFunc(functions, func(f function) bool { return f.name == name })
	if i < 0 {
		return function{}, false
	}
	return functions[i], true
}

// nearest is the name closest to a mistyped one, or nothing when none is near:
// at most a third of its letters may differ. A field without its record, such
// as "iban", is near to the whole name.
func nearest(name string, among []string) string {
	name = strings.ToLower(name)
	best, at := len(name)/3+1, ""
	for _, candidate := range among {
		field := candidate[strings.LastIndexByte(candidate, '.')+1:]
		if field == name {
			return candidate
		}
		if d := min(distance(name, candidate), distance(name, field)); d <= best && (at == "" || d < best) {
			best, at = d, candidate
		}
	}
	return at
}

// distance is how many letters must change to make a of b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
