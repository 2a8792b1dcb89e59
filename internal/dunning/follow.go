package dunning

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
)

// follow is the turn of the follow-ups: a step that left is followed on another
// channel some days later, unless the customer has reacted. A follow-up is inside
// its step, so min_gap does not hold it back; a later step ends it.
func (w *desk) follow() []turn {
	var turns []turn
	for i := range w.a.Contacts {
		c := &w.a.Contacts[i]
		n := w.s.index(c.Step)
		if n < 0 || !w.open(c, n) {
			continue
		}
		if t, ok := w.followUp(c, n); ok {
			turns = append(turns, t)
		}
	}
	slices.SortFunc(turns, func(x, y turn) int {
		return cmp.Or(cmp.Compare(x.follows.On, y.follows.On), leads(x.leader, y.leader), cmp.Compare(x.step, y.step))
	})
	if len(turns) > 1 && w.s.Grouping == ByCustomer {
		return turns[:1]
	}
	return apart(turns)
}

// apart are the turns that claim nothing of one before them: a reminder that left
// on two channels is two contacts, and followed once.
func apart(turns []turn) []turn {
	var kept []turn
	for _, t := range turns {
		if !slices.ContainsFunc(kept, func(k turn) bool { return slices.Contains(k.claims, t.leader) }) {
			kept = append(kept, t)
		}
	}
	return kept
}

// open tells whether the contact is a step whose follow-up may still come.
func (w *desk) open(c *Contact, n int) bool {
	then := w.s.Steps[n].Then
	if then == nil || c.Dismissed || c.FollowUp || c.Followed || then.UnlessReacted && w.answered(c) {
		return false
	}
	return !slices.ContainsFunc(w.a.Contacts, func(o Contact) bool {
		switch {
		case &o == c || o.On < c.On || !shares(o.Items, c.Items):
			return false
		case o.Step == c.Step && o.On == c.On && !o.FollowUp:
			return o.Followed // another channel of the same reminder
		}
		return o.Step != "" || o.FollowUp
	})
}

// answered tells whether the customer reacted to the contact: replied, came to the
// portal or paid. Who promises to pay what it claimed has replied.
func (w *desk) answered(c *Contact) bool {
	return c.Reacted || slices.ContainsFunc(w.a.Promises, func(p Promise) bool {
		return p.Made >= c.On && shares(p.Items, c.Items)
	})
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) })
}

// followUp is the turn that follows contact c of step n today.
func (w *desk) followUp(c *Contact, n int) (turn, bool) {
	step := &w.s.Steps[n]
	t := turn{step: n, follows: c}
	for _, l := range w.order {
		lapsed := step.before() && l.age > 0
		restarted := l.history.done < n // a plan has put it on a ladder of its own since
		if !slices.Contains(c.Items, l.item.ID) || !l.eligible() || l.waits || lapsed || restarted {
			continue
		}
		if len(t.claims) == 0 || l.item.Open.Currency == t.claims[0].item.Open.Currency {
			t.claims = append(t.claims, l)
		}
	}
	leader := slices.IndexFunc(t.claims, func(l *line) bool { return l.history.done == n })
	if leader < 0 {
		return t, false // all of them have gone further
	}
	t.leader = t.claims[leader]
	if w.refusal(w.purse(t.leader.item.Open.Currency)).Code != "" {
		return t, false
	}
	t.taken = w.taken(t.claims, step.before())
	t.amount = sum(t.claims).Sub(t.taken)
	if day := followDay(c, step, w.cal); day > w.day {
		w.wakeOn(day)
		w.say(Reason{Code: NotYet, Step: step.ID, On: day, Invoice: t.leader.item.Number})
		return t, false
	}
	if !step.AnyDay && !w.cal.IsOpen(w.day) {
		w.wakeOn(w.cal.NextOpen(w.day))
		w.say(Reason{Code: ClosedDay, On: w.day, Until: w.cal.NextOpen(w.day)})
		return t, false
	}
	return t, w.enough(&t)
}

// followDay is the first day on which a step that left is followed up.
func followDay(c *Contact, step *Step, calendar *cal.Calendar) cal.Date {
	day := c.On.Add(step.Then.After)
	if step.AnyDay {
		return day
	}
	return calendar.NextOpen(day)
}
