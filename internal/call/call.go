// Package call holds telephone calls: what to say, what was answered, and what
// follows from it. A call is no contact until somebody was reached.
package call

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
)

// Call is one that was made, or tried.
type Call struct {
	ID        string
	Customer  string
	Reminder  string // the step that asked for it; may be empty
	Task      string // may be empty
	Script    string
	On        cal.Date
	Number    string // that was dialled
	Person    string // who spoke for the customer
	Outcome   Outcome
	Attempt   int      // the how many-th call of its step
	Again     cal.Date // when to call again; the zero Date is never
	Note      string
	By        string
	CreatedAt time.Time
	Results   []Result // filled by Find and List
}

// Result is what a call led to.
type Result struct {
	Kind ResultKind
	ID   string
}

// ResultKind is which room a result is in.
type ResultKind string

// The kinds of results.
const (
	Promise ResultKind = "promise"
	Dispute ResultKind = "dispute"
	Plan    ResultKind = "plan"
	Payment ResultKind = "payment" // announced
	Task    ResultKind = "task"
)

// Of are the identifiers of the results of a kind.
func (c Call) Of(kind ResultKind) (ids []string) {
	for _, r := range c.Results {
		if r.Kind == kind {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Outcome is how a call went.
type Outcome string

// The outcomes, in the order of a form.
const (
	Promised    Outcome = "promised"
	Paid        Outcome = "paid" // says that the money is on its way
	Disputes    Outcome = "disputes"
	AskedTime   Outcome = "plan"
	CallBack    Outcome = "back"
	Reached     Outcome = "reached" // nothing was agreed
	Refuses     Outcome = "refuses"
	NoAnswer    Outcome = "no_answer"
	WrongNumber Outcome = "wrong_number"
)

// Outcomes are all of them, in the order of a form.
func Outcomes() []Outcome {
	return []Outcome{Promised, Paid, Disputes, AskedTime, CallBack, Reached, Refuses, NoAnswer, WrongNumber}
}

func (o Outcome) known() bool { return slices.Contains(Outcomes(), o) }

// Spoke tells whether the customer was spoken to: that counts as a contact, and as
// a reaction.
func (o Outcome) Spoke() bool { return o != NoAnswer && o != WrongNumber }

// Over tells whether the step of the scenario is done. It is not while there is
// somebody to call again; last says that no other attempt is allowed.
func (o Outcome) Over(last bool) bool {
	return o != CallBack && (o != NoAnswer || last)
}

var outcomeWords = map[Outcome]i18n.Words{
	Promised:    {FR: "promet de payer", EN: "promises to pay"},
	Paid:        {FR: "dit avoir payé", EN: "says it has paid"},
	Disputes:    {FR: "conteste", EN: "disputes"},
	AskedTime:   {FR: "demande un échéancier", EN: "asks for instalments"},
	CallBack:    {FR: "demande à être rappelé", EN: "asks to be called back"},
	Reached:     {FR: "joint, rien de convenu", EN: "reached, nothing agreed"},
	Refuses:     {FR: "refuse de payer", EN: "refuses to pay"},
	NoAnswer:    {FR: "sans réponse", EN: "no answer"},
	WrongNumber: {FR: "mauvais numéro", EN: "wrong number"},
}

// In is the outcome in words.
func (o Outcome) In(l i18n.Lang) string { return outcomeWords[o].In(l) }

var effects = map[Outcome]i18n.Words{
	Promised: {
		FR: "L’étape est faite. Les factures promises attendent le jour dit et sa tolérance ; les autres suivent le scénario.",
		EN: "The step is done. The promised invoices wait until that day and its grace; the others follow the scenario.",
	},
	Paid: {
		FR: "L’étape est faite. Ses factures ne sont pas relancées tant que le règlement peut encore arriver.",
		EN: "The step is done. Its invoices are left alone while the payment may still come.",
	},
	Disputes: {
		FR: "L’étape est faite. La somme contestée attend une réponse ; le reste suit le scénario.",
		EN: "The step is done. The contested sum waits for an answer; the rest follows the scenario.",
	},
	AskedTime: {
		FR: "L’étape est faite. Les échéances de l’accord remplacent celles des factures.",
		EN: "The step is done. The instalments replace the due dates of the invoices.",
	},
	CallBack: {
		FR: "L’étape n’est pas faite : le scénario attend ce rappel, qui devient une tâche.",
		EN: "The step is not done: the scenario waits for that call, which becomes a task.",
	},
	Reached: {
		FR: "L’étape est faite, et le scénario continue : l’appel compte comme un contact.",
		EN: "The step is done and the scenario goes on: the call counts as a contact.",
	},
	Refuses: {
		FR: "L’étape est faite, et le scénario continue. Une tâche demande de décider de la suite.",
		EN: "The step is done and the scenario goes on. A task asks what comes next.",
	},
	NoAnswer: {
		FR: "Ce n’est pas un contact. Une tâche demande de rappeler, et le scénario attend ; au dernier essai, il continue sans.",
		EN: "This is no contact. A task asks to call again, and the scenario waits; after the last attempt it goes on without.",
	},
	WrongNumber: {
		FR: "Ce n’est pas un contact. Une tâche demande de trouver un numéro ; l’étape est close et le scénario continue par écrit.",
		EN: "This is no contact. A task asks for a number; the step is closed and the scenario goes on in writing.",
	},
}

// Effect says what the outcome changes for the scenario.
func (o Outcome) Effect(l i18n.Lang) string { return effects[o].In(l) }
