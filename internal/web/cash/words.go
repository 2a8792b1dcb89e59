package cash

import (
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// keys are what the keyboard does, in the order of the help.
var keys = []struct{ key, fr, en string }{
	{"J / K", "l’encaissement suivant, le précédent", "the next payment, the one before"},
	{
		"↵", "accepter la première proposition, ou affecter ce qui est choisi",
		"accept the first proposal, or apply what is picked",
	},
	{"1–5", "accepter cette proposition", "accept that proposal"},
	{"M", "modifier la première proposition", "change the first proposal"},
	{"F", "choisir parmi les factures", "pick among the invoices"},
	{"↑ ↓", "parmi les factures trouvées ; la barre d’espace coche", "among the invoices found; the space bar ticks"},
	{"C", "client seulement : tout en acompte", "customer only: all as an advance"},
	{"X", "pas un client : hors clients, avec un motif", "not a customer’s: set aside, with a reason"},
	{"U", "annuler ce qui vient d’être fait, ou ce qui est affiché", "undo what was just done, or what is shown"},
	{"/", "chercher", "search"},
	{"?", "cette aide", "this help"},
}

// headline is what waits, in one sentence.
func headline(f ui.Frame, page view) string {
	n := page.waiting.Count()
	if n == 0 {
		return f.Say("Rien n’attend : chaque encaissement a sa place.", "Nothing waits: each payment has its place.")
	}
	words := f.Count(n, "encaissement à affecter", "encaissements à affecter", "payment to apply",
		"payments to apply")
	if page.waiting.More {
		words = f.Sayf("Plus de %s", "More than %s", words)
	}
	return words + f.Say(" : tant qu’ils attendent, les clients à qui ils pourraient être ne sont pas relancés.",
		": while they wait, the customers whose they could be are not reminded.")
}

// sums are amounts side by side, one a currency.
func sums(f ui.Frame, list []money.Amount) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = f.Lang.Amount(a)
	}
	return strings.Join(words, " + ")
}

func stateWords(f ui.Frame, s state) string {
	switch s {
	case auto:
		return f.Say("Affectés par la règle", "Allocated by the rule")
	case treated:
		return f.Say("Affectés", "Applied")
	case aside:
		return f.Say("Hors clients", "Set aside")
	case all:
		return f.Say("Tous", "All")
	}
	return f.Say("À rapprocher", "To be matched")
}

// badgeWords is the state of an entry on its badge.
func badgeWords(f ui.Frame, st cash.State) string { return st.In(f.Lang) }

// dayWords is a day as a heading.
func dayWords(f ui.Frame, d, today cal.Date) string {
	if d == today {
		return f.Say("Aujourd’hui", "Today")
	}
	return ui.Capital(d.DayName(string(f.Lang))) + " " + f.Lang.Date(d)
}

// rowSentence is the small print of a row.
func rowSentence(f ui.Frame, r row) string {
	words := f.Means(r.means, r.amount.Sign() > 0)
	if r.wording != "" {
		words += " · " + r.wording
	}
	return words
}

// sureWords says how sure an explanation is, and sureShare how often such a one
// is right.
func sureWords(f ui.Frame, c match.Confidence) string {
	switch {
	case c >= 9900:
		return f.Say("presque certain", "almost certain")
	case c >= 9500:
		return f.Say("très probable", "very likely")
	case c >= 8000:
		return f.Say("probable", "likely")
	case c >= 5000:
		return f.Say("possible", "possible")
	}
	return f.Say("peu sûr", "uncertain")
}

func sureShare(f ui.Frame, c match.Confidence) string {
	if c < leastShown {
		return f.Say("moins de 1 %", "under 1%")
	}
	words := f.Lang.Decimal(fmt.Sprintf("%d.%d", c/100, c%100/10))
	return f.Say(words+" %", words+"%")
}

func sureTag(c match.Confidence) string {
	switch {
	case c >= 9500:
		return "paid"
	case c >= 8000:
		return "due"
	}
	return ""
}

// justWords says what was done with the entry before.
func justWords(f ui.Frame, r row) string {
	sum := f.Lang.Amount(r.amount)
	switch r.state {
	case cash.Aside:
		return f.Sayf("Mis de côté : %s, %s.", "Set aside: %s, %s.", r.who, sum)
	case cash.Open:
		return f.Sayf("À rapprocher de nouveau : %s, %s.", "To be matched again: %s, %s.", r.who, sum)
	}
	words := f.Sayf("Affecté : %s, %s", "Applied: %s, %s", r.who, sum)
	if r.hint != "" {
		words += " " + r.hint
	}
	return words + "."
}

// backAction is the action that takes back what was done.
func backAction(st cash.State) string {
	if st == cash.Aside {
		return "reprendre"
	}
	return "annuler"
}

// noCustomers are whose money it is when it is no customer's, to be chosen in one
// press.
var noCustomers = [][2]string{
	{"Virement interne", "Own transfer"},
	{"Remboursement d’un fournisseur", "Refund by a supplier"},
	{"Apport ou prêt", "Capital or loan"},
	{"Impôts, TVA, aides", "Taxes, VAT, subsidies"},
}
