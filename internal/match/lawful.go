package match

import "slices"

// payUnnamed proposes, where the payer is sure and nothing else is, the order of
// the law: charges first, then what is due, the oldest first, those of one day in
// proportion (C. civ. art. 1342-10 and 1343-1).
func (r *reader) payUnnamed(c *candidate, b *books) {
	if c.payer < r.ix.known-200 || len(b.owed) == 0 {
		return
	}
	var total int64
	for _, i := range b.owed {
		total += r.ix.items[i].open
	}
	h := hypothesis{
		customer: c.customer, payer: c.payer, pattern: codeOrderLaw, ceiling: byRule, from: r.at[c.customer],
	}
	h.lines = r.lawful(b, r.amount)
	h.remainder = max(0, r.amount-total)
	h.score = c.payer - 190 + r.chance
	if r.namedFirst(b) {
		h.score += priorOf(len(b.named), len(b.owed))
		for _, x := range r.hitsOf(b.named) {
			h.score += x.weight
			h.refs += x.weight
			h.reasons = append(h.reasons, x)
		}
	}
	r.record(h)
}

// What an explanation is given at most that has no evidence for how the money is
// spread: of sixty that came first, none was right. One that follows a rule alone, or
// supposes what the law forbids, comes behind those.
const (
	unsure Confidence = 100
	byRule Confidence = 10
)

// namedFirst tells whether the items that the entry names may be paid first: whoever
// pays may choose an invoice that is paid in full (Cass. 1re civ. 27 November 2019,
// 18-21.570).
func (r *reader) namedFirst(b *books) bool {
	var sum int64
	for _, i := range b.named {
		sum += r.ix.items[i].signed()
	}
	return len(b.named) > 0 && sum < r.amount
}

// lawful spreads an amount over what is owed in the order of the law; what the
// entry names comes first.
func (r *reader) lawful(b *books, left int64) []line {
	named := r.namedFirst(b)
	rank := func(i int32) int {
		switch it := &r.ix.items[i]; {
		case named && slices.Contains(b.named, i):
			return 0
		case it.kind == isCharge:
			return 1
		}
		return 2
	}
	owed := slices.Clone(b.owed)
	slices.SortStableFunc(owed, func(x, y int32) int { return rank(x) - rank(y) })
	var lines []line
	for from := 0; from < len(owed) && left > 0; {
		to := from + 1
		for to < len(owed) && rank(owed[from]) == 2 && rank(owed[to]) == 2 &&
			r.ix.items[owed[to]].due == r.ix.items[owed[from]].due {
			to++
		}
		lines = append(lines, r.proportional(owed[from:to], &left)...)
		from = to
	}
	return lines
}

// proportional spreads what is left over items of one rank, to the cent.
func (r *reader) proportional(items []int32, left *int64) []line {
	var total int64
	for _, i := range items {
		total += r.ix.items[i].open
	}
	amount := min(*left, total)
	*left -= amount
	var lines []line
	for _, i := range items {
		open := r.ix.items[i].open
		part := mulDiv(amount, open, total)
		amount, total = amount-part, total-open
		if part > 0 {
			lines = append(lines, line{i, part})
		}
	}
	return lines
}
