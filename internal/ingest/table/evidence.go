package table

import (
	"slices"
	"strings"
	"unicode"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

const (
	maxSamples  = 3   // values of a column shown to a person
	maxDistinct = 40  // distinct values of a column that are remembered
	maxShapes   = 200 // shapes of its values that are looked at closely: a column of names has more
)

// column is what the values of a column tell of it.
type column struct {
	index                    int // from 0
	name                     string
	filled                   int
	dates                    int
	amounts                  int
	compact                  int    // dates that may be numbers: 20261231
	serials                  int    // amounts that may be the dates of a spreadsheet
	packed                   [2]int // amounts that may be dates without signs, by packing less one
	emails                   int
	coded                    int // short, without spaces, with a digit or in capitals
	worded                   int // with a space or in small letters
	numbered                 int // without spaces and with a digit
	digited                  int // with a digit
	sides                    int // D, C, +, -, 1, -1
	longest                  int
	samples                  []string
	distinct                 map[string]int
	dateShapes, amountShapes shapes
	first                    dayOrder
	comma                    int // amounts whose decimal sign is surely a comma
	dot                      int
	thousand                 [2]int // amounts such as 1,234 or 1.234 that could be either, by sign
	zero                     bool
	negative                 int
	accounts                 int // values that begin with 41
	others                   int // accounts of other classes
	avoirs                   int // values that begin like the number of a credit note
}

// dayOrder counts how dates of the form 03/04/2026 are surely written.
type dayOrder struct{ dayFirst, monthFirst, either int }

// observe takes one value into account.
func (c *column) observe(s string) {
	s = clean(s)
	if void(s) {
		return
	}
	c.filled++
	c.remember(s)
	c.longest = max(c.longest, len(s))
	switch {
	case c.date(s):
		c.dates++
	case c.amount(s):
		c.amounts++
		if isSerial(s) {
			c.serials++
		}
		for i := range c.packed {
			if _, ok := packing(i + 1).unpack(s); ok {
				c.packed[i]++
			}
		}
	}
	c.text(s)
}

func (c *column) remember(s string) {
	if len(c.distinct) < maxDistinct {
		if c.distinct == nil {
			c.distinct = map[string]int{}
		}
		if c.distinct[s] == 0 && len(c.samples) < maxSamples {
			c.samples = append(c.samples, strings.Clone(s))
		}
	}
	if _, known := c.distinct[s]; known {
		c.distinct[s]++
	} else if len(c.distinct) < maxDistinct {
		c.distinct[strings.Clone(s)] = 1
	}
}

func (c *column) text(s string) {
	space, small, digit := false, false, false
	for _, r := range s {
		space = space || r == ' '
		small = small || unicode.IsLower(r)
		digit = digit || r >= '0' && r <= '9'
	}
	if digit {
		c.digited++
	}
	if !space && digit {
		c.numbered++
	}
	switch {
	case !space && len(s) <= 20 && (digit || !small):
		c.coded++
	case space || small:
		c.worded++
	}
	if i := strings.IndexByte(s, '@'); i > 0 && strings.IndexByte(s[i:], '.') > 0 {
		c.emails++
	}
	if sideOf(s) != 0 || wayOf(s) != 0 {
		c.sides++
	}
	switch {
	case strings.HasPrefix(s, "41"):
		c.accounts++
	case otherAccount(s):
		c.others++
	}
	if creditNumber(s) {
		c.avoirs++
	}
}

// date recognises a date and counts what it tells of the order of day and month.
func (c *column) date(s string) bool {
	if len(s) < 6 || len(s) > 40 {
		return false
	}
	if a, b, ok := numericDate(s); ok {
		switch {
		case a > 12 && b <= 12:
			c.first.dayFirst++
		case b > 12 && a <= 12:
			c.first.monthFirst++
		case a <= 12 && b <= 12 && a != b:
			c.first.either++
		}
		return a <= 31 && b <= 31
	}
	if isDigits(s) {
		is := len(s) == 8 && (s[:2] == "20" || s[:2] == "19") && monthAndDay(s[4:6], s[6:])
		if is {
			c.compact++
		}
		return is
	}
	if s[0] >= '0' && s[0] <= '9' && len(s) >= 10 && (s[4] == '-' || s[4] == '/' || s[4] == '.') {
		_, err := cal.ParseHuman(s, cal.DayFirst)
		return err == nil
	}
	return strings.ContainsFunc(s, unicode.IsLetter) && strings.ContainsAny(s, "0123456789") &&
		c.dateShapes.holds(s, isDay)
}

// shapes remember what the slower readers made of values of one shape: all the
// days of a month are one, and so are all the amounts before « EUR ».
type shapes map[string]bool

// holds tells whether read takes s, or took another value of its shape.
func (known *shapes) holds(s string, read func(string) bool) bool {
	shape := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, s)
	verdict, ok := (*known)[shape]
	if ok || len(*known) >= maxShapes {
		return verdict
	}
	if *known == nil {
		*known = shapes{}
	}
	verdict = read(s)
	(*known)[shape] = verdict
	return verdict
}

func isDay(s string) bool {
	_, err := cal.ParseHuman(s, cal.DayFirst)
	return err == nil
}

func isAmount(s string) bool {
	return slices.ContainsFunc([]rune{',', '.'}, func(sign rune) bool {
		_, err := money.ParseHuman(s, "", money.Hints{Decimal: sign, Default: dollarOr(s, money.EUR)})
		return err == nil
	})
}

// packing is how the column packs its dates: when most of its values can be read
// so, and the day comes first where both could be.
func (c *column) packing() packing {
	most := packedDMY
	if c.packed[packedYMD-1] > c.packed[packedDMY-1] {
		most = packedYMD
	}
	if c.share(c.packed[most-1]) > 50 {
		return most
	}
	return notPacked
}

