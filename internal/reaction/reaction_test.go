package reaction_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/reaction"
)

var today = cal.Must("2026-11-22")

func TestReactionsOfAStretchOfDaysAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		add := func(r reaction.Reaction) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return reaction.Add(ctx, tx, b.Scope, &r) })
		}
		for i, k := range reaction.Kinds() {
			if err := add(reaction.Reaction{Customer: "C1", On: today.Add(i), Kind: k}); err != nil {
				t.Fatal(err)
			}
		}
		if err := add(reaction.Reaction{Customer: "C1", On: today, Kind: "soupir"}); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("an unknown kind: got %v", err)
		}
		var kinds []reaction.Kind
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			span := agreement.Span{Day: today.Add(1), From: c, To: c}
			for r, err := range reaction.Between(ctx, tx, b.Scope, today.Add(1), span) {
				if err != nil {
					return err
				}
				kinds = append(kinds, r.Kind)
			}
			return nil
		})
		if diff := cmp.Diff([]reaction.Kind{reaction.Portal}, kinds); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"customer.replied", "customer.portal", "customer.paid"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}
