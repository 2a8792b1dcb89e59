package dunning

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/govalues/decimal"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Scenario is the written policy: ordered steps around the due date. It is made
// by ParseScenario and never changed afterwards, so any number of goroutines may
// use one.
type Scenario struct {
	Name         string
	Entry        Entry
	Grouping     Grouping
	MinGap       int              // days between two contacts of one customer, whatever the channel
	Minimum      decimal.Decimal  // below this, in the currency at hand, the customer is left alone
	PromiseGrace int              // calendar days after a promised date before it counts as broken
	Applies      *Condition       // nil: to every customer
	Steps        []Step           // by offset
	Remarks      []*fault.Invalid // what is allowed but probably not meant
}

// Entry is where a scenario takes up an invoice of which nobody has spoken yet.
type Entry string

// The entries.
const (
	Sequential Entry = "sequential" // at its first step after the due date
	ByAge      Entry = "by_age"     // at the step that matches its age, but never at a formal one
)

// Grouping is what one reminder speaks of.
type Grouping string

// The groupings.
const (
	ByCustomer Grouping = "customer" // all that the customer owes
	ByInvoice  Grouping = "invoice"  // one invoice
)

// Step is one moment of a scenario and what is done then.
type Step struct {
	ID       string
	At       int // days from the due date, signed: J-5 is −5
	Channels []Channel
	Tone     Tone
	Template string
	Script   string     // what a call is about
	When     *Condition // nil: always
	Attach   []Attachment
	Approve  bool // a person must approve it, whatever the creditor's rule
	Deadline int  // days given to pay; 0 gives none
	AnyDay   bool // leaves on closed days too
	Then     *Follow
}

// Follow is what follows a step on another channel, inside the step.
type Follow struct {
	Channel       Channel
	After         int  // days after the step left
	UnlessReacted bool // not when the customer replied, came to the portal or paid since
}

// Channel is a way to reach a customer, as policies name it.
type Channel string

// The channels. Those without a driver become a task for a person.
const (
	Email      Channel = "email"
	Call       Channel = "call"
	SMS        Channel = "sms"
	Letter     Channel = "letter"
	Registered Channel = "registered"
	ToDossier  Channel = "dossier"
	Task       Channel = "task"
)

// Channels are all of them, in the order of a form.
func Channels() []Channel {
	return []Channel{Email, Call, SMS, Letter, Registered, ToDossier, Task}
}

var channelWords = map[Channel]i18n.Words{
	Email:      {FR: "courriel", EN: "e-mail"},
	Call:       {FR: "appel", EN: "call"},
	SMS:        {FR: "SMS", EN: "SMS"},
	Letter:     {FR: "courrier", EN: "letter"},
	Registered: {FR: "lettre recommandée", EN: "registered letter"},
	ToDossier:  {FR: "dossier", EN: "file"},
	Task:       {FR: "tâche", EN: "task"},
}

// In is the channel in words.
func (c Channel) In(l i18n.Lang) string {
	if w, ok := channelWords[c]; ok {
		return w.In(l)
	}
	return string(c)
}

// Formal tells whether what leaves on c binds: a registered letter puts the
// debtor in default, a dossier hands him over. It needs a person's approval and
// an earlier reminder.
func (c Channel) Formal() bool { return c == Registered || c == ToDossier }

// Handed tells whether c puts work into a person's hands: nobody has heard of us
// until she says that it is done.
func (c Channel) Handed() bool { return c == Call || c == Task }

// Tone is how a step speaks.
type Tone string

// The tones, from the mildest.
const (
	Courteous  Tone = "courteous"
	Neutral    Tone = "neutral"
	Firm       Tone = "firm"
	FormalTone Tone = "formal"
)

// Tones are all of them, from the mildest.
func Tones() []Tone { return []Tone{Courteous, Neutral, Firm, FormalTone} }

// Attachment is what is joined to a step's messages.
type Attachment string

// The attachments.
const (
	AttachInvoices  Attachment = "invoices"  // copies of the claimed invoices
	AttachStatement Attachment = "statement" // the customer's account
	AttachInterest  Attachment = "interest"  // the computation of late interest
)

// Formal tells whether one of the step's channels is.
func (s *Step) Formal() bool { return slices.ContainsFunc(s.Channels, Channel.Formal) }

// NeedsApproval tells whether a person must approve the step: it says so, or it
// is formal.
func (s *Step) NeedsApproval() bool { return s.Approve || s.Formal() }

// before tells whether the step comes before the due date.
func (s *Step) before() bool { return s.At < 0 }

// Offset is the step's day as people write it: J−5, J, J+15.
func (s *Step) Offset() string {
	switch {
	case s.At < 0:
		return "J−" + strconv.Itoa(-s.At)
	case s.At == 0:
		return "J"
	}
	return "J+" + strconv.Itoa(s.At)
}

// planned is the step's own day for an invoice due on due, moved to an open day:
// backward before the due date, forward from it on.
func (s *Step) planned(due cal.Date, c *cal.Calendar) cal.Date {
	day := due.Add(s.At)
	switch {
	case s.AnyDay:
		return day
	case s.before():
		return c.PrevOpen(day)
	}
	return c.NextOpen(day)
}

// Step is the step of that identifier, or nil.
func (s *Scenario) Step(id string) *Step {
	if i := s.index(id); i >= 0 {
		return &s.Steps[i]
	}
	return nil
}

// index is the place of a step among the steps, −1 when there is none.
func (s *Scenario) index(id string) int {
	for i := range s.Steps {
		if s.Steps[i].ID == id {
			return i
		}
	}
	return -1
}

// minimum is the least amount of currency c that reaches the scenario's minimum.
func (s *Scenario) minimum(c money.Currency) money.Amount {
	digits := c.Decimals()
	return money.New(int64(s.Minimum.Ceil(digits).Pad(digits).Coef()), c)
}

// Hash is a fingerprint of what the scenario says: comments and layout do not
// change it.
func (s *Scenario) Hash() string {
	sum := sha256.Sum256(s.YAML())
	return hex.EncodeToString(sum[:])
}
