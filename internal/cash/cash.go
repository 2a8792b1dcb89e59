// Package cash is what is made of bank entries: which customer's money each is,
// what it pays, and its undoing. An entry that is applied becomes a payment in
// the ledger for each of its customers, set against what it pays; what was made
// of it and what it came from can be followed both ways.
package cash

import (
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// State is what was made of an entry.
type State string

// The states.
const (
	Open     State = "open"     // nothing yet: proposals at most
	Auto     State = "auto"     // applied by the rule
	Applied  State = "applied"  // applied by a person
	Aside    State = "aside"    // not a customer's money
	Returned State = "returned" // it went back, or it is what took another back
	Linked   State = "linked"   // the accounting files have brought the same money
)

// States are all of them, in the order of a form.
func States() []State { return []State{Open, Auto, Applied, Linked, Aside, Returned} }

var stateWords = map[State]i18n.Words{
	Open:     {FR: "à rapprocher", EN: "to be matched"},
	Auto:     {FR: "affecté par la règle", EN: "allocated by the rule"},
	Applied:  {FR: "affecté", EN: "allocated"},
	Aside:    {FR: "hors clients", EN: "set aside"},
	Returned: {FR: "rejeté ou retourné", EN: "returned"},
	Linked:   {FR: "déjà en compte", EN: "already in the books"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// Stands tells whether something in the books stands on an entry in this state.
func (s State) Stands() bool { return s == Auto || s == Applied || s == Linked || s == Returned }

// Source is where the documents made from bank entries come from, as the ledger
// keeps it.
const Source = "banque"

// Code is why an entry was set aside.
type Code string

// The codes.
const (
	Fee      Code = "fee"      // the bank's own fees and interest
	Outgoing Code = "outgoing" // money that left
	Own      Code = "own"      // between two accounts of the creditor
	Person   Code = "person"   // somebody said so
)

var codeWords = map[Code]i18n.Words{
	Fee:      {FR: "frais ou intérêts de la banque", EN: "bank fees or interest"},
	Outgoing: {FR: "argent sorti du compte", EN: "money that left the account"},
	Own:      {FR: "virement entre comptes de la société", EN: "transfer between own accounts"},
	Person:   {FR: "écarté par une personne", EN: "set aside by a person"},
}

// In is the code in words.
func (c Code) In(l i18n.Lang) string { return codeWords[c].In(l) }

// Line is an entry with what was made of it.
type Line struct {
	Entry       bank.Kept
	State       State
	Customer    string // whose money it is, once that is known
	Pair        string // the entry that this one takes back, or that took it back
	Code        Code   // of an entry set aside
	Reason      string // in words, of an entry set aside or returned
	Proposals   []match.Explanation
	Unique      bool          // no other proposal comes near the first
	Suspects    []string      // customers whose money it could be, the likeliest first
	Application *Application  // that holds; nil while there is none
	Past        []Application // that were undone, the earliest first
	Documents   []Document    // that the application made or is linked to
	Allocations []Allocation  // that hold
	Examined    time.Time     // when a run last looked at it; zero before
	ChangedAt   time.Time
	ChangedBy   string
}

// Amount is the entry's, signed.
func (l Line) Amount() money.Amount { return l.Entry.Amount }

// Application is an entry applied to the books.
type Application struct {
	ID          string
	Entry       string
	Kind        ApplicationKind
	Explanation match.Explanation // that was agreed to
	By          string
	At          time.Time
	UndoneBy    string
	UndoneAt    time.Time
	Undone      string // why
}

// ApplicationKind is what was done with an entry.
type ApplicationKind string

// The kinds.
const (
	PaymentKind ApplicationKind = "payment" // booked as payments and allocated
	LinkKind    ApplicationKind = "link"    // tied to documents that were there
	ReturnKind  ApplicationKind = "return"  // took back what another entry had paid
	RefundKind  ApplicationKind = "refund"  // paid back to the customer
)

// Document is one of the ledger that an application made or is linked to.
type Document struct {
	Role   Role
	ID     string
	Number string
	Kind   ledger.Kind
	Nature ledger.Nature
	Of     string // the customer
	Amount money.Amount
	Open   money.Amount
	Linked money.Amount // of a document that was there: how much of it is this entry's
}

// Role is what a thing is to an application.
type Role string

// The roles.
const (
	rolePayment    Role = "payment"
	roleAdjustment Role = "adjustment"
	roleAllocation Role = "allocation"
	roleAnnounced  Role = "announced" // a payment on its way that has arrived
	roleLink       Role = "link"
	roleRefund     Role = "refund"
	roleReopened   Role = "reopened" // an allocation that a return, or the money itself, has undone
)

// Allocation is what an application settles of an invoice.
type Allocation struct {
	ID       string
	Credit   string // the payment's or credit note's identifier
	From     string // its number
	Nature   ledger.Nature
	Invoice  string
	Number   string
	Customer string
	Amount   money.Amount
	On       cal.Date
}

// Wished is the amount of a line less what no money came for.
func wished(x match.Explanation, i int) money.Amount {
	a := x.Lines[i].Amount
	for _, adj := range x.Adjustments {
		if adj.Item == x.Lines[i].Item {
			a = a.Sub(adj.Amount)
		}
	}
	return a
}
