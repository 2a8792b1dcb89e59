package dunning

import (
	"cmp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// desk is one account being decided under one scenario: what history says is
// worked out once by newDesk, what a day says by on. The same desk then answers
// for later days, which is how the next step is found.
type desk struct {
	a     *Account
	s     *Scenario
	cal   *cal.Calendar
	day   cal.Date
	lines []line
	byID  map[string]*line // nil while they are few
	order []*line          // by leadership: oldest, then largest, then by number
	money []purse          // one per currency
	first int              // the first step that is not before the due date

	last, lastStep cal.Date // of the last contact, whatever it was, and of the last step
	previous       cal.Date // of the last contact on a day before that

	awaits *Pending // the reminder that waits and keeps the others back

	talk bool     // whether reasons are wanted
	why  []Reason // of the account, on this day
	wake cal.Date // the first later day on which anything may change by itself
}

// line is an open invoice on the desk.
type line struct {
	item     *Item
	past     history // of the invoice
	history  history // what counts today: the past, or the instalment's own
	reminded bool    // some reminder that left claimed it

	due      cal.Date // the invoice's, or its plan's instalment's
	age      int
	amount   money.Amount // what may be claimed today
	disputed money.Amount
	covered  money.Amount // by payments on their way
	aside    Reason       // why it is not eligible; no Code when it is
	notes    []Reason     // what else there is to say: a dispute in part, …
	share    money.Amount // of what is netted, where invoices are chased apart
	plan     *Plan
	turn     int  // the turn that claims it, from 1; 0: none
	comes    bool // a turn mentions it as not yet due
	waits    bool // in a reminder that waits already
	next     Next // its own next step, where that is known
}

// history is how far a scenario has gone with an invoice.
type history struct {
	done, left     int // index of the last step done, and of the last that left; −1: none
	doneOn, leftOn cal.Date
}

// purse is what an account has in one currency.
type purse struct {
	currency money.Currency
	open     money.Amount // of all items
	credits  money.Amount // not yet allocated
	flying   money.Amount // on its way for the customer at large
	late     money.Amount // what may be claimed of late items
}

func newDesk(a *Account, s *Scenario, c *cal.Calendar) *desk {
	w := &desk{a: a, s: s, cal: c}
	w.lines = make([]line, 0, len(a.Items))
	w.order = make([]*line, 0, len(a.Items))
	for i := range a.Items {
		if a.Items[i].Open.Sign() > 0 {
			w.lines = append(w.lines, line{item: &a.Items[i]})
			w.order = append(w.order, &w.lines[len(w.lines)-1])
		}
	}
	if s != nil {
		w.first = len(s.Steps)
		if i := slices.IndexFunc(s.Steps, func(s Step) bool { return !s.before() }); i >= 0 {
			w.first = i
		}
	}
	if len(w.lines) > fewLines {
		w.byID = make(map[string]*line, len(w.lines))
	}
	for i := range w.lines {
		l := &w.lines[i]
		if w.byID != nil {
			w.byID[l.item.ID] = l
		}
		l.past = w.positionOf(l.item, 0)
		l.reminded = l.item.Position.Step != "" && !l.item.Position.Dismissed
	}
	w.contacts()
	return w
}

// fewLines is how many lines are looked through faster than a map answers.
const fewLines = 12

// contacts reads what left: when, and how far it brought which invoices.
func (w *desk) contacts() {
	for i := range w.a.Contacts {
		c := &w.a.Contacts[i]
		spoke := c.Spoke()
		if !c.Dismissed {
			w.contacted(c, spoke)
		}
		step := -1
		if w.s != nil && !c.FollowUp {
			step = w.s.index(c.Step)
		}
		for _, id := range c.Items {
			l := w.line(id)
			if l == nil {
				continue
			}
			l.reminded = l.reminded || spoke
			if step >= 0 {
				l.past.take(step, c.On, !c.Dismissed)
			}
		}
	}
}

// contacted notes the days on which the customer heard of us. Work that was
// handed to a person is the step of its day, and no contact yet.
func (w *desk) contacted(c *Contact, spoke bool) {
	switch {
	case !spoke:
	case c.On > w.last:
		w.previous, w.last = w.last, c.On
	case c.On < w.last:
		w.previous = max(w.previous, c.On)
	}
	if c.Step != "" {
		w.lastStep = max(w.lastStep, c.On)
	}
}

// line is the one of that item, or nil when nothing is left open of it.
func (w *desk) line(id string) *line {
	if w.byID != nil {
		return w.byID[id]
	}
	for i := range w.lines {
		if w.lines[i].item.ID == id {
			return &w.lines[i]
		}
	}
	return nil
}

// historyOf is how far an item has come since a day, by its position and by the
// contacts that claimed it. The furthest step counts, whoever led: an invoice
// never goes back.
func (w *desk) historyOf(item *Item, since cal.Date) history {
	h := w.positionOf(item, since)
	for i := range w.a.Contacts {
		c := &w.a.Contacts[i]
		if c.On < since || c.FollowUp || !slices.Contains(c.Items, item.ID) {
			continue
		}
		if i := w.s.index(c.Step); i >= 0 {
			h.take(i, c.On, !c.Dismissed)
		}
	}
	return h
}

// positionOf is how far an item's position says that it has come since a day.
func (w *desk) positionOf(item *Item, since cal.Date) history {
	h := history{done: -1, left: -1}
	p := &item.Position
	if w.s == nil || p.Step == "" || p.On < since {
		return h
	}
	i := w.s.index(p.Step)
	if i < 0 {
		i = w.s.reached(p.On.Sub(item.Due))
	}
	h.take(i, p.On, !p.Dismissed)
	return h
}

// take notes that a step was done, and whether it left: the last time, when
// another invoice led through the same step again.
func (h *history) take(step int, on cal.Date, left bool) {
	if step > h.done || step == h.done && on > h.doneOn {
		h.done, h.doneOn = step, on
	}
	if left && (step > h.left || step == h.left && on > h.leftOn) {
		h.left, h.leftOn = step, on
	}
}

// reached is the last step that an invoice of that age has come to: where a
// scenario is taken up after a step that it no longer has.
func (s *Scenario) reached(age int) int {
	last := -1
	for i := range s.Steps {
		if s.Steps[i].At <= age {
			last = i
		}
	}
	return last
}

// on works out what a day changes: ages, agreements, what may be claimed.
func (w *desk) on(day cal.Date) {
	w.day, w.wake, w.why, w.awaits = day, 0, nil, nil
	for i := range w.lines {
		l := &w.lines[i]
		*l = line{
			item: l.item, past: l.past, history: l.past, reminded: l.reminded, due: l.item.Due, amount: l.item.Open,
		}
		switch {
		case w.a.Customer.Insolvent && l.item.Supply == SuppliedBefore:
			l.set(Reason{Code: Frozen})
		case w.a.Customer.Insolvent && l.item.Supply == SupplyUndated:
			l.set(Reason{Code: Undated})
		case !l.item.Barred.IsZero() && w.day >= l.item.Barred && w.a.Customer.Kind == Consumer:
			l.set(Reason{Code: Barred, On: l.item.Barred})
		case l.item.Stopped != "":
			l.set(Reason{Code: StatusStops, On: l.item.StopOn, Note: l.item.Stopped})
		case len(l.item.Mend) > 0:
			l.set(Reason{Code: ToMend, Note: strings.Join(l.item.Mend, ", ")})
		case l.due.IsZero():
			l.set(Reason{Code: NoDueDate})
		}
	}
	w.disputes()
	w.holds()
	w.promises()
	w.plans()
	w.flights()
	for i := range w.lines {
		w.settle(&w.lines[i])
	}
	slices.SortFunc(w.order, leads)
	w.purses()
	if w.s != nil && w.s.Grouping == ByInvoice {
		w.share()
	}
}

// settle finishes a line: its age, and whether a dossier has taken it away.
func (w *desk) settle(l *line) {
	if !l.due.IsZero() {
		l.age = w.day.Sub(l.due)
	}
	if h := l.past; w.s != nil && h.left >= 0 && slices.Contains(w.s.Steps[h.left].Channels, ToDossier) &&
		(l.item.Recalled.IsZero() || l.item.Recalled < h.leftOn) {
		l.set(Reason{Code: HandedOver, Step: w.s.Steps[h.left].ID, On: h.leftOn})
	}
	if !l.due.IsZero() {
		w.wakeOn(l.due)
		w.wakeOn(l.due.Add(1))
	}
}

// leads orders lines by leadership: the oldest, then the larger, then the number.
func leads(a, b *line) int {
	return cmp.Or(
		cmp.Compare(a.due, b.due),
		-cmp.Compare(a.amount.Minor, b.amount.Minor),
		cmp.Compare(a.item.Number, b.item.Number),
		cmp.Compare(a.item.ID, b.item.ID),
	)
}

// set puts the line aside, for the first reason found.
func (l *line) set(r Reason) {
	if l.aside.Code == "" {
		r.Invoice = l.item.Number
		l.aside = r
	}
}

// note adds a reason that leaves the line eligible.
func (w *desk) note(l *line, r Reason) {
	if w.talk {
		r.Invoice = l.item.Number
		l.notes = append(l.notes, r)
	}
}

// eligible tells whether anything of the line may be claimed.
func (l *line) eligible() bool { return l.aside.Code == "" && l.amount.Sign() > 0 }

// wakeOn notes a later day on which something changes by itself.
func (w *desk) wakeOn(d cal.Date) {
	if d > w.day && (w.wake.IsZero() || d < w.wake) {
		w.wake = d
	}
}

// say adds a reason of the account, once: several invoices may have the same.
func (w *desk) say(r Reason) {
	if w.talk && !slices.Contains(w.why, r) {
		w.why = append(w.why, r)
	}
}

func (w *desk) disputes() {
	for i := range w.a.Disputes {
		d := &w.a.Disputes[i]
		l := w.line(d.Item)
		if l == nil {
			continue
		}
		taken := l.amount
		if !d.Amount.IsZero() && sameMoney(d.Amount, taken) {
			taken = money.Min(d.Amount, taken)
		}
		l.amount, l.disputed = l.amount.Sub(taken), l.disputed.Add(taken)
		if l.amount.Sign() == 0 {
			l.set(Reason{Code: Disputed, Amount: l.disputed, Note: d.Reason})
			continue
		}
		w.note(l, Reason{Code: PartDisputed, Amount: taken, Note: d.Reason})
	}
}

func (w *desk) holds() {
	for i := range w.a.Holds {
		h := &w.a.Holds[i]
		w.wakeOn(h.From)
		if !h.covers(w.day) {
			continue
		}
		if !h.Until.IsZero() {
			w.wakeOn(h.Until.Add(1))
		}
		if l := w.line(h.Item); l != nil {
			l.set(Reason{Code: Held, Until: h.Until, Note: h.Reason})
		}
	}
}

// covers tells whether the hold keeps quiet on day: its last day counts in.
func (h *Hold) covers(day cal.Date) bool {
	return day >= h.From && (h.Until.IsZero() || day <= h.Until)
}

// flights takes off what is on its way for named invoices, oldest first.
func (w *desk) flights() {
	for i := range w.a.InFlight {
		f := &w.a.InFlight[i]
		if !f.flying(w.day) {
			continue
		}
		if !f.Until.IsZero() {
			w.wakeOn(f.Until.Add(1))
		}
		rest := f.Amount
		var named []*line
		for _, id := range f.Invoices {
			if l := w.line(id); l != nil && l.item.Open.Currency == rest.Currency {
				named = append(named, l)
			}
		}
		slices.SortFunc(named, leads)
		for _, l := range named {
			taken := money.Min(rest, l.amount)
			if taken.Sign() <= 0 {
				continue
			}
			l.amount, l.covered, rest = l.amount.Sub(taken), l.covered.Add(taken), rest.Sub(taken)
			if r := (Reason{Code: InFlightItem, Amount: taken, Until: f.Until}); l.amount.Sign() == 0 {
				l.set(r)
			} else {
				w.note(l, r)
			}
		}
	}
}

// flying tells whether the payment may still be on its way on day.
func (f *InFlight) flying(day cal.Date) bool { return f.Until.IsZero() || day <= f.Until }

// purses adds up each currency.
func (w *desk) purses() {
	w.money = w.money[:0]
	for _, l := range w.order {
		p := w.purse(l.item.Open.Currency)
		p.open = p.open.Add(l.item.Open)
		if l.eligible() && l.age > 0 {
			p.late = p.late.Add(l.amount)
		}
	}
	for i := range w.a.Credits {
		p := w.purse(w.a.Credits[i].Open.Currency)
		p.credits = p.credits.Add(w.a.Credits[i].Open)
	}
	for i := range w.a.InFlight {
		f := &w.a.InFlight[i]
		if len(f.Invoices) == 0 && f.flying(w.day) {
			p := w.purse(f.Amount.Currency)
			p.flying = p.flying.Add(f.Amount)
		}
	}
}

// purse is that of currency c, made when it is new.
func (w *desk) purse(c money.Currency) *purse {
	for i := range w.money {
		if w.money[i].currency == c {
			return &w.money[i]
		}
	}
	zero := money.Zero(c)
	w.money = append(w.money, purse{c, zero, zero, zero, zero})
	return &w.money[len(w.money)-1]
}

// balance is what the customer owes in the end: open items less credits.
func (p *purse) balance() money.Amount { return p.open.Sub(p.credits) }

// taken is what is netted from claims: credits unless they are ignored, and
// payments on their way for the customer at large. Late invoices take them first
// (C. civ. art. 1342-10): a reminder before the due date nets what they leave, and
// where invoices are chased apart each has its share, from the oldest.
func (w *desk) taken(claims []*line, beforeDue bool) money.Amount {
	p := w.purse(claims[0].item.Open.Currency)
	if w.s.Grouping == ByInvoice {
		taken := money.Zero(p.currency)
		for _, l := range claims {
			taken = taken.Add(l.share)
		}
		return taken
	}
	taken := w.netted(p)
	if beforeDue {
		taken = taken.Sub(money.Min(taken, p.late))
	}
	return taken
}

// netted is all that may be netted in a currency.
func (w *desk) netted(p *purse) money.Amount {
	if w.a.CreditUse == CreditIgnore {
		return p.flying
	}
	return p.flying.Add(p.credits)
}

// share gives each line its part of what is netted, from the oldest.
func (w *desk) share() {
	for i := range w.money {
		rest := w.netted(&w.money[i])
		for _, l := range w.order {
			if l.item.Open.Currency != rest.Currency || !l.eligible() {
				continue
			}
			l.share = money.Min(rest, l.amount)
			rest = rest.Sub(l.share)
		}
	}
}
