package dunning

import (
	"acquit/internal/money"
)

// reasons are why a turn is taken today, the main one first.
func (w *desk) reasons(t *turn) []Reason {
	step, l := &w.s.Steps[t.step], t.leader
	all := make([]Reason, 0, 8)
	if t.follows != nil {
		all = append(all, Reason{Code: FollowsUp, Step: step.ID, On: t.follows.On, Days: w.day.Sub(t.follows.On)})
	} else {
		all = w.timing(all, t)
	}
	if l.plan != nil {
		all = append(all, Reason{Code: InstalmentDue, On: l.due, Amount: l.amount})
	}
	all = w.lastSaid(all, l)
	all = append(all, l.notes...)
	for _, c := range t.claims {
		if c != l {
			all = append(all, c.notes...)
		}
	}
	flying := money.Min(w.purse(t.amount.Currency).flying, t.taken)
	if netted := t.taken.Sub(flying); netted.Sign() > 0 {
		all = append(all, Reason{Code: CreditsNetted, Amount: netted})
	}
	if flying.Sign() > 0 {
		all = append(all, Reason{Code: InFlightNetted, Amount: flying})
	}
	if len(t.coming) > 0 {
		all = append(all, Reason{Code: ComingApart, Count: len(t.coming), Amount: sum(t.coming)})
	}
	if n := w.aside(); n > 0 {
		all = append(all, Reason{Code: LeftAside, Count: n})
	}
	if step.NeedsApproval() {
		all = append(all, Reason{Code: NeedsApproval, Step: step.ID})
	}
	return all
}

// timing says why the step is due today: its day, moved by the calendar, by a
// late step before it, or late itself.
func (w *desk) timing(all []Reason, t *turn) []Reason {
	step, l := &w.s.Steps[t.step], t.leader
	own, planned := l.due.Add(step.At), step.planned(l.due, w.cal)
	if step.before() {
		all = append(all, Reason{Code: BeforeDue, Step: step.ID, Invoice: l.item.Number, Days: -l.age, On: own})
	} else {
		all = append(all, Reason{Code: StepDue, Step: step.ID, Invoice: l.item.Number, Days: l.age, On: own})
	}
	earliest := w.earliest(l, t.step)
	switch {
	case w.s.Entry == ByAge && l.history.done < 0 && !step.before():
		all = append(all, Reason{Code: EnteredByAge, Step: step.ID, Days: l.age})
	case earliest > planned:
		all = append(all, Reason{Code: Spaced, Step: w.s.Steps[l.history.left].ID, On: l.history.leftOn})
	case w.day > planned:
		all = append(all, Reason{Code: CaughtUp, On: planned, Days: w.day.Sub(planned)})
	case planned != own:
		all = append(all, Reason{Code: MovedToOpenDay, On: own, Until: planned})
	}
	return all
}

// lastSaid says what was last said of the leader.
func (w *desk) lastSaid(all []Reason, l *line) []Reason {
	h := &l.history
	switch {
	case h.done < 0 && !l.reminded:
		return append(all, Reason{Code: FirstContact, Invoice: l.item.Number})
	case h.done >= 0 && h.done > h.left:
		return append(all, Reason{Code: LastDismissed, Step: w.s.Steps[h.done].ID, On: h.doneOn})
	case h.left >= 0:
		return append(all, Reason{Code: LastSent, Step: w.s.Steps[h.left].ID, On: h.leftOn})
	}
	return all
}

// aside is how many open lines no turn claims for a reason of their own.
func (w *desk) aside() int {
	n := 0
	for _, l := range w.order {
		if !l.eligible() {
			n++
		}
	}
	return n
}

// mark notes on the lines which turn claims or mentions them.
func (w *desk) mark(turns []turn) {
	for _, l := range w.order {
		l.turn, l.comes = 0, false
	}
	for i := range turns {
		for _, l := range turns[i].claims {
			l.turn = i + 1
		}
		for _, l := range turns[i].coming {
			l.comes = true
		}
	}
}

// views are the open items with their own reasons, by due date, then number.
func (w *desk) views(turns []turn) []ItemView {
	leader := w.leader(turns)
	w.mark(turns)
	all := make([]ItemView, len(w.order))
	for i, l := range w.order {
		v := ItemView{
			Item: l.item.ID, Number: l.item.Number, Due: l.due, Age: l.age, Open: l.item.Open,
			Position: l.item.Position.Step,
		}
		if l.eligible() {
			v.Eligible = l.amount
		} else {
			v.Eligible = money.Zero(l.item.Open.Currency)
		}
		if w.s != nil && l.history.done >= 0 {
			v.Position = w.s.Steps[l.history.done].ID
		}
		v.Reasons = w.viewReasons(l, leader, turns)
		all[i] = v
	}
	return all
}

// viewReasons are those of one line; there is always one.
func (w *desk) viewReasons(l, leader *line, turns []turn) []Reason {
	all := make([]Reason, 0, 3)
	all = append(all, w.place(l, leader, turns))
	if l == leader && l.age >= 0 {
		all = append(all, Reason{Code: Leads, Invoice: l.item.Number})
	}
	all = append(all, l.notes...)
	if l.next.Step != "" {
		all = append(all, Reason{Code: NextStep, Step: l.next.Step, On: l.next.On, Invoice: l.item.Number})
	}
	return all
}

// place is what becomes of a line today.
func (w *desk) place(l, leader *line, turns []turn) Reason {
	switch {
	case l.turn > 0:
		return Reason{Code: Claimed, Invoice: l.item.Number, Step: w.s.Steps[turns[l.turn-1].step].ID, Amount: l.amount}
	case l.comes:
		return Reason{Code: Coming, Invoice: l.item.Number, On: l.due, Amount: l.amount}
	case !l.eligible():
		return l.aside
	case l.age <= 0:
		return Reason{Code: NotDue, Invoice: l.item.Number, Days: -l.age, On: l.due}
	case len(turns) > 0 && w.s.Steps[turns[0].step].Formal() && !l.reminded:
		return Reason{Code: NotReminded, Invoice: l.item.Number}
	case leader != nil && l != leader && w.s != nil && w.s.Grouping == ByCustomer:
		return Reason{Code: Grouped, Invoice: leader.item.Number}
	}
	return Reason{Code: Late, Invoice: l.item.Number, Days: l.age}
}
