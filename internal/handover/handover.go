// Package handover is what happens when reminders have done what they can: the ways
// to be paid that the law opens, the signals that it is time, claims handed to an
// agency, a commissaire de justice or a lawyer, what they report and remit, and the
// losses that are written off.
package handover

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// PartnerKind is who collects or sues for a creditor.
type PartnerKind string

// The kinds. A bailiff is a commissaire de justice.
const (
	Agency  PartnerKind = "agency"
	Bailiff PartnerKind = "bailiff"
	Lawyer  PartnerKind = "lawyer"
)

// PartnerKinds are all of them, in the order of a form.
func PartnerKinds() []PartnerKind { return []PartnerKind{Agency, Bailiff, Lawyer} }

var partnerWords = map[PartnerKind]i18n.Words{
	Agency:  {FR: "société de recouvrement", EN: "collection agency"},
	Bailiff: {FR: "commissaire de justice", EN: "commissaire de justice"},
	Lawyer:  {FR: "avocat", EN: "lawyer"},
}

// In is the kind in words.
func (k PartnerKind) In(l i18n.Lang) string { return partnerWords[k].In(l) }

// Partner is an agency, a commissaire de justice or a lawyer, with the terms agreed.
type Partner struct {
	ID         string
	Kind       PartnerKind
	Name       string
	Street     string
	PostalCode string
	City       string
	SIREN      string
	Contact    string // the person there
	Email      string
	Phone      string
	Terms      Terms
	Mandate    string // reference of the written agreement (CPCE R124-3)
	Note       string
	CreatedAt  time.Time
	EndedAt    time.Time
}

// State is how far a hand-over is.
type State string

// The states. A hand-over that was prepared and given up is recalled.
const (
	Prepared State = "prepared"
	Handed   State = "handed"
	Recalled State = "recalled"
	Closed   State = "closed"
)

var stateWords = map[State]i18n.Words{
	Prepared: {FR: "préparé", EN: "prepared"}, Handed: {FR: "confié", EN: "handed over"},
	Recalled: {FR: "rappelé", EN: "recalled"}, Closed: {FR: "clos", EN: "closed"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// Outcome is how a hand-over ended.
type Outcome string

// The outcomes.
const (
	Paid          Outcome = "paid"
	Partial       Outcome = "partial"
	Irrecoverable Outcome = "irrecoverable"
)

// Outcomes are all of them, in the order of a form.
func Outcomes() []Outcome { return []Outcome{Paid, Partial, Irrecoverable} }

var outcomeWords = map[Outcome]i18n.Words{
	Paid: {FR: "payé", EN: "paid"}, Partial: {FR: "payé en partie", EN: "paid in part"},
	Irrecoverable: {FR: "irrécouvrable", EN: "irrecoverable"},
}

// In is the outcome in words.
func (o Outcome) In(l i18n.Lang) string { return outcomeWords[o].In(l) }

// Handover is claims of one customer, in one currency, in a partner's hands.
type Handover struct {
	ID              string
	Customer        string
	Partner         string // identifier; empty while it is prepared for nobody yet
	State           State
	Outcome         Outcome
	Currency        money.Currency
	Terms           Terms  // as they stood when it was handed over
	Mandate         string // reference of the agreement
	Dossier         string // SHA-256 of the file that was handed over, which is kept
	DossierName     string
	Hold            string // the silence that it keeps
	Reminder        string // the step that prepared it; may be empty
	Note            string
	PreparedOn      cal.Date
	PreparedBy      string
	HandedOn        cal.Date
	HandedBy        string
	EndedOn         cal.Date
	EndedBy         string
	Ending          string // why it was recalled, or what was said when it was closed
	CertifiedOn     cal.Date
	Certificate     string // SHA-256 of the certificate of irrecoverability
	CertificateName string
	Items           []Item

	mark string // allocations with a later identifier came in since it was handed over
}

// Item is an invoice handed over, with what was claimed on it then.
type Item struct {
	Document  string
	Number    string
	Due       cal.Date
	Principal money.Amount
	Interest  money.Amount
	Indemnity money.Amount
	Open      money.Amount // what is left of the principal today
}

// Total is all that was claimed on an item.
func (i Item) Total() money.Amount { return i.Principal.Add(i.Interest).Add(i.Indemnity) }

// Sums are the totals of a hand-over.
type Sums struct{ Principal, Interest, Indemnity, Total, Open money.Amount }

// Sums adds the items up.
func (h Handover) Sums() Sums {
	z := money.Zero(h.Currency)
	s := Sums{z, z, z, z, z}
	for _, i := range h.Items {
		s.Principal, s.Interest = s.Principal.Add(i.Principal), s.Interest.Add(i.Interest)
		s.Indemnity, s.Open = s.Indemnity.Add(i.Indemnity), s.Open.Add(i.Open)
	}
	s.Total = s.Principal.Add(s.Interest).Add(s.Indemnity)
	return s
}

// Active tells whether the claims are still prepared or in a partner's hands.
func (h Handover) Active() bool { return h.State == Prepared || h.State == Handed }

// Status is what a partner reports.
type Status string

// The statuses of feedback.
const (
	Reached     Status = "reached"
	Unreachable Status = "unreachable"
	Promised    Status = "promised"
	Collected   Status = "collected" // with its amount: it is to be remitted within a month (CPCE R124-6)
	Contested   Status = "contested"
	Sued        Status = "sued"
	Insolvent   Status = "insolvent"
	Other       Status = "other"
)

// Statuses are all of them, in the order of a form.
func Statuses() []Status {
	return []Status{Reached, Unreachable, Promised, Collected, Contested, Sued, Insolvent, Other}
}

var statusWords = map[Status]i18n.Words{
	Reached:     {FR: "débiteur joint", EN: "debtor reached"},
	Unreachable: {FR: "débiteur injoignable", EN: "debtor not reached"},
	Promised:    {FR: "paiement promis", EN: "payment promised"},
	Collected:   {FR: "somme encaissée", EN: "money collected"},
	Contested:   {FR: "créance contestée", EN: "claim disputed"},
	Sued:        {FR: "procédure engagée", EN: "proceedings begun"},
	Insolvent:   {FR: "procédure collective", EN: "insolvency"}, Other: {FR: "autre", EN: "other"},
}

// In is the status in words.
func (s Status) In(l i18n.Lang) string { return statusWords[s].In(l) }

func known[T comparable](v T, list []T) bool { return slices.Contains(list, v) }

// Feedback is what a partner told on a day.
type Feedback struct {
	ID       string
	Handover string
	On       cal.Date
	Status   Status
	Amount   money.Amount // of what was collected
	Text     string
	By       string
}

// Remittance is what a partner paid out: what it collected less its fee.
type Remittance struct {
	ID        string
	Handover  string
	On        cal.Date
	Gross     money.Amount
	Fee       money.Amount
	Net       money.Amount
	Payment   string // identifier of the payment in the books; may be empty
	Paid      money.Amount
	Reference string
	By        string
}

// Receipt is money or a credit note that came in on a claim in a partner's hands.
type Receipt struct {
	Allocation string
	Credit     string // number of the payment or credit note
	Kind       string // payment or credit_note
	Invoice    string // number
	On         cal.Date
	Amount     money.Amount // negative where an earlier one was undone
	Declared   cal.Date     // the day on which the partner was told; no day while it was not
	Remitted   bool         // it came from the partner, who knows
}
