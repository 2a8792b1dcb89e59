package fr

import (
	"fmt"
	"io/fs"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law"
)

// UnknownKind is a claim whose sort nobody has told: the shortest plausible period
// then serves as an alert.
const UnknownKind = "unknown"

// LimitationKind is a sort of claim and the time to sue for it.
type LimitationKind struct {
	Key     string
	Label   i18n.Words
	Months  int
	Fact    Fact
	newYear bool   // the time runs from 1 January after the day
	letters string // which letters interrupt: no, registered, or yes for any that is written
	open    bool   // a contract may set another period (C. civ. 2254)
	agreed  bool   // and one has
}

// Letters tells whether a letter or e-mail that is not registered interrupts, and
// whether a registered one or a formal notice does.
func (k LimitationKind) Letters() (plain, registered bool) {
	return k.letters == "yes", k.letters != "no"
}

// Agreed is the kind with the period that a contract has set, one year to ten
// (C. civ. 2254). Consumers (C. conso. L218-1), public bodies, rents and what is
// paid by the year or oftener (2254 al. 3) have none but the law's.
func (l *Law) Agreed(kind string, months int) (LimitationKind, error) {
	k, err := l.LimitationKind(kind)
	if err != nil || months == 0 {
		return k, err
	}
	least, most := l.months("limitation_agreed_min"), l.months("limitation_agreed_max")
	switch {
	case !k.open:
		return k, &fault.Invalid{
			Field: "months", Message: "la durée légale ne se change pas par contrat (" + k.Label.FR + ")",
			Mend: "C. civ. art. 2254, C. conso. art. L218-1",
		}
	case months < least || months > most:
		return k, &fault.Invalid{
			Field:   "months",
			Message: fmt.Sprintf("une durée convenue va de %d à %d mois (C. civ. art. 2254)", least, most),
		}
	}
	k.Months, k.agreed, k.newYear = months, true, false
	return k, nil
}

// EventType is what happened to a claim.
type EventType string

// The events. Acknowledgments (C. civ. 2240), a court's claim and what ends it (2241
// to 2243), acts of enforcement (2244), an agreed mediation (2238); letters count for
// the claims whose own text says so.
const (
	Acknowledgment EventType = "acknowledgment" // an admission, a request for time, a signed plan
	PartPayment    EventType = "payment"
	CourtClaim     EventType = "claim"       // a writ, a request for summary relief
	CourtEnd       EventType = "claim_end"   // the instance ended by a decision
	CourtVoid      EventType = "claim_void"  // withdrawn, lapsed or dismissed: as if never made
	OrderFiled     EventType = "filing"      // a payment order asked for
	OrderServed    EventType = "service"     // a payment order served
	Enforcement    EventType = "enforcement" // a protective measure or an act of enforcement
	Declared       EventType = "declaration" // of the claim in a collective procedure
	MediationStart EventType = "mediation"
	MediationEnd   EventType = "mediation_end"
	Reminded       EventType = "reminder" // a letter or an e-mail
	Registered     EventType = "registered"
	Notified       EventType = "notice" // a formal notice
)

// EventTypes are all of them.
func EventTypes() []EventType {
	return []EventType{
		Acknowledgment, PartPayment, CourtClaim, CourtEnd, CourtVoid, OrderFiled, OrderServed, Enforcement, Declared,
		MediationStart, MediationEnd, Reminded, Registered, Notified,
	}
}

// Event is something of a day that may bear on the time to sue.
type Event struct {
	On   cal.Date
	Type EventType
}

// Limitation is the last day to sue for a claim, and how it was found. The claim is
// barred from the day after; the last day never moves for a weekend or a holiday.
type Limitation struct {
	Expires cal.Date
	Kind    LimitationKind
	// Halted is a court claim, a collective procedure or a mediation that goes on:
	// the clock stands still, and Expires is no earlier than if it ended today.
	Halted   bool
	Findings []law.Finding
	Effects  []Effect // of the events, by day
}

