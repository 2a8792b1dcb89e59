package match

import (
	"cmp"
	"math/bits"
	"slices"
)

// Limits of the sums that are noted for each customer, so that an entry without
// a name finds whose money it may be.
const (
	maxPrefixes   = 12 // the oldest items together
	maxPaired     = 10 // items that are paired with each other
	notedPrefixes = 4  // after something was taken
)

// indexSums notes what several items of a customer come to together.
func (ix *Index) indexSums(keys *tableBuilder) {
	for c := range ix.customers {
		ix.sums(int32(c), maxPrefixes, maxPaired, func(minor int64, currency uint8) {
			keys.addNew(ix.sumKey(minor, currency), int32(c))
		})
	}
}

func (ix *Index) sumKey(minor int64, currency uint8) uint64 {
	return hashInt(ofSum, minor<<8|int64(currency))
}

// noteSums notes the sums of a customer from which something was taken.
func (ix *Index) noteSums(c int32) {
	ix.sums(c, notedPrefixes, 0, func(minor int64, currency uint8) {
		key := ix.sumKey(minor, currency)
		at, known := slices.BinarySearch(ix.moved[key], c)
		if !known {
			ix.moved[key] = slices.Insert(ix.moved[key], at, c)
		}
	})
}

// sums gives what plausible sets of two items or more of a customer come to: the
// oldest together, all, all less credits, and pairs.
func (ix *Index) sums(c int32, prefixes, paired int, yield func(minor int64, currency uint8)) {
	own := ix.items[ix.customers[c].first:ix.customers[c].last]
	for currency := range ix.currencies {
		cur := uint8(currency)
		var total, net int64
		n, all := 0, 0
		for i := range own {
			it := &own[i]
			if it.currency != cur || it.open == 0 {
				continue
			}
			net += it.signed()
			all++
			if it.signed() < 0 {
				continue
			}
			total += it.open
			n++
			if n > 1 && n <= prefixes {
				yield(total, cur)
			}
		}
		if n > prefixes && n > 1 {
			yield(total, cur)
		}
		if all > n && net > 0 {
			yield(net, cur)
		}
		if all <= paired {
			pairs(own, cur, yield)
		}
	}
}

// pairs gives the sums and differences of two items.
func pairs(own []item, currency uint8, yield func(minor int64, currency uint8)) {
	for i := range own {
		for j := range own[:i] {
			a, b := &own[i], &own[j]
			sum := a.signed() + b.signed()
			if a.currency == currency && b.currency == currency && a.open > 0 && b.open > 0 && sum > 0 {
				yield(sum, currency)
			}
		}
	}
}

// subset is a set of items by their bits.
type subset uint32

// maxPool bounds the items among which every subset is tried: 2^16 sums.
const maxPool = 16

// subsets gives the sets of at least two of values that come to target, those of
// fewer items first, at most limit of them. It goes through all of them once, by
// Gray code, so that each costs one addition.
func subsets(values []int64, target int64, limit int) []subset {
	values = values[:min(len(values), maxPool)]
	var found []subset
	var set subset
	var sum int64
	for i := uint32(1); i < 1<<len(values); i++ {
		bit := trailing(i)
		set ^= 1 << bit
		if set&(1<<bit) != 0 {
			sum += values[bit]
		} else {
			sum -= values[bit]
		}
		if sum == target && set&(set-1) != 0 {
			found = append(found, set)
		}
	}
	slices.SortFunc(found, bySize)
	return found[:min(len(found), limit)]
}

func trailing(i uint32) int { return bits.TrailingZeros32(i) }

func bySize(a, b subset) int {
	return cmp.Or(cmp.Compare(bits.OnesCount32(uint32(a)), bits.OnesCount32(uint32(b))), cmp.Compare(a, b))
}
