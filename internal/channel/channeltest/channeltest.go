// Package channeltest is what every channel must do, as a test that each
// driver runs over itself.
package channeltest

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/channel"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/letter"
)

// Subject is a channel under test, with a view of its other side.
type Subject struct {
	Channel channel.Channel

	// Received are the bytes that have reached the other side, in order.
	Received func() [][]byte

	// Paper is a channel of letters: its drafts have one, and its other side gets
	// the PDF.
	Paper bool

	// Taken is the outcome of a message that all went well with; Sent when empty.
	Taken channel.Outcome

	// Fail makes the next attempt end so: Permanent, Temporary, or Uncertain
	// after everything was taken. It is nil for a channel that cannot fail so.
	Fail func(channel.Outcome)
}

// Draft is the n-th message of a series that differ in all that matters.
func Draft(n int) channel.Draft {
	return channel.Draft{
		ID:       fmt.Sprintf("msg_%06d", n),
		From:     mail.Address{Name: "Sophie Martin", Address: "sophie@dupont.example"},
		ReplyTo:  mail.Address{Address: "comptabilite@dupont.example"},
		To:       []mail.Address{{Name: "Claire Vidal", Address: fmt.Sprintf("claire%d@delvaux.example", n)}},
		Subject:  fmt.Sprintf("Relance n°\u00a0%d : échéance dépassée", n),
		Text:     fmt.Sprintf("Bonjour,\n\n.Facture n°\u00a0%d\n.\nCordialement\n", n),
		HTML:     fmt.Sprintf("<p>Bonjour,</p>\n<p>Facture n° %d</p>", n),
		Language: "fr",
		Date:     time.Date(2026, 11, 23, 8, 30, 0, 0, time.FixedZone("CET", 3600)),
		Attachments: []channel.Attachment{{
			Name: "Facture é.pdf", Type: "application/pdf", Data: bytes.Repeat([]byte("%PDF\x00\xff\r\n.\r\n"), 100+n),
		}},
	}
}

// draft is the n-th message in the form that the channel carries.
func (s Subject) draft(n int) channel.Draft {
	d := Draft(n)
	if !s.Paper {
		return d
	}
	d.Attachments = nil
	d.Letter = &letter.Letter{
		Language: i18n.FR, Title: d.Subject, Subject: d.Subject, Dateline: "Lille, le 23 novembre 2026",
		Sender:    []string{"Atelier Dupont", "3 rue de la Monnaie", "59800 LILLE"},
		Recipient: []string{"Imprimerie Delvaux, Fils & Cie", "10, rue Nationale", "59000 LILLE"},
		Body:      []letter.Block{{Paragraph: [][]letter.Span{{{Text: d.Text}}}}},
	}
	return d
}

func (s Subject) taken() channel.Outcome {
	if s.Taken == "" {
		return channel.Sent
	}
	return s.Taken
}

// Run is the suite. start makes a fresh subject; what it starts ends with t.
func Run(t *testing.T, start func(t *testing.T) Subject) {
	t.Run("the same draft gives the same bytes", func(t *testing.T) {
		t.Parallel()
		sameBytes(t, start(t))
	})
	t.Run("what cannot be a message is refused", func(t *testing.T) {
		t.Parallel()
		refusals(t, start(t))
	})
	t.Run("no text ends a header", func(t *testing.T) {
		t.Parallel()
		injection(t, start(t))
	})
	t.Run("many messages in one session arrive once and in order", func(t *testing.T) {
		t.Parallel()
		series(t, start(t))
	})
	t.Run("nothing leaves once the caller has given up", func(t *testing.T) {
		t.Parallel()
		givenUp(t, start(t))
	})
	t.Run("a failure is told and spoils nothing else", func(t *testing.T) {
		t.Parallel()
		failures(t, start(t))
	})
}

func sameBytes(t *testing.T, s Subject) {
	first, again := compose(t, s, s.draft(1)), compose(t, s, s.draft(1))
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same draft twice: %s", diff)
	}
	if len(first.Raw) == 0 || first.ID != "msg_000001" || len(first.To) == 0 {
		t.Errorf("an incomplete message: %+v", first)
	}
	if compose(t, s, s.draft(2)).Fingerprint() == first.Fingerprint() {
		t.Error("two drafts gave the same bytes")
	}
}