// Effect is what the law makes of an event, in findings that are among those of
// the whole; a mediation says what it did when it ends.
type Effect struct {
	Event    Event
	Findings []law.Finding
}

// LimitationKinds are all sorts of claims, in the order of a form.
func (l *Law) LimitationKinds() []LimitationKind { return slices.Clone(l.kinds) }

// Limitation counts the time to sue: from the day after the first one to the same
// day number of its last month (C. civ. 2228 and 2229), or for public bodies four
// years from the next 1 January. What interrupts starts a whole new period (2231),
// what suspends stops the clock (2230); an event after the end changes nothing. A
// mediation still going on is taken to end on the day asked about. No acknowledgment
// carries the end beyond twenty years (2232).
func (l *Law) Limitation(kind string, from, on cal.Date, events ...Event) (Limitation, error) {
	return l.LimitationAgreed(kind, 0, from, on, events...)
}

// LimitationAgreed is Limitation with the months that a contract has set, none
// being the law's own.
func (l *Law) LimitationAgreed(kind string, months int, from, on cal.Date, events ...Event) (Limitation, error) {
	found, err := l.Agreed(kind, months)
	if err != nil {
		return Limitation{}, err
	}
	if from == 0 {
		return Limitation{}, fault.Invalidf("from", "le point de départ manque")
	}
	c := clock{kind: found, from: from, minimum: l.months("mediation_min_restart")}
	c.end = c.kind.end(from)
	c.stop = from.AddMonths(l.months("limitation_long_stop"))
	if c.kind.agreed {
		c.found.add("agreed", law.Remark, "C. civ. art. 2254", "durée fixée par le contrat",
			"the period was set by contract")
	} else if c.kind.Key == UnknownKind {
		c.found.add("hypothesis", law.Doubt, c.kind.Fact.Source,
			"le secteur n’est pas connu\u00a0: un an est une alerte, non un délai établi",
			"the sector is not known: a year is an alert, not an established period")
	} else if !c.kind.Fact.Verified() {
		c.found.add("period_unverified", law.Doubt, c.kind.Fact.Source, "durée à vérifier avant de s’y fier",
			"the period is to be verified before it is relied on")
	}
	events = withoutVoid(events)
	var effects []Effect
	for _, e := range events {
		before := len(c.found)
		if e.On > on {
			c.found.add("not_yet", law.Remark, "C. civ. art. 2228", c.what(e, i18n.FR)+"\u00a0: après le jour demandé, non compté",
				c.what(e, i18n.EN)+": after the day asked about, not counted")
		} else {
			c.take(e)
		}
		effects = append(effects, Effect{Event: e, Findings: slices.Clone(c.found[before:])})
	}
	c.close(on)
	return Limitation{Expires: c.end, Kind: c.kind, Halted: c.halted, Findings: c.found, Effects: effects}, nil
}

// withoutVoid gives the events by day, less the court claims that came to nothing.
func withoutVoid(events []Event) []Event {
	list := slices.Clone(events)
	slices.SortStableFunc(list, func(a, b Event) int { return int(a.On - b.On) })
	for i := 0; i < len(list); i++ {
		if list[i].Type != CourtVoid {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			if list[j].Type == CourtClaim {
				list = slices.Delete(list, j, j+1)
				i--
				break
			}
		}
	}
	return list
}

// end is the last day of a whole period that begins on a day.
func (k LimitationKind) end(from cal.Date) cal.Date {
	if k.newYear {
		return cal.On(from.Year()+1, 1, 1).AddMonths(k.Months).Add(-1)
	}
	return from.AddMonths(k.Months)
}

// clock is the time to sue as it runs.
type clock struct {
	kind      LimitationKind
	from, end cal.Date
	stop      cal.Date // the long stop
	sued      bool     // a court's claim or an act of enforcement lifts the long stop
	pending   cal.Date // since when a court or a collective procedure has the claim; no day when none does
	suspended cal.Date // since when a mediation goes on; no day when none does
	halted    bool     // one of them still goes on
	minimum   int      // months that are left at least once it ends
	found     findings
}

