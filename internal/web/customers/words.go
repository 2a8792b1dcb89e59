package customers

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"acquit/internal/customer"
	"acquit/internal/dispute"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/limitation"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/payer"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/web/ui"
)

// path is the address of one of the page's forms.
func (page view) path(form string) templ.SafeURL {
	return templ.SafeURL("/clients/" + page.ID + "/" + form)
}

// said is what stood in a field of a form that was refused, else otherwise.
func (page view) said(field, otherwise string) string {
	if values, ok := page.wrote[field]; ok {
		return values[0]
	}
	return otherwise
}

func (page view) isTicked(id string) bool { return slices.Contains(page.wrote["facture"], id) }

func amountsOr(f ui.Frame, sums []money.Amount) string {
	if len(sums) == 0 {
		return f.Lang.Amount(money.Zero(money.EUR))
	}
	return amounts(f, sums)
}

// signed is what is open as the balance counts it.
func signed(d ledger.OpenOn) money.Amount {
	if d.Kind.Credit() {
		return d.On.Neg()
	}
	return d.On
}

// footWords are the head of a total: how many documents, in the currency.
func footWords(f ui.Frame, page view, i int) string {
	n := 0
	for _, d := range page.open {
		if d.Amount.Currency == page.balance[i].Currency {
			n++
		}
	}
	return f.Count(n, "document ouvert", "documents ouverts", "open document", "open documents")
}

func delayWords(f ui.Frame, days int) string {
	switch {
	case days > 0:
		return f.Sayf("%d j après l’échéance", "%d days after the due date", days)
	case days < 0:
		return f.Sayf("%d j avant l’échéance", "%d days before the due date", -days)
	}
	return f.Say("à l’échéance", "on the due date")
}

// scoreWords are what took points off a customer's score.
func scoreWords(f ui.Frame, b payer.Behaviour) []string {
	_, drivers := b.Score()
	list := make([]string, len(drivers))
	for i, d := range drivers {
		list[i] = d.Say(f.Lang)
	}
	return list
}

func whyTitle(f ui.Frame, page view) string {
	if len(page.decided.Decision.Reminders) > 0 {
		return f.Say("Pourquoi une relance aujourd’hui", "Why a reminder today")
	}
	return f.Say("Pourquoi aucune nouvelle relance aujourd’hui", "Why no new reminder today")
}

