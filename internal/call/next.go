package call

import (
	"context"
	"math/bits"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Next are the calls to make by a day, what weighs most first: the amount that is
// claimed times the days that it is late. owner keeps a person's and nobody's.
func Next(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, owner string) ([]ToMake, error) {
	list, err := waiting(ctx, tx, s, day, owner)
	Order(list)
	return list, err
}

// Order puts what weighs most first; of the same weight the older task.
func Order(list []ToMake) {
	slices.SortStableFunc(list, func(a, b ToMake) int {
		ah, al := a.weight()
		bh, bl := b.weight()
		switch {
		case ah != bh && ah > bh, ah == bh && al > bl:
			return -1
		case ah != bh || al != bl:
			return 1
		case a.Due != b.Due:
			return int(a.Due - b.Due)
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// weight is the amount times the days late, a day at least: what is not yet due
// weighs too. In two words, so that no sum is too large.
func (m ToMake) weight() (high, low uint64) {
	return bits.Mul64(uint64(max(m.Amount.Minor, 0)), uint64(max(m.Age, 1)))
}
