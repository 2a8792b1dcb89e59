package match

import (
	"cmp"
	"slices"
)

// mention is a place of a text that names an item, and the items that it may name:
// an order names as many as have its number.
type mention struct {
	from, to int
	may      []hit   // the likeliest first
	with     []int32 // what a range names beside its first number
}

func (m *mention) overlaps(h *hit) bool { return m.from < h.to && h.from < m.to }

// isSure tells whether a mention names one item by its number.
func (m *mention) isSure() bool {
	return m.may[0].weight >= leastOfSeveral && (len(m.may) == 1 || m.may[1].weight < m.may[0].weight-100)
}

// Limits of what is read of one payment for several customers.
const (
	maxMentions = 24
	maxReadings = 3000 // of the first mentions, that are kept
	maxNearby   = 256  // items of the amount that is left
	unread      = -150 // a mention of nothing that is paid
)

// mentions are the places of the text that name items of which something is open.
func (r *reader) mentions() []mention {
	hits := slices.DeleteFunc(slices.Clone(r.hits), func(h hit) bool {
		it := &r.ix.items[h.item]
		return it.open == 0 || it.kind == isPayment || r.treasury.is && !r.isPublic(h.item)
	})
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.weight, a.weight) })
	var all []mention
	for _, h := range hits {
		at := slices.IndexFunc(all, func(m mention) bool { return m.overlaps(&h) })
		switch {
		case at >= 0:
			all[at].may = append(all[at].may, h)
		case len(all) < maxMentions:
			all = append(all, mention{from: h.from, to: h.to, may: []hit{h}})
		}
	}
	all = r.joinRanges(all)
	slices.SortStableFunc(all, func(a, b mention) int { return cmp.Compare(len(a.may), len(b.may)) })
	return all
}

// joinRanges makes one mention of the two ends of a range of one customer's numbers.
func (r *reader) joinRanges(all []mention) []mention {
	t := &r.text
	for i := range t.atoms {
		last, upTo, said := t.rangeAt(i)
		if said != byWord {
			continue
		}
		at := func(k int) int {
			a := hit{from: t.atoms[k].from, to: t.atoms[k].to}
			return slices.IndexFunc(all, func(m mention) bool { return m.overlaps(&a) && m.isSure() })
		}
		first, end := at(i), at(last)
		if first < 0 || end < 0 || first == end {
			continue
		}
		one, other := r.ix.items[all[first].may[0].item].customer, all[end].may[0].item
		if r.ix.items[other].customer != one {
			continue
		}
		all[first].with = r.between(one, atoi(t.of(i)), upTo)
		all = slices.Delete(all, end, end+1)
	}
	return all
}

// between are the open invoices of a customer whose serial is above one number and
// up to another.
func (r *reader) between(c int32, from, upTo int) []int32 {
	var items []int32
	for i := r.ix.customers[c].first; i < r.ix.customers[c].last && len(items) < maxSpan; i++ {
		it := &r.ix.items[i]
		if it.open == 0 || it.kind != isInvoice || it.currency != r.currency {
			continue
		}
		n := r.takeApart(it)
		if v := atoi(n.serial); len(n.serial) > 0 && v > from && v <= upTo {
			items = append(items, i)
		}
	}
	return items
}

// sumOf is what a mention names with one of its items.
func (r *reader) sumOf(m *mention, item int32) int64 {
	sum := r.ix.items[item].signed()
	for _, i := range m.with {
		sum += r.ix.items[i].signed()
	}
	return sum
}

// reading is a way to read the first mentions: what they name comes to sum.
type reading struct {
	sum    int64
	weight weight
	prior  weight // of it, for what is left unread
	item   int32  // that the last of them names, or -1
	with   []int32
	before int32 // the reading of the others, or -1
}

// readings gives the likeliest ways to read mentions, one item each or none, so
// that what they name comes to the amount.
func (r *reader) readings(all []mention) []solution {
	tree := []reading{{item: -1, before: -1}}
	from, to := 0, 1
	for k, m := range all {
		for at := from; at < to; at++ {
			skipped := tree[at]
			skipped.item, skipped.with, skipped.before = -1, nil, int32(at)
			if m.from < r.endToEnd {
				skipped.weight += unread // but a payer's program numbers its transfers
				skipped.prior += unread
			}
			tree = append(tree, skipped)
			for _, h := range m.may {
				sum := tree[at].sum + r.sumOf(&all[k], h.item)
				if (k < len(all)-1 || sum == r.amount) && !isRead(tree, at, h.item) {
					next := reading{sum, tree[at].weight + h.weight, tree[at].prior, h.item, m.with, int32(at)}
					tree = append(tree, next)
				}
			}
		}
		slices.SortStableFunc(tree[to:], func(a, b reading) int { return cmp.Compare(b.weight, a.weight) })
		from, to = to, min(len(tree), to+maxReadings)
		tree = tree[:to]
	}
	var sets []solution
	for at := from; at < to && len(sets) < maxSolved; at++ {
		if tree[at].sum == r.amount {
			sets = append(sets, solution{itemsOf(tree, at), tree[at].prior})
		}
	}
	return sets
}

func isRead(tree []reading, at int, item int32) bool {
	return slices.Contains(itemsOf(tree, at), item)
}

// itemsOf are the items of a reading.
func itemsOf(tree []reading, at int) []int32 {
	var items []int32
	for ; at >= 0; at = int(tree[at].before) {
		if tree[at].item >= 0 {
			items = append(append(items, tree[at].item), tree[at].with...)
		}
	}
	return items
}
