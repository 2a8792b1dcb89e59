// Package rehearsal runs scenario tests: a small ledger in memory, what happens
// to it, and all that must go out, in order. It decides day by day with the very
// function of the daily run.
package rehearsal

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// Test is a scenario test, read by Parse.
type Test struct {
	file      string
	scenario  *dunning.Scenario
	calendar  *cal.Calendar
	customers []dunning.Customer
	invoices  []invoice
	events    []event
	approved  func(step string) bool
	credits   dunning.CreditUse
	from      cal.Date
	until     cal.Date
	expect    []expected
}

type invoice struct {
	dunning.Item
	customer string
}

// event is something that happens, before the run of its day.
type event struct {
	on    cal.Date
	apply func(*book)
}

// expected is one reminder that must go out. What the file leaves out is not
// compared.
type expected struct {
	Sent
	anyInvoices, anyAmount, anyCurrency, anyChannel bool
}

// Sent is one reminder that went out: a message, or a task where the step's
// channel is a person's.
type Sent struct {
	On       cal.Date `json:"on"`
	Step     string   `json:"step"`
	Customer string   `json:"customer"`
	Invoices []string `json:"invoices"`
	Amount   string   `json:"amount"`
	Currency string   `json:"currency"`
	Channels []string `json:"channels"`
	FollowUp bool     `json:"follow_up"`
}

// Result is what a test came to.
type Result struct {
	File   string `json:"file"`
	Passed bool   `json:"passed"`
	Sent   []Sent `json:"sent"`
	Tasks  []Sent `json:"tasks"` // handed to a person; among Sent where the test names one
	Diff   string `json:"diff"`  // empty when it passed
}

// Check reads a test and runs it. A file that cannot be read is a test that did
// not pass: its faults are the error, and the diff.
func Check(file string, src []byte, open Open) (Result, error) {
	t, err := Parse(file, src, open)
	if err != nil {
		return Result{File: file, Sent: []Sent{}, Tasks: []Sent{}, Diff: err.Error()}, err
	}
	return t.Run(), nil
}

// Run plays the test from its first day to its last.
func (t *Test) Run() Result {
	b := t.book()
	events := slices.Clone(t.events)
	slices.SortStableFunc(events, func(x, y event) int { return cmp.Compare(x.on, y.on) })
	for day := t.from; day <= t.until; day++ {
		b.day = day
		b.issue()
		for len(events) > 0 && events[0].on <= day {
			b.day = events[0].on // before the first day too
			events[0].apply(b)
			events = events[1:]
		}
		b.day = day
		if day > b.down {
			b.run()
		} else {
			b.off = append(b.off, day)
		}
	}
	b.setTasksApart()
	r := Result{File: t.file, Sent: append([]Sent{}, b.sent...), Tasks: append([]Sent{}, b.tasks...)}
	r.Diff = t.diff(b)
	r.Passed = r.Diff == ""
	return r
}

// book is the ledger and what has been said, on a day.
type book struct {
	t        *Test
	day      cal.Date
	down     cal.Date   // the program does not run until after this day
	off      []cal.Date // the days on which it did not run
	accounts []*account
	unissued []invoice
	sent     []Sent
	tasks    []Sent
	silence  map[silence][]dunning.Reason
}

// silence is a customer on a day: why nothing went out then.
type silence struct {
	on       cal.Date
	customer string
}

type account struct {
	dunning.Account
	setAside []setAside
	approved []string // steps that a person approves while they wait
}

// setAside is a step that a person dismisses as soon as it is proposed for one of
// its items.
type setAside struct {
	step  string
	items []string
}

func (t *Test) book() *book {
	b := &book{t: t, unissued: slices.Clone(t.invoices), silence: map[silence][]dunning.Reason{}}
	for _, c := range t.customers {
		a := &account{}
		a.Customer, a.CreditUse = c, t.credits
		b.accounts = append(b.accounts, a)
	}
	return b
}

// issue brings in the invoices of the day.
func (b *book) issue() {
	b.unissued = slices.DeleteFunc(b.unissued, func(i invoice) bool {
		if i.Issued > b.day {
			return false
		}
		a := b.account(i.customer)
		a.Items = append(a.Items, i.Item)
		return true
	})
}

func (b *book) account(code string) *account {
	for _, a := range b.accounts {
		if a.Customer.Code == code {
			return a
		}
	}
	return nil
}

// run is the daily run: every customer is decided, and what is approved goes out.
func (b *book) run() {
	for _, a := range b.accounts {
		b.supersede(a)
		b.release(a)
		for b.decide(a) {
		}
		a.approved = nil
	}
}

// scenario is the test's, if it applies to the account.
func (b *book) scenario(a *account) *dunning.Scenario {
	s, _ := dunning.Choose(a.Account, []*dunning.Scenario{b.t.scenario}, b.day)
	return s
}

// supersede drops the reminders that wait and no longer hold.
func (b *book) supersede(a *account) {
	for _, o := range dunning.Overtaken(a.Account, b.scenario(a), b.t.calendar, b.day) {
		a.Pending = slices.DeleteFunc(a.Pending, func(p dunning.Pending) bool { return p.ID == o.Pending.ID })
	}
}

// release takes back the reminders that wait and that a person approves today:
// the decision then proposes them again, and they leave.
func (b *book) release(a *account) {
	a.Pending = slices.DeleteFunc(a.Pending, func(p dunning.Pending) bool {
		return slices.Contains(a.approved, p.Step)
	})
}

