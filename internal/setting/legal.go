package setting

// The settings of what comes after reminders: when a case seems ripe, and how a loss is
// written off. Zero silences a signal.
var (
	SignalSteps = whole(Definition{
		Name: "signal_steps", Group: GroupLegal, Default: "3",
		Label: say("Relances restées sans réponse", "Reminders without an answer"),
		Help: say(
			"Après tant de messages de suite sans réaction, le client est proposé au contentieux. 0 : ne pas proposer.",
			"After so many messages in a row without a reaction the customer is proposed. 0: do not propose.",
		),
	}, 0, 20)
	SignalLate = whole(Definition{
		Name: "signal_late", Group: GroupLegal, Default: "90", Unit: say("jours", "days"),
		Label: say("Retard de la plus ancienne facture", "Lateness of the oldest invoice"),
		Help:  say("Au-delà de tant de jours. 0 : ne pas proposer.", "Beyond so many days. 0: do not propose."),
	}, 0, 3650)
	SignalDispute = whole(Definition{
		Name: "signal_dispute", Group: GroupLegal, Default: "60", Unit: say("jours", "days"),
		Label: say("Litige qui dure", "Dispute that stays"),
		Help: say(
			"Un litige ouvert depuis plus de tant de jours. 0 : ne pas proposer.",
			"A dispute open for more than so many days. 0: do not propose.",
		),
	}, 0, 3650)
	SignalPromises = whole(Definition{
		Name: "signal_promises", Group: GroupLegal, Default: "2",
		Label: say("Promesses non tenues", "Broken promises"),
		Help:  say("À partir de tant de promesses non tenues. 0 : ne pas proposer.", "From so many on. 0: do not propose."),
	}, 0, 20)
	SignalWeight = whole(Definition{
		Name: "signal_weight", Group: GroupLegal, Default: "10", Unit: say("%", "%"),
		Label: say("Poids dans l’encours", "Weight in what is owed"),
		Help: say(
			"L’échu d’un client pèse au moins cette part de tout ce qui est dû à la société. 0 : ne pas proposer.",
			"What a customer owes overdue is at least this share of all that is owed. 0: do not propose.",
		),
	}, 0, 100)
	SignalLimitation = whole(Definition{
		Name: "signal_limitation", Group: GroupLegal, Default: "180", Unit: say("jours", "days"),
		Label: say("Prescription proche", "Limitation near"),
		Help: say(
			"Une facture se prescrit dans moins de tant de jours. 0 : ne pas proposer.",
			"An invoice is barred in less than so many days. 0: do not propose.",
		),
	}, 0, 3650)
	SignalMinimum = amount(Definition{
		Name: "signal_minimum", Group: GroupLegal, Default: "150.00",
		Label: say("Échu en dessous duquel rien n’est proposé", "Overdue below which nothing is proposed"),
		Help: say(
			"Une procédure coûte souvent plus qu’une petite créance. Dans une autre devise que l’euro, tout est proposé.",
			"Proceedings often cost more than a small claim. In a currency other than the euro all is proposed.",
		),
	})
	WriteOffCeiling = amount(Definition{
		Name: "write_off_ceiling", Group: GroupLegal, Default: "1000.00",
		Label: say("Passage en perte par une seule personne", "Write-off by one person alone"),
		Help: say(
			"À partir de ce montant, une seconde personne doit l’approuver. Dans une autre devise que l’euro, toujours.",
			"From this amount on a second person must approve it. In a currency other than the euro, always.",
		),
	})
)
