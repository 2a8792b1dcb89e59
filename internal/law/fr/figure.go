package fr

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// Figure is one value of a rate or parameter, and the days on which it holds.
type Figure struct {
	Key      string
	Value    string // in its unit: "1000"
	Unit     string // bp, cents, days, months, x, bool, answer or date
	From, To cal.Date
	Fact
}

// Label is what a figure is, in words.
func Label(key string) i18n.Words {
	if w, ok := figureWords[key]; ok {
		return w
	}
	return i18n.Words{FR: key, EN: key}
}

// Periodic tells whether a key is a rate that is published for each semester.
func Periodic(key string) bool { return slices.Contains(rateKeys, RateKey(key)) }

// Semester is the half-year of a rate: 2026-S2; nothing for a parameter.
func (f Figure) Semester() string {
	if Periodic(f.Key) {
		return Semester(f.From)
	}
	return ""
}

// Figures are all rates, the newest first, and all parameters in the order of
// their file.
func (l *Law) Figures() []Figure {
	var list []Figure
	for _, key := range rateKeys {
		semesters := slices.Sorted(maps.Keys(l.rates[key]))
		slices.Reverse(semesters)
		for _, s := range semesters {
			r := l.rates[key][s]
			list = append(list, Figure{
				Key: string(key), Value: fmt.Sprint(r.bp), Unit: "bp", From: anchor(s),
				To: semesterEnd(anchor(s)), Fact: r.Fact,
			})
		}
	}
	for _, key := range l.keys {
		for _, p := range l.parameters[key] {
			list = append(list, Figure{Key: key, Value: p.value, Unit: p.unit, From: p.from, To: p.to, Fact: p.Fact})
		}
	}
	return list
}

// UnitOf is the unit in which a key's values are written, or a fault.NotFound.
func (l *Law) UnitOf(key string) (string, error) {
	if Periodic(key) {
		return "bp", nil
	}
	if held := l.parameters[key]; len(held) > 0 {
		return held[len(held)-1].unit, nil
	}
	return "", fault.NotFound("paramètre légal «\u00a0%.60s\u00a0»", key)
}

// semesterEnd is the last day of a day's half-year.
func semesterEnd(day cal.Date) cal.Date {
	y, m, _ := day.Date()
	if m <= 6 {
		return cal.On(y, 6, 30)
	}
	return cal.On(y, 12, 31)
}

// Check says what keeps a figure from replacing or adding one, and sets its unit;
// a rate is that of the whole semester of its first day. One without a value takes
// back what replaced the shipped figure on the same first day.
func (l *Law) Check(f Figure) (Figure, error) {
	unit, err := l.UnitOf(f.Key)
	if err != nil {
		return f, err
	}
	f.Unit = unit
	if Periodic(f.Key) {
		if f.From == 0 {
			return f, fault.Invalidf("semester", "il manque le semestre, tel que 2027-S1")
		}
		f.From = anchor(Semester(f.From))
		f.To = semesterEnd(f.From)
	}
	switch {
	case f.To != 0 && f.To < f.From:
		return f, fault.Invalidf("to", "la validité finit avant de commencer")
	case f.Value != "" && !units[unit].MatchString(f.Value):
		return f, fault.Invalidf("value", "«\u00a0%.40s\u00a0» n’est pas une valeur en «\u00a0%s\u00a0»", f.Value, unit)
	case unit == "date" && f.Value != "":
		if _, err := cal.Parse(f.Value); err != nil {
			return f, fault.Invalidf("value", "ce jour ne se lit pas")
		}
	case unit == "bp" && len(f.Value) > maxRateDigits:
		return f, fault.Invalidf("value", "ce taux dépasse 1000\u202f%%")
	}
	return f, nil
}

// maxRateDigits bounds a rate in basis points: 999.99 %.
const maxRateDigits = 5

// With is the law with other figures laid over its own, each for its days, in the
// order in which they came: the later wins. l stays as it is.
func (l *Law) With(figures ...Figure) (*Law, error) {
	if len(figures) == 0 {
		return l, nil
	}
	over := *l
	over.parameters = maps.Clone(l.parameters)
	over.rates = make(map[RateKey]map[string]published, len(l.rates))
	for key, list := range l.rates {
		over.rates[key] = maps.Clone(list)
	}
	for _, f := range inForce(figures) {
		f, err := l.Check(f)
		if err != nil {
			return nil, err
		}
		p := parameter{value: f.Value, unit: f.Unit, from: f.From, to: f.To, Fact: f.Fact}
		if Periodic(f.Key) {
			over.rates[RateKey(f.Key)][Semester(f.From)] = published{p.number(), f.Fact}
			continue
		}
		over.parameters[f.Key] = append([]parameter{p}, over.parameters[f.Key]...)
	}
	return &over, nil
}

// inForce leaves out the figures that a later one for the same first day replaces
// or takes back.
func inForce(figures []Figure) []Figure {
	var list []Figure
	for _, f := range figures {
		list = slices.DeleteFunc(list, func(o Figure) bool { return o.Key == f.Key && o.From == f.From })
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}

var semesterWords = regexp.MustCompile(`^(\d{4})\s*-?\s*[Ss]\s*([12])$`)

// SemesterStart is the first day of a half-year as people write it: 2027-S1.
func SemesterStart(text string) (cal.Date, error) {
	m := semesterWords.FindStringSubmatch(text)
	if m == nil {
		return 0, fault.Invalidf("semester", "«\u00a0%.20s\u00a0» n’est pas un semestre de la forme 2027-S1", text)
	}
	return anchor(m[1] + "-S" + m[2]), nil
}
