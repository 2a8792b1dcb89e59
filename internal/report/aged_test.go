package report_test

import (
	"testing"

	"acquit/internal/aging"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ledger"
	"acquit/internal/report"
)

// The age of what is late is that of the invoices one by one, on a past day too.
func TestTheAgeOfWhatIsLateIsThatOfItsInvoices(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d)
		list, _ := debtors(t, d, report.DebtorsQuery{Day: day})
		settle(t, d, list)
		for _, on := range []int{-2, 3, 40} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				aged, err := report.AgedOn(t.Context(), tx, scope, day.Add(on), report.AgedOptions{})
				if err != nil {
					return err
				}
				one := aging.NewBalance(day.Add(on), aged.Bands, aging.CreditsAged)
				for _, c := range list {
					docs, err := ledger.OpenOf(t.Context(), tx, scope, c.ID, day.Add(on))
					if err != nil {
						return err
					}
					for _, o := range docs {
						if o.Kind == ledger.Invoice {
							one.Add(c.ID, o.Due, o.On)
						}
					}
				}
				want, err := one.Report()
				for i, g := range aged.Groups {
					if w := want.Groups[i].WeightedAge; !g.WeightedAge.Known() || g.WeightedAge.String() != w.String() {
						t.Errorf("on %s %s is late by %s days, want %s", day.Add(on), g.Currency, g.WeightedAge, w)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// settle sets each credit note against an invoice of its customer and currency,
// today: on the days before, both were open.
func settle(t *testing.T, d *db.DB, list []report.Debtor) {
	t.Helper()
	done := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, c := range list {
			docs, err := ledger.OpenOf(t.Context(), tx, scope, c.ID, day)
			if err != nil {
				return err
			}
			a := ledger.Allocation{On: day}
			for _, o := range docs {
				switch {
				case o.Kind == ledger.CreditNote:
					a.Credit, a.Amount = o.ID, o.On
				case a.Invoice == "":
					a.Invoice = o.ID
				}
			}
			if a.Credit == "" || ledger.Allocate(t.Context(), tx, scope, &a) != nil {
				continue // two currencies, or more than the invoice
			}
			done++
		}
		return nil
	})
	if err != nil || done == 0 {
		t.Fatalf("%d credit notes set against invoices: %v", done, err)
	}
}