// take lets an event bear on the clock.
func (c *clock) take(e Event) {
	switch {
	case e.On < c.from:
		c.found.add("before_start", law.Remark, "C. civ. art. 2224",
			c.what(e, i18n.FR)+" avant le point de départ\u00a0: sans effet", c.what(e, i18n.EN)+" before the start: no effect")
	case e.On > c.end && c.suspended == 0 && c.pending == 0:
		c.after(e)
	default:
		c.bear(e)
	}
}

// after is an event once the claim is barred.
func (c *clock) after(e Event) {
	if e.Type == Acknowledgment || e.Type == PartPayment {
		c.found.add("after_expiry", law.Doubt, "C. civ. art. 2251",
			c.what(e, i18n.FR)+" après la prescription\u00a0: n’interrompt plus rien, mais peut valoir renonciation\u00a0; "+
				"à soumettre à un avocat",
			c.what(e, i18n.EN)+" after the claim was barred: it interrupts nothing, but may be a waiver; ask a lawyer")
		return
	}
	c.found.add("already_expired", law.Violation, "C. civ. art. 2219",
		c.what(e, i18n.FR)+" après la prescription, acquise le "+c.end.Add(1).Long("fr")+"\u00a0: sans effet",
		c.what(e, i18n.EN)+" after the claim was barred on "+c.end.Add(1).Long("en")+": no effect")
}

func (c *clock) bear(e Event) {
	switch e.Type {
	case Acknowledgment, PartPayment:
		c.restart(e, "C. civ. art. 2240 et 2231")
	case CourtClaim, Declared:
		source := "C. civ. art. 2241 et 2242"
		if e.Type == Declared {
			source = "C. com. art. L622-25-1"
		}
		c.sued, c.pending = true, e.On
		c.restart(e, source)
		c.found.add("until_the_end", law.Remark, source,
			"l’interruption dure jusqu’à la fin de l’instance ou de la procédure\u00a0: le nouveau délai est compté, par prudence, "+
				"du "+e.On.Long("fr"),
			"the interruption lasts until the end of the instance or procedure: the new period is counted, to be safe, from "+
				e.On.Long("en"))
	case CourtEnd:
		c.sued, c.pending = true, 0
		c.restart(e, "C. civ. art. 2231 et 2242")
	case OrderServed, Enforcement:
		c.sued = true
		c.restart(e, "C. civ. art. 2231, 2241 et 2244")
	case MediationStart:
		if c.suspended == 0 {
			c.suspended = e.On
		}
	case MediationEnd:
		c.resume(e.On)
	case OrderFiled, CourtVoid:
		c.idle(e, "C. civ. art. 2241 et 2243")
	case Reminded, Registered, Notified:
		if c.kind.letters == "yes" || c.kind.letters == "registered" && e.Type != Reminded {
			c.restart(e, c.kind.Fact.Source)
			return
		}
		c.idle(e, "C. civ. art. 2240 à 2244")
	}
}

// restart begins a whole new period. A mediation that goes on keeps it from
// running until it ends, but takes no day off it.
func (c *clock) restart(e Event, source string) {
	if c.suspended != 0 {
		c.suspended = e.On
	}
	c.end = max(c.end, c.kind.end(e.On)) // no event takes time away (2254 is for contracts)
	c.found.add("interrupted", law.Remark, source,
		c.what(e, i18n.FR)+"\u00a0: un nouveau délai court jusqu’au "+c.end.Long("fr"),
		c.what(e, i18n.EN)+": a new period runs until "+c.end.Long("en"))
}

// idle is an event that changes nothing, though many believe it does.
func (c *clock) idle(e Event, source string) {
	c.found.add("no_effect", law.Remark, source, c.what(e, i18n.FR)+"\u00a0: sans effet sur la prescription",
		c.what(e, i18n.EN)+": no effect on limitation")
}

