package money

import (
	"strings"

	"github.com/bojanz/currency"
)

// The formatters are only read, so all goroutines may share them.
var (
	french  = currency.NewFormatter(currency.NewLocale("fr"))
	english = currency.NewFormatter(currency.NewLocale("en"))
)

// Format is a as people read it: in "fr" 1 234,56 € with a narrow no-break
// space (U+202F) between thousands and a no-break space (U+00A0) before the
// sign; in any other language €1,234.56; a minus is U+2212. Other currencies are as CLDR has them;
// one unknown to it is shown by its code.
func (a Amount) Format(lang string) string {
	f, other := english, "\u00a0"+string(a.Currency)
	if lang == "fr" {
		f = french
	}
	if a.Currency.Valid() {
		v, err := currency.NewAmount(a.Decimal(), string(a.Currency))
		if err == nil {
			return minus(f.Format(v))
		}
	}
	if a.Currency == "" {
		other = ""
	}
	return Amount{Minor: a.Minor, Currency: EUR}.number(f) + other
}

// Number is Format without the currency, for a column whose head names it.
func (a Amount) Number(lang string) string {
	if !a.Currency.Valid() {
		a.Currency = EUR // for its two decimals
	}
	if lang == "fr" {
		return a.number(french)
	}
	return a.number(english)
}

// minus writes the sign of a negative amount as the one of arithmetic (U+2212),
// as wide as a figure and never left at the end of a line.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

func (a Amount) number(f *currency.Formatter) string {
	bare := *f
	bare.CurrencyDisplay = currency.DisplayNone
	v, err := currency.NewAmount(a.Decimal(), string(a.Currency))
	if err != nil {
		return a.Decimal()
	}
	return minus(bare.Format(v))
}
