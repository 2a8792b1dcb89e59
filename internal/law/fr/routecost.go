package fr

import (
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Cost is what a way takes, roughly: between two amounts, or nothing that is known.
type Cost struct {
	Text      i18n.Words
	Low, High money.Amount
	Known     bool
	Fact
	Note i18n.Words // why it is not sure
}

func zero() money.Amount { return money.Zero("EUR") }

func unknownCost(fr, en, source string) Cost {
	return Cost{
		Text: i18n.Words{FR: fr, EN: en}, Fact: Fact{Source: source, Confidence: "M-l"},
		Note: i18n.Words{FR: "montant non connu\u00a0: à demander", EN: "amount not known: ask"},
	}
}

func freeFees() Cost {
	return Cost{
		Text: i18n.Words{
			FR: "honoraires d’avocat",
			EN: "lawyer’s fees",
		}, Fact: Fact{Source: "loi n° 71-1130, art. 10", Confidence: "M-h"},
		Note: i18n.Words{
			FR: "libres, par convention écrite\u00a0: demander un devis",
			EN: "free, by written agreement: ask for a quotation",
		},
	}
}

func agencyFees() Cost {
	return Cost{
		Text: i18n.Words{
			FR: "commission de l’intermédiaire",
			EN: "the intermediary’s fee",
		}, Fact: Fact{Source: "CPCE art. R124-3", Confidence: "A"},
		Note: i18n.Words{FR: "libre\u00a0: selon votre convention", EN: "free: as your agreement says"},
	}
}

func smallClaimsFees() Cost {
	return unknownCost("frais du commissaire de justice, à votre charge",
		"fee of the commissaire de justice, yours to bear", "CPCE art. L125-1")
}

// between is a cost that two parameters hold, low and high.
func (q *routing) between(key, fr, en string, note i18n.Words) (Cost, bool) {
	low, err := q.law.parameter(key+"_low", "cents", q.facts.On)
	if err != nil {
		return Cost{}, false
	}
	high, err := q.law.parameter(key+"_high", "cents", q.facts.On)
	if err != nil {
		return Cost{}, false
	}
	fact := low.Fact
	if !high.Verified() {
		fact = high.Fact
	}
	return Cost{
		Text: i18n.Words{FR: fr, EN: en}, Known: true, Fact: fact, Note: note,
		Low: money.New(low.number(), "EUR"), High: money.New(high.number(), "EUR"),
	}, true
}

var toVerify = i18n.Words{
	FR: "les sources se contredisent\u00a0: à vérifier",
	EN: "sources contradict each other: to be verified",
}

// orderCosts are those of a payment order before a court.
func (q *routing) orderCosts(c Court) []Cost {
	var costs []Cost
	if c.Kind != CourtJudicial {
		if fee, ok := q.between("ip_fee_commercial_court", "frais de greffe du tribunal de commerce",
			"clerk’s fee of the commercial court",
			toVerify); ok {
			costs = append(costs, fee)
		}
	}
	if c.Kind != CourtCommercial {
		fee, ok := q.between("ip_fee_judicial_court", "frais du tribunal judiciaire", "fee of the tribunal judiciaire",
			i18n.Words{})
		if ok {
			costs = append(costs, fee)
		}
	}
	return append(append(costs, q.contributions(c)...), q.serviceFee())
}

// contributions are what the State asks for a suit: 50 euros before civil courts (CGI
// 1635 bis Q), and a share of large claims before the courts of economic affairs.
func (q *routing) contributions(c Court) []Cost {
	var costs []Cost
	if c.Kind != CourtCommercial {
		if aid, ok := q.between("legal_aid_contribution", "contribution pour l’aide juridique",
			"contribution to legal aid", i18n.Words{
				FR: "date d’entrée en vigueur et dispense de l’injonction de payer à vérifier",
				EN: "the day it came into force, and whether payment orders are exempt, are to be verified",
			}); ok {
			costs = append(costs, aid)
		}
	}
	limit, err := q.law.parameter("tae_contribution_threshold", "cents", q.facts.On)
	if c.Kind == CourtJudicial || err != nil || within(q.facts.Amount, money.New(limit.number(), "EUR")) == Yes {
		return costs
	}
	share := unknownCost("contribution pour la justice économique, devant un TAE",
		"contribution to economic justice, before a court of economic affairs", limit.Source)
	share.Note = i18n.Words{
		FR: "au-delà de " + money.New(limit.number(), "EUR").Format("fr") + "\u00a0; dispense sous 250 salariés\u00a0: à vérifier",
		EN: "above " + money.New(limit.number(), "EUR").Format("en") + "; exempt below 250 employees: to be verified",
	}
	return append(costs, share)
}

// serviceFee is that of a commissaire de justice who serves an act: a fixed fee with
// a coefficient by the amount, and travel (C. com. A444-11, A444-46 and A444-48).
func (q *routing) serviceFee() Cost {
	fr, en := "signification par commissaire de justice", "service by a commissaire de justice"
	fee, err := q.law.parameter("service_fee", "cents", q.facts.On)
	travel, err2 := q.law.parameter("service_travel", "cents", q.facts.On)
	if err != nil || err2 != nil {
		return unknownCost(fr, en, "C. com. art. A444-11")
	}
	halves := q.coefficient()
	total := money.New((fee.number()*halves+1)/2+travel.number(), "EUR")
	note := i18n.Words{
		FR: "hors taxes et débours\u00a0; tarif réglementé, à vérifier",
		EN: "without tax and outlays; regulated fee, to be verified",
	}
	return Cost{Text: i18n.Words{FR: fr, EN: en}, Known: true, Fact: fee.Fact, Low: total, High: total, Note: note}
}

// coefficient of the fee, in halves, by the amount of the claim.
func (q *routing) coefficient() int64 {
	switch {
	case within(q.facts.Amount, q.cap("service_coefficient_low")) == Yes:
		return 1
	case within(q.facts.Amount, q.cap("service_coefficient_high")) == Yes:
		return 2
	}
	return 4
}
