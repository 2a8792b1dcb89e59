// Package sheet writes tables that people keep and open elsewhere: CSV, XLSX and
// PDF. Texts that a spreadsheet would run as a formula are defused.
package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Sheet is a table with a heading line.
type Sheet struct {
	Name    string   // of the tab
	Notes   []string // above the table: what it shows and as of when
	Columns []string
	Rows    [][]any // string, int, cal.Date, money.Amount or nothing (nil)
	Totals  [][]any // below, one row a currency
}

// defuse makes a text harmless that a spreadsheet would take for a formula
// (OWASP, CSV injection): it shows an apostrophe before it.
func defuse(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// WriteCSV writes the table for lang "fr" as French spreadsheets read it
// (semicolons, decimal commas, a byte-order mark), else with commas and points.
func (s Sheet) WriteCSV(w io.Writer, lang string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if lang == "fr" {
		out.Comma = ';'
	}
	if err := out.Write(s.Columns); err != nil {
		return err
	}
	for _, part := range [][][]any{s.Rows, s.Totals} {
		for _, row := range part {
			record := make([]string, len(row))
			for i, v := range row {
				record[i] = text(v, lang)
			}
			if err := out.Write(record); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func text(v any, lang string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return defuse(v)
	case money.Amount:
		if lang == "fr" {
			return strings.Replace(v.Decimal(), ".", ",", 1)
		}
		return v.Decimal()
	case cal.Date:
		if lang == "fr" {
			return v.Numeric()
		}
		return v.String()
	}
	return fmt.Sprint(v)
}

// WriteXLSX writes sheets into one workbook: amounts are numbers, days are
// days, the heading stays in view. The same sheets give the same bytes.
func WriteXLSX(w io.Writer, sheets ...Sheet) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err != nil {
			return err
		}
		if err := s.write(f); err != nil {
			return err
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return inOrder(w, b.Bytes())
}

// styles are the looks of a workbook's cells.
type styles struct{ head, day, bold int }

func newStyles(f *excelize.File) (st styles, err error) {
	format := "dd/mm/yyyy"
	if st.head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return st, err
	}
	st.bold = st.head
	st.day, err = f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	return st, err
}

func (s Sheet) write(f *excelize.File) error {
	st, err := newStyles(f)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, max(1, len(s.Columns)), 16); err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: len(s.Notes) + 1, TopLeftCell: fmt.Sprintf("A%d", len(s.Notes)+2),
		ActivePane: "bottomLeft",
	}); err != nil {
		return err
	}
	line := 0
	put := func(row []any) error {
		line++
		return out.SetRow(fmt.Sprintf("A%d", line), row)
	}
	for _, n := range s.Notes {
		if err := put([]any{n}); err != nil {
			return err
		}
	}
	if err := put(headings(s.Columns, st)); err != nil {
		return err
	}
	formats := map[money.Currency]int{}
	for _, part := range [][][]any{s.Rows, s.Totals} {
		for _, row := range part {
			cells, err := cells(f, row, st, formats)
			if err != nil {
				return err
			}
			if err := put(cells); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func headings(columns []string, st styles) []any {
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = excelize.Cell{StyleID: st.head, Value: c}
	}
	return row
}

// cells are a row's values as a workbook holds them. A string cell of a
// workbook is never a formula, so texts stay as they are.
func cells(f *excelize.File, row []any, st styles, formats map[money.Currency]int) ([]any, error) {
	list := make([]any, len(row))
	for i, v := range row {
		switch v := v.(type) {
		case cal.Date:
			if !v.IsZero() {
				list[i] = excelize.Cell{StyleID: st.day, Value: v.Time()}
			}
		case money.Amount:
			style, err := amountStyle(f, v.Currency, formats)
			if err != nil {
				return nil, err
			}
			list[i] = excelize.Cell{StyleID: style, Value: number(v)}
		default:
			list[i] = v
		}
	}
	return list, nil
}

// number is an amount as a workbook keeps numbers: a double, exact to the cent
// below ninety thousand billion, which no ledger reaches.
func number(a money.Amount) float64 {
	scale := 1.0
	for range a.Currency.Decimals() {
		scale *= 10
	}
	return float64(a.Minor) / scale
}

func amountStyle(f *excelize.File, c money.Currency, formats map[money.Currency]int) (int, error) {
	if style, ok := formats[c]; ok {
		return style, nil
	}
	format := "#,##0"
	if n := c.Decimals(); n > 0 {
		format += "." + strings.Repeat("0", n)
	}
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	formats[c] = style
	return style, err
}
