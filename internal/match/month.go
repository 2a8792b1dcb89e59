package match

import (
	"time"

	"acquit/internal/cal"
)

// month is a month of a year, as a label names it.
type month struct {
	year  int
	month time.Month
}

// holds tells whether a day is in the month.
func (m month) holds(d cal.Date) bool {
	if d.IsZero() {
		return false
	}
	y, of, _ := d.Date()
	return y == m.year && of == m.month
}

// inMonth is what the months that a label names say for an item: it was issued in
// one of them, due in one, or neither.
func (r *reader) inMonth(it *item) weight {
	if len(r.months) == 0 {
		return 0
	}
	w := weight(-200)
	for _, m := range r.months {
		switch {
		case m.holds(it.issued):
			return 40
		case m.holds(it.due):
			w = 0
		}
	}
	return w
}

var monthNames = map[string]time.Month{
	"JANVIER": 1, "JANV": 1, "JAN": 1, "FEVRIER": 2, "FEVR": 2, "FEV": 2, "MARS": 3, "AVRIL": 4, "AVR": 4, "MAI": 5,
	"JUIN": 6, "JUILLET": 7, "JUIL": 7, "AOUT": 8, "SEPTEMBRE": 9, "SEPT": 9, "OCTOBRE": 10, "OCT": 10,
	"NOVEMBRE": 11, "NOV": 11, "DECEMBRE": 12, "DEC": 12,
}

// maxMonths bounds the months that one label names.
const maxMonths = 4

// months are those that the text names: « AOUT », « AOUT 2026 », « 08/2026 »,
// « 08-26 »; without a year, the last such month before the entry's day.
func (t *text) months(dst []month, on cal.Date) []month {
	for i := range t.atoms {
		m, year := t.monthAt(i)
		if m == 0 || len(dst) == maxMonths || on.IsZero() {
			continue
		}
		if year == 0 {
			y, now, _ := on.Date()
			year = y
			if m > now {
				year--
			}
		}
		dst = append(dst, month{year, m})
	}
	return dst
}

// monthAt is the month that an atom begins, and its year where it tells one.
func (t *text) monthAt(i int) (time.Month, int) {
	if !t.atoms[i].digits {
		m := monthNames[string(t.of(i))]
		if m == 0 || i+1 == len(t.atoms) || !t.atoms[i+1].digits {
			return m, 0
		}
		return m, asFullYear(t.of(i + 1))
	}
	m := atoi(t.of(i))
	if len(t.of(i)) > 2 || m < 1 || m > 12 || i+1 == len(t.atoms) || !t.atoms[i+1].digits || t.atoms[i].noise >= aDate {
		return 0, 0
	}
	if gap := string(t.gap(i)); gap != "/" && gap != "-" && gap != "." || i > 0 && t.beside(i-1, i) {
		return 0, 0
	}
	year := asFullYear(t.of(i + 1))
	if year == 0 || i+2 < len(t.atoms) && t.beside(i+1, i+2) {
		return 0, 0
	}
	return time.Month(m), year
}

// asFullYear is the year of two or four digits, 0 for none.
func asFullYear(d []byte) int {
	v := atoi(d)
	switch {
	case len(d) == 4 && v >= 1990 && v <= 2099:
		return v
	case len(d) == 2 && v >= 20 && v <= 60:
		return 2000 + v
	}
	return 0
}
