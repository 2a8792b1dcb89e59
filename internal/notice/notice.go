// Package notice follows formal notices (mise en demeure, C. civ. 1344) from
// their approval on: deposited, presented, received, refused or unclaimed, and
// what each of these means for the time given to pay.
package notice

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
	"acquit/internal/money"
)

// Way is how a notice travels.
type Way string

// The ways: a paper letter with an acknowledgement of receipt, or a qualified
// electronic one (CPCE L100).
const (
	Paper      Way = "paper"
	Electronic Way = "electronic"
)

// State is where a notice stands.
type State string

// The states, in the order of their coming. The last four end it, as far as the
// post is concerned.
const (
	Approved  State = "approved"
	Deposited State = "deposited"
	Presented State = "presented" // a first time, to an absent addressee, or announced to her
	Received  State = "received"
	Refused   State = "refused"
	Unclaimed State = "unclaimed" // not fetched in time: it is still valid
	Returned  State = "returned"  // unknown at this address
	Cancelled State = "cancelled" // never left
)

// States are all of them.
func States() []State {
	return []State{Approved, Deposited, Presented, Received, Refused, Unclaimed, Returned, Cancelled}
}

// Reports are those that somebody may report.
func Reports() []State { return States()[1:7] }

// Final tells whether nothing more is to come.
func (s State) Final() bool { return slices.Index(States(), s) >= 3 }

// Event is what was reported of a notice.
type Event struct {
	ID        string
	Notice    string
	Kind      State
	On        cal.Date
	Note      string
	FileName  string // of the scan of the acknowledgement
	SHA256    string // of its content; none when empty
	By        string
	At        time.Time
	Withdrawn time.Time
	Why       string // it was withdrawn
}

// Notice is one formal notice.
type Notice struct {
	ID         string
	Customer   string
	Reminder   string
	Way        Way
	State      State
	Amount     money.Amount // all that it asks for
	Days       int          // given to pay
	Printed    cal.Date     // the deadline that the letter says
	Deadline   cal.Date     // as events have moved it
	ApprovedOn cal.Date
	ApprovedBy string
	Tracking   string
	Points     []fr.NoticePoint // the check as it stood at the approval
	CreatedAt  time.Time
	Invoices   []string // identifiers; filled by Find and List
	Events     []Event  // filled by Find and List, oldest first
}

// Day is the day of the first event of a kind that stands, or no day.
func (n Notice) Day(kind State) cal.Date {
	var day cal.Date
	for _, e := range n.Events {
		if e.Kind == kind && e.Withdrawn.IsZero() && (day == 0 || e.On < day) {
			day = e.On
		}
	}
	return day
}

// ServedOn is the day from which the debtor is in default (C. civ. 1344, 1344-1):
// that of receipt or refusal; that of the first presentation for a letter not
// fetched. No day while nothing of this is known.
func (n Notice) ServedOn() cal.Date {
	switch {
	case n.State == Received:
		return n.Day(Received)
	case n.Way == Electronic: // not accepted: no court has said that this counts
		return 0
	case n.State == Refused:
		return n.Day(Refused)
	case n.State == Unclaimed:
		if on := n.Day(Presented); on != 0 {
			return on
		}
		return n.Day(Unclaimed)
	}
	return 0
}

// reached is the first day on which the addressee could have had the letter.
func (n Notice) reached() cal.Date {
	var day cal.Date
	for _, kind := range []State{Presented, Received, Refused, Unclaimed} {
		if on := n.Day(kind); on != 0 && (day == 0 || on < day) {
			day = on
		}
	}
	return day
}

// follows tells whether an event says more of where a notice stands than another.
func follows(e, last Event) bool {
	switch {
	case e.Kind.Final() != last.Kind.Final():
		return e.Kind.Final()
	case e.On != last.On:
		return e.On > last.On
	}
	return slices.Index(States(), e.Kind) > slices.Index(States(), last.Kind)
}

// fold works out where a notice stands from what was reported of it, in whatever
// order it came: how it ended, else the last report in time, and of one day the
// further. The deadline is the printed one, or later where the letter came later: the days
// given count from its first presentation.
func (n *Notice) fold() {
	if n.State == Cancelled {
		return
	}
	n.State, n.Deadline = Approved, n.Printed
	var last *Event
	for i := range n.Events {
		e := &n.Events[i]
		if !e.Withdrawn.IsZero() {
			continue
		}
		if last == nil || follows(*e, *last) {
			last = e
		}
	}
	if last != nil {
		n.State = last.Kind
	}
	if on := n.reached(); on != 0 {
		n.Deadline = max(n.Printed, on.Add(n.Days))
	}
	if n.Day(Presented) == 0 && n.State == Unclaimed { // it was presented a fortnight before
		n.Deadline = max(n.Printed, n.Day(Unclaimed))
	}
}

// Running tells whether the debtor still has time on a day: nothing further may
// be done before. A letter that came back unknown gives none.
func (n Notice) Running(day cal.Date) bool {
	return n.State != Cancelled && n.State != Returned && day <= n.Deadline
}

