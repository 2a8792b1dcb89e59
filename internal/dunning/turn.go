package dunning

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// turn is one reminder that the desk would propose today.
type turn struct {
	leader  *line
	step    int
	follows *Contact // the contact it follows up; nil for a step's own turn
	claims  []*line  // in order of leadership
	coming  []*line
	amount  money.Amount // claimed, less taken
	taken   money.Amount // credits and payments on their way
}

// verdict is what looking for a step of one line ends in.
type verdict int

const (
	done  verdict = iota // no step is left that may speak: another line may lead
	waits                // its next step waits, for a day or for something else
	speak
)

// decide is the whole decision for the desk's day. It gives no turn when the
// account stays silent; the reasons are then in why.
func (w *desk) decide() []turn {
	if w.silent() {
		return nil
	}
	before, after := w.waiting()
	if after != nil && w.s.Grouping == ByCustomer {
		w.await(after)
		return nil
	}
	if turns := w.after(); len(turns) > 0 || after != nil {
		return turns
	}
	if before != nil && w.s.Grouping == ByCustomer {
		w.await(before)
		return nil
	}
	if last := max(w.last, w.lastStep); last >= w.day {
		w.spoken(last)
		return nil
	}
	if turns := w.follow(); len(turns) > 0 {
		return turns
	}
	turns := w.before()
	if len(turns) == 0 && len(w.why) == 0 {
		w.idle()
	}
	return turns
}

// spoken says that the customer had a step today, were it a call for a person to
// make: what may be left out, a follow-up or a reminder before the due date, waits
// for another day.
func (w *desk) spoken(last cal.Date) {
	w.wakeOn(w.day.Add(1))
	if len(w.why) == 0 {
		w.say(Reason{Code: TooSoon, On: last, Until: w.day.Add(1), Days: 1})
	}
}

// await leaves the floor to a reminder that waits.
func (w *desk) await(p *Pending) {
	w.say(Reason{Code: Awaiting, Step: p.Step, On: p.On})
	w.awaits = p
}

// silent tells whether the account as a whole is left alone.
func (w *desk) silent() bool {
	switch {
	case w.s == nil:
		w.say(Reason{Code: NoScenario})
	case len(w.lines) == 0:
		w.say(Reason{Code: NothingOpen})
	case w.a.Customer.Insolvent && !w.supplied(SuppliedAfter):
		w.say(Reason{Code: Insolvent})
		for i := range w.lines {
			if l := &w.lines[i]; l.item.Supply == SupplyUndated {
				w.say(l.aside)
			}
		}
	default:
		return w.held()
	}
	return true
}

// supplied tells whether anything open was supplied so beside the judgment.
func (w *desk) supplied(how Supply) bool {
	return slices.ContainsFunc(w.lines, func(l line) bool { return l.item.Supply == how })
}

// held tells whether the customer is on hold.
func (w *desk) held() bool {
	for i := range w.a.Holds {
		if h := &w.a.Holds[i]; h.Item == "" && h.covers(w.day) {
			w.say(Reason{Code: CustomerHeld, Until: h.Until, Note: h.Reason})
			return true
		}
	}
	return false
}

// refusal is why nothing is claimed in a currency at all; no Code when it may be.
// A customer who owes nothing net has credits to allocate, not invoices to pay.
func (w *desk) refusal(p *purse) Reason {
	switch {
	case p.open.Sign() == 0:
		return Reason{Code: NothingOpen}
	case p.balance().Sign() <= 0:
		return Reason{Code: ToAllocate, Amount: p.credits, Limit: p.balance()}
	case w.a.CreditUse == CreditHold && p.credits.Sign() > 0:
		return Reason{Code: CreditsHeld, Amount: p.credits}
	}
	return Reason{}
}

// after is the turn of the steps from the due date on. The leader sets the step:
// as long as it has one left, nobody else speaks.
func (w *desk) after() []turn {
	var turns []turn
	for i := range w.money { // that of the oldest line first
		p := &w.money[i]
		if len(turns) > 0 && w.s.Grouping == ByCustomer {
			w.otherCurrency(p)
			continue
		}
		switch r := w.refusal(p); r.Code {
		case "":
			turns = append(turns, w.lead(p)...)
		case NothingOpen: // credits alone, in a currency of their own
		default:
			w.say(r)
		}
	}
	if len(turns) > 0 {
		turns[0].coming = w.coming(turns)
	}
	return turns
}

// otherCurrency says that a currency waits its turn: a reminder claims one
// currency, and a customer hears one a day.
func (w *desk) otherCurrency(p *purse) {
	if p.late.Sign() > 0 {
		w.say(Reason{Code: OtherCurrency, Amount: p.late, Note: string(p.currency)})
	}
}

