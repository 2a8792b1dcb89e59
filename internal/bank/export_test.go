package bank

import (
	"slices"
	"strings"
)

// Movements are those that a rehearsal has found, in the order of their making.
func (r *Rehearsal) Movements() []Kept {
	var list []Kept
	for _, m := range r.book.movements {
		list = append(list, Kept{
			Entry: m.known, ID: m.id, Source: m.source, StatementID: m.statement, Whole: m.whole, Detailed: m.detailed, Counts: m.counts,
			Used: m.used,
		})
	}
	slices.SortFunc(list, func(a, b Kept) int { return strings.Compare(a.ID, b.ID) })
	return list
}
