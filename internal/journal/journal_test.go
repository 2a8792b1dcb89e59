package journal_test

import (
	"context"
	"testing"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/journal"
)

func TestChainShowsTheFirstEntryThatWasTouched(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s, other := creditor.System("crd_a"), creditor.System("crd_b")
		write := func(s creditor.Scope, n int) {
			t.Helper()
			err := d.Write(ctx, func(tx *db.Tx) error {
				for i := range n {
					if err := journal.Write(ctx, tx, s, "test.done", "customer/x", map[string]int{"n": i}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		check := func(s creditor.Scope) (c journal.Check) {
			t.Helper()
			err := d.Read(ctx, func(tx *db.Tx) (err error) {
				c, err = journal.Verify(ctx, tx, s)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		write(s, 3)
		write(other, 2)
		write(s, 2)
		if got, want := check(s), (journal.Check{Entries: 5, Intact: true}); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		tamper := func(query string) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, query)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		tamper(`UPDATE journal SET body = '{"n":9}' WHERE creditor_id = 'crd_a' AND seq = 4`)
		if got, want := check(s), (journal.Check{Entries: 5, BrokenAt: 4}); got != want {
			t.Errorf("after a body was changed: got %+v, want %+v", got, want)
		}
		tamper(`DELETE FROM journal WHERE creditor_id = 'crd_a' AND seq = 2`)
		if got, want := check(s), (journal.Check{Entries: 4, BrokenAt: 3}); got != want {
			t.Errorf("after an entry went missing: got %+v, want %+v", got, want)
		}
		if got := check(other); !got.Intact {
			t.Errorf("another creditor's chain broke too: %+v", got)
		}
		tamper(`DELETE FROM journal WHERE creditor_id = 'crd_b' AND seq = 2`)
		if got, want := check(other), (journal.Check{Entries: 1, BrokenAt: 2}); got != want {
			t.Errorf("after the last entry went missing: got %+v, want %+v", got, want)
		}
		write(other, 1) // goes on from the end that was known
		if got, want := check(other), (journal.Check{Entries: 2, BrokenAt: 3}); got != want {
			t.Errorf("after the journal went on: got %+v, want %+v", got, want)
		}
		tamper(`DELETE FROM journal_end WHERE creditor_id = 'crd_b'`)
		if got := check(other); got.Intact {
			t.Errorf("after the end was forgotten too: got %+v", got)
		}
	})
}
