package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
)

func TestOutboxIsAChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(*testing.T) channeltest.Subject {
		var kept [][]byte
		keep := func(_ context.Context, m channel.Message) error {
			kept = append(kept, m.Raw)
			return nil
		}
		now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
		return channeltest.Subject{
			Channel:  outbox.New(email.Compose, keep, now),
			Received: func() [][]byte { return kept },
		}
	})
}

func TestAMessageThatIsNotKeptIsNotSent(t *testing.T) {
	t.Parallel()
	full := func(context.Context, channel.Message) error { return errors.New("disque plein") }
	session, err := outbox.New(email.Compose, full, time.Now).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := session.Send(t.Context(), channel.Message{ID: "msg_1"}); r.Outcome != channel.Temporary {
		t.Errorf("got %+v", r)
	}
}
