package fr

import (
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// uncontested is the procedure without a judge for commercial claims that nobody
// contests (CPCE L126-1 to L126-5, law n° 2026-307). Whether its decree is published
// is a parameter: until it is known to be, the way is listed and not to be counted on.
func (q *routing) uncontested() {
	f := q.facts
	r := Route{
		Key: RouteUncontested, For: f.undisputed(),
		Title: i18n.Words{
			FR: "Créance commerciale incontestée (commissaire de justice)",
			EN: "Uncontested commercial claim (commissaire de justice)",
		},
		About: i18n.Words{
			FR: "commandement de payer, puis procès-verbal de non-contestation que le greffier rend exécutoire",
			EN: "demand served, then a record of no contest that the court’s clerk makes enforceable",
		},
		Interrupts: i18n.Words{FR: "à vérifier\u00a0: le décret manque", EN: "to be checked: the decree is missing"},
		Costs: []Cost{unknownCost("tarif du commissaire de justice", "fee of the commissaire de justice",
			"CPCE art. L126-5")},
	}
	q.common(&r)
	q.home(&r)
	q.alive(&r)
	r.need(f.commercial(), "CPCE art. L126-1", "débiteur et créancier commerçants", "debtor and creditor both traders")
	r.need(f.Invoiced, "CPCE art. L126-1", "créance facturée", "claim invoiced")
	r.need(Answers(f.Disputed.IsZero()), "CPCE art. L126-2", "créance non contestée", "claim not disputed")
	decree := q.answer("l126_decree_published")
	r.need(decree, "CPCE art. L126-1 à L126-5", "décret d’application publié", "implementing decree published")
	if decree != Yes {
		r.warn("decree_unknown", "loi n° 2026-307 du 23 avril 2026",
			"pas encore praticable à notre connaissance\u00a0: vérifier sur Légifrance que le décret d’application a paru",
			"not yet practicable as far as known: check on Légifrance that the implementing decree is out")
	}
	r.because("no_judge", "CPCE art. L126-1", "aucun plafond, aucun juge\u00a0; une contestation du débiteur y met fin",
		"no ceiling, no judge; a contest by the debtor ends it")
	q.delay(&r, "l126_pay_delay", "CPCE art. L126-2", "pour payer ou contester, du commandement signifié",
		"to pay or contest, from service")
	q.delay(&r, "l126_pv_delay", "CPCE art. L126-3", "en plus, avant le procès-verbal de non-contestation",
		"more, before the record of no contest")
	q.delay(&r, "l126_service_of_title_delay", "CPCE art. L126-4", "pour signifier le titre", "to serve the title")
	q.keep(r)
}

// cheque is the certificate of an unpaid cheque (CMF L131-73).
func (q *routing) cheque() {
	f := q.facts
	r := Route{
		Key: RouteCheque, For: f.Amount,
		Title: i18n.Words{FR: "Certificat de non-paiement du chèque", EN: "Certificate of an unpaid cheque"},
		About: i18n.Words{
			FR: "certificat de la banque, signifié\u00a0; sans paiement, titre exécutoire sans juge",
			EN: "the bank’s certificate, served; unpaid, an enforceable title without a judge",
		},
		Interrupts: i18n.Words{FR: "à vérifier", EN: "to be checked"},
		Costs:      []Cost{q.serviceFee()},
	}
	q.common(&r)
	q.alive(&r)
	r.need(Answers(f.Instrument == Cheque), "CMF art. L131-73", "chèque revenu impayé", "cheque returned unpaid")
	r.because("cheque_title", "CMF art. L131-73",
		"quinze jours après la signification, le commissaire de justice délivre un titre",
		"fifteen days after service the commissaire de justice issues a title")
	q.keep(r)
}

// paymentOrder is the injonction de payer (CPC 1405 to 1422).
func (q *routing) paymentOrder() {
	f := q.facts
	court := q.law.Court(f)
	r := Route{
		Key: RoutePaymentOrder, For: f.undisputed(), Court: court.Name, Forms: court.forms(),
		Title: i18n.Words{FR: "Injonction de payer", EN: "Payment order"},
		About: i18n.Words{
			FR: "requête au président du tribunal, sans audience\u00a0; l’ordonnance est signifiée au débiteur, qui peut s’opposer",
			EN: "request to the president of the court, without a hearing; the order is served and the debtor may oppose it",
		},
		Lawyer: i18n.Words{FR: "non obligatoire pour la requête", EN: "not required for the request"},
		Interrupts: i18n.Words{
			FR: "interrompt à la signification de l’ordonnance, non au dépôt de la requête",
			EN: "interrupts when the order is served, not when asked for",
		},
		Costs: q.orderCosts(court),
	}
	q.common(&r)
	q.private(&r)
	q.alive(&r)
	r.need(Answers(f.undisputed().Sign() > 0), "pratique", "une part au moins n’est pas contestée",
		"part of it at least is not disputed")
	r.need(Answers(f.Country == "FR"), "CPC art. 1406", "débiteur qui demeure en France", "debtor living in France")
	r.because("no_attempt", "Cass. 2e civ., avis 25 sept. 2025, n° 25-70.013",
		"aucune tentative amiable préalable n’est exigée, même sous 5\u202f000\u00a0€",
		"no prior amicable attempt is required, even below €5,000")
	r.because("referral", "CPC art. 1408", "demander d’avance le renvoi à la juridiction compétente en cas d’opposition",
		"ask in advance for referral to the competent court upon opposition")
	q.notice(&r)
	q.court(&r, court)
	q.delay(&r, "ip_service_delay", "CPC art. 1411",
		"pour signifier une ordonnance rendue ce jour, sous peine de caducité",
		"to serve an order made on this day, which is void otherwise")
	q.delay(&r, "ip_opposition_delay", "CPC art. 1416",
		"pour l’opposition du débiteur, de la signification (plus s’il vit outre-mer)",
		"for the debtor to oppose, from service (longer overseas)")
	q.delay(&r, "ip_wait_before_enforcement", "CPC art. 1422",
		"avant d’exécuter sans opposition connue, de la signification",
		"before enforcing without known opposition, from service")
	if court.Kind != CourtJudicial {
		q.delay(&r, "ip_fee_deposit_delay", "CPC art. 1425", "pour consigner les frais de greffe, de la requête",
			"to deposit the clerk’s fee, from the request")
	}
	q.keep(r)
}

// notice says what a formal notice is for, where none was sent.
func (q *routing) notice(r *Route) {
	if q.facts.Noticed == Yes {
		return
	}
	r.warn("no_notice", "C. civ. art. 1344", "une mise en demeure n’est pas une condition, mais le juge l’attend",
		"a formal notice is no condition, but the judge expects one")
}

// court tells why this court, and what is not sure about it.
func (q *routing) court(r *Route, c Court) {
	r.because("court", c.Source, c.Why.FR, c.Why.EN)
	if c.Doubt.FR != "" {
		r.warn("court_to_check", c.Source, c.Doubt.FR, c.Doubt.EN)
	}
}

// provision is summary relief (CPC 834, 872 and 873).
func (q *routing) provision() {
	f := q.facts
	court := q.law.Court(f)
	r := Route{
		Key: RouteProvision, For: f.undisputed(), Court: court.Name, Lawyer: q.lawyer(f.undisputed()),
		Title: i18n.Words{FR: "Référé-provision", EN: "Summary relief (référé-provision)"},
		About: i18n.Words{
			FR: "assignation en référé\u00a0; le juge accorde une provision si l’obligation n’est pas sérieusement contestable",
			EN: "summary writ; the judge grants a provision if the obligation cannot seriously be contested",
		},
		Interrupts: i18n.Words{FR: "interrompt dès l’assignation", EN: "interrupts from the writ"},
		Costs:      append([]Cost{q.serviceFee(), freeFees()}, q.contributions(court)...),
	}
	q.common(&r)
	q.private(&r)
	q.alive(&r)
	r.need(Answers(f.undisputed().Sign() > 0), "CPC art. 835 et 873",
		"obligation non sérieusement contestable, pour une part au moins",
		"obligation that cannot seriously be contested, for part of it at least")
	r.because("provision", "CPC art. 835 et 873", "sans plafond\u00a0; quelques semaines selon le tribunal",
		"no ceiling; some weeks, depending on the court")
	q.notice(&r)
	q.court(&r, court)
	q.keep(r)
}

// writ is a full action (CPC 54, 56, 750 and 853).
func (q *routing) writ() {
	f := q.facts
	court := q.law.Court(f)
	r := Route{
		Key: RouteWrit, For: f.Amount, Court: court.Name, Lawyer: q.lawyer(f.Amount),
		Title: i18n.Words{FR: "Assignation au fond", EN: "Full action"},
		About: i18n.Words{
			FR: "un commissaire de justice assigne\u00a0; le tribunal tranche aussi ce qui est contesté",
			EN: "a commissaire de justice serves a writ; the court also settles what is disputed",
		},
		Interrupts: i18n.Words{FR: "interrompt dès l’assignation", EN: "interrupts from the writ"},
		Costs:      append([]Cost{q.serviceFee(), freeFees()}, q.contributions(court)...),
	}
	q.common(&r)
	q.private(&r)
	q.alive(&r)
	small := within(f.Amount, q.cap("amicable_attempt_cap"))
	if court.Kind != CourtCommercial && small != No {
		r.need(f.Attempted, "CPC art. 750-1",
			"tentative de conciliation, de médiation ou de procédure participative faite (jusqu’à "+
				q.cap("amicable_attempt_cap").Format("fr")+")",
			"conciliation, mediation or participatory procedure tried (up to "+q.cap("amicable_attempt_cap").Format("en")+")")
	}
	r.because("full", "CPC art. 54 et 56", "la seule voie qui tranche un litige\u00a0; de quelques mois à plus d’un an",
		"the only way that settles a dispute; from some months to more than a year")
	q.notice(&r)
	q.court(&r, court)
	q.keep(r)
}

// lawyer tells whether one must be instructed for a suit of that amount.
func (q *routing) lawyer(amount money.Amount) i18n.Words {
	limit := q.cap("lawyer_threshold")
	switch within(amount, limit) {
	case Yes:
		return i18n.Words{
			FR: "non obligatoire jusqu’à " + limit.Format("fr") + " (CPC art. 761 et 853)",
			EN: "not required up to " + limit.Format("en") + " (CPC 761 and 853)",
		}
	case No:
		return i18n.Words{
			FR: "obligatoire au-delà de " + limit.Format("fr") + " (CPC art. 761 et 853)",
			EN: "required above " + limit.Format("en") + " (CPC 761 and 853)",
		}
	}
	return i18n.Words{FR: "à vérifier\u00a0: seuil en euros", EN: "to be checked: the threshold is in euros"}
}

// europeanOrder is the European order for payment (regulation 1896/2006).
func (q *routing) europeanOrder() {
	f := q.facts
	r := Route{
		Key: RouteEuropeanOrder, For: f.undisputed(), Forms: []string{"formulaire A (règlement 1896/2006)"},
		Title: i18n.Words{FR: "Injonction de payer européenne", EN: "European order for payment"},
		About: i18n.Words{
			FR: "formulaire A au tribunal compétent\u00a0; le débiteur peut s’opposer (formulaire F)",
			EN: "form A to the competent court; the debtor may oppose (form F)",
		},
		Lawyer:     i18n.Words{FR: "non obligatoire", EN: "not required"},
		Interrupts: i18n.Words{FR: "à vérifier selon la loi applicable", EN: "to be checked under the law that applies"},
		Costs:      []Cost{unknownCost("frais du tribunal saisi", "fee of the court", "règlement 1896/2006, art. 25")},
	}
	q.crossBorder(&r)
	r.need(Answers(f.undisputed().Sign() > 0), "règlement 1896/2006, art. 4",
		"créance pécuniaire non contestée, pour une part au moins",
		"pecuniary claim not disputed, for part of it at least")
	q.delay(&r, "european_opposition_delay", "règlement 1896/2006, art. 16", "pour l’opposition du débiteur",
		"for the debtor to oppose")
	r.because("cross_border", "règlement 1896/2006, art. 3", "litige transfrontalier, tout montant",
		"cross-border case, any amount")
	q.keep(r)
}

// europeanSmall is the European small claims procedure (regulation 861/2007, article 2
// as changed by 2015/2421: interest and costs do not count).
func (q *routing) europeanSmall() {
	f := q.facts
	r := Route{
		Key: RouteEuropeanSmall, For: f.Amount, Forms: []string{"formulaire A (règlement 861/2007)"},
		Title: i18n.Words{FR: "Règlement européen des petits litiges", EN: "European small claims procedure"},
		About: i18n.Words{
			FR: "formulaire A, procédure écrite, même si la créance est contestée",
			EN: "form A, in writing, even when the claim is disputed",
		},
		Lawyer:     i18n.Words{FR: "non obligatoire", EN: "not required"},
		Interrupts: i18n.Words{FR: "à vérifier selon la loi applicable", EN: "to be checked under the law that applies"},
		Costs: []Cost{unknownCost("frais du tribunal saisi", "fee of the court",
			"règlement 861/2007, art. 15 bis")},
	}
	q.crossBorder(&r)
	most := q.cap("european_small_claims_cap")
	r.need(within(f.Amount, most), "règlement 861/2007, art. 2", "au plus "+most.Format("fr"),
		"at most "+most.Format("en"))
	r.because("cross_border", "règlement 861/2007, art. 3", "litige transfrontalier, y compris contesté",
		"cross-border case, disputed or not")
	q.keep(r)
}

// crossBorder are the conditions that both European procedures share.
func (q *routing) crossBorder(r *Route) {
	q.common(r)
	q.private(r)
	q.alive(r)
	r.need(Answers(q.facts.abroad()), "règlements 1896/2006 et 861/2007, art. 2 et 3",
		"débiteur établi dans un autre État membre (hors Danemark)", "debtor in another Member State (not Denmark)")
	r.warn("from_memory", "règlements 1896/2006 et 861/2007", "règles retenues de mémoire, à vérifier sur e-Justice",
		"rules kept from memory, to be checked on e-Justice")
}

// public is the way against a public body.
func (q *routing) public() {
	f := q.facts
	r := Route{
		Key: RoutePublic, For: f.Amount,
		Title: i18n.Words{
			FR: "Personne publique\u00a0: réclamation puis juge administratif",
			EN: "Public body: demand, then administrative judge",
		},
		About: i18n.Words{
			FR: "demande en recommandé avec intérêts moratoires\u00a0; sans réponse, référé-provision ou mandatement d’office",
			EN: "registered demand with moratory interest; without an answer, summary relief or payment of office",
		},
		Court: i18n.Words{FR: "tribunal administratif", EN: "administrative court"},
		Interrupts: i18n.Words{
			FR: "la demande écrite interrompt la déchéance quadriennale",
			EN: "a written demand interrupts the four-year forfeiture",
		},
		Costs: []Cost{freeFees()},
	}
	q.common(&r)
	met := Unknown
	if f.Debtor != DebtorUnknown {
		met = Answers(f.Debtor == PublicDebtor)
	}
	r.need(met, "CJA art. R541-1", "débiteur public", "public debtor")
	r.Delays = append(r.Delays, Delay{
		Text: i18n.Words{FR: "sans réponse à la demande, avant le juge", EN: "without an answer, before the judge"}, Source: "CJA art. R421-2",
		Time: i18n.Words{FR: monthNoun.Count(i18n.FR, 2), EN: monthNoun.Count(i18n.EN, 2)},
	})
	q.delay(&r, "public_interest_payment_delay", "CCP art. R2192-36",
		"pour payer les intérêts moratoires, du paiement du principal",
		"to pay moratory interest, from payment of the principal")
	r.because("public", "CJA art. R541-1 et CGCT art. L1612-15",
		"ni saisie ni injonction de payer contre une personne publique",
		"neither seizure nor payment order against a public body")
	q.keep(r)
}
