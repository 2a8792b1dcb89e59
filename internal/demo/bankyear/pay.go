package bankyear

import (
	"acquit/internal/bank"
	"acquit/internal/demo"
	"acquit/internal/money"
)

// paying is what becomes of one remittance: the sum that leaves, and what it
// settles.
type paying struct {
	*remittance
	amount money.Amount
	paid   Paid
	lines  []Line
	over   []Over
}

// pay has a remittance leave, with what goes right and wrong on the way.
func (a *account) pay(r *remittance) {
	p := &paying{remittance: r, amount: r.total(), paid: Whole}
	if len(r.debts) > 1 {
		p.paid = Together
	}
	if r.debts[0].begun || r.debts[0].open.Less(r.debts[0].Total) {
		p.paid = Rest
	}
	for _, d := range r.debts {
		p.lines = append(p.lines, Line{Customer: a.Code, Number: d.Number, Amount: d.open})
		d.on = 0
	}
	a.takeOff(p)
	a.incident(p)
	a.settle(p)
	a.send(p)
}

// takeOff deducts the customer's credit notes, and now and then its money of
// before; one in three forgets.
func (a *account) takeOff(p *paying) {
	for _, c := range a.credits {
		if c.open.IsZero() || c.open.Currency != p.amount.Currency || !c.open.Less(p.amount) {
			continue
		}
		if p.paid == Rest || a.Percent(33) || c.payment && a.Percent(50) {
			if !c.payment && p.paid != Rest {
				p.paid = Forgotten
			}
			continue
		}
		p.amount = p.amount.Sub(c.open)
		p.lines = append(p.lines, Line{Customer: a.Code, Number: c.Number, Credit: true, Amount: c.open})
		p.credits = append(p.credits, c)
		p.paid = NetOfCredit
		if c.payment {
			p.paid = NetOfEarlier
		}
	}
}

// incident is what is not as it should be, if anything: never two things at
// once, which nobody could tell apart.
func (a *account) incident(p *paying) {
	if len(p.credits) > 0 {
		return
	}
	single := len(p.debts) == 1
	switch {
	case single && p.debts[0].share > 0 && a.Behaviour == demo.Partial && p.paid == Whole:
		a.inParts(p, TwoParts, p.debts[0].share)
	case p.paid != Rest && a.discounts(p):
	case a.Country != "FR" && a.Country != "BE" && a.Percent(55):
		a.lessFees(p)
	case a.Country == "BE" && a.Percent(5):
		a.lessFees(p)
	case a.means == bank.Transfer || a.means == bank.Cheque:
		a.slip(p, single)
	}
}

// slip draws what people get wrong, in thousandths of the payments.
func (a *account) slip(p *paying, single bool) {
	n := a.IntN(1000)
	switch {
	case !single && n < 5, single && n < 7:
		a.rounded(p)
	case !single:
	case n < 25:
		a.inParts(p, Part, a.Between(25, 75))
	case n < 30:
		a.wrong(p)
	case n < 33:
		a.netOfVAT(p)
	}
}

// inParts pays some of an invoice; the rest comes later, or for one in three
// with no agreed parts never.
func (a *account) inParts(p *paying, paid Paid, percent int) {
	d := p.debts[0]
	some := percentOf(d.open, percent)
	if paid == Part && d.open.Minor > 10_000 && a.Percent(60) {
		some.Minor -= some.Minor % 1000 // people pay a round sum
	}
	if some.Sign() <= 0 {
		return
	}
	p.amount, p.paid = some, paid
	p.lines[0].Amount = some
	if paid == TwoParts || a.Percent(67) {
		d.on = a.align(a.world.Calendar(), p.on.Add(a.Between(15, 40)))
	}
	d.begun = true
}

