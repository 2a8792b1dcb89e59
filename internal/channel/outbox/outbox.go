// Package outbox is a channel that keeps messages instead of sending them, so
// that a demonstration shows exactly what would have left.
package outbox

import (
	"context"
	"time"

	"acquit/internal/channel"
)

// Compose turns a draft into bytes as the channel would that this one stands
// for.
type Compose func(channel.Draft) (channel.Message, error)

// Keep takes a message that would have left. Its error means that it was not
// kept. Keeping one twice, by its ID, must be harmless.
type Keep func(context.Context, channel.Message) error

// Channel keeps what it is given.
type Channel struct {
	compose Compose
	keep    Keep
	now     func() time.Time
}

var _ channel.Channel = (*Channel)(nil)

// New is a channel that composes like another and keeps. keep may be nil where
// the bytes are stored anyway before they are sent; now is the clock of the
// demonstration.
func New(compose Compose, keep Keep, now func() time.Time) *Channel {
	if keep == nil {
		keep = func(context.Context, channel.Message) error { return nil }
	}
	return &Channel{compose: compose, keep: keep, now: now}
}

// Compose turns a draft into bytes.
func (c *Channel) Compose(d channel.Draft) (channel.Message, error) { return c.compose(d) }

// Open starts a session; it cannot fail.
func (c *Channel) Open(context.Context) (channel.Session, error) { return session{c}, nil }

type session struct{ channel *Channel }

// Send keeps m and says that it was sent.
func (s session) Send(ctx context.Context, m channel.Message) channel.Receipt {
	r := channel.Receipt{Outcome: channel.Sent, Code: "250", Detail: "gardé dans la boîte d’envoi", At: s.channel.now()}
	err := ctx.Err()
	if err == nil {
		err = s.channel.keep(ctx, m)
	}
	if err != nil {
		r.Outcome, r.Code, r.Detail = channel.Temporary, "", err.Error()
	}
	return r
}

// Close ends the session.
func (s session) Close() error { return nil }
