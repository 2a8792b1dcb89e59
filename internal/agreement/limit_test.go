package agreement_test

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	_ "acquit/internal/propertytest"
	"acquit/internal/setting"
)

// A collector goes less far than who manages; the refusal says how far, and who may
// go beyond.
func TestLimitsOfNegotiationFollowTheRole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := setting.All().Set(ctx, tx, setting.Box{}, b.Scope.Creditor, "test", map[string]string{
				"plan_months_work": "3", "plan_count_work": "4", "plan_months_manage": "12", "discount_work": "5", "discount_manage": "20",
			})
			return err
		})
		limits := func(r creditor.Rights) (l agreement.Limits) {
			s := b.Scope
			s.Rights = r
			b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				l, err = agreement.LimitsOf(ctx, tx, s)
				return err
			})
			return l
		}
		work, manage := limits(creditor.Work), limits(creditor.Manage)
		made, last := cal.Must("2026-11-29"), cal.Must("2027-02-28") // three months, of which February ends early
		for _, c := range []struct {
			name string
			err  error
			says []string
		}{
			{"to the day", work.Plan(made, last, 4), nil},
			{"a day more", work.Plan(made, last.Add(1), 4), []string{"3 mois", "collègue"}},
			{"an instalment more", work.Plan(made, last, 5), []string{"limite de 4", "collègue"}},
			{"who manages", manage.Plan(made, last.Add(1), 5), nil},
			{"too long for her too", manage.Plan(made, made.AddMonths(12).Add(1), 5), []string{"12 mois", "Réglages"}},
			{"a discount to the cent", work.GiveUp(agreementtest.EUR(50_00), agreementtest.EUR(1000_00)), nil},
			{"a cent more", work.GiveUp(agreementtest.EUR(50_01), agreementtest.EUR(1000_00)), []string{"5\u00a0%", "collègue"}},
			{"who manages gives more", manage.GiveUp(agreementtest.EUR(50_01), agreementtest.EUR(1000_00)), nil},
		} {
			if c.says == nil {
				if c.err != nil {
					t.Errorf("%s: got %v", c.name, c.err)
				}
				continue
			}
			for _, words := range c.says {
				if fault.KindOf(c.err) != fault.KindInvalid || !strings.Contains(c.err.Error(), words) {
					t.Errorf("%s: got %v, want %q", c.name, c.err, words)
				}
			}
		}
	})
}

// What may be given up never exceeds its share, and is less than a unit below it.
func TestTheLargestDiscountIsItsShareOfTheSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.IntRange(0, 100).Draw(t, "percent")
		sum := rapid.Int64Range(0, 1<<52).Draw(t, "sum")
		most := agreement.Limits{Discount: percent}.Most(agreementtest.EUR(sum)).Minor
		if over := most*100 - sum*int64(percent); over > 0 || over <= -100 {
			t.Fatalf("%d %% of %d gives %d", percent, sum, most)
		}
	})
}
