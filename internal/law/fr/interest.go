package fr

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/law"
	"acquit/internal/money"
)

// Imputation is what a payment that does not cover all pays first.
type Imputation string

// The imputations: the law's (C. civ. 1343-1), and what a contract may say instead.
const (
	InterestFirst  Imputation = "interest_first"
	PrincipalFirst Imputation = "principal_first"
)

// Basis is how many days a year of interest has. No text says; 365 is what the
// administration's examples use.
type Basis string

// The bases.
const (
	Fixed365 Basis = "365"
	Actual   Basis = "act" // 366 in leap years
)

// Movement is a payment, or with Credit a credit note, of a day.
type Movement struct {
	On     cal.Date
	Amount money.Amount
	Credit bool
}

// Claim is an amount with VAT that was to be paid on a day, and what has become of
// it since.
type Claim struct {
	Debtor    law.Debtor // who owes; nothing is a business
	Creditor  Creditor   // who is owed, for the legal rate; nothing is any other than a private person
	Amount    money.Amount
	Due       cal.Date
	Until     cal.Date    // the last day that counts, included
	Agreed    *money.Rate // the contract's rate; nil is what the law says
	Enforced  cal.Date    // day from which a judgment makes the legal rate five points dearer
	Notice    cal.Date    // the formal notice reached a consumer; no day when it is not known
	Insolvent cal.Date    // the judgment that opens a collective procedure
	// from this day on, interest due for a whole year bears interest (C. civ. 1343-2); no day: never
	Compound   cal.Date
	Imputation Imputation
	Basis      Basis
	Movements  []Movement
}

// Segment is a run of days, both ends included, on which interest ran at one rate
// on one principal.
type Segment struct {
	From, To  cal.Date
	Principal money.Amount // with Capital
	Capital   money.Amount // interest of whole years that bears interest; mostly nothing
	Rate      money.Rate
	Base      int // days of the year
	Interest  money.Amount
}

// Days is how many days the segment has.
func (s Segment) Days() int { return s.To.Sub(s.From) + 1 }

// Charges are what a claim has brought by its last day.
type Charges struct {
	Segments     []Segment
	Interest     money.Amount // accrued: the segments add up to it
	InterestDue  money.Amount // what payments have left of it
	PrincipalDue money.Amount
	Indemnity    money.Amount // fixed compensation for the costs of recovery
	IndemnityDue money.Amount
	Surplus      money.Amount // paid or credited beyond all that
	Findings     []law.Finding
}

// Interest works out what is owed besides the principal (C. com. L441-10 II and
// D441-5, CCP R2192-31 and D2192-35, C. civ. 1231-6). Interest begins the day after
// the due date, or after the formal notice to a consumer, and counts the day of
// payment; each day has the rate of its semester, public buyers that of the first;
// each segment is rounded once, half away from zero, and their sum is the total. A
// payment clears interest, then principal, then the indemnity, unless the contract
// puts principal first; a credit note only lowers the principal. A rate that is not
// known is a MissingRateError.
func (l *Law) Interest(c Claim) (Charges, error) {
	if err := c.check(); err != nil {
		return Charges{}, err
	}
	t := timeline{law: l, claim: c, first: c.firstDay(), last: c.lastDay(), principal: c.Amount}
	zero := money.Zero(c.Amount.Currency)
	t.paid, t.closed, t.surplus, t.capital = zero, zero, zero, zero
	for _, m := range c.movements() {
		if err := t.runTo(m.On); err != nil {
			return Charges{}, err
		}
		t.take(m)
	}
	if err := t.runTo(c.Until); err != nil {
		return Charges{}, err
	}
	return t.charges()
}

// firstDay is the first on which interest can run.
func (c Claim) firstDay() cal.Date {
	if c.Debtor == law.Consumer && c.Agreed == nil {
		return max(c.Due, c.Notice).Add(1)
	}
	return c.Due.Add(1)
}

// lastDay is the last: a collective procedure stops interest the day before its
// judgment (C. com. L622-28).
func (c Claim) lastDay() cal.Date {
	if c.Insolvent != 0 {
		return min(c.Until, c.Insolvent.Add(-1))
	}
	return c.Until
}

// movements are those until the last day, by day; of one day, credit notes come
// first, to the debtor's advantage.
func (c Claim) movements() []Movement {
	list := slices.DeleteFunc(slices.Clone(c.Movements), func(m Movement) bool { return m.On > c.Until })
	slices.SortStableFunc(list, func(a, b Movement) int {
		switch {
		case a.On != b.On:
			return int(a.On - b.On)
		case a.Credit == b.Credit:
			return 0
		case a.Credit:
			return -1
		}
		return 1
	})
	return list
}

// timeline walks through the days of a claim.
type timeline struct {
	law         *Law
	claim       Claim
	first, last cal.Date

	principal money.Amount
	open      *Segment // the last, which may still grow
	segments  []Segment
	closed    money.Amount // interest of the segments before the open one
	paid      money.Amount // of the interest
	capital   money.Amount // of the interest, what bears interest itself
	surplus   money.Amount // for the indemnity, and beyond
	late      bool         // principal was open on a day after the due date
	at        cal.Date     // the last day walked
}