func scenarioWords(f ui.Frame, page view) string {
	switch {
	case page.decided.Scenario == nil:
		return f.Say("aucun", "none")
	case page.Scenario != "":
		return page.decided.Scenario.Name + f.Say(", choisi", ", chosen")
	}
	return page.decided.Scenario.Name
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func languageWords(f ui.Frame, lang string) string {
	if lang == string(i18n.EN) {
		return f.Say("anglais", "English")
	}
	return f.Say("français", "French")
}

// spaced shows a SIREN in groups of three.
func spaced(siren string) string {
	if len(siren) != 9 {
		return siren
	}
	return siren[:3] + "\u202f" + siren[3:6] + "\u202f" + siren[6:]
}

func contactName(c customer.Contact) string {
	name := strings.TrimSpace(c.Civility + " " + c.FirstName + " " + c.LastName)
	if name == "" {
		return c.Email
	}
	return strings.Join(strings.Fields(name), " ")
}

func roles() []customer.Role {
	return []customer.Role{customer.Accounting, customer.Purchasing, customer.Manager, customer.Sales, customer.Other}
}

// civilities are those to choose from, with the one that stands.
func civilities(stands string) []string {
	list := []string{"", "Mme", "M."}
	if !slices.Contains(list, stands) {
		list = append(list, stands)
	}
	return list
}

func promised(f ui.Frame, x promise.View) string {
	if x.Amount.IsZero() {
		return f.Lang.Amount(x.Open.Add(x.Paid))
	}
	return f.Lang.Amount(x.Amount)
}

func promiseTag(s promise.State) string {
	switch s {
	case promise.Kept:
		return "paid"
	case promise.Broken, promise.Partly:
		return "late"
	}
	return "due"
}

func planTag(s plan.State) string {
	switch s {
	case plan.Kept:
		return "paid"
	case plan.Broken:
		return "late"
	}
	return "due"
}

func disputed(f ui.Frame, page view, x dispute.Dispute) string {
	number := strings.Join(page.numbers([]string{x.Invoice}), "")
	if x.Amount.IsZero() {
		return f.Sayf("toute la facture %s", "all of invoice %s", number)
	}
	return f.Sayf("%s de la facture %s", "%s of invoice %s", f.Lang.Amount(x.Amount), number)
}

// choice is one answer of a little form.
type choice struct{ value, words string }

func disputeEnds(f ui.Frame) (list []choice) {
	for _, o := range dispute.Outcomes() {
		list = append(list, choice{string(o), o.In(f.Lang)})
	}
	return list
}

func planEnds(f ui.Frame) (list []choice) {
	for _, s := range []plan.State{plan.Broken, plan.Withdrawn} {
		list = append(list, choice{string(s), s.In(f.Lang)})
	}
	return list
}

func paymentEnds(f ui.Frame) (list []choice) {
	for _, o := range inflight.Outcomes() {
		list = append(list, choice{string(o), o.In(f.Lang)})
	}
	return list
}

// lateClass colours what is late, and nothing when nothing is.
func lateClass(late []money.Amount) string {
	if len(late) == 0 {
		return ""
	}
	return "late"
}

// addTo adds a to the sum of its currency.
func addTo(sums []money.Amount, a money.Amount) []money.Amount {
	for i := range sums {
		if sums[i].Currency == a.Currency {
			sums[i] = sums[i].Add(a)
			return sums
		}
	}
	return append(sums, a)
}

// amounts are sums in words, one a currency.
func amounts(f ui.Frame, sums []money.Amount) string {
	words := make([]string, len(sums))
	for i, a := range sums {
		words[i] = f.Lang.Amount(a)
	}
	return strings.Join(words, " + ")
}

// letter is where a document about the customer is found.
func (page view) letter(kind, ref string) templ.SafeURL {
	return templ.SafeURL("/clients/" + page.ID + "/lettres/" + kind + "/" + ref)
}

// guarantee is what a guarantor has promised, in short.
func guarantee(f ui.Frame, g paper.Guarantor) string {
	words := []string{strings.TrimSpace(g.PostalCode + " " + g.City)}
	if g.Ceiling.Sign() > 0 {
		words = append(words, f.Sayf("jusqu’à %s", "up to %s", f.Lang.Amount(g.Ceiling)))
	}
	if !g.EndsOn.IsZero() {
		words = append(words, f.Sayf("jusqu’au %s", "until %s", f.Lang.Date(g.EndsOn)))
	}
	if !g.Person {
		words = append(words, f.Say("société", "company"))
	}
	return strings.Join(words, ", ")
}

// blank is a field of a form, empty at first.
type blank struct{ value, kind, words string }

func guarantorFields(f ui.Frame) []blank {
	return []blank{
		{"caution-nom", "text", f.Say("Nom", "Name")},
		{"caution-rue", "text", f.Say("Rue", "Street")},
		{"caution-code-postal", "text", f.Say("Code postal", "Postal code")},
		{"caution-ville", "text", f.Say("Ville", "City")},
		{"caution-signee", "date", f.Say("Engagement signé le", "Guarantee signed on")},
		{"caution-fin", "date", f.Say("Jusqu’au (vide : sans terme)", "Until (empty: without end)")},
		{"caution-plafond", "text", f.Say("Plafond en euros (vide : inconnu)", "Ceiling in euros (empty: unknown)")},
	}
}

// limitWords are the last day to sue for the claim whose time ends first.
func limitWords(f ui.Frame, c limitation.Clock) string {
	if c.Hypothesis() {
		return f.Lang.Date(c.Safe) + f.Say(" (hypothèse)", " (hypothesis)")
	}
	return f.Lang.Date(c.Safe)
}

// recordedTitles say what each form of the page has recorded.
var recordedTitles = map[string][2]string{
	"promesse": {"Promesse notée", "Promise recorded"}, "promesse-fin": {"Promesse close", "Promise closed"},
	"litige": {"Litige ouvert", "Dispute opened"}, "litige-fin": {"Litige clos", "Dispute closed"},
	"suspension":     {"Relances suspendues", "Reminders suspended"},
	"suspension-fin": {"Suspension levée", "Suspension lifted"},
	"reglement":      {"Règlement annoncé noté", "Announced payment recorded"},
	"reglement-fin":  {"Règlement annoncé clos", "Announced payment closed"},
	"echeancier":     {"Échéancier noté", "Plan recorded"}, "echeancier-fin": {"Échéancier clos", "Plan closed"},
	"contact": {"Contact enregistré", "Contact saved"}, "contact-fin": {"Contact retiré", "Contact removed"},
	"affecter": {"Crédit affecté", "Credit allocated"},
	"reponse":  {"Réponse notée", "Reply recorded"}, "fiche": {"Fiche enregistrée", "Card saved"},
	"caution": {"Caution notée", "Guarantor recorded"}, "caution-levee": {"Caution levée", "Guarantor released"},
}

// recordedWords say what was recorded, of whom and how much.
func recordedWords(f ui.Frame, form, customer, detail string) string {
	title := recordedTitles[form]
	words := f.Sayf("%s : %s", "%s: %s", f.Say(title[0], title[1]), customer)
	if detail != "" {
		words += ", " + detail
	}
	return words + "."
}
