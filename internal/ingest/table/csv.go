// Package table reads tables of invoices, credit notes, payments and customers,
// as any program or person writes them: it finds the separator, the encoding,
// the line of the names, what each column holds and how its dates and amounts
// are written. The same understanding serves delimited text and workbooks.
package table

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/ingest/charset"
	"acquit/internal/ingest/delimited"
)

// How much of a text is looked at before it is read: all of a small one, and
// of a large one its beginning and pieces from all over it, since the first
// page of a ledger sorted by date holds one month only.
const (
	headBytes  = 1 << 20
	wholeBytes = 4 << 20
	pieces     = 32
	pieceBytes = 32 << 10
	headRows   = 3000
)

// Driver reads delimited text.
var Driver = ingest.Driver{
	Format: ingest.CSV,
	Title:  "Tableau en texte (CSV)",
	Sniff:  sniff,
	Open:   open,
}

// separators are those tried, the most French first.
var separators = []string{";", "\t", ",", "|", "^", "~", "¦", "§"}

func sniff(s ingest.Sample) ingest.Confidence {
	if s.Text == "" || strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<") {
		return ingest.No // what begins with a chevron is XML or HTML
	}
	found, ok := bestLayout(s.Text, ingest.Hints{})
	switch {
	case ok && found.header.known >= 3:
		return ingest.Likely
	case ok:
		return ingest.Likely / 2
	case found.width >= 2 && found.even:
		return ingest.Maybe
	}
	return ingest.No
}

// layout is how a text is cut into cells.
type layout struct {
	sep    string
	end    byte
	skip   int  // lines before the table: a « sep=; » of a spreadsheet
	width  int  // cells that most rows have
	even   bool // nearly all of them
	header header
}

// bestLayout tries the separators on the beginning of a text: the names that
// make sense decide, then how regular the rows are.
func bestLayout(text string, h ingest.Hints) (layout, bool) {
	base := layout{end: lineEnd(text)}
	tried := separators
	if sep, ok := declaredSeparator(text); ok {
		base.skip = 1
		tried = []string{sep}
	}
	if h.Separator != 0 {
		tried = []string{string(h.Separator)}
	}
	best := base
	best.sep = tried[0]
	found := false
	for _, sep := range tried {
		l := base
		l.sep = sep
		rows := l.sample(text)
		l.width, l.even = usualWidth(rows)
		head, ok := findHeader(rows, dictionary(), h.HeaderLine)
		if bank, is := findHeader(rows, bankDictionary(), h.HeaderLine); is && (!ok || bank.score > head.score) {
			head, ok = bank, true
		}
		if !ok && headless(&Sheet{Head: rows}) != nil {
			head, ok = header{index: -1, score: 1}, true // the content tells, less surely than any name
		}
		l.header = head
		better := ok && (!found || head.score > best.header.score)
		if better || !found && l.width > best.width {
			best, found = l, found || ok
		}
	}
	return best, found
}

// lineEnd is a lone carriage return only in texts that have nothing else.
func lineEnd(text string) byte {
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// declaredSeparator reads the first line « sep=; » by which Excel is told.
func declaredSeparator(text string) (string, bool) {
	first, _, _ := strings.Cut(text, "\n")
	first = strings.TrimRight(first, "\r")
	if len(first) == 5 && strings.EqualFold(first[:4], "sep=") {
		return first[4:], true
	}
	return "", false
}

// sample reads the rows of a piece of text, copied.
func (l layout) sample(text string) []Row {
	const enough = 2 * maxPreamble
	r := l.reader(strings.NewReader(text))
	var rows []Row
	for len(rows) < enough {
		row, err := r.Next()
		if err != nil {
			break
		}
		row.Cells = slices.Clone(row.Cells)
		rows = append(rows, row)
	}
	return rows
}

// reader reads a text from its start, the declaration of a separator left aside.
func (l layout) reader(in io.Reader) *delimited.Reader {
	r := delimited.NewReader(in, l.sep, l.end)
	for range l.skip {
		if r.Skip() != nil {
			break
		}
	}
	return r
}

// usualWidth is the number of cells that most rows have; even tells a table from
// prose that has commas: three rows in four have that number. A row too wide to be
// read counts as one of a table: it is said when it is opened.
func usualWidth(rows []Row) (width int, even bool) {
	count := map[int]int{}
	for _, row := range rows {
		n := len(row.Cells)
		if errors.Is(row.Err, delimited.ErrTooWide) {
			n = delimited.MaxCells + 1
		}
		count[n]++
		if count[n] > count[width] || count[n] == count[width] && n > width {
			width = n
		}
	}
	return width, (count[width] >= 2 || width >= 4) && count[width]*4 >= len(rows)*3 || width > delimited.MaxCells
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	enc, err := encodingOf(src, h)
	if err != nil {
		return nil, err
	}
	head, err := textAt(src, enc, int64(enc.BOM), headBytes)
	if err != nil {
		return nil, err
	}
	l, _ := bestLayout(head, h)
	sheet, err := l.sheet(src, enc)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.CSV}
	f.Understood.Encoding, f.Understood.Separator = string(enc.Encoding), l.sep
	rows := func() iter.Seq2[Row, error] { return l.rows(src, enc) }
	return Read(ctx, f, sheet, rows, h), nil
}

func encodingOf(src ingest.Source, h ingest.Hints) (charset.Detected, error) {
	d, err := charset.Detect(src.Content, src.Size)
	if err != nil || h.Encoding == "" {
		return d, err
	}
	e, err := charset.Lookup(h.Encoding)
	if err != nil {
		return d, err
	}
	if e != d.Encoding {
		d = charset.Detected{Encoding: e}
	}
	return d, nil
}

// textAt is a piece of the text, in UTF-8; what it cuts through is left as it is.
func textAt(src ingest.Source, enc charset.Detected, at, size int64) (string, error) {
	enc.BOM = 0
	section := io.NewSectionReader(src.Content, at, min(size, max(src.Size-at, 0)))
	r, err := charset.NewReader(section, enc)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	return string(b), nil
}

// sheet gathers the beginning of the table and evidence from all over it.
func (l layout) sheet(src ingest.Source, enc charset.Detected) (*Sheet, error) {
	s := &Sheet{}
	in, err := charset.NewReader(src.Reader(), enc)
	if err != nil {
		return nil, err
	}
	r := l.reader(in)
	whole := src.Size <= wholeBytes
	for whole || len(s.Head) < headRows {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		row.Cells = slices.Clone(row.Cells)
		s.Head = append(s.Head, row)
	}
	if whole {
		return s, nil
	}
	for i := range int64(pieces) {
		at := (src.Size / pieces * i) &^ 1 // on an even byte, for UTF-16
		text, err := textAt(src, enc, at, pieceBytes)
		if err != nil {
			return nil, err
		}
		if rows := l.sample(text); len(rows) > 2 {
			s.Evidence = append(s.Evidence, rows[1:len(rows)-1]...) // without what the piece cuts
		}
	}
	return s, nil
}

// rows reads the whole table.
func (l layout) rows(src ingest.Source, enc charset.Detected) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := charset.NewReader(src.Reader(), enc)
		if err != nil {
			yield(Row{}, err)
			return
		}
		r := l.reader(in)
		r.Width = l.width
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	}
}
