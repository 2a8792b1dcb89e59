// Package demo makes a synthetic creditor and its customers, lifelike in what
// they buy, how they pay and what goes wrong: for the demonstration, the tests
// and the benchmarks.
//
// Everything comes from a seed and a day: the same Options give the same world
// to the last byte. Companies and people are invented, their e-mail addresses
// end in .example, their telephone numbers lie in the ranges that the ARCEP
// keeps for fiction, and their identifiers are well formed.
package demo

import (
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Company is the creditor whose ledger this is.
type Company struct {
	Name       string
	LegalForm  string // "SAS"
	Capital    string // "80 000 €"
	SIREN      string
	SIRET      string
	VATID      string
	Register   string // "RCS Lille Métropole"
	Street     string
	PostalCode string
	City       string
	Country    string // ISO 3166-1 alpha-2
	Email      string
	Phone      string
	Website    string
	Bank       BankAccount
	People     []Person // who works there; the first manages
}

// BankAccount is where the creditor is paid.
type BankAccount struct {
	Holder string
	IBAN   string
	BIC    string
}

// Person works at the creditor.
type Person struct {
	FirstName string
	LastName  string
	Email     string
	Phone     string
	Title     string // "Responsable crédit"
}

// Kind is what the law sees in a customer.
type Kind string

// The kinds. An association is a business here: it is no consumer.
const (
	Business Kind = "business"
	Consumer Kind = "consumer"
	Public   Kind = "public"
)

// Role is what a contact does at the customer.
type Role string

// The roles.
const (
	Accounting Role = "accounting"
	Purchasing Role = "purchasing"
	Manager    Role = "manager"
)

// Customer owes the creditor, or has. Its slices are in the order of their
// days; documents of one day in the order of their numbers.
type Customer struct {
	Code       string // unique: "C0042"
	Name       string
	LegalForm  string // "SARL", or nothing
	Kind       Kind
	SIREN      string // none for consumers and abroad
	SIRET      string
	VATID      string
	Street     string
	PostalCode string
	City       string
	Country    string // ISO 3166-1 alpha-2
	Language   string // fr or en
	Tags       []string
	Terms      string // "45 jours fin de mois", as cal.ParseTerm reads it
	Group      string // of companies that pay for each other; the tag tells it where the creditor knows
	Discount   Discount
	Email      string // the general address; may be empty
	Phone      string
	Since      cal.Date

	InsolventOn cal.Date // day of the judgment; the zero Date when there is none
	Collector   int      // index in Company.People

	Behaviour Behaviour // how it pays
	Story     Story     // what is remarkable about it

	Contacts    []Contact
	Invoices    []Invoice // settled ones too, as far as the history goes
	CreditNotes []CreditNote
	Payments    []Payment
	Promises    []Promise
	Disputes    []Dispute
	Holds       []Hold
	Plans       []Plan
	InFlight    []InFlight
}

// Discount is what is granted for early payment: so many hundredths of a percent
// within so many days of the invoice. The zero Discount is none.
type Discount struct {
	Rate int
	Days int
}

// Contact is a person at a customer.
type Contact struct {
	Role      Role
	Civility  string // "Madame", "Monsieur", "Mrs", "Mr"
	FirstName string
	LastName  string
	Email     string // may be empty
	Phone     string
	BouncedOn cal.Date // when its address refused a message for good
}

// Invoice is a claim. Total is Net and Tax; Open is what no allocation has
// taken as of the day of the world.
type Invoice struct {
	Number string
	Issued cal.Date
	Due    cal.Date // the zero Date when the accounting tool did not give it
	Terms  string
	Net    money.Amount
	Tax    money.Amount
	Total  money.Amount
	Open   money.Amount
	Order  string // the customer's purchase order, if any
	Label  string
}

// CreditNote takes back some of an invoice, or of none in particular. Amounts
// are positive; Open is what was not allocated.
type CreditNote struct {
	Number      string
	Issued      cal.Date
	Preceding   string // the invoice that it corrects, or nothing
	Net         money.Amount
	Tax         money.Amount
	Total       money.Amount
	Open        money.Amount
	Label       string
	Allocations []Allocation
}

// Payment is money that came in. Open is what was not allocated.
type Payment struct {
	Number      string
	On          cal.Date
	Amount      money.Amount
	Open        money.Amount
	Method      string // "virement", "prélèvement", "chèque", "carte"
	Label       string // as the bank wrote it
	Allocations []Allocation
}

// Allocation is an amount of a payment or credit note set against an invoice,
// on the day of the later of the two.
type Allocation struct {
	Invoice string // its number
	Amount  money.Amount
	On      cal.Date
}

// Outcome is what became of a promise or a plan by the day of the world.
type Outcome string

// The outcomes. A running one has none.
const (
	Running Outcome = ""
	Kept    Outcome = "kept"
	Broken  Outcome = "broken"
)

// Promise is a day by which invoices are to be paid.
type Promise struct {
	Made     cal.Date
	For      cal.Date
	Invoices []string
	Amount   money.Amount
	Outcome  Outcome
	Note     string
}

// Dispute is a contested amount of an invoice.
type Dispute struct {
	Invoice  string
	Amount   money.Amount // less than what is open when the rest is not contested
	Whole    bool
	Reason   string // price, quality, quantity or delivery
	Note     string
	Opened   cal.Date
	Deadline cal.Date
}

// Hold keeps quiet about an invoice, or about the customer when there is none.
type Hold struct {
	Invoice string
	From    cal.Date
	Until   cal.Date // its last day
	Reason  string
}

// Plan replaces the due dates of its invoices.
type Plan struct {
	Made        cal.Date
	Grace       int // days
	Invoices    []string
	Instalments []Instalment
	Outcome     Outcome
	Note        string
}

// Instalment is one payment of a plan.
type Instalment struct {
	Due    cal.Date
	Amount money.Amount
}

// InFlight is a payment announced and not yet in the bank.
type InFlight struct {
	Invoice string
	Amount  money.Amount
	On      cal.Date // when it was announced
	Until   cal.Date // the last day it may still be on its way
}
