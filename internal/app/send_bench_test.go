package app_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"acquit/internal/app"
	"acquit/internal/channel/email/smtpsink"
	"acquit/internal/db/dbtest/cluster"
)

// attached is an invoice that makes its reminder weigh 20 kB in base64.
var attached = bytes.Repeat([]byte("%PDF-1.7 x"), 800)

// BenchmarkTheWholeWayOut lets 2,000 approved messages of 20 kB leave: each is
// checked again, handed to a server on this machine, and written down. The run
// that proposes, approves and renders them comes before and is not measured.
func BenchmarkTheWholeWayOut(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		letAllLeave(b, func() string { return "sqlite:" + filepath.Join(b.TempDir(), "send.db") })
	})
	b.Run("postgres", func(b *testing.B) {
		letAllLeave(b, func() string { return cluster.Fresh(b, func(context.Context, string) error { return nil }) })
	})
}

func letAllLeave(b *testing.B, fresh func() string) {
	for b.Loop() {
		b.StopTimer()
		sink, err := smtpsink.Start(smtpsink.Config{Discard: true})
		if err != nil {
			b.Fatal(err)
		}
		a, err := app.Open(b.Context(), fresh(), app.Options{Env: crashEnv, Now: crashNow})
		if err != nil {
			b.Fatal(err)
		}
		s := crashBooks(b, a, sink, attached)
		b.StartTimer()
		tally, err := a.Desk.Send(b.Context(), s)
		b.StopTimer()
		if err != nil || tally.Sent != crashMessages || sink.Count() != crashMessages {
			b.Fatalf("%+v %v", tally, err)
		}
		a.DB.Close()
		sink.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N)*crashMessages/b.Elapsed().Seconds(), "messages/s")
}