// decide takes one decision on the account and tells whether it must be taken
// again, because a step that was proposed had been dismissed.
func (b *book) decide(a *account) (again bool) {
	s := b.scenario(a)
	d := dunning.Decide(a.Account, s, b.t.calendar, b.day)
	quiet := silence{b.day, a.Customer.Code}
	if len(d.Reminders) == 0 {
		b.silence[quiet] = slices.Concat(d.Reasons, setAsides(d.Items))
	}
	for i := range d.Reminders {
		p := &d.Reminders[i]
		switch {
		case a.dismisses(p):
			a.Account = dunning.Dismissed(a.Account, p, b.t.scenario.Name, b.day)
			return true
		case b.t.approved(p.Step.ID) || slices.Contains(a.approved, p.Step.ID):
			b.send(a, p)
		default:
			a.Pending = append(a.Pending, pending(p, b.day))
			waits := dunning.Reason{Code: dunning.Awaiting, Step: p.Step.ID, On: b.day}
			b.silence[quiet] = append(b.silence[quiet], waits)
		}
	}
	return false
}

// setAsides are why invoices are not claimed at all, each with its own reason.
func setAsides(items []dunning.ItemView) []dunning.Reason {
	var all []dunning.Reason
	for i := range items {
		if items[i].Eligible.Sign() == 0 {
			all = append(all, items[i].Reasons[0])
		}
	}
	return all
}

// dismisses tells whether a person has dismissed the proposal beforehand, and
// forgets it: once is once.
func (a *account) dismisses(p *dunning.Proposal) bool {
	i := slices.IndexFunc(a.setAside, func(s setAside) bool { return s.step == p.Step.ID && claimsAny(p, s.items) })
	if i < 0 {
		return false
	}
	a.setAside = slices.Delete(a.setAside, i, i+1)
	return true
}

func claimsAny(p *dunning.Proposal, items []string) bool {
	return slices.ContainsFunc(p.Claims, func(c dunning.Claim) bool { return slices.Contains(items, c.Item) })
}

func pending(p *dunning.Proposal, day cal.Date) dunning.Pending {
	w := dunning.Pending{
		ID: p.Step.ID + "/" + p.Leader + "/" + day.String(), Step: p.Step.ID, On: day,
		Amount: p.Amount, FollowUp: p.FollowUp,
	}
	for _, c := range p.Claims {
		w.Items = append(w.Items, c.Item)
	}
	return w
}

// setTasksApart keeps calls and other work of people out of what went out, for
// nothing leaves by them: unless the test names one, and then all are compared.
func (b *book) setTasksApart() {
	if b.t.namesTask(b.sent) {
		return
	}
	b.sent = slices.DeleteFunc(b.sent, func(s Sent) bool {
		if s.task() {
			b.tasks = append(b.tasks, s)
		}
		return s.task()
	})
}

// task tells whether all of it is work for a person.
func (s *Sent) task() bool { return handed(s.Channels) }

func handed[S ~string](channels []S) bool {
	return len(channels) > 0 && !slices.ContainsFunc(channels, func(c S) bool { return !dunning.Channel(c).Handed() })
}

// namesTask tells whether the test expects a task: a step that is one, a channel
// that is a person's, or one of those that came.
func (t *Test) namesTask(sent []Sent) bool {
	return slices.ContainsFunc(t.expect, func(e expected) bool {
		step := t.scenario.Step(e.Step)
		return step != nil && handed(step.Channels) || handed(e.Channels) ||
			slices.ContainsFunc(sent, func(s Sent) bool { return s.task() && e.agrees(&s) })
	})
}

// send notes that a proposal went out.
func (b *book) send(a *account, p *dunning.Proposal) {
	s := Sent{
		On: b.day, Step: p.Step.ID, Customer: a.Customer.Code, Invoices: []string{},
		Amount: p.Amount.Decimal(), Currency: string(p.Amount.Currency), FollowUp: p.FollowUp,
	}
	for _, c := range p.Claims {
		s.Invoices = append(s.Invoices, c.Number)
	}
	for _, c := range p.Channels {
		s.Channels = append(s.Channels, string(c))
	}
	b.sent = append(b.sent, s)
	a.Account = dunning.Left(a.Account, p, b.t.scenario.Name, b.day)
}

// item is an open invoice of the book by its number, and its account; nil when it
// is not issued yet.
func (b *book) item(number string) (*dunning.Item, *account) {
	for _, a := range b.accounts {
		for i := range a.Items {
			if a.Items[i].Number == number {
				return &a.Items[i], a
			}
		}
	}
	return nil, nil
}

// reacted notes that the customer replied, came to the portal or paid.
func (a *account) reacted() {
	for i := range a.Contacts {
		a.Contacts[i].Reacted = true
	}
}

// received takes an amount off an invoice, and gives what the invoice did not
// need.
func (a *account) received(item *dunning.Item, amount money.Amount) (rest money.Amount) {
	taken := money.Min(amount, item.Open)
	item.Open = item.Open.Sub(taken)
	a.count(item.ID, taken)
	return amount.Sub(taken)
}

// count adds what came in on an invoice, or went back, to the promises and plans
// that it is part of: what was paid before them is none of theirs.
func (a *account) count(item string, amount money.Amount) {
	add := func(paid *money.Amount) { *paid = money.Max(paid.Add(amount), money.Zero(amount.Currency)) }
	for i := range a.Promises {
		if p := &a.Promises[i]; slices.Contains(p.Items, item) {
			add(&p.Paid)
		}
	}
	for i := range a.Plans {
		if p := &a.Plans[i]; slices.Contains(p.Items, item) {
			add(&p.Paid)
		}
	}
}

// credit adds money that no invoice has taken.
func (a *account) credit(id string, amount money.Amount, on cal.Date) {
	if amount.Sign() > 0 {
		a.Credits = append(a.Credits, dunning.Credit{ID: id, Number: id, On: on, Open: amount})
	}
}
