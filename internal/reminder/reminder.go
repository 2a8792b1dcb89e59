// Package reminder carries a decision to the customer: runs, the reminders they
// propose, approval by people or by rule, the messages, and their leaving.
//
// What is decided is pure and lives in dunning; here it is written down before
// it is sent, checked again at the last moment, and its outcome recorded.
package reminder

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// State is how far a reminder has come.
type State string

// The states. A step counts as done for its invoices when it was sent or
// dismissed; the others advance nothing.
const (
	Proposed   State = "proposed"   // waits for a person
	Approved   State = "approved"   // its messages are queued
	Sending    State = "sending"    // some of its messages have left
	Sent       State = "sent"       // it left, or was handed to a person to be done
	Failed     State = "failed"     // refused for good: a person must mend it
	Uncertain  State = "uncertain"  // may have left: a person must say
	Dismissed  State = "dismissed"  // a person decided that it is not needed
	Superseded State = "superseded" // overtaken by events
)

// Pending tells whether a reminder still waits to leave.
func (s State) Pending() bool {
	return slices.Contains([]State{Proposed, Approved, Sending, Failed, Uncertain}, s)
}

// Reminder is one step for one customer.
type Reminder struct {
	ID         string
	Run        string
	Customer   string
	ScenarioID string
	Scenario   string // its name when it was decided
	Version    int
	Step       string
	StepAt     int // days from the due date, signed
	FollowUp   bool
	Tone       dunning.Tone
	Formal     bool
	Template   string
	Channels   []dunning.Channel
	Approve    bool // a person must
	State      State
	On         cal.Date // the day it was decided for
	NotBefore  cal.Date // postponed by a person
	Leader     string
	Amount     money.Amount
	Credits    money.Amount
	Claims     int
	MaxAge     int // days of the oldest claimed invoice, signed
	Details    Details
	Edited     *Words // written by a person instead of the template
	Note       string // of a dismissal, a failure, what overtook it
	ProposedAt time.Time
	DecidedAt  time.Time
	DecidedBy  string
	DoneOn     cal.Date
}

// Details is what a reminder claims and why, as it was decided.
type Details struct {
	Claims   []dunning.Claim      `json:"claims"`
	Coming   []dunning.Claim      `json:"coming,omitempty"`
	Broken   []string             `json:"broken,omitempty"`
	Attach   []dunning.Attachment `json:"attach,omitempty"`
	Script   string               `json:"script,omitempty"`
	Deadline int                  `json:"deadline,omitempty"` // days
	AnyDay   bool                 `json:"any_day,omitempty"`  // leaves on closed days too
	Reasons  []dunning.Reason     `json:"reasons"`
}

// Words are a subject and a body that a person wrote for one reminder.
type Words struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// MessageState is how far a message has come.
type MessageState string

// The states of a message.
const (
	Queued           MessageState = "queued"
	Held             MessageState = "held"    // a doubt keeps it back
	MessageSending   MessageState = "sending" // handed over, no answer yet
	Ready            MessageState = "ready"   // a person posts it
	MessageSent      MessageState = "sent"
	MessageFailed    MessageState = "failed"
	MessageUncertain MessageState = "uncertain"
	Cancelled        MessageState = "cancelled"
)

// Message is a reminder rendered for one channel, as stored before it leaves.
type Message struct {
	ID        string
	Reminder  string
	Customer  string
	Channel   string
	Sender    string
	Return    string
	To        []string
	Cc        []string
	Subject   string
	Ref       string // RFC 5322 Message-ID
	SHA256    string // of the bytes
	Size      int
	State     MessageState
	Why       string
	Attempts  int
	NextAt    time.Time
	Code      string
	Detail    string
	CreatedAt time.Time
	SentAt    time.Time
	Remote    string  // the identifier that the other side gave it
	Purpose   Purpose // of a message that belongs to no reminder; else empty
}
