package match

import "slices"

// search proposes any set of items that comes to the amount: credits may be taken
// off, and of a payer who is sure, earlier money too.
func (r *reader) search(c *candidate, b *books) {
	sure := c.payer >= r.ix.known-150
	credits := b.credits[:min(len(b.credits), 4)]
	pool := slices.Concat(credits, b.owed)
	most := smallPool
	switch {
	case sure:
		most = maxPool
	case c.refs > 0 || r.few:
		most = mediumPool
	}
	short := pool[:min(len(pool), most)]
	sets := r.solve(short, r.amount, 2, (*reader).signedOf)
	if sure && slices.ContainsFunc(short, func(i int32) bool { return r.discountOf(i) > 0 }) {
		sets = append(sets, r.solve(short, r.amount, 2, (*reader).lessDiscount)...)
	}
	if sure && len(b.owed) > maxPool {
		sets = append(sets, r.few3(b.owed)...)
	}
	if sure && len(b.paid) > 0 {
		pool = slices.Concat(b.paid[:min(len(b.paid), 3)], credits, b.owed)
		sets = append(sets, r.solve(pool[:min(len(pool), maxPool)], r.amount, 2, (*reader).signedOf)...)
	}
	for _, items := range sets {
		slices.Sort(items)
		prior := r.priorOf(len(items), len(b.owed)+len(b.credits))
		if slices.ContainsFunc(items, func(i int32) bool { return r.ix.items[i].kind == isPayment }) {
			prior -= 60
		}
		r.pay(c, set{items, prior, r.patternOf(items), exactly})
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
func (r *reader) few3(owed []int32) [][]int32 {
	owed = owed[:min(len(owed), maxTriples)]
	var total int64
	for _, i := range owed {
		total += r.ix.items[i].open
	}
	var sets [][]int32
	for _, s := range r.triples(owed, r.amount) {
		sets = append(sets, s)
	}
	for _, out := range r.triples(owed, total-r.amount) {
		sets = append(sets, slices.DeleteFunc(slices.Clone(owed), func(i int32) bool { return slices.Contains(out, i) }))
	}
	return sets
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

// solve gives the sets of at least k items that come to an amount.
func (r *reader) solve(pool []int32, target int64, k int, of func(*reader, int32) int64) [][]int32 {
	var values [maxPool]int64
	for i, at := range pool {
		values[i] = of(r, at)
	}
	var sets [][]int32
	if k == 1 {
		for i, at := range pool {
			if values[i] == target && len(sets) < maxSolved {
				sets = append(sets, []int32{at})
			}
		}
	}
	for _, s := range subsets(values[:len(pool)], target, maxSolved) {
		var items []int32
		for i, at := range pool {
			if s&(1<<i) != 0 {
				items = append(items, at)
			}
		}
		sets = append(sets, items)
	}
	return sets
}
