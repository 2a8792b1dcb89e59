package match

import (
	"strconv"
	"strings"

	"acquit/internal/i18n"
	"acquit/internal/money"
)

// reasons are what speaks for a hypothesis and against it: who paid, what is
// named, how the amount comes about, what else it might be.
func (r *reader) reasons(h *hypothesis) []Reason {
	var out []Reason
	if h.from < len(r.candidates) {
		if c := &r.candidates[h.from]; c.code != "" {
			out = append(out, Reason{Code: c.code, Found: c.found})
		}
	}
	for _, x := range h.reasons[:min(len(h.reasons), maxReasons)] {
		out = append(out, Reason{Code: x.code, Item: r.ix.items[x.item].number, Found: strings.TrimSpace(x.found)})
	}
	why := Reason{Code: h.pattern, Amount: money.New(r.amount, r.e.Amount.Currency)}
	if len(h.lines) == 1 {
		why.Item = r.ix.items[h.lines[0].item].number
	}
	if h.variant == "" || h.variant == codeDiscount || h.pattern != codeExact {
		out = append(out, why)
	}
	if h.variant != "" {
		why.Code, why.Amount = h.variant, money.New(h.difference, r.e.Amount.Currency)
		if h.variant == codeExpected || h.variant == codeTwice {
			why.Amount.Minor = r.amount
		}
		out = append(out, why)
	}
	if n := r.rivals(h); n > 0 {
		out = append(out, Reason{Code: codeRivals, Found: strconv.Itoa(n)})
	}
	if r.isAlone(h) {
		out = append(out, Reason{Code: codeAlone})
	}
	return out
}

// maxReasons bounds the references that are told one by one.
const maxReasons = 12

const (
	codeRivals = "rivals" // others come near
	codeAlone  = "single_evidence"
)

// rivals is how many others come near a hypothesis or before it.
func (r *reader) rivals(h *hypothesis) int {
	n := 0
	for i := range r.hypotheses {
		if o := &r.hypotheses[i]; !o.same(h) && o.mass > h.mass*nearRival*5 {
			n++
		}
	}
	return n
}

// Text is the reason in words.
func (r Reason) Text(l i18n.Lang) string {
	w, ok := sentences[r.Code]
	if !ok {
		return r.Code
	}
	return strings.NewReplacer("{item}", r.Item, "{found}", r.Found, "{amount}", l.Amount(r.Amount)).Replace(w.In(l))
}

// In is why no money came, in a word.
func (k AdjustmentKind) In(l i18n.Lang) string { return kindWords[k].In(l) }

var kindWords = map[AdjustmentKind]i18n.Words{
	EarlyDiscount: {FR: "escompte", EN: "early-payment discount"},
	BankFees:      {FR: "frais bancaires", EN: "bank fees"},
	Difference:    {FR: "écart de règlement", EN: "difference"},
}

