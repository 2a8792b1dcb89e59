package xmltree

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"acquit/internal/ingest/charset"
)

// MaxPiece bounds one piece of a stream: a batch of a hundred thousand
// transactions with all their details stays below.
const MaxPiece = 256 << 20 // bytes

// Stream reads a document that is too long for a tree: its pieces, the elements
// of some names, come one at a time and as they were written; only what stands
// around them is read here. A piece that is broken does not keep the others
// from being read. Pieces do not hold pieces of their own name.
type Stream struct {
	in    *bufio.Reader
	dec   *xml.Decoder
	names []string
	stack []string // the open elements around the pieces
	queue []byte   // what the decoder is given in the place of a piece
	piece *Piece   // that the decoder has not come to yet
	held  bool     // a « < » was read that begins what follows a broken piece
	until string   // within a comment or a CDATA section: what ends it
	tail  []byte   // its last bytes
	quiet int      // bytes since the decoder last gave a token
	line  int
	col   int
}

// Piece is one element as it was written, in UTF-8. Err tells why it is not
// whole: what follows it was read all the same.
type Piece struct {
	Name   string
	Raw    []byte
	Line   int
	Column int
	Err    error
}

// again is the mend of what a bank or a platform wrote.
const again = "demandez à nouveau ce fichier à qui l’a produit"

// Event is one step through a document: an element that begins, one that ends,
// or a piece.
type Event struct {
	Start, End string // local names
	Space      string // the namespace of what begins
	Piece      *Piece
	Line       int
}

// Decoded is a document of any encoding as UTF-8. Where what it declares is not
// what it is written in, lied is true and it is read as it is.
func Decoded(src io.ReaderAt, size int64) (open func() (io.Reader, error), d charset.Detected, lied bool, err error) {
	if d, err = charset.Detect(src, size); err != nil {
		return nil, d, false, err
	}
	if d.Binary {
		return nil, d, false, invalid(wellFormed, 1, 1, "ce n’est pas un texte", "")
	}
	head := make([]byte, min(size, 1024))
	if _, err := src.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, d, false, err
	}
	if d, lied, err = declared(head[min(d.BOM, len(head)):], d); err != nil {
		return nil, d, false, err
	}
	open = func() (io.Reader, error) { return charset.NewReader(io.NewSectionReader(src, 0, size), d) }
	return open, d, lied, nil
}

// declared weighs what a document says of its encoding against its bytes.
func declared(head []byte, d charset.Detected) (charset.Detected, bool, error) {
	if d.Encoding == charset.UTF16LE || d.Encoding == charset.UTF16BE {
		return d, false, nil
	}
	says := charset.UTF8
	if m := declaration.FindSubmatch(head); m != nil {
		e, err := charset.Lookup(string(m[1]))
		if err != nil {
			return d, false, invalid(encodings, 1, 1,
				"le document XML déclare un encodage inconnu, «\u00a0"+string(m[1])+"\u00a0»", again)
		}
		says = e
	}
	isUTF8 := d.Encoding == charset.UTF8 || d.Encoding == charset.UTF8Twice
	switch {
	case isUTF8 && d.Damaged == 0: // bytes that make UTF-8 by chance do not exist in a long text
		d.Encoding = charset.UTF8
		return d, says != charset.UTF8 && !d.ASCII, nil
	case says == charset.UTF8 || says == charset.UTF16LE || says == charset.UTF16BE:
		return d, true, nil
	}
	return charset.Detected{Encoding: says, BOM: d.BOM}, false, nil
}

// NewStream reads r, which is UTF-8, and gives the elements of these local names
// as pieces.
func NewStream(r io.Reader, names ...string) *Stream {
	s := &Stream{in: bufio.NewReaderSize(r, 64<<10), names: names, line: 1, col: 1}
	s.dec = xml.NewDecoder(s)
	s.dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // already UTF-8
	return s
}

// Next is the next event, io.EOF after the last. Its other errors are as those
// of Parse: what surrounds the pieces is broken and nothing more can be read.
func (s *Stream) Next() (Event, error) {
	for {
		t, err := s.dec.Token()
		s.quiet = 0
		if err != nil {
			return Event{}, s.broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			return s.begin(t)
		case xml.EndElement:
			if len(s.stack) == 0 || s.piece != nil {
				s.piece = nil // the end that stands for a piece
				continue
			}
			s.stack = s.stack[:len(s.stack)-1]
			return Event{End: t.Name.Local, Line: s.line}, nil
		case xml.Directive:
			if bytes.HasPrefix(bytes.TrimSpace(t), []byte("DOCTYPE")) {
				return Event{}, doctype(s.line, s.col)
			}
		}
	}
}

