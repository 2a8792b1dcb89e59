package match

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is s in capitals without accents, in ASCII: what is neither a letter, a
// digit nor a mark of ASCII becomes a space. Banks carry no more than that.
func fold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, upper(c))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = foldRune(dst, r, s[i:i+size])
		i += size
	}
	return dst
}

func upper(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return c - 'a' + 'A'
	case c < ' ' || c == 0x7f:
		return ' '
	}
	return c
}

// foldRune appends what a rune beyond ASCII is without its accents.
func foldRune(dst []byte, r rune, s string) []byte {
	switch r {
	case 'œ', 'Œ':
		return append(dst, "OE"...)
	case 'æ', 'Æ':
		return append(dst, "AE"...)
	case 'ß':
		return append(dst, "SS"...)
	case 'ø', 'Ø':
		return append(dst, 'O')
	case 'ł', 'Ł':
		return append(dst, 'L')
	case '’', '‘':
		return append(dst, '\'')
	case '–', '—', '−', '‑':
		return append(dst, '-')
	case '€':
		return append(dst, " EUR"...)
	case '°', 'º':
		return append(dst, 'O')
	}
	for _, d := range norm.NFKD.String(s) {
		switch {
		case d < utf8.RuneSelf:
			dst = append(dst, upper(byte(d)))
		case !strings.ContainsRune(combining, d):
			dst = append(dst, ' ')
		}
	}
	return dst
}

// combining are the accents that decomposition sets free.
const combining = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }

// compact is the letters and digits of a folded text.
func compact(dst, folded []byte) []byte {
	for _, c := range folded {
		if isAlnum(c) {
			dst = append(dst, c)
		}
	}
	return dst
}

// unpad is digits without their leading zeros, one digit at least.
func unpad[T string | []byte](digits T) T {
	i := 0
	for i < len(digits)-1 && digits[i] == '0' {
		i++
	}
	return digits[i:]
}

// compacted is the letters and digits of s, folded.
func compacted(s string) string {
	folded := fold(nil, s)
	return string(compact(folded[:0], folded))
}

// digitsOf is the digits of a folded text.
func digitsOf(s string) string {
	var out []byte
	for i := range len(s) {
		if isDigit(s[i]) {
			out = append(out, s[i])
		}
	}
	return string(out)
}
