package mandate

import (
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// L1118 are the second and third paragraphs of CPCE L111-8, which each letter
// reproduces (R124-4, 5°). The law speaks French: so do they, in every language.
var L1118 = [2]string{
	"Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier, sauf s’ils concernent " +
		"un acte dont l’accomplissement est prescrit par la loi au créancier. Toute stipulation contraire est réputée non " +
		"écrite, sauf disposition législative contraire.",
	"Cependant, le créancier qui justifie du caractère nécessaire des démarches entreprises pour recouvrer sa créance " +
		"peut demander au juge de l’exécution de laisser tout ou partie des frais ainsi exposés à la charge du débiteur de " +
		"mauvaise foi.",
}

// OnLetter are the mentions of a letter that states its own claim in its body, as a
// statement of account does, and the first letter where one has left.
func (m Mandate) OnLetter(creditor, address string, first First, l i18n.Lang) []string {
	all := m.Mentions(Claim{Creditor: creditor, Address: address, First: first}, l)
	all[2] = i18n.Words{
		FR: "Fondement et montant de la créance\u00a0: ceux que cette lettre énonce, le principal, les intérêts et les autres " +
			"accessoires à part.",
		EN: "Basis and amount of the claim: those that this letter states, principal, interest and other accessories apart.",
	}.In(l)
	if first.Reference == "" {
		return all[:5]
	}
	return all
}

// Claim is what a letter under a mandate speaks of.
type Claim struct {
	Creditor  string // its name
	Address   string // on one line
	Basis     string // the invoices, by their numbers
	Principal money.Amount
	Interest  money.Amount // zero where none is claimed
	Other     money.Amount // other accessories, never the collector's fees
	Reference string       // of this letter
	First     First
}

// First is the first letter to the debtor, which later ones name.
type First struct {
	Reference string
	On        cal.Date
}

// Mentions are the five of R124-4, in order, and the first letter.
func (m Mandate) Mentions(c Claim, l i18n.Lang) []string {
	say := func(fr, en string, args ...any) string { return fmt.Sprintf(i18n.Words{FR: fr, EN: en}.In(l), args...) }
	date := func(d cal.Date) string { return d.Long(string(l)) }
	list := []string{
		say("%s, %s, exerce une activité de recouvrement amiable.", "%s, %s, carries out amicable debt collection.",
			m.Name, oneLine(m.Address)),
		say("Créancier\u00a0: %s, %s.", "Creditor: %s, %s.", c.Creditor, c.Address),
		say("Fondement de la créance\u00a0: %s. Principal\u00a0: %s. Intérêts\u00a0: %s. Autres accessoires\u00a0: %s.",
			"Basis of the claim: %s. Principal: %s. Interest: %s. Other accessories: %s.",
			c.Basis, l.Amount(c.Principal), l.Amount(c.Interest), l.Amount(c.Other)),
		say("Nous vous demandons de payer la somme due par virement sur le compte dédié %s.",
			"We ask you to pay what is due by transfer to the dedicated account %s.", m.IBAN),
		say("Article L111-8 du code des procédures civiles d’exécution, alinéas 2 et 3\u00a0: « %s » « %s »",
			"Article L111-8 of the French code of civil enforcement procedures, paragraphs 2 and 3: « %s » « %s »",
			L1118[0], L1118[1]),
	}
	if c.First.Reference == "" {
		return append(list, say("Référence de cette lettre\u00a0: %s.", "Reference of this letter: %s.", c.Reference))
	}
	return append(list, say("Notre première lettre\u00a0: référence %s, du %s.", "Our first letter: reference %s, of %s.",
		c.First.Reference, date(c.First.On)))
}
