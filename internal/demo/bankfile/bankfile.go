// Package bankfile writes statements of invented accounts in the formats in which
// French banks give them, each with what that format can carry and no more.
package bankfile

import (
	"bufio"
	"io"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/demo"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Sheet is a statement and its entries by their days.
type Sheet struct {
	bank.Statement
	Entries []*bank.Entry
}

// Format is a form of file.
type Format string

// The formats.
const (
	CAMT     Format = "camt"     // camt.053.001.08, and camt.054.001.08 for details
	CFONB120 Format = "cfonb120" // records of 120 characters
	MT940    Format = "mt940"
	OFX      Format = "ofx" // 1.0.2, SGML
	CSV      Format = "csv" // as a bank's web site exports it
)

var writers = map[Format]struct {
	extension string
	write     func(*out, Sheet)
}{
	CAMT:     {".xml", (*out).camt},
	CFONB120: {".txt", (*out).cfonb},
	MT940:    {".sta", (*out).mt940},
	OFX:      {".ofx", (*out).ofx},
	CSV:      {".csv", (*out).csv},
}

// Parse is the format of that name.
func Parse(name string) (Format, error) {
	if _, ok := writers[Format(name)]; !ok {
		return "", fault.Invalidf("bank-format", "il faut camt, cfonb120, mt940, ofx ou csv")
	}
	return Format(name), nil
}

// Extension is how files of the format end.
func (f Format) Extension() string { return writers[f].extension }

// Write writes one statement.
func (f Format) Write(w io.Writer, s Sheet) error {
	o := &out{bufio.NewWriter(w)}
	writers[f].write(o, s)
	return o.Flush()
}

// out keeps the first failure of its writing until it is flushed.
type out struct{ *bufio.Writer }

func (o *out) say(words ...string) {
	for _, w := range words {
		_, _ = o.WriteString(w)
	}
}

// capitals are a text as old formats carry it: no accents, nothing but capitals,
// digits and the signs of the SWIFT set.
func capitals(s string) string {
	var b strings.Builder
	for _, r := range demo.Unaccented(s) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" /-?:().,'+", r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// words are what the payer wrote: the texts without the bank's own line.
func words(e *bank.Entry) (list []string) {
	for _, t := range e.Texts {
		if t != e.Label {
			list = append(list, t)
		}
	}
	return list
}

// chunks cuts a text into pieces of so many bytes; what is left after the last
// is lost.
func chunks(s string, size, most int) (list []string) {
	for len(s) > 0 && len(list) < most {
		n := min(size, len(s))
		list, s = append(list, s[:n]), s[n:]
	}
	return list
}

// comma is an amount with a decimal comma and no sign.
func comma(a money.Amount) string { return strings.Replace(a.Abs().Decimal(), ".", ",", 1) }
