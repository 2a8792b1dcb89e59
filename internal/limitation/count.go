package limitation

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/law"
	"acquit/internal/law/fr"
)

// Count counts the time of a claim as of a day, for a creditor of that trade. The
// safe end starts from the supply, or the invoice where nobody dated it, and leaves
// out what rests on a reading; the possible one starts from the due date where that
// is later (C. civ. 2233) and takes it in.
func Count(l *fr.Law, c Claim, trade string, day cal.Date) (Clock, error) {
	k := Clock{Claim: c, From: c.Own.Performed, Assumed: c.Own.Performed.IsZero()}
	if k.Assumed {
		k.From = c.Issued
	}
	kind, err := c.kindOf(l, trade)
	if err != nil {
		return k, err
	}
	slices.SortStableFunc(k.Events, func(a, b Event) int { return int(a.On - b.On) })
	safe, err := l.LimitationAgreed(kind, c.months(), k.From, day, events(k.Events, Event.certain)...)
	if err != nil {
		return k, err
	}
	ended, err := l.LimitationAgreed(kind, c.months(), k.From, day, events(k.Events, Event.certainOrEnds)...)
	if err != nil {
		return k, err
	}
	if ended.Expires < safe.Expires {
		safe = ended
	}
	likely, err := l.LimitationAgreed(kind, c.months(), max(k.From, c.Due), day, events(k.Events, Event.likely)...)
	if err != nil {
		return k, err
	}
	k.Kind, k.Safe, k.Possible = safe.Kind, safe.Expires, max(likely.Expires, safe.Expires)
	k.Halted = safe.Halted
	k.Findings = k.about(safe)
	k.told(safe, likely)
	return k, nil
}

// certain tells whether an event belongs to the safe count.
func (e Event) certain() bool { return e.Certainty != Reading }

// ends are the events that end an interruption or a suspension: to leave one out for
// doubt could give time that is not there, so the safe count is the shorter one.
var ends = []fr.EventType{fr.CourtEnd, fr.CourtVoid, fr.MediationEnd}

func (e Event) certainOrEnds() bool { return e.certain() || slices.Contains(ends, e.Type) }

// likely tells whether it belongs to the possible count.
func (e Event) likely() bool { return e.Certainty != Reading || e.Type != fr.CourtVoid }

func events(list []Event, counts func(Event) bool) []fr.Event {
	var all []fr.Event
	for _, e := range list {
		if counts(e) {
			all = append(all, fr.Event{On: e.On, Type: e.Type})
		}
	}
	return all
}

// about are the findings that belong to no event.
func (c *Clock) about(safe fr.Limitation) []law.Finding {
	ofEvents := map[law.Finding]bool{}
	for _, e := range safe.Effects {
		for _, f := range e.Findings {
			ofEvents[f] = true
		}
	}
	var list []law.Finding
	for _, f := range safe.Findings {
		if !ofEvents[f] {
			list = append(list, f)
		}
	}
	if c.Assumed {
		list = append(list, law.Finding{
			Code: "start_assumed", Severity: law.Doubt, Source: "Cass. com. 26 février 2020, n° 18-25.036",
			Text: words(
				"compté de la date de facture\u00a0: le délai court de la livraison ou de la fin de la prestation, qui peut la précéder",
				"counted from the day of issue: the period runs from the delivery or the end of the service, which may come before it"),
		})
	}
	return list
}

// told sets each event beside what it does: in the safe count where it is certain,
// else in the possible one.
func (c *Clock) told(safe, likely fr.Limitation) {
	take := func(effects *[]fr.Effect, e Event) (fr.Effect, bool) {
		i := slices.IndexFunc(*effects, func(f fr.Effect) bool { return f.Event == fr.Event{On: e.On, Type: e.Type} })
		if i < 0 {
			return fr.Effect{}, false
		}
		found := (*effects)[i]
		*effects = slices.Delete(slices.Clone(*effects), i, i+1)
		return found, true
	}
	certain, possible := safe.Effects, likely.Effects
	for _, e := range c.Events {
		effect, ok := take(&certain, e)
		if other, also := take(&possible, e); !e.certain() {
			effect, ok = other, also
		}
		t := Told{Event: e, Findings: effect.Findings}
		if !ok {
			t.Findings = []law.Finding{void}
		}
		t.Counts = slices.ContainsFunc(t.Findings, moves)
		c.Told = append(c.Told, t)
	}
}

// moves tells whether a finding says that the end moved.
func moves(f law.Finding) bool { return f.Code == "interrupted" || f.Code == "suspended" }

var void = law.Finding{
	Code: "void", Severity: law.Remark, Source: "C. civ. art. 2243",
	Text: words("sans effet\u00a0: la demande a été retirée, déclarée caduque ou rejetée",
		"no effect: the claim was withdrawn, lapsed or was dismissed"),
}
