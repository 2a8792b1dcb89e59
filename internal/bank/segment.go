package bank

import (
	"slices"

	"acquit/internal/cal"
)

// segment is what a statement has of one day, with the balance before it.
type segment struct {
	open    int64
	amounts []int64
}

func (s segment) end() int64 {
	sum := s.open
	for _, a := range s.amounts {
		sum += a
	}
	return sum
}

// span is a run of a segment's entries: from the first to before the last.
type span struct{ from, to int }

func (s span) has(i int) bool { return s.from <= i && i < s.to }

// overlap tells by their balances which entries of two segments of one day can be
// the same. Statements that were cut within a day follow each other and share
// nothing, or one begins within the other: their running balances meet. Where they
// meet nowhere, nothing is shared.
func overlap(a, b segment) (inA, inB span) {
	la, lb := len(a.amounts), len(b.amounts)
	n := min(la, lb)
	switch {
	case a.open == b.open && slices.Equal(a.amounts[:n], b.amounts[:n]):
		return span{0, n}, span{0, n}
	case a.end() == b.end() && slices.Equal(a.amounts[la-n:], b.amounts[lb-n:]):
		return span{la - n, la}, span{lb - n, lb}
	case (a.open == b.open || a.end() == b.end()) && (within(a.amounts, b.amounts) || within(b.amounts, a.amounts)):
		return span{0, la}, span{0, lb} // the same in another order
	}
	if inA, inB, ok := begins(a, b); ok {
		return inA, inB
	}
	if inB, inA, ok := begins(b, a); ok {
		return inA, inB
	}
	return span{}, span{}
}

// begins finds where within a the segment b begins, and which entries both have.
func begins(a, b segment) (inA, inB span, ok bool) {
	balance := a.open
	for i := range a.amounts {
		tail := a.amounts[i:]
		n := min(len(tail), len(b.amounts))
		switch {
		case i == 0 || balance != b.open:
		case slices.Equal(tail[:n], b.amounts[:n]):
			return span{i, i + n}, span{0, n}, true
		case within(tail, b.amounts[:n]), within(b.amounts, tail):
			return span{i, len(a.amounts)}, span{0, n}, true
		}
		balance += a.amounts[i]
	}
	return span{}, span{}, false
}

// within tells whether all of some amounts are among others, each as often.
func within(some, others []int64) bool {
	if len(some) > len(others) {
		return false
	}
	left := make(map[int64]int, len(others))
	for _, a := range others {
		left[a]++
	}
	for _, a := range some {
		if left[a]--; left[a] < 0 {
			return false
		}
	}
	return true
}

// segmentOf is what a statement has of a day at which it begins or ends; false where
// its balances do not tell, or do not hold.
func (b *book) segmentOf(st *stated, on cal.Date) (segment, map[int]int, bool) {
	if !st.holds() || on != st.first && on != st.last {
		return segment{}, nil, false
	}
	s, at := segment{}, map[int]int{}
	for _, r := range b.onDay(st, on) {
		if r.entry.Status == IsBooked {
			at[r.seq] = len(s.amounts)
			s.amounts = append(s.amounts, r.entry.Amount.Minor)
		}
	}
	return s, at, st.begins(&s, on)
}

// begins finds the balance before a segment.
func (st *stated) begins(s *segment, on cal.Date) bool {
	switch {
	case on == st.first && st.Opening != nil:
		s.open = st.Opening.Amount.Minor
	case on == st.last && st.Closing != nil:
		s.open = 0
		s.open = st.Closing.Amount.Minor - s.end()
	default:
		return false
	}
	return true
}

// holds tells whether the balances of a statement are those of its entries, as far
// as they are told.
func (st *stated) holds() bool {
	return st.open || st.Opening == nil || st.Closing == nil ||
		st.Opening.Amount.Minor+st.amount == st.Closing.Amount.Minor
}
