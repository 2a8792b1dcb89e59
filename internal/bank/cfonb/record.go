package cfonb

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// width is the number of characters of a record of a statement.
const width = 120

// shape is how the records of a file are made.
type shape struct {
	width int
	begin *regexp.Regexp // what begins a record
	codes string         // the first figure of its code, and those that may follow it
}

// statements and operations are the two files that banks give.
var (
	statements = shape{width, form, "01457"}
	operations = shape{240, form240, "31459"}
)

// maxLine bounds a line that is no record.
const maxLine = 4096

// filler stands in the places that a character takes up where a bank counted the
// bytes of UTF-8 rather than the characters.
const filler = "\x00"

// record is one record of the file, filled up with spaces.
type record struct {
	text   []rune
	raw    string
	line   int
	column int
	length int // characters that there were, without spaces at the end
}

// part is a field by its first place, from 1 as the standard counts, and its
// length.
func (r record) part(from, length int) string {
	return strings.ReplaceAll(string(r.text[from-1:from-1+length]), filler, "")
}

func (r record) field(from, length int) string { return strings.TrimSpace(r.part(from, length)) }

func (r record) code() string { return r.part(1, 2) }

// account is the bank, the branch and the number.
func (r record) account() string {
	return strings.TrimSpace(r.field(3, 5) + " " + r.field(12, 5) + " " + r.field(22, 11))
}

// key is the account of a record, by which the records of a statement hang
// together.
type key struct{ number, currency string }

func (r record) key() key { return key{r.field(22, 11), r.field(17, 3)} }

// same tells whether two records are of one account. Some banks leave the
// currency blank in the balances, and write it in the movements.
func (k key) same(other key) bool {
	return k.number == other.number &&
		(k.currency == "" || other.currency == "" || k.currency == other.currency)
}

// records reads the file record by record, whether there are ends of lines
// between them or not.
type records struct {
	shape
	in     *bufio.Reader
	line   int
	column int
}

func newRecords(r io.Reader, of shape) *records {
	return &records{shape: of, in: bufio.NewReaderSize(r, 64<<10), line: 1, column: 1}
}

// next is the next record that is not blank; io.EOF after the last.
func (s *records) next() (record, error) {
	for {
		r := record{line: s.line, column: s.column}
		text, err := s.read()
		if err != nil {
			return r, err
		}
		if strings.Trim(string(text), " \t\x1a\x00\ufeff") == "" {
			continue
		}
		if text[0] == '\ufeff' {
			text = text[1:]
		}
		text = s.rest(text)
		r.raw = strings.TrimRight(string(text), " ")
		r.length = utf8.RuneCountInString(strings.TrimRight(r.raw, "\x00\x1a\t"))
		r.text = places(text, s.width)
		return r, nil
	}
}

// places puts the characters of a record at the places that it counts.
func places(text []rune, width int) []rune {
	if len(text) < width && len(string(text)) == width {
		var spread []rune
		for _, c := range text {
			spread = append(spread, c)
			spread = append(spread, []rune(strings.Repeat(filler, utf8.RuneLen(c)-1))...)
		}
		text = spread
	}
	for len(text) < width {
		text = append(text, ' ')
	}
	return text[:width]
}

// rest adds the lines over which a record was wrapped: together they have its
// length, and none of them begins as a record does.
func (s *records) rest(text []rune) []rune {
	if len(text) >= s.width || !s.begin.MatchString(string(text)) {
		return text
	}
	ahead, _ := s.in.Peek(2*s.width + 8)
	whole, taken, ends := text, 0, 0
	for len(whole) < s.width && taken < len(ahead) {
		line, _, found := bytes.Cut(ahead[taken:], []byte("\n"))
		piece := []rune(string(bytes.TrimRight(line, "\r")))
		if len(piece) == 0 || s.begin.Match(line) {
			return text
		}
		whole, taken = append(slices.Clip(whole), piece...), taken+len(line)
		if found {
			taken, ends = taken+1, ends+1
		}
	}
	if len(whole) != s.width {
		return text
	}
	_, _ = s.in.Discard(taken) // it was seen
	s.line += ends
	return whole
}

