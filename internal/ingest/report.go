package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Report is what a file is and what was understood of it, as « acquit inspect »
// prints it.
type Report struct {
	File       string          `json:"file"`
	Format     Format          `json:"format"`
	Understood Understood      `json:"understood"`
	Read       int             `json:"read"`    // documents, also those beyond the limit
	Refused    int             `json:"refused"` // rows
	Documents  []Shown         `json:"documents"`
	Rejected   []ShownRejected `json:"rejected"`
	Skipped    []Skip          `json:"skipped"`
	Warnings   []Warning       `json:"warnings"`
	Controls   []ShownControl  `json:"controls"`
	Balances   []ShownBalance  `json:"balances"`
	Ask        *ShownAsk       `json:"ask,omitempty"` // the columns must be said
}

// Shown is a document in a report. Amounts are decimal, empty when not known.
type Shown struct {
	Kind         Kind           `json:"kind"`
	Nature       Nature         `json:"nature,omitempty"`
	Number       string         `json:"number"`
	Customer     string         `json:"customer"` // its code, else its name
	CustomerName string         `json:"customer_name,omitempty"`
	Issued       cal.Date       `json:"issued"`
	Due          cal.Date       `json:"due"`
	Currency     money.Currency `json:"currency"`
	Total        string         `json:"total"`
	Payable      string         `json:"payable"` // what it asks for, on the day of the file
	Net          string         `json:"net,omitempty"`
	Paid         string         `json:"paid,omitempty"`
	Open         string         `json:"open,omitempty"`
	Preceding    string         `json:"preceding,omitempty"`
	Order        string         `json:"order,omitempty"`
	Terms        string         `json:"terms,omitempty"`
	Line         int            `json:"line,omitempty"`
	Warnings     []Warning      `json:"warnings,omitempty"`
}

// ShownRejected is a rejection in a report.
type ShownRejected struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Reason string `json:"reason"`
	Rule   string `json:"rule,omitempty"`
	Mend   string `json:"mend,omitempty"`
}

// ShownControl is a total that the file states, and what was read.
type ShownControl struct {
	Label    string `json:"label"`
	Stated   string `json:"stated"`
	Computed string `json:"computed"`
	Holds    bool   `json:"holds"`
	Line     int    `json:"line,omitempty"`
}

// ShownBalance is the balance of an account of the general ledger.
type ShownBalance struct {
	Account  string `json:"account"`
	Customer string `json:"customer,omitempty"`
	Amount   string `json:"amount"`
}

// ShownAsk is what must be said of a table's columns.
type ShownAsk struct {
	Sheet      string   `json:"sheet,omitempty"`
	HeaderLine int      `json:"header_line"`
	Missing    []Field  `json:"missing"`
	Columns    []Column `json:"columns"`
}

// Inspect reads a source, or all that is in an archive, and reports on it
// without changing anything. It shows at most limit documents and as many
// rejections of each file, all when limit is 0, and counts the rest. An error is
// a failure of the machine: what is wrong with a file is in its report.
func Inspect(ctx context.Context, drivers []Driver, src Source, h Hints, limit int) ([]Report, error) {
	reports := []Report{}
	for f := range Files(ctx, drivers, src, h) {
		r, err := inspect(ctx, f, limit)
		if err != nil {
			return reports, fmt.Errorf("inspect %s: %w", f.Name, err)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

func inspect(ctx context.Context, f *File, limit int) (Report, error) {
	r := Report{
		Documents: []Shown{}, Rejected: []ShownRejected{}, Controls: []ShownControl{},
		Balances: []ShownBalance{},
	}
	for d, err := range f.Documents(ctx) {
		switch {
		case err != nil:
			if err := r.reject(err, limit); err != nil {
				return r, err
			}
		case limit == 0 || len(r.Documents) < limit:
			r.Documents = append(r.Documents, show(d))
		}
	}
	r.File, r.Format, r.Understood, r.Read, r.Refused = f.Name, f.Format, f.Understood, f.Read, f.Refused
	r.Skipped, r.Warnings = append([]Skip{}, f.Skipped...), append([]Warning{}, f.Warnings...)
	for _, c := range f.Controls {
		r.Controls = append(r.Controls, ShownControl{
			c.Label, c.Stated.Decimal(), c.Computed.Decimal(), c.Holds(),
			c.Line,
		})
	}
	for _, b := range f.Balances {
		r.Balances = append(r.Balances, ShownBalance{b.Account, b.Customer, b.Amount.Decimal()})
	}
	return r, nil
}

// reject shows a rejection; an error that no person can mend is given back.
func (r *Report) reject(err error, limit int) error {
	x, ok := errors.AsType[*Rejected](err)
	if a, asked := errors.AsType[*Ask](err); asked {
		r.Ask = &ShownAsk{
			Sheet: a.Sheet, HeaderLine: a.HeaderLine, Missing: a.Missing,
			Columns: append([]Column{}, a.Columns...),
		}
		x, ok = &Rejected{Line: a.HeaderLine, Column: 1, Reason: a.Reason, Mend: mendAsk}, true
	}
	if !ok {
		return err
	}
	if limit == 0 || len(r.Rejected) < limit {
		r.Rejected = append(r.Rejected, ShownRejected{x.Line, x.Column, x.Text(), x.Rule, x.Mend})
	}
	return nil
}

func show(d *Document) Shown {
	s := Shown{
		Kind: d.Kind, Nature: d.Nature, Number: d.Number, Customer: d.Customer.Code, CustomerName: d.Customer.Name,
		Issued: d.Issued, Due: d.Due, Currency: d.Currency, Total: decimal(d.Total), Payable: decimal(d.Asked()),
		Net: decimal(d.Net), Paid: decimal(d.Paid), Open: decimal(d.Open), Preceding: d.Preceding, Order: d.Order,
		Terms: d.Terms,
		Line:  d.Line, Warnings: slices.Clone(d.Warnings),
	}
	if s.Customer == "" {
		s.Customer = d.Customer.Name
	}
	return s
}

func decimal(a money.Amount) string {
	if !Known(a) {
		return ""
	}
	return a.Decimal()
}
