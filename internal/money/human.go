package money

import (
	"slices"
	"strings"
	"unicode"

	"github.com/govalues/decimal"

	"acquit/internal/fault"
)

// maxHuman bounds the text of one amount, in bytes: a hundred billion with
// three-byte spaces, its sign and its currency in words fits well within.
const maxHuman = 80

// Hints are what the rest of a file tells about how its amounts are written.
type Hints struct {
	Decimal rune     // the decimal sign, ',' or '.'; 0 when nothing settles it
	Default Currency // of a text that names no currency, when none is required
}

// ParseHuman reads an amount as people and programs write it, in French or in
// English: "1 234,56 €", "1.234,56", "1,234.56", "1'234.50", "(120,00)", "-12",
// "12-", "EUR 12,5". If c is given the text may name no other currency; else
// its own counts, or the default of h. A text that can be read in two ways, such as
// "1,234", is an error unless h tells the decimal sign or the currency has no
// decimals; so is an amount beyond MaxMinor or with more decimals than the currency
// has.
func ParseHuman(s string, c Currency, h Hints) (Amount, error) {
	if len(s) > maxHuman {
		return Amount{}, fault.Invalidf("amount", "texte trop long pour un montant\u00a0: «\u00a0%.20s…\u00a0»", s)
	}
	p := human{text: s, rest: strings.TrimSpace(strings.Map(plain, s))}
	if err := p.peel(c, h.Default); err != nil {
		return Amount{}, err
	}
	whole, fraction, err := p.number(h.Decimal)
	if err != nil {
		return Amount{}, err
	}
	minor, err := toMinor(whole, fraction, p.currency.Decimals())
	if err != nil {
		return Amount{}, err
	}
	if p.negative {
		minor = -minor
	}
	return Amount{Minor: minor, Currency: p.currency}, nil
}

// ParseCell reads the raw number of a spreadsheet's cell, with a dot and maybe
// an exponent ("1234.5600000000001", "1.5E7"), and rounds it half away from
// zero to a minor unit of c: cells hold binary fractions and unrounded results.
func ParseCell(s string, c Currency) (Amount, error) {
	d, err := decimal.Parse(s)
	if err != nil || !c.Valid() {
		return Amount{}, fault.Invalidf("amount", "«\u00a0%.40s\u00a0» n’est pas un nombre de cellule", s)
	}
	scale := c.Decimals()
	half, err := decimal.New(5, scale+1)
	if err != nil {
		return Amount{}, err
	}
	up, err := d.Add(half.CopySign(d))
	if err != nil {
		return Amount{}, fault.Invalidf("amount", "le montant %.20s est trop grand", s)
	}
	return Parse(up.Trunc(scale).String(), c)
}

// human is a text on its way to a number: what is around it is peeled off.
type human struct {
	text     string // as given, for messages
	rest     string // what is not understood yet
	currency Currency
	negative bool
	signed   bool
}

func (p *human) wrong(why string) error {
	return &fault.Invalid{
		Field:   "amount",
		Message: "«\u00a0" + p.text + "\u00a0» n’est pas un montant lisible\u00a0: " + why,
	}
}

// peel takes off signs, parentheses and currencies until a bare number is left.
func (p *human) peel(c, otherwise Currency) error {
	for before := ""; before != p.rest; {
		before = p.rest
		if err := p.peelCurrency(c, otherwise); err != nil {
			return err
		}
		if err := p.peelSign(); err != nil {
			return err
		}
	}
	switch {
	case p.currency != "":
	case c != "":
		p.currency = c
	default:
		p.currency = otherwise
	}
	if !p.currency.Valid() {
		return p.wrong("sa monnaie n’est pas connue")
	}
	return nil
}

