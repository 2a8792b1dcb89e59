// Package insolvency holds collective procedures of customers: recorded by a person or
// recognised from a public register. Their reminders stop, interest stops the day
// before the judgment, and the claim is declared in time.
package insolvency

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
)

// Kind is a sort of collective procedure.
type Kind string

// The kinds: sauvegarde, redressement judiciaire, liquidation judiciaire.
const (
	Safeguard   Kind = "safeguard"
	Recovery    Kind = "recovery"
	Liquidation Kind = "liquidation"
)

var kindWords = map[Kind]i18n.Words{
	Safeguard:   {FR: "sauvegarde", EN: "safeguard (sauvegarde)"},
	Recovery:    {FR: "redressement judiciaire", EN: "receivership (redressement judiciaire)"},
	Liquidation: {FR: "liquidation judiciaire", EN: "liquidation (liquidation judiciaire)"},
}

// Kinds are all of them, in the order of a form.
func Kinds() []Kind { return []Kind{Safeguard, Recovery, Liquidation} }

// In is the kind in words.
func (k Kind) In(l i18n.Lang) string { return kindWords[k].In(l) }

// Office is who receives declarations: the mandataire judiciaire, or in a liquidation
// the liquidateur.
type Office struct {
	Name, Street, PostalCode, City, Email string
}

// Title is what the office is, by the kind of procedure (C. com. L622-24, L641-3).
func (k Kind) Title(l i18n.Lang) string {
	if k == Liquidation {
		return i18n.Words{FR: "liquidateur judiciaire", EN: "liquidator (liquidateur judiciaire)"}.In(l)
	}
	return i18n.Words{FR: "mandataire judiciaire", EN: "creditors’ representative (mandataire judiciaire)"}.In(l)
}

// Ending is how a case ended, for a person to say: nothing ends one by itself.
type Ending string

// The endings. A mistake, or a judgment that was quashed, gives the customer back to
// reminders; after a plan or a closure, what was owed before stays out of them.
const (
	Closed  Ending = "closed"
	Plan    Ending = "plan"
	Mistake Ending = "mistake"
)

var endingWords = map[Ending]i18n.Words{
	Closed:  {FR: "procédure clôturée", EN: "procedure closed"},
	Plan:    {FR: "plan arrêté", EN: "plan adopted"},
	Mistake: {FR: "annulée, ou notée par erreur", EN: "quashed, or recorded by mistake"},
}

// Endings are all of them, in the order of a form.
func Endings() []Ending { return []Ending{Closed, Plan, Mistake} }

// In is the ending in words.
func (e Ending) In(l i18n.Lang) string { return endingWords[e].In(l) }

// ByHand is the source of a case that a person recorded.
const ByHand = "hand"

// Case is a collective procedure of a customer.
type Case struct {
	ID         string // empty where only the day stands on the customer's card
	Customer   string
	Kind       Kind
	Judgment   cal.Date
	Published  cal.Date // in the BODACC; the zero Date while it is not known
	Court      string
	Office     Office
	Far        bool   // the creditor lives outside the territory: two months more (C. com. R622-24)
	Securities string // in words
	Retention  bool   // goods sold under retention of title
	Source     string // ByHand, or an announcement
	Note       string
	By         string
	CreatedAt  time.Time
	Declared   cal.Date // the claim was posted; the date of posting counts
	Tracking   string
	Objected   cal.Date // the office's letter that contests the claim was received
	Ended      cal.Date
	EndedAs    Ending
}

// Open tells whether the procedure goes on.
func (c Case) Open() bool { return c.ID != "" && c.Ended.IsZero() }

// Act is something that a case calls for by a day.
type Act string

// The acts, by the step of the law that gives their time.
const (
	FindPublication Act = "find_publication"
	Declare         Act = "declare"
	LiftForeclosure Act = "lift_foreclosure"
	ClaimGoods      Act = "claim_goods"
	AnswerObjection Act = "answer_objection"
)

// Deadline is the last day of an act.
type Deadline struct {
	Act    Act
	On     cal.Date
	Done   bool
	Source string
}

var actWords = map[Act]i18n.Words{
	FindPublication: {FR: "trouver la date de publication au BODACC", EN: "find the day of publication in the BODACC"},
	Declare:         {FR: "déclarer la créance", EN: "declare the claim"},
	LiftForeclosure: {FR: "demander le relevé de forclusion", EN: "ask to be relieved of foreclosure"},
	ClaimGoods:      {FR: "revendiquer les biens sous réserve de propriété", EN: "claim the goods under retention of title"},
	AnswerObjection: {FR: "répondre à la contestation de la créance", EN: "answer the objection to the claim"},
}

// In is the act in words.
func (a Act) In(l i18n.Lang) string { return actWords[a].In(l) }

// findWithin is how many days are given to find the day of publication: notices appear
// within about two weeks of the judgment.
const findWithin = 14

// Deadlines are what a case calls for as of a day: the declaration within two months of
// publication (C. com. L622-24, R622-24), once that is over the relief from foreclosure
// within six (L622-26), goods under retention of title within three (L624-9), and an
// objection within thirty days of its letter (L622-27). All of them roll (R662-1).
func (c Case) Deadlines(l *fr.Law, day cal.Date) (list []Deadline, err error) {
	declared := !c.Declared.IsZero()
	if c.Published.IsZero() {
		list = append(list, Deadline{
			Act: FindPublication, On: c.Judgment.Add(findWithin), Done: declared, Source: "C. com. art. R622-24",
		})
	} else if list, err = c.fromPublication(l, day); err != nil {
		return nil, err
	}
	if !c.Objected.IsZero() {
		on, err := l.Deadline(fr.AnswerObjection, c.Objected)
		if err != nil {
			return nil, err
		}
		list = append(list, Deadline{Act: AnswerObjection, On: on, Source: "C. com. art. L622-27"})
	}
	slices.SortStableFunc(list, func(a, b Deadline) int { return int(a.On - b.On) })
	return list, nil
}

func (c Case) fromPublication(l *fr.Law, day cal.Date) (list []Deadline, err error) {
	seat := fr.Near
	if c.Far {
		seat = fr.Overseas
	}
	declare, err := l.DeadlineAt(fr.DeclareClaim, c.Published, seat)
	if err != nil {
		return nil, err
	}
	late := !c.Declared.IsZero() && c.Declared > declare || c.Declared.IsZero() && day > declare
	list = append(list, Deadline{
		Act: Declare, On: declare, Done: !c.Declared.IsZero() || late, Source: "C. com. art. L622-24 et R622-24",
	})
	if late {
		on, err := l.Deadline(fr.LiftForeclosure, c.Published)
		if err != nil {
			return nil, err
		}
		list = append(list, Deadline{Act: LiftForeclosure, On: on, Source: "C. com. art. L622-26"})
	}
	if c.Retention {
		on, err := l.Deadline(fr.ClaimGoods, c.Published)
		if err != nil {
			return nil, err
		}
		list = append(list, Deadline{Act: ClaimGoods, On: on, Source: "C. com. art. L624-9"})
	}
	return list, nil
}
