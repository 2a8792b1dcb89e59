package cash_test

import (
	"context"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/journal"
	"acquit/internal/setting"
)

// Of the money that could be a customer's, what is proposed for that very customer
// is told first, though another's entry, of which they are suspected last, is newer.
func TestWhatIsLikeliestTheirsIsToldFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := creditor.Configure(ctx, tx, w.manager(), setting.All(), setting.Box{},
				map[string]string{"cash_automatic": "false"}, journal.Write)
			return err
		})
		orsini, amis := w.customer("C1", "Couverture Orsini"), w.customer("C2", "Les Amis du patrimoine")
		w.invoice(orsini, "F2026-0519", 438_77)
		w.invoice(amis, "F2026-0603", 1862_25)
		own := w.entry(bank.Entry{On: on("11-03"), Amount: eur(438_77), Means: bank.Transfer, Label: "VIR F2026-0519"})
		others := w.entry(bank.Entry{On: on("11-10"), Amount: eur(1862_25), Means: bank.Transfer, Label: "VIR F2026-0603"})
		w.run()
		w.write(func(ctx context.Context, tx *db.Tx) error {
			for customer, entry := range map[string]string{orsini: others, amis: own} {
				if _, err := tx.Exec(ctx, `
					INSERT INTO cash_suspect (creditor_id, customer_id, entry_id, rank)
					VALUES ($1, $2, $3, 5)`, w.s.Creditor, customer, entry); err != nil {
					return err
				}
			}
			of, err := cash.SuspectedOf(ctx, tx, w.s, orsini, amis, orsini, "cus_unknown")
			if err != nil {
				return err
			}
			for customer, first := range map[string]string{orsini: own, amis: others} {
				if list := of[customer]; len(list) != 2 || list[0].Entry.ID != first {
					t.Errorf("%s: %+v", customer, list)
				}
			}
			return nil
		})
	})
}
