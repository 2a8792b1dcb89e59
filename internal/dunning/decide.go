package dunning

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

const (
	// maxLooks bounds the search for the next step: the days on which anything
	// changes by itself. A year of an account has a few dozen; only a condition
	// that reads the day has one every day.
	maxLooks = 120
	// horizon bounds the same search in days: what is further is not planned.
	horizon = 400
)

// Decide says what is proposed for an account on a day under s, which may be nil
// when no scenario applies, and why, or why nothing is. It is pure: the same
// arguments give the same Decision, so that a preview cannot differ from the run.
// A reminder of the account that waits keeps others from being proposed, unless
// it is overtaken (see Overtaken).
func Decide(a Account, s *Scenario, c *cal.Calendar, day cal.Date) Decision {
	w := newDesk(&a, s, c)
	w.talk = true
	w.on(day)
	turns := w.decide()
	if len(turns) > 0 { // what comes later is no reason of what speaks today
		w.why = slices.DeleteFunc(w.why, func(r Reason) bool { return r.Code == NotYet })
	}
	d := Decision{On: day, Reasons: w.why}
	if s != nil {
		d.Scenario = s.Name
	}
	for i := range turns {
		d.Reminders = append(d.Reminders, w.proposal(&turns[i]))
	}
	if leader := w.leader(turns); leader != nil {
		d.Leader = leader.item.ID
	}
	d.Items = w.views(turns)
	d.Next = w.next(turns)
	return d
}

// Choose is the first scenario that applies to the account, or nil with the
// reason: none does, or a condition could not be answered, and then nobody is
// reminded by a later scenario by mistake.
func Choose(a Account, scenarios []*Scenario, day cal.Date) (*Scenario, Reason) {
	var f *facts
	for _, s := range scenarios {
		if s.Applies == nil {
			return s, Reason{}
		}
		if f == nil {
			f = factsOf(&a, day)
		}
		switch yes, err := s.Applies.holds(f); {
		case err != nil:
			return nil, Reason{Code: ConditionFailed, Note: s.Name + " : " + err.Error()}
		case yes:
			return s, Reason{}
		}
	}
	return nil, Reason{Code: NoScenario}
}

// factsOf is what a scenario's own condition may read: the customer, and the
// account by its oldest open invoice, in that invoice's currency.
func factsOf(a *Account, day cal.Date) *facts {
	f := &facts{Day: date{day}, Customer: customerFactsOf(&a.Customer)}
	oldest := oldestOpen(a.Items)
	if oldest == nil {
		return f
	}
	due, balance := money.Zero(oldest.Open.Currency), money.Zero(oldest.Open.Currency)
	for i := range a.Items {
		if item := &a.Items[i]; item.Open.Currency == due.Currency {
			balance = balance.Add(item.Open)
			if !item.Due.IsZero() && item.Due < day {
				due = due.Add(item.Open)
			}
		}
	}
	for i := range a.Credits {
		if c := &a.Credits[i]; c.Open.Currency == due.Currency {
			balance = balance.Sub(c.Open)
		}
	}
	f.Age = day.Sub(oldest.Due)
	f.Due, f.Balance, f.Invoice = units(due), units(balance), invoiceFactsOf(oldest, f.Age)
	return f
}

// oldestOpen is the oldest open item, the larger of two of one day, then by
// number; nil when there is none.
func oldestOpen(items []Item) *Item {
	var oldest *Item
	for i := range items {
		item := &items[i]
		if item.Open.Sign() <= 0 || item.Due.IsZero() {
			continue
		}
		if oldest == nil || cmp.Or(
			cmp.Compare(item.Due, oldest.Due),
			-cmp.Compare(item.Open.Minor, oldest.Open.Minor),
			cmp.Compare(item.Number, oldest.Number),
		) < 0 {
			oldest = item
		}
	}
	return oldest
}

// leader is the line that sets the step today: that of the first turn, else the
// oldest eligible one.
func (w *desk) leader(turns []turn) *line {
	if len(turns) > 0 {
		return turns[0].leader
	}
	if w.s == nil {
		return nil
	}
	for _, l := range w.order {
		if l.eligible() {
			return l
		}
	}
	return nil
}

// next is when the account would next hear of us if nothing happened: today's
// turn, the reminder that waits as soon as it is approved, or the first later day
// that has a turn.
func (w *desk) next(turns []turn) Next {
	if len(turns) > 0 {
		return Next{Step: w.s.Steps[turns[0].step].ID, On: w.day}
	}
	if w.awaits != nil {
		return Next{Step: w.awaits.Step, On: max(w.day, w.awaits.On)}
	}
	start := w.day
	w.talk = false
	for range maxLooks {
		if w.s == nil || w.wake.IsZero() || w.wake.Sub(start) > horizon {
			break
		}
		w.on(w.wake)
		if turns := w.decide(); len(turns) > 0 {
			return Next{Step: w.s.Steps[turns[0].step].ID, On: w.day}
		}
	}
	return Next{}
}

// proposal is a turn as the rest of the house sees it.
func (w *desk) proposal(t *turn) Proposal {
	step := &w.s.Steps[t.step]
	p := Proposal{
		Step: *step, Channels: step.Channels, Leader: t.leader.item.ID, On: w.day,
		Claims: claimsOf(t.claims), Coming: claimsOf(t.coming), Amount: t.amount, Credits: t.taken,
	}
	if t.follows != nil {
		p.FollowUp, p.Channels = true, []Channel{step.Then.Channel}
	}
	var broken []Reason
	p.Broken, broken = w.broken(t.claims)
	p.Reasons = append(w.reasons(t), broken...)
	return p
}

func claimsOf(lines []*line) []Claim {
	if len(lines) == 0 {
		return nil
	}
	all := make([]Claim, len(lines))
	for i, l := range lines {
		all[i] = Claim{
			Item: l.item.ID, Number: l.item.Number, Issued: l.item.Issued, Due: l.due,
			Amount: l.amount, Open: l.item.Open, Age: l.age,
		}
	}
	slices.SortFunc(all, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Item, b.Item))
	})
	return all
}
