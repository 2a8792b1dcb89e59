package apply

import (
	"acquit/internal/cal"
	"acquit/internal/ingest"
)

// Report is what an import did, or would do.
type Report struct {
	Import  string   `json:"import"` // empty for a dry run
	DryRun  bool     `json:"dry_run,omitempty"`
	Resumed bool     `json:"resumed,omitempty"` // it took up one that had been cut short
	Source  string   `json:"source"`
	Mode    Mode     `json:"mode"`
	On      cal.Date `json:"on"`

	Files     []*FileReport `json:"files"`
	Customers Customers     `json:"customers"`
	Allocated int           `json:"allocated"` // settlements between documents that were set
	Dated     int           `json:"dated"`     // invoices whose due date followed from terms now known
	Balances  int           `json:"balances"`  // of the general ledger, taken note of
	Stopped   *Stop         `json:"stopped,omitempty"`
	Warnings  []Notice      `json:"warnings"`
}

// Customers counts what happened to customers besides their documents.
type Customers struct {
	Added    int `json:"added"`
	Changed  int `json:"changed"`
	Contacts int `json:"contacts"` // added
}

// FileReport is what one file did. Each row counts once among Added, Changed,
// Unchanged, Skipped and Refused; Settled and Reopened count items besides.
type FileReport struct {
	File       string            `json:"file"`
	Format     ingest.Format     `json:"format"`
	SHA256     string            `json:"sha256,omitempty"`
	Added      int               `json:"added"`
	Changed    int               `json:"changed"`
	Unchanged  int               `json:"unchanged"`
	Settled    int               `json:"settled"`  // in whole or part: less is left, or gone from a stock file
	Reopened   int               `json:"reopened"` // what had been settled so and is in the file again
	Skipped    int               `json:"skipped"`
	Refused    int               `json:"refused"`
	Rejected   []Rejection       `json:"rejected"` // the first maxListed of Refused
	Skips      []ingest.Skip     `json:"skips"`
	Warnings   []Notice          `json:"warnings"`
	Asked      *ingest.Ask       `json:"asked,omitempty"` // a person must say which column is which
	Understood ingest.Understood `json:"understood"`
	Header     []string          `json:"header,omitempty"`
	Accounts   []AccountReport   `json:"accounts,omitempty"` // of a bank's file
}

// Rejection is a row that was refused.
type Rejection struct {
	Line   int      `json:"line"`
	Column int      `json:"column"`
	Reason string   `json:"reason"`
	Mend   string   `json:"mend,omitempty"`
	Cells  []string `json:"-"`
}

// Notice is something to know that stopped nothing; the same said of many rows
// is said once, with their number and the first of them.
type Notice struct {
	Code  string   `json:"code"`
	Text  string   `json:"text"`
	Count int      `json:"count"`
	Line  int      `json:"line,omitempty"`
	Names []string `json:"names,omitempty"` // of the first documents
}

// What a report lists at most. The count goes on, and the rejects of a real run
// are all in the books (Rejects).
const (
	maxListed  = 10_000 // rejected rows of a file
	maxNotices = 200    // different notices of a file
	maxNames   = 5      // documents named in a notice
)

// Rows is how many rows of the file are accounted for.
func (f *FileReport) Rows() int { return f.Added + f.Changed + f.Unchanged + f.Skipped + f.Refused }

// Totals adds up the files.
func (r *Report) Totals() (t FileReport) {
	for _, f := range r.Files {
		t.Added += f.Added
		t.Changed += f.Changed
		t.Unchanged += f.Unchanged
		t.Settled += f.Settled
		t.Reopened += f.Reopened
		t.Skipped += f.Skipped
		t.Refused += f.Refused
	}
	return t
}

// notices gathers notices so that a million rows with one fault stay one line.
type notices struct {
	list []Notice
	at   map[string]int
}

func (n *notices) add(code, text string, line int, name string) {
	key := code + "\x00" + text
	if n.at == nil {
		n.at = map[string]int{}
	}
	i, ok := n.at[key]
	if !ok {
		if len(n.list) == maxNotices {
			return
		}
		i = len(n.list)
		n.at[key] = i
		n.list = append(n.list, Notice{Code: code, Text: text, Line: line})
	}
	n.list[i].Count++
	if name != "" && len(n.list[i].Names) < maxNames {
		n.list[i].Names = append(n.list[i].Names, name)
	}
}
