package reminder

import (
	"strings"

	"acquit/internal/customer"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/task"
)

// StateWords are the states as the screen names them.
var StateWords = map[State]i18n.Words{
	Proposed:   {FR: "à approuver", EN: "to approve"},
	Approved:   {FR: "approuvée, en file d’envoi", EN: "approved, queued"},
	Sending:    {FR: "en cours d’envoi", EN: "leaving"},
	Sent:       {FR: "envoyée", EN: "sent"},
	Failed:     {FR: "refusée", EN: "refused"},
	Uncertain:  {FR: "envoi incertain", EN: "uncertain"},
	Dismissed:  {FR: "écartée", EN: "dismissed"},
	Superseded: {FR: "dépassée", EN: "superseded"},
}

// MessageStateWords are the states of a message as the screen names them.
var MessageStateWords = map[MessageState]i18n.Words{
	Queued:           {FR: "en file d’envoi", EN: "queued"},
	Held:             {FR: "retenu", EN: "held"},
	MessageSending:   {FR: "en cours d’envoi", EN: "leaving"},
	Ready:            {FR: "à poster", EN: "to be posted"},
	MessageSent:      {FR: "parti", EN: "sent"},
	MessageFailed:    {FR: "refusé", EN: "refused"},
	MessageUncertain: {FR: "incertain", EN: "uncertain"},
	Cancelled:        {FR: "annulé", EN: "cancelled"},
}

// channelTasks are what a person is asked to do where no driver carries a step.
var channelTasks = map[dunning.Channel]struct {
	kind task.Kind
	i18n.Words
}{
	dunning.Call:   {task.Call, i18n.Words{FR: "Appeler", EN: "Call"}},
	dunning.SMS:    {task.SendSMS, i18n.Words{FR: "Envoyer un SMS à", EN: "Text"}},
	dunning.Letter: {task.SendLetter, i18n.Words{FR: "Poster un courrier à", EN: "Post a letter to"}},
	dunning.Registered: {
		task.SendRegistered, i18n.Words{FR: "Envoyer une lettre recommandée à", EN: "Send a registered letter to"},
	},
	dunning.ToDossier: {task.MakeDossier, i18n.Words{FR: "Préparer le dossier de", EN: "Prepare the file of"}},
	dunning.Task:      {task.Other, i18n.Words{FR: "Traiter", EN: "Deal with"}},
}

// taskFor is the work of a person that carries a step on a channel without a
// driver.
func taskFor(o office, r Reminder, c customer.Customer, name dunning.Channel) task.Task {
	what := channelTasks[name]
	numbers := make([]string, len(r.Details.Claims))
	for i, claim := range r.Details.Claims {
		numbers[i] = claim.Number
	}
	return task.Task{
		Customer: r.Customer, Reminder: r.ID, Kind: what.kind, Key: string(name) + "/" + r.ID,
		Title:  what.FR + " " + c.Name + " : " + dunning.StepTitle(r.Step, i18n.FR) + ", " + r.Amount.Format("fr"),
		Detail: i18n.Plural(i18n.FR, len(numbers), "Facture ", "Factures ") + strings.Join(numbers, ", "),
		Owner:  c.Collector, Due: o.today,
	}
}
