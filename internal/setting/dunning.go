package setting

import (
	"fmt"
	"time"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

// All are the settings of this program, in the order in which they are shown.
func All() Registry {
	return Registry{
		RunHour.Definition, TimeZone.Definition, Region.Definition, ApproveAll.Definition, AutoCeiling.Definition,
		CustomerCap.Definition, CreditUse.Definition, PromiseLimit.Definition, StaleDays.Definition,
		BankStaleDays.Definition, SendFrom.Definition, SendUntil.Definition, DailyCap.Definition, Language.Definition,
		AttachLimit.Definition, SMTPHost.Definition, SMTPPort.Definition, SMTPSecurity.Definition, SMTPUser.Definition,
		SMTPPassword.Definition, MailFromName.Definition, MailFromAddress.Definition, ReplyTo.Definition,
		DKIMDomain.Definition, DKIMSelector.Definition, DKIMKey.Definition,
		PostWay.Definition, PostDuplex.Definition, PostColour.Definition, PostSpeed.Definition,
		MailevaSite.Definition, MailevaClient.Definition, MailevaSecret.Definition, MailevaUser.Definition,
		MailevaPassword.Definition,
		RegisteredWay.Definition, AR24Site.Definition, AR24Token.Definition, AR24Key.Definition, AR24User.Definition,
		AR24OTP.Definition,
		AgingBuckets.Definition, AgingCredits.Definition,
		StockVanishShare.Definition, WatchFolders.Definition,
		SignalSteps.Definition, SignalLate.Definition, SignalDispute.Definition, SignalPromises.Definition,
		SignalWeight.Definition, SignalLimitation.Definition, SignalMinimum.Definition, WriteOffCeiling.Definition,
		Signatory.Definition,
		ChargeRate.Definition, ChargeImputation.Definition, ChargeBasis.Definition, ChargeCompound.Definition,
		ChargeOwedTo.Definition,
		Trade.Definition, LimitationAlerts.Definition, RegistryCheck.Definition, RegistryURL.Definition,
		RegistryRate.Definition,
		CallHours.Definition, CallHoursConsumer.Definition, CallAttempts.Definition, CallAgain.Definition,
		CallBackLimit.Definition, PlanMonthsWork.Definition, PlanCountWork.Definition, PlanMonthsManage.Definition,
		PlanCountManage.Definition, DiscountWork.Definition, DiscountManage.Definition,
		CashAutomatic.Definition, CashConfidence.Definition, CashTolerance.Definition, CashFees.Definition,
		CashGrace.Definition, CashCredits.Definition, CashIdleDays.Definition,
		LifecyclePaymentDays.Definition, LifecycleCollected.Definition, LifecycleAuto.Definition,
		LifecycleWay.Definition, LifecycleInbox.Definition, LifecycleOutbox.Definition, FlowURL.Definition,
		FlowTokenURL.Definition, FlowClient.Definition, FlowSecret.Definition, FlowScope.Definition,
		FlowOrganization.Definition,
	}
}

// The settings of the daily run.
var (
	RunHour = timeOfDay(Definition{
		Name: "run_hour", Group: GroupDunning, Default: "08:30",
		Label: say("Heure du passage quotidien", "Hour of the daily run"),
		Help: say(
			"Les relances du jour sont décidées à cette heure, les jours ouvrés. Une heure manquée est rattrapée.",
			"The day’s reminders are decided at this hour, on working days. A missed hour is caught up.",
		),
	})
	TimeZone = key(Definition{
		Name: "time_zone", Group: GroupDunning, Kind: KindText, Default: "Europe/Paris",
		Label: say("Fuseau horaire", "Time zone"),
		Help: say(
			"Les échéances et les étapes comptent en jours de ce fuseau.",
			"Due dates and steps count in days of this zone.",
		),
		Choices: zones(
			"Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion",
			"Indian/Mayotte", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Europe/Brussels",
			"Europe/Luxembourg", "Europe/Zurich", "Europe/London",
		),
	}, parseZone, nil)
	Region = choice[cal.Region](Definition{
		Name: "region", Group: GroupDunning, Default: string(cal.Metropole), Choices: regions(),
		Label: say("Jours fériés", "Public holidays"),
		Help: say(
			"Aucune relance ne part un jour férié du lieu, un week-end ou un jour de fermeture.",
			"No reminder leaves on a local public holiday, a weekend or a day you are closed.",
		),
	})
	ApproveAll = yesNo(Definition{
		Name: "approve_all", Group: GroupDunning, Default: "true",
		Label: say("Tout approuver à la main", "Approve everything by hand"),
		Help: say(
			"Oui : rien ne part sans votre accord. Non : les étapes qui ne demandent pas d’accord partent d’elles-mêmes, "+
				"sous le plafond ci-dessous.",
			"Yes: nothing leaves without you. No: steps that ask for no approval leave by themselves, below the ceiling.",
		),
	})
	AutoCeiling = amount(Definition{
		Name: "auto_ceiling", Group: GroupDunning, Default: "10000.00",
		Label: say("Plafond de l’envoi automatique", "Ceiling of automatic sending"),
		Help: say(
			"Au-delà de ce montant réclamé, une personne approuve toujours. Une relance dans une autre devise que "+
				"l’euro attend toujours une personne.",
			"Above this claimed amount a person always approves. A reminder in a currency other than the euro always "+
				"waits for a person.",
		),
	})
	CustomerCap = whole(Definition{
		Name: "customer_cap", Group: GroupDunning, Default: "3",
		Label: say("Messages par client sur 7 jours", "Messages per customer over 7 days"),
		Help: say(
			"Tous scénarios et tous canaux confondus. 0 : pas de limite.",
			"Across all scenarios and channels. 0: no limit.",
		),
	}, 0, 50)
	CreditUse = choice[string](Definition{
		Name: "credit_use", Group: GroupDunning, Default: "net",
		Label: say("Avoirs et règlements non affectés", "Credits and payments not yet allocated"),
		Help: say(
			"Ce qu’ils font à la somme réclamée. Un client dont le solde net est nul n’est jamais relancé.",
			"What they do to the claimed amount. A customer whose net balance is nil is never reminded.",
		),
		Choices: []Choice{
			{"net", say("les déduire", "take them off")},
			{"hold", say("ne pas relancer tant qu’ils restent à affecter", "do not chase until they are allocated")},
			{"ignore", say("ne pas en tenir compte", "leave them aside")},
		},
	})
	PromiseLimit = whole(Definition{
		Name: "promise_limit", Group: GroupDunning, Default: "3",
		Label: say("Promesses par facture", "Promises per invoice"),
		Help: say(
			"Une facture promise tant de fois sans être réglée n’est plus promise : il reste l’échéancier. Une seule "+
				"promesse court à la fois.",
			"An invoice promised so often and not paid can be promised no more: a plan remains. Only one promise stands "+
				"at a time.",
		),
	}, 1, 20)
	StaleDays = whole(Definition{
		Name: "stale_days", Group: GroupDunning, Default: "7",
		Label: say("Âge maximal du dernier import", "Oldest acceptable import"),
		Unit:  say("jours", "days"),
		Help: say(
			"Quand le grand livre importé est plus ancien, rien ne part automatiquement : un règlement a pu arriver "+
				"entre-temps. 0 : ne pas vérifier.",
			"When the imported ledger is older, nothing leaves automatically: a payment may have come in since. "+
				"0: do not check.",
		),
	}, 0, 365)
	BankStaleDays = whole(Definition{
		Name: "bank_stale_days", Group: GroupDunning, Default: "5",
		Label: say("Âge maximal des relevés bancaires", "Oldest acceptable bank statements"),
		Unit:  say("jours", "days"),
		Help: say(
			"Pour chaque compte dont des relevés ont été importés. Au-delà, rien ne part automatiquement. Cinq jours "+
				"passent un week-end prolongé. 0 : ne pas vérifier.",
			"For each account of which statements were imported. Past it, nothing leaves automatically. Five days get "+
				"over a long weekend. 0: do not check.",
		),
	}, 0, 365)
)

// The settings of what leaves.
var (
	SendFrom = timeOfDay(Definition{
		Name: "send_from", Group: GroupSending, Default: "08:00",
		Label: say("Envoyer à partir de", "Send from"),
		Help: say(
			"Un message approuvé hors de ces heures attend leur retour.",
			"A message approved outside these hours waits for them.",
		),
	})
	SendUntil = timeOfDay(Definition{
		Name: "send_until", Group: GroupSending, Default: "19:00",
		Label: say("Envoyer jusqu’à", "Send until"),
	})
	DailyCap = whole(Definition{
		Name: "daily_cap", Group: GroupSending, Default: "0",
		Label: say("Messages par jour", "Messages per day"),
		Help: say(
			"Au-delà, les messages attendent le lendemain. Utile pour une adresse d’envoi récente. 0 : pas de limite.",
			"Beyond it, messages wait for the next day. Useful for a recent sending address. 0: no limit.",
		),
	}, 0, 1_000_000)
	Language = choice[string](Definition{
		Name: "language", Group: GroupSending, Default: "fr",
		Label: say("Langue des messages", "Language of messages"),
		Help: say(
			"Pour un client dont la langue n’est pas connue.",
			"For a customer whose language is not known.",
		),
		Choices: []Choice{{"fr", say("français", "French")}, {"en", say("anglais", "English")}},
	})
	AttachLimit = whole(Definition{
		Name: "attach_limit", Group: GroupSending, Default: "10",
		Label: say("Taille maximale des pièces jointes", "Largest total of attachments"),
		Unit:  say("Mo", "MB"),
		Help: say(
			"Au-delà, le message part sans les copies des factures et le dit.",
			"Beyond it, the message leaves without the copies of invoices and says so.",
		),
	}, 1, 50)
)

// parseZone knows the zones of the IANA database.
func parseZone(s string) (*time.Location, error) {
	zone, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, &fault.Invalid{
			Message: fmt.Sprintf("fuseau horaire « %s » inconnu", s), Mend: "un nom tel que Europe/Paris",
		}
	}
	return zone, nil
}

func zones(names ...string) []Choice {
	choices := make([]Choice, len(names))
	for i, n := range names {
		choices[i] = Choice{Value: n, Label: say(n, n)}
	}
	return choices
}

func regions() []Choice {
	var choices []Choice
	for _, r := range cal.Regions() {
		choices = append(choices, Choice{Value: string(r), Label: say(r.Name(), r.Name())})
	}
	return choices
}

// together checks what settings say to each other.
func (v Values) together() error {
	if SendFrom.In(v) >= SendUntil.In(v) {
		return &fault.Invalid{
			Field: SendUntil.Name, Message: "les envois finiraient avant de commencer",
			Mend: "une heure après " + SendFrom.In(v).String(),
		}
	}
	return nil
}
