package table

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// clean is a cell without the spaces around it, without the quote by which a
// spreadsheet keeps text from becoming a formula, and out of ="…", by which it
// keeps zeros in front of a code.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	if s[0] >= 0x80 || s[len(s)-1] >= 0x80 {
		s = strings.TrimSpace(strings.Trim(s, unseen))
	}
	switch {
	case s == "":
		return ""
	case s[0] == '=' && len(s) >= 3 && s[1] == '"' && s[len(s)-1] == '"':
		return strings.TrimSpace(s[2 : len(s)-1])
	case s[0] == '\'' && len(s) > 1 && strings.IndexByte("=+-@", s[1]) >= 0:
		return s[1:]
	}
	return s
}

// unseen are signs without width that copies from pages and mails leave behind.
const unseen = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"

// void tells what people write where there is nothing to write.
func void(s string) bool {
	switch len(s) {
	case 0:
		return true
	case 1, 2, 3, 4:
	default:
		return false
	}
	switch strings.ToLower(s) {
	case "-", "--", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nc", "n.c.":
		return true
	}
	return false
}

// maxDays bounds the dates that are remembered: ten years of days are fewer.
const maxDays = 8192

// days reads the dates of one column; a file has few distinct ones.
type days struct {
	order  cal.Order
	packed packing // of numbers
	y1904  bool    // serial numbers count from 1904
	seen   map[string]cal.Date
}

// epoch1904 is how many days later the spreadsheets of old Macintoshes count.
const epoch1904 = 1462

func (d *days) read(s string) (cal.Date, error) {
	if day, ok := d.seen[s]; ok {
		return day, nil
	}
	text := s
	if unpacked, ok := d.packed.unpack(s); ok {
		text = unpacked
	}
	day, err := cal.ParseHuman(text, d.order)
	if err != nil {
		return 0, err
	}
	if d.y1904 && isSerial(s) {
		day = day.Add(epoch1904)
	}
	if d.seen == nil {
		d.seen = map[string]cal.Date{}
	}
	if len(d.seen) < maxDays {
		d.seen[strings.Clone(s)] = day
	}
	return day, nil
}

// packing is how a column writes dates by digits alone. AAAAMMJJ needs none: it
// is a date wherever it stands.
type packing int

// The packings that a whole column must agree on.
const (
	notPacked packing = iota
	packedDMY         // 311226 or 31122026, whose zero in front may be lost
	packedYMD         // 261231
)

// unpack is the date with its signs; ok where s may be one.
func (p packing) unpack(s string) (text string, ok bool) {
	if p == notPacked || !isDigits(s) {
		return "", false
	}
	if len(s) == 7 {
		s = "0" + s
	}
	if len(s) != 6 && (len(s) != 8 || p == packedYMD) {
		return "", false
	}
	day, month, year := s[:2], s[2:4], s[4:]
	if p == packedYMD {
		day, year = s[4:], s[:2]
	}
	if !monthAndDay(month, day) || len(year) == 4 && year[:2] != "20" && year[:2] != "19" {
		return "", false
	}
	if len(year) == 2 {
		year = "20" + year
	}
	return year + "-" + month + "-" + day, true
}

// monthAndDay tells two digits each that may be these.
func monthAndDay(month, day string) bool {
	return month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// isSerial tells the number of a day in a spreadsheet, with a time of day or
// not: five digits are days from 1927 to 2173.
func isSerial(s string) bool {
	whole, _, _ := strings.Cut(s, ".")
	return len(whole) == 5 && isDigits(whole)
}

// amounts reads those of one column.
type amounts struct {
	decimal rune // the sign where it could be either, ',' or '.'
	raw     bool // cells of a workbook, with binary fractions
	bank    bool // of a bank’s account: D behind an amount takes off, C adds
}

// read is an amount in currency c, or in the one it names: then base is the one
// of a sign that stands for several.
func (a amounts) read(s string, c, base money.Currency) (money.Amount, error) {
	currency := c
	if currency == "" {
		currency = base
	}
	if minor, ok := quick(s); ok && twoDecimals(currency) {
		return money.New(minor, currency), nil
	}
	if a.raw && isNumber(s) {
		return money.ParseCell(s, currency)
	}
	if number, sign, ok := sided(s); ok {
		m, err := a.read(number, c, base)
		if a.bank {
			sign = -sign
		}
		if sign < 0 {
			m = m.Neg()
		}
		return m, err
	}
	if strings.Trim(s, "-–— ") == "" {
		return money.Zero(currency), nil // a dash for nothing
	}
	m, err := money.ParseHuman(s, c, money.Hints{Decimal: a.hint(s), Default: dollarOr(s, base)})
	if err != nil {
		if rounded, ok := noise(s, currency); ok {
			return rounded, nil
		}
	}
	return m, err
}

// dollars are the currencies of the sign « $ ». Where neither the file nor a
// person names one of them, it is that of the United States.
var dollars = []money.Currency{"USD", "CAD", "AUD", "NZD", "HKD", "SGD"}

// dollarOr is the currency of an amount that names none, or has that sign.
func dollarOr(s string, base money.Currency) money.Currency {
	if strings.IndexByte(s, '$') >= 0 && !slices.Contains(dollars, base) {
		return dollars[0]
	}
	return base
}

// ParseAmount reads an amount as programs write it; decimal is its sign where
// it could be either, ',' or '.'.
func ParseAmount(s string, decimal rune, c money.Currency) (money.Amount, error) {
	return amounts{decimal: decimal}.read(clean(s), c, c)
}

// Days reads dates in the French order and remembers them.
type Days struct{ days }

// Parse is the day that a text gives.
func (d *Days) Parse(s string) (cal.Date, error) { return d.read(clean(s)) }

// hint is the column's decimal sign, needed only where one sign stands before
// three digits: elsewhere the text tells by itself, even against its column.
func (a amounts) hint(s string) rune {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 || strings.Count(s, ".")+strings.Count(s, ",") != 1 {
		return 0
	}
	after := 0
	for i := last + 1; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		after++
	}
	if after == 3 {
		return a.decimal
	}
	return 0
}

