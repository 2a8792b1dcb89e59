package ofx

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// What one value and one transaction may hold, in bytes: far above what banks
// write, far below what would fill a small machine.
const (
	maxValue = 64 << 10
	maxRaw   = 1 << 20
)

// token is a tag with the text before it, which is the value of the tag before:
// in OFX 1 an element has no end of its own.
type token struct {
	text string
	name string // in capitals
	end  bool
	line int
}

// scanner reads OFX 1, which is SGML whose elements are not closed, and OFX 2,
// which is XML, in the same way.
type scanner struct {
	in    *bufio.Reader
	line  int
	taped bool
	tape  []byte // what was read since the tape was started
}

func newScanner(r io.Reader) *scanner {
	return &scanner{in: bufio.NewReaderSize(r, 64<<10), line: 1}
}

// start begins to keep what is read, from the tag that was just given.
func (s *scanner) start(name string) { s.taped, s.tape = true, append(s.tape[:0], "<"+name+">"...) }

// stop is what was kept.
func (s *scanner) stop() string {
	s.taped = false
	return string(s.tape)
}

func (s *scanner) took(b []byte) {
	s.line += bytes.Count(b, []byte("\n"))
	if s.taped && len(s.tape)+len(b) <= maxRaw {
		s.tape = append(s.tape, b...)
	}
}

// tagForm is a tag behind its « < », without attributes that anybody needs.
var tagForm = regexp.MustCompile(`^(/?)([A-Za-z][A-Za-z0-9._-]*)(\s[^<>]*)?/?>`)

const maxTag = 512 // bytes of a tag with its attributes

// next is the next tag; io.EOF after the last.
func (s *scanner) next() (token, error) {
	var text []byte
	keep := func(b []byte) {
		if len(text)+len(b) <= maxValue {
			text = append(text, b...)
		}
	}
	for {
		b, err := s.in.ReadSlice('<')
		s.took(b)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return token{text: string(text), line: s.line}, err
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			keep(b)
			continue
		}
		keep(plain(b[:len(b)-1]))
		head, _ := s.in.Peek(maxTag) // less at the end of the file
		if m := tagForm.FindSubmatch(head); m != nil {
			t := token{text: words(string(text)), name: strings.ToUpper(string(m[2])), end: len(m[1]) > 0, line: s.line}
			s.discard(len(m[0]))
			return t, nil
		}
		if err := s.other(head, keep); err != nil {
			return token{line: s.line}, err
		}
	}
}

// other reads what begins with « < » and is no tag: a comment, an instruction,
// a CDATA section, or the sign itself within a text.
func (s *scanner) other(head []byte, keep func([]byte)) error {
	switch {
	case bytes.HasPrefix(head, []byte("![CDATA[")):
		s.discard(len("![CDATA["))
		return s.until("]]>", keep)
	case bytes.HasPrefix(head, []byte("!--")):
		return s.until("-->", nil)
	case bytes.HasPrefix(head, []byte("?")), bytes.HasPrefix(head, []byte("!")):
		return s.until(">", nil)
	}
	keep([]byte("<"))
	return nil
}

func (s *scanner) discard(n int) {
	b, _ := s.in.Peek(n) // it was seen
	s.took(b)
	_, _ = s.in.Discard(n)
}

// until reads to and with end, and keeps what is before it.
func (s *scanner) until(end string, keep func([]byte)) error {
	var all []byte
	for {
		b, err := s.in.ReadSlice('>')
		s.took(b)
		if len(all) <= maxValue {
			all = append(all, b...)
		} else {
			all = append(all[len(all)-len(end):], b...)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if bytes.HasSuffix(all, []byte(end)) {
			if keep != nil {
				keep(all[:len(all)-len(end)])
			}
			return nil
		}
	}
}

// entity is a sign written by its name or its number. Nothing is one without
// its semicolon: banks write « H&M » as it is.
var entity = regexp.MustCompile(`&(amp|lt|gt|nbsp|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});`)

var signs = map[string]string{"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "quot": `"`, "apos": "'"}

func plain(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 {
		return b
	}
	return entity.ReplaceAllFunc(b, func(m []byte) []byte {
		name := string(m[1 : len(m)-1])
		if c, ok := signs[name]; ok {
			return []byte(c)
		}
		base := 10
		number := strings.TrimPrefix(name, "#")
		if hex, ok := strings.CutPrefix(number, "x"); ok {
			number, base = hex, 16
		}
		n, err := strconv.ParseInt(number, base, 32)
		if err != nil || n < ' ' {
			return m
		}
		return []byte(string(rune(n)))
	})
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
