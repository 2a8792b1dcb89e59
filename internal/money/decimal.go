package money

import (
	"strconv"
	"strings"

	"github.com/bojanz/currency"

	"acquit/internal/fault"
)

// MaxMinor bounds the amounts that are read: 10^13 minor units, a hundred
// billion euros. A million of them still add up within an int64, and a larger
// one in a file is a wrong column, not an invoice.
const MaxMinor int64 = 10_000_000_000_000

// defaultDecimals is what most currencies have, for one that ISO 4217 does not
// know.
const defaultDecimals = 2

// ParseCurrency reads an ISO 4217 code such as "EUR" in capitals or not.
func ParseCurrency(s string) (Currency, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if code == "" || !currency.IsValid(code) {
		return "", fault.Invalidf("currency", "«\u00a0%.20s\u00a0» n’est pas le code d’une monnaie (ISO 4217)", s)
	}
	return Currency(code), nil
}

// Valid tells whether ISO 4217 knows c.
func (c Currency) Valid() bool { return c != "" && currency.IsValid(string(c)) }

// Decimals is the number of digits of c's minor unit: 2 for EUR, 0 for JPY, 3
// for TND (ISO 4217), and 2 for a currency unknown to it.
func (c Currency) Decimals() int {
	if d, ok := currency.GetDigits(string(c)); ok {
		return int(d)
	}
	return defaultDecimals
}

// Decimal is a as a number with a dot and all the decimals of its currency:
// "1234.50", "-0.05", "1234" for the yen.
func (a Amount) Decimal() string {
	digits := a.Currency.Decimals()
	s := strconv.FormatUint(abs(a.Minor), 10)
	if len(s) <= digits {
		s = strings.Repeat("0", digits-len(s)+1) + s
	}
	if digits > 0 {
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if a.Minor < 0 {
		s = "-" + s
	}
	return s
}

// String is "1234.50 EUR", for logs and machines; people read Format.
func (a Amount) String() string {
	if a.Currency == "" {
		return a.Decimal()
	}
	return a.Decimal() + " " + string(a.Currency)
}

// Parse reads a number with a dot, as Decimal writes it, in currency c: fewer
// decimals are completed, and more are refused unless they are zeros. It is for
// formats that fix how a number is written; ParseHuman is for people.
func Parse(s string, c Currency) (Amount, error) {
	if !c.Valid() {
		return Amount{}, fault.Invalidf("currency",
			"«\u00a0%.20s\u00a0» n’est pas le code d’une monnaie (ISO 4217)", string(c))
	}
	digits, neg := strings.CutPrefix(s, "-")
	whole, fraction, dot := strings.Cut(digits, ".")
	if whole == "" || !allDigits(whole) || !allDigits(fraction) || dot && fraction == "" {
		return Amount{}, fault.Invalidf("amount", "«\u00a0%.40s\u00a0» n’est pas un montant de la forme 1234.50", s)
	}
	minor, err := toMinor(whole, fraction, c.Decimals())
	if err != nil {
		return Amount{}, err
	}
	if neg {
		minor = -minor
	}
	return Amount{Minor: minor, Currency: c}, nil
}

// MarshalText writes "1234.50 EUR", and nothing for the zero Amount. An amount
// in no currency, or one unknown to ISO 4217, is an error.
func (a Amount) MarshalText() ([]byte, error) {
	if a == (Amount{}) {
		return []byte{}, nil
	}
	if !a.Currency.Valid() {
		return nil, fault.Invalidf("currency", "montant %d sans monnaie connue", a.Minor)
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads "1234.50 EUR", or nothing as the zero Amount.
func (a *Amount) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*a = Amount{}
		return nil
	}
	number, code, _ := strings.Cut(string(b), " ")
	v, err := Parse(number, Currency(code))
	*a = v
	return err
}

// toMinor is whole.fraction in minor units of which digits make a unit.
func toMinor(whole, fraction string, digits int) (int64, error) {
	if len(fraction) > digits {
		if strings.Trim(fraction[digits:], "0") != "" {
			return 0, fault.Invalidf("amount", "«\u00a0%.20s,%.20s\u00a0» a plus de %d décimales", whole,
				fraction, digits)
		}
		fraction = fraction[:digits]
	}
	all := strings.TrimLeft(whole+fraction+strings.Repeat("0", digits-len(fraction)), "0")
	if all == "" {
		return 0, nil
	}
	minor, err := strconv.ParseInt(all, 10, 64)
	if err != nil || minor > MaxMinor {
		return 0, fault.Invalidf("amount", "le montant %.20s dépasse cent milliards", whole)
	}
	return minor, nil
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