// sentences are the reasons in words. {item}, {found} and {amount} stand for
// their figures.
var sentences = map[string]i18n.Words{
	codeReference: {
		FR: "Le numéro {item} est dans le libellé",
		EN: "The label gives the number {item}",
	},
	codeDamaged: {
		FR: "«\u00a0{found}\u00a0» se lit comme le numéro {item}",
		EN: "“{found}” reads as the number {item}",
	},
	codeShort: {
		FR: "«\u00a0{found}\u00a0» est la fin du numéro {item}",
		EN: "“{found}” is the end of the number {item}",
	},
	codeTypo: {
		FR: "«\u00a0{found}\u00a0» est à une faute de frappe du numéro {item}",
		EN: "“{found}” is one typing error away from the number {item}",
	},
	codeCut: {
		FR: "«\u00a0{found}\u00a0» est le début du numéro {item}, coupé par la banque",
		EN: "“{found}” is the beginning of the number {item}, cut off by the bank",
	},
	codeRange: {
		FR: "Le numéro {item} est entre ceux de «\u00a0{found}\u00a0»",
		EN: "The number {item} lies between those of “{found}”",
	},
	codeOrder: {
		FR: "«\u00a0{found}\u00a0» est la commande ou le contrat de la pièce {item}",
		EN: "“{found}” is the order or the contract of document {item}",
	},
	codeOwn: {
		FR: "La référence de bout en bout est la nôtre pour la pièce {item}",
		EN: "The end-to-end reference is ours for document {item}",
	},
	codeMandate: {
		FR: "Le mandat {found} est celui de ce client",
		EN: "The mandate {found} is this customer’s",
	},
	codeIBAN: {
		FR: "Ce compte bancaire a déjà payé pour ce client",
		EN: "This bank account has paid for this customer before",
	},
	codeMemory: {
		FR: "«\u00a0{found}\u00a0» a déjà payé pour ce client",
		EN: "“{found}” has paid for this customer before",
	},
	codeName: {
		FR: "Le payeur porte le nom du client, {found}",
		EN: "The payer has the customer’s name, {found}",
	},
	codeNameLike: {
		FR: "Le nom du payeur ressemble à {found}",
		EN: "The payer’s name resembles {found}",
	},
	codeBehalf: {
		FR: "Payé pour le compte de {found}",
		EN: "Paid on behalf of {found}",
	},
	codeNameInText: {
		FR: "Le libellé porte le nom du client, {found}",
		EN: "The label holds the customer’s name, {found}",
	},
	codeSIREN: {
		FR: "Le libellé donne le SIREN du client, {found}",
		EN: "The label gives the customer’s SIREN, {found}",
	},
	codeCode: {
		FR: "Le libellé donne le code du client, {found}",
		EN: "The label gives the customer’s code, {found}",
	},
	codeGroup: {
		FR: "Le payeur est du même groupe que {found}",
		EN: "The payer is of the same group as {found}",
	},
	codeGroupName: {
		FR: "Le nom du payeur contient celui du groupe du client, {found}",
		EN: "The payer’s name holds that of the customer’s group, {found}",
	},
	codeTreasury: {
		FR: "Payé par le comptable public {found}, qui paie pour les collectivités et les hôpitaux",
		EN: "Paid by the public accountant {found}, who pays for local bodies and hospitals",
	},
	codeTown: {
		FR: "Le nom du payeur finit par la ville du client, {found}",
		EN: "The payer’s name ends with the customer’s town, {found}",
	},
	codeOther: {
		FR: "Le payeur «\u00a0{found}\u00a0» n’est pas connu pour ce client",
		EN: "The payer “{found}” is not known for this customer",
	},
	codeExact: {
		FR: "{amount}\u00a0: exactement ce qui est ouvert",
		EN: "{amount} is exactly what is open",
	},
	codeSum: {
		FR: "{amount}\u00a0: la somme de ces pièces",
		EN: "{amount} is the sum of these documents",
	},
	codeCredits: {
		FR: "{amount}\u00a0: ces factures moins les avoirs",
		EN: "{amount} is these invoices less the credits",
	},
	codeAll: {
		FR: "Tout ce qui est ouvert de ce client",
		EN: "All that this customer has open",
	},
	codeOldest: {
		FR: "{amount}\u00a0: ses pièces les plus anciennes",
		EN: "{amount} is the customer’s oldest documents",
	},
	codeMonth: {
		FR: "{amount}\u00a0: ses pièces d’un mois",
		EN: "{amount} is the customer’s documents of one month",
	},
	codeCharges: {
		FR: "{amount}\u00a0: le principal avec des pénalités ou une indemnité",
		EN: "{amount} is the principal with interest or an indemnity",
	},
	codeExpected: {
		FR: "{amount} étaient attendus ces jours-ci",
		EN: "{amount} were expected about now",
	},
	codeDiscount: {
		FR: "Escompte de {amount} déduit dans les délais",
		EN: "Early-payment discount of {amount} taken in time",
	},
	codeLate: {
		FR: "Il manque {amount}, l’escompte, mais son terme est passé",
		EN: "{amount} are missing, the discount, but its term is over",
	},
	codeClaimed: {
		FR: "Il manque {amount}\u00a0: un escompte que le payeur annonce et que ses conditions ne prévoient pas",
		EN: "{amount} are missing: a discount that the payer speaks of and the terms do not give",
	},
	codeFees: {
		FR: "Il manque {amount}\u00a0: des frais de banque",
		EN: "{amount} are missing: bank charges",
	},
	codeTolerated: {
		FR: "Écart de {amount}, dans la tolérance",
		EN: "A difference of {amount}, within the tolerance",
	},
	codePartial: {
		FR: "Paiement partiel\u00a0: il resterait {amount}",
		EN: "A part: {amount} would be left",
	},
	codeOver: {
		FR: "{amount} de trop, gardés en crédit",
		EN: "{amount} too much, kept as a credit",
	},
	codeTypoIn: {
		FR: "Écart de {amount}\u00a0: sans doute une faute de frappe dans le montant",
		EN: "A difference of {amount}: probably a typing error in the amount",
	},
	codeNet: {
		FR: "Il manque {amount}, la TVA\u00a0: payé hors taxes",
		EN: "{amount} are missing, the VAT: paid net of tax",
	},
	codeTwice: {
		FR: "{amount}\u00a0: une pièce déjà réglée, sans doute payée deux fois",
		EN: "{amount} is a document settled before, probably paid twice",
	},
	codeOrderLaw: {
		FR: "Faute d’indication, dans l’ordre de la loi\u00a0: le plus ancien d’abord (C. civ. art. 1342-10)",
		EN: "For want of an indication, in the order of the law: the oldest first (French Civil Code, art. 1342-10)",
	},
	codeCustomer: {
		FR: "De ce client, sans pièce désignée",
		EN: "From this customer, for no document in particular",
	},
	codeAdvice: {
		FR: "L’avis de règlement détaille {amount}",
		EN: "The remittance advice details {amount}",
	},
	codeSeveral: {
		FR: "{amount}\u00a0: des pièces de plusieurs clients",
		EN: "{amount} is documents of several customers",
	},
	codeRivals: {
		FR: "Autres lectures proches\u00a0: {found}",
		EN: "Other readings come near: {found}",
	},
	codeAlone: {
		FR: "Un seul indice\u00a0: à vérifier",
		EN: "A single piece of evidence: to be checked",
	},
	codeRefused: {
		FR: "Déjà annulé une fois pour cette écriture",
		EN: "Undone once for this entry",
	},
}
