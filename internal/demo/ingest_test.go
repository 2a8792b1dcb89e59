package demo

import (
	"path/filepath"
	"testing"

	"acquit/internal/ingest"
	"acquit/internal/ingest/table"
	"acquit/internal/money"
)

// TestTheFilesAreUnderstood: what is written is read again by those who take in
// files, without a question and without a row refused.
func TestTheFilesAreUnderstood(t *testing.T) {
	t.Parallel()
	o := Options{Customers: 400, Invoices: 1000, Seed: 13, On: monday, History: 3}
	dir, summary, w := write(t, o)
	files := contents(t, dir)
	balance := map[money.Currency]money.Amount{}
	for c := range w.Customers() {
		for currency, a := range c.Balance() {
			balance[currency] = balance[currency].Sub(a)
		}
	}
	for _, tc := range []struct {
		file  string
		kinds map[ingest.Kind]int
		check func(*testing.T, *ingest.Document)
	}{
		{
			file: "clients.csv", kinds: map[ingest.Kind]int{ingest.Customers: summary.Customers},
			check: func(t *testing.T, d *ingest.Document) {
				c := d.Customer
				if c.Code == "" || c.Name == "" || c.Kind == "" || c.Terms == "" || c.Contact.LastName == "" {
					t.Errorf("little is known of %+v", c)
				}
			},
		},
		{file: "contacts.csv"},
		{
			file:  "factures.csv",
			kinds: map[ingest.Kind]int{ingest.Invoice: summary.Invoices, ingest.CreditNote: summary.CreditNotes},
			check: func(_ *testing.T, d *ingest.Document) {
				a := d.Asked()
				if d.Kind == ingest.CreditNote {
					a = a.Neg()
				}
				balance[a.Currency] = balance[a.Currency].Add(a)
			},
		},
		{
			file: "reglements.csv", kinds: map[ingest.Kind]int{ingest.Payment: summary.Payments},
			check: func(_ *testing.T, d *ingest.Document) {
				balance[d.Total.Currency] = balance[d.Total.Currency].Sub(d.Total)
			},
		},
		{file: "historique-factures.csv"},
		{file: "historique-reglements.csv"},
	} {
		f := ingest.Open(t.Context(), []ingest.Driver{table.Driver},
			ingest.FromBytes(filepath.Join(dir, tc.file), files[tc.file]), ingest.Hints{On: o.On})
		if f.Err != nil {
			t.Errorf("%s: %v", tc.file, f.Err)
			continue
		}
		kinds := map[ingest.Kind]int{}
		for d, err := range f.Documents(t.Context()) {
			if err != nil {
				t.Errorf("%s: %v", tc.file, err)
				continue
			}
			kinds[d.Kind]++
			if tc.check != nil {
				tc.check(t, d)
			}
		}
		for kind, want := range tc.kinds {
			if kinds[kind] != want {
				t.Errorf("%s: %d read as %s, want %d", tc.file, kinds[kind], kind, want)
			}
		}
		if len(kinds) == 0 || len(f.Skipped) > 0 {
			t.Errorf("%s: read %v, left out %v", tc.file, kinds, f.Skipped)
		}
	}
	for currency, left := range balance {
		if !left.IsZero() {
			t.Errorf("%s: the files read differ from the balances by %s", currency, left)
		}
	}
}
