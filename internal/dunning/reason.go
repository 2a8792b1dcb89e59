package dunning

import (
	"acquit/internal/cal"
	"acquit/internal/money"
)

// Code names one kind of reason; the words are in words.go.
type Code string

// Reason is why something is proposed or is not: a code and its figures. Only
// the fields that the code speaks of are filled.
type Reason struct {
	Code    Code         `json:"code"`
	Invoice string       `json:"invoice,omitempty"` // its number
	Step    string       `json:"step,omitempty"`
	On      cal.Date     `json:"on,omitzero"`
	Until   cal.Date     `json:"until,omitzero"`
	Amount  money.Amount `json:"amount,omitzero"`
	Limit   money.Amount `json:"limit,omitzero"`
	Days    int          `json:"days,omitempty"`
	Count   int          `json:"count,omitempty"`
	Note    string       `json:"note,omitempty"`
}

// Decision is what Decide answers for one account on one day: reminders to
// propose, or none, always with reasons.
type Decision struct {
	On        cal.Date
	Scenario  string     // its name; empty when none applies
	Reminders []Proposal // at most one where the scenario groups by customer
	Reasons   []Reason   // why there is none, or what was left aside
	Leader    string     // the item that sets the step; empty when none is eligible
	Next      Next       // when the account would next hear of us, if nothing happens
	Items     []ItemView // every open item with its own reasons, for « explain »
}

// Next is the step that would come next and its day.
type Next struct {
	Step string
	On   cal.Date
}

// Proposal is one step for one customer, with what it claims.
type Proposal struct {
	Step     Step
	Channels []Channel // the step's, or the one that follows it
	FollowUp bool      // it follows its step on another channel
	Leader   string    // item identifier
	On       cal.Date
	Claims   []Claim      // by due date, then number
	Coming   []Claim      // not yet due, mentioned apart
	Amount   money.Amount // the claims' sum less Credits
	Credits  money.Amount // credits and payments on their way that are netted
	Broken   []string     // promises and plans that were not kept, to be mentioned
	Reasons  []Reason
}

// Claim is the amount of an item that a proposal asks for.
type Claim struct {
	Item   string
	Number string
	Issued cal.Date
	Due    cal.Date
	Amount money.Amount // what is claimed, after disputes
	Open   money.Amount
	Age    int // days after the due date, signed
}

// ItemView is an open item as the decision saw it.
type ItemView struct {
	Item     string
	Number   string
	Due      cal.Date // its own or its instalment's; the zero Date when it is not known
	Age      int      // 0 without a due date
	Open     money.Amount
	Eligible money.Amount // what may be claimed today
	Position string       // the last step that claimed it
	Reasons  []Reason
}
