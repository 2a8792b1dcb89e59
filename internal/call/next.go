package call

import (
	"context"
	"math/bits"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

// Next are the calls to make by a day, what weighs most first: the amount that is
// claimed times the days that it is late. Behind them stand those that are held as
// messages are. owner keeps a person's and nobody's.
func Next(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, owner string) ([]ToMake, error) {
	list, err := waiting(ctx, tx, s, day, owner)
	if err != nil {
		return nil, err
	}
	customers := make([]string, len(list))
	for i, m := range list {
		customers[i] = m.Customer
	}
	doubts, err := reminder.DoubtsAbout(ctx, tx, s, customers...)
	for i := range list {
		list[i].Doubts = doubts
	}
	Order(list)
	return list, err
}

// Held tells that a call is not to be made for now: money that could be the
// customer's waits at the bank. A person who knows may call all the same.
func (m ToMake) Held() bool { return m.Doubts.Held(m.Customer) }

// First is the call to make now of a list in order; none where all are held.
func First(list []ToMake) (ToMake, bool) {
	if len(list) == 0 || list[0].Held() {
		return ToMake{}, false
	}
	return list[0], true
}

// Order puts what weighs most first, what is held last; of the same weight the older
// task.
func Order(list []ToMake) {
	slices.SortStableFunc(list, func(a, b ToMake) int {
		ah, al := a.weight()
		bh, bl := b.weight()
		switch {
		case a.Held() != b.Held():
			if a.Held() {
				return 1
			}
			return -1
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
