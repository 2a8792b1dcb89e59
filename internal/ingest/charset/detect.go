package charset

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/charmap"
)

const (
	chunkSize   = 256 << 10 // read at once
	maxContexts = 4096      // accented characters that are judged: more would not change the verdict
	zeroSample  = 4096      // bytes in which UTF-16 without a mark shows its zeros
	zeroShare   = 512       // one zero byte in as many is a damaged text; more are no text
	twiceLeast  = 2         // accents written twice: one may be a sign
	damageShare = 4         // a text with four good sequences to one bad byte is damaged UTF-8
)

// Detect reads all of r: an accent may well come first on the last line.
func Detect(r io.ReaderAt, size int64) (Detected, error) {
	var s scan
	buf := make([]byte, min(chunkSize, max(size, 1)))
	for off := int64(0); off < size; {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if n == 0 && err != nil {
			return Detected{}, err
		}
		if off == 0 {
			if d, ok := marked(buf[:n]); ok && (d.Binary || d.Encoding != UTF8) {
				return d, nil
			}
		}
		s.add(buf[:n])
		off += int64(n)
	}
	return s.verdict(), nil
}

// DetectBytes is Detect on a text in memory.
func DetectBytes(b []byte) Detected {
	d, err := Detect(bytes.NewReader(b), int64(len(b)))
	if err != nil { // a reader of bytes does not fail
		return Detected{Encoding: UTF8, Binary: true}
	}
	return d
}

// marked recognises a byte order mark, or UTF-16 by where its zeros are.
func marked(head []byte) (Detected, bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return Detected{Encoding: UTF8, BOM: 3}, true
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}):
		return Detected{Encoding: UTF8, Binary: true}, true // UTF-32: nobody writes it
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return Detected{Encoding: UTF16LE, BOM: 2}, true
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return Detected{Encoding: UTF16BE, BOM: 2}, true
	}
	if inEBCDIC(head[:min(len(head), zeroSample)]) {
		return Detected{Encoding: IBM037}, true
	}
	even, odd, n := 0, 0, min(len(head), zeroSample)
	for i, b := range head[:n] {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	// Latin text in UTF-16 has a zero in nearly every pair, always on the same side.
	switch {
	case odd*5 >= n*2 && even*20 <= n:
		return Detected{Encoding: UTF16LE}, n >= 4
	case even*5 >= n*2 && odd*20 <= n:
		return Detected{Encoding: UTF16BE}, n >= 4
	}
	return Detected{}, false
}

// scan gathers what tells the encodings apart, over any number of chunks.
type scan struct {
	bom     int
	total   int64
	zeros   int
	good    int // multi-byte UTF-8 sequences
	again   int // of them, those that begin a character written twice
	bad     int // bytes that are not UTF-8
	carry   []byte
	context [][3]byte // a high byte and its neighbours
	high    []byte    // the text around the first high bytes, for the detector of last resort
	prev    byte
}

func (s *scan) add(chunk []byte) {
	if s.total == 0 {
		if d, ok := marked(chunk); ok {
			s.bom = d.BOM
			chunk = chunk[d.BOM:]
		}
	}
	s.total += int64(len(chunk))
	s.zeros += bytes.Count(chunk, []byte{0})
	s.again += twice(chunk)
	s.remember(chunk)
	if len(s.carry) > 0 {
		chunk = append(s.carry, chunk...)
		s.carry = nil
	}
	s.count(chunk)
}

// count tells good sequences from bad bytes; a sequence cut by the end of the
// chunk is carried over.
func (s *scan) count(b []byte) {
	if utf8.Valid(b) {
		s.good += countHigh(b)
		return
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1 && len(b) < utf8.UTFMax && !utf8.FullRune(b):
			s.carry = bytes.Clone(b)
			return
		case r == utf8.RuneError && n == 1:
			s.bad++
		case n > 1:
			s.good++
		}
		b = b[n:]
	}
}

