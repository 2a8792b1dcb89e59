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

// maxPool bounds the items among which every subset is tried: halves of twelve
// have 4,096 sums each.
const maxPool = 24

// maxFound bounds the sets that are kept before the likeliest are chosen.
const maxFound = 2048

// subsets gives the sets of at least two of values that come to target, those of
// fewer items first, at most limit of them. Each half's sums are put in order, and
// the two are walked against each other. Of values that are alike the first ones
// are taken where alike tells so: many of one amount come to the same in thousands
// of ways.
func subsets(values []int64, target int64, limit int, alike bool) []subset {
	values = values[:min(len(values), maxPool)]
	half := len(values) / 2
	low, high := sumsOf(values[:half]), sumsOf(values[half:])
	var before []subset
	if alike {
		before = alikeBefore(values)
		low, high = firstsOf(low, before, 0), firstsOf(high, before, half)
	}
	var found []subset
	j := len(high) - 1
	for i := 0; i < len(low) && len(found) < maxFound; i++ {
		for j >= 0 && low[i].sum+high[j].sum > target {
			j--
		}
		for k := j; k >= 0 && low[i].sum+high[k].sum == target && len(found) < maxFound; k-- {
			if s := low[i].set | high[k].set<<half; s&(s-1) != 0 && s.takesFirsts(before) {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, bySize)
	return found[:min(len(found), limit)]
}

// alikeBefore tells of each value which ones before it are the same.
func alikeBefore(values []int64) []subset {
	before := make([]subset, len(values))
	for i, v := range values {
		for j := range values[:i] {
			if values[j] == v {
				before[i] |= 1 << j
			}
		}
	}
	return before
}

// takesFirsts tells whether a set holds no value without the ones before it that
// are the same.
func (s subset) takesFirsts(before []subset) bool {
	if before == nil {
		return true
	}
	for rest := s; rest != 0; rest &= rest - 1 {
		if before[bits.TrailingZeros32(uint32(rest))]&^s != 0 {
			return false
		}
	}
	return true
}

// firstsOf keeps the sets of one half, which begins at a place, that take the first
// of values that are alike.
func firstsOf(sums []halfSum, before []subset, from int) []halfSum {
	own := make([]subset, min(len(before)-from, maxPool))
	for i := range own {
		own[i] = before[from+i] >> from
	}
	return slices.DeleteFunc(sums, func(h halfSum) bool { return !h.set.takesFirsts(own) })
}

// halfSum is what a set of one half comes to.
type halfSum struct {
	sum int64
	set subset
}

// sumsOf are the sums of all sets of values, in order: the sets without a value
// and those with it are merged, each in order already.
func sumsOf(values []int64) []halfSum {
	all := make([]halfSum, 1, 1<<len(values))
	merged := make([]halfSum, 0, 1<<len(values))
	for bit, v := range values {
		merged = merged[:0]
		i, j := 0, 0
		for i < len(all) || j < len(all) {
			if j == len(all) || i < len(all) && all[i].sum <= all[j].sum+v {
				merged = append(merged, all[i])
				i++
			} else {
				merged = append(merged, halfSum{all[j].sum + v, all[j].set | 1<<bit})
				j++
			}
		}
		all, merged = merged, all
	}
	return all
}

func bySize(a, b subset) int {
	return cmp.Or(cmp.Compare(bits.OnesCount32(uint32(a)), bits.OnesCount32(uint32(b))), cmp.Compare(a, b))
}
