package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Format names what a file is.
type Format string

// The formats that are recognised.
const (
	CSV      Format = "csv"
	XLSX     Format = "xlsx"
	FEC      Format = "fec"
	FacturX  Format = "facturx"
	CII      Format = "cii"
	UBL      Format = "ubl"
	CAMT     Format = "camt"
	MT940    Format = "mt940"
	CFONB120 Format = "cfonb120"
	CFONB240 Format = "cfonb240"
	OFX      Format = "ofx"
	CDAR     Format = "cdar"
	Unknown  Format = "unknown"
)

// File is one file, understood but not read yet: Documents reads it. What is
// filled while reading is complete once Documents has ended.
type File struct {
	Name       string // as given; within an archive "archive.zip/folder/file.csv"
	Format     Format
	Understood Understood
	Err        error // why nothing of it can be read: an *Ask, *Rejected or *fault.Invalid
	Header     []string

	// Stream is set by the driver; readers call Documents.
	Stream iter.Seq2[*Document, error]

	opened *int // warnings that there were before reading began

	// Filled while reading.
	Read     int // documents given
	Refused  int // rows rejected
	Warnings []Warning
	Skipped  []Skip
	Controls []Control
	Balances []Balance
	// Statements are those of a bank file, each from its beginning; its end and its
	// closing balance are complete by its last entry or the end of the file.
	Statements []*bank.Statement
}

// Understood is how a file was read, to be shown before anything is changed.
type Understood struct {
	What       string   `json:"what,omitempty"` // factures, clients, règlements…
	Encoding   string   `json:"encoding,omitempty"`
	Separator  string   `json:"separator,omitempty"`
	Decimal    string   `json:"decimal,omitempty"`
	DateOrder  string   `json:"date_order,omitempty"` // dmy, mdy or ymd
	Sheet      string   `json:"sheet,omitempty"`
	Sheets     []string `json:"sheets,omitempty"`
	HeaderLine int      `json:"header_line,omitempty"`
	Columns    []Column `json:"columns,omitempty"`
	Profile    string   `json:"profile,omitempty"` // of an electronic invoice
	SIREN      string   `json:"siren,omitempty"`   // whose file it is, where it tells
	Closing    cal.Date `json:"closing,omitzero"`  // the last day of an accounting file
}

// Column is one column of a table and what it was taken for.
type Column struct {
	Index   int      `json:"index"` // from 1
	Name    string   `json:"name"`
	Field   Field    `json:"field,omitempty"` // empty: not used
	Samples []string `json:"samples,omitempty"`
}

// Skip counts rows that were left out on purpose, and why.
type Skip struct {
	Reason string `json:"reason"` // in French: "ligne de total", "brouillon"…
	Count  int    `json:"count"`
	Line   int    `json:"line"` // of the first one
}

// Control compares a total that the file states with what was read.
type Control struct {
	Label    string // in French
	Stated   money.Amount
	Computed money.Amount
	Line     int
}

// Holds tells whether both sides agree.
func (c Control) Holds() bool { return c.Stated == c.Computed }

// Balance is what a general ledger states for an account, of one customer or
// of all (when Customer is empty). It is positive when the customer owes.
type Balance struct {
	Account  string // "411", "413", "416", "4191"
	Customer string // the code of the customer
	Amount   money.Amount
}

// Rejected is a row, or a whole file, that could not be taken in.
type Rejected struct {
	File   string
	Line   int    // from 1; 0 when it is the file
	Column int    // of a table: the number of the column, from 1; of XML: of the character
	Rule   string // the official rule that is broken, when there is one
	Reason string // what is wrong, in French
	Mend   string // how to put it right, in French; may be empty
	Cells  []string
}

// Error gives the place, the reason and the mend.
func (r *Rejected) Error() string { return r.fault().Error() }

// Unwrap makes it a fault that a person can mend.
func (r *Rejected) Unwrap() error { return r.fault() }

func (r *Rejected) fault() *fault.Invalid {
	f := &fault.Invalid{File: r.File, Line: r.Line, Column: r.Column, Message: r.Text(), Mend: r.Mend}
	return f
}

