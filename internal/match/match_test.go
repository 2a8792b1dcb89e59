package match_test

import (
	"slices"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/match"
	"acquit/internal/money"
)

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

func invoice(id, number, customer string, open int64) match.Item {
	return match.Item{ID: id, Customer: customer, Kind: match.Invoice, Number: number,
		Issued: cal.Must("2026-10-01"), Due: cal.Must("2026-10-31"), Amount: eur(open), Open: eur(open)}
}

func TestAnExactReferenceIsFound(t *testing.T) {
	ix := match.NewIndex(match.Rules{}, slices.Values([]match.Item{
		invoice("a", "F2026-00123", "c1", 120000), invoice("b", "F2026-00124", "c2", 120000)}),
		slices.Values([]match.Customer{{ID: "c1"}, {ID: "c2"}}), slices.Values([]match.Memory{}),
		slices.Values([]match.Refused{}))
	got := ix.Explain(match.Entry{Amount: eur(120000), On: cal.Must("2026-11-10"), Texts: []string{"VIR F2026-00123"}})
	if len(got.Explanations) == 0 || !got.Unique || got.Explanations[0].Lines[0].Item != "a" {
		t.Errorf("%+v", got)
	}
}
