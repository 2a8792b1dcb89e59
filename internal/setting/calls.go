package setting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acquit/internal/fault"
)

// Hours are the spans of a day in which people are called, in order.
type Hours []Span

// Span is a part of a day: from its first minute until its end, excluded.
type Span struct{ From, Until TimeOfDay }

// Within tells whether a time of day lies in one of the spans.
func (h Hours) Within(t TimeOfDay) bool {
	return slices.ContainsFunc(h, func(s Span) bool { return s.From <= t && t < s.Until })
}

// String is 09:00-12:00 14:00-18:00.
func (h Hours) String() string {
	parts := make([]string, len(h))
	for i, s := range h {
		parts[i] = s.From.String() + "-" + s.Until.String()
	}
	return strings.Join(parts, " ")
}

// parseHours reads 9:00-12:00 14:00-18:00.
func parseHours(s string) (Hours, error) {
	var list Hours
	wrong := &fault.Invalid{
		Message: fmt.Sprintf("«\u00a0%.60s\u00a0» ne sont pas des heures", s), Mend: "par exemple 9:00-12:00 14:00-18:00",
	}
	for word := range strings.FieldsSeq(s) {
		from, until, ok := strings.Cut(word, "-")
		a, err := time.Parse("15:04", from)
		b, err2 := time.Parse("15:04", until)
		span := Span{Of(a), Of(b)}
		if !ok || err != nil || err2 != nil || span.From >= span.Until {
			return nil, wrong
		}
		if n := len(list); n > 0 && span.From < list[n-1].Until {
			return nil, wrong
		}
		list = append(list, span)
	}
	if len(list) == 0 {
		return nil, wrong
	}
	return list, nil
}

func hours(d Definition) Key[Hours] {
	d.Kind = KindText
	return key(d, parseHours, func(s string) (string, error) {
		h, err := parseHours(s)
		return h.String(), err
	})
}

// The settings of calls. No French text fixes hours for calls about a debt: these
// are prudent ones.
var (
	CallHours = hours(Definition{
		Name: "call_hours", Group: GroupCalls, Default: "09:00-12:00 14:00-18:00",
		Label: say("Heures d’appel des professionnels", "Hours to call businesses"),
		Help: say(
			"Les jours ouvrés. Aucun texte ne fixe d’heures pour un appel de recouvrement : hors de ces heures, la page "+
				"d’appel avertit et n’empêche rien.",
			"On working days. No law sets hours for collection calls: outside these hours the call page warns and forbids "+
				"nothing.",
		),
	})
	CallHoursConsumer = hours(Definition{
		Name: "call_hours_consumer", Group: GroupCalls, Default: "10:00-13:00 14:00-20:00",
		Label: say("Heures d’appel des particuliers", "Hours to call consumers"),
		Help: say(
			"Par prudence, celles du démarchage (décret 2022-1313) ; jamais le samedi, le dimanche ni un jour férié.",
			"By prudence those of telephone sales in France (decree 2022-1313); never on Saturdays, Sundays or holidays.",
		),
	})
	CallAttempts = whole(Definition{
		Name: "call_attempts", Group: GroupCalls, Default: "3",
		Label: say("Appels sans réponse", "Unanswered calls"), Unit: say("au plus", "at most"),
		Help: say(
			"Après autant d’appels sans réponse pour une même étape, elle est faite et le scénario continue.",
			"After so many unanswered calls for one step, it is done and the scenario goes on.",
		),
	}, 1, 10)
	CallAgain = whole(Definition{
		Name: "call_again", Group: GroupCalls, Default: "1", Unit: say("jours ouvrés", "working days"),
		Label: say("Rappeler après un appel sans réponse", "Call again after an unanswered call"),
	}, 1, 10)
	CallBackLimit = whole(Definition{
		Name: "call_back_limit", Group: GroupCalls, Default: "10", Unit: say("jours", "days"),
		Label: say("Rappel demandé par le client : au plus tard", "Call back asked for by the customer: at the latest"),
		Help: say(
			"Le scénario attend ce rappel.",
			"The scenario waits for that call.",
		),
	}, 1, 60)
)

// The limits of negotiation.
var (
	PlanMonthsWork = whole(Definition{
		Name: "plan_months_work", Group: GroupCalls, Default: "6", Unit: say("mois", "months"),
		Label: say("Échéancier le plus long : chargé de relance", "Longest plan: a collector"),
		Help: say(
			"De l’accord à la dernière échéance. Au-delà, il faut le droit de gérer.",
			"From the agreement to the last instalment. Beyond, the right to manage is needed.",
		),
	}, 0, 120)
	PlanCountWork = whole(Definition{
		Name: "plan_count_work", Group: GroupCalls, Default: "6", Unit: say("échéances", "instalments"),
		Label: say("Nombre d’échéances : chargé de relance", "Number of instalments: a collector"),
	}, 0, 120)
	PlanMonthsManage = whole(Definition{
		Name: "plan_months_manage", Group: GroupCalls, Default: "24", Unit: say("mois", "months"),
		Label: say("Échéancier le plus long : gestionnaire", "Longest plan: a manager"),
		Help: say(
			"Deux ans est ce qu’un juge peut accorder (C. civ. art. 1343-5).",
			"Two years is what a French court may grant (C. civ. art. 1343-5).",
		),
	}, 0, 120)
	PlanCountManage = whole(Definition{
		Name: "plan_count_manage", Group: GroupCalls, Default: "24", Unit: say("échéances", "instalments"),
		Label: say("Nombre d’échéances : gestionnaire", "Number of instalments: a manager"),
	}, 0, 120)
	DiscountWork = whole(Definition{
		Name: "discount_work", Group: GroupCalls, Default: "0", Unit: say("% de la somme", "% of the sum"),
		Label: say("Remise la plus forte : chargé de relance", "Largest discount: a collector"),
		Help: say(
			"Sur le principal, les intérêts ou l’indemnité, chacun compté à part. 0 : aucune.",
			"On the principal, interest or compensation, each counted apart. 0: none.",
		),
	}, 0, 100)
	DiscountManage = whole(Definition{
		Name: "discount_manage", Group: GroupCalls, Default: "100", Unit: say("% de la somme", "% of the sum"),
		Label: say("Remise la plus forte : gestionnaire", "Largest discount: a manager"),
	}, 0, 100)
)