// resume ends a mediation: what was left goes on, six months at least (C. civ.
// 2238).
func (c *clock) resume(on cal.Date) {
	if c.suspended == 0 {
		return
	}
	left := c.end.Sub(c.suspended)
	c.end = max(on.Add(left), on.AddMonths(c.minimum))
	c.suspended = 0
	c.found.add("suspended", law.Remark, "C. civ. art. 2238",
		"la médiation a suspendu le délai, qui court jusqu’au "+c.end.Long("fr"),
		"the mediation suspended the period, which runs until "+c.end.Long("en"))
}

// close settles what still goes on, and the long stop.
func (c *clock) close(on cal.Date) {
	if c.suspended != 0 {
		c.found.add("suspension_open", law.Remark, "C. civ. art. 2238",
			"une médiation est en cours depuis le "+c.suspended.Long("fr")+"\u00a0: compté comme si elle finissait le "+
				on.Long("fr"),
			"a mediation has gone on since "+c.suspended.Long("en")+": counted as if it ended on "+on.Long("en"))
		c.halted = true
		c.resume(on)
	}
	c.settle(on)
	if !c.sued && c.end > c.stop {
		c.end = c.stop
		c.found.add("long_stop", law.Remark, "C. civ. art. 2232",
			"vingt ans au plus\u00a0: jusqu’au "+c.stop.Long("fr"),
			"twenty years at most: until "+c.stop.Long("en"))
	}
	if on > c.end {
		c.found.add("expired", law.Violation, "C. civ. art. 2219", "prescrite depuis le "+c.end.Add(1).Long("fr"),
			"barred since "+c.end.Add(1).Long("en"))
	}
}

// settle counts a procedure that has outlasted the new period as if it ended today:
// until it does, the interruption lasts (C. civ. 2242).
func (c *clock) settle(on cal.Date) {
	if c.pending == 0 {
		return
	}
	c.halted = true
	if c.end < on {
		c.end = c.kind.end(on)
		c.found.add("procedure_open", law.Remark, "C. civ. art. 2242",
			"la procédure du "+c.pending.Long("fr")+" n’est pas finie\u00a0: compté comme si elle finissait le "+on.Long("fr"),
			"the procedure of "+c.pending.Long("en")+" has not ended: counted as if it ended on "+on.Long("en"))
	}
}

func (l *Law) months(key string) int {
	for _, p := range l.parameters[key] {
		if p.unit == "months" {
			return int(p.number())
		}
	}
	return 0
}

func (l *Law) loadLimitation(data fs.FS) error {
	rows, err := read(data, "limitation.csv", "kind", "label_fr", "label_en", "months", "start", "letters", "agreed",
		"source", "confidence", "read_on")
	if err != nil {
		return err
	}
	for _, r := range rows {
		k := LimitationKind{
			Key: r.fields["kind"], Label: i18n.Words{FR: r.fields["label_fr"], EN: r.fields["label_en"]},
			newYear: r.fields["start"] == "next-year", letters: r.fields["letters"],
			open: r.fields["agreed"] == "yes",
		}
		if k.Months, err = r.integer("months"); err != nil {
			return err
		}
		if k.Fact, err = r.fact(); err != nil {
			return err
		}
		switch {
		case !slices.Contains([]string{"day", "next-year"}, r.fields["start"]):
			return r.wrong("start\u00a0: «\u00a0%s\u00a0» (day ou next-year)", r.fields["start"])
		case !k.open && r.fields["agreed"] != "no":
			return r.wrong("agreed\u00a0: «\u00a0%s\u00a0» (yes ou no)", r.fields["agreed"])
		case !slices.Contains([]string{"no", "registered", "yes"}, k.letters):
			return r.wrong("letters\u00a0: «\u00a0%s\u00a0» (no, registered ou yes)", k.letters)
		case slices.ContainsFunc(l.kinds, func(o LimitationKind) bool { return o.Key == k.Key }):
			return r.wrong("%s deux fois", k.Key)
		}
		l.kinds = append(l.kinds, k)
	}
	if !slices.ContainsFunc(l.kinds, func(k LimitationKind) bool { return k.Key == UnknownKind }) {
		return &fault.Invalid{File: "limitation.csv", Message: "la ligne " + UnknownKind + " manque"}
	}
	return nil
}