func (p *human) peelSign() error {
	inner, open := strings.CutPrefix(p.rest, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if open != closed {
		return p.wrong("une parenthèse manque")
	}
	rest, negative := inner, open
	signs := 0
	if open {
		signs++
	}
	for _, sign := range []string{"-", "+"} {
		for _, cut := range []func(string, string) (string, bool){strings.CutPrefix, strings.CutSuffix} {
			if r, ok := cut(rest, sign); ok {
				rest, negative = r, sign == "-"
				signs++
			}
		}
	}
	if signs == 0 {
		return nil
	}
	if p.signed || signs > 1 {
		return p.wrong("il a deux signes")
	}
	p.rest, p.negative, p.signed = strings.TrimSpace(rest), negative, true
	return nil
}

func (p *human) peelCurrency(c, otherwise Currency) error {
	first := strings.IndexFunc(p.rest, ofNumber)
	last := strings.LastIndexFunc(p.rest, ofNumber)
	if first < 0 {
		return p.wrong("il n’a pas de chiffres")
	}
	for _, word := range []string{p.rest[:first], p.rest[last+1:]} {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "" {
			continue
		}
		named, err := p.named(word, c, otherwise)
		if err != nil {
			return err
		}
		if p.currency != "" && p.currency != named {
			return p.wrong("il a deux monnaies")
		}
		p.currency = named
	}
	p.rest = strings.TrimSpace(p.rest[first : last+1])
	return nil
}

// named is the currency that a sign, a code or a name stands for.
func (p *human) named(word string, c, otherwise Currency) (Currency, error) {
	may := currencyWords[word]
	if code := Currency(strings.ToUpper(word)); len(word) == 3 && code.Valid() {
		may = []Currency{code}
	}
	switch {
	case len(may) == 0:
		return "", p.wrong("«\u00a0" + word + "\u00a0» n’est pas une monnaie connue")
	case c != "" && slices.Contains(may, c):
		return c, nil
	case c != "":
		return "", p.wrong("il n’est pas en " + string(c))
	case slices.Contains(may, otherwise):
		return otherwise, nil
	case len(may) > 1:
		return "", p.wrong("«\u00a0" + word + "\u00a0» est le signe de plusieurs monnaies")
	}
	return may[0], nil
}

// number tells the whole part from the fraction of a bare number.
func (p *human) number(decimalSign rune) (whole, fraction string, err error) {
	at := strings.LastIndexAny(p.rest, ".,")
	if at < 0 {
		whole, err = p.ungroup(p.rest)
		return whole, "", err
	}
	isDecimal, err := p.isDecimal(at, decimalSign)
	if err != nil {
		return "", "", err
	}
	if !isDecimal {
		whole, err = p.ungroup(p.rest)
		return whole, "", err
	}
	before, fraction := p.rest[:at], p.rest[at+1:]
	if fraction == "" || !allDigits(fraction) {
		return "", "", p.wrong("ses décimales ne sont pas des chiffres")
	}
	if before == "" {
		return "0", fraction, nil
	}
	whole, err = p.ungroup(before)
	return whole, fraction, err
}

// isDecimal tells whether the last point or comma, at byte at, is the decimal
// sign rather than one that groups thousands.
func (p *human) isDecimal(at int, known rune) (bool, error) {
	sign := p.rest[at : at+1]
	only := strings.Count(p.rest, sign) == 1
	mixed := strings.ContainsAny(p.rest[:at], ".,") && only
	if known != 0 {
		if mixed && sign != string(known) || !only && sign == string(known) {
			return false, p.wrong("le signe décimal attendu est «\u00a0" + string(known) + "\u00a0»")
		}
		return sign == string(known), nil
	}
	before, after := p.rest[:at], p.rest[at+1:]
	couldGroup := len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0' &&
		allDigits(before) && allDigits(after)
	switch {
	case !only, couldGroup && !mixed && p.currency.Decimals() == 0: // "¥1,234" has no decimals
		return false, nil
	case mixed || !couldGroup:
		return true, nil
	}
	return false, p.wrong("«\u00a0" + sign + "\u00a0» peut séparer les milliers ou les décimales")
}

// ungroup joins the thousands of a whole number, which one sign only may
// separate, each time before three digits.
func (p *human) ungroup(s string) (string, error) {
	if s != "" && allDigits(s) {
		return s, nil
	}
	at := strings.IndexAny(s, " '.,")
	if at < 0 {
		return "", p.wrong("il n’est pas fait de chiffres")
	}
	groups := strings.Split(s, s[at:at+1])
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 || i == 0 && (len(g) < 1 || len(g) > 3) {
			return "", p.wrong("ses milliers ne vont pas par trois chiffres")
		}
	}
	return strings.Join(groups, ""), nil
}

// currencyWords are the signs and names in use beside the ISO codes, and what
// they may stand for.
var currencyWords = map[string][]Currency{
	"€": {"EUR"}, "euro": {"EUR"}, "euros": {"EUR"}, "€ ttc": {"EUR"},
	"$": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD"}, "us$": {"USD"}, "$us": {"USD"},
	"ca$": {"CAD"}, "$ca": {"CAD"}, "a$": {"AUD"}, "$au": {"AUD"},
	"£": {"GBP"}, "£gb": {"GBP"}, "¥": {"JPY", "CNY"}, "sfr": {"CHF"},
	"fcfa": {"XOF", "XAF"}, "f cfa": {"XOF", "XAF"}, "f cfp": {"XPF"}, "fcfp": {"XPF"},
	"kr": {"SEK", "NOK", "DKK", "ISK"}, "zł": {"PLN"}, "kč": {"CZK"}, "lei": {"RON"},
}

// plain turns the many spaces, apostrophes and minus signs into one of each.
func plain(r rune) rune {
	switch r {
	case '\'', '’', '\u02bc':
		return '\''
	case '−', '–', '‐', '‑', '﹣', '－':
		return '-'
	}
	if unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return r
}

func dropSpace(r rune) rune {
	if plain(r) == ' ' {
		return -1
	}
	return r
}

// ofNumber tells the characters that a bare number or its sign starts or ends
// with.
func ofNumber(r rune) bool {
	return r >= '0' && r <= '9' || strings.ContainsRune(".,+-()", r)
}
