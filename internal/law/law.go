// Package law is what a country's law answers about receivables. It holds the
// questions and the form of the answers; each country is a room below.
package law

import (
	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Country answers for the law of one country. Answers never block by themselves:
// what follows from a finding is for the caller and, in the end, for a person.
type Country interface {
	// DefaultTerm is the term of payment where none was agreed.
	DefaultTerm(d Debtor, b PublicBody) cal.Term
	// CheckTerm holds a due date against the legal ceilings.
	CheckTerm(t Terms) []Finding
	// LintInvoice looks for what an invoice must say and does not.
	LintInvoice(i Invoice) []Finding
}

// Debtor is what the law sees in who owes.
type Debtor string

// The debtors.
const (
	Business Debtor = "business"
	Consumer Debtor = "consumer"
	Public   Debtor = "public"
)

// PublicBody tells public buyers apart, for their terms of payment.
type PublicBody string

// The public bodies; nothing is one whose sort is not known.
const (
	StateOrLocal      PublicBody = "state"       // State, local authorities and their establishments
	Hospital          PublicBody = "hospital"    // public health establishments, army health service
	PublicUndertaking PublicBody = "undertaking" // other public undertakings
)

// Severity is how sure a finding is.
type Severity string

// The severities.
const (
	Violation Severity = "violation" // contrary to the text
	Doubt     Severity = "doubt"     // contrary to it unless something unknown holds
	Remark    Severity = "remark"    // nothing wrong: what a person must know
)

// Finding is one thing that the law has to say.
type Finding struct {
	Code     string
	Severity Severity
	Text     i18n.Words
	Source   string // the article
}

// Terms is a due date, or an agreed term, with what its ceiling depends on. A day
// that is not known is the zero Date.
type Terms struct {
	Debtor    Debtor
	Body      PublicBody
	Sector    string // of the goods or service; nothing is the general rule
	Periodic  bool   // one invoice for several deliveries of a month
	Issued    cal.Date
	Received  cal.Date // of the invoice, by the debtor
	Delivered cal.Date // goods received, or service performed
	Due       cal.Date // worked out from Term when it is not known
	Term      cal.Term // as agreed; no term when it is not known
}

// Invoice is what is known of an invoice or credit note.
type Invoice struct {
	CreditNote bool
	Complete   bool // all that it says is here, so what is not here is missing
	Debtor     Debtor
	Number     string
	Preceding  string // the invoice that a credit note corrects
	Issued     cal.Date
	Due        cal.Date
	Seller     Party
	Buyer      Party
	Net        money.Amount // amounts of no currency are not known
	Tax        money.Amount
	Total      money.Amount
	Payable    money.Amount
	VAT        []VATLine
	Terms      string // words of the payment term
	Notes      []Note
	TypeCode   string // UNTDID 1001 (BT-3)
	Process    string // the French billing mode (BT-23)
}

// Party is a seller or a buyer.
type Party struct {
	Name    string
	Country string // ISO 3166-1 alpha-2
	SIREN   string
	SIRET   string
	VATID   string
}

// VATLine is a rate of an invoice, in hundredths of a percent, and why it is zero
// where it is.
type VATLine struct {
	Rate   int
	Reason string
}

// Note is a text of an invoice with its subject (UNTDID 4451), if it has one.
type Note struct {
	Subject string
	Text    string
}
