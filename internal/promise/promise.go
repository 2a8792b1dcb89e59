// Package promise holds the customers' promises to pay: on which invoices, for
// when, how much, and whether they were kept, which the money alone tells.
package promise

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Promise is a day by which a customer said that invoices would be paid.
type Promise struct {
	ID        string
	Customer  string
	Invoices  []string // identifiers; Add takes numbers too
	Made      cal.Date
	For       cal.Date     // the last day to pay, before any grace
	Amount    money.Amount // zero is all that is open
	Note      string
	By        string
	CreatedAt time.Time
	Ended     cal.Date // the first day it no longer stands; the zero Date while it does
	EndedAs   State    // empty while it stands
}

// State is what became of a promise.
type State string

// The states of a promise.
const (
	Waiting   State = "waiting"
	Kept      State = "kept"
	Partly    State = "partly"
	Broken    State = "broken"
	Withdrawn State = "withdrawn" // taken back by a person
)

var stateWords = map[State]i18n.Words{
	Waiting:   {FR: "attendue", EN: "expected"},
	Kept:      {FR: "tenue", EN: "kept"},
	Partly:    {FR: "tenue en partie", EN: "partly kept"},
	Broken:    {FR: "non tenue", EN: "broken"},
	Withdrawn: {FR: "retirée", EN: "withdrawn"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// View is a promise beside the money, as of the day that was asked for.
type View struct {
	Promise
	Paid    money.Amount // what came in on its invoices since it was made
	Open    money.Amount // what is open on them
	Credits money.Amount // what came in since and no invoice has taken yet
}

// State is Status of the view. Money that came in since counts before it is
// allocated.
func (v View) State(day cal.Date, grace int) State {
	return Status(v.Promise, v.Paid.Add(v.Credits), v.Open.Sub(v.Credits), day, grace)
}

// Status tells what a promise is worth on a day: paid came in on its invoices
// since it was made and open is left on them. The promised day counts in, and so
// do the days of grace. What a person or Settle has said stands.
func Status(p Promise, paid, open money.Amount, day cal.Date, grace int) State {
	switch {
	case p.EndedAs != "":
		return p.EndedAs
	case open.Sign() <= 0, p.Amount.Sign() > 0 && !paid.Less(p.Amount):
		return Kept
	case day <= p.For.Add(grace):
		return Waiting
	case paid.Sign() > 0:
		return Partly
	}
	return Broken
}
