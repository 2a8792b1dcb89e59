package demo

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// Deed is what a customer does on one day.
type Deed struct {
	Pays     []Paying
	Promises []Word
	Arrived  []string // announced payments that came in, by identifier
	Answers  bool     // it pays because it was reminded
}

// Paying is money for one invoice.
type Paying struct {
	Invoice string // its identifier
	Number  string
	Amount  money.Amount
}

// Word is a promise to pay all that is open on invoices.
type Word struct {
	Invoices []string // identifiers
	For      cal.Date
}

// Act is what a customer who pays as b does on a day after that of the world,
// given its account on that day's morning. It depends on nothing else but the
// seed: the same account on the same day, the same deed.
func (w *World) Act(b Behaviour, a *dunning.Account, day cal.Date) Deed {
	if b == "" || b == Stopped || b == Insolvent || a.Customer.Insolvent || !w.calendar.IsOpen(day) {
		return Deed{}
	}
	p := &acting{World: w, Account: a, behaviour: b, day: day, settled: map[string]bool{}}
	p.contested()
	p.instalments()
	p.announced()
	p.keepsWord()
	p.payInTime()
	p.answer()
	return p.deed
}

// acting is a customer on one day.
type acting struct {
	*World
	*dunning.Account
	behaviour Behaviour
	day       cal.Date
	settled   map[string]bool // items of which nothing more is to be decided today
	deed      Deed
}

func (p *acting) settle(items ...string) {
	for _, id := range items {
		p.settled[id] = true
	}
}

// contested are invoices that the customer does not mean to pay for now, and
// those that it believes to have paid: its money waits to be allocated.
func (p *acting) contested() {
	for _, d := range p.Disputes {
		p.settle(d.Item)
	}
	for _, i := range p.Items {
		if i.Open.Sign() > 0 && !p.credit(i.Open.Currency).Less(i.Open) {
			p.settle(i.ID)
		}
	}
}

func (p *acting) credit(c money.Currency) money.Amount {
	sum := money.Zero(c)
	for _, k := range p.Credits {
		if k.Open.Currency == c {
			sum = sum.Add(k.Open)
		}
	}
	return sum
}

// instalments pays what a plan asks for on the day; one who has missed an
// instalment has given the plan up.
func (p *acting) instalments() {
	for _, plan := range p.Plans {
		if plan.Ended {
			continue
		}
		p.settle(plan.Items...)
		var before money.Amount
		for _, i := range plan.Instalments {
			if p.calendar.NextOpen(i.Due) == p.day && !plan.Paid.Less(before) {
				p.payUpTo(plan.Items, i.Amount)
			}
			before = before.Add(i.Amount)
		}
	}
}

// announced is money that arrives on the last day on which it may.
func (p *acting) announced() {
	for _, f := range p.InFlight {
		if f.Until < p.day {
			continue
		}
		p.settle(f.Invoices...)
		if p.calendar.PrevOpen(f.Until) == p.day {
			p.payUpTo(f.Invoices, f.Amount)
			p.deed.Arrived = append(p.deed.Arrived, f.ID)
		}
	}
}

// keepsWord pays what was promised for the day, or lets the day pass.
func (p *acting) keepsWord() {
	for _, w := range p.Promises {
		if w.Ended || w.For < p.day {
			continue
		}
		p.settle(w.Items...)
		if p.calendar.PrevOpen(w.For) != p.day || !p.keeps(w.Made) {
			continue
		}
		if w.Amount.IsZero() {
			p.pay(w.Items)
		} else if rest := w.Amount.Sub(w.Paid); rest.Sign() > 0 {
			p.payUpTo(w.Items, rest)
		}
	}
}

// keeps tells whether the customer keeps the promise that it made on a day.
func (p *acting) keeps(made cal.Date) bool {
	kept := 70
	if p.behaviour == Slow {
		kept = 45
	}
	return chance.For(p.Options.Seed, forWord, p.Customer.Code, made.String()).Percent(kept)
}

// PaysOn is the day on which a customer who pays as b pays an invoice about which
// nobody asks, and how much of it in hundredths where it pays in two parts.
func (w *World) PaysOn(b Behaviour, code, number string, issued, due cal.Date) (on cal.Date, share int) {
	d := chance.For(w.Options.Seed, forDelay, code, number)
	on = w.calendar.NextOpen(max(due.Add(b.delay(d, due)), issued))
	return on, d.Between(40, 60)
}

// payInTime pays what the customer pays on its own, as late as is its habit.
// What should have been paid before the day of the world waits for a reminder.
func (p *acting) payInTime() {
	for _, i := range p.Items {
		if i.Due.IsZero() || p.settled[i.ID] {
			continue
		}
		on, share := p.PaysOn(p.behaviour, p.Customer.Code, i.Number, i.Issued, i.Due)
		switch {
		case p.behaviour == Partial && on == p.day && i.Open == i.Amount:
			p.payUpTo([]string{i.ID}, part(i.Open, share))
		case on == p.day, p.behaviour == Partial && p.calendar.NextOpen(on.Add(secondPart)) == p.day:
			p.pay([]string{i.ID})
		}
	}
}

// pay pays all that is open on items.
func (p *acting) pay(items []string) {
	for _, i := range p.Items {
		if slices.Contains(items, i.ID) {
			p.payUpTo([]string{i.ID}, i.Open)
		}
	}
}

// payUpTo pays an amount on items, the first of them first, and nothing twice.
func (p *acting) payUpTo(items []string, amount money.Amount) {
	for _, i := range p.Items {
		if !slices.Contains(items, i.ID) || i.Open.Currency != amount.Currency || p.pays(i.ID) {
			continue
		}
		if take := money.Min(i.Open, amount); take.Sign() > 0 {
			p.deed.Pays = append(p.deed.Pays, Paying{i.ID, i.Number, take})
			amount = amount.Sub(take)
		}
	}
	p.settle(items...)
}

func (p *acting) pays(item string) bool {
	return slices.ContainsFunc(p.deed.Pays, func(x Paying) bool { return x.Invoice == item })
}
