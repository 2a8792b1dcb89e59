// Package report puts together what people read about the books: the aged
// balance, the figures of a period, a customer's statement.
package report

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
	"acquit/internal/sheet"
)

// Aged is the aged balance of a creditor on a day.
type Aged struct {
	aging.Report
	Customers map[string]customer.Customer // by identifier: those of the rows
}

// AgedOptions change how the creditor's settings spread the balance; the zero
// value takes them as they are.
type AgedOptions struct {
	Bands   aging.Bands
	Credits aging.Credits
}

// AgedOn spreads what was open at the end of a day. The engine adds up, so a
// million items cost one pass over an index and only their customers' rows.
func AgedOn(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, o AgedOptions) (a Aged, err error) {
	if err := o.complete(ctx, tx, s); err != nil {
		return a, err
	}
	b := aging.NewBalance(day, o.Bands, o.Credits)
	q := ledger.AgedQuery{Day: day, Edges: o.Bands.Edges(), Apart: o.Credits == aging.CreditsApart}
	for row, err := range ledger.AgedBalance(ctx, tx, s, q) {
		if err != nil {
			return a, err
		}
		b.AddRow(row.Customer, row.Currency, row.Bands, row.Apart)
	}
	late, err := ledger.LateByDue(ctx, tx, s, day)
	if err != nil {
		return a, err
	}
	for _, l := range late {
		b.AddLate(l.Due, l.Open)
	}
	a.Report, err = b.Report()
	return a, err
}

func (o *AgedOptions) complete(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	if o.Bands.Count() <= 1 {
		edges := append([]int{0}, setting.AgingBuckets.In(v)...)
		if o.Bands, err = aging.NewBands(edges...); err != nil {
			return err
		}
	}
	if o.Credits == "" {
		o.Credits = aging.Credits(setting.AgingCredits.In(v))
	}
	return nil
}

// Name reads the customers of all rows, so that they can be shown.
func (a *Aged) Name(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	a.Customers = map[string]customer.Customer{}
	for c, err := range customer.Each(ctx, tx, s) {
		if err != nil {
			return err
		}
		a.Customers[c.ID] = c
	}
	return nil
}

// Largest sorts the rows of each group by what they owe overdue, then in all.
func (a *Aged) Largest() {
	buckets := a.Bands.Buckets()
	overdue := func(r aging.Row) (sum int64) {
		for i, b := range buckets {
			if b.Overdue() {
				sum += r.Amounts[i]
			}
		}
		return sum
	}
	for _, g := range a.Groups {
		slices.SortStableFunc(g.Customers, func(x, y aging.Row) int {
			return cmp.Or(cmp.Compare(overdue(y), overdue(x)), cmp.Compare(y.Total, x.Total))
		})
	}
}

// Sheet is the balance as a table; the customers must have been named.
func (a Aged) Sheet(l i18n.Lang) sheet.Sheet {
	words := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(l) }
	t := sheet.Sheet{
		Name:    words("Balance âgée", "Aged balance"),
		Notes:   []string{words("Balance âgée au ", "Aged balance on ") + a.On.Long(string(l))},
		Columns: []string{words("Code", "Code"), words("Client", "Customer"), words("Devise", "Currency"), "Total"},
	}
	for _, b := range a.Bands.Buckets() {
		t.Columns = append(t.Columns, b.Name(string(l)))
	}
	if a.Apart {
		t.Columns = append(t.Columns, words("Non affecté", "Unallocated"))
	}
	for _, g := range a.Groups {
		for _, r := range g.Customers {
			c := a.Customers[r.Customer]
			t.Rows = append(t.Rows, a.cells(c.Code, c.Name, g.Currency, r.Total, r.Amounts, r.Unallocated))
		}
		t.Totals = append(t.Totals, a.cells("", words("Total", "Total"), g.Currency, g.Total, g.Amounts, g.Unallocated))
	}
	return t
}

func (a Aged) cells(code, name string, c money.Currency, total int64, amounts []int64, apart int64) []any {
	row := []any{code, name, string(c), money.New(total, c)}
	for _, m := range amounts {
		row = append(row, money.New(m, c))
	}
	if a.Apart {
		row = append(row, money.New(apart, c))
	}
	return row
}
