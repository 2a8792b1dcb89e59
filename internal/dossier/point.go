package dossier

import (
	"acquit/internal/cal"
	"acquit/internal/i18n"
)

// Point is one of the fourteen documents that an agency or a court looks
// for.
type Point string

// The points, in the order of the list.
const (
	PointOrigin     Point = "origin"
	PointTerms      Point = "terms"
	PointInvoices   Point = "invoices"
	PointDelivery   Point = "delivery"
	PointEInvoice   Point = "einvoice"
	PointReminders  Point = "reminders"
	PointNotice     Point = "notice"
	PointExchanges  Point = "exchanges"
	PointStatement  Point = "statement"
	PointLedger     Point = "ledger"
	PointIdentity   Point = "identity"
	PointInsolvency Point = "insolvency"
	PointUnpaid     Point = "unpaid"
	PointPower      Point = "power"
)

// pointFacts is what is known of a point.
type pointFacts struct {
	point Point
	title i18n.Words
	auto  bool   // Acquit has it by itself
	kinds []Kind // of the pieces that fill it
}

var points = []pointFacts{
	{
		PointOrigin, say("Contrat, contrat-cadre, devis signé ou commande", "Contract, framework, signed quote or order"),
		false,
		[]Kind{Contract, Framework, Quote, Order},
	},
	{
		PointTerms, say("Conditions de vente et preuve de leur acceptation", "Terms of sale and proof of acceptance"),
		false,
		[]Kind{Terms},
	},
	{PointInvoices, say("Factures et avoirs", "Invoices and credit notes"), false, []Kind{InvoiceCopy}},
	{
		PointDelivery, say("Bon de livraison, PV de réception, relevé d’heures ou CMR", "Delivery note, acceptance, time sheet or CMR"),
		false,
		[]Kind{Delivery},
	},
	{
		PointEInvoice, say("Statuts de la facture électronique (200 à 213)", "Statuses of the electronic invoice (200 to 213)"),
		false,
		[]Kind{EInvoiceLog},
	},
	{PointReminders, say("Relances, avec leur contenu et leur canal", "Reminders, with their content and channel"), true, nil},
	{
		PointNotice, say("Mise en demeure et son avis de réception", "Formal notice and its proof of receipt"),
		true,
		[]Kind{Notice, NoticeProof},
	},
	{
		PointExchanges, say("Échanges, promesses, échéancier, reconnaissance de dette", "Exchanges, promises, plan, acknowledgment of debt"),
		true,
		[]Kind{Acknowledgment, Exchange},
	},
	{
		PointStatement, say("Décompte détaillé : principal, règlements, pénalités, indemnité", "Detailed statement: principal, payments, interest, indemnity"),
		true, nil,
	},
	{PointLedger, say("Extrait du compte client (411)", "Extract of the customer’s account (411)"), true, nil},
	{
		PointIdentity, say("K-bis du créancier et extrait de registre du débiteur", "Company extract of the creditor and register extract of the debtor"),
		false,
		[]Kind{CompanyExtract, DebtorExtract},
	},
	{
		PointInsolvency, say("Contrôle BODACC du débiteur, du jour", "BODACC check of the debtor, of the day"), false,
		[]Kind{BODACC},
	},
	{PointUnpaid, say("Chèque, effet ou prélèvement impayé", "Unpaid cheque, bill or debit"), false, []Kind{Unpaid}},
	{
		PointPower, say("Pouvoir du signataire, s’il n’est pas le représentant légal", "Power of the signatory who is not the legal representative"),
		false,
		[]Kind{Power},
	},
}

// weight is how much a point matters, and why.
type weight struct {
	points int
	why    i18n.Words
}

// weighing is how much each point matters from a day on. No text gives such
// figures: they are ours, add up to a hundred, and say their reason, so that
// whoever thinks otherwise can tell where.
type weighing struct {
	from    cal.Date
	weights map[Point]weight
}

// weighings are by day, the latest last.
var weighings = []weighing{{
	from: cal.Must("2026-01-01"),
	weights: map[Point]weight{
		PointOrigin: {12, say("sans l’origine de la créance, le débiteur peut nier avoir commandé (C. civ. 1353)",
			"without the origin of the claim the debtor can deny having ordered (C. civ. 1353)")},
		PointTerms: {8, say("elles fondent le délai, le taux, la clause pénale, la réserve de propriété et la compétence (C. civ. 1119)",
			"they found the term, the rate, the penalty clause, retention of title and jurisdiction (C. civ. 1119)")},
		PointInvoices: {14, say("elles fixent le montant : rien ne se réclame sans elles",
			"they fix the amount: nothing can be claimed without them")},
		PointDelivery: {12, say("il prouve que la prestation a été faite et fait courir la prescription",
			"it proves performance and starts the limitation")},
		PointEInvoice: {3, say("ils prouvent le dépôt, la mise à disposition et l’approbation de la facture",
			"they prove that the invoice was filed, made available and approved")},
		PointReminders: {6, say("elles montrent la bonne foi du créancier", "they show the creditor’s good faith")},
		PointNotice: {10, say("elle met le débiteur en demeure et fait courir l’intérêt légal (C. civ. 1344 et 1344-1)",
			"it puts the debtor in default and starts legal interest (C. civ. 1344 and 1344-1)")},
		PointExchanges: {6, say("une reconnaissance du débiteur interrompt la prescription (C. civ. 2240)",
			"an acknowledgment by the debtor interrupts limitation (C. civ. 2240)")},
		PointStatement: {9, say("la requête veut le montant précis et son décompte (CPC 1407)",
			"the request needs the precise amount and its breakdown (CPC 1407)")},
		PointLedger: {5, say("les écritures font preuve entre commerçants (C. com. L123-23)",
			"books are evidence between traders (C. com. L123-23)")},
		PointIdentity: {6, say("un acte au mauvais nom ou au mauvais siège peut être annulé (CPC 648)",
			"an act with the wrong name or address can be annulled (CPC 648)")},
		PointInsolvency: {3, say("une procédure collective interdit les poursuites (C. com. L622-21)",
			"insolvency proceedings forbid to sue (C. com. L622-21)")},
		PointUnpaid: {3, say("il ouvre des voies propres, sans juge (CMF L131-73, CPCE L511-2)",
			"it opens ways of its own, without a judge (CMF L131-73, CPCE L511-2)")},
		PointPower: {3, say("un acte signé sans pouvoir est nul (CPC 117)",
			"an act signed without power is void (CPC 117)")},
	},
}}

// weighingOn is the one of a day: the first for days before it.
func weighingOn(day cal.Date) weighing {
	found := weighings[0]
	for _, w := range weighings {
		if w.from <= day {
			found = w
		}
	}
	return found
}

// The ages beyond which a paper no longer convinces.
const (
	extractMonths = 3 // a company extract
	checkDays     = 0 // a check of the BODACC is of the day
)
