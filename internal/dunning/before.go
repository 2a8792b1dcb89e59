package dunning

import (
	"slices"

	"acquit/internal/cal"
)

// before is the turn of the steps before the due date: those of the day are one
// reminder for the customer, and it claims no other invoice. It comes only when
// no step after the due date speaks.
func (w *desk) before() []turn {
	var turns []turn
	for i := range w.money {
		if p := &w.money[i]; w.refusal(p).Code == "" { // else said by after
			turns = append(turns, w.announce(p)...)
		}
		if len(turns) > 0 && w.s.Grouping == ByCustomer {
			break
		}
	}
	return turns
}

// announced is a line whose step before the due date has come.
type announced struct {
	*line
	step int
}

func (w *desk) announce(p *purse) []turn {
	var due []announced
	for _, l := range w.order {
		if l.item.Open.Currency != p.currency || !l.eligible() || l.age > 0 || l.waits {
			continue
		}
		if n := w.ahead(l, l.history.done+1); n >= 0 {
			due = append(due, announced{l, n})
		}
	}
	if w.s.Grouping == ByCustomer {
		return w.together(due)
	}
	var turns []turn
	for _, d := range due {
		turns = append(turns, w.together([]announced{d})...)
	}
	return turns
}

// ahead is the line's first step before the due date from step n on, if its day
// has come; −1 if not.
func (w *desk) ahead(l *line, n int) int {
	for ; n < w.first; n++ {
		day := w.earliest(l, n)
		if day > w.day {
			w.wakeOn(day)
			l.next = Next{Step: w.s.Steps[n].ID, On: day}
			return -1
		}
		if !w.toldOf(l, w.s.Steps[n].planned(l.due, w.cal)) {
			return n
		}
	}
	return -1
}

// toldOf tells whether a message mentioned the line as coming on or after the
// day its step was planned: the message stood in for the step.
func (w *desk) toldOf(l *line, planned cal.Date) bool {
	return slices.ContainsFunc(w.a.Contacts, func(c Contact) bool {
		return c.On >= planned && slices.Contains(c.Mentions, l.item.ID)
	})
}

// together makes one turn of the lines, led by the first. A line whose step's
// condition does not hold goes on to its next step or drops out.
func (w *desk) together(due []announced) []turn {
	for len(due) > 0 {
		t := turn{leader: due[0].line, step: due[0].step}
		for _, d := range due {
			t.claims = append(t.claims, d.line)
		}
		t.taken = w.taken(t.claims, true)
		t.amount = sum(t.claims).Sub(t.taken)
		yes, err := w.answers(&t)
		switch {
		case err != nil:
			w.say(Reason{Code: ConditionFailed, Step: w.s.Steps[t.step].ID, Note: err.Error()})
			return nil
		case yes && w.mayLeave(&t):
			return []turn{t}
		case yes:
			return nil
		}
		w.passed(&t)
		if due[0].step = w.ahead(due[0].line, due[0].step+1); due[0].step < 0 {
			due = due[1:]
		}
	}
	return nil
}
