package fr

import "acquit/internal/i18n"

// declaration is the only way once a collective procedure is open: payment of what
// is older is forbidden, and so is suing for it.
func (q *routing) declaration() {
	r := Route{
		Key: RouteDeclaration, For: q.facts.Amount,
		Title: i18n.Words{FR: "Déclaration de créance", EN: "Declaration of claim"},
		About: i18n.Words{
			FR: "déclarer la créance au mandataire judiciaire ou au liquidateur, en recommandé",
			EN: "declare the claim to the creditors’ representative or the liquidator, by registered letter",
		},
		Interrupts: i18n.Words{FR: "la déclaration interrompt la prescription", EN: "declaring interrupts limitation"},
	}
	r.need(Yes, "C. com. art. L622-24", "procédure collective ouverte", "collective procedure open")
	r.because("insolvent", "C. com. art. L622-7 et L622-21",
		"le jugement interdit le paiement des créances antérieures et arrête les poursuites\u00a0: aucune autre voie n’est ouverte",
		"the judgment forbids paying earlier claims and stops all suits: no other way is open")
	q.delay(&r, "insolvency_declaration_delay", "C. com. art. R622-24", "pour déclarer, de la publication au BODACC",
		"to declare, from publication in the BODACC")
	q.delay(&r, "insolvency_relief_delay", "C. com. art. L622-26",
		"pour demander un relevé de forclusion, de la publication",
		"to ask for relief when late, from publication")
	q.delay(&r, "insolvency_objection_reply", "C. com. art. L622-27", "pour répondre à une contestation du mandataire",
		"to answer an objection")
	q.keep(r)
}

// interrupt comes first when limitation is near: an act that interrupts it.
func (q *routing) interrupt() {
	if q.facts.near() != Yes || q.facts.barred() == Yes {
		return
	}
	last := q.facts.Expires
	r := Route{
		Key: RouteInterrupt, For: q.facts.Amount,
		Title: i18n.Words{
			FR: "D’abord un acte qui interrompt la prescription",
			EN: "First an act that interrupts limitation",
		},
		About: i18n.Words{
			FR: "reconnaissance de dette écrite, assignation, référé, ou injonction de payer signifiée avant le " + last.Long("fr"),
			EN: "a written acknowledgment, a writ, summary proceedings, or a payment order served before " + last.Long("en"),
		},
		Interrupts: i18n.Words{FR: "c’est son objet", EN: "that is what it is for"},
	}
	r.need(Yes, "C. civ. art. 2240 à 2244",
		"dernier jour pour agir\u00a0: "+last.Long("fr"), "last day to sue: "+last.Long("en"))
	r.because("limitation_near", "C. civ. art. 2240 à 2244",
		"moins de trois mois restent\u00a0; une lettre, même recommandée, et le dépôt d’une requête n’interrompent rien",
		"less than three months are left; a letter, even registered, and filing a request interrupt nothing")
	q.keep(r)
}

// struckOff comes first for a company that is no longer registered.
func (q *routing) struckOff() {
	if q.facts.StruckOff != Yes {
		return
	}
	r := Route{
		Key: RouteLawyer, For: q.facts.Amount,
		Title: i18n.Words{FR: "Consulter un avocat\u00a0: société radiée", EN: "Ask a lawyer: company struck off"},
		About: i18n.Words{
			FR: "cesser d’écrire\u00a0; faire désigner un mandataire ad hoc qui représente la société",
			EN: "stop writing; have an ad hoc representative of the company named",
		},
		Interrupts: i18n.Words{FR: "non", EN: "no"},
		Costs:      []Cost{freeFees()},
	}
	r.need(Yes, "C. com. art. L237-2", "société radiée du registre", "company struck off the register")
	r.because("struck_off", "Cass. com., 20 sept. 2023",
		"la société doit toujours, mais plus personne ne la représente\u00a0: un acte adressé à elle seule serait nul",
		"the company still owes but nobody represents it: an act addressed to it alone would be void")
	q.keep(r)
}

// common are the conditions of all ways but the declaration.
func (q *routing) common(r *Route) {
	f := q.facts
	r.need(f.Certain, "C. civ. art. 1342 et s.", "créance certaine, liquide et exigible",
		"claim certain, liquid and due")
	r.need(f.barred().not(), "C. civ. art. 2219", "créance non prescrite", "claim not barred")
	if f.barred() == Yes {
		r.warn("barred", "C. civ. art. 2219 et 2251",
			"prescrite depuis le "+f.Expires.Add(1).Long("fr")+"\u00a0: à soumettre à un avocat avant toute démarche",
			"barred since "+f.Expires.Add(1).Long("en")+": ask a lawyer before anything is done")
	}
}

// private is the condition of the ways that lead to ordinary courts.
func (q *routing) private(r *Route) {
	met := Unknown
	switch q.facts.Debtor {
	case PublicDebtor:
		met = No
	case Trader, Professional, Association, Individual:
		met = Yes
	}
	r.need(met, "CJA art. L1", "débiteur de droit privé", "debtor under private law")
}

// alive is the condition that somebody represents the debtor.
func (q *routing) alive(r *Route) {
	if q.facts.StruckOff == Yes {
		r.need(q.facts.Represented, "C. com. art. L237-2", "un mandataire ad hoc représente la société radiée",
			"an ad hoc representative stands for the company struck off")
	}
}

// idle is the condition of a way that does not stop limitation.
func (q *routing) idle(r *Route) {
	r.need(q.facts.near().not(), "C. civ. art. 2240 à 2244", "plus de trois mois avant la prescription",
		"more than three months before limitation")
}

// home is the condition of a debtor in France.
func (q *routing) home(r *Route) {
	r.need(Answers(q.facts.Country == "FR"), "CPCE art. L125-1 et L126-1", "débiteur établi en France",
		"debtor established in France")
}

