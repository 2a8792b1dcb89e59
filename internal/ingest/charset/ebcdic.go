package charset

import (
	"bytes"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// ebcdicLeast is the shortest text that is judged: anything may look like anything
// in a few bytes.
const ebcdicLeast = 24

// inEBCDIC tells a text of IBM’s large machines, which banks and tax offices still
// take and give (CFONB; LPF A47 A-1): its space is 40 and its figures are F0 to F9,
// so that what other texts are made of is missing in it, and the other way round.
func inEBCDIC(head []byte) bool {
	spaces, usual := 0, 0
	for _, b := range head {
		switch low := b & 0x0F; {
		case b == 0x40:
			spaces++
		case b >= 0xF0 && low <= 9, b >= 0xC0 && b < 0xF0 && low <= 9, b >= 0x81 && b <= 0xA9 && low <= 9,
			b == 0x15, b == 0x25, b == 0x0D, b == 0x4B, b == 0x6B, b == 0x60, b == 0x61, b == 0x5E, b == 0x7A:
			usual++
		}
	}
	return len(head) >= ebcdicLeast && spaces*20 > len(head) && (spaces+usual)*5 >= len(head)*4 &&
		!bytes.ContainsAny(head, "\x20\x0A")
}

// fromEBCDIC reads it as UTF-8. The letters are those of the page 037; the French
// one (297) has é and è where that has braces, which carry the sign of CFONB, and
// some accents elsewhere.
func fromEBCDIC() transform.Transformer {
	return transform.Chain(charmap.CodePage037.NewDecoder(), runes.Map(func(r rune) rune {
		if r == '\u0085' { // its own end of line
			return '\n'
		}
		return r
	}))
}
