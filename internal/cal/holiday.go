package cal

import (
	"slices"
	"strings"
	"time"

	"acquit/internal/fault"
)

// Region is a part of France with its own public holidays.
type Region string

// The regions. French Polynesia and Wallis-et-Futuna are not among them: their
// lists are set by local texts that have changed lately.
const (
	Metropole             Region = "metropole"
	AlsaceMoselle         Region = "alsace-moselle"
	Guadeloupe            Region = "guadeloupe"
	Martinique            Region = "martinique"
	Guyane                Region = "guyane"
	Reunion               Region = "reunion"
	Mayotte               Region = "mayotte"
	SaintBarthelemy       Region = "saint-barthelemy"
	SaintMartin           Region = "saint-martin"
	SaintPierreEtMiquelon Region = "saint-pierre-et-miquelon"
	NouvelleCaledonie     Region = "nouvelle-caledonie"
)

// Regions are all of them, in the order of a form.
func Regions() []Region {
	return []Region{
		Metropole, AlsaceMoselle, Guadeloupe, Martinique, Guyane, Reunion, Mayotte,
		SaintBarthelemy, SaintMartin, SaintPierreEtMiquelon, NouvelleCaledonie,
	}
}

// ParseRegion reads the name of a region; nothing is metropolitan France.
func ParseRegion(s string) (Region, error) {
	if s == "" {
		return Metropole, nil
	}
	if r := Region(s); slices.Contains(Regions(), r) {
		return r, nil
	}
	var names []string
	for _, r := range Regions() {
		names = append(names, string(r))
	}
	return "", &fault.Invalid{
		Field:   "region",
		Message: "région inconnue\u00a0: «\u00a0" + s + "\u00a0»",
		Mend:    "au choix\u00a0: " + strings.Join(names, ", "),
	}
}

// Name is the region as the screen shows it, in French.
func (r Region) Name() string {
	switch r {
	case AlsaceMoselle:
		return "Alsace-Moselle"
	case Guadeloupe:
		return "Guadeloupe"
	case Martinique:
		return "Martinique"
	case Guyane:
		return "Guyane"
	case Reunion:
		return "La Réunion"
	case Mayotte:
		return "Mayotte"
	case SaintBarthelemy:
		return "Saint-Barthélemy"
	case SaintMartin:
		return "Saint-Martin"
	case SaintPierreEtMiquelon:
		return "Saint-Pierre-et-Miquelon"
	case NouvelleCaledonie:
		return "Nouvelle-Calédonie"
	}
	return "France métropolitaine"
}

// Holiday is a public holiday with its French name.
type Holiday struct {
	On   Date
	Name string
}

// holidays are the public holidays of r in a year, by date: the eleven of Code
// du travail L3133-1 and what the region adds.
func (r Region) holidays(year int) []Holiday {
	easter := easter(year)
	days := []Holiday{
		{On(year, time.January, 1), "jour de l’An"},
		{easter.Add(1), "lundi de Pâques"},
		{On(year, time.May, 1), "fête du Travail"},
		{On(year, time.May, 8), "victoire de 1945"},
		{easter.Add(39), "Ascension"},
		{easter.Add(50), "lundi de Pentecôte"},
		{On(year, time.July, 14), "fête nationale"},
		{On(year, time.August, 15), "Assomption"},
		{On(year, time.November, 1), "Toussaint"},
		{On(year, time.November, 11), "armistice de 1918"},
		{On(year, time.December, 25), "Noël"},
	}
	days = append(days, r.own(year, easter)...)
	slices.SortStableFunc(days, func(a, b Holiday) int { return int(a.On) - int(b.On) })
	return days
}

// own is what a region adds: in Alsace-Moselle Good Friday and 26 December (Code
// du travail L3134-13; Good Friday where there is a Protestant church), overseas
// the day that slavery was abolished (L3422-2), in New Caledonia its own day.
// Days kept by usage, such as 21 July in the Antilles, are a company's closures.
func (r Region) own(year int, easter Date) []Holiday {
	const abolition = "abolition de l’esclavage"
	switch r {
	case AlsaceMoselle:
		return []Holiday{
			{easter.Add(-2), "Vendredi saint"},
			{On(year, time.December, 26), "Saint-Étienne"},
		}
	case Guadeloupe:
		return []Holiday{{On(year, time.May, 27), abolition}}
	case Martinique:
		return []Holiday{{On(year, time.May, 22), abolition}}
	case Guyane:
		return []Holiday{{On(year, time.June, 10), abolition}}
	case Reunion:
		return []Holiday{{On(year, time.December, 20), abolition}}
	case Mayotte:
		return []Holiday{{On(year, time.April, 27), abolition}}
	case SaintBarthelemy:
		return []Holiday{{On(year, time.October, 9), abolition}}
	case SaintMartin:
		if year < 2018 { // 27 May in the code; 28 May by yearly circulars since 2018
			return []Holiday{{On(year, time.May, 27), abolition}}
		}
		return []Holiday{{On(year, time.May, 28), abolition}}
	case NouvelleCaledonie:
		return []Holiday{{On(year, time.September, 24), "fête de la Citoyenneté"}}
	}
	return nil
}

// easter is Easter Sunday of a Gregorian year (Meeus, Jones and Butcher).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	e := (32 + 2*(b%4) + 2*(c/4) - d - c%4) % 7
	n := d + e - 7*((a+11*d+22*e)/451) + 114
	return On(year, time.Month(n/31), n%31+1)
}
