package match

import "slices"

// incomplete gives the sets in which one number is mistyped or not told, and those
// less a credit note: what the other mentions leave of the amount is open of an item
// whose number comes near, or of a body of the public accountant's place.
func (r *reader) incomplete(all []mention) []solution {
	var sets []solution
	for out := -1; out < len(all); out++ {
		if out >= 0 && !all[out].isSure() {
			continue
		}
		for _, base := range r.bases(all, out) {
			switch left := r.amount - base.sum; {
			case left > 0:
				for _, i := range r.nearbyOf(left, base) {
					sets = append(sets, solution{append(slices.Clone(base.items), i), r.untold(i)})
				}
			case left < 0:
				for _, i := range r.creditsOf(-left, base.items) {
					sets = append(sets, solution{append(slices.Clone(base.items), i), -70})
				}
			}
		}
	}
	return sets[:min(len(sets), 2*maxSolved)]
}

// base is what some mentions name together.
type base struct {
	items []int32
	sum   int64
	sure  bool // some of it is named by its number
}

// bases are the ways to read all mentions but one, where at most one of them may
// name several items.
func (r *reader) bases(all []mention, out int) []base {
	var sure base
	open := -1
	for k := range all {
		switch m := &all[k]; {
		case k == out:
		case m.isSure():
			sure.items = append(append(sure.items, m.may[0].item), m.with...)
			sure.sum += r.sumOf(m, m.may[0].item)
			sure.sure = true
		case m.from < r.endToEnd && open >= 0:
			return nil
		case m.from < r.endToEnd:
			open = k
		}
	}
	switch {
	case open < 0 && len(sure.items) == 0:
		return nil
	case open < 0:
		return []base{sure}
	}
	var list []base
	for _, h := range all[open].may[:min(len(all[open].may), maxNearby)] {
		sum := sure.sum + r.ix.items[h.item].signed()
		list = append(list, base{append(slices.Clone(sure.items), h.item), sum, sure.sure})
	}
	return list
}

// creditsOf are the credit notes of the customers of some items, beside those items,
// of which just an amount is open.
func (r *reader) creditsOf(minor int64, items []int32) []int32 {
	var found []int32
	for _, i := range items {
		c := &r.ix.customers[r.ix.items[i].customer]
		for at := c.first; at < c.last; at++ {
			it := &r.ix.items[at]
			is := it.kind == isCredit && it.open == minor && it.currency == r.currency
			if is && !slices.Contains(found, at) && !slices.Contains(items, at) {
				found = append(found, at)
			}
		}
	}
	return found
}

// nearbyOf are the items of which just an amount is open and whose number comes
// near one that the text tells beside those of others; of a public accountant, also
// those of bodies of its place.
func (r *reader) nearbyOf(minor int64, of base) []int32 {
	var found []int32
	take := func(i int32) {
		it := &r.ix.items[i]
		is := it.open == minor && it.currency == r.currency && it.signed() > 0 && (!r.treasury.is || r.isPublic(i))
		if !is || slices.Contains(of.items, i) || slices.Contains(found, i) {
			return
		}
		best := r.comesNear(&r.text, i)
		if best.weight == 0 && (!of.sure || !r.isNearBody(it.customer)) {
			return
		}
		if best.weight > 0 {
			r.own = append(r.own, best)
		}
		found = append(found, i)
	}
	for _, i := range r.ix.openAt(nil, minor, r.currency, maxNearby) {
		take(i)
	}
	if !of.sure {
		return found
	}
	for _, c := range r.bodies() {
		for at := r.ix.customers[c].first; at < r.ix.customers[c].last; at++ {
			take(at)
		}
	}
	return found
}

// isNearBody tells whether a customer is a body of the public accountant's place.
func (r *reader) isNearBody(c int32) bool {
	is, _ := r.treasury.isOf(r.ix.customers[c].place)
	return r.treasury.is && is
}
