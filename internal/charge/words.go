package charge

import (
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
)

// Conventions are the choices behind the figures where no text decides, and the
// articles where one does: a statement prints them.
func (a Account) Conventions(l i18n.Lang) []string {
	say := func(french, english string) string { return i18n.Words{FR: french, EN: english}.In(l) }
	year := say("année de 365\u00a0jours", "a year of 365 days")
	if a.Terms.Basis == fr.Actual {
		year = say("année de 365 ou 366\u00a0jours selon le calendrier", "a year of 365 or 366 days as in the calendar")
	}
	list := []string{
		a.Terms.rateWords(say),
		say("les intérêts courent du lendemain de l’échéance au jour du règlement ou de l’arrêté, compris",
			"interest runs from the day after the due date to that of the payment or of the closing, included"),
		say("montants TTC, ", "amounts with VAT, ") + year,
		say("intérêts = principal × taux × jours ÷ jours de l’année, arrondis une fois par période au centime le plus proche\u00a0; le total est la somme des périodes",
			"interest = principal × rate × days ÷ days of the year, rounded once a period to the nearest cent; the total is the sum of the periods"),
		a.Terms.imputationWords(say),
		say("un avoir ne diminue que le principal\u00a0; une facture que les livres soldent ne porte plus d’intérêts",
			"a credit note only lowers the principal; an invoice that the books settle bears no more interest"),
		say("ni TVA ni intérêts sur les pénalités et l’indemnité", "neither VAT nor interest on charges"),
	}
	if a.Terms.Debtor != law.Consumer {
		list = append(list, say("une indemnité de 40\u00a0€ par facture payée en retard (C. com. art. D441-5)",
			"40 € for each invoice paid late (C. com. art. D441-5)"))
	}
	if a.Terms.Compound || a.Terms.CompoundOn != 0 {
		list = append(list, say("les intérêts dus pour une année entière portent intérêt (C. civ. art. 1343-2)",
			"interest due for a whole year bears interest (C. civ. art. 1343-2)"))
	}
	return list
}

func (t Terms) imputationWords(say func(french, english string) string) string {
	if t.Imputation == fr.PrincipalFirst {
		return say("un règlement partiel paie le principal d’abord (clause du contrat)",
			"a part payment pays principal first (clause of the contract)")
	}
	return say("un règlement partiel paie les intérêts d’abord (C. civ. art. 1343-1)\u00a0: ce qu’il en paie reste dans le principal du décompte, et les livres, qui l’imputent au principal, donnent le même total",
		"a part payment pays interest first (C. civ. art. 1343-1): what it pays of it stays in the principal of the computation, and the books, which set it against principal, come to the same total")
}

// rateWords say where the rate comes from.
func (t Terms) rateWords(say func(french, english string) string) string {
	switch {
	case t.Rate != nil:
		return say("taux du contrat\u00a0: ", "rate of the contract: ") + say(t.Rate.Format("fr"), t.Rate.Format("en"))
	case t.Debtor == law.Consumer:
		return say("taux de l’intérêt légal du semestre, à compter de la mise en demeure (C. civ. art. 1231-6)",
			"the legal rate of the half-year, from the formal notice (C. civ. art. 1231-6)")
	case t.Debtor == law.Public:
		return say("taux de la BCE plus 8\u00a0points, celui du premier semestre jusqu’au bout (CCP art. R2192-31)",
			"the ECB’s rate plus 8 points, that of the first half-year to the end (CCP art. R2192-31)")
	}
	return say("taux de la BCE au premier jour du semestre plus 10\u00a0points (C. com. art. L441-10 II)",
		"the ECB’s rate on the first day of the half-year plus 10 points (C. com. art. L441-10 II)")
}

// RateSource is where the rate of a segment comes from: « BCE 2026-S2 + 10 points ».
func (t Terms) RateSource(s fr.Segment, l i18n.Lang) string {
	say := func(french, english string) string { return i18n.Words{FR: french, EN: english}.In(l) }
	semesters := fr.Semester(s.From)
	if last := fr.Semester(s.To); last != semesters {
		semesters += "–" + last
	}
	switch {
	case t.Rate != nil:
		return say("contrat", "contract")
	case t.Debtor == law.Consumer:
		return say("taux légal ", "legal rate ") + semesters
	case t.Debtor == law.Public:
		return say("BCE + 8 points", "ECB + 8 points")
	}
	return say("BCE ", "ECB ") + semesters + say(" + 10 points", " + 10 points")
}