// Text is the reason with the rule it comes from.
func (r *Rejected) Text() string {
	if r.Rule == "" || strings.Contains(r.Reason, r.Rule) {
		return r.Reason
	}
	return "[" + r.Rule + "] " + r.Reason
}

// Rejections is a file refused for several reasons at once.
type Rejections []*Rejected

// Error joins the reasons.
func (r Rejections) Error() string {
	all := make([]string, len(r))
	for i, one := range r {
		all[i] = one.Error()
	}
	return strings.Join(all, "\n")
}

// Unwrap gives each reason.
func (r Rejections) Unwrap() []error {
	all := make([]error, len(r))
	for i, one := range r {
		all[i] = one
	}
	return all
}

// Ask is a table whose columns could not be told: a person must say which is
// which, then the file is opened again with Hints.Mapping.
type Ask struct {
	File       string
	Sheet      string
	HeaderLine int
	Columns    []Column
	Missing    []Field // what cannot be done without
	Reason     string  // in French
}

// Error is the question in words.
func (a *Ask) Error() string {
	return (&fault.Invalid{File: a.File, Line: a.HeaderLine, Column: 1, Message: a.Reason, Mend: mendAsk}).Error()
}

// Unwrap makes it a fault that a person can mend.
func (a *Ask) Unwrap() error {
	return &fault.Invalid{File: a.File, Line: a.HeaderLine, Column: 1, Message: a.Reason, Mend: mendAsk}
}

const mendAsk = "indiquez quelle colonne est laquelle"

// Documents reads the file once: each turn gives a document, or a *Rejected for
// a row that was refused while the rest goes on; any other error is the last
// turn. Where nothing can be read it gives why, once or several times.
func (f *File) Documents(ctx context.Context) iter.Seq2[*Document, error] {
	return func(yield func(*Document, error) bool) {
		f.Read, f.Refused = 0, 0
		if f.Err != nil {
			f.refuse(yield)
			return
		}
		f.rewind()
		for d, err := range f.Stream {
			if err == nil {
				f.Read++
			} else if r, ok := errors.AsType[*Rejected](err); ok {
				r.File = f.Name
				f.Refused++
			}
			if !yield(d, err) {
				return
			}
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
		}
	}
}

// rewind forgets what an earlier reading found.
func (f *File) rewind() {
	if f.opened == nil {
		n := len(f.Warnings)
		f.opened = &n
	}
	f.Warnings = f.Warnings[:*f.opened]
	f.Read, f.Refused, f.Skipped, f.Controls, f.Balances, f.Statements = 0, 0, nil, nil, nil, nil
}

func (f *File) refuse(yield func(*Document, error) bool) {
	if all, ok := errors.AsType[Rejections](f.Err); ok {
		for _, r := range all {
			r.File = f.Name
			f.Refused++
			if !yield(nil, r) {
				return
			}
		}
		return
	}
	f.Refused++
	yield(nil, f.Err)
}

// Warn notes something about the file.
func (f *File) Warn(code, text string) {
	f.Warnings = append(f.Warnings, Warning{Code: code, Text: text})
}

// Skip counts a row that is left out on purpose.
func (f *File) Skip(reason string, line int) {
	for i := range f.Skipped {
		if f.Skipped[i].Reason == reason {
			f.Skipped[i].Count++
			return
		}
	}
	f.Skipped = append(f.Skipped, Skip{Reason: reason, Count: 1, Line: line})
}

// ControlWarning is the code of a warning about a total that does not agree.
const ControlWarning = "control"

// Check notes a total and warns when it does not agree.
func (f *File) Check(c Control) {
	f.Controls = append(f.Controls, c)
	if !c.Holds() {
		f.Warnings = append(f.Warnings, Warning{
			Code: ControlWarning, Line: c.Line, Column: 1,
			Text: fmt.Sprintf("%s\u00a0: %s annoncés, %s lus", c.Label, c.Stated.Format("fr"), c.Computed.Format("fr")),
		})
	}
}

// Refuse is a File that cannot be read, with the reason.
func Refuse(name string, format Format, reason, mend string) *File {
	return &File{Name: name, Format: format, Err: &Rejected{File: name, Reason: reason, Mend: mend}}
}
