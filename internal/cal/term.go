package cal

import (
	"strings"

	"acquit/internal/fault"
)

// Base is the day that a term of payment counts from.
type Base string

// The days to count from; none at all is the issue of the invoice.
const (
	FromIssue    Base = "issue"
	FromReceipt  Base = "receipt"  // the invoice reached the customer
	FromDelivery Base = "delivery" // goods received, or service performed
)

// EOM is when a term goes to the end of a month.
type EOM string

// The ends of month. "45 jours fin de mois" does not say which of the two lawful
// ways it means (the DGCCRF admits both): it is EOMUnsaid, and counts as method
// A until WithMethod settles it.
const (
	EOMNone   EOM = ""
	EOMUnsaid EOM = "unsaid" // method A unless WithMethod says B
	EOMAfter  EOM = "after"  // method A: the days, then the end of the month
	EOMBefore EOM = "before" // method B: the end of the month, then the days
)

// Method is one of the two lawful ways to count "45 jours fin de mois".
type Method string

// The two methods.
const (
	MethodA Method = "a" // end of the month of (invoice + 45 days)
	MethodB Method = "b" // end of the invoice's month, + 45 days
)

// ParseMethod reads "a" or "b".
func ParseMethod(s string) (Method, error) {
	m := Method(strings.ToLower(strings.TrimSpace(s)))
	if m != MethodA && m != MethodB {
		return "", fault.Invalidf("method", "méthode inconnue\u00a0: «\u00a0%.20s\u00a0» (a ou b)", s)
	}
	return m, nil
}

// Term is when an invoice is to be paid. The zero Term is no term at all; terms
// compare with ==.
type Term struct {
	Base      Base
	Decade    bool // first to the end of the ten-day period (C. com. L441-11)
	Days      int
	Months    int
	EOM       EOM
	MonthOf30 bool   // thirty days count as a month, as accounting tools may
	Fixed     [3]int // days of the month to go on to: « le 10 »; 0 is none
}

// IsZero tells whether there is no term.
func (t Term) IsZero() bool { return t == Term{} }

// WithMethod settles how the end of the month is counted where the words of the
// term did not; "fin de mois + 45 jours" stays what it says.
func (t Term) WithMethod(m Method) Term {
	if t.EOM == EOMUnsaid && (t.Days > 0 || t.Months > 0) {
		t.EOM = EOMAfter
		if m == MethodB {
			t.EOM = EOMBefore
		}
	}
	return t
}

// Due is the day to pay at, d being the day that the term counts from. A due
// date on a closed day stays: nothing moves a contractual date (CPC art. 642 is
// for procedure). No term gives no day.
func (t Term) Due(d Date) Date {
	if t.IsZero() || d.IsZero() {
		return 0
	}
	if t.Decade {
		d = endOfDecade(d)
	}
	if t.EOM == EOMBefore {
		d = d.EndOfMonth()
	}
	days, months := t.span()
	d = d.AddMonths(months).Add(days)
	if t.EOM == EOMAfter || t.EOM == EOMUnsaid {
		d = d.EndOfMonth()
	}
	return t.fix(d)
}

// span is the days and months to add.
func (t Term) span() (days, months int) {
	if t.MonthOf30 {
		return t.Days % 30, t.Months + t.Days/30
	}
	return t.Days, t.Months
}

// fix goes on from d to the first of the fixed days, d itself included.
func (t Term) fix(d Date) Date {
	best := Date(0)
	for _, day := range t.Fixed {
		if day == 0 {
			continue
		}
		if at := nextDayOfMonth(d, day); best == 0 || at < best {
			best = at
		}
	}
	if best == 0 {
		return d
	}
	return best
}

// nextDayOfMonth is the first day from d on whose number is day, or the last of
// its month where it has no such day.
func nextDayOfMonth(d Date, day int) Date {
	y, m, _ := d.Date()
	for {
		at := min(On(y, m, day), On(y, m+1, 0))
		if at >= d {
			return at
		}
		m++
	}
}

// endOfDecade is the 10th, the 20th or the last day of the month.
func endOfDecade(d Date) Date {
	y, m, day := d.Date()
	switch {
	case day <= 10:
		return On(y, m, 10)
	case day <= 20:
		return On(y, m, 20)
	}
	return d.EndOfMonth()
}