// agency is collection by somebody else, without a title (CPCE R124-1).
func (q *routing) agency() {
	r := Route{
		Key: RouteAgency, For: q.facts.undisputed(),
		Title: i18n.Words{FR: "Recouvrement amiable par un tiers", EN: "Amicable collection by a third party"},
		About: i18n.Words{
			FR: "une société de recouvrement ou un commissaire de justice réclame pour vous, sans titre",
			EN: "an agency or a commissaire de justice claims for you, without a title",
		},
		Interrupts: i18n.Words{FR: "n’interrompt pas la prescription", EN: "does not interrupt limitation"},
		Costs:      []Cost{agencyFees()},
	}
	q.common(&r)
	q.idle(&r)
	r.need(q.facts.StruckOff.not(), "C. com. art. L237-2", "débiteur toujours inscrit au registre",
		"debtor still registered")
	r.need(Answers(q.facts.undisputed().Sign() > 0), "pratique", "une part au moins n’est pas contestée",
		"part of it at least is not disputed")
	r.because("mandate", "CPCE art. R124-3", "il faut une convention écrite qui donne pouvoir de recevoir les fonds",
		"a written agreement must give power to receive the money")
	r.because("agency_cost", "CPCE art. L111-8",
		"ses frais restent à votre charge\u00a0: ils ne se réclament pas au débiteur",
		"its costs stay with you: they are not claimed from the debtor")
	q.delay(&r, "third_party_remittance_delay", "CPCE art. R124-6", "pour vous reverser ce qui est encaissé",
		"to remit to you what was received")
	q.keep(r)
}

// conciliation is an amicable attempt, which a suit of up to 5 000 euros before the
// tribunal judiciaire needs (CPC 750-1).
func (q *routing) conciliation() {
	f := q.facts
	r := Route{
		Key: RouteConciliation, For: f.Amount,
		Title: i18n.Words{FR: "Conciliation ou médiation", EN: "Conciliation or mediation"},
		About: i18n.Words{
			FR: "un conciliateur de justice (gratuit), un médiateur, ou une procédure participative",
			EN: "a court conciliator (free), a mediator, or a participatory procedure",
		},
		Interrupts: i18n.Words{
			FR: "suspend la prescription dès l’accord écrit d’y recourir",
			EN: "suspends limitation from the written agreement to try it",
		},
		Costs: []Cost{{
			Text: i18n.Words{FR: "conciliateur de justice", EN: "court conciliator"}, Low: zero(),
			High: zero(), Known: true, Fact: Fact{Source: "CPC art. 1530 et s.", Confidence: "M-h"},
		}},
	}
	q.common(&r)
	q.private(&r)
	q.idle(&r)
	r.need(f.StruckOff.not(), "C. com. art. L237-2", "débiteur toujours inscrit au registre", "debtor still registered")
	r.because("attempt", "CPC art. 750-1",
		"exigée avant une assignation devant le tribunal judiciaire jusqu’à "+q.cap("amicable_attempt_cap").Format("fr")+
			"\u00a0; ni devant le tribunal de commerce, ni avant une injonction de payer",
		"required before a suit in the tribunal judiciaire of up to "+q.cap("amicable_attempt_cap").Format("en")+
			"; neither in the commercial court nor before a payment order")
	q.delay(&r, "mediation_min_restart", "C. civ. art. 2238", "restent au moins pour agir quand elle prend fin",
		"are left at least to sue when it ends")
	q.keep(r)
}

// smallClaims is the simplified procedure of a commissaire de justice (CPCE L125-1).
func (q *routing) smallClaims() {
	f := q.facts
	r := Route{
		Key: RouteSmallClaims, For: f.undisputed(),
		Title: i18n.Words{FR: "Procédure des petites créances", EN: "Simplified procedure for small claims"},
		About: i18n.Words{
			FR: "un commissaire de justice invite le débiteur à s’accorder\u00a0; son accord devient un titre exécutoire",
			EN: "a commissaire de justice invites the debtor to agree; the agreement becomes an enforceable title",
		},
		Interrupts: i18n.Words{
			FR: "n’interrompt pas par elle-même\u00a0; l’accord du débiteur suspend",
			EN: "does not interrupt by itself; agreement suspends",
		},
		Costs: []Cost{smallClaimsFees()},
	}
	q.common(&r)
	q.private(&r)
	q.home(&r)
	q.idle(&r)
	q.alive(&r)
	r.need(within(f.undisputed(), q.cap("small_claims_cap")), "CPCE art. R125-1",
		"principal et intérêts d’au plus "+q.cap("small_claims_cap").Format("fr"),
		"principal and interest of at most "+q.cap("small_claims_cap").Format("en"))
	r.need(q.betweenTraders().not(), "CPCE art. L125-1 (loi n° 2026-307)",
		"créance qui ne relève pas de la procédure commerciale (facture entre commerçants)",
		"claim outside the commercial procedure (invoice between traders)")
	r.need(Answers(f.undisputed().Sign() > 0), "CPCE art. L125-1", "une part au moins n’est pas contestée",
		"part of it at least is not disputed")
	r.because("silence", "CPCE art. R125-5",
		"un mois pour accepter\u00a0; un refus ou le silence y met fin, et prouve la tentative amiable",
		"a month to accept; refusal or silence ends it, and proves the amicable attempt")
	q.keep(r)
}

// betweenTraders tells whether the claim was invoiced between traders, which is what
// the commercial procedure is for.
func (q *routing) betweenTraders() Answer {
	c := q.facts.commercial()
	switch {
	case c == No || q.facts.Invoiced == No:
		return No
	case c == Yes && q.facts.Invoiced == Yes:
		return Yes
	}
	return Unknown
}
