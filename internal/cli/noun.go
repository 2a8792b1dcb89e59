package cli

import "acquit/internal/i18n"

// What is counted.
var (
	invoices          = noun("facture", "factures", "invoice", "invoices")
	creditNotes       = noun("avoir", "avoirs", "credit note", "credit notes")
	payments          = noun("règlement", "règlements", "payment", "payments")
	entries           = noun("écriture", "écritures", "entry", "entries")
	operations        = noun("opération bancaire", "opérations bancaires", "bank entry", "bank entries")
	customers         = noun("client", "clients", "customer", "customers")
	reminders         = noun("relance", "relances", "reminder", "reminders")
	remindersProposed = noun("relance proposée", "relances proposées", "reminder proposed", "reminders proposed")
	remindersApproved = noun("relance approuvée", "relances approuvées", "reminder approved", "reminders approved")
	remindersWaiting  = noun("relance attend", "relances attendent", "reminder waits", "reminders wait")
	remindersRefused  = noun("relance n’a pas pu être approuvée", "relances n’ont pas pu être approuvées",
		"reminder could not be approved", "reminders could not be approved")
	formalLeft = noun("étape formelle attend encore", "étapes formelles attendent encore",
		"formal step still waits", "formal steps still wait")
	accountsRead       = noun("compte lu", "comptes lus", "account read", "accounts read")
	accounts           = noun("compte", "comptes", "account", "accounts")
	remindersOvertaken = noun("relance dépassée par les événements", "relances dépassées par les événements",
		"reminder overtaken by events", "reminders overtaken by events")
	remindersLeft     = noun("relance pour demain : le scénario en propose un nombre limité par jour", "relances pour demain : le scénario en propose un nombre limité par jour", "reminder for tomorrow: the scenario proposes so many a day", "reminders for tomorrow: the scenario proposes so many a day")
	messagesReady     = noun("lettre à poster", "lettres à poster", "letter to post", "letters to post")
	messagesSent      = noun("message parti", "messages partis", "message sent", "messages sent")
	messagesRetried   = noun("message refusé pour l’instant, réessayé plus tard", "messages refusés pour l’instant, réessayés plus tard", "message refused for now, tried again later", "messages refused for now, tried again later")
	messagesRefused   = noun("message refusé", "messages refusés", "message refused", "messages refused")
	messagesUncertain = noun("message peut-être parti", "messages peut-être partis", "message that may have left",
		"messages that may have left")
	messagesQueued = noun("message en file", "messages en file", "message queued", "messages queued")
	messagesHeld   = noun("message retenu par un doute", "messages retenus par un doute",
		"message held by a doubt", "messages held by a doubt")
	messagesCancelled = noun("message annulé, dépassé par les événements", "messages annulés, dépassés par les événements", "message cancelled, overtaken by events", "messages cancelled, overtaken by events")
)

func noun(one, many, oneEN, manyEN string) i18n.Noun {
	return i18n.Noun{One: i18n.Words{FR: spaced(one), EN: oneEN}, Many: i18n.Words{FR: spaced(many), EN: manyEN}}
}
