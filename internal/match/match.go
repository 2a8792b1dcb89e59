// Package match answers which open items an entry of a bank statement pays, and
// why. It is pure: the entry, the open items, the customers and what was learnt
// of payers come in as values; the answer is a ranked list of explanations with
// their reasons and a calibrated confidence.
package match

import (
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Entry is money that came in.
type Entry struct {
	ID         string
	On         cal.Date
	Amount     money.Amount // positive
	Means      string       // transfer, debit, cheque, card, bill…
	Texts      []string     // the bank's free texts, in their order
	Structured []string     // structured references
	EndToEnd   string
	Mandate    string
	Payer      Party
	Ultimate   Party        // on whose behalf
	Fees       money.Amount // taken off on the way, where the bank tells
	Advice     []Advice     // what a remittance advice attached to it says
}

// Party is who paid.
type Party struct {
	Name string
	IBAN string
}

// Advice is a line of a remittance advice.
type Advice struct {
	Number string       // the document that is paid, as the customer writes it
	Amount money.Amount // negative for a credit note that is taken off; no currency where not told
}

// Kind is what an item is.
type Kind string

// The kinds.
const (
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit_note" // may be taken off what is paid
	Payment    Kind = "payment"     // unallocated money of before: may be taken off, never guessed from an amount alone
	Charge     Kind = "charge"      // late interest or an indemnity, booked apart
)

// Item is an open item.
type Item struct {
	ID        string
	Customer  string
	Kind      Kind
	Number    string
	Issued    cal.Date
	Due       cal.Date // the zero Date when not known
	Amount    money.Amount
	Open      money.Amount // positive
	Order     string       // the customer's purchase order
	Contract  string
	Preceding string // the invoice that a credit note corrects
	Discount  Discount
	Expected  []Expected
}

// Discount is an early-payment discount within its terms; zero for none.
type Discount struct {
	Rate  int      // in hundredths of a percent: 200 is 2 %
	Until cal.Date // the last day of payment that earns it
}

// Expected is money that was announced for an item or a customer: a promise, an
// instalment, a payment said to be on its way.
type Expected struct {
	On     cal.Date
	Amount money.Amount
	Why    string // promise, instalment, announced
}

// Customer is who may have paid.
type Customer struct {
	ID       string
	Code     string
	Name     string
	SIREN    string
	Public   bool   // a public body, whose money a public accountant pays out
	Postcode string // of its address
	City     string
	Group    string     // customers of one group pay for each other; empty for none
	Mandates []string   // direct debits
	Expected []Expected // announced for no invoice in particular
}

// Memory is a payer known from before.
type Memory struct {
	Customer string
	IBAN     string // or
	Name     string // as the bank writes it
	Times    int    // how often it paid for that customer
}

// Rules are what a creditor sets. Their amounts hold in every currency, in its own
// minor units, since no rate is known here: 30 € of charges are 30 CHF too.
type Rules struct {
	Tolerance money.Amount // a difference that may be written off
	Fees      money.Amount // the most that banks take off on the way
	Grace     int          // days after the discount's term that still earn it
	Keep      int          // how many explanations are given; 5 when 0
}

// Refused tells that a person undid, for an entry, the allocation to an item (or
// to a customer, when Item is empty): it is not proposed first again, and never
// automatic.
type Refused struct {
	Entry    string
	Customer string
	Item     string
}

// Explanation is one way to read an entry. Lines, adjustments and the remainder
// add up: the lines less the adjustments plus the remainder are the entry.
type Explanation struct {
	Customer    string // of the first line; where there is no line, whose money it is
	Lines       []Line
	Adjustments []Adjustment
	Remainder   money.Amount // left as an unallocated credit of Customer
	Reasons     []Reason
	Confidence  Confidence
}

// Line is an amount set against an item: positive for an invoice or a charge,
// negative for a credit note or earlier money that is taken off.
type Line struct {
	Item     string
	Customer string
	Amount   money.Amount
}

// Adjustment settles an amount of an item that no money came for.
type Adjustment struct {
	Item   string
	Kind   AdjustmentKind
	Amount money.Amount // positive
}

// AdjustmentKind is why no money came.
type AdjustmentKind string

// The kinds.
const (
	EarlyDiscount AdjustmentKind = "discount"
	BankFees      AdjustmentKind = "bank_fees"
	Difference    AdjustmentKind = "difference" // within the tolerance
)

// Confidence is how often such an explanation is right, in ten-thousandths.
type Confidence int

// Reason is one thing that speaks for or against an explanation, with its
// figures: the code has its words in Words.
type Reason struct {
	Code   string
	Item   string // the number of the item that it speaks of, where it does
	Found  string // what was found in the entry
	Amount money.Amount
	Days   int
}

// Answer is what an entry may be.
type Answer struct {
	Explanations []Explanation // the best first; empty where nothing speaks for any
	Unique       bool          // no other explanation comes near the first
	Suspects     []string      // whose money it could be, the likely ones first, at most MaxSuspects
}
