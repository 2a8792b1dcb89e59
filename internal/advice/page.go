package advice

import (
	"bytes"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/fault"
	"acquit/internal/ingest/charset"
	"acquit/internal/ingest/delimited"
)

// page is an advice as rows of cells, whatever it was written in.
type page []row

// row is one line of a page, from left to right.
type row struct {
	line  int
	cells []cell
}

// cell is a text with its place across the page: the number of its column, or
// where it begins and ends.
type cell struct {
	text     string
	from, to float64
}

// text is the row as one text: cells are further apart than words, so that no
// amount reaches from one into the next.
func (r row) text() string {
	parts := make([]string, len(r.cells))
	for i, c := range r.cells {
		parts[i] = c.text
	}
	return strings.Join(parts, "  ")
}

// apart is how far two cells are from each other across the page; 0 where one
// stands above the other.
func (c cell) apart(other cell) float64 {
	return math.Max(0, math.Max(c.from-other.to, other.from-c.to))
}

// cellsOf are cells of a table, each in its column; empty ones leave their place.
func cellsOf(texts []string) []cell {
	var list []cell
	for i, t := range texts {
		if t = oneLine(t); t != "" {
			list = append(list, cell{t, float64(i), float64(i)})
		}
	}
	return list
}

// ligatures are letters that a font joins.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// oneLine is a text with single spaces and without what cannot be seen.
func oneLine(s string) string {
	s = ligatures.Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// decoded is the content in UTF-8.
func decoded(content []byte) (string, error) {
	d := charset.DetectBytes(content)
	if d.Binary {
		return "", &fault.Invalid{Message: "ce fichier n’est pas du texte", Mend: "donnez un PDF, un classeur XLSX, un tableau CSV ou un mail"}
	}
	r, err := charset.NewReader(bytes.NewReader(content), d)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return "", &fault.Invalid{Message: "le texte de ce fichier est abîmé"}
	}
	return string(b), nil
}

// textPage is a delimited table, or else lines whose cells are wide gaps apart.
func textPage(text string) page {
	if p := delimitedPage(text); p != nil {
		return p
	}
	var p page
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxRows {
			break
		}
		if cells := gapped(strings.TrimRight(line, "\r\n")); len(cells) > 0 {
			p = append(p, row{n, cells})
		}
	}
	return p
}

// delimitedPage cuts a text by the separator that gives it the names of a table;
// nil where none does.
func delimitedPage(text string) page {
	end := byte('\n')
	if !strings.Contains(text, "\n") {
		end = '\r'
	}
	for _, sep := range []string{";", "\t", ",", "|"} {
		if strings.Count(text, sep) < 2 {
			continue
		}
		r := delimited.NewReader(strings.NewReader(text), sep, end)
		var p page
		for len(p) < maxRows {
			record, err := r.Next()
			if err != nil {
				break
			}
			if cells := cellsOf(record.Cells); record.Err == nil && len(cells) > 0 {
				p = append(p, row{record.Line, cells})
			}
		}
		for i := range p {
			if _, rows := headingsAt(p, i); rows > 0 {
				return p
			}
		}
	}
	return nil
}

// gapped cuts a line at tabs, at bars and at two spaces or more.
func gapped(line string) []cell {
	var list []cell
	at := 0
	for part := range strings.SplitSeq(strings.NewReplacer("\t", "  ", "|", "  ").Replace(line), "  ") {
		length := utf8.RuneCountInString(part)
		if text := oneLine(part); text != "" {
			list = append(list, cell{text, float64(at), float64(at + length)})
		}
		at += length + 2
	}
	return list
}

// plain is a text in small letters without accents, signs turned into single
// spaces.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("°", " ", "º", " ", "№", " ").Replace(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