func refusals(t *testing.T, s Subject) {
	wrong := map[string]func(*channel.Draft){
		"no identifier": func(d *channel.Draft) { d.ID = "" },
		"no sender":     func(d *channel.Draft) { d.From.Address = "" },
		"no recipient":  func(d *channel.Draft) { d.To = nil },
		"an address that says more": func(d *channel.Draft) {
			d.To[0].Address = "a@b.example>\r\nRCPT TO:<c@d.example"
		},
	}
	if s.Paper {
		wrong = map[string]func(*channel.Draft){
			"no identifier": func(d *channel.Draft) { d.ID = "" },
			"no letter":     func(d *channel.Draft) { d.Letter = nil },
			"no sender":     func(d *channel.Draft) { d.Letter.Sender = nil },
			"no recipient":  func(d *channel.Draft) { d.Letter.Recipient = nil },
			"a broken document behind": func(d *channel.Draft) {
				d.Attachments = []channel.Attachment{{
					Name: "F1.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 no"),
				}}
			},
		}
	}
	for name, spoil := range wrong {
		d := s.draft(1)
		spoil(&d)
		if _, err := s.Channel.Compose(d); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func injection(t *testing.T, s Subject) {
	evil := "x\r\nBcc: spy@evil.example\r\n\r\nEvil"
	d := s.draft(1)
	if s.Paper {
		d.Letter.Sender[0], d.Letter.Recipient[0], d.Letter.Subject, d.Letter.Title = evil, evil, evil, evil
		m := compose(t, s, d)
		if len(m.To) != len(compose(t, s, s.draft(1)).To) ||
			strings.ContainsAny(m.From+strings.Join(m.To, ""), "\r\n") {
			t.Errorf("a text became a line of the address: %q", m.To)
		}
		return
	}
	d.From.Name, d.To[0].Name, d.ReplyTo.Name = evil, evil, evil
	d.Subject, d.InReplyTo, d.Language = evil, evil, evil
	d.References, d.Attachments[0].Name, d.Attachments[0].Type = []string{evil}, evil, evil
	m := compose(t, s, d)
	for l := range strings.Lines(string(m.Raw)) {
		if strings.HasPrefix(strings.ToLower(l), "bcc:") {
			t.Errorf("a text became the header %q", l)
		}
	}
	if len(m.To) != 1 || len(m.Cc) != 0 {
		t.Errorf("a text became a recipient: %+v", m)
	}
}

func series(t *testing.T, s Subject) {
	const many = 40
	session := open(t, s)
	var want [][]byte
	for n := range many {
		m := compose(t, s, s.draft(n))
		want = append(want, m.Raw)
		if r := session.Send(t.Context(), m); r.Outcome != s.taken() || r.At.IsZero() {
			t.Fatalf("message %d: %+v", n, r)
		}
	}
	arrived(t, s, want)
	for range 2 {
		if err := session.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
}

// arrived tells whether exactly these have reached the other side; a channel
// may put its own trace before them.
func arrived(t *testing.T, s Subject, want [][]byte) {
	t.Helper()
	got := s.Received()
	if len(got) != len(want) {
		t.Fatalf("%d messages arrived, want %d", len(got), len(want))
	}
	for i := range want {
		if !bytes.HasSuffix(got[i], want[i]) {
			t.Errorf("message %d arrived changed:\n%.400s\nwant\n%.400s", i, got[i], want[i])
		}
	}
}

func givenUp(t *testing.T, s Subject) {
	session := open(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := compose(t, s, s.draft(1))
	if r := session.Send(ctx, m); r.Outcome != channel.Temporary {
		t.Errorf("after giving up: %+v", r)
	}
	if r := session.Send(t.Context(), m); r.Outcome != s.taken() {
		t.Errorf("and then anew: %+v", r)
	}
	arrived(t, s, [][]byte{m.Raw})
}

func failures(t *testing.T, s Subject) {
	if s.Fail == nil {
		t.Skip("this channel cannot fail")
	}
	session := open(t, s)
	var want [][]byte
	for n, outcome := range []channel.Outcome{channel.Permanent, channel.Temporary, channel.Uncertain} {
		s.Fail(outcome)
		r := session.Send(t.Context(), compose(t, s, s.draft(10*n)))
		if r.Outcome != outcome || r.Detail == "" || r.At.IsZero() {
			t.Errorf("%s came back as %+v", outcome, r)
		}
		m := compose(t, s, s.draft(10*n+1))
		if r := session.Send(t.Context(), m); r.Outcome != s.taken() {
			t.Errorf("the message after %s: %+v", outcome, r)
		}
		want = append(want, m.Raw)
	}
	got := slices.DeleteFunc(s.Received(), func(raw []byte) bool {
		return !slices.ContainsFunc(want, func(w []byte) bool { return bytes.HasSuffix(raw, w) })
	})
	if len(got) != len(want) {
		t.Errorf("%d of the messages between failures arrived, want %d", len(got), len(want))
	}
}

func compose(t *testing.T, s Subject, d channel.Draft) channel.Message {
	t.Helper()
	m, err := s.Channel.Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func open(t *testing.T, s Subject) channel.Session {
	t.Helper()
	session, err := s.Channel.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	})
	return session
}
