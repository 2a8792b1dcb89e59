// Package aging spreads what is owed over bands of age and measures how fast it
// is paid. It is pure: items come in, exact figures come out, one group for each
// currency and never a sum of two.
package aging

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

// Bands are the age buckets of a balance: ages are days after the due date,
// signed, so that an item due in 20 days is at −20 and one due today at 0.
type Bands struct{ edges []int }

// Limits of what a person may configure: beyond, a table cannot be read.
const (
	maxEdges = 12
	maxEdge  = 3650 // ten years
)

// DefaultBands are: not due, 1–30, 31–60, 61–90 and more than 90 days late, the
// bands of the payment-term tables of management reports (C. com. D441-6).
func DefaultBands() Bands { return Bands{edges: []int{0, 30, 60, 90}} }

// NewBands has a band up to each edge, that edge included, and one beyond the
// last. The edges ascend and 0 is one of them: it parts what is due from what is
// not. -30, 0, 30 makes "due in 30 days or more", "due within 29 days", "1–30 days
// late" and "more than 30 days late".
func NewBands(edges ...int) (Bands, error) {
	switch {
	case len(edges) > maxEdges:
		return Bands{}, fault.Invalidf("buckets", "plus de %d limites de tranches", maxEdges)
	case !slices.Contains(edges, 0):
		return Bands{}, fault.Invalidf("buckets", "la limite 0, qui sépare l’échu du non échu, manque")
	}
	for i, e := range edges {
		if e < -maxEdge || e > maxEdge {
			return Bands{}, fault.Invalidf("buckets", "la limite %d dépasse dix ans", e)
		}
		if i > 0 && e <= edges[i-1] {
			return Bands{}, fault.Invalidf("buckets",
				"les limites ne vont pas en croissant\u00a0: %d après %d", e, edges[i-1])
		}
	}
	return Bands{edges: slices.Clone(edges)}, nil
}

// ParseBands reads "30,60,90"; nothing is the default. The limit 0, which stands
// in every balance, may be left out.
func ParseBands(s string) (Bands, error) {
	if strings.TrimSpace(s) == "" {
		return DefaultBands(), nil
	}
	var edges []int
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return Bands{}, fault.Invalidf("buckets", "«\u00a0%.20s\u00a0» n’est pas une limite en jours", part)
		}
		edges = append(edges, n)
	}
	if !slices.Contains(edges, 0) {
		late := slices.IndexFunc(edges, func(n int) bool { return n > 0 })
		if late < 0 {
			late = len(edges)
		}
		edges = slices.Insert(edges, late, 0)
	}
	return NewBands(edges...)
}

// Edges are the last ages of all bands but the last, ascending.
func (b Bands) Edges() []int { return slices.Clone(b.edges) }

// Count is how many bands there are.
func (b Bands) Count() int { return len(b.edges) + 1 }

// Index is the band of an age.
func (b Bands) Index(age int) int {
	i, _ := slices.BinarySearch(b.edges, age)
	return i
}

// String is what ParseBands reads.
func (b Bands) String() string {
	parts := make([]string, len(b.edges))
	for i, e := range b.edges {
		parts[i] = strconv.Itoa(e)
	}
	return strings.Join(parts, ",")
}

// Bucket is one band: ages From to To, both included; either may be without end.
type Bucket struct {
	From int // NoFrom in the first band
	To   int // NoTo in the last
}

// The ends of the first and the last band.
const (
	NoFrom = math.MinInt32
	NoTo   = math.MaxInt32
)

// Buckets are the bands one by one, from the youngest.
func (b Bands) Buckets() []Bucket {
	all := make([]Bucket, 0, b.Count())
	from := NoFrom
	for _, e := range b.edges {
		all = append(all, Bucket{From: from, To: e})
		from = e + 1
	}
	return append(all, Bucket{From: from, To: NoTo})
}

// Bounds are From and To, nil where there is no end.
func (b Bucket) Bounds() (from, to *int) {
	if b.From != NoFrom {
		from = &b.From
	}
	if b.To != NoTo {
		to = &b.To
	}
	return from, to
}

// Overdue tells whether the band holds late items.
func (b Bucket) Overdue() bool { return b.From > 0 }

// Name is the band's heading in "fr" or else in English: non échu, 1–30, plus de
// 90; before the due date, dans 0–29 and dans 30 ou plus.
func (b Bucket) Name(lang string) string {
	french := lang == "fr"
	choose := func(fr, en string) string {
		if french {
			return fr
		}
		return en
	}
	switch {
	case b.From == NoFrom && b.To == 0:
		return choose("non échu", "not due")
	case b.From == NoFrom:
		return fmt.Sprintf(choose("dans %d ou plus", "in %d or more"), -b.To)
	case b.To <= 0 && b.From == b.To:
		return fmt.Sprintf(choose("dans %d", "in %d"), -b.To)
	case b.To <= 0:
		return fmt.Sprintf(choose("dans %d–%d", "in %d–%d"), -b.To, -b.From)
	case b.To == NoTo:
		return fmt.Sprintf(choose("plus de %d", "over %d"), b.From-1)
	case b.From == b.To:
		return strconv.Itoa(b.From)
	}
	return fmt.Sprintf("%d–%d", b.From, b.To)
}

// Age is the days after the due date on a day, signed. An item without due date
// cannot be late: its age is 0.
func Age(due, on cal.Date) int {
	if due.IsZero() {
		return 0
	}
	return on.Sub(due)
}
