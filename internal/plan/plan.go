// Package plan holds instalment plans: agreements that replace the due dates of
// some invoices by dates of their own. The money alone tells how one goes.
package plan

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Plan is a schedule by which a customer pays what is open on some invoices.
// Their own due dates still count for interest and limitation.
type Plan struct {
	ID          string
	Customer    string
	Invoices    []string // identifiers; Add takes numbers too
	Made        cal.Date
	Grace       int          // days after an instalment's date before it counts as missed
	Instalments []Instalment // by date
	Note        string
	By          string
	CreatedAt   time.Time
	Ended       cal.Date // the first day it no longer stands; the zero Date while it does
	EndedAs     State    // empty while it stands
}

// Instalment is one payment of a plan.
type Instalment struct {
	Due    cal.Date
	Amount money.Amount
}

// Total is the sum of the instalments.
func (p Plan) Total() money.Amount {
	var sum money.Amount
	for _, i := range p.Instalments {
		sum = sum.Add(i.Amount)
	}
	return sum
}

// Monthly cuts total into n instalments from first, a month apart: equal but for
// the last, which takes what does not divide, on first's day of the month or
// the month's last (1 000,00 in 7 is six times 142,85 and 142,90; from 31
// January follow 28 February and 31 March).
func Monthly(total money.Amount, n int, first cal.Date) []Instalment {
	parts := total.Split(n)
	list := make([]Instalment, len(parts))
	for i, part := range parts {
		list[i] = Instalment{Due: first.AddMonths(i), Amount: part}
	}
	return list
}

// State is how a plan goes.
type State string

// The states of a plan. One that is late is to be put right: only the missed
// instalment is overdue (C. civ. 1305-4).
const (
	Running   State = "running"
	Late      State = "late"   // an instalment was missed, within the grace
	Broken    State = "broken" // an instalment was missed beyond the grace
	Kept      State = "kept"
	Withdrawn State = "withdrawn" // ended by a person
)

var stateWords = map[State]i18n.Words{
	Running:   {FR: "en cours", EN: "running"},
	Late:      {FR: "à régulariser", EN: "late"},
	Broken:    {FR: "rompu", EN: "broken"},
	Kept:      {FR: "respecté", EN: "kept"},
	Withdrawn: {FR: "retiré", EN: "withdrawn"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// View is a plan beside the money: what came in on its invoices since it was
// made, and what is open on them, as of the day that was asked for.
type View struct {
	Plan
	Paid money.Amount
	Open money.Amount
}

// Progress is Track of the view.
func (v View) Progress(day cal.Date) Progress { return Track(v.Plan, v.Paid, v.Open, day) }

// Progress is how a plan goes on a day.
type Progress struct {
	State  State
	Lines  []Line
	Missed money.Amount // overdue instalments, less what came in for them
	Next   Instalment   // the first that is not paid in full and not yet due; zero when there is none
}

// Line is an instalment with what came in for it.
type Line struct {
	Instalment
	Paid money.Amount
}

// Left is what is still to pay of the instalment.
func (l Line) Left() money.Amount { return l.Amount.Sub(l.Paid) }

// Track sets what came in against the instalments, the earliest first, and tells
// how the plan goes on a day: paid came in on its invoices since it was made and
// open is left on them. An instalment may be paid on its day. What a person or
// Settle has said stands.
func Track(p Plan, paid, open money.Amount, day cal.Date) Progress {
	g := Progress{State: Running, Missed: money.Zero(open.Currency)}
	for _, i := range p.Instalments {
		part := money.Max(money.Min(paid, i.Amount), money.Zero(i.Amount.Currency))
		paid = paid.Sub(part)
		line := Line{Instalment: i, Paid: part}
		g.Lines = append(g.Lines, line)
		left := line.Left()
		switch {
		case left.IsZero():
		case i.Due >= day:
			if g.Next.Due.IsZero() {
				g.Next = i
			}
		default:
			g.Missed = g.Missed.Add(left)
			if i.Due.Add(p.Grace) < day {
				g.State = Broken
			} else if g.State == Running {
				g.State = Late
			}
		}
	}
	switch {
	case p.EndedAs != "":
		g.State = p.EndedAs
	case open.Sign() <= 0 || g.Missed.IsZero() && g.Next.Due.IsZero():
		g.State = Kept
	}
	return g
}
