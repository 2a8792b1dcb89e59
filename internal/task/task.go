// Package task holds what a person has to do: calls, letters, addresses to find,
// messages in doubt. A step of a scenario without a machine to do it becomes one.
package task

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
)

// Task is one thing to do.
type Task struct {
	ID        string
	Customer  string // may be empty
	Reminder  string // the reminder it belongs to; may be empty
	Kind      Kind
	Key       string // what the program asks for once: a second open task of that key is not made
	Title     string // one line
	Detail    string
	Owner     string   // the person; empty is anybody
	Due       cal.Date // the day to do it, or by which it must be done
	Show      cal.Date // from when it is listed, where that is before Due
	By        string
	CreatedAt time.Time
	DoneAt    time.Time
	DoneBy    string
	Outcome   Outcome
	Note      string // what was said when it was done
}

// Kind is what is to be done.
type Kind string

// The kinds, in the order of a form.
const (
	Call           Kind = "call"
	FindContact    Kind = "find_contact"
	SendLetter     Kind = "send_letter"
	SendRegistered Kind = "send_registered"
	SendSMS        Kind = "send_sms"
	MakeDossier    Kind = "dossier"
	DeclareReceipt Kind = "declare"         // tell a partner of money that came in directly
	GoFurther      Kind = "further"         // a case that seems ripe for a partner or a court
	CheckUncertain Kind = "check_uncertain" // did that message leave?
	Mend           Kind = "mend"            // data that keep an invoice from being chased
	ActInTime      Kind = "act_in_time"     // before a claim is barred
	Deadline       Kind = "deadline"        // of an act of procedure
	Procedure      Kind = "procedure"       // a collective procedure of a customer
	PaymentBack    Kind = "payment_back"    // money that came in went back
	PayBack        Kind = "pay_back"        // a credit of no use: pay it back, or keep it
	Remit          Kind = "remit"           // pay over what was collected for another
	Invoice        Kind = "einvoice"        // a status of an electronic invoice asks for something
	Other          Kind = "other"
)

var kindWords = map[Kind]i18n.Words{
	Call:           {FR: "appeler", EN: "call"},
	FindContact:    {FR: "trouver un contact", EN: "find a contact"},
	SendLetter:     {FR: "poster une lettre", EN: "post a letter"},
	SendRegistered: {FR: "poster un recommandé", EN: "post a registered letter"},
	SendSMS:        {FR: "envoyer un SMS", EN: "send a text message"},
	MakeDossier:    {FR: "constituer le dossier", EN: "put the dossier together"},
	DeclareReceipt: {FR: "déclarer un encaissement", EN: "declare a receipt"},
	GoFurther:      {FR: "décider de la suite", EN: "decide what comes next"},
	CheckUncertain: {FR: "vérifier un envoi incertain", EN: "check an uncertain message"},
	Mend:           {FR: "corriger des données", EN: "mend data"},
	ActInTime:      {FR: "agir avant la prescription", EN: "act before the claim is barred"},
	Deadline:       {FR: "délai de procédure", EN: "procedural deadline"},
	Procedure:      {FR: "procédure collective", EN: "collective procedure"},
	PaymentBack:    {FR: "paiement revenu impayé", EN: "payment returned"},
	PayBack:        {FR: "rembourser ou conserver un crédit", EN: "pay a credit back or keep it"},
	Remit:          {FR: "reverser au créancier", EN: "pay over to the creditor"},
	Invoice:        {FR: "suite d’un statut de facture", EN: "follow up an invoice status"},
	Other:          {FR: "autre", EN: "other"},
}

// Kinds are all of them, in the order of a form.
func Kinds() []Kind {
	return []Kind{
		Call, FindContact, SendLetter, SendRegistered, SendSMS, MakeDossier, DeclareReceipt, GoFurther,
		CheckUncertain, Mend, ActInTime, Deadline, Procedure, PaymentBack, PayBack, Remit, Invoice, Other,
	}
}

// In is the kind in words.
func (k Kind) In(l i18n.Lang) string { return kindWords[k].In(l) }

func (k Kind) known() bool { return slices.Contains(Kinds(), k) }

// Outcome is how a task ended.
type Outcome string

// The outcomes, in the order of a form.
const (
	Done      Outcome = "done"
	Unreached Outcome = "unreached" // nobody answered
	NotDone   Outcome = "not_done"  // given up, or no longer needed
)

var outcomeWords = map[Outcome]i18n.Words{
	Done:      {FR: "fait", EN: "done"},
	Unreached: {FR: "sans réponse", EN: "no answer"},
	NotDone:   {FR: "abandonné", EN: "given up"},
}

// Outcomes are all of them, in the order of a form.
func Outcomes() []Outcome { return []Outcome{Done, Unreached, NotDone} }

// In is the outcome in words.
func (o Outcome) In(l i18n.Lang) string { return outcomeWords[o].In(l) }
