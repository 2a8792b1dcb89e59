package bankyear

import (
	"cmp"
	"slices"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// account is a customer's year at the bank.
type account struct {
	*payer
	world    *demo.World
	until    cal.Date
	debts    []*debt
	credits  []*credit
	pieces   []piece
	contests map[string]bool // what it may never pay
	seen     map[string]bool // accounts of others that have paid for it
}

// debt is an invoice, what is open of it, and when the customer means to pay.
type debt struct {
	demo.Invoice
	open  money.Amount
	on    cal.Date // the zero Date for never
	share int      // of the first part, in hundredths, for one who pays in two
	begun bool     // a part was paid in this year
}

// credit is what the customer may take off.
type credit struct {
	Number  string
	open    money.Amount
	payment bool // money of before, not a credit note
}

// remittance is what a customer pays at once.
type remittance struct {
	on      cal.Date
	debts   []*debt
	credits []*credit
	ranged  bool // its invoices are all that are open between the first and the last
	all     []*debt
}

// piece is money of one customer on its way to the bank.
type piece struct {
	on    cal.Date
	means bank.Means
	pool  string // what comes of one day and pool comes as one sum; empty for a sum of its own
	index int    // of the customer, and
	nth   int    // of its pieces, from 1: their order where nothing else tells
	entry bank.Entry
	truth Truth
	// takesBack is the piece of the same customer that this one sends back, by
	// its nth from 1; 0 for none.
	takesBack int
	goesBack  bool // another takes it back
}

func (y *Year) account(c *demo.Customer, index int) *account {
	a := &account{
		payer: newPayer(y.World.Options.Seed, index, c), world: y.World, until: y.last, contests: map[string]bool{},
		seen: map[string]bool{},
	}
	a.Draw = chance.New(y.World.Options.Seed, forYear, index)
	for _, d := range c.Disputes {
		a.contests[d.Invoice] = d.Whole
	}
	for _, n := range c.CreditNotes {
		if n.Open.Sign() > 0 {
			a.credits = append(a.credits, &credit{n.Number, n.Open, false})
		}
	}
	for _, p := range c.Payments {
		if p.Open.Sign() > 0 {
			a.credits = append(a.credits, &credit{p.Number, p.Open, true})
		}
	}
	for _, i := range c.Invoices {
		if i.Open.Sign() > 0 {
			a.debts = append(a.debts, a.debt(i))
		}
	}
	a.believesPaid()
	return a
}

// debt plans when an invoice is paid.
func (a *account) debt(i demo.Invoice) *debt {
	d := &debt{Invoice: i, open: i.Open}
	today := a.world.Options.On
	due := i.Due
	if due.IsZero() {
		due = i.Issued.Add(30)
	}
	d.on, d.share = a.world.PaysOn(a.Behaviour, a.Code, i.Number, i.Issued, due)
	if i.Open.Less(i.Total) {
		d.on = a.world.Calendar().NextOpen(d.on.Add(30)) // the second part
	}
	if d.on <= today { // late already: it waits for the reminders
		most := 45
		if a.Behaviour == demo.Slow || a.Behaviour == demo.Partial {
			most = 150
		}
		d.on = today.Add(a.Between(1, most))
	}
	if a.Discount.Rate > 0 && i.Issued.Add(a.Discount.Days) > today && a.Percent(75) {
		d.on = max(today+1, i.Issued.Add(a.Between(4, a.Discount.Days+4)))
	}
	d.on = a.align(a.world.Calendar(), d.on)
	if a.refuses(i) {
		d.on = 0
	}
	return d
}

// refuses tells whether an invoice is not paid at all in the year.
func (a *account) refuses(i demo.Invoice) bool {
	switch a.Behaviour {
	case demo.Stopped:
		return !a.Percent(15)
	case demo.Insolvent:
		return true
	}
	return a.contests[i.Number] && a.Percent(50)
}

// believesPaid leaves out what the customer thinks that its money of before has
// paid.
func (a *account) believesPaid() {
	for _, c := range a.credits {
		if !c.payment {
			continue
		}
		for _, d := range a.debts {
			if d.open.Currency == c.open.Currency && !c.open.Less(percentOf(d.open, 95)) {
				d.on = 0
				break
			}
		}
	}
}

// live has the customer pay until the end of the year.
func (a *account) live() []piece {
	for {
		on := a.next()
		if on.IsZero() || on > a.until {
			return slices.DeleteFunc(a.pieces, func(p piece) bool { return p.on > a.until })
		}
		for _, r := range a.remittances(on) {
			a.pay(r)
		}
	}
}

func (a *account) next() (on cal.Date) {
	for _, d := range a.debts {
		if !d.on.IsZero() && (on.IsZero() || d.on < on) {
			on = d.on
		}
	}
	return on
}

// remittances are what is paid on a day: at once, or one by one; never two
// currencies together.
func (a *account) remittances(on cal.Date) (list []*remittance) {
	for _, d := range a.debts {
		if d.on != on {
			continue
		}
		n := slices.IndexFunc(list, func(r *remittance) bool { return r.currency() == d.open.Currency })
		if n < 0 || a.apart || d.begun {
			list = append(list, &remittance{on: on, all: a.debts})
			n = len(list) - 1
		}
		list[n].debts = append(list[n].debts, d)
	}
	for _, r := range list {
		slices.SortFunc(r.debts, func(x, y *debt) int { return cmp.Compare(x.Number, y.Number) })
		r.ranged = r.isRange()
	}
	return list
}

func (r *remittance) currency() money.Currency { return r.debts[0].open.Currency }

func (r *remittance) total() money.Amount {
	sum := money.Zero(r.currency())
	for _, d := range r.debts {
		sum = sum.Add(d.open)
	}
	return sum
}

func (r *remittance) numbers() (list []string) {
	for _, d := range r.debts {
		list = append(list, d.Number)
	}
	return list
}

func (r *remittance) orders() (list []string) {
	for _, d := range r.debts {
		if d.Order == "" {
			return nil
		}
		list = append(list, d.Order)
	}
	return list
}

// isRange tells whether the invoices are three or more, and all that the
// customer has open between the first and the last.
func (r *remittance) isRange() bool {
	if len(r.debts) < 3 {
		return false
	}
	first, last := r.debts[0].Number, r.debts[len(r.debts)-1].Number
	between := 0
	for _, d := range r.all {
		if d.open.Sign() > 0 && d.Number >= first && d.Number <= last {
			between++
		}
	}
	return between == len(r.debts)
}

// month is the month of the invoices, where they are all that is open of it.
func (r *remittance) month(*payer) (cal.Date, bool) {
	all := months(r.debts)
	if len(all) != 1 {
		return 0, false
	}
	for _, d := range r.all {
		if d.open.Sign() > 0 && d.Issued.EndOfMonth() == all[0] && !slices.Contains(r.debts, d) {
			return 0, false
		}
	}
	return all[0], true
}