// twice counts the letters from « Â » to « ô » that a sign beyond ASCII follows
// which is no letter: « Ã© », « â€™ ». Languages hardly put them there, and so
// begins each character beyond ASCII of a UTF-8 that was taken for Windows-1252.
func twice(b []byte) int {
	n := 0
	for {
		i := bytes.IndexByte(b, 0xC3)
		if i < 0 || i+2 >= len(b) {
			return n
		}
		lead, next := b[i+1], b[i+2]
		if lead >= 0x82 && lead <= 0xB4 && (next == 0xC2 || next >= 0xC5 && next != 0xCC) {
			n++
		}
		b = b[i+2:]
	}
}

func countHigh(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0xC0 {
			n++
		}
	}
	return n
}

func (s *scan) remember(b []byte) {
	for i := 0; i < len(b) && len(s.context) < maxContexts; i++ {
		if b[i] >= 0x80 {
			next := byte(0)
			if i+1 < len(b) {
				next = b[i+1]
			}
			prev := s.prev
			if i > 0 {
				prev = b[i-1]
			}
			s.context = append(s.context, [3]byte{prev, b[i], next})
			if len(s.high) < maxContexts {
				s.high = append(s.high, b[max(0, i-8):min(len(b), i+8)]...)
			}
		}
	}
	if len(b) > 0 {
		s.prev = b[len(b)-1]
	}
}

func (s *scan) verdict() Detected {
	s.bad += len(s.carry)
	d := Detected{Encoding: UTF8, BOM: s.bom, Binary: int64(s.zeros)*zeroShare > s.total, ASCII: s.good == 0 &&
		s.bad == 0}
	switch {
	case s.bad == 0 && s.again >= twiceLeast && s.again*4 >= s.good:
		d.Encoding = UTF8Twice
		return d
	case s.bad == 0:
		return d
	case s.bom > 0 || s.good >= damageShare*s.bad:
		d.Damaged = s.bad
		return d
	}
	d.Encoding = s.legacy()
	return d
}

// legacy chooses among the encodings of one byte a character by how French
// each would make the text.
func (s *scan) legacy() Encoding {
	candidates := []struct {
		name Encoding
		page *charmap.Charmap
	}{
		{Windows1252, charmap.Windows1252},
		{ISO885915, charmap.ISO8859_15},
		{Macintosh, charmap.Macintosh},
		{IBM850, charmap.CodePage850},
	}
	best, score := Windows1252, -1<<31
	for _, c := range candidates {
		n := 0
		for _, t := range s.context {
			n += likely(t, c.page)
		}
		if n > score {
			best, score = c.name, n
		}
	}
	if score <= 0 {
		return s.foreign(best)
	}
	return best
}

// foreign asks a general detector about a text that is not French in any of
// the candidates.
func (s *scan) foreign(otherwise Encoding) Encoding {
	r := chardet.Detect(s.high)
	if r.Confidence < 0.7 {
		return otherwise
	}
	if e, err := Lookup(r.Encoding); err == nil && e != UTF8 {
		return e
	}
	return otherwise
}

// likely weighs one high byte between its neighbours, as page reads it.
func likely(t [3]byte, page *charmap.Charmap) int {
	r := page.DecodeByte(t[1])
	word := letter(t[0]) || letter(t[2])
	switch {
	case r == utf8.RuneError || r >= 0x80 && r < 0xA0:
		return -5 // nothing, or a control character
	case bytes.ContainsRune([]byte("éèêëàâäçîïôöùûüÿœæÉÈÊËÀÂÇÎÏÔÙÛÜŒ"), r):
		if word {
			return 3
		}
		return 1
	case bytes.ContainsRune([]byte("áíóúñåøãõßÄÖÅÑ"), r):
		return 1
	case bytes.ContainsRune([]byte("€°«»’–—…²³\u00a0·•£§¦"), r):
		return 1
	case word:
		return -2 // a sign within a word
	}
	return -1
}

func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}