// read takes what belongs to one record.
func (s *records) read() ([]rune, error) {
	var text []rune
	for {
		c, _, err := s.in.ReadRune()
		if errors.Is(err, io.EOF) && len(text) > 0 {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		if c == '\n' || c == '\r' {
			s.newLine(c)
			return text, nil
		}
		s.column++
		if len(text) < maxLine {
			text = append(text, c)
		}
		if len(text) == s.width && s.another() {
			return text, nil
		}
	}
}

func (s *records) newLine(c rune) {
	if b, err := s.in.Peek(1); c == '\r' && err == nil && b[0] == '\n' {
		_, _ = s.in.Discard(1) // it is there
	}
	s.line, s.column = s.line+1, 1
}

// another tells whether a record follows without an end of line.
func (s *records) another() bool {
	b, err := s.in.Peek(2)
	return err == nil && b[0] == s.codes[0] && strings.IndexByte(s.codes[1:], b[1]) >= 0
}

// decimals is how many of the digits of an amount come after the comma.
func (r record) decimals(c money.Currency) int {
	if d := r.text[19]; d >= '0' && d <= '9' {
		return int(d - '0')
	}
	return c.Decimals()
}

// amount is that of a record, of fourteen characters, the last of which carries
// the last digit and the sign.
func (r record) amount(c money.Currency) (money.Amount, error) {
	return signed(r.part(91, 14), r.decimals(c), c)
}

// plus and minus are the last characters of amounts: « { » to « I » for +0 to
// +9, « } » to « R » for −0 to −9. Where the file went through a French
// character set (ISO 646-FR), the braces became é and è.
const (
	plus  = "{ABCDEFGHI"
	minus = "}JKLMNOPQR"
)

func signed(text string, decimals int, c money.Currency) (money.Amount, error) {
	wrong := &fault.Invalid{
		Message: "«\u00a0" + strings.TrimSpace(text) + "\u00a0» n’est pas un montant de quatorze caractères, " +
			"dont le dernier porte le signe",
		Mend: "demandez à nouveau le relevé à la banque",
	}
	digits := strings.TrimLeft(text, " ")
	last := []rune(strings.NewReplacer("é", "{", "è", "}").Replace(digits))
	if len(last) == 0 {
		return money.Amount{}, wrong
	}
	end := string(last[len(last)-1])
	digits, negative := string(last[:len(last)-1]), false
	switch i, j := strings.Index(plus, end), strings.Index(minus, end); {
	case i >= 0:
		end = string(rune('0' + i))
	case j >= 0:
		end, negative = string(rune('0'+j)), true
	}
	digits = strings.TrimSpace(digits) + end
	if strings.Trim(digits, "0123456789") != "" {
		return money.Amount{}, wrong
	}
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	number := digits[:len(digits)-decimals]
	if decimals > 0 {
		number += "." + digits[len(digits)-decimals:]
	}
	a, err := money.Parse(number, c)
	if negative {
		a = a.Neg()
	}
	return a, err
}

// day reads JJMMAA, from 1970 to 2069; blanks are no day.
func day(text string) (cal.Date, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "000000" {
		return 0, nil
	}
	wrong := &fault.Invalid{Message: "«\u00a0" + text + "\u00a0» n’est pas une date de la forme JJMMAA"}
	if len(text) != 6 || strings.Trim(text, "0123456789") != "" {
		return 0, wrong
	}
	prefix := "20"
	if text[4:] >= "70" {
		prefix = "19"
	}
	d, err := cal.Parse(prefix + text[4:] + "-" + text[2:4] + "-" + text[:2])
	if err != nil {
		return 0, wrong
	}
	return d, nil
}
