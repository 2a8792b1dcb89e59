package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// stream writes one JSON object piece by piece, so that memory does not grow
// with what it holds. Its first error stays and is given by end.
type stream struct {
	w     *bufio.Writer
	first bool // of the members of the object, or of the list
	err   error
}

func newStream(w io.Writer) *stream {
	s := &stream{w: bufio.NewWriter(w), first: true}
	s.text("{")
	return s
}

func (s *stream) text(t string) {
	if s.err == nil {
		_, s.err = s.w.WriteString(t)
	}
}

func (s *stream) value(v any) {
	b, err := marshal(v)
	if s.err == nil {
		s.err = err
	}
	s.text(string(b))
}

func (s *stream) comma() {
	if !s.first {
		s.text(",")
	}
	s.first = false
	s.text("\n")
}

// set writes a member.
func (s *stream) set(name string, v any) {
	s.comma()
	s.value(name)
	s.text(": ")
	s.value(v)
}

// list begins a list; add fills it and done ends it.
func (s *stream) list(name string) {
	s.comma()
	s.value(name)
	s.text(": [")
	s.first = true
}

func (s *stream) add(v any) {
	s.comma()
	s.value(v)
}

// addFrom fills the list with the values of r, one a line.
func (s *stream) addFrom(r io.Reader) {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			s.comma()
			s.text(string(line[:len(line)-1]))
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			if s.err == nil {
				s.err = err
			}
			return
		}
	}
}

func (s *stream) done() {
	if !s.first {
		s.text("\n")
	}
	s.text("]")
	s.first = false
}

func (s *stream) end() error {
	s.text("\n}\n")
	if s.err != nil {
		return s.err
	}
	return s.w.Flush()
}

// marshal is a value on one line, with signs such as < left as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// spool keeps on disk what can be written only later: one value a line.
type spool struct {
	f *os.File
	w *bufio.Writer
	n int
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "acquit-*.jsonl")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where the system lets an open file go, nothing stays of a command that is cut short
	return &spool{f: f, w: bufio.NewWriter(f)}, nil
}

func (s *spool) add(v any) error {
	b, err := marshal(v)
	if err != nil {
		return err
	}
	s.n++
	_, err = s.w.Write(append(b, '\n'))
	return err
}

// reader gives what was kept, from the start.
func (s *spool) reader() (io.Reader, error) {
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	_, err := s.f.Seek(0, io.SeekStart)
	return s.f, err
}

func (s *spool) remove() {
	_ = s.f.Close()
	_ = os.Remove(s.f.Name()) // the system empties its temporary folder anyway
}
