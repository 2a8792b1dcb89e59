package dossier

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// State is how far a point is met.
type State string

// The states of a point.
const (
	Present State = "present"
	Partial State = "partial"
	Missing State = "missing"
	NoNeed  State = "not_applicable"
)

var stateWords = map[State]i18n.Words{
	Present: {FR: "présent", EN: "present"},
	Partial: {FR: "incomplet", EN: "incomplete"},
	Missing: {FR: "manquant", EN: "missing"},
	NoNeed:  {FR: "sans objet", EN: "does not apply"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// Line is one point of the list as it stands.
type Line struct {
	Rank   int // from 1
	Point  Point
	Title  i18n.Words
	Auto   bool // Acquit has it by itself
	State  State
	Weight int        // points to be had; 0 where it does not apply
	Why    i18n.Words // it weighs that much
	Have   int
	Need   int
	Earned int        // Weight × Have ÷ Need, rounded down
	Says   i18n.Words // what is there and what is not
	Do     i18n.Words // next; empty where nothing is to be done
	Kinds  []Kind     // of the pieces that fill it
}

// Completeness is how complete a dossier is, and why.
type Completeness struct {
	On      cal.Date
	Lines   []Line
	Earned  int
	Weight  int
	Percent int // 100 × Earned ÷ Weight, rounded down: a hundred is complete
	Claims  int // how many invoices are claimed; without any there is no dossier to complete
}

// Missing are the lines at which something is to be done.
func (c Completeness) Missing() []Line {
	return slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool {
		return l.State == Present ||
			l.State == NoNeed
	})
}

// Route is the way that a dossier is meant for. It changes what is needed.
type Route string

// The routes that change the list; the others are as no route.
const (
	AnyRoute Route = ""
	Agency   Route = "agency"  // acts by its mandate (CPCE R124-3)
	Summons  Route = "summons" // by a lawyer above ten thousand euros (CPC 761, 853)
)

// Claim is an invoice that the dossier claims, with what stands behind it.
type Claim struct {
	ID       string
	Number   string
	Issued   cal.Date
	Due      cal.Date
	Amount   money.Amount
	Open     money.Amount
	Copied   bool // its own file was imported
	Reminded bool // a reminder that left claimed it
	Noticed  bool // a formal notice claimed it
	Proved   bool // and its receipt, refusal or return is proved
	Logged   bool // statuses of its electronic form are kept
}

// Facts are all that the score depends on.
type Facts struct {
	Day       cal.Date
	Kind      customer.Kind
	Country   string
	Route     Route
	Agent     bool // whoever signs is not the legal representative
	Claims    []Claim
	Credits   []Claim // credit notes that were set against them
	Evidence  []Evidence
	Exchanges int        // promises, plans, disputes, replies, conversations
	Refused   bool       // money came back: a cheque, a bill or a debit was refused
	Checked   cal.Date   // the register of insolvencies was asked
	Statement i18n.Words // why there can be no statement; empty where there is one
}

// finding is what a rule answers about one point.
type finding struct {
	have, need int // need 0: does not apply
	says, do   i18n.Words
}

// Score holds the facts against the list.
func Score(f Facts) Completeness {
	f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), Evidence.Withdrawn)
	c := Completeness{On: f.Day, Claims: len(f.Claims)}
	weights := weighingOn(f.Day).weights
	for i, p := range points {
		w, found := weights[p.point], f.look(p.point)
		l := Line{
			Rank: i + 1, Point: p.point, Title: p.title, Auto: p.auto, Why: w.why, Kinds: p.kinds,
			Have: min(found.have, found.need), Need: found.need, Says: found.says, Do: found.do, State: NoNeed,
		}
		if l.Need > 0 {
			l.Weight, l.Earned, l.State = w.points, w.points*l.Have/l.Need, stateOf(l.Have, l.Need)
		}
		if l.State == Present {
			l.Do = i18n.Words{}
		}
		c.Lines = append(c.Lines, l)
		c.Earned, c.Weight = c.Earned+l.Earned, c.Weight+l.Weight
	}
	if c.Weight > 0 && c.Claims > 0 {
		c.Percent = 100 * c.Earned / c.Weight
	}
	return c
}

func stateOf(have, need int) State {
	switch have {
	case need:
		return Present
	case 0:
		return Missing
	}
	return Partial
}
