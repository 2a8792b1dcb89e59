package payer

import (
	"slices"

	"acquit/internal/i18n"
)

// Behaviour is what a score is worked out from, as of a day. All of it can be
// read in the books; nothing comes from elsewhere.
type Behaviour struct {
	Payments       int // settlements that AverageDelay was told from; 0 is no history
	AverageDelay   int // days after the due date, signed
	Overdue        int // days of the oldest invoice that neither money nor credits cover; 0 for none
	BrokenPromises int
	Disputed       bool // something is contested
}

// Driver is one thing that takes points off a score.
type Driver struct {
	Code   DriverCode
	Points int // more than 0
	Figure int // days or promises, as the code has them
}

// DriverCode names a driver.
type DriverCode string

// The drivers, in the order in which they are told when they weigh the same.
const (
	OldOverdue     DriverCode = "overdue"         // Figure: days of the oldest invoice
	LateHabit      DriverCode = "late_habit"      // Figure: days after the due date on average
	BrokenPromises DriverCode = "broken_promises" // Figure: how many
	NoHistory      DriverCode = "no_history"
	OpenDispute    DriverCode = "open_dispute"
)

// What takes how many points off the hundred. A score tells whether the next
// invoice will be paid on time: what is late now weighs most and more each day,
// then the habit of a year, then promises. Who has never paid us yet is neither
// good nor bad. An open dispute keeps from the best grade whatever the rest says.
const (
	Best          = 100 // the score of who has lost no points
	overdueFull   = 120 // days from which lateness weighs no more
	overdueWeight = 50
	habitWeight   = 35 // one point for each day
	promiseWeight = 5  // for each one broken
	promisesFull  = 15
	noHistory     = 20
	disputeFloor  = 30 // points off at least
)

// Score is 100 for who pays at once and 0 for who does not pay, and what took the
// points off, the heaviest first: they add up to what is missing to 100.
func (b Behaviour) Score() (int, []Driver) {
	list := make([]Driver, 0, 4)
	lost := 0
	put := func(code DriverCode, points, figure int) {
		if points > 0 {
			list, lost = append(list, Driver{code, points, figure}), lost+points
		}
	}
	put(OldOverdue, int(round(int64(min(b.Overdue, overdueFull)*overdueWeight), overdueFull)), b.Overdue)
	if b.Payments > 0 {
		put(LateHabit, min(b.AverageDelay, habitWeight), b.AverageDelay)
	} else {
		put(NoHistory, noHistory, 0)
	}
	put(BrokenPromises, min(b.BrokenPromises*promiseWeight, promisesFull), b.BrokenPromises)
	if b.Disputed {
		put(OpenDispute, disputeFloor-lost, 0)
	}
	heaviestFirst(list)
	return Best - lost, list
}

// heaviestFirst sorts the few drivers there are, in place.
func heaviestFirst(list []Driver) {
	slices.SortStableFunc(list, func(a, b Driver) int { return b.Points - a.Points })
}

// The least scores of the grades A, B and C; what is below is D.
const (
	leastA = 81
	leastB = 56
	leastC = 31
)

// Grade is a score as a letter: A pays on time, B a little late, C must be
// followed, D is a risk.
func Grade(score int) string {
	switch {
	case score >= leastA:
		return "A"
	case score >= leastB:
		return "B"
	case score >= leastC:
		return "C"
	}
	return "D"
}

var (
	days = i18n.Noun{
		One: i18n.Words{FR: "jour", EN: "day"}, Many: i18n.Words{FR: "jours", EN: "days"},
	}
	broken = i18n.Noun{
		One:  i18n.Words{FR: "promesse non tenue", EN: "broken promise"},
		Many: i18n.Words{FR: "promesses non tenues", EN: "broken promises"},
	}
	points = i18n.Noun{
		One: i18n.Words{FR: "point", EN: "point"}, Many: i18n.Words{FR: "points", EN: "points"},
	}
)

// Say is the driver in words and what it takes off: la plus ancienne facture échue
// a 45 jours de retard (−19 points).
func (d Driver) Say(l i18n.Lang) string {
	return d.what(l) + " (−" + points.Count(l, d.Points) + ")"
}

func (d Driver) what(l i18n.Lang) string {
	switch d.Code {
	case OldOverdue:
		return i18n.Words{
			FR: "la plus ancienne facture échue a %s de retard", EN: "the oldest unpaid invoice is %s late",
		}.Format(l, days.Count(l, d.Figure))
	case LateHabit:
		return i18n.Words{
			FR: "paie en moyenne %s après l’échéance", EN: "pays %s after the due date on average",
		}.Format(l, days.Count(l, d.Figure))
	case BrokenPromises:
		return broken.Count(l, d.Figure)
	case NoHistory:
		return i18n.Words{FR: "aucun règlement connu depuis un an", EN: "no payment known for a year"}.In(l)
	case OpenDispute:
		return i18n.Words{FR: "un litige est ouvert", EN: "a dispute is open"}.In(l)
	}
	return string(d.Code)
}
