// Package channel is the one interface of a way to reach a customer. Each
// driver is a folder of its own below, known to app/drivers.go only.
package channel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"time"

	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/setting"
)

// Channel reaches customers with one creditor's settings.
type Channel interface {
	// Compose turns a draft into what is stored and sent. It reads no clock and
	// draws no number: the same draft gives the same bytes. A draft that cannot
	// become a message is a fault.Invalid.
	Compose(d Draft) (Message, error)

	// Open starts a session. Its error is a fault.Unavailable when trying again
	// later may succeed, and a fault.Invalid or fault.Denied when the settings
	// must be mended first: nothing can be sent until then.
	Open(ctx context.Context) (Session, error)
}

// Session is an open way to send several messages, over one connection where
// the channel has any. It is used by one goroutine.
type Session interface {
	// Send hands m over. It always gives a Receipt; there is no error beside it.
	Send(ctx context.Context, m Message) Receipt
	Close() error
}

// Manual is a channel that hands messages to a person: nothing leaves by it
// alone, so that one that was interrupted can simply be handed over again.
type Manual interface{ Manual() }

// Draft is all that goes into a message. ID, From and To are required; the
// channel takes of the rest what it can carry.
type Draft struct {
	ID          string // ours, unique; the message's own identifier comes from it
	From        mail.Address
	ReplyTo     mail.Address // where answers go; none when it has no address
	To          []mail.Address
	Cc          []mail.Address
	Subject     string
	Text        string
	HTML        string // may be empty
	Language    string // fr or en
	Date        time.Time
	InReplyTo   string   // the Message-ID of the message that this one follows
	References  []string // those of the whole conversation, oldest first
	Attachments []Attachment
	Letter      *letter.Letter // the same words as a page, for channels of paper
	Consumer    bool           // the addressee is no professional
}

// Attachment is a file that goes with a message.
type Attachment struct {
	Name string // as the reader sees it: Facture F2026-0871.pdf
	Type string // media type: application/pdf
	Data []byte
}

// Message is what a channel carries: complete, already stored, and never
// changed on its way.
type Message struct {
	ID        string   // ours; the channel's idempotency key where it has one
	From      string   // the address or number it is sent for
	Return    string   // where refusals come back; From when empty
	To        []string // all of them must be accepted; on paper, the lines of the one address
	Cc        []string // copies: a refusal is told, but stops nothing
	Raw       []byte   // the exact bytes (for e-mail, RFC 5322), as stored and hashed
	MessageID string   // RFC 5322 Message-ID, without angle brackets
}

// Fingerprint is the SHA-256 of Raw in hexadecimal, as stored beside it.
func (m Message) Fingerprint() string {
	sum := sha256.Sum256(m.Raw)
	return hex.EncodeToString(sum[:])
}

// Outcome is what became of one attempt.
type Outcome string

// The outcomes. Uncertain is never tried again without a person: the
// other side may have taken the message before the line died.
const (
	Sent      Outcome = "sent"
	Temporary Outcome = "temporary" // refused for now: try again later
	Permanent Outcome = "permanent" // refused for good
	Uncertain Outcome = "uncertain"
	Handed    Outcome = "handed" // in a person's hands: it has left when she says so
)

// Receipt is what the other side said.
type Receipt struct {
	Outcome Outcome
	Code    string // e.g. "550 5.1.1"
	Detail  string // its words, for a person
	At      time.Time

	Reference string // the identifier that the other side gave the message; may be empty
}

// Driver is a kind of channel as it describes itself: adding one is a folder
// and its line in app/drivers.go.
type Driver struct {
	Name     string           // email: as scenarios write it
	Label    i18n.Words       // Courriel
	Settings setting.Registry // what it needs to be told

	// Chosen tells whether a creditor's settings ask for this driver: several may
	// carry the channel of that name.
	Chosen func(v setting.Values) bool

	// New makes the channel of a creditor from her settings. What is missing
	// among them is a fault.Invalid that names the setting.
	New func(v setting.Values, box setting.Box) (Channel, error)
}
