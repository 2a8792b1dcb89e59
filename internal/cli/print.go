package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// answer gives the result as JSON when asked for, else as fn writes it.
func (p *Program) answer(v any, fn func(w io.Writer)) error {
	if !p.json {
		fn(p.Out)
		return nil
	}
	e := json.NewEncoder(p.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// decimal is an amount of a currency as JSON carries it: "1234.50".
func decimal(minor int64, c money.Currency) string { return money.New(minor, c).Decimal() }

func decimals(minors []int64, c money.Currency) []string {
	list := make([]string, len(minors))
	for i, m := range minors {
		list[i] = decimal(m, c)
	}
	return list
}

// known is a day or an amount as JSON carries it, null where there is none.
func known[T interface{ String() string }](v T, there bool, show func(T) string) *string {
	if !there {
		return nil
	}
	s := show(v)
	return &s
}

func dayJSON(d cal.Date) *string { return known(d, !d.IsZero(), cal.Date.String) }

func amountJSON(a money.Amount) *string { return known(a, a.Currency != "", money.Amount.Decimal) }

func instantJSON(t time.Time) *string {
	return known(t, !t.IsZero(), func(t time.Time) string { return t.UTC().Format(time.RFC3339) })
}

// table writes lines of cells in columns: amounts and numbers to the right, all
// else to the left.
type table struct {
	p    *Program
	w    io.Writer
	rows [][]cell
}

type cell struct {
	text  string
	right bool
}

func (p *Program) table(w io.Writer) *table { return &table{p: p, w: w} }

// row adds a line; each value is shown in the language of the command.
func (t *table) row(values ...any) {
	cells := make([]cell, len(values))
	for i, v := range values {
		cells[i].text = t.p.cell(v)
		switch v.(type) {
		case money.Amount, int, number:
			cells[i].right = true
		}
	}
	t.rows = append(t.rows, cells)
}

// end writes what was gathered; a reader of a pipe who has gone is told nothing.
func (t *table) end() {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c.text))
		}
	}
	for _, row := range t.rows {
		var line strings.Builder
		for i, c := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text))
			if c.right {
				line.WriteString(space + c.text + "  ")
			} else {
				line.WriteString(c.text + space + "  ")
			}
		}
		fmt.Fprintln(t.w, strings.TrimRight(line.String(), " "))
	}
}

// endOr is end, or a sentence where nothing was gathered: silence would leave
// people wondering.
func (t *table) endOr(nothing string) {
	if len(t.rows) == 0 {
		fmt.Fprintln(t.w, nothing)
	}
	t.end()
}

// number is a text that stands to the right, like the numbers of its column.
type number string

func (p *Program) cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case money.Amount:
		return p.lang.Amount(v)
	case cal.Date:
		if v.IsZero() {
			return "–"
		}
		return p.lang.Date(v)
	}
	return fmt.Sprint(v)
}

// sheet prints a table that could also be a file.
func (p *Program) sheet(w io.Writer, s sheet.Sheet) {
	for _, n := range s.Notes {
		fmt.Fprintln(w, n)
	}
	t := p.table(w)
	heads := make([]any, len(s.Columns))
	for i, head := range s.Columns {
		heads[i] = head
		if len(s.Rows) > 0 && i < len(s.Rows[0]) && isNumber(s.Rows[0][i]) {
			heads[i] = number(head)
		}
	}
	t.row(heads...)
	for _, rows := range [][][]any{s.Rows, s.Totals} {
		for _, row := range rows {
			cells := make([]any, len(row))
			for i, v := range row {
				cells[i] = v
				if a, ok := v.(money.Amount); ok {
					cells[i] = number(a.Number(string(p.lang))) // the currency has a column of its own
				}
			}
			t.row(cells...)
		}
	}
	t.end()
}

func isNumber(v any) bool {
	switch v.(type) {
	case money.Amount, int:
		return true
	}
	return false
}

// writeSheet writes a table in the format that the file's name asks for.
func (p *Program) writeSheet(path string, s sheet.Sheet) error {
	write := func(w io.Writer) error { return sheet.WriteXLSX(w, s) }
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
	case ".csv":
		write = func(w io.Writer) error { return s.WriteCSV(w, string(p.lang)) }
	case ".pdf":
		write = func(w io.Writer) error { return sheet.WritePDF(w, string(p.lang), p.Now(), s) }
	default:
		return wrong("out", p.say("format inconnu : ", "unknown format: ")+path, ".csv | .xlsx | .pdf")
	}
	if err := p.create(path, write); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": path}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("Écrit dans %s.\n", "Written to %s.\n"), path)
	})
}

// create writes a file; what could not be written whole is taken away.
func (p *Program) create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return p.file("out", path, err)
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(path) // err tells the failure that matters
	}
	return err
}