// discounts has the early-payment discount taken off, in time or not.
func (a *account) discounts(p *paying) bool {
	if a.Discount.Rate == 0 {
		return false
	}
	inTime := true
	for _, d := range p.debts {
		inTime = inTime && p.on <= d.Issued.Add(a.Discount.Days) && d.open == d.Total
	}
	if !inTime && !a.Percent(8) || p.paid == Forgotten {
		return false
	}
	p.paid = Early
	if !inTime {
		p.paid = TooLate
	}
	for k, d := range p.debts {
		off := money.BasisPoints(int64(a.Discount.Rate)).Of(d.open)
		p.amount = p.amount.Sub(off)
		l := &p.lines[k]
		l.Amount, l.Short, l.Why, l.Until = d.open.Sub(off), off, Discounted, d.Issued.Add(a.Discount.Days)
	}
	return true
}

// lessFees takes the banks' fees off what a customer abroad sent.
func (a *account) lessFees(p *paying) {
	fees := money.New(int64(a.Between(8, 25)*100), p.amount.Currency)
	if a.Percent(40) {
		fees.Minor += 50
	}
	if p.amount.Minor < 4*fees.Minor || p.paid == Rest {
		return
	}
	p.paid = LessFees
	p.less(fees, Charged)
}

// less takes an amount off the last of the lines.
func (p *paying) less(short money.Amount, why Why) {
	l := &p.lines[len(p.lines)-1]
	if !short.Less(l.Amount) {
		return
	}
	p.amount = p.amount.Sub(short)
	l.Amount, l.Short, l.Why = l.Amount.Sub(short), short, why
}

// rounded pays whole euros: fewer, or more.
func (a *account) rounded(p *paying) {
	cents := p.amount.Minor % 100
	if cents == 0 || p.paid == Rest {
		return
	}
	p.paid = Rounded
	if cents < 50 {
		p.less(money.New(cents, p.amount.Currency), Differs)
		return
	}
	a.more(p, money.New(100-cents, p.amount.Currency))
}

func (a *account) more(p *paying, by money.Amount) {
	p.amount = p.amount.Add(by)
	p.over = append(p.over, Over{a.Code, by})
}

// wrong is an amount mistyped by hand: two digits in each other's place, or one
// wrong.
func (a *account) wrong(p *paying) {
	minor := p.amount.Minor
	scale := int64(1)
	for range a.Between(0, 3) {
		scale *= 10
	}
	digit := minor / scale % 10
	other := int64(a.IntN(10))
	got := minor + (other-digit)*scale
	if got == minor || got <= 0 || minor/scale == 0 {
		return
	}
	p.paid = WrongAmount
	if got > minor {
		a.more(p, money.New(got-minor, p.amount.Currency))
		return
	}
	short := money.New(minor-got, p.amount.Currency)
	p.less(short, Differs)
	a.later(p)
}

// netOfVAT pays the net amount; the tax comes once somebody has called.
func (a *account) netOfVAT(p *paying) {
	d := p.debts[0]
	if d.Tax.IsZero() || d.open != d.Total {
		return
	}
	p.amount, p.paid, p.lines[0].Amount = d.Net, NetOfVAT, d.Net
	d.begun = true
	a.later(p)
}

func (a *account) later(p *paying) {
	if a.Percent(70) {
		p.debts[0].on, p.debts[0].begun = a.align(a.world.Calendar(), p.on.Add(a.Between(12, 40))), true
	}
}

// settle takes from what is open what the lines say. What is left of a slip of
// a few cents is not asked for: nothing more is paid of it.
func (a *account) settle(p *paying) {
	for k, d := range p.debts {
		d.open = d.open.Sub(p.lines[k].Amount)
		if p.lines[k].Why == Discounted || p.lines[k].Why == Charged {
			d.open = d.open.Sub(p.lines[k].Short)
		}
		if d.open.Minor < small {
			d.on = 0
		}
	}
	for _, c := range p.credits {
		c.open = money.Zero(c.open.Currency)
	}
}

func percentOf(a money.Amount, percent int) money.Amount {
	return money.New(a.Minor*int64(percent)/100, a.Currency)
}

// small is what nobody writes about, in minor units: 5,00.
const small = 500
