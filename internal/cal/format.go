package cal

import (
	"strconv"
	"time"
)

var (
	frenchMonths = [...]string{
		"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre",
	}
	frenchShort = [...]string{ // as CLDR abbreviates them
		"janv.", "févr.", "mars", "avr.", "mai", "juin",
		"juil.", "août", "sept.", "oct.", "nov.", "déc.",
	}
	frenchDays = [...]string{
		"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
	}
)

// Long is the day in letters: 22 novembre 2026 and 1er décembre 2026 in "fr", 22
// November 2026 in any other language.
func (d Date) Long(lang string) string {
	return d.inWords(lang, frenchMonths, func(m time.Month) string { return m.String() })
}

// Short is the day for a table: 22 nov. 2026 in "fr", 22 Nov 2026 in any other
// language.
func (d Date) Short(lang string) string {
	return d.inWords(lang, frenchShort, func(m time.Month) string { return m.String()[:3] })
}

func (d Date) inWords(lang string, french [12]string, english func(time.Month) string) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Date()
	name, number := english(m), strconv.Itoa(day)
	if lang == "fr" {
		name = french[m-1]
		if day == 1 {
			number = "1er"
		}
	}
	return number + " " + name + " " + strconv.Itoa(y)
}

// Numeric is 22/11/2026, day first in both languages.
func (d Date) Numeric() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("02/01/2006")
}

// DayName is dimanche in "fr", Sunday in any other language.
func (d Date) DayName(lang string) string {
	if lang == "fr" {
		return frenchDays[d.Weekday()]
	}
	return d.Weekday().String()
}

// MonthName is novembre in "fr", November in any other language.
func MonthName(m time.Month, lang string) string {
	if lang == "fr" && m >= time.January && m <= time.December {
		return frenchMonths[m-1]
	}
	return m.String()
}
