package setting

import (
	"acquit/internal/fault"
	"acquit/internal/money"
)

// The settings of late interest: what the creditor's terms of sale say. A
// customer's own contract comes before them.
var (
	ChargeRate = text(Definition{
		Name: "charge_rate", Group: GroupCharges,
		Label: say("Taux des pénalités de retard", "Rate of late interest"),
		Unit:  say("% par an", "% a year"),
		Help: say(
			"Celui de vos conditions de vente, s’il y est. Vide : celui de la loi, qui suit la BCE chaque semestre.",
			"That of your terms of sale, where they say one. Empty: the law’s, which follows the ECB each half-year.",
		),
	}, checkRate)
	ChargeImputation = choice[string](Definition{
		Name: "charge_imputation", Group: GroupCharges, Default: "interest_first",
		Label: say("Un règlement partiel paie d’abord", "A part payment first pays"),
		Help: say(
			"La loi dit les intérêts (C. civ. 1343-1)\u00a0; un contrat peut dire le principal.",
			"The law says interest (C. civ. 1343-1); a contract may say principal.",
		),
		Choices: []Choice{
			{"interest_first", say("les intérêts", "interest")}, {"principal_first", say("le principal", "principal")},
		},
	})
	ChargeBasis = choice[string](Definition{
		Name: "charge_basis", Group: GroupCharges, Default: "365",
		Label: say("Jours de l’année", "Days of the year"),
		Help: say(
			"Aucun texte ne le dit\u00a0; le relevé d’intérêts imprime ce choix.",
			"No text says; the interest statement prints this choice.",
		),
		Choices: []Choice{
			{"365", say("toujours 365", "always 365")},
			{"act", say("365 ou 366 selon l’année", "365 or 366 as in the calendar")},
		},
	})
	ChargeCompound = yesNo(Definition{
		Name: "charge_compound", Group: GroupCharges, Default: "false",
		Label: say("Le contrat prévoit la capitalisation", "The contract lets interest bear interest"),
		Help: say(
			"Les intérêts dus pour une année entière en produisent alors (C. civ. 1343-2). Jamais sans clause ni juge.",
			"Interest due for a whole year then bears interest (C. civ. 1343-2). Never without a clause or a judge.",
		),
	})
	ChargeOwedTo = choice[string](Definition{
		Name: "charge_owed_to", Group: GroupCharges, Default: "other",
		Label: say("Qualité du créancier", "What the creditor is"),
		Help: say(
			"Elle décide de la colonne du taux légal, pour un consommateur ou après un jugement (CMF L313-2).",
			"It decides the column of the legal rate, for a consumer or after a judgment (CMF L313-2).",
		),
		Choices: []Choice{
			{"other", say("professionnel ou personne morale", "professional or legal person")},
			{"private", say("particulier", "private person")},
		},
	})
)

// checkRate refuses what is no yearly rate in percent.
func checkRate(s string) error {
	if _, err := money.ParseRate(s); err != nil {
		return &fault.Invalid{Message: err.Error(), Mend: "écrire 12,40"}
	}
	return nil
}
