package table

import (
	"slices"
	"strconv"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/ingest"
)

// headless finds the columns of a bank’s export that names none, as those of LCL
// and the older ones of BNP Paribas: the day, a text that banks write, and an
// amount whose sign changes. It answers with the numbers of the columns, or with
// nothing where more than one of them could be it.
func headless(sheet *Sheet) map[ingest.Field]string {
	rows := movementRows(sheet.Head)
	if len(rows) == 0 {
		return nil
	}
	found := map[ingest.Field]string{ingest.FieldBooked: number(firstOf(rows, isDayCell))}
	amount, balance := amountsOf(rows)
	label, kind := labelsOf(rows)
	if amount < 0 || label < 0 {
		return nil
	}
	found[ingest.FieldTotal], found[ingest.FieldLabel] = number(amount), number(label)
	if balance >= 0 {
		found[ingest.FieldBalance] = number(balance)
	}
	if kind >= 0 {
		found[ingest.FieldMethod] = number(kind)
	}
	return found
}

func number(column int) string { return strconv.Itoa(column + 1) }

// movementRows are the rows that begin with a day and have an amount and a text.
func movementRows(head []Row) (rows [][]string) {
	day := -1
	for _, row := range head {
		at := slices.IndexFunc(row.Cells, isDayCell)
		if at < 0 || !slices.ContainsFunc(row.Cells, isSum) || !slices.ContainsFunc(row.Cells, isHeard) ||
			day >= 0 && at != day {
			continue
		}
		day = at
		rows = append(rows, row.Cells)
	}
	return rows
}

func isDayCell(s string) bool {
	var c column
	c.observe(s)
	return c.dates > 0 && len(clean(s)) >= len("1/1/26")
}

// isSum tells an amount with its cents: a number without any is that of something.
func isSum(s string) bool {
	s = clean(s)
	digits := strings.TrimRight(s, "0123456789")
	return len(s)-len(digits) == 2 && strings.ContainsAny(digits[max(len(digits)-1, 0):], ",.") && !isDayCell(s)
}

func isHeard(s string) bool { return bank.Hear([]string{s}).Means != "" }

// firstOf is the first column in which each row has such a cell.
func firstOf(rows [][]string, is func(string) bool) int {
	return slices.IndexFunc(rows[0], is)
}

// amountsOf are the column of amounts and, where there is one more, that of the
// balance: amounts have signs that differ from row to row, and the balance goes on
// by them; −1 for what is not found or not sure.
func amountsOf(rows [][]string) (amount, balance int) {
	var full []int
	for i := range rows[0] {
		if !slices.ContainsFunc(rows, func(r []string) bool { return !isSum(cell(r, i)) }) {
			full = append(full, i)
		}
	}
	switch len(full) {
	case 1:
		if hasSign(rows, full[0]) {
			return full[0], -1
		}
	case 2:
		for _, pair := range [][2]int{{full[0], full[1]}, {full[1], full[0]}} {
			if hasSign(rows, pair[0]) && goesOn(rows, pair[0], pair[1]) {
				return pair[0], pair[1]
			}
		}
	}
	return -1, -1
}

func hasSign(rows [][]string, at int) bool {
	return slices.ContainsFunc(rows, func(r []string) bool { return strings.ContainsAny(cell(r, at), "-\u2212") })
}

// goesOn tells whether the one column is the balance of the other, in either order.
func goesOn(rows [][]string, amount, balance int) bool {
	p := &plan{
		sheet: &Sheet{}, header: -1, what: movements,
		at: map[ingest.Field]int{ingest.FieldTotal: amount, ingest.FieldBalance: balance},
	}
	for _, r := range rows {
		p.sheet.Head = append(p.sheet.Head, Row{Cells: r})
	}
	return p.balanced()
}

// labelsOf are the column of the labels, the longest of those that banks write, and
// one of shorter words for the kind of the operation.
func labelsOf(rows [][]string) (label, kind int) {
	label, kind = -1, -1
	longest := 0
	for i := range rows[0] {
		heard, size := 0, 0
		for _, r := range rows {
			if isHeard(cell(r, i)) {
				heard++
			}
			size += len(cell(r, i))
		}
		switch {
		case heard*5 < len(rows)*4:
		case size > longest:
			label, kind, longest = i, label, size
		default:
			kind = i
		}
	}
	return label, kind
}
