package cal

import (
	"strings"

	"acquit/internal/fault"
)

// Period is a run of days, both ends included.
type Period struct{ From, To Date }

// maxPeriod bounds a closure: five years of days, beyond which a company is not
// closed but gone, and the text is a mistake.
const maxPeriod = 5 * 366

// ParsePeriod reads 2026-08-03..2026-08-21, or one day such as 2026-08-03.
func ParsePeriod(s string) (Period, error) {
	first, last, ranged := strings.Cut(strings.TrimSpace(s), "..")
	from, err := Parse(first)
	if err != nil {
		return Period{}, err
	}
	if !ranged {
		return Period{From: from, To: from}, nil
	}
	to, err := Parse(last)
	if err != nil {
		return Period{}, err
	}
	p := Period{From: from, To: to}
	switch {
	case to < from:
		return Period{}, fault.Invalidf("period", "la période «\u00a0%s\u00a0» finit avant de commencer", s)
	case p.Days() > maxPeriod:
		return Period{}, fault.Invalidf("period", "la période «\u00a0%s\u00a0» dure plus de cinq ans", s)
	}
	return p, nil
}

// Contains tells whether d is in p.
func (p Period) Contains(d Date) bool { return d >= p.From && d <= p.To }

// Days is how many days p has.
func (p Period) Days() int { return p.To.Sub(p.From) + 1 }

// String is what ParsePeriod reads.
func (p Period) String() string {
	if p.From == p.To {
		return p.From.String()
	}
	return p.From.String() + ".." + p.To.String()
}

// MarshalText writes 2026-08-03..2026-08-21.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText is ParsePeriod.
func (p *Period) UnmarshalText(b []byte) error {
	v, err := ParsePeriod(string(b))
	*p = v
	return err
}
