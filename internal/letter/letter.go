// Package letter lays out letters on A4 pages that fit a French double-window
// envelope, and writes them as PDF with embedded fonts and real text. It knows
// no business words: what it prints is given.
package letter

import (
	"time"

	"acquit/internal/i18n"
)

// Letter is one letter: what stands on its first page, its body, and the files
// that go behind it.
type Letter struct {
	Language   i18n.Lang
	Title      string    // of the document, as readers show it
	On         time.Time // the instant that the document bears: the same letter gives the same bytes
	Sender     []string  // its name first, then its address
	Recipient  []string  // as in the window: name, then address, six lines at most (NF Z10-011)
	Dateline   string    // Lille, le 29 novembre 2026
	Mention    string    // Lettre recommandée avec avis de réception; may be empty
	References []Pair    // Notre référence…
	Subject    string
	Body       []Block
	Below      []Block      // after the body of any letter: who collects for whom, where somebody does
	Legal      []string     // at the foot of each page: legal form, capital, register
	Behind     []Attachment // PDF documents merged behind the letter

	SignatureImage []byte // above each signature that has none of its own
}

// Pair is a name and its value.
type Pair struct{ Label, Value string }

// Span is a run of text of one look.
type Span struct {
	Text   string
	Strong bool
}

// Block is one part of the body. Exactly one of its fields is filled.
type Block struct {
	Heading   string
	Paragraph [][]Span // its lines
	Bullets   [][]Span
	Table     *Table
	Payment   *Payment
	Signature *Signature
	Quote     [][]Span // the words of a text of law, set apart
}

// Table is rows under headings, which are printed again on each page that it
// reaches.
type Table struct {
	Columns []Column
	Rows    [][]string
	Foot    []Foot
	Boxed   bool // each cell in a frame, for people to sign in
}

// Column is one column. Those of figures stand to the right and are never cut.
type Column struct {
	Head   string
	Right  bool
	Weight float64 // its share of the width; 0 is as wide as its widest text
}

// Foot is a line under a table, across its columns.
type Foot struct {
	Label, Value string
	Strong       bool
}

// Payment is where to pay, with a code that a telephone reads.
type Payment struct {
	Pairs []Pair
	Code  string // the content of a QR code (EPC069-12); none when empty
	Note  string // what the code is for: beside it
}

// Signature is who signs.
type Signature struct {
	Lines []string
	Image []byte // PNG or JPEG; none when empty
}

// Attachment is a PDF document that goes behind a letter.
type Attachment struct {
	Name string
	PDF  []byte
}
