package hold_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/hold"
)

var today = cal.Must("2026-11-22")

func add(b *agreementtest.Books, h hold.Hold) (hold.Hold, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return hold.Add(ctx, tx, b.Scope, &h, today) })
	return h, err
}

// The store and the pure rule must agree on every day.
func TestAHoldKeepsQuietItsLastDayIncluded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today, agreementtest.EUR(10_00))
		dated, err := add(b, hold.Hold{Invoice: "F1", Until: today.Add(5), Reason: "direction"})
		if err != nil {
			t.Fatal(err)
		}
		endless, err := add(b, hold.Hold{Customer: "C1", From: today.Add(2), Reason: "audit"})
		if err != nil {
			t.Fatal(err)
		}
		end := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return hold.End(ctx, tx, b.Scope, endless.ID, today.Add(8))
			})
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if err := end(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("ended twice: got %v", err)
		}
		want := map[cal.Date][]string{
			today.Add(-1): nil, today: {dated.ID}, today.Add(2): {dated.ID, endless.ID}, today.Add(5): {dated.ID, endless.ID},
			today.Add(6): {endless.ID}, today.Add(7): {endless.ID}, today.Add(8): nil,
		}
		for day, ids := range want {
			var got, pure []string
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				all, err := hold.List(ctx, tx, b.Scope, c)
				if err != nil {
					return err
				}
				for _, h := range slices.Backward(all) {
					if h.On(day) {
						pure = append(pure, h.ID)
					}
				}
				for h, err := range hold.Between(ctx, tx, b.Scope, agreement.Span{Day: day, From: c, To: c}) {
					if err != nil {
						return err
					}
					got = append(got, h.ID)
				}
				return nil
			})
			if diff := cmp.Diff(ids, got); diff != "" {
				t.Errorf("%s: %s", day, diff)
			}
			if diff := cmp.Diff(got, pure); diff != "" {
				t.Errorf("%s, the pure rule: %s", day, diff)
			}
		}
		if diff := cmp.Diff([]string{"hold.added", "hold.added", "hold.ended"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestHoldsThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		b.Customer("C1")
		if _, err := add(b, hold.Hold{Customer: "C1", Until: today.Add(5), Reason: "direction"}); err != nil {
			t.Fatal(err)
		}
		for _, r := range []struct {
			name string
			h    hold.Hold
			kind fault.Kind
			says string
		}{
			{"no reason", hold.Hold{Customer: "C1"}, fault.KindInvalid, "il manque la raison"},
			{"nobody", hold.Hold{Reason: "x"}, fault.KindInvalid, "il manque le client"},
			{"unknown customer", hold.Hold{Customer: "C9", Reason: "x"}, fault.KindNotFound, "client « C9 »"},
			{"in the past", hold.Hold{Customer: "C1", Until: today.Add(-1), Reason: "x"}, fault.KindInvalid, "déjà passé"},
			{"backwards", hold.Hold{Customer: "C1", From: today.Add(9), Until: today.Add(8), Reason: "x"}, fault.KindInvalid, "avant de commencer"},
			{"held already", hold.Hold{Customer: "C1", Until: today.Add(4), Reason: "x"}, fault.KindConflict, "jusqu’au 27 nov. 2026 inclus"},
		} {
			_, err := add(b, r.h)
			if fault.KindOf(err) != r.kind || !strings.Contains(err.Error(), r.says) {
				t.Errorf("%s: got %v, want %s saying %q", r.name, err, r.kind, r.says)
			}
		}
		if _, err := add(b, hold.Hold{Customer: "C1", Until: today.Add(6), Reason: "x"}); err != nil {
			t.Errorf("a longer silence: %v", err)
		}
	})
}
