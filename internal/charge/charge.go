// Package charge is what is owed besides the invoice: late interest and the
// indemnity for the costs of recovery. They are always computed from the ledger,
// shown as a memo, and claimed or waived by a person; what is claimed is booked
// apart from the invoices and paid apart from them.
package charge

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// What is one of the two charges.
type What string

// The charges.
const (
	Interest  What = "interest"
	Indemnity What = "indemnity"
)

// Whats are the charges, in the order in which they are shown.
func Whats() []What { return []What{Interest, Indemnity} }

var whatWords = map[What]i18n.Words{
	Interest:  {FR: "intérêts de retard", EN: "late interest"},
	Indemnity: {FR: "indemnité forfaitaire", EN: "fixed indemnity"},
}

// In is the charge in words.
func (w What) In(l i18n.Lang) string { return whatWords[w].In(l) }

// Act is what a person has done about a charge.
type Act string

// The acts.
const (
	Claimed Act = "claimed"
	Waived  Act = "waived"
)

// Entry is a charge claimed or waived on an invoice.
type Entry struct {
	ID       string
	Customer string
	Invoice  string // identifier
	What     What
	Act      Act
	Claim    string // of a waiver: the claim that it gives up; empty where nothing was claimed yet
	Amount   money.Amount
	Until    cal.Date // the last day that was counted
	On       cal.Date
	Reason   string
	Note     string // identifier of the debit note that books it; empty before
	By       string
	At       time.Time
}

// Terms are what the contract says about late payment, and who owes.
type Terms struct {
	Rate       *money.Rate // nil is the law's
	Imputation fr.Imputation
	Basis      fr.Basis
	Compound   bool     // the contract lets interest of whole years bear interest
	CompoundOn cal.Date // or a judge does, from this day on
	OwedTo     fr.Creditor
	Debtor     law.Debtor
	Insolvent  cal.Date
	Notices    []cal.Date          // formal notices that reached the customer, as a person recorded them
	Served     map[string]cal.Date // by invoice, those that were followed to their receipt
}

// Item is an invoice with what has come in for it.
type Item struct {
	Invoice   ledger.Document
	Movements []fr.Movement
	Disputed  money.Amount // contested on the day, no more than what is open of it
	Settled   cal.Date     // the day on which the books closed it; no day while it is open
	Open      money.Amount // by the books, on the day
	Stopped   string       // the status that ended its electronic form, or the sale to a factor: 210, 213, 225…
	StopOn    cal.Date
	Assumed   bool // a payment whose day is not known is among the movements
}

// Sum follows one charge of an invoice, or several added up. Claimed is always
// Waived, Settled and Left together; Computed is what Claimed, Forgone and Memo
// come to, unless more was claimed than is computed today.
type Sum struct {
	Computed money.Amount // what the law and the contract give by the day
	Forgone  money.Amount // given up before it was claimed
	Claimed  money.Amount
	Waived   money.Amount // of what was claimed
	Settled  money.Amount // paid
	Left     money.Amount // claimed and still owed
	Memo     money.Amount // may still be claimed
}

func zeroSum(c money.Currency) Sum {
	z := money.Zero(c)
	return Sum{z, z, z, z, z, z, z}
}

func (s Sum) add(o Sum) Sum {
	return Sum{
		s.Computed.Add(o.Computed), s.Forgone.Add(o.Forgone), s.Claimed.Add(o.Claimed), s.Waived.Add(o.Waived),
		s.Settled.Add(o.Settled), s.Left.Add(o.Left), s.Memo.Add(o.Memo),
	}
}

// Owed is what the charge still comes to: claimed and left, or never claimed.
func (s Sum) Owed() money.Amount { return s.Left.Add(s.Memo) }

// Line is an invoice with its charges.
type Line struct {
	Item
	Claim     fr.Claim // what the computation was made from
	Charges   fr.Charges
	Interest  Sum
	Indemnity Sum // in euros
	Entries   []Entry
	Findings  []law.Finding
}

// Sum is one of the line's two charges.
func (l Line) Sum(w What) Sum {
	if w == Indemnity {
		return l.Indemnity
	}
	return l.Interest
}

// Late tells whether the invoice was open on a day after its due date.
func (l Line) Late() bool { return len(l.Charges.Segments) > 0 || l.Indemnity.Computed.Sign() > 0 }

// Account is what a customer owes besides its invoices on a day.
type Account struct {
	Customer customer.Customer
	Day      cal.Date
	Terms    Terms
	Lines    []Line  // of the invoices that have or had charges, by due date
	Totals   []Total // euros first
	Notes    []Note  // what is booked
}

// Total is the account in one currency.
type Total struct {
	Currency  money.Currency
	Principal money.Amount // overdue by the books, contested parts included
	Interest  Sum
	Indemnity Sum
	Count     int // invoices that an indemnity is computed for
}

// All is principal, interest and indemnity still owed.
func (t Total) All() money.Amount {
	return t.Principal.Add(t.Interest.Owed()).Add(t.Indemnity.Owed())
}

// Note is a debit note in the ledger: charges booked apart.
type Note struct {
	ledger.Document
	On      money.Amount // open on the day
	Entries []Entry
}

// Line is the line of an invoice, by identifier or number.
func (a Account) Line(invoice string) (Line, bool) {
	for _, l := range a.Lines {
		if l.Invoice.ID == invoice || l.Invoice.Number == invoice {
			return l, true
		}
	}
	return Line{}, false
}

// total is the total of a currency.
func (a *Account) total(c money.Currency) *Total {
	for i := range a.Totals {
		if a.Totals[i].Currency == c {
			return &a.Totals[i]
		}
	}
	a.Totals = append(a.Totals, Total{
		Currency: c, Principal: money.Zero(c), Interest: zeroSum(c), Indemnity: zeroSum(c),
	})
	return &a.Totals[len(a.Totals)-1]
}
