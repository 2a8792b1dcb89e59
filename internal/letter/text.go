package letter

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// missing stands for a character that the type does not have.
const missing = '□'

func printable(f *face, s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case f.has(r):
			b.WriteRune(r)
		case unicode.IsSpace(r) || unicode.IsControl(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		default:
			b.WriteString(f.closest(r))
		}
	}
	return b.String()
}

// plain tells that a text needs no mending, which is nearly always so.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// closest is what a character decomposes into where the type has that (ﬃ is
// ffi, ① is 1), else a box.
func (f *face) closest(r rune) string {
	apart := norm.NFKC.String(string(r))
	for _, c := range apart {
		if !f.has(c) {
			return string(missing)
		}
	}
	return apart
}

// run is a part of a line of one look.
type run struct {
	text  string
	style style
}

// line is what stands on one line.
type line []run

// word is what no line end may part: a run of text between spaces, which may
// change its look inside.
type word struct {
	runs  line
	width float64
}

// wrap breaks spans into lines no wider than width. Words part at spaces only,
// never at a no-break one; a word wider than a line is cut where it must.
func wrap(t *typeCase, spans []Span, sz size, width float64) []line {
	var lines []line
	var current line
	used, space := 0.0, t.width(" ", regular, sz)
	for _, w := range words(t, spans, sz, width) {
		if current != nil && used+space+w.width > width {
			lines, current, used = append(lines, current), nil, 0
		}
		if current != nil {
			current = join(current, run{" ", regular})
			used += space
		}
		for _, r := range w.runs {
			current = join(current, r)
		}
		used += w.width
	}
	return append(lines, current)
}

// join adds a run to a line, into the one before where the look is the same.
func join(l line, r run) line {
	last := len(l) - 1
	if last >= 0 && (l[last].style == r.style || r.text == " ") {
		l[last].text += r.text
		return l
	}
	return append(l, r)
}

// words cuts spans at spaces, and what is wider than a line into pieces.
func words(t *typeCase, spans []Span, sz size, width float64) []word {
	var list []word
	var current word
	flush := func() {
		if current.runs != nil {
			list = append(list, current)
			current = word{}
		}
	}
	for _, s := range spans {
		st := regular
		if s.Strong {
			st = strong
		}
		for i, part := range strings.Split(printable(t.faces[st], s.Text), " ") {
			if i > 0 {
				flush()
			}
			for _, piece := range pieces(t, part, st, sz, width) {
				w := t.width(piece, st, sz)
				if current.width+w > width {
					flush()
				}
				current.runs = join(current.runs, run{piece, st})
				current.width += w
			}
		}
	}
	flush()
	return list
}

// pieces is a word, cut into parts that fit a line.
func pieces(t *typeCase, w string, st style, sz size, width float64) []string {
	if w == "" {
		return nil
	}
	if t.width(w, st, sz) <= width {
		return []string{w}
	}
	var list []string
	from, used := 0, 0.0
	for i, r := range w {
		each := t.width(string(r), st, sz)
		if i > from && used+each > width {
			list, from, used = append(list, w[from:i]), i, 0
		}
		used += each
	}
	return append(list, w[from:])
}

// fit is the text and the size, made smaller down to a least one, at which it
// is no wider than width; what is still too wide ends in an ellipsis.
func fit(t *typeCase, text string, st style, sz size, width, least float64) (string, size) {
	text = printable(t.faces[st], text)
	wide := t.width(text, st, sz)
	if wide <= width {
		return text, sz
	}
	sz.points = max(sz.points*width/wide, least)
	for t.width(text, st, sz) > width {
		list := []rune(strings.TrimSuffix(text, "…"))
		text = string(list[:len(list)-1]) + "…"
	}
	return text, sz
}
