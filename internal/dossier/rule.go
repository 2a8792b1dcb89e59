package dossier

import (
	"fmt"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// look is what the facts say of a point.
func (f Facts) look(p Point) finding {
	switch p {
	case PointOrigin:
		return f.covered(say("déposer le contrat, le devis signé ou la commande", "upload the contract, the signed quote or the order"),
			Contract, Framework, Quote, Order)
	case PointTerms:
		return f.covered(say("déposer les conditions de vente avec la preuve que le client les a acceptées",
			"upload the terms of sale with the proof that the customer accepted them"), Terms)
	case PointInvoices:
		return f.invoices()
	case PointDelivery:
		return f.covered(say("déposer la preuve de livraison ou d’exécution de chaque facture",
			"upload the proof of delivery or performance of each invoice"), Delivery)
	case PointEInvoice:
		return f.eInvoice()
	case PointReminders:
		return f.reminders()
	case PointNotice:
		return f.notice()
	case PointExchanges:
		return f.exchanges()
	case PointStatement:
		return f.statement()
	case PointLedger:
		return f.ledger()
	case PointIdentity:
		return f.identity()
	case PointInsolvency:
		return f.insolvency()
	case PointUnpaid:
		return f.unpaid()
	}
	return f.power()
}

// has tells whether a piece of one of the kinds speaks of a document.
func (f Facts) has(document string, kinds ...Kind) bool {
	return slices.ContainsFunc(f.Evidence, func(e Evidence) bool {
		return slices.Contains(kinds, e.Kind) && e.about(document)
	})
}

// latest is the day of the newest piece of a kind; the zero Date without one.
func (f Facts) latest(k Kind) (day cal.Date) {
	for _, e := range f.Evidence {
		if e.Kind == k {
			day = max(day, e.On)
		}
	}
	return day
}

// lacking are the numbers of the claims that have not what ok asks.
func lacking(list []Claim, ok func(Claim) bool) (numbers []string) {
	for _, c := range list {
		if !ok(c) {
			numbers = append(numbers, c.Number)
		}
	}
	return numbers
}

// each counts the claims that have what ok asks, and names the others.
func (f Facts) each(list []Claim, ok func(Claim) bool, do i18n.Words) finding {
	missing := lacking(list, ok)
	n := finding{have: len(list) - len(missing), need: len(list), do: do}
	switch {
	case n.need == 0:
		n.says = say("aucune facture n’est réclamée", "no invoice is claimed")
	case n.have == n.need:
		n.says = ofInvoices(n.have, n.need)
	default:
		there := ofInvoices(n.have, n.need)
		n.says = say(there.FR+" ; manque "+named(missing), there.EN+"; missing "+named(missing))
	}
	return n
}

// ofInvoices is « 1 facture sur 2 ».
func ofInvoices(n, of int) i18n.Words {
	return say(
		fmt.Sprintf("%d %s sur %d", n, i18n.Plural(i18n.FR, n, "facture", "factures"), of),
		fmt.Sprintf("%d of %d %s", n, of, i18n.Plural(i18n.EN, of, "invoice", "invoices")),
	)
}

// shownNumbers is how many numbers a sentence can bear.
const shownNumbers = 5

func named(numbers []string) string {
	text := ""
	for i, n := range numbers {
		switch {
		case i == shownNumbers:
			return text + "…"
		case i > 0:
			text += ", "
		}
		text += n
	}
	return text
}

func (f Facts) covered(do i18n.Words, kinds ...Kind) finding {
	return f.each(f.Claims, func(c Claim) bool { return f.has(c.ID, kinds...) }, do)
}

// invoices wants the file of each invoice, and of the credit notes set against
// them.
func (f Facts) invoices() finding {
	return f.each(slices.Concat(f.Claims, f.Credits), func(c Claim) bool {
		return c.Copied || slices.ContainsFunc(f.Evidence, func(e Evidence) bool {
			return e.Kind == InvoiceCopy && slices.Contains(e.Documents, c.ID)
		})
	}, say("importer les factures avec leurs PDF, ou déposer la copie de chacune", "import the invoices with their PDFs, or upload a copy of each"))
}

// eInvoiceDay is when every business of France issues electronic invoices; large
// ones do since the year before (CGI art. 289 bis).
var eInvoiceDay = cal.Must("2027-09-01")

// eInvoice applies where an electronic invoice is certain: to a public buyer
// (CCP L2192-1), or to a business of France once all issue them.
func (f Facts) eInvoice() finding {
	var due []Claim
	for _, c := range f.Claims {
		logged := c.Logged || f.has(c.ID, EInvoiceLog)
		if logged || f.Kind == customer.Public || f.Kind == customer.Business && f.Country == "FR" &&
			c.Issued >= eInvoiceDay {
			due = append(due, c)
		}
	}
	if len(due) == 0 {
		return finding{says: say("aucune de ces factures n’était à émettre par voie électronique",
			"none of these invoices had to be issued electronically")}
	}
	return f.each(due, func(c Claim) bool { return c.Logged || f.has(c.ID, EInvoiceLog) },
		say("importer ou déposer les statuts reçus de la plateforme ou de Chorus Pro", "import or upload the statuses received from the platform or Chorus Pro"))
}

func (f Facts) reminders() finding {
	return f.each(f.Claims, func(c Claim) bool { return c.Reminded },
		say("relancer ces factures : aucune relance partie ne les réclame", "remind of these invoices: no reminder that left claims them"))
}

// notice wants a notice for each invoice, then a proof for each.
func (f Facts) notice() finding {
	sent := func(c Claim) bool { return c.Noticed || f.has(c.ID, Notice) }
	proved := func(c Claim) bool { return sent(c) && (c.Proved || f.has(c.ID, NoticeProof)) }
	without, unproved := lacking(f.Claims, sent), lacking(f.Claims, proved)
	n := finding{have: 2*len(f.Claims) - len(without) - len(unproved), need: 2 * len(f.Claims)}
	switch {
	case len(without) > 0:
		n.says = sayf("pas de mise en demeure pour %s", "no formal notice for %s", named(without))
		n.do = say("préparer la mise en demeure, ou déposer celle qui est partie", "prepare the formal notice, or upload the one that left")
	case len(unproved) > 0:
		n.says = sayf("mise en demeure partie, sans preuve de réception pour %s", "notice sent, without proof of receipt for %s", named(unproved))
		n.do = say("noter l’avis de réception, ou déposer la preuve de dépôt et l’avis", "record the receipt, or upload the proof of deposit and of receipt")
	default:
		n.says = say("mise en demeure et sa preuve", "formal notice and its proof")
	}
	return n
}

// exchanged counts what the debtor said.
var exchanged = i18n.Noun{
	One:  say("échange, promesse ou litige", "exchange, promise or dispute"),
	Many: say("échanges, promesses ou litiges", "exchanges, promises or disputes"),
}

func counted(n i18n.Noun, count int) i18n.Words {
	return i18n.Words{FR: n.Count(i18n.FR, count), EN: n.Count(i18n.EN, count)}
}

// exchanges are asked of nobody: without any there is nothing to join.
func (f Facts) exchanges() finding {
	n := f.Exchanges
	for _, e := range f.Evidence {
		if e.Kind == Exchange || e.Kind == Acknowledgment {
			n++
		}
	}
	if n == 0 {
		return finding{
			says: say("aucun échange connu", "no exchange known"),
			do:   say("déposer les courriels du débiteur, s’il y en a", "upload the debtor’s e-mails, if there are any"),
		}
	}
	return finding{have: 1, need: 1, says: counted(exchanged, n)}
}

func (f Facts) statement() finding {
	if len(f.Claims) == 0 {
		return f.each(nil, nil, i18n.Words{})
	}
	if f.Statement.FR != "" {
		return finding{need: 1, says: f.Statement, do: say("compléter les paramètres de droit",
			"complete the figures of the law")}
	}
	return finding{have: 1, need: 1, says: say("établi et figé à la date du dossier", "drawn up and frozen on the day of the dossier")}
}

// ledger is evidence between traders only (C. com. L110-3).
func (f Facts) ledger() finding {
	if f.Kind != customer.Business {
		return finding{says: say("les écritures ne font preuve qu’entre commerçants", "books are evidence between traders only")}
	}
	return finding{have: 1, need: 1, says: say("tiré des pièces et lettrages du compte", "drawn from the account’s documents and allocations")}
}

func (f Facts) identity() finding {
	n := finding{need: 1, do: say("déposer un K-bis du créancier de moins de trois mois et l’extrait de registre du débiteur",
		"upload a company extract of the creditor of less than three months and the register extract of the debtor")}
	since := f.Day.AddMonths(-extractMonths)
	own, theirs := f.latest(CompanyExtract), f.latest(DebtorExtract)
	ours, debtor := aged(own, since, "K-bis du créancier", "extract of the creditor"), aged(theirs, since,
		"extrait du débiteur", "extract of the debtor")
	if own >= since {
		n.have++
	}
	if f.Kind == customer.Consumer {
		n.says = ours
		return n
	}
	n.need = 2
	if theirs >= since {
		n.have++
	}
	n.says = i18n.Words{FR: ours.FR + French(" ; ") + debtor.FR, EN: ours.EN + "; " + debtor.EN}
	return n
}

// aged says how old a paper is.
func aged(day, since cal.Date, fr, en string) i18n.Words {
	switch {
	case day.IsZero():
		return say(fr+" : absent", en+": none")
	case day < since:
		return say(fr+" trop ancien ("+i18n.FR.Date(day)+")", en+" too old ("+i18n.EN.Date(day)+")")
	}
	return say(fr+" du "+i18n.FR.Date(day), en+" of "+i18n.EN.Date(day))
}

func (f Facts) insolvency() finding {
	if f.Kind != customer.Business || f.Country != "FR" {
		return finding{says: say("le BODACC ne concerne que les entreprises de France", "the BODACC is about businesses of France only")}
	}
	day := max(f.Checked, f.latest(BODACC))
	n := finding{need: 1, do: say("consulter bodacc.fr le jour de la remise et déposer le résultat",
		"consult bodacc.fr on the day of handing over and upload the result")}
	switch {
	case day.IsZero():
		n.says = say("aucun contrôle", "no check")
	case f.Day.Sub(day) > checkDays:
		n.says = say("dernier contrôle le "+i18n.FR.Date(day)+" : à refaire",
			"last check on "+i18n.EN.Date(day)+": to be done again")
	default:
		n.have, n.says = 1, say("contrôlé le "+i18n.FR.Date(day), "checked on "+i18n.EN.Date(day))
	}
	return n
}

func (f Facts) unpaid() finding {
	there := !f.latest(Unpaid).IsZero()
	if !f.Refused && !there {
		return finding{says: say("aucun moyen de paiement n’a été rejeté", "no means of payment was refused")}
	}
	n := finding{need: 1, says: say("un paiement est revenu impayé", "a payment came back unpaid"), do: say("déposer le chèque, l’effet ou l’avis de rejet",
		"upload the cheque, the bill or the notice of refusal")}
	if there {
		n.have, n.says = 1, say("pièce déposée", "piece uploaded")
	}
	return n
}

// lawyerAbove is the claim above which a lawyer acts (CPC 761, 853).
var lawyerAbove = money.New(10_000_00, money.EUR)

func (f Facts) power() finding {
	switch {
	case f.Route == Agency:
		return finding{says: say("l’agence agit par son mandat (CPCE R124-3)", "the agency acts by its mandate (CPCE R124-3)")}
	case f.Route == Summons && f.above(lawyerAbove):
		return finding{says: say("au-delà de 10 000 €, l’avocat représente (CPC 761 et 853)", "above 10,000 € the lawyer represents (CPC 761 and 853)")}
	case !f.Agent && f.latest(Power).IsZero():
		return finding{says: say("le représentant légal signe", "the legal representative signs")}
	case f.latest(Power).IsZero():
		return finding{
			need: 1, says: say("aucun pouvoir", "no power"),
			do: say("déposer le pouvoir donné au signataire",
				"upload the power given to the signatory"),
		}
	}
	return finding{have: 1, need: 1, says: say("pouvoir déposé", "power uploaded")}
}

// above tells whether the claims of a limit's currency come to more than it.
func (f Facts) above(limit money.Amount) bool {
	sum := money.Zero(limit.Currency)
	for _, c := range f.Claims {
		if c.Open.Currency == limit.Currency {
			sum = sum.Add(c.Open)
		}
	}
	return sum.Minor > limit.Minor
}
