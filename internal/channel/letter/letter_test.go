package letter_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/letter"
)

// hands is the channel with a person at its other side.
type hands struct {
	letter.Channel
	got *[][]byte
}

func (h hands) Open(ctx context.Context) (channel.Session, error) {
	s, err := h.Channel.Open(ctx)
	return handing{s, h.got}, err
}

type handing struct {
	channel.Session
	got *[][]byte
}

func (h handing) Send(ctx context.Context, m channel.Message) channel.Receipt {
	r := h.Session.Send(ctx, m)
	if r.Outcome == channel.Handed {
		*h.got = append(*h.got, bytes.Clone(m.Raw))
	}
	return r
}

func TestLettersAreAChannel(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	channeltest.Run(t, func(*testing.T) channeltest.Subject {
		got := [][]byte{}
		return channeltest.Subject{
			Channel: hands{letter.New(now), &got}, Paper: true, Taken: channel.Handed,
			Received: func() [][]byte { return got },
		}
	})
}