func (s *Stream) begin(t xml.StartElement) (Event, error) {
	if s.piece != nil {
		return Event{Piece: s.piece, Line: s.piece.Line}, nil
	}
	if len(s.stack) >= MaxDepth {
		return Event{}, tooDeep(s.line, s.col)
	}
	s.stack = append(s.stack, t.Name.Local)
	return Event{Start: t.Name.Local, Space: t.Name.Space, Line: s.line}, nil
}

func (s *Stream) broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	p := parser{pos: func() (int, int) { return s.line, s.col }, mend: again}
	if len(s.stack) > 0 {
		p.stack = []*Node{{Name: s.stack[len(s.stack)-1]}}
	}
	return p.broken(err)
}

// Read is there for the decoder's sake, which calls ReadByte alone.
func (s *Stream) Read(p []byte) (int, error) {
	b, err := s.ReadByte()
	if err != nil || len(p) == 0 {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// ReadByte gives the decoder the document with an empty element in the place of
// each piece.
func (s *Stream) ReadByte() (byte, error) {
	if len(s.queue) > 0 {
		b := s.queue[0]
		s.queue = s.queue[1:]
		return b, nil
	}
	if s.quiet++; s.quiet > MaxSize {
		return 0, invalid("", s.line, s.col, fmt.Sprintf("un texte de plus de %d Mo", MaxSize>>20), "")
	}
	b, err := s.take()
	if err != nil {
		return 0, err
	}
	if s.until != "" {
		s.skipTo(b)
	} else if b == '<' {
		tag := s.peek()
		if tag.opens != "" {
			s.until, s.tail = tag.opens, nil
		} else if !tag.end && slices.Contains(s.names, tag.local) {
			if err := s.collect(tag); err != nil {
				return 0, err
			}
			s.queue = append(append(s.queue, tag.name...), '/', '>')
			return '<', nil
		}
	}
	s.advance([]byte{b})
	return b, nil
}

func (s *Stream) take() (byte, error) {
	if s.held {
		s.held = false
		return '<', nil
	}
	return s.in.ReadByte()
}

// skipTo ends a comment or a CDATA section where it ends.
func (s *Stream) skipTo(b byte) {
	s.tail = append(s.tail, b)
	if len(s.tail) > len(s.until) {
		s.tail = s.tail[1:]
	}
	if string(s.tail) == s.until {
		s.until = ""
	}
}

func (s *Stream) advance(b []byte) {
	if n := bytes.Count(b, []byte("\n")); n > 0 {
		s.line += n
		s.col = len(b) - bytes.LastIndexByte(b, '\n')
		return
	}
	s.col += len(b)
}

// tag is what begins after a « < ».
type tag struct {
	name  string // with its prefix
	local string
	end   bool
	opens string // of a comment or a CDATA section: what ends it
}

const maxTag = 100 // bytes of a tag's name: ISO 20022 has none of thirty

func (s *Stream) peek() tag {
	b, _ := s.in.Peek(maxTag) // less at the end of the file
	return tagOf(b)
}

func tagOf(b []byte) tag {
	switch {
	case bytes.HasPrefix(b, []byte("!--")):
		return tag{opens: "-->"}
	case bytes.HasPrefix(b, []byte("![CDATA[")):
		return tag{opens: "]]>"}
	}
	b, end := bytes.CutPrefix(b, []byte("/"))
	n := bytes.IndexAny(b, " \t\r\n/><")
	if n < 0 {
		n = len(b)
	}
	t := tag{name: string(b[:n]), end: end}
	t.local = t.name[strings.LastIndexByte(t.name, ':')+1:]
	return t
}

// collect reads a piece, whose « < » has been read, to its end, or to where it
// cannot go on: at another of its name, or at the end of what is around it.
func (s *Stream) collect(t tag) error {
	p := &Piece{Name: t.local, Line: s.line, Column: s.col, Raw: []byte{'<'}}
	s.piece = p
	if done, err := s.headOf(p); done || err != nil {
		return err
	}
	for {
		if err := s.copyUntil(p, '<'); err != nil {
			return s.cutShort(p, err)
		}
		next := s.peek()
		switch {
		case next.opens != "":
			if err := s.copyMark(p, next.opens); err != nil {
				return s.cutShort(p, err)
			}
		case next.end && next.local == t.local:
			err := s.copyUntil(p, '>')
			s.advance(p.Raw)
			return s.unlessEOF(p, err)
		case !next.end && next.local == t.local, next.end && slices.Contains(s.stack, next.local):
			p.Raw = p.Raw[:len(p.Raw)-1]
			s.advance(p.Raw)
			s.unfinished(p)
			s.held = true
			return nil
		}
	}
}

// headOf copies the start tag; the piece is done where that closes itself.
func (s *Stream) headOf(p *Piece) (done bool, err error) {
	if err := s.copyUntil(p, '>'); err != nil {
		return true, s.cutShort(p, err)
	}
	if bytes.HasSuffix(p.Raw, []byte("/>")) {
		s.advance(p.Raw)
		return true, nil
	}
	return false, nil
}

func (s *Stream) cutShort(p *Piece, err error) error {
	s.advance(p.Raw)
	return s.unlessEOF(p, err)
}

// unlessEOF leaves the end of the file for the decoder to find.
func (s *Stream) unlessEOF(p *Piece, err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	s.unfinished(p)
	return nil
}

func (s *Stream) unfinished(p *Piece) {
	if p.Err == nil {
		p.Err = invalid(wellFormed, p.Line, p.Column,
			"l’élément «\u00a0"+p.Name+"\u00a0» n’est pas fermé\u00a0: il en manque la fin",
			"récupérez le fichier entier")
	}
}

// copyUntil copies to and with end. What is beyond the limit of a piece is read
// but not kept.
func (s *Stream) copyUntil(p *Piece, end byte) error {
	for {
		b, err := s.in.ReadSlice(end)
		if len(p.Raw)+len(b) > MaxPiece {
			p.Err = invalid("", p.Line, p.Column,
				fmt.Sprintf("l’élément «\u00a0%s\u00a0» fait plus de %d Mo", p.Name, MaxPiece>>20), "")
			s.advance(p.Raw)
			p.Raw = append(p.Raw[:0], '<')
		}
		p.Raw = append(p.Raw, b...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// copyMark copies a comment or a CDATA section, to and with what ends it.
func (s *Stream) copyMark(p *Piece, end string) error {
	from := len(p.Raw)
	for {
		if err := s.copyUntil(p, '>'); err != nil {
			return err
		}
		if bytes.HasSuffix(p.Raw[min(from, len(p.Raw)):], []byte(end)) {
			return nil
		}
	}
}

// Cut takes the pieces of a name out of p: rest is what is left, at the same
// lines. Before and after are what surrounds all of them.
func (p *Piece) Cut(name string) (rest *Piece, inner []*Piece, before, after []byte) {
	rest = &Piece{Name: p.Name, Line: p.Line, Column: p.Column, Err: p.Err}
	from, at, line := 0, 1, p.Line
	for {
		start, end := span(p.Raw, name, at)
		if start < 0 {
			break
		}
		if before == nil {
			before = p.Raw[:start]
		}
		line += bytes.Count(p.Raw[from:start], []byte("\n"))
		column := start - bytes.LastIndexByte(p.Raw[:start], '\n')
		inner = append(inner, &Piece{Name: name, Raw: p.Raw[start:end], Line: line, Column: column})
		rest.Raw = append(rest.Raw, p.Raw[from:start]...)
		gap := bytes.Count(p.Raw[start:end], []byte("\n"))
		rest.Raw = append(rest.Raw, bytes.Repeat([]byte("\n"), gap)...)
		line += gap
		from, at = end, end
	}
	if inner == nil {
		rest.Raw = p.Raw
		return rest, nil, p.Raw, nil
	}
	rest.Raw = append(rest.Raw, p.Raw[from:]...)
	return rest, inner, before, p.Raw[from:]
}

// span finds the next whole element of a name; start is −1 where there is none.
func span(b []byte, name string, at int) (start, end int) {
	start = -1
	for at < len(b) {
		i := bytes.IndexByte(b[at:], '<')
		if i < 0 {
			return -1, 0
		}
		at += i
		switch t := tagOf(b[at+1 : min(at+1+maxTag, len(b))]); {
		case t.opens != "":
			n := bytes.Index(b[at:], []byte(t.opens))
			if n < 0 {
				return -1, 0
			}
			at += n
		case t.local == name && !t.end && start < 0:
			start = at
			if n := bytes.IndexByte(b[at:], '>'); n > 0 && b[at+n-1] == '/' {
				return start, at + n + 1
			}
		case t.local == name && t.end && start >= 0:
			if n := bytes.IndexByte(b[at:], '>'); n > 0 {
				return start, at + n + 1
			}
		}
		at++
	}
	return -1, 0
}

// Parse reads a piece into a tree, under the limits of Parse.
func (p *Piece) Parse() (*Node, error) {
	if p.Err != nil {
		return nil, p.Err
	}
	t := parser{dec: xml.NewDecoder(bytes.NewReader(p.Raw)), text: p.Raw, mend: again}
	t.pos = func() (int, int) {
		line, col := t.dec.InputPos()
		if line == 1 {
			col += p.Column - 1
		}
		return p.Line + line - 1, col
	}
	return t.document()
}
