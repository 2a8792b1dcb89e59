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

// Nature is what stands behind a document that is not simply one of its kind.
type Nature string

// The natures. Only ordinary documents are sales.
const (
	Ordinary   Nature = ""
	Opening    Nature = "opening"    // carried over from an earlier year
	Advance    Nature = "advance"    // money received before any invoice
	Refund     Nature = "refund"     // money that went back: a rejected debit, a repayment
	WriteOff   Nature = "write_off"  // given up as a loss
	Correction Nature = "correction" // an entry with neither sale nor money behind it
	Charge     Nature = "charge"     // late interest and indemnities booked apart, and what takes them back
	Discount   Nature = "discount"   // granted for an early payment
	BankFees   Nature = "bank_fees"  // what banks took off a payment on its way
	Small      Nature = "difference" // a small amount that nobody asks for
	Noted      Nature = "noted"      // no paper behind it: what a file showed to be settled, or no longer
)

// Document is an invoice, a credit note or a payment. Amounts are positive;
// the kind gives their direction.
type Document struct {
	ID        string
	Customer  string
	Kind      Kind
	Nature    Nature
	Number    string // unique per customer, kind and part
	Part      string // tells apart the due dates of one invoice, or payments of one reference; else empty
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
	Brought   int64 // fingerprint of what its source last said of it; 0 for none
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
