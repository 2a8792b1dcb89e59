// Package dispute holds what customers contest: all of an invoice or part of it,
// why, who looks into it and until when. The undisputed rest is still owed.
package dispute

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Dispute is a contested amount of an invoice.
type Dispute struct {
	ID        string
	Customer  string
	Invoice   string       // identifier; Add takes a number too
	Amount    money.Amount // zero is all of the invoice
	Reason    Reason
	Note      string
	Owner     string   // the person who looks into it
	Deadline  cal.Date // by when there is to be an answer; may be the zero Date
	Opened    cal.Date
	By        string
	CreatedAt time.Time
	Closed    cal.Date // the first day it no longer stands; the zero Date while it does
	Outcome   Outcome  // empty while it stands
	Closing   string   // what was said when it was closed
}

// Overdue tells whether an open dispute should have had its answer before a day.
func (d Dispute) Overdue(day cal.Date) bool {
	return d.Closed.IsZero() && !d.Deadline.IsZero() && d.Deadline < day
}

// Reason is why an invoice is contested.
type Reason string

// The reasons, in the order of a form.
const (
	Price     Reason = "price"
	Quantity  Reason = "quantity"
	Quality   Reason = "quality"
	Delivery  Reason = "delivery"
	Admin     Reason = "admin"
	Terms     Reason = "terms"
	NoDebt    Reason = "no_debt"
	Duplicate Reason = "duplicate"
	Other     Reason = "other"
)

// Reasons are all of them, in the order of a form.
func Reasons() []Reason {
	return []Reason{Price, Quantity, Quality, Delivery, Admin, Terms, NoDebt, Duplicate, Other}
}

// In is the reason in words.
func (r Reason) In(l i18n.Lang) string { return dunning.Contested(string(r), l) }

func (r Reason) known() bool { return slices.Contains(Reasons(), r) }

// Outcome is how a dispute ended.
type Outcome string

// The outcomes, in the order of a form.
const (
	Resolved  Outcome = "resolved"  // put right; the amount is owed
	Credited  Outcome = "credited"  // a credit note is made
	Rejected  Outcome = "rejected"  // the creditor does not agree; the amount is owed
	Withdrawn Outcome = "withdrawn" // the customer no longer contests it
)

var outcomeWords = map[Outcome]i18n.Words{
	Resolved:  {FR: "réglé", EN: "resolved"},
	Credited:  {FR: "avoir accordé", EN: "credited"},
	Rejected:  {FR: "rejeté", EN: "rejected"},
	Withdrawn: {FR: "abandonné par le client", EN: "withdrawn by the customer"},
}

// Outcomes are all of them, in the order of a form.
func Outcomes() []Outcome { return []Outcome{Resolved, Credited, Rejected, Withdrawn} }

// In is the outcome in words.
func (o Outcome) In(l i18n.Lang) string { return outcomeWords[o].In(l) }

func (o Outcome) known() bool { return slices.Contains(Outcomes(), o) }
