// Package ingest reads the files that people have and says, in one neutral
// form, what is in them: invoices, credit notes, payments and customers. It
// recognises a file by its content. Each format is a driver in a folder of its
// own, given to it in a list; none of them knows a database.
package ingest

import (
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Kind is what a document does to a customer's account.
type Kind string

// The kinds. An invoice adds to what is owed, a credit note and a payment take
// away; a customer alone, an entry of a bank and a status do neither.
const (
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit_note"
	Payment    Kind = "payment"
	Customers  Kind = "customer"
	Entry      Kind = "entry"  // a movement of a bank account: Document.Entry has it
	Status     Kind = "status" // of an electronic invoice: Document.Lifecycle has it
)

// Nature is what stands behind a document that is not simply one of its kind.
type Nature string

// The natures.
const (
	Ordinary   Nature = ""
	Opening    Nature = "opening"    // carried over from an earlier year
	Advance    Nature = "advance"    // money received before any invoice (account 4191)
	Refund     Nature = "refund"     // money that went back: a rejected debit, a repayment
	WriteOff   Nature = "write_off"  // given up as a loss
	Correction Nature = "correction" // an entry with neither sale nor money behind it
)

// Document is one thing that a file says about a customer's account. Amounts
// are positive, their direction is the Kind's; an amount that the file does not
// give has no currency (see Known). It is the reader's to keep.
type Document struct {
	Kind     Kind
	Nature   Nature
	Key      string // names the document within its file, for Settles; may be empty
	Number   string
	Customer Customer

	Issued   cal.Date
	Due      cal.Date // the zero Date when the file does not tell: from the customer's terms, or asked
	PaidOn   cal.Date
	Currency money.Currency
	Total    money.Amount // with VAT (BT-112)
	Net      money.Amount // without VAT (BT-109)
	Tax      money.Amount // VAT (BT-110)
	Open     money.Amount // what is left to pay on the day of the file
	Paid     money.Amount // paid before the document was made, or so far (BT-113)
	Payable  money.Amount // what the document itself asks for (BT-115)

	Order     string // the customer's purchase order (BT-13)
	Contract  string // BT-12
	Preceding string // the invoice that a credit note corrects, or that a payment pays (BT-25)
	Label     string
	Terms     string // the payment term in words (BT-20)
	Lettering string // the code that ties the entries that settle each other
	Partial   bool   // its lettering does not balance
	Status    string // the file's own words: "Payée", "En retard"…
	Method    string // how it was or will be paid, in the file's words

	Settles    []Settlement // what a credit note or a payment is set against, as the file tells
	Electronic *Electronic  // what only an electronic invoice tells
	Entry      *bank.Entry  // of a bank statement
	Lifecycle  *Lifecycle   // one status of an electronic invoice
	Warnings   []Warning
	Line       int // where it starts in the file, from 1; 0 when the file is one document
	Column     int
}

// Settlement is an amount of a credit note or a payment set against the
// document of the same file whose Key is given.
type Settlement struct {
	Key    string
	Amount money.Amount
	On     cal.Date
}

// Customer is what a file says about who owes.
type Customer struct {
	Code       string // the creditor's own; may be empty where the file has names only
	Account    string // the collective account, e.g. 411000
	Name       string
	SIREN      string
	SIRET      string
	VATID      string
	Street     string
	PostalCode string
	City       string
	Country    string // ISO 3166-1 alpha-2
	Language   string // fr or en
	Kind       string // business, consumer or public; empty when not told
	Tags       []string
	Terms      string // words of the agreed payment term
	Email      string
	Phone      string
	Endpoint   string // the address for electronic invoices, "0225:123456789" (BT-49)
	Contact    Contact
}

// Contact is the person whom a file names at a customer.
type Contact struct {
	Civility  string // "Madame", "Monsieur", "Mrs", "Mr", or nothing
	FirstName string
	LastName  string // or the whole name where it comes in one piece
	Role      string // the file's own word
	Email     string
	Phone     string
}

// Electronic is what only an electronic invoice tells.
type Electronic struct {
	Profile    string // BT-24
	Process    string // the French billing mode: S1, B2, M4… (BT-23)
	TypeCode   string // UNTDID 1001 (BT-3)
	Seller     Party
	Buyer      Party
	Endpoint   string // of the buyer: "0225:123456789" (BT-49)
	TaxPoint   string // when VAT is due, as a code of UNTDID 2475 or 2005 (BT-8)
	VAT        []VATLine
	Notes      []Note
	IBAN       string // BT-84
	Remittance string // BT-83
	BuyerRef   string // BT-10
	Despatch   string // BT-16
	Rounding   money.Amount
	Attachment *Attachment // the readable invoice, when there is one
}

// Party is the seller or the buyer of an electronic invoice.
type Party struct {
	Name    string
	SIREN   string
	SIRET   string
	VATID   string
	Country string
}

// VATLine is one line of the VAT breakdown (BG-23). Rate is in hundredths of a
// percent: 2000 for 20 %.
type VATLine struct {
	Category string
	Rate     int
	Basis    money.Amount
	Tax      money.Amount
	Reason   string
}

// Note is a text of an invoice with its subject: PMT (40 €), PMD (penalties),
// AAB (discount)… (BG-1).
type Note struct {
	Subject string
	Text    string
}

// Attachment is a file that comes with a document.
type Attachment struct {
	Name      string
	MediaType string
	Content   []byte
}

// Warning is something that did not stop the reading but that a person should
// know.
type Warning struct {
	Code   string `json:"code"` // of ours, or the official rule
	Text   string `json:"text"` // in French, as shown
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Known tells whether a file gave the amount: an amount of nothing, in euros,
// is known; no amount has no currency.
func Known(a money.Amount) bool { return a.Currency != "" }

// Asked is what the document asks for on the day of the file: what is left,
// else what it said was payable, else its total.
func (d *Document) Asked() money.Amount {
	switch {
	case Known(d.Open):
		return d.Open
	case Known(d.Payable):
		return d.Payable
	}
	return d.Total
}

// Warn notes something about the document.
func (d *Document) Warn(code, text string) {
	d.Warnings = append(d.Warnings, Warning{Code: code, Text: text, Line: d.Line, Column: d.Column})
}
