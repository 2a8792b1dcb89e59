// Package dunning decides who should hear what today, and why. It is pure: it
// reads no clock and no database, so the daily run, the preview, the
// simulation and the tests cannot differ.
package dunning

import (
	"strings"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Account is a customer's open items, agreements and history as of a day: all
// that a decision sees. The order of its slices means nothing.
type Account struct {
	Customer  Customer
	Items     []Item     // open invoices
	Credits   []Credit   // credit notes and payments not yet allocated
	InFlight  []InFlight // payments on their way: announced, not yet in the bank
	Holds     []Hold
	Promises  []Promise
	Disputes  []Dispute
	Plans     []Plan
	Contacts  []Contact // reminders that left, on any channel, in any scenario
	Pending   []Pending // reminders waiting: proposed, approved or queued
	CreditUse CreditUse // what the creditor does with credits not yet allocated
}

// Customer is what expressions may read as customer.*.
type Customer struct {
	ID             string
	Code           string
	Name           string
	Kind           string // Business, Consumer or Public
	Language       string // fr or en
	Country        string // ISO 3166-1 alpha-2
	Tags           []string
	Since          cal.Date
	Score          int // 0 to 100
	Grade          string
	AverageDelay   int // days after the due date, signed
	BrokenPromises int
	Insolvent      bool // nobody in a collective procedure is reminded (C. com. L622-21)
}

// The kinds of customers.
const (
	Business = "business"
	Consumer = "consumer"
	Public   = "public"
)

// Item is an invoice with what is left to pay on the day of the account.
type Item struct {
	ID       string
	Number   string
	Issued   cal.Date
	Due      cal.Date // the zero Date when it is not known: never chased
	Amount   money.Amount
	Open     money.Amount
	Position Position
	Mend     []string // codes of what must be mended before it is chased
	Order    string   // the customer's purchase order, if any
	Barred   cal.Date // a consumer is not asked for it from this day: the claim is barred; zero where that is not near
	Supply   Supply   // where the customer is in a collective procedure
	Recalled cal.Date // taken back on that day from whom its dossier went to
	Stopped  string   // the status that ended its electronic form or sold it: "210" refused…; else empty
	StopOn   cal.Date
}

// Supply is when what an invoice is for was supplied, beside the judgment that
// opened its customer's collective procedure.
type Supply string

// The supplies. Only what came after is to be paid when it is due (C. com. L622-17);
// the rest is declared, not chased (L622-7).
const (
	SuppliedBefore Supply = ""
	SuppliedAfter  Supply = "after"
	SupplyUndated  Supply = "undated" // invoiced after, and nobody has said when it was supplied
)

// Position is the last step of a scenario that really claimed an invoice, or was
// dismissed for it. The zero Position is an invoice of which nobody has spoken
// yet. Where Contacts show a later step of the same scenario, that one counts: an
// invoice never goes back, whoever leads.
type Position struct {
	Step      string
	On        cal.Date
	Dismissed bool // the step counts as done, though it did not leave
}

// Credit is money of the customer that no invoice has taken yet.
type Credit struct {
	ID     string
	Number string
	On     cal.Date
	Open   money.Amount // positive
}

// CreditUse is what unallocated credits do to what is claimed.
type CreditUse string

// The three settings of a creditor.
const (
	CreditNet    CreditUse = "net"    // taken off what is claimed (the default)
	CreditHold   CreditUse = "hold"   // nothing is claimed until they are allocated
	CreditIgnore CreditUse = "ignore" // as though they were not there
)

// InFlight is a payment on its way for Invoices, or for the customer at large
// when there are none.
type InFlight struct {
	ID       string
	Invoices []string // item identifiers
	Amount   money.Amount
	On       cal.Date // when it was announced
	Until    cal.Date // the last day it may still be on its way
}

// Hold keeps quiet about an invoice, or about the customer when Item is empty.
type Hold struct {
	ID     string
	Item   string
	From   cal.Date
	Until  cal.Date // its last day; the zero Date is without end
	Reason string
}

// Promise is a day by which its invoices are to be paid.
type Promise struct {
	ID     string
	Items  []string
	Made   cal.Date
	For    cal.Date
	Amount money.Amount // what was promised; zero is all that is open
	Paid   money.Amount // what came in on these items since it was made
	Ended  bool         // closed by a person
}

// Dispute is a contested amount of an item; a zero Amount contests all of it.
type Dispute struct {
	ID     string
	Item   string
	Amount money.Amount
	Opened cal.Date
	Reason string
}

// Plan replaces the due dates of its items by those of its instalments.
type Plan struct {
	ID          string
	Items       []string
	Made        cal.Date
	Grace       int // days after an instalment's date before it counts as missed
	Paid        money.Amount
	Instalments []Instalment // by date
	Ended       bool
}

// Instalment is one payment of a plan.
type Instalment struct {
	Due    cal.Date
	Amount money.Amount
}

// Contact is a reminder that left: one for each channel it left on, or one for
// all. Those of the whole life of the open items are needed, because a formal
// step claims only what was reminded before.
type Contact struct {
	On       cal.Date
	Step     string // empty for one outside any scenario
	Scenario string
	Channel  string   // those it left by, separated by commas
	Items    []string // what it claimed
	Mentions []string // what it mentioned as not yet due
	FollowUp bool     // it followed its step on another channel
	Followed bool     // its step's follow-up has left or was dismissed
	Reacted  bool     // the customer replied, came to the portal or paid since

	Made bool // a call in which somebody was reached

	// Dismissed is a reminder that a person set aside: its step is done for what it
	// would have claimed, but nothing left and nobody was contacted.
	Dismissed bool
}

// Spoke tells whether the customer heard of us by it. A call is a person's work:
// that it was handed to her does not say that somebody was reached.
func (c *Contact) Spoke() bool {
	if c.Dismissed {
		return false
	}
	if c.Made {
		return true
	}
	for name := range strings.SplitSeq(c.Channel, ",") {
		if !Channel(name).Handed() {
			return true
		}
	}
	return false
}

// Pending is a reminder that waits for an approval or for its sending.
type Pending struct {
	ID       string
	Step     string
	On       cal.Date
	Items    []string
	Amount   money.Amount // what it claims; zero when not known
	FollowUp bool
	Scenario string // that proposed it, by its identifier; empty once it is leaving
}
