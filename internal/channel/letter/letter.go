// Package letter is the channel of letters that a person prints and posts: it
// writes the PDF and hands it over.
package letter

import (
	"context"
	"time"

	"acquit/internal/channel"
	"acquit/internal/i18n"
	"acquit/internal/paper"
	"acquit/internal/setting"
)

// Channel hands letters to a person.
type Channel struct{ now func() time.Time }

var (
	_ channel.Channel = Channel{}
	_ channel.Manual  = Channel{}
)

// New is the channel with its clock.
func New(now func() time.Time) Channel { return Channel{now} }

// Driver is letters that a person posts, as they describe themselves.
var Driver = channel.Driver{
	Name:     "letter",
	Label:    i18n.Words{FR: "Lettre, imprimée ici", EN: "Letter, printed here"},
	Settings: setting.All().In(setting.GroupPost),
	Chosen:   func(v setting.Values) bool { return setting.PostWay.In(v) == setting.PostPrint },
	New: func(setting.Values, setting.Box) (channel.Channel, error) {
		return New(time.Now), nil
	},
}

// Compose writes the letter as PDF.
func (Channel) Compose(d channel.Draft) (channel.Message, error) { return paper.Message(d) }

// Open starts a session; it cannot fail.
func (c Channel) Open(context.Context) (channel.Session, error) { return session(c), nil }

// Manual says that nothing leaves by itself.
func (Channel) Manual() {}

type session struct{ now func() time.Time }

// Send says that the letter waits for a person.
func (s session) Send(ctx context.Context, _ channel.Message) channel.Receipt {
	if err := ctx.Err(); err != nil {
		return channel.Receipt{Outcome: channel.Temporary, Detail: err.Error(), At: s.now()}
	}
	return channel.Receipt{Outcome: channel.Handed, Detail: "à imprimer et à poster", At: s.now()}
}

// Close ends the session.
func (session) Close() error { return nil }
