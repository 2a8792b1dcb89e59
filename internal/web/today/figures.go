package today

import (
	"net/http"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Figures are the totals at the head of the page. They are fetched after it:
// summing up a million items must not keep anybody from the first reminder.
func (p *Pages) Figures(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if !visit.Partial(r) {
		return visit.Go(w, r, "/")
	}
	var totals []ledger.Totals
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		totals, err = ledger.TotalsOn(r.Context(), tx, v.Scope, v.Today)
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Aujourd’hui", "Today", ui.SectionToday)
	return visit.Show(w, r, http.StatusOK, figures(f, totals))
}

// sums are one total of every currency, in words, without those that are nil
// but the first.
func sums(f ui.Frame, totals []ledger.Totals, of func(ledger.Totals) int64) []string {
	var list []string
	for _, t := range totals {
		if minor := of(t); minor != 0 {
			list = append(list, f.Lang.Amount(money.New(minor, t.Currency)))
		}
	}
	if list == nil {
		c := money.EUR
		if len(totals) > 0 {
			c = totals[0].Currency
		}
		list = append(list, f.Lang.Amount(money.Zero(c)))
	}
	return list
}

func invoices(totals []ledger.Totals) (n int) {
	for _, t := range totals {
		n += int(t.Invoices)
	}
	return n
}

// suggestions are the days to which a reminder is put off most.
func suggestions(today cal.Date) []cal.Date {
	return []cal.Date{today.Add(1), today.Add(3), today.Add(7)}
}

// colour is the class of a figure that is not nil in some currency: nothing late
// is nothing red.
func colour(class string, totals []ledger.Totals, of func(ledger.Totals) int64) string {
	for _, t := range totals {
		if of(t) != 0 {
			return class
		}
	}
	return ""
}
