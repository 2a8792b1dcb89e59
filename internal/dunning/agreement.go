package dunning

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Outcome is what became of a promise, computed from the money.
type Outcome string

// The outcomes of a promise.
const (
	Running    Outcome = "running" // its day and the days of grace are not over
	Kept       Outcome = "kept"
	PartlyKept Outcome = "partly_kept"
	Broken     Outcome = "broken"
)

// PromiseOutcome is what became of a promise of the account by day, with the
// grace that s gives: what came in since it was made, allocated to its invoices
// or not yet to any, against what was promised. Received and promised are in the
// promise's currency.
func PromiseOutcome(a *Account, p *Promise, s *Scenario, day cal.Date) (o Outcome, received, promised money.Amount) {
	received, promised = p.Paid, p.Amount
	open := money.Zero(p.Paid.Currency)
	for i := range a.Items {
		if item := &a.Items[i]; slices.Contains(p.Items, item.ID) && sameMoney(open, item.Open) {
			open = open.Add(item.Open)
		}
	}
	for i := range a.Credits {
		if c := &a.Credits[i]; c.On >= p.Made && sameMoney(open.Add(received), c.Open) {
			received = received.Add(c.Open)
		}
	}
	switch {
	case promised.IsZero():
		promised = p.Paid.Add(open)
	case !sameMoney(received, promised):
		received = money.Zero(promised.Currency) // what came in is no part of it
	}
	switch {
	case promised.Cmp(received) <= 0:
		return Kept, received, promised
	case day <= p.lastDay(s):
		return Running, received, promised
	case received.Sign() > 0:
		return PartlyKept, received, promised
	}
	return Broken, received, promised
}

// sameMoney tells whether b may be added to a.
func sameMoney(a, b money.Amount) bool { return a.Currency == "" || a.Currency == b.Currency }

// lastDay is the last day that a promise pauses: its own and the days of grace.
func (p *Promise) lastDay(s *Scenario) cal.Date {
	if s == nil {
		return p.For // no scenario, no grace
	}
	return p.For.Add(s.PromiseGrace)
}

// promises puts aside the invoices of running promises: exactly those, until the
// promised day and the grace are over, whatever was promised of them.
func (w *desk) promises() {
	for i := range w.a.Promises {
		p := &w.a.Promises[i]
		if p.Ended || w.s == nil {
			continue
		}
		last := p.lastDay(w.s)
		w.wakeOn(p.Made)
		w.wakeOn(last.Add(1))
		if w.day < p.Made || w.day > last {
			continue
		}
		for _, id := range p.Items {
			if l := w.line(id); l != nil {
				l.set(Reason{Code: Promised, On: p.For, Until: last})
			}
		}
	}
}

// standing is what a plan says on a day.
type standing struct {
	running bool
	due     cal.Date     // of the instalment at hand
	amount  money.Amount // what is still to come in for it, and for those due since
	missed  Instalment   // the one that broke the plan, if any did
}

// standing tells where the plan is on day: the first instalment that the money
// has not covered is at hand; one missed past its grace breaks the plan.
func (p *Plan) standing(day cal.Date) standing {
	var st standing
	sum := money.Zero(p.Paid.Currency)
	for _, n := range p.Instalments {
		sum = sum.Add(n.Amount)
		rest := sum.Sub(p.Paid)
		switch {
		case rest.Sign() <= 0:
			continue
		case !st.running:
			st.running, st.due, st.amount = true, n.Due, rest
		case n.Due <= day:
			st.amount = rest
		}
		if day > n.Due.Add(p.Grace) {
			return standing{missed: n}
		}
	}
	return st
}

// plans lets the instalments of running plans take the place of due dates: the
// one at hand, shared over the plan's invoices from the oldest.
func (w *desk) plans() {
	for i := range w.a.Plans {
		p := &w.a.Plans[i]
		if p.Ended {
			continue
		}
		st := p.standing(w.day)
		if !st.running {
			continue
		}
		for _, n := range p.Instalments {
			w.wakeOn(n.Due.Add(p.Grace + 1))
		}
		var lines []*line
		for _, id := range p.Items {
			if l := w.line(id); l != nil && l.plan == nil && sameMoney(st.amount, l.amount) {
				lines = append(lines, l)
			}
		}
		slices.SortFunc(lines, leads)
		for _, l := range lines {
			w.instalment(l, p, st.due, money.Min(st.amount, l.amount))
			st.amount = st.amount.Sub(l.amount)
		}
	}
}

// instalment sets a line on an instalment: its due date, its share, and a ladder
// of its own, for what was said of the invoice before belongs to the old date.
func (w *desk) instalment(l *line, p *Plan, due cal.Date, share money.Amount) {
	l.plan, l.due, l.amount = p, due, share
	in := Reason{Code: InPlan, On: due, Amount: share}
	if share.Sign() <= 0 {
		l.set(in)
		return
	}
	w.note(l, in)
	if w.s != nil && len(w.s.Steps) > 0 {
		l.history = w.historyOf(l.item, max(p.Made.Add(1), w.s.Steps[0].planned(due, w.cal)))
	}
}

// broken are the agreements on lines that were not kept and that no reminder has
// mentioned since, with their reasons.
func (w *desk) broken(claims []*line) (ids []string, why []Reason) {
	for i := range w.a.Promises {
		p := &w.a.Promises[i]
		if p.Ended || !touches(claims, p.Items) || w.mentioned(p.Items, p.lastDay(w.s)) {
			continue
		}
		switch o, received, promised := PromiseOutcome(w.a, p, w.s, w.day); o {
		case Broken:
			ids = append(ids, p.ID)
			why = append(why, Reason{Code: PromiseBroken, On: p.For, Amount: promised})
		case PartlyKept:
			ids = append(ids, p.ID)
			why = append(why, Reason{Code: PromisePartly, On: p.For, Amount: received, Limit: promised})
		}
	}
	for i := range w.a.Plans {
		p := &w.a.Plans[i]
		missed := p.standing(w.day).missed
		if p.Ended || missed.Due.IsZero() || !touches(claims, p.Items) ||
			w.mentioned(p.Items, missed.Due.Add(p.Grace)) {
			continue
		}
		ids = append(ids, p.ID)
		why = append(why, Reason{Code: PlanBroken, On: missed.Due, Amount: missed.Amount})
	}
	slices.Sort(ids) // the oldest first, whatever the order of the facts
	return ids, why
}

// mentioned tells whether a reminder of one of the items left after day.
func (w *desk) mentioned(items []string, day cal.Date) bool {
	return slices.ContainsFunc(w.a.Contacts, func(c Contact) bool {
		return c.On > day && !c.Dismissed && shares(c.Items, items)
	})
}

// touches tells whether one of the lines is of one of the items.
func touches(lines []*line, items []string) bool {
	return slices.ContainsFunc(lines, func(l *line) bool { return slices.Contains(items, l.item.ID) })
}