// lead looks for the leader of a currency and its turn; grouped by invoice, each
// line leads itself.
func (w *desk) lead(p *purse) []turn {
	var turns []turn
	for _, l := range w.order {
		if l.item.Open.Currency != p.currency || !l.eligible() || l.age < 0 || l.waits {
			continue
		}
		t := turn{leader: l}
		switch verdict := w.pick(&t); {
		case verdict == speak && w.s.Grouping == ByInvoice:
			turns = append(turns, t)
		case verdict == speak:
			return []turn{t}
		case verdict == waits && w.s.Grouping == ByCustomer:
			return nil
		}
	}
	return turns
}

// pick finds the step that t's leader takes today and fills the turn.
func (w *desk) pick(t *turn) verdict {
	if w.s.Entry == ByAge && t.leader.history.done < 0 {
		return w.enterByAge(t)
	}
	for n := max(t.leader.history.done+1, w.first); n < len(w.s.Steps); n++ {
		if v := w.try(t, n); v != done {
			return v
		}
	}
	w.say(Reason{Code: NoStepLeft, Invoice: t.leader.item.Number})
	return done
}

// enterByAge takes up an invoice at the last step that its age has reached and
// that is not formal.
func (w *desk) enterByAge(t *turn) verdict {
	reached := w.s.reached(t.leader.age)
	for n := reached; n >= w.first; n-- {
		if w.s.Steps[n].Formal() {
			continue
		}
		if v := w.try(t, n); v != done {
			return v
		}
	}
	for n := max(reached+1, w.first); n < len(w.s.Steps); n++ {
		if !w.s.Steps[n].Formal() {
			return w.try(t, n) // its day has not come
		}
	}
	w.say(Reason{Code: NoStepLeft, Invoice: t.leader.item.Number})
	return done
}

// try answers whether the leader's step n speaks today. done passes it over: its
// condition does not hold, or it is formal and nothing was said before.
func (w *desk) try(t *turn, n int) verdict {
	step, l := &w.s.Steps[n], t.leader
	if step.Formal() && !l.reminded {
		w.note(l, Reason{Code: FormalFirst, Step: step.ID})
		return done
	}
	day := w.earliest(l, n)
	if day > w.day {
		l.next = Next{Step: step.ID, On: day}
		w.wakeOn(day)
		w.say(Reason{Code: NotYet, Step: step.ID, On: day, Invoice: l.item.Number})
		return waits
	}
	w.fill(t, n)
	switch yes, err := w.answers(t); {
	case err != nil:
		w.say(Reason{Code: ConditionFailed, Step: step.ID, Note: err.Error()})
		return waits
	case !yes:
		w.passed(t)
		return done
	}
	if !w.mayLeave(t) {
		return waits
	}
	return speak
}

// passed notes that the step's condition does not hold.
func (w *desk) passed(t *turn) {
	step := &w.s.Steps[t.step]
	if step.When.timed {
		w.wakeOn(w.day.Add(1))
	}
	w.note(t.leader, Reason{Code: PassedOver, Step: step.ID, Note: step.When.source})
}

// earliest is the first day on which step n may speak of the line: its planned
// day, and no sooner after a step that left late than the gap between the two.
func (w *desk) earliest(l *line, n int) cal.Date {
	step := &w.s.Steps[n]
	day := step.planned(l.due, w.cal)
	h := &l.history
	if h.left < 0 || h.left >= n {
		return day
	}
	last := &w.s.Steps[h.left]
	if h.leftOn <= last.planned(l.due, w.cal) {
		return day
	}
	spaced := h.leftOn.Add(step.At - last.At)
	if !step.AnyDay {
		spaced = w.cal.NextOpen(spaced)
	}
	return max(day, spaced)
}

// fill gives the turn what step n of its leader claims.
func (w *desk) fill(t *turn, n int) {
	t.step, t.claims = n, nil
	step := &w.s.Steps[n]
	if w.s.Grouping == ByInvoice {
		t.claims = []*line{t.leader}
	} else {
		t.claims = make([]*line, 0, len(w.order))
		for _, l := range w.order {
			if l == t.leader || l.joins(t.leader, step) {
				t.claims = append(t.claims, l)
			}
		}
	}
	t.taken = w.taken(t.claims, false)
	t.amount = sum(t.claims).Sub(t.taken)
}

