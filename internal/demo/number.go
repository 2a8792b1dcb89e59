package demo

import (
	"slices"
	"strconv"

	"acquit/internal/cal"
)

// counter numbers the documents of one kind as an accounting tool does: in the
// order of their days, beginning again each year. Customers are made one after
// the other, so a first pass counts the documents of each day, and the second
// knows where each day's numbers begin.
type counter struct {
	prefix   string
	first    cal.Date
	perDay   []int // counted in the first pass
	next     []int // the number that comes next, in the second
	digits   int
	counting bool
}

func newCounter(prefix string, first, last cal.Date) *counter {
	return &counter{prefix: prefix, first: first, perDay: make([]int, last.Sub(first)+1), counting: true}
}

// take gives the number of a document of day d: "F2026-0871", and nothing while
// counting.
func (c *counter) take(d cal.Date) string {
	i := d.Sub(c.first)
	if c.counting {
		c.perDay[i]++
		return ""
	}
	n := c.next[i]
	c.next[i]++
	b := make([]byte, 0, 16)
	b = append(b, c.prefix...)
	b = strconv.AppendInt(b, int64(d.Year()), 10)
	b = append(b, '-')
	digits := strconv.Itoa(n)
	for range c.digits - len(digits) {
		b = append(b, '0')
	}
	return string(append(b, digits...))
}

// fresh is the counter at the beginning of its numbering, for one pass.
func (c *counter) fresh() *counter {
	f := *c
	f.next = slices.Clone(c.next)
	return &f
}

// settle ends the counting.
func (c *counter) settle() {
	c.counting = false
	c.next = make([]int, len(c.perDay))
	n, most, year := 0, 0, 0
	for i, count := range c.perDay {
		if y := c.first.Add(i).Year(); y != year {
			n, year = 0, y
		}
		c.next[i] = n + 1
		n += count
		most = max(most, n)
	}
	c.digits = max(4, len(strconv.Itoa(most)))
}

// serial pads n with zeroes to the width that count needs, four at least.
func serial(prefix string, n, count int) string {
	digits := strconv.Itoa(n)
	b := []byte(prefix)
	for range max(4, len(strconv.Itoa(count))) - len(digits) {
		b = append(b, '0')
	}
	return string(append(b, digits...))
}