var stateWords = map[State]i18n.Words{
	Approved:  {FR: "approuvée", EN: "approved"},
	Deposited: {FR: "déposée", EN: "deposited"},
	Presented: {FR: "présentée", EN: "presented"},
	Received:  {FR: "reçue", EN: "received"},
	Refused:   {FR: "refusée", EN: "refused"},
	Unclaimed: {FR: "non réclamée", EN: "unclaimed"},
	Returned:  {FR: "revenue", EN: "returned"},
	Cancelled: {FR: "annulée", EN: "cancelled"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

var wayWords = map[Way]i18n.Words{
	Paper:      {FR: "recommandé papier", EN: "registered letter"},
	Electronic: {FR: "recommandé électronique", EN: "electronic registered letter"},
}

// In is the way in words.
func (w Way) In(l i18n.Lang) string { return wayWords[w].In(l) }

var meanings = map[State]i18n.Words{
	Approved: {
		FR: "La lettre est écrite. Le délai imprimé ne compte que si elle part sans tarder\u00a0: la déposer et saisir son numéro.",
		EN: "The letter is written. The printed deadline holds only if it leaves at once: deposit it and enter its number.",
	},
	Deposited: {
		FR: "La Poste l’a prise. Le délai imprimé court\u00a0; il sera prolongé si la première présentation est tardive.",
		EN: "The post has it. The printed deadline runs, and is extended if the first presentation comes late.",
	},
	Presented: {
		FR: "Présentée\u00a0: le délai compte de ce jour. Le destinataire a quinze jours pour la retirer\u00a0; non retirée, elle reste valable (Cass. 1re civ., 20 janvier 2021, n° 19-20.680).",
		EN: "Presented: the time given counts from that day. The addressee has fifteen days to fetch it; unfetched, it stays valid.",
	},
	Received: {
		FR: "Reçue\u00a0: le débiteur est en demeure depuis ce jour (C. civ. 1344). Garder l’avis de réception.",
		EN: "Received: the debtor is in default from that day (C. civ. 1344). Keep the acknowledgement.",
	},
	Refused: {
		FR: "Refusée\u00a0: le refus vaut remise, le débiteur est en demeure. Garder le pli fermé.",
		EN: "Refused: a refusal counts as delivery, the debtor is in default. Keep the letter closed.",
	},
	Unclaimed: {
		FR: "Non réclamée\u00a0: la mise en demeure est valable (Cass. 1re civ., 20 janvier 2021, n° 19-20.680). Garder le pli fermé.",
		EN: "Unclaimed: the notice is valid all the same. Keep the letter closed.",
	},
	Returned: {
		FR: "Revenue, destinataire inconnu à l’adresse\u00a0: elle n’a été portée à la connaissance de personne. Trouver l’adresse du siège, puis recommencer.",
		EN: "Returned, unknown at this address: nobody was given notice. Find the registered office, then start again.",
	},
	Cancelled: {FR: "Elle n’est pas partie.", EN: "It never left."},
}

// electronicMeanings are those that differ for an electronic letter.
var electronicMeanings = map[State]i18n.Words{
	Approved: {
		FR: "La lettre est écrite et part par le prestataire.", EN: "The letter is written and leaves by the provider.",
	},
	Deposited: {
		FR: "Le prestataire l’a prise\u00a0; l’avis au destinataire suit.", EN: "The provider has it; the addressee is told next.",
	},
	Presented: {
		FR: "Avis envoyé, sans le nom de l’expéditeur\u00a0: le destinataire a quinze jours à compter du lendemain pour accepter ou refuser (CPCE R53-3).",
		EN: "The addressee was told, not by whom: fifteen days from the day after to accept or refuse (CPCE R53-3).",
	},
	Received: {
		FR: "Acceptée\u00a0: le débiteur est en demeure depuis ce jour (C. civ. 1344). La preuve est gardée avec son empreinte.",
		EN: "Accepted: the debtor is in default from that day (C. civ. 1344). The proof is kept with its fingerprint.",
	},
	Refused: notAccepted, Unclaimed: notAccepted,
	Returned: {
		FR: "L’avis n’a pas atteint sa boîte\u00a0: elle n’a été portée à la connaissance de personne. Corriger l’adresse électronique, ou envoyer le recommandé papier.",
		EN: "The mailbox was not reached: nobody was given notice. Mend the e-mail address, or send it on paper.",
	},
}

var notAccepted = i18n.Words{
	FR: "Recommandé électronique non accepté (CPCE R53-3)\u00a0: aucun juge n’a dit qu’il vaut remise. Envoyer le recommandé papier.",
	EN: "Electronic letter not accepted (CPCE R53-3): no court has said that this counts. Send it on paper.",
}

// Meaning says what the state means for the deadline and what to do. An
// electronic letter that is refused or not fetched is better sent on paper:
// no court has judged it yet.
func (n Notice) Meaning(l i18n.Lang) string {
	if words, ok := electronicMeanings[n.State]; ok && n.Way == Electronic {
		return words.In(l)
	}
	return meanings[n.State].In(l)
}
