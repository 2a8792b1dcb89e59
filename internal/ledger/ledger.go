// Package ledger holds what is owed: invoices, credit notes, payments and the
// allocations between them. It is the only writer of money.
//
// Documents are never silently altered and allocations never deleted: an
// allocation is undone by a reversal. What is open on a past day is computed
// from dated documents and allocations; the open amount kept beside today's
// documents changes in the transaction of the allocation and is recomputed by
// Verify.
package ledger

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Kind is what a document is.
type Kind string

// The kinds. An invoice is owed to us; the other two are owed to the customer
// until they are allocated.
const (
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit_note"
	Payment    Kind = "payment"
)

// Document is an invoice, a credit note or a payment. Amounts are positive;
// the kind gives their direction.
type Document struct {
	ID        string
	Customer  string
	Kind      Kind
	Number    string // unique per customer and kind
	Issued    cal.Date
	Due       cal.Date // the zero Date when it is not known
	Amount    money.Amount
	Open      money.Amount // what no allocation has taken yet
	Net       money.Amount // without VAT, where it is known
	Order     string       // the customer's purchase order
	Contract  string
	Preceding string // the number of the invoice that a credit note corrects
	Terms     string // words of the payment term
	Label     string
	Source    string
	Import    string
	CreatedAt time.Time
}

// Signed is the open amount as the balance counts it: negative for credits.
func (d Document) Signed() money.Amount {
	if d.Kind == Invoice {
		return d.Open
	}
	return d.Open.Neg()
}

// Allocation is a dated amount of a payment or credit note set against an
// invoice. A reversal carries the negative amount and names what it undoes.
type Allocation struct {
	ID        string
	Customer  string
	Credit    string // the payment's or credit note's identifier
	Invoice   string
	Amount    money.Amount
	On        cal.Date
	Reverses  string
	Reason    string
	Import    string
	By        string
	CreatedAt time.Time
}

// Credit tells whether the kind is owed to the customer.
func (k Kind) Credit() bool { return k != Invoice }

// Valid tells whether k is a kind.
func (k Kind) Valid() bool { return k == Invoice || k == CreditNote || k == Payment }