// numericDate reads the first two numbers of 03/04/2026 and its kin.
func numericDate(s string) (a, b int, ok bool) {
	a, rest, ok := leading(s)
	if !ok || rest == "" || !strings.ContainsRune("/.-", rune(rest[0])) {
		return 0, 0, false
	}
	sign := rest[0]
	b, rest, ok = leading(rest[1:])
	if !ok || rest == "" || rest[0] != sign {
		return 0, 0, false
	}
	year := rest[1:]
	if i := strings.IndexByte(year, ' '); i > 0 {
		year = year[:i] // a time of day follows
	}
	return a, b, isDigits(year) && (len(year) == 2 || len(year) == 4) && a > 0 && b > 0
}

// leading is the number of one or two digits at the start of s.
func leading(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < 3 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i == 1 || i == 2
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// amount recognises an amount and counts what it tells of the decimal sign.
func (c *column) amount(s string) bool {
	if len(s) > 30 {
		return false
	}
	digits := 0
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			digits++
		case strings.IndexByte(" '+-(),.", b) >= 0 || b >= 0x80:
		default:
			return c.foreign(s)
		}
	}
	if digits == 0 || digits > 16 {
		return false
	}
	if s[0] == '-' || s[0] == '(' || strings.HasSuffix(s, "-") {
		c.negative++
	}
	c.zero = c.zero || strings.Trim(s, "0.,") == ""
	c.decimalOf(s)
	return true
}

// decimalOf counts what an amount tells of the decimal sign.
func (c *column) decimalOf(s string) {
	last, count, other, after := -1, 0, 0, 0
	for i := range len(s) {
		if s[i] != ',' && s[i] != '.' {
			continue
		}
		if last >= 0 && s[last] != s[i] {
			other++
		}
		last = i
		count++
	}
	for i := last + 1; last >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		after++
	}
	switch {
	case last < 0:
	case count > 1 && other == 0:
		c.sure(s[last], false)
	case after == 3 && other == 0 && s[last] == ',':
		c.thousand[0]++
	case after == 3 && other == 0:
		c.thousand[1]++
	default:
		c.sure(s[last], true)
	}
}

// sure notes that sign is the decimal one, or that it is not.
func (c *column) sure(sign byte, decimal bool) {
	if (sign == ',') == decimal {
		c.comma++
	} else {
		c.dot++
	}
}

// foreign is the slower look at an amount with a currency in letters, and at what
// that amount tells of the decimal sign.
func (c *column) foreign(s string) bool {
	if _, _, ok := sided(s); !ok && !c.amountShapes.holds(s, isAmount) {
		return false
	}
	first, last := strings.IndexAny(s, "0123456789"), strings.LastIndexAny(s, "0123456789")
	if first >= 0 {
		c.decimalOf(s[first : last+1])
	}
	return true
}

// share is n of the filled values, in hundredths.
func (c *column) share(n int) int {
	if c.filled == 0 {
		return 0
	}
	return n * 100 / c.filled
}

// suits corrects the score of a guess by what the column holds: a date among
// names is none. Far below zero it is impossible.
func (c *column) suits(f ingest.Field) int {
	const impossible = -1000
	if c.filled == 0 {
		return -20
	}
	switch f {
	case ingest.FieldIssued, ingest.FieldDue, ingest.FieldPaidOn, ingest.FieldBooked, ingest.FieldValue:
		return verdict(c.share(c.dates+c.serials+max(c.packed[0], c.packed[1])), 40, 10, impossible)
	case ingest.FieldTotal, ingest.FieldOpen, ingest.FieldPaid, ingest.FieldNet, ingest.FieldTax,
		ingest.FieldDebit, ingest.FieldCredit, ingest.FieldBalance, ingest.FieldFee:
		return verdict(c.share(c.amounts), 40, 10, impossible)
	case ingest.FieldEmail:
		return verdict(c.share(c.emails), 30, 10, impossible)
	case ingest.FieldSide:
		return verdict(c.share(c.sides), 80, 10, impossible)
	case ingest.FieldCustomerName:
		if c.share(c.dates) > 50 {
			return impossible
		}
		return verdict(c.share(c.worded), 50, 5, -30)
	case ingest.FieldCustomerCode:
		if len(c.distinct) == 1 && c.filled > 2 && c.accounts == c.filled {
			return -40 // a collective account, not a customer
		}
		return verdict(c.share(c.coded), 50, 5, -50)
	case ingest.FieldAccount:
		return verdict(c.share(c.accounts), 50, 5, -50)
	case ingest.FieldVATID:
		return verdict(100-c.share(c.amounts), 50, 0, impossible)
	case ingest.FieldSIREN, ingest.FieldSIRET:
		return verdict(c.share(c.coded+c.amounts), 30, 0, impossible)
	case ingest.FieldNumber:
		if c.share(c.dates-c.compact) > 50 {
			return impossible
		}
		return verdict(c.share(c.digited), 50, 0, -60)
	case ingest.FieldCurrency:
		if plainName(c.name) == "code" && !c.currencies() {
			return impossible // of operations, not of money
		}
	case ingest.FieldInvoice, ingest.FieldType, ingest.FieldStatus, ingest.FieldLabel:
		return verdict(100-c.share(c.dates-c.compact), 50, 0, impossible)
	}
	return 0
}

// verdict is yes where the share reaches its threshold, else no.
func verdict(share, threshold, yes, no int) int {
	if share >= threshold {
		return yes
	}
	return no
}

// currencies tells whether all values are codes of currencies.
func (c *column) currencies() bool {
	for value := range c.distinct {
		if !money.Currency(strings.ToUpper(value)).Valid() {
			return false
		}
	}
	return true
}
