package setting

import (
	"acquit/internal/fault"
	"acquit/internal/money"
)

// GroupCash is what is made of money that comes in.
const GroupCash Group = "cash"

// The settings of cash application.
var (
	CashAutomatic = yesNo(Definition{
		Name: "cash_automatic", Group: GroupCash, Default: "true",
		Label: say("Affecter sans demander ce qui est sûr", "Allocate what is certain without asking"),
		Help: say(
			"Non : tout est proposé, une personne décide.",
			"No: everything is proposed and a person decides.",
		),
	})
	CashConfidence = key(Definition{
		Name: "cash_confidence", Group: GroupCash, Kind: KindText, Default: "99,9", Unit: say("%", "%"),
		Label: say("Certitude à partir de laquelle un encaissement est affecté", "Confidence above which an entry is allocated"),
		Help: say(
			"Une explication doit aussi être la seule possible. Ce qui est moins sûr est proposé.",
			"An explanation must also be the only one. What is less certain is proposed.",
		),
	}, confidence, nil)
	CashTolerance = amount(Definition{
		Name: "cash_tolerance", Group: GroupCash, Default: "1.00",
		Label: say("Petit écart passé en compte", "Small difference that is booked"),
		Help: say(
			"Un encaissement qui manque une facture de si peu la solde. Au-delà, une personne qui gère la société décide. 0 : jamais.",
			"An entry that misses an invoice by so little settles it. Beyond, a person who manages the company decides. 0: never.",
		),
	})
	CashFees = amount(Definition{
		Name: "cash_fees", Group: GroupCash, Default: "30.00",
		Label: say("Frais bancaires retenus en route, au plus", "Bank charges taken off on the way, at most"),
		Help: say(
			"Ce qui manque à un virement et que les banques ont retenu, passé en frais. 0 : jamais.",
			"What a transfer lacks and banks have taken off, booked as charges. 0: never.",
		),
	})
	CashGrace = whole(Definition{
		Name: "cash_discount_grace", Group: GroupCash, Default: "2", Unit: say("jours", "days"),
		Label: say("Escompte : jours de retard admis", "Early-payment discount: days of grace"),
		Help: say(
			"Tant de jours après le terme de l’escompte, il est encore acquis : le temps du virement.",
			"So many days after its term the discount is still earned: the time of a transfer.",
		),
	}, 0, 30)
	CashIdleDays = whole(Definition{
		Name: "cash_idle_days", Group: GroupCash, Default: "30", Unit: say("jours", "days"),
		Label: say("Crédit sans emploi : demander quoi en faire après", "Credit of no use: ask what to do with it after"),
		Help: say(
			"Un trop-perçu ou un avoir d’un client qui ne doit rien devient, après tant de jours, une tâche « rembourser ou conserver » ; un règlement reçu deux fois, dès le lendemain. 0 : jamais.",
			"What a customer who owes nothing has paid too much, or a credit note, becomes a task “pay back or keep” after so many days; a payment received twice the day after. 0: never.",
		),
	}, 0, 730)
	CashCredits = choice[string](Definition{
		Name: "cash_credits", Group: GroupCash, Default: "preceding",
		Label: say("Avoirs affectés par la règle", "Credit notes allocated by the rule"),
		Help: say(
			"« La facture citée » : l’avoir solde la facture qu’il corrige. « La plus ancienne » : à défaut, la plus ancienne facture ouverte du client.",
			"“The invoice named”: a credit note settles the invoice that it corrects. “The oldest”: failing that, the customer’s oldest open invoice.",
		),
		Choices: []Choice{
			{"preceding", say("à la facture citée", "to the invoice named")},
			{"oldest", say("à la facture citée, sinon à la plus ancienne", "to the invoice named, else to the oldest")},
			{"never", say("jamais : à la main", "never: by hand")},
		},
	})
)

// confidence reads a percentage as ten-thousandths: 99,5 is 9950.
func confidence(s string) (int, error) {
	r, err := money.ParseRate(s)
	const one, least = 1_000_000, 500_000
	if err != nil || r < least || r > one {
		return 0, &fault.Invalid{Message: "« " + s + " » ne convient pas", Mend: "un pourcentage de 50 à 100 : 99,5"}
	}
	return int(r) / (one / 10_000), nil
}
