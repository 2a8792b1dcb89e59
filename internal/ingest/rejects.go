package ingest

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
)

// RejectReason is the name of the last column of a file of rejected rows. No
// field has that name, so the corrected file is brought again as it is.
const RejectReason = "motif du rejet"

// Rejects writes rejected rows as a table that can be corrected and brought
// again: the columns of the original file, then why each row was refused. It is
// UTF-8 with its mark and semicolons, as French spreadsheets open it.
type Rejects struct {
	out    *csv.Writer
	header []string
	begun  bool
	err    error
}

// NewRejects writes to w the rows of a file with these columns.
func NewRejects(w io.Writer, header []string) *Rejects {
	r := &Rejects{header: header}
	if _, r.err = io.WriteString(w, "\ufeff"); r.err != nil {
		return r
	}
	r.out = csv.NewWriter(w)
	r.out.Comma, r.out.UseCRLF = ';', true
	return r
}

// Write adds a row. What it has beyond the columns comes after the reason, so
// that it is refused again until it is corrected.
func (r *Rejects) Write(x *Rejected) error {
	if r.err != nil {
		return r.err
	}
	if !r.begun {
		r.begun = true
		r.err = r.out.Write(append(slices.Clone(r.header), RejectReason))
	}
	row := make([]string, len(r.header), len(r.header)+1)
	n := copy(row, x.Cells)
	reason := x.Text()
	if x.Mend != "" {
		reason += " (" + x.Mend + ")"
	}
	row = append(append(row, reason), x.Cells[n:]...)
	for i, cell := range row {
		row[i] = defuse(cell)
	}
	if r.err == nil {
		r.err = r.out.Write(row)
	}
	return r.err
}

// Close writes out what is left and tells whether all went well.
func (r *Rejects) Close() error {
	if r.out != nil {
		r.out.Flush()
		if r.err == nil {
			r.err = r.out.Error()
		}
	}
	return r.err
}

// defuse keeps a spreadsheet from running a cell as a formula. A sign before a
// number is left alone: the cell must stay an amount.
func defuse(cell string) string {
	if cell == "" || !strings.ContainsRune("=@+-", rune(cell[0])) {
		return cell
	}
	if strings.ContainsAny(cell[:1], "+-") && strings.Trim(cell[1:], "0123456789., \u00a0\u202f€") == "" {
		return cell
	}
	return "'" + cell
}
