package money

import (
	"strconv"
	"strings"

	"acquit/internal/fault"
)

// Rate is a share counted in millionths: 12.15 % is 121,500. It is exact to
// four decimals of a percent.
type Rate int64

const (
	rateUnit     = 1_000_000 // one, that is 100 %
	rateDecimals = 4         // of a percent
	maxRate      = 10 * rateUnit
)

// BasisPoints is the rate of bp hundredths of a percent: 1215 is 12.15 %.
func BasisPoints(bp int64) Rate { return Rate(bp * 100) }

// ParseRate reads a percentage as written by people: "12.15", "12,15 %". More
// than four decimals, a negative rate and one above 1,000 % are errors.
func ParseRate(s string) (Rate, error) {
	text := strings.TrimSuffix(strings.Map(dropSpace, s), "%")
	whole, fraction, dot := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	wrong := whole == "" || len(whole) > rateDecimals || !allDigits(whole) || !allDigits(fraction) ||
		dot && fraction == "" || len(fraction) > rateDecimals
	if wrong {
		return 0, fault.Invalidf("rate", "«\u00a0%.20s\u00a0» n’est pas un taux de la forme 12,15\u202f%%", s)
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", rateDecimals-len(fraction)), 10, 64)
	if err != nil || n > maxRate {
		return 0, fault.Invalidf("rate", "le taux «\u00a0%.20s\u00a0» dépasse 1000\u202f%%", s)
	}
	return Rate(n), nil
}

// Of is r times a, rounded half away from zero to a minor unit.
func (r Rate) Of(a Amount) Amount {
	return Amount{Minor: mulDiv(a.Minor, int64(r), rateUnit), Currency: a.Currency}
}

// Yearly is the interest of some days on a at r a year of so many days, rounded half
// away from zero to a minor unit, once. Days and year are those of a calendar: below
// ten thousand years and four hundred days.
func (r Rate) Yearly(a Amount, days, year int) Amount {
	return Amount{Minor: mulDiv(a.Minor, int64(r)*int64(days), rateUnit*int64(year)), Currency: a.Currency}
}

// Times is n times r: the floor of three times the legal rate.
func (r Rate) Times(n int64) Rate { return r * Rate(n) }

// Percent is r with a dot and at least two decimals: "12.15", "7.1234".
func (r Rate) Percent() string {
	digits := strconv.FormatUint(abs(int64(r)), 10)
	if len(digits) <= rateDecimals {
		digits = strings.Repeat("0", rateDecimals-len(digits)+1) + digits
	}
	whole, fraction := digits[:len(digits)-rateDecimals], digits[len(digits)-rateDecimals:]
	fraction = fraction[:2] + strings.TrimRight(fraction[2:], "0")
	if r < 0 {
		whole = "-" + whole
	}
	return whole + "." + fraction
}

// Format is r as people read it: 12,15 % in "fr", with a narrow no-break space,
// and 12.15% in any other language.
func (r Rate) Format(lang string) string {
	if lang == "fr" {
		return strings.Replace(r.Percent(), ".", ",", 1) + "\u202f%"
	}
	return r.Percent() + "%"
}
