package match

import (
	"acquit/internal/cal"
)

// number is a document's number taken apart. Its parts are learnt from the
// document itself: a year is what agrees with the day of issue, and the serial
// is the last digits that are no year.
type number struct {
	text   []byte // folded, as it is written
	prefix []byte // the letters before the first digit
	suffix []byte // the letters behind the last
	digits []byte // all of them
	serial []byte // with their zeros
	other  []byte // digits that are neither year nor serial: a month, a branch
	year   int    // 0 where none is seen
	groups int    // of digits
}

// maxNumber bounds the number of a document that is looked at.
const maxNumber = 40

// takeApart reads the number of a document issued on a day.
func takeApart(text []byte, issued cal.Date) number {
	text = text[:min(len(text), maxNumber)]
	n := number{text: text}
	year := 0
	if !issued.IsZero() {
		year = issued.Year()
	}
	var groups [maxNumber / 2][]byte
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && isDigit(text[j]) {
			j++
		}
		if n.groups == 0 {
			n.prefix = lettersOf(text[:i])
		}
		groups[n.groups] = text[i:j]
		n.groups++
		n.digits = append(n.digits, text[i:j]...)
		n.suffix = text[j:]
		i = j
	}
	n.suffix = lettersOf(n.suffix)
	n.split(groups[:n.groups], year)
	return n
}

func lettersOf(text []byte) []byte {
	var out []byte
	for _, c := range text {
		if isLetter(c) {
			out = append(out, c)
		}
	}
	return out
}

// split tells the year, the serial and the rest.
func (n *number) split(groups [][]byte, issued int) {
	yearAt := -1
	for i, g := range groups {
		if y := asYear(g, issued); y != 0 && len(groups) > 1 {
			n.year, yearAt = y, i
			break
		}
	}
	for i, g := range groups {
		if i == yearAt {
			continue
		}
		n.other = append(n.other, n.serial...)
		n.serial = g
	}
	if yearAt < 0 && len(groups) > 0 {
		n.unglue(issued)
	}
}

// unglue takes a year off the beginning of a serial such as 202600123.
func (n *number) unglue(issued int) {
	for _, width := range []int{4, 2} {
		if len(n.serial) < width+3 {
			continue
		}
		if y := asYear(n.serial[:width], issued); y != 0 {
			n.year, n.serial = y, n.serial[width:]
			return
		}
	}
}

// asYear is the year that digits are, beside a year of issue: the same, or the
// one before or after for four digits, since numbers follow the books' year.
func asYear(digits []byte, issued int) int {
	v := atoi(digits)
	switch {
	case issued == 0 && len(digits) == 4 && v >= 1990 && v <= 2099:
		return v
	case issued == 0:
		return 0
	case len(digits) == 4 && v >= issued-1 && v <= issued+1:
		return v
	case len(digits) == 2 && v == issued%100:
		return issued
	}
	return 0
}

// atoi is the value of at most nine digits.
func atoi(digits []byte) int {
	if len(digits) > 9 {
		return -1
	}
	v := 0
	for _, c := range digits {
		v = v*10 + int(c-'0')
	}
	return v
}

// Forms in which the digits of a number are written.
type form uint8

const (
	whole       form = iota // all digits
	unpadded                // the year and the serial without its zeros
	shortYear               // two digits of the year, then the serial
	serialFirst             // the serial, then the year
	tail                    // what stands behind the year: a month and the serial
	padded                  // the serial with its zeros
	bare                    // the serial without its zeros
	forms
)

// forms gives the digits of a number as people write them; those that do not
// differ are given once.
func (n *number) forms(buf []byte, yield func(f form, digits []byte)) {
	if len(n.digits) == 0 {
		return
	}
	yield(whole, n.digits)
	if len(n.serial) == 0 {
		return
	}
	serial := unpad(n.serial)
	if n.year != 0 {
		digit := func(of int) byte { return byte('0' + n.year/of%10) }
		year := []byte{digit(1000), digit(100), digit(10), digit(1)}
		buf = append(append(append(buf[:0], year...), n.other...), serial...)
		yield(unpadded, buf)
		buf = append(append(append(buf[:0], year[2:]...), n.other...), n.serial...)
		yield(shortYear, buf)
		buf = append(append(append(buf[:0], year[2:]...), n.other...), serial...)
		yield(shortYear, buf)
		buf = append(append(buf[:0], n.serial...), year...)
		yield(serialFirst, buf)
	}
	if len(n.other) > 0 {
		buf = append(append(buf[:0], n.other...), n.serial...)
		yield(tail, buf)
	}
	if len(serial) < len(n.serial) {
		yield(padded, n.serial)
	}
	yield(bare, serial)
}
