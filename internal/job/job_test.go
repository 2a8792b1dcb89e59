package job_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/job"
)

// A job belongs to the transaction of its cause: undone with it, worked after
// it, and never waiting twice.
func TestJobsFollowTheirTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := job.Migrate(ctx, d); err != nil {
			t.Fatal(err)
		}
		sent, ticked := make(chan string, 10), make(chan struct{}, 10)
		quiet := func(context.Context) error { return nil }
		c, err := job.New(d, job.Work{
			Tick:    func(context.Context) error { ticked <- struct{}{}; return nil },
			Nightly: quiet,
			Run:     func(context.Context, string) error { return nil },
			Watch:   func(context.Context, string) error { return nil },
			Match:   func(context.Context, string) error { return nil },
			Send:    func(_ context.Context, creditor string) error { sent <- creditor; return nil },
		}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		undone := errors.New("undone")
		if err := d.Write(ctx, func(tx *db.Tx) error {
			if err := c.Send(ctx, tx, "undone"); err != nil {
				return err
			}
			return undone
		}); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		for _, creditor := range []string{"a", "a", "b"} {
			if err := d.Write(ctx, func(tx *db.Tx) error { return c.Send(ctx, tx, creditor) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Start(ctx); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for range 2 {
			select {
			case creditor := <-sent:
				got[creditor]++
			case <-ctx.Done():
				t.Fatalf("jobs were not worked; so far %v", got)
			}
		}
		select {
		case <-ticked:
		case <-ctx.Done():
			t.Fatal("no tick at the start")
		}
		if err := c.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		close(sent)
		for creditor := range sent {
			got[creditor]++
		}
		if got["a"] != 1 || got["b"] != 1 || len(got) != 2 {
			t.Errorf("worked %v, want a and b once each", got)
		}
	})
}
