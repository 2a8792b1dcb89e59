package match

import (
	"math/bits"
	"slices"
)

// search proposes any set of items that comes to the amount: credits may be taken
// off, and of a payer who is sure, earlier money too.
func (r *reader) search(c *candidate, b *books) {
	sure := c.payer >= r.ix.known-150
	credits := firstOf(b.credits, 4)
	pool := slices.Concat(credits, b.owed)
	most := smallPool
	switch {
	case sure:
		most = maxPool
	case c.refs > 0 || r.few:
		most = mediumPool
	}
	short := firstOf(pool, most)
	prior := b.priorOf
	sets := r.solve(short, r.amount, 2, (*reader).signedOf, prior)
	if sure && slices.ContainsFunc(short, func(i int32) bool { return r.discountOf(i) > 0 }) {
		sets = append(sets, r.solve(short, r.amount, 2, (*reader).lessDiscount, prior)...)
	}
	if sure && len(b.owed) > maxPool {
		sets = append(sets, r.few3(b)...)
		for from := maxPool / 2; from < len(b.owed) && from <= 2*maxPool; from += maxPool / 2 {
			window := firstOf(b.owed[from:], maxPool)
			sets = append(sets, r.solve(window, r.amount, 2, (*reader).signedOf, prior)...)
		}
	}
	if sure && r.amount%100 == 0 {
		r.rounded(c, b)
	}
	if sure && len(b.paid) > 0 {
		pool = firstOf(slices.Concat(firstOf(b.paid, 3), credits, b.owed), maxPool)
		sets = append(sets, r.solve(pool, r.amount, 2, (*reader).signedOf, prior)...)
	}
	for _, s := range sets {
		slices.Sort(s.items)
		if slices.ContainsFunc(s.items, func(i int32) bool { return r.ix.items[i].kind == isPayment }) {
			s.prior -= 60
		}
		r.pay(c, set{s.items, s.prior, r.patternOf(s.items), exactly})
	}
}

// maxRounded bounds the items of which two or three are looked for that come near a
// round amount.
const maxRounded = 40

// rounded proposes two or three items that a payer rounded to whole units.
func (r *reader) rounded(c *candidate, b *books) {
	owed := firstOf(b.owed, maxRounded)
	near := func(sum int64) bool { return sum != r.amount && sum-r.amount < 100 && r.amount-sum < 100 }
	try := func(items ...int32) { r.pay(c, set{items, b.priorOf(items), codeSum, closely}) }
	for i := range owed {
		for j := i + 1; j < len(owed); j++ {
			two := b.opens[i] + b.opens[j]
			if near(two) {
				try(owed[i], owed[j])
			}
			for k := j + 1; k < len(owed) && two < r.amount; k++ {
				if near(two + b.opens[k]) {
					try(owed[i], owed[j], owed[k])
				}
			}
		}
	}
}

// smallPool is the pool for a customer whom an amount alone brought up, mediumPool
// for one that a reference did.
const (
	smallPool  = 10
	mediumPool = 16
)

// few3 gives the sets of at most three items that come to the amount, or that all
// others come to.
func (r *reader) few3(b *books) []solution {
	owed := b.owed[:min(len(b.owed), maxTriples)]
	var total int64
	for _, i := range owed {
		total += r.ix.items[i].open
	}
	sets := r.triples(owed, r.amount)
	for _, out := range r.triples(owed, total-r.amount) {
		isOut := func(i int32) bool { return slices.Contains(out, i) }
		sets = append(sets, slices.DeleteFunc(slices.Clone(owed), isOut))
	}
	var found []solution
	for _, s := range sets {
		found = append(found, solution{s, b.priorOf(s)})
	}
	return found
}

// maxTriples bounds the items of which sets of three are tried: 60 have 34,220.
const maxTriples = 60

// triples gives the sets of one, two or three items that come to an amount.
func (r *reader) triples(owed []int32, target int64) [][]int32 {
	var sets [][]int32
	if target <= 0 {
		return nil
	}
	at := r.places
	clear(at)
	for k, i := range owed {
		at[r.ix.items[i].open] = k
	}
	last := func(left int64, after int) (int, bool) {
		k, ok := at[left]
		return k, ok && k > after
	}
	for i := range owed {
		a := target - r.ix.items[owed[i]].open
		if a == 0 {
			sets = append(sets, []int32{owed[i]})
		}
		if k, ok := last(a, i); ok {
			sets = append(sets, []int32{owed[i], owed[k]})
		}
		for j := i + 1; j < len(owed) && a > 0 && len(sets) < maxSolved; j++ {
			if k, ok := last(a-r.ix.items[owed[j]].open, j); ok {
				sets = append(sets, []int32{owed[i], owed[j], owed[k]})
			}
		}
	}
	return sets[:min(len(sets), maxSolved)]
}

// solution is a set of items that comes to an amount, and how often just these are
// paid together.
type solution struct {
	items []int32
	prior weight
}

// solve gives the likeliest sets of at least k items that come to an amount.
func (r *reader) solve(
	pool []int32, target int64, k int, of func(*reader, int32) int64, prior func([]int32) weight,
) []solution {
	var values [maxPool]int64
	for i, at := range pool {
		values[i] = of(r, at)
	}
	var best []solution
	if k == 1 {
		for i, at := range pool {
			if values[i] == target {
				best = likelier(best, pool[i:i+1], prior([]int32{at}))
			}
		}
	}
	sets := subsets(values[:len(pool)], target, maxFound, true)
	if hasAlike(values[:len(pool)]) {
		sets = append(sets, subsets(values[:len(pool)], target, maxFound, false)...)
	}
	for _, s := range sets {
		items := r.picked[:0]
		for ; s != 0; s &= s - 1 {
			items = append(items, pool[bits.TrailingZeros32(uint32(s))])
		}
		r.picked = items
		best = likelier(best, items, prior(items))
	}
	return best
}

// hasAlike tells whether two values are the same.
func hasAlike(values []int64) bool {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			return true
		}
	}
	return false
}

// likelier puts a copy of a set in its place among the best ones; of equally likely
// ones those that came first stay.
func likelier(best []solution, items []int32, prior weight) []solution {
	at := len(best)
	for at > 0 && best[at-1].prior < prior {
		at--
	}
	known := func(s solution) bool { return slices.Equal(s.items, items) }
	if at == maxSolved || slices.ContainsFunc(best[:at], known) {
		return best
	}
	if len(best) == maxSolved {
		best = best[:maxSolved-1]
	}
	return slices.Insert(best, at, solution{slices.Clone(items), prior})
}
