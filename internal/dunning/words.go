package dunning

import (
	"strconv"
	"strings"

	"acquit/internal/dunning/yamldoc"
	"acquit/internal/i18n"
)

// Text is the reason in words.
func (r Reason) Text(l i18n.Lang) string {
	words, ok := sentences[r.Code]
	if !ok {
		return string(r.Code)
	}
	text := words.In(l)
	if l != i18n.EN {
		text = yamldoc.Typeset(text)
	}
	return r.write(text, l)
}

// sentences are the reasons in words. {step}, {invoice}, {on}, {until},
// {amount}, {limit} and {note} stand for its figures; {days|none|one|many} and
// {count|…} choose by their number, which # stands for; [what is in brackets] is
// left out when one of its figures is empty.
var sentences = map[Code]i18n.Words{
	NoScenario: {
		FR: "Aucun scénario ne s'applique à ce client[ : {note}]",
		EN: "No scenario applies to this customer[: {note}]",
	},
	ConditionFailed: {
		FR: "La condition[ de l'étape « {step} »] n'a pas pu être évaluée : {note}",
		EN: "The condition[ of step “{step}”] could not be evaluated: {note}",
	},
	NothingOpen: {
		FR: "Aucune facture ouverte",
		EN: "No open invoice",
	},
	Insolvent: {
		FR: "Procédure collective : le client n'est pas relancé (C. com. art. L622-21)",
		EN: "Insolvency proceedings: the customer is not reminded (French Commercial Code, art. L622-21)",
	},
	CustomerHeld: {
		FR: "Client suspendu[ jusqu'au {until} inclus][ : {note}]",
		EN: "Customer on hold[ until {until} inclusive][: {note}]",
	},
	ToAllocate: {
		FR: "À affecter : {amount} de crédits couvrent tout ce que le client doit (solde net {limit})",
		EN: "To allocate: {amount} of credits cover all that the customer owes (net balance {limit})",
	},
	CreditsHeld: {
		FR: "{amount} de crédits à affecter avant toute relance",
		EN: "{amount} of credits to allocate before any reminder",
	},
	Covered: {
		FR: "{amount} de crédits ou de règlements annoncés couvrent les {limit} à réclamer",
		EN: "{amount} of credits or announced payments cover the {limit} to claim",
	},
	BelowMinimum: {
		FR: "{amount} à réclamer, moins que le minimum de {limit}",
		EN: "{amount} to claim, less than the minimum of {limit}",
	},
	ClosedDay: {
		FR: "Le {on} n'est pas un jour ouvré : prochain jour ouvré le {until}",
		EN: "{on} is not a working day: the next one is {until}",
	},
	TooSoon: {
		FR: "Dernier contact le {on} : pas de nouveau contact avant le {until}",
		EN: "Last contact on {on}: no new contact before {until}",
	},
	Awaiting: {
		FR: "L'étape « {step} », proposée le {on}, attend déjà une décision",
		EN: "Step “{step}”, proposed on {on}, is already waiting for a decision",
	},
	NotYet: {
		FR: "Prochaine étape « {step} » le {on}, menée par la facture {invoice}",
		EN: "Next step “{step}” on {on}, led by invoice {invoice}",
	},
	NoStepLeft: {
		FR: "Le scénario n'a plus d'étape pour la facture {invoice}",
		EN: "The scenario has no step left for invoice {invoice}",
	},
	NothingLate: {
		FR: "{count||La facture ouverte n'est pas en retard|Aucune des # factures ouvertes n'est en retard}",
		EN: "{count||The open invoice is not late|None of the # open invoices is late}",
	},
	AllAside: {
		FR: "Les {count||factures ouvertes sont|# factures ouvertes sont toutes} mises de côté, chacune avec sa raison",
		EN: "All {count||open invoices|# open invoices} are left aside, each for its own reason",
	},
	OtherCurrency: {
		FR: "{amount} en {note} attendent leur tour : un message réclame une seule monnaie, et un seul part par jour",
		EN: "{amount} in {note} wait their turn: a message claims one currency only, and one goes out a day",
	},

	StepDue: {
		FR: "Étape « {step} » : la facture {invoice} {days|échoit aujourd'hui|a 1 jour de retard|a # jours de retard}",
		EN: "Step “{step}”: invoice {invoice} is {days|due today|1 day late|# days late}",
	},
	BeforeDue: {
		FR: "Étape « {step} » : la facture {invoice} échoit {days|aujourd'hui|demain|dans # jours}",
		EN: "Step “{step}”: invoice {invoice} is due {days|today|tomorrow|in # days}",
	},
	FollowsUp: {
		FR: "Suite de l'étape « {step} » du {on}, restée sans réaction depuis {days|aujourd'hui|1 jour|# jours}",
		EN: "Follow-up of step “{step}” of {on}, without a reaction for {days|less than a day|1 day|# days}",
	},
	MovedToOpenDay: {
		FR: "Déplacée du {on} au {until}, jour ouvré",
		EN: "Moved from {on} to {until}, a working day",
	},
	CaughtUp: {
		FR: "Rattrapée : elle était prévue le {on}, il y a {days|0 jour|1 jour|# jours}",
		EN: "Caught up: it was planned for {on}, {days|0 days|1 day|# days} ago",
	},
	Spaced: {
		FR: "L'étape « {step} » est partie tard, le {on} : l'écart entre les deux est gardé",
		EN: "Step “{step}” left late, on {on}: the gap between the two is kept",
	},
	EnteredByAge: {
		FR: "Prise en cours à l'étape « {step} », qui correspond à {days|0 jour|1 jour|# jours} de retard",
		EN: "Taken up at step “{step}”, which matches {days|0 days|1 day|# days} late",
	},
	LastSent: {
		FR: "Étape précédente « {step} » partie le {on}",
		EN: "Previous step “{step}” left on {on}",
	},
	LastDismissed: {
		FR: "Étape précédente « {step} » écartée le {on}",
		EN: "Previous step “{step}” dismissed on {on}",
	},
	FirstContact: {
		FR: "Rien n'a encore été dit de la facture {invoice}",
		EN: "Nothing has been said yet about invoice {invoice}",
	},
	PassedOver: {
		FR: "Étape « {step} » passée : sa condition n'est pas remplie ({note})",
		EN: "Step “{step}” passed over: its condition does not hold ({note})",
	},
	PromiseBroken: {
		FR: "Promesse de {amount} pour le {on} non tenue",
		EN: "Promise of {amount} for {on} not kept",
	},
	PromisePartly: {
		FR: "Promesse pour le {on} tenue en partie : {amount} reçus sur {limit}",
		EN: "Promise for {on} partly kept: {amount} received of {limit}",
	},
	PlanBroken: {
		FR: "Échéancier rompu : l'échéance de {amount} du {on} n'a pas été payée",
		EN: "Plan broken: the instalment of {amount} of {on} was not paid",
	},
	InstalmentDue: {
		FR: "Échéance de {amount} du {on}, selon l'échéancier",
		EN: "Instalment of {amount} of {on}, under the plan",
	},
	CreditsNetted: {
		FR: "{amount} de crédits à affecter sont déduits",
		EN: "{amount} of credits to allocate are taken off",
	},
	InFlightNetted: {
		FR: "{amount} de règlements annoncés sont déduits",
		EN: "{amount} of announced payments are taken off",
	},
	ComingApart: {
		FR: "{count||1 facture à échoir est mentionnée|# factures à échoir sont mentionnées} à part ({amount})",
		EN: "{count||1 invoice not yet due is|# invoices not yet due are} mentioned apart ({amount})",
	},
	LeftAside: {
		FR: "{count||1 facture est laissée de côté, avec sa raison|# factures sont laissées de côté, chacune avec sa raison}",
		EN: "{count||1 invoice is left aside, with its reason|# invoices are left aside, each with its reason}",
	},
	NeedsApproval: {
		FR: "L'étape « {step} » demande l'accord d'une personne",
		EN: "Step “{step}” needs a person's approval",
	},

	Claimed: {
		FR: "Réclamée par l'étape « {step} » : {amount}",
		EN: "Claimed by step “{step}”: {amount}",
	},
	Coming: {
		FR: "Pas encore échue : mentionnée à part ({amount} pour le {on})",
		EN: "Not yet due: mentioned apart ({amount} for {on})",
	},
	Leads: {
		FR: "La plus ancienne facture à réclamer : elle fixe l'étape",
		EN: "The oldest invoice to claim: it sets the step",
	},
	Grouped: {
		FR: "Regroupée : elle suit l'étape de la facture {invoice}",
		EN: "Grouped: it follows the step of invoice {invoice}",
	},
	Late: {
		FR: "En retard de {days|0 jour|1 jour|# jours}",
		EN: "{days|0 days|1 day|# days} late",
	},
	NotDue: {
		FR: "Échoit le {on}{days| (aujourd'hui)| (demain)|, dans # jours}",
		EN: "Due on {on}{days| (today)| (tomorrow)|, in # days}",
	},
	NextStep: {
		FR: "Prochaine étape « {step} » le {on}",
		EN: "Next step “{step}” on {on}",
	},
	NoDueDate: {
		FR: "Échéance inconnue : la facture {invoice} n'est pas relancée tant qu'elle n'en a pas",
		EN: "No due date: invoice {invoice} is not chased until it has one",
	},
	Barred: {
		FR: "Prescrite depuis le {on} : la facture {invoice} n'est plus réclamée à un consommateur (C. conso. art. L218-2)",
		EN: "Barred since {on}: invoice {invoice} is no longer asked of a consumer (French Consumer Code, art. L218-2)",
	},
	Frozen: {
		FR: "Antérieure au jugement : la facture {invoice} se déclare, elle ne se relance pas (C. com. art. L622-7)",
		EN: "From before the judgment: invoice {invoice} is declared, not chased (French Commercial Code, art. L622-7)",
	},
	Undated: {
		FR: "Facture {invoice} émise après le jugement : dire quand la prestation a eu lieu pour la relancer (C. com. art. L622-17)",
		EN: "Invoice {invoice} was issued after the judgment: say when it was supplied so that it can be chased (French Commercial Code, art. L622-17)",
	},
	StatusStops: {
		FR: "Facture {invoice} {stopped} le {on} (statut {note}) : elle n’est plus relancée",
		EN: "Invoice {invoice} {stopped} on {on} (status {note}): it is no longer chased",
	},
	ToMend: {
		FR: "À corriger avant de relancer la facture {invoice} : {mend}",
		EN: "To mend before invoice {invoice} is chased: {mend}",
	},
	Disputed: {
		FR: "Facture {invoice} en litige pour {amount}[ ({note})] : rien d'autre à en réclamer",
		EN: "Invoice {invoice} disputed for {amount}[ ({note})]: nothing else of it to claim",
	},
	PartDisputed: {
		FR: "Facture {invoice} : {amount} en litige[ ({note})] sont laissés de côté, le reste suit son cours",
		EN: "Invoice {invoice}: {amount} disputed[ ({note})] are left aside, the rest goes on",
	},
	Held: {
		FR: "Facture {invoice} suspendue[ jusqu'au {until} inclus][ : {note}]",
		EN: "Invoice {invoice} on hold[ until {until} inclusive][: {note}]",
	},
	Promised: {
		FR: "Facture {invoice} promise pour le {on} : relances en pause jusqu'au {until} inclus",
		EN: "Invoice {invoice} promised for {on}: reminders paused until {until} inclusive",
	},
	InPlan: {
		FR: "Dans un échéancier : prochaine échéance le {on}[, {amount} pour la facture {invoice}]",
		EN: "In a plan: next instalment on {on}[, {amount} for invoice {invoice}]",
	},
	InFlightItem: {
		FR: "Règlement de {amount} annoncé pour la facture {invoice}[, attendu jusqu'au {until}]",
		EN: "Payment of {amount} announced for invoice {invoice}[, expected until {until}]",
	},
	NotReminded: {
		FR: "La facture {invoice} n'a pas encore été relancée : une étape formelle ne la réclame pas",
		EN: "Invoice {invoice} has not been reminded yet: a formal step does not claim it",
	},
	FormalFirst: {
		FR: "L'étape formelle « {step} » attend qu'une relance soit partie pour la facture {invoice}",
		EN: "The formal step “{step}” waits until a reminder has left for invoice {invoice}",
	},
	HandedOver: {
		FR: "Facture {invoice} transmise (étape « {step} » du {on}) : elle n'est plus relancée ici",
		EN: "Invoice {invoice} handed over (step “{step}” of {on}): it is no longer chased here",
	},
	StepGone: {
		FR: "L'étape « {step} » n'existe plus dans le scénario",
		EN: "Step “{step}” no longer exists in the scenario",
	},

	OtherScenario: {
		FR: "Le client suit maintenant le scénario « {note} »",
		EN: "The customer follows the scenario “{note}” now",
	},
	Settled: {
		FR: "Plus rien n'est dû sur une des factures réclamées",
		EN: "Nothing is owed any more on one of the claimed invoices",
	},
	Lapsed: {
		FR: "L'échéance de la facture {invoice} est passée : l'étape « {step} » n'a plus lieu d'être",
		EN: "The due date of invoice {invoice} has passed: step “{step}” has lapsed",
	},
	AlreadyDone: {
		FR: "L'étape « {step} » est déjà faite",
		EN: "Step “{step}” is already done",
	},
	AmountChanged: {
		FR: "Il ne reste que {amount} à réclamer, et non {limit}",
		EN: "Only {amount} is left to claim, not {limit}",
	},
	Overspoken: {
		FR: "L'étape « {step} » parle au client ce jour-là, et mentionne les factures à échoir",
		EN: "Step “{step}” speaks to the customer that day, and mentions the invoices to come",
	},
	HasReacted: {
		FR: "Le client a réagi depuis l'étape « {step} »",
		EN: "The customer has reacted since step “{step}”",
	},
}

