package call

import (
	"regexp"
	"time"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// private are words of what is nobody's business in a debtor's file: health,
// family, beliefs, offences (GDPR art. 9 and 10; CNIL, délibération 2021-130).
var private = regexp.MustCompile(`(?i)(^|\P{L})(maladie|malade|cancer|d[ée]pression|burn.?out|h[ôo]pital|hospitalis\p{L}*|handicap\p{L}*|` +
	`enceinte|grossesse|divorc\p{L}*|veuve?|d[ée]c[èe]s|deuil|religion|musulman\p{L}*|juive?|catholique|syndica\p{L}*|prison|` +
	`alcool\p{L}*|drogu\p{L}*|illness|pregnan\p{L}*|depress\p{L}*|hospital|divorced?|religio\p{L}*|jail)(\P{L}|$)`)

// Private is the first word of a note that should not stand in a file about a
// debt, or nothing.
func Private(note string) string {
	if found := private.FindStringSubmatch(note); found != nil {
		return found[2]
	}
	return ""
}

// NoteAdvice says how to write a note.
var NoteAdvice = i18n.Words{
	FR: "Des faits seulement : ce qui a été dit de la dette. Rien sur la santé, la famille ou les opinions : le client peut demander à lire cette note.",
	EN: "Facts only: what was said about the debt. Nothing about health, family or opinions: the customer may ask to read this note.",
}

// Untimely says why now is not a good moment to call, or nothing. Nothing forbids
// it: no text sets hours for calls about a debt; repeated ones at odd hours may be
// harassment (C. pén. 222-16, C. conso. L121-6).
func Untimely(v setting.Values, c *cal.Calendar, kind customer.Kind, now time.Time) i18n.Words {
	day, hours := cal.Of(now), setting.CallHours.In(v)
	if kind == customer.Consumer {
		hours = setting.CallHoursConsumer.In(v)
	}
	switch {
	case !c.IsOpen(day):
		return i18n.Words{
			FR: "Aujourd’hui n’est pas un jour ouvré : mieux vaut appeler le " + c.NextOpen(day).Long("fr") + ".",
			EN: "Today is no working day: better call on " + c.NextOpen(day).Long("en") + ".",
		}
	case !hours.Within(setting.Of(now)):
		return i18n.Words{
			FR: "Il est " + setting.Of(now).String() + " : vos heures d’appel sont " + hours.String() + ".",
			EN: "It is " + setting.Of(now).String() + ": your calling hours are " + hours.String() + ".",
		}
	}
	return i18n.Words{}
}