// joins tells whether the line is claimed beside leader by an after-due step.
func (l *line) joins(leader *line, step *Step) bool {
	late := l.age > 0 || l.age == 0 && step.At == 0
	return late && l.eligible() && !l.waits && l.item.Open.Currency == leader.item.Open.Currency &&
		(l.reminded || !step.Formal())
}

func sum(lines []*line) money.Amount {
	var total money.Amount
	for _, l := range lines {
		total = total.Add(l.amount)
	}
	return total
}

// answers answers the condition of the turn's step.
func (w *desk) answers(t *turn) (bool, error) {
	step := &w.s.Steps[t.step]
	if step.When == nil {
		return true, nil
	}
	l := t.leader
	return step.When.holds(&facts{
		Due: units(t.amount), Balance: units(w.purse(l.item.Open.Currency).balance()), Age: l.age, Day: date{w.day},
		Invoice: invoiceFactsOf(l.item, l.age), Customer: customerFactsOf(&w.a.Customer), Step: stepFactsOf(step),
	})
}

// mayLeave tells whether a turn that is due may leave today: an open day, far
// enough from the last contact, and an amount worth speaking of.
func (w *desk) mayLeave(t *turn) bool {
	step := &w.s.Steps[t.step]
	if !w.enough(t) {
		return false
	}
	if until := w.free(t); until > w.day {
		w.later(t, until)
		w.say(Reason{Code: TooSoon, On: w.last, Until: until, Days: w.s.MinGap})
		return false
	}
	if !step.AnyDay && !w.cal.IsOpen(w.day) {
		open := w.cal.NextOpen(w.day)
		w.later(t, open)
		w.say(Reason{Code: ClosedDay, On: w.day, Until: open})
		return false
	}
	return true
}

func (w *desk) later(t *turn, day cal.Date) {
	w.wakeOn(day)
	t.leader.next = Next{Step: w.s.Steps[t.step].ID, On: day}
}

// enough tells whether the turn claims anything, and as much as the minimum.
func (w *desk) enough(t *turn) bool {
	if t.amount.Sign() <= 0 {
		w.say(Reason{Code: Covered, Amount: t.taken, Limit: sum(t.claims)})
		return false
	}
	least := w.s.minimum(t.amount.Currency)
	whole := t.amount
	if w.s.Grouping == ByInvoice { // the customer is left alone, not the invoice
		p := w.purse(t.amount.Currency)
		whole = money.Max(whole, p.late.Sub(w.netted(p)))
	}
	if whole.Less(least) {
		w.say(Reason{Code: BelowMinimum, Amount: whole, Limit: least})
		return false
	}
	return true
}

// free is the first day on which the customer may be contacted again: min_gap
// days after the last contact of any kind, and one step a day at the most.
// Reminders of several invoices on one day are one contact where a scenario
// sends them apart.
func (w *desk) free(t *turn) cal.Date {
	day := w.day
	if h := &t.leader.history; h.left >= 0 {
		day = max(day, h.leftOn.Add(1))
	}
	last := w.last
	if w.s.Grouping == ByInvoice && last >= w.day {
		last = w.previous
	}
	if !last.IsZero() {
		day = max(day, last.Add(w.s.MinGap))
	}
	if !w.lastStep.IsZero() && w.s.Grouping == ByCustomer {
		day = max(day, w.lastStep.Add(1))
	}
	return day
}

// coming are the lines not yet due that the first of the day's after-due turns
// mentions apart. What is due today may be claimed by a step J.
func (w *desk) coming(turns []turn) []*line {
	claimed := func(l *line) bool {
		return slices.ContainsFunc(turns, func(t turn) bool { return slices.Contains(t.claims, l) })
	}
	var all []*line
	for _, l := range w.order {
		other := l.item.Open.Currency != turns[0].leader.item.Open.Currency
		if l.age <= 0 && l.eligible() && !other && (l.age < 0 || !claimed(l)) {
			all = append(all, l)
		}
	}
	return all
}

// maxNamed bounds the invoices whose own reasons are given where all are left aside.
const maxNamed = 5

// idle says why nothing speaks when nothing in particular is in the way: where
// every invoice is left aside, why each of the oldest is.
func (w *desk) idle() {
	var aside []*line
	for _, l := range w.order {
		if !l.eligible() {
			aside = append(aside, l)
		}
	}
	if eligible := len(w.order) - len(aside); eligible > 0 {
		w.say(Reason{Code: NothingLate, Count: eligible})
		return
	}
	if len(aside) > 1 {
		w.say(Reason{Code: AllAside, Count: len(aside)})
	}
	for _, l := range aside[:min(len(aside), maxNamed)] {
		w.say(l.aside)
	}
}