// write fills a sentence with the reason's figures.
func (r Reason) write(s string, l i18n.Lang) string {
	var b strings.Builder
	for s != "" {
		open := strings.IndexAny(s, "[{")
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		closing := map[byte]string{'[': "]", '{': "}"}[s[open]]
		inside, rest, _ := strings.Cut(s[open+1:], closing)
		if s[open] == '{' {
			b.WriteString(r.figure(inside, l))
		} else if r.given(inside) {
			b.WriteString(r.write(inside, l))
		}
		s = rest
	}
	return b.String()
}

// given tells whether every figure of a bracketed part has a value.
func (r Reason) given(part string) bool {
	for {
		_, rest, found := strings.Cut(part, "{")
		if !found {
			return true
		}
		name, after, _ := strings.Cut(rest, "}")
		if r.figure(name, i18n.FR) == "" || name == "amount" && r.Amount.IsZero() {
			return false
		}
		part = after
	}
}

// figure is one figure in words.
func (r Reason) figure(name string, l i18n.Lang) string {
	field, forms, plural := strings.Cut(name, "|")
	if plural {
		return choose(map[string]int{"days": r.Days, "count": r.Count}[field], strings.Split(forms, "|"))
	}
	switch field {
	case "step":
		return StepTitle(r.Step, l)
	case "invoice":
		return r.Invoice
	case "on":
		return l.LongDate(r.On)
	case "until":
		return l.LongDate(r.Until)
	case "amount":
		return l.Amount(r.Amount)
	case "limit":
		return l.Amount(r.Limit)
	case "mend":
		return r.mend(l)
	case "stopped":
		return stops[r.Note].In(l)
	}
	if r.Code == Disputed || r.Code == PartDisputed {
		return Contested(r.Note, l)
	}
	return r.Note
}

