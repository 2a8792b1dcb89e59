package match

import "slices"

// priorOf is how often k items of n are paid together: one most of the time, and
// a given set of several as rarely as there are many.
func priorOf(k, n int) weight {
	if k <= 1 {
		return -25 - lograrity(max(n, 1))
	}
	return max(-80-20*weight(min(k, 10))-choose(n, k), -700)
}

// choose is the logarithm of the number of sets of k in n.
func choose(n, k int) weight {
	k = min(k, n-k)
	w := weight(0)
	for i := range max(k, 0) {
		w += lograrity(n-i) - lograrity(i+1)
	}
	return w
}

// priorOf is how often just these items are paid together. A payer pays what is
// due from one day to another, so a set is the likelier the fewer of the items
// between its first and its last day are left out.
func (b *books) priorOf(set []int32) weight {
	loose := priorOf(len(set), len(b.owed)+len(b.credits))
	first, last, k := b.between(set)
	if k < 2 {
		return loose
	}
	window := weight(-150) - lograrity(len(b.owed))
	if first == 0 {
		window = -110 - lograrity(min(len(b.owed), 12)) // the oldest
	}
	for range len(set) - k {
		window -= 70 // a credit note
	}
	return max(loose, window-choose(last-first+1, k)+b.alikeOf(set, first, last))
}

// alikeOf is the logarithm of the sets that come to the same as one, of which it
// stands for all: where it takes the first of the items of its commonest amount.
func (b *books) alikeOf(set []int32, first, last int) weight {
	amount, taken := int64(0), 0
	for k, i := range set {
		at, ok := slices.BinarySearch(b.owed, i)
		if !ok || b.opens[at] == amount {
			continue
		}
		n := 1
		for _, j := range set[k+1:] {
			if to, ok := slices.BinarySearch(b.owed, j); ok && b.opens[to] == b.opens[at] {
				n++
			}
		}
		if n > taken {
			amount, taken = b.opens[at], n
		}
	}
	all := 0
	for at := first; at <= last; at++ {
		if b.opens[at] != amount {
			continue
		}
		if all++; all <= taken && !slices.Contains(set, b.owed[at]) {
			return 0
		}
	}
	return choose(all, taken)
}

// priorAfter is how often just these items follow those that are named.
func (b *books) priorAfter(extra []int32) weight {
	after, _ := slices.BinarySearch(b.owed, b.named[len(b.named)-1])
	first, last, k := b.between(extra)
	if k == 0 {
		return -200
	}
	w := -60 - lograrity(max(len(b.owed)-after, 1))
	if first < after {
		return w - 200 - choose(len(b.owed), k)
	}
	return w - choose(last-after, k)
}

// between tells how many of a set are owed, and among which items: from the first
// of the day on which the oldest of them is due to the last of the youngest's.
func (b *books) between(set []int32) (first, last, k int) {
	first, last = len(b.owed), -1
	for _, i := range set {
		if at, ok := slices.BinarySearch(b.owed, i); ok {
			first, last = min(first, b.days[at].first), max(last, b.days[at].last)
			k++
		}
	}
	return first, last, k
}

// neighbours are where the items that are due on one day begin and end.
type neighbours struct{ first, last int }

// daysOf gives the neighbours of each item owed.
func (r *reader) daysOf(owed []int32) []neighbours {
	days := slices.Grow(r.days[:0], len(owed))[:len(owed)]
	for from := 0; from < len(owed); {
		to := from
		for to+1 < len(owed) && r.ix.items[owed[to+1]].due == r.ix.items[owed[from]].due {
			to++
		}
		for k := from; k <= to; k++ {
			days[k] = neighbours{from, to}
		}
		from = to + 1
	}
	r.days = days
	return days
}

// priorWith is how often named items are paid with others that are not named; cut
// tells that the list of those named was cut off.
func (r *reader) priorWith(b *books, extra []int32, cut bool) weight {
	w := priorOf(len(b.named), len(b.owed))
	if cut {
		w += max(b.priorAfter(extra), -500)
	}
	for _, i := range extra {
		switch it := &r.ix.items[i]; it.kind {
		case isCredit:
			w -= 70
			for _, n := range b.named {
				if r.corrects(i, n) {
					w += 50
					break
				}
			}
		case isCharge:
			w -= 70
		case isPayment:
			w -= 100
		case isInvoice:
			if !cut {
				w -= 80 + lograrity(len(b.owed))
			}
		}
	}
	return w
}

// corrects tells whether a credit note corrects an invoice.
func (r *reader) corrects(credit, invoice int32) bool {
	x := r.ix.items[credit].extra
	return x >= 0 && r.ix.extras[x].preceding != "" && r.ix.extras[x].preceding == r.ix.items[invoice].number
}
