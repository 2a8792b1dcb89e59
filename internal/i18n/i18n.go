// Package i18n holds words in French and English side by side, so that the
// compiler sees every one of them, and shows counts, amounts and days as they
// are read in each language. French comes first.
package i18n

import (
	"fmt"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Lang is a language that Acquit speaks.
type Lang string

// The two languages.
const (
	FR Lang = "fr"
	EN Lang = "en"
)

// Parse reads "fr", "en" or either with a country, such as "fr-BE"; nothing is
// French.
func Parse(s string) (Lang, error) {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-")
	switch base {
	case "", "fr":
		return FR, nil
	case "en":
		return EN, nil
	}
	return "", fault.Invalidf("language", "langue inconnue\u00a0: «\u00a0%.20s\u00a0» (fr ou en)", s)
}

// Words are one text in both languages.
type Words struct{ FR, EN string }

// In is the text in l: French unless l is English.
func (w Words) In(l Lang) string {
	if l == EN {
		return w.EN
	}
	return w.FR
}

// Format is In with args put in, as fmt.Sprintf does.
func (w Words) Format(l Lang, args ...any) string { return fmt.Sprintf(w.In(l), args...) }

// Plural is one for a single thing and many for several: in French 0 and 1 are
// single, in English 1 alone.
func Plural(l Lang, n int, one, many string) string {
	if n == 1 || n == -1 || l != EN && n == 0 {
		return one
	}
	return many
}

// Noun is something that is counted.
type Noun struct{ One, Many Words }

// Count is n of them in words: "0 facture", "2 factures", "0 invoices". A no-break
// space holds the number to its noun.
func (o Noun) Count(l Lang, n int) string {
	return l.Int(n) + "\u00a0" + Plural(l, n, o.One.In(l), o.Many.In(l))
}

// Int is a whole number by thousands: 1 234 in French with a narrow no-break
// space, 1,234 in English.
func (l Lang) Int(n int) string {
	sign, digits := "", strconv.Itoa(n)
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	separator := "\u202f"
	if l == EN {
		separator = ","
	}
	head := len(digits) % 3
	groups := []string{}
	if head > 0 {
		groups = append(groups, digits[:head])
	}
	for i := head; i < len(digits); i += 3 {
		groups = append(groups, digits[i:i+3])
	}
	return sign + strings.Join(groups, separator)
}

// Decimal shows a number written with a dot, such as "79.08", with the decimal
// sign of the language.
func (l Lang) Decimal(s string) string {
	s = strings.Replace(s, "-", "−", 1)
	if l == EN {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// Ordinal is the rank n: 1er, 2e in French, 1st, 2nd in English.
func (l Lang) Ordinal(n int) string {
	if l != EN {
		if n == 1 {
			return "1er"
		}
		return strconv.Itoa(n) + "e"
	}
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// Amount is 1 234,56 € in French, €1,234.56 in English.
func (l Lang) Amount(a money.Amount) string { return a.Format(string(l)) }

// Date is 22 nov. 2026 in French, 22 Nov 2026 in English.
func (l Lang) Date(d cal.Date) string { return d.Short(string(l)) }

// LongDate is 22 novembre 2026 in French, 22 November 2026 in English.
func (l Lang) LongDate(d cal.Date) string { return d.Long(string(l)) }