// quick reads what most amounts are, -1234,56 or 1234.5 or 1234, in hundredths.
// A sign before one or two last digits is decimal in any language.
func quick(s string) (minor int64, ok bool) {
	i := 0
	if s != "" && s[0] == '-' {
		i = 1
	}
	start, decimals := i, -1
	if len(s)-i > 15 {
		return 0, false
	}
	for ; i < len(s); i++ {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			minor = minor*10 + int64(b-'0')
			if decimals >= 0 {
				decimals++
			}
		case (b == ',' || b == '.') && decimals < 0 && i > start:
			decimals = 0
		default:
			return 0, false
		}
	}
	switch decimals {
	case -1:
		minor *= 100
	case 1:
		minor *= 10
	case 2:
	default:
		return 0, false
	}
	if s[:start] == "-" {
		minor = -minor
	}
	return minor, i > start && minor <= money.MaxMinor && minor >= -money.MaxMinor
}

func twoDecimals(c money.Currency) bool { return c == money.EUR || c.Decimals() == 2 }

// isNumber tells the raw number of a workbook's cell from text that people wrote.
func isNumber(s string) bool {
	point, exponent := 0, 0
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
		case b == '.':
			point++
		case b == 'E' || b == 'e':
			exponent++
		case (b == '-' || b == '+') && (i == 0 || s[i-1] == 'E' || s[i-1] == 'e'):
		default:
			return false
		}
	}
	return s != "" && point <= 1 && exponent <= 1
}

// noise reads a number that a program wrote from a binary fraction, such as
// 1234.5600000000001: it is within a ten-thousandth of a whole minor unit.
func noise(s string, c money.Currency) (money.Amount, bool) {
	const least = 7 // decimals: fewer are meant
	_, after, _ := strings.Cut(strings.ReplaceAll(s, ",", "."), ".")
	if len(after) < least || !isDigits(after) {
		return money.Amount{}, false
	}
	beyond := after[min(c.Decimals(), len(after)):]
	if !strings.HasPrefix(beyond, "0000") && !strings.HasPrefix(beyond, "9999") {
		return money.Amount{}, false
	}
	m, err := money.ParseCell(strings.ReplaceAll(s, ",", "."), c)
	return m, err == nil
}

// sided takes off the D or C that some programs put behind an amount.
func sided(s string) (number string, sign int, ok bool) {
	for _, suffix := range []struct {
		text string
		sign int
	}{{" DB", 1}, {" CR", -1}, {" D", 1}, {" C", -1}} {
		if rest, found := strings.CutSuffix(s, suffix.text); found {
			rest = strings.TrimSpace(rest)
			return rest, suffix.sign, rest != "" && rest[len(rest)-1] >= '0' && rest[len(rest)-1] <= '9'
		}
	}
	return "", 0, false
}

// sideOf is +1 for a debit, −1 for a credit, 0 for what is neither.
func sideOf(s string) int {
	switch strings.ToUpper(s) {
	case "D", "+", "1", "+1", "DB", "DEBIT", "DÉBIT", "DEB":
		return 1
	case "C", "-", "-1", "CR", "CREDIT", "CRÉDIT", "CRE":
		return -1
	}
	return 0
}

// creditNumber tells the number of a credit note by its letters: AV-2026-001.
func creditNumber(s string) bool {
	letters := 0
	for letters < len(s) && (s[letters] >= 'A' && s[letters] <= 'Z' || s[letters] >= 'a' && s[letters] <= 'z') {
		letters++
	}
	switch strings.ToUpper(s[:letters]) {
	case "AV", "AVO", "AVR", "AVC", "AVOIR", "NC", "NDC", "CN", "CRN", "CRNOTE", "RINV", "RFAC":
		return letters < len(s)
	}
	return false
}
