package cal

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/fault"
)

// Order is how a file writes dates of the form 03/04/2026.
type Order int

// The two orders; the French one is the default.
const (
	DayFirst   Order = iota // 3 April 2026
	MonthFirst              // 4 March 2026
)

// What a date in a ledger may be; the rest is a wrong column or a mistyped year.
const (
	minYear      = 1900
	maxYear      = 2199
	pivotYear    = 80 // of two digits: 79 is 2079, 80 is 1980
	maxHumanDate = 64 // bytes
)

// Serial numbers of spreadsheets that are taken for dates: five digits, from
// October 1954 to 2173. Shorter ones are more likely to be something else.
const (
	minSerial = 20_000
	maxSerial = 99_999
)

// ParseHuman reads a day as people and programs write it: 22/11/2026, 22.11.26,
// 2026-11-22, 20261122, 22 nov. 2026, 1er décembre 2026, "Nov 22, 2026", with a
// time of day or not, or a spreadsheet's serial number (46348). Only o decides
// between day and month. A day that does not exist is an error, never the next.
func ParseHuman(s string, o Order) (Date, error) {
	if len(s) > maxHumanDate {
		return 0, fault.Invalidf("date", "texte trop long pour une date\u00a0: «\u00a0%.20s…\u00a0»", s)
	}
	text := timeOfDay.ReplaceAllString(strings.TrimSpace(plainDate(s)), "")
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return civil(s, m[1], m[2], m[3])
	}
	if m := slashDate.FindStringSubmatch(text); m != nil {
		if o == MonthFirst {
			m[1], m[3] = m[3], m[1]
		}
		return civil(s, m[4], m[3], m[1])
	}
	if m := compactDate.FindStringSubmatch(text); m != nil {
		return civil(s, m[1], m[2], m[3])
	}
	if m := dayMonthName.FindStringSubmatch(text); m != nil {
		return named(s, m[3], m[2], m[1])
	}
	if m := monthNameDay.FindStringSubmatch(text); m != nil {
		return named(s, m[3], m[1], m[2])
	}
	if n, err := strconv.Atoi(serialFraction.ReplaceAllString(text,
		"")); err == nil && n >= minSerial && n <= maxSerial {
		return FromSerial(n), nil
	}
	return 0, unreadable(s)
}

// FromSerial is the day of a spreadsheet's serial number in the 1900 system: 1 is
// 1 January 1900, and 60, a day that never was, is taken for 28 February.
func FromSerial(n int) Date {
	if n < 60 {
		n++
	}
	return On(1899, time.December, 30).Add(n)
}

var (
	timeOfDay = regexp.MustCompile(
		`[t ]\s*[0-9]{1,2}(:|h)[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?( ?(am|pm))?( ?(z|utc|[+-][0-9]{2}:?[0-9]{2}))?$`)
	isoDate = regexp.MustCompile(
		`^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:z|[+-][0-9]{2}:[0-9]{2})?$`)
	slashDate    = regexp.MustCompile(`^([0-9]{1,2})([-/. ])([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})$`)
	compactDate  = regexp.MustCompile(`^((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})$`)
	dayMonthName = regexp.MustCompile(
		`^` + weekdayName + `([0-9]{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})$`)
	monthNameDay = regexp.MustCompile(
		`^` + weekdayName + `([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})$`)
	serialFraction = regexp.MustCompile(`\.[0-9]+$`)
)

// weekdayName may come first; it is not checked against the day.
const weekdayName = `(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|` +
	`dimanche|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,? )?`

// monthNames are the French and English months without accents, whole and short.
var monthNames = map[string]time.Month{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1,
	"fevrier": 2, "fevr": 2, "fev": 2, "february": 2, "feb": 2,
	"mars": 3, "march": 3, "mar": 3,
	"avril": 4, "avr": 4, "april": 4, "apr": 4,
	"mai": 5, "may": 5,
	"juin": 6, "june": 6, "jun": 6,
	"juillet": 7, "juil": 7, "july": 7, "jul": 7,
	"aout": 8, "august": 8, "aug": 8,
	"septembre": 9, "sept": 9, "sep": 9, "september": 9,
	"octobre": 10, "oct": 10, "october": 10,
	"novembre": 11, "nov": 11, "november": 11,
	"decembre": 12, "dec": 12, "december": 12,
}

// plainDate is s in small letters, without accents, with plain single spaces.
func plainDate(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func named(text, year, month, day string) (Date, error) {
	m, ok := monthNames[month]
	if !ok {
		return 0, unreadable(text)
	}
	return civil(text, year, strconv.Itoa(int(m)), day)
}

// civil is the day of these digits, which must exist.
func civil(text, year, month, day string) (Date, error) {
	y, err := strconv.Atoi(year)
	if err != nil {
		return 0, unreadable(text)
	}
	m, err := strconv.Atoi(month)
	if err != nil {
		return 0, unreadable(text)
	}
	d, err := strconv.Atoi(day)
	if err != nil {
		return 0, unreadable(text)
	}
	switch {
	case len(year) == 2 && y < pivotYear:
		y += 2000
	case len(year) == 2:
		y += 1900
	}
	if y < minYear || y > maxYear {
		return 0, fault.Invalidf("date", "«\u00a0%s\u00a0»\u00a0: l’année %d n’est pas plausible", text, y)
	}
	if m < 1 || m > 12 {
		return 0, &fault.Invalid{
			Field:   "date",
			Message: "«\u00a0" + text + "\u00a0»\u00a0: il n’y a pas de mois " + strconv.Itoa(m),
			Mend:    "vérifiez l’ordre du jour et du mois",
		}
	}
	if last := On(y, time.Month(m)+1, 0); d < 1 || d > last.day() {
		return 0, fault.Invalidf("date", "«\u00a0%s\u00a0»\u00a0: le %d %s %d n’existe pas", text, d,
			frenchMonths[m-1], y)
	}
	return On(y, time.Month(m), d), nil
}

func (d Date) day() int {
	_, _, day := d.Date()
	return day
}

func unreadable(s string) error {
	return &fault.Invalid{
		Field:   "date",
		Message: "«\u00a0" + s + "\u00a0» n’est pas une date lisible",
		Mend:    "par exemple\u00a0: 22/11/2026 ou 2026-11-22",
	}
}
