// Package limitation counts the time left to sue for each open invoice: from when it
// runs, how long, what interrupts or suspends it and what does not, and sees to it
// that somebody acts before it is over.
package limitation

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/money"
)

// Certainty is what the effect of an event stands on.
type Certainty string

// The certainties: the words of a text, a published judgment, or a reading of ours
// that a judge may not share. What rests on a reading moves the possible end alone.
const (
	Text      Certainty = "text"
	Published Certainty = "published"
	Reading   Certainty = "reading"
)

// Certainties are all of them, in the order of a form.
func Certainties() []Certainty { return []Certainty{Text, Published, Reading} }

var certaintyWords = map[Certainty]i18n.Words{
	Text:      {FR: "certain (écrit, acte ou paiement)", EN: "certain (in writing, by an act or a payment)"},
	Published: {FR: "jurisprudence publiée", EN: "published case law"},
	Reading:   {FR: "à apprécier par le juge", EN: "for a judge to assess"},
}

// In is the certainty in words.
func (c Certainty) In(l i18n.Lang) string { return certaintyWords[c].In(l) }

// Source is where an event comes from.
type Source string

// The sources. All but those of a person and of a declaration are read from the
// books each time.
const (
	ByHand          Source = ""
	FromPayment     Source = "payment"
	FromPlan        Source = "plan"
	FromPromise     Source = "promise"
	FromReminder    Source = "reminder"
	FromNotice      Source = "notice"
	FromDeclaration Source = "insolvency"
)

// Event is something that happened to a claim.
type Event struct {
	ID        string
	Customer  string // identifier; Add takes a code too
	Invoice   string // identifier, Add takes a number too; empty is all that was owed on the day
	On        cal.Date
	Type      fr.EventType
	Certainty Certainty
	Source    Source
	Count     int    // of reminders that are told as one
	Proof     string // sha256 of a file that is kept; may be empty
	ProofName string
	Note      string
	By        string
	CreatedAt time.Time
	Withdrawn time.Time
}

// Rule is what the creditor knows of a claim beyond its invoice.
type Rule struct {
	Subject   string // a customer or an invoice
	Customer  string
	Kind      string   // of fr.LimitationKinds; empty as the setting and the debtor say
	Months    int      // set by contract; 0 as the law says
	Performed cal.Date // of an invoice: goods delivered, service done
	Note      string
}

// Claim is an open invoice with all that bears on its time.
type Claim struct {
	ID       string
	Customer string
	Code     string
	Name     string
	Debtor   customer.Kind
	Number   string
	Issued   cal.Date
	Due      cal.Date
	Open     money.Amount
	Of       Rule // of the customer
	Own      Rule // of the invoice
	Events   []Event
}

// Clock is the time left to sue for a claim.
type Clock struct {
	Claim
	Kind     fr.LimitationKind
	From     cal.Date // where the safe count begins
	Assumed  bool     // nobody said when it was supplied: counted from the invoice
	Safe     cal.Date // last day that nobody can contest: what is doubtful left out
	Possible cal.Date // last day with all that a judge may accept
	Halted   bool     // a court or a collective procedure has it: the time stands still
	Findings []law.Finding
	Told     []Told // the events by day, each with what it does and why
}

// Told is an event with what the law makes of it.
type Told struct {
	Event
	Counts   bool // it moves the end: the possible one where it rests on a reading
	Findings []law.Finding
}

// Left is how many days are left to act for sure, the last one included; less than
// one when it is over.
func (c Clock) Left(day cal.Date) int { return c.Safe.Sub(day) + 1 }

// Barred tells whether it is over, as far as nobody can say otherwise: a hypothesis
// about the sector bars nothing.
func (c Clock) Barred(day cal.Date) bool {
	return !c.Halted && c.Kind.Key != fr.UnknownKind && c.Safe < day
}

// Hypothesis tells whether the period is an alert only: nobody has said of what sort
// the claim is.
func (c Clock) Hypothesis() bool { return c.Kind.Key == fr.UnknownKind }

// general are the kinds that give way to what the debtor is.
var general = []string{"", fr.UnknownKind, "business", "civil"}

// KindOf is the sort of a claim: what was said of the invoice, else of the customer,
// else what the creditor deals in, unless the debtor is a consumer (C. conso. L218-2)
// or a public body (law 68-1250) and the creditor's trade has no shorter time of its
// own.
func (c Claim) kindOf(l *fr.Law, trade string) (string, error) {
	for _, said := range []string{c.Own.Kind, c.Of.Kind} {
		if said != "" {
			return said, nil
		}
	}
	if trade == "" {
		trade = fr.UnknownKind
	}
	if c.Debtor == customer.Business {
		return trade, nil
	}
	own := string(c.Debtor)
	if slices.Contains(general, trade) {
		return own, nil
	}
	debtor, err := l.LimitationKind(own)
	if err != nil {
		return "", err
	}
	dealt, err := l.LimitationKind(trade)
	if err != nil || dealt.Months >= debtor.Months && c.Debtor == customer.Public {
		return own, err
	}
	return trade, nil
}

// months is what the contract has set for the claim.
func (c Claim) months() int {
	if c.Own.Months != 0 {
		return c.Own.Months
	}
	return c.Of.Months
}
