package email

import (
	"bytes"
	"fmt"
	"net/mail"
	"testing"
	"time"

	"acquit/internal/channel"
	"acquit/internal/channel/email/smtpsink"
	"acquit/internal/message"
)

// BenchmarkRenderAndSend renders a reminder of two invoices, attaches a file
// that makes it 20 kB, and delivers it to a server on this machine, one message
// after the other over one connection.
func BenchmarkRenderAndSend(b *testing.B) {
	library, err := message.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	s, c := sink(b, smtpsink.Config{Discard: true})
	session := open(b, c)
	facts := message.Example("fr", message.Business)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		r, err := library.Render(facts, "relance-2", message.Firm)
		if err != nil {
			b.Fatal(err)
		}
		m, err := Compose(draft(size, r))
		if err != nil {
			b.Fatal(err)
		}
		if r := session.Send(b.Context(), m); r.Outcome != channel.Sent {
			b.Fatalf("%+v", r)
		}
		size = len(m.Raw)
	}
	if s.Count() != b.N {
		b.Fatalf("%d of %d messages arrived", s.Count(), b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(size), "bytes/message")
}

var filler = bytes.Repeat([]byte("%PDF-1.7 x"), 320)

func draft(n int, r message.Rendered) channel.Draft {
	return channel.Draft{
		ID:   fmt.Sprintf("msg_%06d", n),
		From: mail.Address{Name: "Sophie Martin", Address: "sophie@dupont.example"},
		To:   []mail.Address{{Name: "Claire Vidal", Address: "claire@delvaux.example"}},
		Date: time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC), Language: r.Language,
		Subject: r.Subject, Text: r.Text, HTML: r.HTML,
		Attachments: []channel.Attachment{{Name: "Facture.pdf", Type: "application/pdf", Data: filler}},
	}
}
