package lifecycle

import (
	"context"

	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Platform exchanges messages about the life of invoices with one creditor's
// settings: a platform's interface, or folders.
type Platform interface {
	// Send hands a message over. It always gives a Receipt; there is no error
	// beside it.
	Send(ctx context.Context, m Outgoing) Receipt
	// Judge asks what became of a message, by the platform's identifier of it or,
	// where that is not known, by ours.
	Judge(ctx context.Context, m Outgoing) (Verdict, error)
	// Collect gives what came since a position, oldest first, but for what known
	// says is taken already. It gives the position to go on from, also beside an
	// error: what was taken until then is done.
	Collect(
		ctx context.Context, position string, known func(flow string) (bool, error), take func(Incoming) error,
	) (string, error)
}

// Checker is a Platform that can say whether it is reached.
type Checker interface {
	Check(ctx context.Context) error
}

// Outgoing is a message that is sent.
type Outgoing struct {
	ID     string // ours: the tracking identifier
	Flow   string // the platform's; empty before it has told
	Name   string // of the file
	SHA256 string
	Raw    []byte
}

// Incoming is a message that came.
type Incoming struct {
	Flow string // the platform's identifier
	Name string
	Raw  []byte
}

// SendOutcome is what became of one attempt.
type SendOutcome string

// The outcomes. Uncertain is never tried again without a person or the platform's
// own word: it may have the message.
const (
	Handed   SendOutcome = "handed"
	TryLater SendOutcome = "later" // it has not taken the message, and may
	NotTaken SendOutcome = "not_taken"
	NotKnown SendOutcome = "not_known"
)

// Receipt is what the platform said.
type Receipt struct {
	Outcome SendOutcome
	Flow    string
	Detail  string // in words, for a person
}

// Verdict is what a platform says of a message that it has.
type Verdict struct {
	Found    bool
	Flow     string
	Judged   bool // it says yes or no; else it has not finished
	Accepted bool
	Detail   string
}

// Driver is a kind of platform as it describes itself: adding one is a folder and
// its line in app/drivers.go.
type Driver struct {
	Name   string
	Label  i18n.Words
	Chosen func(v setting.Values) bool
	// New is the platform of a creditor. What is missing among its settings is a
	// fault.Invalid that names the setting.
	New func(v setting.Values, box setting.Box) (Platform, error)
}

// Choose is the platform that a creditor's settings ask for, with its name; nil
// where statuses are exchanged by hand.
func Choose(drivers []Driver, v setting.Values, box setting.Box) (Platform, string, error) {
	for _, d := range drivers {
		if d.Chosen(v) {
			p, err := d.New(v, box)
			return p, d.Name, err
		}
	}
	return nil, "", nil
}
