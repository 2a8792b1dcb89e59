package dunning

import "acquit/internal/cal"

// Overtake is a waiting reminder that events have overtaken, and the event.
type Overtake struct {
	Pending Pending
	Reason  Reason
}

// Overtaken are the account's waiting reminders that no longer hold on day: what
// they claim was paid, promised, disputed or held, their step lapsed or is done,
// or another step speaks now. The caller supersedes them; Decide counts them as
// gone already. Asked again just before a send, it is the last look at the
// account. A reminder is not overtaken because more may be claimed than when it
// was proposed.
func Overtaken(a Account, s *Scenario, c *cal.Calendar, day cal.Date) []Overtake {
	if len(a.Pending) == 0 {
		return nil
	}
	w := newDesk(&a, s, c)
	w.talk = true
	w.on(day)
	var all []Overtake
	if w.silent() {
		for _, p := range a.Pending {
			all = append(all, Overtake{p, w.why[0]})
		}
		return all
	}
	var speaks *turn
	for i := range a.Pending {
		p := &a.Pending[i]
		r := w.overtaken(p)
		if r.Code == "" && w.beforeDue(p) {
			if speaks == nil {
				speaks = w.speaking()
			}
			if speaks.leader != nil {
				r = Reason{Code: Overspoken, Step: s.Steps[speaks.step].ID}
			}
		}
		if r.Code != "" {
			all = append(all, Overtake{*p, r})
		}
	}
	return all
}

// speaking is the first turn after the due date that the day has, if no such
// reminder waits already; the zero turn when there is none.
func (w *desk) speaking() *turn {
	if _, after := w.waiting(); after != nil || w.s.Grouping == ByInvoice {
		return &turn{}
	}
	if turns := w.after(); len(turns) > 0 {
		return &turns[0]
	}
	return &turn{}
}

func (w *desk) beforeDue(p *Pending) bool {
	step := w.s.Step(p.Step)
	return step != nil && step.before() && !p.FollowUp
}

// waiting are the reminders that wait and still hold: the first before the due
// date and the first other one. Their lines wait with them.
func (w *desk) waiting() (before, after *Pending) {
	for i := range w.a.Pending {
		p := &w.a.Pending[i]
		if w.overtaken(p).Code != "" {
			continue
		}
		if w.s.Grouping == ByInvoice {
			for _, id := range p.Items {
				if l := w.line(id); l != nil {
					l.waits = true
				}
			}
		}
		switch {
		case w.beforeDue(p) && before == nil:
			before = p
		case !w.beforeDue(p) && after == nil:
			after = p
		}
	}
	return before, after
}

// overtaken is why a waiting reminder no longer holds; no Code when it does.
func (w *desk) overtaken(p *Pending) Reason {
	n := w.s.index(p.Step)
	if n < 0 {
		return Reason{Code: StepGone, Step: p.Step}
	}
	var claims []*line
	finished, gone := true, true
	for _, id := range p.Items {
		l := w.line(id)
		if l == nil {
			return Reason{Code: Settled, Note: id}
		}
		if r := w.lost(l, n); r.Code != "" {
			return r
		}
		if len(claims) > 0 && l.item.Open.Currency != claims[0].item.Open.Currency {
			continue // a reminder claims one currency
		}
		finished, gone = finished && l.history.done >= n, gone && l.history.done > n
		claims = append(claims, l)
	}
	if len(claims) == 0 || gone || finished != p.FollowUp {
		return Reason{Code: AlreadyDone, Step: p.Step}
	}
	if p.FollowUp && w.reacted(p, n) {
		return Reason{Code: HasReacted, Step: p.Step}
	}
	return w.shrunk(p, claims, n)
}

// lost is why a line can no longer be claimed by step n.
func (w *desk) lost(l *line, n int) Reason {
	switch {
	case !l.eligible():
		return l.aside
	case w.s.Steps[n].before() && l.age > 0:
		return Reason{Code: Lapsed, Step: w.s.Steps[n].ID, Invoice: l.item.Number}
	}
	return Reason{}
}

func (w *desk) reacted(p *Pending, n int) bool {
	if then := w.s.Steps[n].Then; then == nil || !then.UnlessReacted {
		return false
	}
	reacted := false
	for i := range w.a.Contacts {
		c := &w.a.Contacts[i]
		if c.Step != p.Step || c.Dismissed || c.FollowUp || !shares(c.Items, p.Items) {
			continue
		}
		if reacted = w.answered(c); !reacted {
			break // this one it may still follow
		}
	}
	return reacted
}

// shrunk is why less may be claimed than the reminder does.
func (w *desk) shrunk(p *Pending, claims []*line, n int) Reason {
	purse := w.purse(claims[0].item.Open.Currency)
	if r := w.refusal(purse); r.Code != "" {
		return r
	}
	taken := w.taken(claims, w.s.Steps[n].before())
	now := sum(claims).Sub(taken)
	switch {
	case now.Sign() <= 0:
		return Reason{Code: Covered, Amount: taken, Limit: sum(claims)}
	case p.Amount.Sign() > 0 && sameMoney(p.Amount, now) && now.Less(p.Amount):
		return Reason{Code: AmountChanged, Amount: now, Limit: p.Amount}
	}
	return Reason{}
}