// stops are the statuses of electronic invoices after which nobody is reminded
// (XP Z12-012), in words.
var stops = map[string]i18n.Words{
	"210": {FR: "refusée par le client", EN: "refused by the customer"},
	"213": {FR: "rejetée par une plateforme", EN: "rejected by a platform"},
	"220": {FR: "annulée", EN: "cancelled"},
	"225": {FR: "cédée à un affactureur, à qui elle se paie,", EN: "sold to a factor, who is to be paid,"},
	"501": {FR: "irrecevable pour la plateforme", EN: "that the platform could not receive"},
}

// mend is what has to be mended, in words where its code has some.
func (r Reason) mend(l i18n.Lang) string {
	all := strings.Split(r.Note, ", ")
	for i, code := range all {
		if words, ok := mends[code]; ok {
			all[i] = words.In(l)
		}
	}
	return strings.Join(all, ", ")
}

// mends are the findings that keep an invoice from being chased, in words.
var mends = map[string]i18n.Words{
	"due_missing": {FR: "l’échéance n’est pas connue", EN: "the due date is not known"},
	"due_before_issued": {
		FR: "l’échéance précède la date de la facture", EN: "the due date comes before the day of issue",
	},
}

// choose is the form for a number: none, one or many.
func choose(n int, forms []string) string {
	form := forms[min(max(n, 0), len(forms)-1)]
	return strings.ReplaceAll(form, "#", strconv.Itoa(n))
}