// runTo lets interest run up to a day, included.
func (t *timeline) runTo(day cal.Date) error {
	t.late = t.late || t.principal.Sign() > 0 && max(t.at, t.claim.Due) < day
	from, to := max(t.at.Add(1), t.first), min(day, t.last)
	t.at = max(t.at, day)
	for from <= to && t.bearing().Sign() > 0 {
		end := min(to, t.sameUntil(from))
		rate, err := t.law.rateOf(t.claim, from)
		if err != nil {
			return err
		}
		t.grow(from, end, rate)
		from = end.Add(1)
		if end == t.claim.yearEnd(end) {
			t.close()
			t.capital = t.closed.Sub(t.paid)
		}
	}
	return nil
}

// bearing is what bears interest: the principal, and interest of whole years.
func (t *timeline) bearing() money.Amount { return t.principal.Add(t.capital) }

// yearEnd is the last day of the year of interest that a day is in, or the far
// future where interest bears none.
func (c Claim) yearEnd(day cal.Date) cal.Date {
	start := max(c.Compound, c.Due)
	if c.Compound == 0 {
		return cal.On(9999, 12, 31)
	}
	years := max(day.Year()-start.Year(), 1)
	for start.AddMonths(12*years) < day {
		years++
	}
	return start.AddMonths(12 * years)
}

// sameUntil is the last day from a day on that surely has its rate and base: the end
// of its half-year, or the eve of what a judgment changes.
func (t *timeline) sameUntil(day cal.Date) cal.Date {
	y, m, _ := day.Date()
	end := cal.On(y, 6, 30)
	if m > 6 {
		end = cal.On(y, 12, 31)
	}
	if e := t.claim.Enforced; e > day {
		end = min(end, e.Add(-1))
	}
	return min(end, t.claim.yearEnd(day))
}

// grow adds days to the open segment where nothing changes, else opens another.
func (t *timeline) grow(from, to cal.Date, rate money.Rate) {
	base := t.claim.Basis.of(from)
	if o := t.open; o != nil && o.To.Add(1) == from && o.Rate == rate && o.Base == base && o.Principal == t.bearing() {
		o.To = to
	} else {
		t.close()
		t.open = &Segment{From: from, To: to, Principal: t.bearing(), Capital: t.capital, Rate: rate, Base: base}
	}
	t.open.Interest = rate.Yearly(t.open.Principal, t.open.Days(), base)
}

func (t *timeline) close() {
	if t.open != nil {
		t.segments = append(t.segments, *t.open)
		t.closed = t.closed.Add(t.open.Interest)
		t.open = nil
	}
}

// accrued is the interest so far, paid or not.
func (t *timeline) accrued() money.Amount {
	if t.open == nil {
		return t.closed
	}
	return t.closed.Add(t.open.Interest)
}

// take sets a movement against what is owed on its day.
func (t *timeline) take(m Movement) {
	left := m.Amount
	first, second := t.payInterest, t.payPrincipal
	switch {
	case m.Credit:
		t.surplus = t.surplus.Add(t.payPrincipal(left))
		return
	case t.claim.Imputation == PrincipalFirst:
		first, second = second, first
	}
	t.surplus = t.surplus.Add(second(first(left)))
}

// payInterest takes the interest off an amount and gives what is left.
func (t *timeline) payInterest(a money.Amount) money.Amount {
	part := money.Min(a, money.Max(t.accrued().Sub(t.paid), money.Zero(a.Currency)))
	t.paid = t.paid.Add(part)
	if left := t.accrued().Sub(t.paid); left.Less(t.capital) {
		t.close()
		t.capital = left
	}
	return a.Sub(part)
}

func (t *timeline) payPrincipal(a money.Amount) money.Amount {
	part := money.Min(a, t.principal)
	if !part.IsZero() {
		t.close()
		t.principal = t.principal.Sub(part)
	}
	return a.Sub(part)
}

func (t *timeline) charges() (Charges, error) {
	t.close()
	c := Charges{
		Segments: t.segments, Interest: t.closed, InterestDue: t.closed.Sub(t.paid), PrincipalDue: t.principal,
		Indemnity: t.law.indemnity(t.claim, t.late), Surplus: t.surplus,
	}
	c.IndemnityDue = c.Indemnity
	if t.surplus.Currency == c.Indemnity.Currency {
		part := money.Min(t.surplus, c.Indemnity)
		c.IndemnityDue, c.Surplus = c.Indemnity.Sub(part), t.surplus.Sub(part)
	}
	findings, err := t.law.aboutInterest(t.claim, c)
	c.Findings = findings
	return c, err
}

// of is how many days the year of a day has.
func (b Basis) of(day cal.Date) int {
	if b == Actual {
		y := day.Year()
		return cal.On(y+1, 1, 1).Sub(cal.On(y, 1, 1))
	}
	return 365
}
