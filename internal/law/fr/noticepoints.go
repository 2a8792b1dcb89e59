package fr

import (
	"acquit/internal/i18n"
	"acquit/internal/law"
)

// noticePoints are the fifteen points of practice, in their order, and what may
// never be written.
var noticePoints = []noticePoint{
	{
		point("creditor", true, "Identité complète du créancier", "Full identity of the creditor",
			"Réglages, Société\u00a0: nom, forme et capital, siège, SIREN et ville du RCS",
			"Settings, Company: name, legal form and capital, registered office, SIREN and register",
			"C. com. R123-237, R123-238"),
		func(n Notice) PointState {
			c := n.Creditor
			return kept(c.Name != "" && c.Office != "" && c.SIREN != "" && (c.Register != "" || c.Form == "") &&
				(c.Capital != "" || !withCapital.MatchString(c.Form)))
		},
	},
	{
		point("debtor", true, "Identité et siège du débiteur", "Identity and registered office of the debtor",
			"Fiche du client\u00a0: nom, adresse, et SIREN pour une entreprise",
			"Customer: name, address, and SIREN for a business", "C. civ. 1344"),
		func(n Notice) PointState {
			c := n.Customer
			return kept(c.Name != "" && c.Office != "" && (c.SIREN != "" || n.Debtor == law.Consumer))
		},
	},
	{
		point("dated", true, "Lieu, date et mode d’envoi", "Place, date and way of sending",
			"Réglages, Société\u00a0: la ville", "Settings, Company: the town", "C. civ. 1344"),
		func(n Notice) PointState { return kept(n.Place != "" && n.Date != 0 && n.Mode != "") },
	},
	{
		point("subject", true, "Objet\u00a0: mise en demeure de payer", "Subject: formal notice to pay",
			"écrire «\u00a0mise en demeure\u00a0» dans l’objet", "write “formal notice” in the subject", "C. civ. 1344"),
		func(n Notice) PointState { return kept(objectWords.MatchString(n.Subject)) },
	},
	{
		point("claims", true, "Chaque facture\u00a0: numéro, date, échéance, montant, reste dû",
			"Each invoice: number, date, due date, amount, balance",
			"corriger la facture incomplète, et garder le tableau des factures dans le texte",
			"mend the incomplete invoice, and keep the table of invoices in the text", "C. civ. 1344"),
		func(n Notice) PointState { return kept(n.complete()) },
	},
	{
		point("interest", true, "Pénalités\u00a0: fondement, montant et date d’arrêté",
			"Interest: basis, amount and day up to which it is counted",
			"citer le taux, le texte ou le contrat, le montant et le jour d’arrêté",
			"quote the rate, the article or contract, the amount and the day", "C. com. L441-10 II"),
		interestPoint,
	},
	{
		point("indemnity", true, "Indemnité de 40\u00a0€ par facture, pour un professionnel seulement",
			"Fixed indemnity of €40 per invoice, for professionals only",
			"citer l’indemnité et le nombre de factures\u00a0; jamais à un particulier",
			"quote the indemnity and the number of invoices; never to a consumer", "C. com. D441-5"),
		indemnityPoint,
	},
	{
		point("total", true, "Total réclamé", "Total asked for",
			"le total de la lettre doit être celui du compte", "the letter’s total must be that of the account", "C. civ. 1344"),
		func(n Notice) PointState {
			return kept(n.Total.Sign() > 0 && n.has(n.Total.Format(string(n.Language))))
		},
	},
	{
		point("demand", true, "Demande sans équivoque\u00a0: «\u00a0nous vous mettons en demeure de payer\u00a0»",
			"An unmistakable demand: “we formally require you to pay”",
			"écrire «\u00a0nous vous mettons en demeure de nous régler la somme de…\u00a0»",
			"write “we formally require you to pay…”", "C. civ. 1344"),
		func(n Notice) PointState { return kept(n.says(demandWords)) },
	},
	{
		point("deadline", true, "Date limite précise", "A precise deadline",
			"donner un délai à l’étape du scénario, et le garder dans le texte",
			"give the step a deadline, and keep it in the text", "C. civ. 1231, 1344"),
		func(n Notice) PointState {
			return kept(n.Deadline > n.Date && n.has(n.Deadline.Long(string(n.Language))))
		},
	},
	{
		point("payment", true, "Moyen de paiement\u00a0: IBAN et référence", "How to pay: IBAN and reference",
			"Réglages, Comptes bancaires", "Settings, Bank accounts", "C. civ. 1344"),
		func(n Notice) PointState { return kept(n.account() && (n.Reference == "" || n.names(n.Reference))) },
	},
	{
		point("answer", true, "Invitation à contester par écrit", "Invitation to dispute in writing",
			"inviter à faire connaître par écrit les motifs d’une contestation",
			"invite the debtor to say in writing what is disputed", "pratique"),
		func(n Notice) PointState { return kept(n.says(answerWords)) },
	},
	{
		point("consequences", true, "Conséquences, au conditionnel et vraies", "Consequences, conditional and true",
			"écrire «\u00a0à défaut, nous nous réservons de saisir la juridiction compétente\u00a0»",
			"write “failing payment, we reserve the right to bring the matter before the competent court”", "pratique"),
		func(n Notice) PointState {
			return kept(n.says(resultWords) && n.says(mayWords))
		},
	},
	{
		point("signature", true, "Signature et qualité de qui signe", "Signature and capacity",
			"Réglages, Membres\u00a0: le nom de la personne qui suit ce client", "Settings, Members: the collector’s name",
			"C. civ. 1344"),
		func(n Notice) PointState { return kept(n.Signer != "") },
	},
	{
		point("attachments", false, "Pièces jointes\u00a0: factures, relevé", "Attachments: invoices, statement",
			"déposer la copie des factures, et joindre le relevé à l’étape du scénario",
			"drop the copies of the invoices, and attach the statement to the step", "pratique"),
		func(n Notice) PointState { return kept(len(n.Attached) > 0) },
	},
	{
		point("conduct", true, "Rien d’interdit\u00a0: ni imitation d’un acte, ni frais indus, ni pression sur des tiers",
			"Nothing forbidden: no imitated writ, no undue costs, no pressure on others",
			"retirer les mots en cause", "take these words out", "C. pén. 433-13, CPCE L111-8"),
		func(n Notice) PointState { return kept(!n.forbidden()) },
	},
}

func point(code string, blocking bool, fr, en, mendFR, mendEN, source string) NoticePoint {
	return NoticePoint{
		Code: code, Blocking: blocking, Title: i18n.Words{FR: fr, EN: en}, Mend: i18n.Words{FR: mendFR, EN: mendEN},
		Source: source,
	}
}

// interestPoint does not apply where no interest runs yet: a consumer owes it
// from the notice on (C. civ. 1231-6).
func interestPoint(n Notice) PointState {
	if n.Interest == nil || n.Interest.Amount.Sign() <= 0 {
		if n.Debtor == law.Consumer {
			return PointIdle
		}
		return kept(n.Late == 0)
	}
	i := n.Interest
	lang := string(n.Language)
	return kept(i.Until != 0 && n.has(i.Until.Long(lang)) && n.has(i.Amount.Format(lang)) && n.says(basisWords))
}

func indemnityPoint(n Notice) PointState {
	switch {
	case n.Debtor == law.Consumer && n.says(fortyWords):
		return PointMissing
	case n.Debtor == law.Consumer:
		return PointIdle
	case n.Interest == nil || n.Interest.Indemnity.Sign() <= 0:
		return kept(n.Late == 0)
	}
	return kept(n.has(n.Interest.Indemnity.Format(string(n.Language))))
}
