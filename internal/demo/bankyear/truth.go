// Package bankyear is what the bank says of a synthetic company in the months
// after the day of its ledger: its customers pay what is open, each as it pays
// and with what people really type, and beside each entry stands the truth of
// what it pays. docs/synthetic-ledger.md has the recipe with its percentages.
package bankyear

import (
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Movement is an entry of the bank with the truth about it.
type Movement struct {
	Entry *bank.Entry // without a statement: files have them
	Truth Truth
}

// Truth is what an entry is.
type Truth struct {
	Ref   string // the bank's reference of the entry, unique
	Named Named
	Paid  Paid
	Payer Payer
	Lines []Line
	Over  []Over
	Of    string // the reference of the entry that this one takes back; empty for most
	// Nobody tells that it concerns no customer: it must not be allocated.
	Nobody bool
	// Unknowable tells that nobody could say from the statement alone what it
	// pays: a deposit without names, a stranger's money without a reference, an
	// amount that fits nothing with nothing said.
	Unknowable bool
}

// Line is money set against a document. Short is what the payer left out.
type Line struct {
	Customer string // its code
	Number   string
	Credit   bool         // a credit note taken off: Amount is what it took
	Amount   money.Amount // positive
	Short    money.Amount // what is missing of all that was open, where Why tells that no more is to come
	Why      Why
	Until    cal.Date // of a discount: the last day that earns it
}

// Over is money that no document takes: it stays the customer's.
type Over struct {
	Customer string
	Amount   money.Amount
}

// Why is the reason why less came than was owed, and no more is to come.
type Why string

// The reasons.
const (
	Discounted Why = "discount"   // an early-payment discount, earned until Until
	Charged    Why = "bank_fees"  // banks took their fees on the way
	Differs    Why = "difference" // a rounding, a slip of a few cents
)

// Named is how an entry names what it pays.
type Named string

// The ways, from the clear to the silent.
const (
	Exact        Named = "exact"         // the number as it is on the invoice
	Bare         Named = "bare"          // without its prefix, or the serial number alone
	Respaced     Named = "respaced"      // other separators, or none
	Several      Named = "several"       // several numbers, each readable
	Range        Named = "range"         // the first and the last number
	Split        Named = "split"         // the bank's end of line falls into a number
	Mistyped     Named = "mistyped"      // a digit wrong, missing or twice
	Swapped      Named = "swapped"       // two digits in each other's place
	Cut          Named = "cut"           // the bank's limit cuts a number, or some of them off
	ByPeriod     Named = "period"        // the month of the invoices
	ByCode       Named = "code"          // the customer's code with us
	ByOrder      Named = "order"         // the customer's purchase order
	OwnReference Named = "own_reference" // the payer's own number, which means nothing to us
	ByMandate    Named = "mandate"       // our own direct debit: it comes back with our reference
	Silent       Named = "silent"        // nothing but the name
	Nameless     Named = "nameless"      // not even the name: a deposit, a collection
)

// Paid is how the money relates to what is open.
type Paid string

// The ways.
const (
	Whole        Paid = "whole"
	Together     Paid = "together"         // several invoices, to the cent
	NetOfCredit  Paid = "net_of_credit"    // less a credit note
	NetOfEarlier Paid = "net_of_earlier"   // less money of before that no invoice has taken
	Part         Paid = "part"             // some of an invoice
	TwoParts     Paid = "two_parts"        // the habit of paying in two parts
	Rest         Paid = "rest"             // what a part had left
	Instalment   Paid = "instalment"       // of a plan
	Early        Paid = "discount"         // less the discount, in time
	TooLate      Paid = "discount_late"    // less the discount, past its day
	LessFees     Paid = "fees"             // less what banks took
	Rounded      Paid = "rounded"          // to the euro
	WrongAmount  Paid = "wrong_amount"     // mistyped
	NetOfVAT     Paid = "net_of_vat"       // the net amount paid for the total
	Forgotten    Paid = "credit_forgotten" // a credit note stands in the books, and all was paid
	Twice        Paid = "twice"            // again what was paid before
	Pooled       Paid = "pooled"           // of several customers in one sum
	GoesBack     Paid = "goes_back"        // a return, an unpaid cheque, a chargeback
)

// Payer is who paid.
type Payer string

// The payers.
const (
	Self          Payer = "self"
	OtherAccount  Payer = "other_account" // its second account
	TradeName     Payer = "trade_name"    // under a name that is not the company's
	GroupCompany  Payer = "group"         // another company of its group
	ManagersOwn   Payer = "manager"       // the manager's private account
	Factor        Payer = "factor"        // its reverse factor
	Treasury      Payer = "treasury"      // the State's accountant, for a public body
	Insurer       Payer = "insurer"
	Stranger      Payer = "stranger"       // the customer's customer, or nobody whom we know
	NoPayer       Payer = "none"           // the bank does not tell
	Supplier      Payer = "supplier"       // from here on nobody's
	Salaries      Payer = "salaries"       //
	State         Payer = "state"          // taxes, contributions, and their refunds
	Lender        Payer = "lender"         // loans and their instalments
	TheBank       Payer = "bank"           // its fees and interest
	Ourselves     Payer = "ourselves"      // between our own accounts
	SupplierCame  Payer = "supplier_back"  // a supplier pays back
	StateCame     Payer = "state_back"     // VAT refunded, a subsidy
	InsurerCame   Payer = "insurance_paid" // our own insurance
	OurselvesCame Payer = "ourselves_in"
)
