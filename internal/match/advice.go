package match

import "slices"

// considerAdvice proposes what the lines of a remittance advice say, where they
// come to the amount.
func (r *reader) considerAdvice() {
	if len(r.e.Advice) == 0 {
		return
	}
	h := hypothesis{pattern: codeAdvice, ceiling: certain, amount: -r.chance}
	var told int64
	for _, a := range r.e.Advice[:min(len(r.e.Advice), maxAdvice)] {
		if a.Amount.Currency != r.e.Amount.Currency {
			return
		}
		told += a.Amount.Minor
		x := r.advised(a, h.lines)
		if x.weight == 0 {
			h.score -= 60
			continue
		}
		h.lines = append(h.lines, line{x.item, r.upTo(x.item, a.Amount.Minor)})
		h.refs += max(x.weight, 200)
		h.reasons = append(h.reasons, x)
	}
	if told != r.amount || len(h.lines) == 0 {
		return
	}
	for _, l := range h.lines {
		c := r.candidateOf(r.ix.items[l.item].customer)
		if h.payer == 0 || c.payer > h.payer {
			h.payer, h.customer, h.from = c.payer, c.customer, r.at[c.customer]
		}
	}
	h.remainder = r.amount
	for _, l := range h.lines {
		h.remainder -= l.amount
	}
	if h.remainder < 0 {
		return
	}
	h.score += h.payer + h.refs
	r.record(h)
}

// maxAdvice bounds the lines of an advice.
const maxAdvice = 2000

// upTo is what a line says, with its sign, at most what is open.
func (r *reader) upTo(i int32, minor int64) int64 {
	it := &r.ix.items[i]
	if it.signed() < 0 {
		return max(-it.open, -max(minor, -minor))
	}
	return min(it.open, max(minor, 0))
}

// advised is the item that a line of an advice names: of several that its number
// may be, the one of which the amount is open.
func (r *reader) advised(a Advice, taken []line) hit {
	var t text
	t.read([]string{a.Number}, r.on, 0)
	saved := r.hits
	r.hits = nil
	r.find(&t)
	r.findWords(&t)
	found := r.hits
	r.hits = saved
	found = append(found, r.advisedNearby(&t)...)
	best, score := hit{}, weight(0)
	for _, x := range found {
		it := &r.ix.items[x.item]
		if it.open == 0 || slices.ContainsFunc(taken, func(l line) bool { return l.item == x.item }) {
			continue
		}
		w := x.weight
		if it.signed() == a.Amount.Minor {
			w += 300
		}
		if c := r.candidateOf(it.customer); c.payer > 0 {
			w += c.payer
		}
		if w > score || w == score && x.item < best.item {
			best, score = x, w
		}
	}
	return best
}

// advisedNearby are the items of likely payers that a number names less well.
func (r *reader) advisedNearby(t *text) []hit {
	var found []hit
	for i := range r.candidates[:min(len(r.candidates), 3)] {
		c := &r.ix.customers[r.candidates[i].customer]
		for at := c.first; at < c.last && at < c.first+maxOwn; at++ {
			if h := r.comesNear(t, at); h.weight > 0 {
				found = append(found, h)
			}
		}
	}
	return found
}
