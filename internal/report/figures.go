package report

import (
	"context"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// Figures are the measures of a period in one currency.
type Figures struct {
	Currency money.Currency
	aging.Period
	aging.Measures
}

// countBackMonths is how far back sales are read: a balance older than two
// years of sales has no days of sales worth telling.
const countBackMonths = 24

// FiguresOf measures a period for each currency in which anything was sold or
// is owed.
func FiguresOf(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date) ([]Figures, error) {
	if to < from {
		return nil, fault.Invalidf("to", "la période finit avant de commencer")
	}
	end, err := balances(ctx, tx, s, to)
	if err != nil {
		return nil, err
	}
	begin, err := balances(ctx, tx, s, from.Add(-1))
	if err != nil {
		return nil, err
	}
	list := []Figures{}
	for _, g := range end.Groups {
		f, err := figures(ctx, tx, s, from, to, g, begin)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func figures(
	ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date, end aging.Group, begin aging.Report,
) (f Figures, err error) {
	c := end.Currency
	f.Currency = c
	f.Period = aging.Period{
		From: from, To: to, Begin: money.Zero(c), Balance: money.New(end.Total, c),
		Current: money.New(end.Amounts[0], c),
	}
	for _, g := range begin.Groups {
		if g.Currency == c {
			f.Begin = money.New(g.Total, c)
		}
	}
	back := to.AddMonths(-countBackMonths).EndOfMonth().Add(1)
	sales, err := ledger.Sales(ctx, tx, s, c, min(back, from), to)
	if err != nil {
		return f, err
	}
	byMonth := map[string]money.Amount{}
	for _, m := range sales {
		byMonth[m.Month] = m.Amount
	}
	oldest := to
	if n := len(sales); n > 0 {
		if oldest, err = cal.Parse(sales[n-1].Month + "-01"); err != nil {
			return f, err
		}
	}
	f.Months = aging.Months(oldest, to, c, byMonth)
	within, err := ledger.Sales(ctx, tx, s, c, from, to)
	if err != nil {
		return f, err
	}
	f.Sales = money.Zero(c)
	for _, m := range within {
		f.Sales = f.Sales.Add(m.Amount)
	}
	f.Measures = aging.Measure(f.Period)
	return f, nil
}

// balances are what was open on a day, due and not due: credits count by their
// own date, as in the balance sheet.
func balances(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (aging.Report, error) {
	bands, err := aging.NewBands(0)
	if err != nil {
		return aging.Report{}, err
	}
	a, err := AgedOn(ctx, tx, s, day, AgedOptions{Bands: bands, Credits: aging.CreditsAged})
	return a.Report, err
}
