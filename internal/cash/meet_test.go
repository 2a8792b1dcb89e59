package cash_test

import (
	"context"
	"testing"

	"acquit/internal/advice"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
)

// A transfer that names nothing pays what its advice says, whichever came first.
func TestAnAdviceThatWaitedSaysWhatAnEntryPays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.customer("C1", "Garage du Pont SAS")
		first, second := w.invoice(c, "F2026-00011", 300_00), w.invoice(c, "F2026-00012", 70_00)
		left := w.invoice(c, "F2026-00013", 300_00)
		text := "Payeur : GARAGE DU PONT SAS\nDate de paiement : 12/11/2026\nFacture;Montant réglé\nF2026-00012;70,00\nF2026-00011;300,00\nTotal;370,00\n"
		f, err := advice.Open(ingest.FromBytes("avis.csv", []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			k, err := advice.Attach(ctx, tx, w.s, "", f)
			if k.Entry != "" {
				t.Errorf("attached to nothing: %+v", k)
			}
			return err
		})
		e := w.entry(bank.Entry{
			On: cal.Must("2026-11-13"), Amount: eur(370_00), Label: "VIR GARAGE DU PONT", Means: bank.Transfer,
			Party: bank.Party{Name: "GARAGE DU PONT"},
		})
		w.run()
		if l := w.line(e); l.State != cash.Auto || w.open(first)+w.open(second) != 0 || w.open(left) != 300_00 {
			t.Errorf("%+v", l)
		}
	})
}
