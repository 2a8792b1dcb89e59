// Package bank holds what banks say: statements and their entries, kept as they
// came, apart from what was made of them. An entry that comes again, in an
// overlapping statement or in another format, is the same entry.
package bank

import (
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Statement is what a bank says of one account over some days: a statement of
// what is booked (camt.053, MT940, CFONB 120), of the day so far (camt.052,
// MT942), or the details of some entries alone (camt.054).
type Statement struct {
	Kind     StatementKind
	Account  Account
	Number   string // as the bank numbers it; may be empty
	From, To cal.Date
	Currency money.Currency
	Opening  *Balance // nil where the file states none
	Closing  *Balance
	Nth      int // among the statements of its file, from 1; whoever takes it in counts
	Line     int // where it starts in the file, from 1
}

// StatementKind is what a statement is worth.
type StatementKind string

// The kinds.
const (
	Booked  StatementKind = "booked"  // final, with its balances
	Interim StatementKind = "interim" // of the day so far: its entries come again
	Details StatementKind = "details" // a notification: some entries, no balances
)

// Account is the account that a statement is about, in the words of the file.
type Account struct {
	IBAN   string // without spaces; empty where the file gives another number
	Number string // the account as the file writes it: bank, branch and number
	Name   string
	BIC    string
	Owner  string // whose it is, where the file tells; Name may be what the bank calls the account
}

// Key names the account across formats: the IBAN, or the number as it is.
func (a Account) Key() string {
	if a.IBAN != "" {
		return a.IBAN
	}
	return a.Number
}

// Balance is what an account holds at the beginning or at the end of a day;
// negative when it is overdrawn.
type Balance struct {
	On     cal.Date
	Amount money.Amount
}

// Entry is one movement of an account as the bank tells it. Money that came in
// is positive, money that left negative. A batch that the bank details gives one
// entry per detail (Part tells them apart); one that it does not detail is one
// entry.
type Entry struct {
	Statement *Statement

	On     cal.Date // booked
	Value  cal.Date // the zero Date where the file does not tell
	Amount money.Amount
	Status Status

	Means      Means
	Code       string   // the bank's own code of the operation: "PMNT/RCDT/ESCT", "05", "NTRF", "CREDIT"
	Label      string   // what a person reads first
	Texts      []string // all free texts in their order (Ustrd, :86:, LIB, LCC, MEMO), the label among them
	Structured []string // structured references (CdtrRefInf/Ref, RfrdDocInf/Nb, RF…)
	EndToEnd   string
	Mandate    string // the SEPA mandate (RUM)
	BankRef    string // unique at the bank: AcctSvcrRef, FITID; may be empty
	Batch      string // the reference of the whole where this is one of its details
	Part       int    // from 1 within a batch; 0 otherwise

	Party    Party // the other side: who paid, or was paid
	Ultimate Party // on whose behalf

	Return   *Return      // a payment that went back: returned, rejected, charged back
	Reversal bool         // the bank takes back an entry of its own
	Fees     money.Amount // taken off by banks on the way, where told
	Original money.Amount // in the payer's currency, where told

	Line int    // where it starts in the file, from 1
	Raw  string // as it came: the lines, the element, the row
}

// Status tells a booked entry from one that may still change.
type Status string

// The statuses.
const (
	IsBooked  Status = "booked"
	IsPending Status = "pending" // announced: it may change or vanish
)

// Party is the other side of an entry.
type Party struct {
	Name string
	IBAN string // or another account number
	BIC  string
	ID   string // an identifier of its own: SIREN, ICS, LEI… as the file gives it
}

// Return says why money went back.
type Return struct {
	Code string // of ISO 20022 (AM04, MD06…) or of CFONB 120 (two characters, behind ChequeReason for cheques)
	Text string // the bank's words
}

// Means is how money moved.
type Means string

// The means.
const (
	Transfer Means = "transfer"
	Debit    Means = "debit" // SEPA direct debit
	Cheque   Means = "cheque"
	Card     Means = "card"
	Bill     Means = "bill" // LCR, BOR
	Cash     Means = "cash"
	Fee      Means = "fee" // the bank's own fees and interest
	Other    Means = "other"
)
