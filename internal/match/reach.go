package match

import "slices"

// Limits of what is tried to see whether items of a customer come to an amount.
const (
	maxReached  = 12 // items of which any two or three are paid together
	maxTakenOff = 2  // credits that are taken off
)

// reach is what it is worth, for being looked at, that open items of a customer come
// to the amount: one of them, or neighbours in the order of their due dates, or any
// two or three, a credit taken off or not.
func (r *reader) reach(customer int32) weight {
	if w := r.owesOne(customer); w > 0 {
		return r.worthOf(w)
	}
	c := &r.ix.customers[customer]
	var credits [maxTakenOff]int64
	owed, taken := r.owed[:0], 0
	for at := c.first; at < c.last && at < c.first+maxSingles; at++ {
		switch it := &r.ix.items[at]; {
		case it.currency != r.currency || it.open == 0:
		case it.signed() > 0:
			owed = append(owed, it.open)
		case taken < maxTakenOff:
			credits[taken] = it.open
			taken++
		}
	}
	r.owed = owed
	isSum := comesTo(owed, r.amount)
	for _, off := range credits[:taken] {
		isSum = isSum || comesTo(owed, r.amount+off)
	}
	if !isSum {
		return 0
	}
	return r.worthOf(aSum)
}

// owesOne is what it is worth that one item of a customer is the amount, or nearly.
func (r *reader) owesOne(customer int32) weight {
	c := &r.ix.customers[customer]
	best := weight(0)
	for at := c.first; at < c.last && at < c.first+maxSingles; at++ {
		switch it := &r.ix.items[at]; {
		case it.currency != r.currency || it.open == 0 || it.signed() < 0:
		case it.open == r.amount:
			return anItem
		case r.isRounded(it.open):
			best = aSum
		case it.open < r.amount || it.open-r.amount > r.amount/4:
		case isNet(r.amount, it.open) || r.amount == it.open-r.discountOf(at):
			best = aSum
		}
	}
	return best
}

// isRounded tells whether the amount is another one rounded to whole units.
func (r *reader) isRounded(open int64) bool {
	return r.amount%100 == 0 && open-r.amount < 100 && r.amount-open < 100
}

// comesTo tells whether neighbours among amounts, or any two or three of the first
// ones, or a single one, come to a target.
func comesTo(owed []int64, target int64) bool {
	for i := range owed {
		sum := int64(0)
		for _, v := range owed[i:] {
			if sum += v; sum >= target {
				break
			}
		}
		if sum == target {
			return true
		}
	}
	few := owed[:min(len(owed), maxReached)]
	for i := range few {
		for j := i + 1; j < len(few); j++ {
			two := few[i] + few[j]
			if two == target {
				return true
			}
			for k := j + 1; k < len(few) && two < target; k++ {
				if two+few[k] == target {
					return true
				}
			}
		}
	}
	return false
}

// isTold tells whether the text surely names an item of somebody who may have paid.
func (r *reader) isTold() bool {
	return slices.ContainsFunc(r.hits, func(h hit) bool {
		at, is := r.at[r.ix.items[h.item].customer]
		known := is && r.candidates[at].known || r.treasury.is && r.isPublic(h.item)
		return known && h.weight >= leastOfSeveral
	})
}

// byOwnAmount finds, among who may have paid, those whose open items come to the
// amount, however many others have such.
func (r *reader) byOwnAmount() {
	for k := range r.candidates {
		if x := &r.candidates[k]; x.amount == 0 {
			x.amount = r.reach(x.customer)
		}
	}
}
