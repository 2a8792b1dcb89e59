// Package delimited cuts text into records and cells, as accounting programs
// write them: RFC 4180 and what has become of it.
package delimited

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxCells bounds the columns of a row: a spreadsheet of people has fewer.
const MaxCells = 2000

// What one record of a delimited text may be.
const (
	maxLine        = 1 << 20 // bytes of a physical line: a longer one is no row of a table
	maxRecordLines = 200     // lines of a record with quoted line ends: a longer one is a stray quote
	maxStrays      = 50      // after as many, quotes of this file are mere signs: looking on costs time
)

// Row is one row of a table. Cells are valid until the next row is read, their
// strings for good. Line is that of the file, from 1.
type Row struct {
	Line  int
	Cells []string
	Err   error // why the row cannot be read; the next ones can
}

// The errors of a single row, in French.
var (
	ErrTooWide     = fmt.Errorf("la ligne a plus de %d colonnes", MaxCells)
	errLineTooLong = fmt.Errorf("la ligne fait plus de %d Mo", maxLine>>20)
	errZero        = errors.New("la ligne contient des caractères nuls\u00a0: ce n’est pas du texte")
)

// Reader splits delimited text into records. It follows RFC 4180 and what
// programs make of it: quotes within a field, quotes that are never closed,
// lone carriage returns. The standard library's reader takes a stray quote as
// the start of a field that may swallow the rest of the file, and keeps neither
// the lines nor the cells of a record that it does not understand.
type Reader struct {
	in      *bufio.Reader
	sep     string
	end     byte // '\n', or '\r' in files that have no other
	line    int  // of the last physical line read
	Width   int  // the cells that a row should have, once known: it tells a stray quote
	pending []physical
	cells   []string
	long    []byte
	strays  int // quotes that were left open for nothing
}

// physical is a line as it stands in the file, or why it cannot be read.
type physical struct {
	text string
	err  error
}

// NewReader reads text in UTF-8 whose cells are separated by sep and whose lines
// end with end: '\n', before which a '\r' is dropped, or '\r' alone.
func NewReader(in io.Reader, sep string, end byte) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, 256<<10), sep: sep, end: end}
}

// Next gives the next record that is not an empty line; io.EOF after the last.
func (r *Reader) Next() (Row, error) {
	for {
		p, err := r.physical()
		at := r.line
		switch {
		case err != nil:
			return Row{}, err
		case p.err != nil:
			return Row{Line: at, Err: p.err}, nil //nolint:nilerr // the next rows can be read
		case strings.TrimSpace(p.text) == "":
			continue
		}
		if !r.split(p.text) {
			r.unclosed(p.text)
		}
		if len(r.cells) > MaxCells {
			return Row{Line: at, Err: ErrTooWide}, nil
		}
		return Row{Line: at, Cells: r.cells}, nil
	}
}

// physical is the next line without its end.
func (r *Reader) physical() (physical, error) {
	if len(r.pending) > 0 {
		p := r.pending[0]
		r.pending = r.pending[1:]
		r.line++
		return p, nil
	}
	b, err := r.in.ReadSlice(r.end)
	if errors.Is(err, bufio.ErrBufferFull) {
		if b, err = r.rest(b); errors.Is(err, errLineTooLong) {
			r.line++
			return physical{err: err}, nil
		}
	}
	if len(b) == 0 && err != nil {
		return physical{}, err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return physical{}, err
	}
	r.line++
	b = bytes.TrimRight(b, "\r\n")
	if bytes.IndexByte(b, 0) >= 0 {
		return physical{err: errZero}, nil
	}
	return physical{text: string(b)}, nil
}

// Skip passes over the next physical line.
func (r *Reader) Skip() error {
	_, err := r.physical()
	return err
}

// rest gathers a line longer than the buffer, or skips to its end.
func (r *Reader) rest(head []byte) ([]byte, error) {
	r.long = append(r.long[:0], head...)
	for {
		b, err := r.in.ReadSlice(r.end)
		if len(r.long) <= maxLine {
			r.long = append(r.long, b...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(r.long) > maxLine {
			return nil, errLineTooLong
		}
		return r.long, err
	}
}

// split cuts a line into cells; it is false when a quote is left open.
func (r *Reader) split(line string) bool {
	r.cells = r.cells[:0]
	quoted := strings.IndexByte(line, '"') >= 0
	for len(r.cells) <= MaxCells {
		if quoted {
			if trimmed := strings.TrimLeft(line, " "); strings.HasPrefix(trimmed, `"`) {
				cell, rest, more, closed := r.quoted(trimmed)
				if !closed {
					return false
				}
				r.cells = append(r.cells, cell)
				if !more {
					return true
				}
				line = rest
				continue
			}
		}
		i := strings.Index(line, r.sep)
		if i < 0 {
			r.cells = append(r.cells, line)
			return true
		}
		r.cells = append(r.cells, line[:i])
		line = line[i+len(r.sep):]
	}
	return true
}

// quoted reads a field that starts with a quote: up to the next quote before a
// separator or the end. A quote before anything else belongs to the field.
func (r *Reader) quoted(s string) (cell, rest string, more, closed bool) {
	body := s[1:]
	plain := true // no quote within
	for i := 0; ; {
		q := strings.IndexByte(body[i:], '"')
		if q < 0 {
			return "", "", false, false
		}
		q += i
		after := body[q+1:]
		spaced := strings.TrimLeft(after, " ")
		switch {
		case strings.HasPrefix(after, `"`): // an escaped quote
			plain = false
			i = q + 2
			continue
		case strings.HasPrefix(spaced, r.sep):
			return unquote(body[:q], plain), spaced[len(r.sep):], true, true
		case spaced == "":
			return unquote(body[:q], plain), "", false, true
		}
		i = q + 1
	}
}

func unquote(s string, plain bool) string {
	if plain {
		return s
	}
	return strings.ReplaceAll(s, `""`, `"`)
}

// unclosed deals with a line that leaves a quote open: the record goes on over
// the next lines, unless the quote closes nowhere near or the line alone has
// the right number of cells. Then it was only a sign.
func (r *Reader) unclosed(line string) {
	literal := strings.Split(line, r.sep)
	if r.Width > 0 && len(literal) == r.Width || r.strays > maxStrays || !r.goesOn(line) {
		r.cells = append(r.cells[:0], literal...)
	}
}

// goesOn looks for the end of a record on the next lines; where there is none
// they are given back.
func (r *Reader) goesOn(line string) bool {
	at := r.line
	var next []physical
	for len(next) < maxRecordLines && len(line) <= maxLine {
		p, err := r.physical()
		if err != nil {
			break
		}
		next = append(next, p)
		if p.err != nil {
			break
		}
		line += "\n" + p.text
		if strings.IndexByte(p.text, '"') >= 0 && r.split(line) && (r.Width == 0 || len(r.cells) <= r.Width+1) {
			return true
		}
	}
	r.strays++
	r.line = at
	r.pending = append(next, r.pending...)
	return false
}
