package limitation

import (
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
)

func words(fr, en string) i18n.Words { return i18n.Words{FR: fr, EN: en} }

// In is what happened, in words.
func (e Event) In(l i18n.Lang) string {
	if e.Source == FromPromise {
		return words("promesse de règlement", "promise to pay").In(l)
	}
	if e.Source == FromPlan {
		return words("échéancier accordé", "instalment plan agreed").In(l)
	}
	if e.Count > 1 {
		noun := i18n.Noun{
			One: words("relance", "reminder"), Many: words("relances, la dernière", "reminders, the last"),
		}
		return noun.Count(l, e.Count)
	}
	return fr.EventWords(e.Type).In(l)
}
