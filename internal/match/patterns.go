package match

import (
	"slices"

	"acquit/internal/cal"
)

// Limits of the sets that are tried for one customer.
const (
	maxSingles  = 400 // items
	maxLoose    = 6   // items of which a part may be paid
	maxSolved   = 8   // sets that come to the amount by search
	searchFloor = -260
)

// books is what is open of a candidate in the entry's currency.
type books struct {
	owed    []int32 // invoices and charges, the oldest first
	credits []int32 // credit notes
	paid    []int32 // earlier money
	named   []int32 // by a reference
}

// consider proposes what an entry may pay of a candidate.
func (r *reader) consider(c *candidate) {
	b := r.booksOf(c.customer, c.customer)
	before := len(r.hypotheses)
	r.payNamed(c, &b)
	r.payOne(c, &b)
	r.paySeveral(c, &b)
	if !r.settled(before) && (c.payer >= r.ix.known+searchFloor || c.amount > 0 || c.refs > 300 || r.few) {
		r.search(c, &b)
	}
	r.payUnnamed(c, &b)
	r.customerOnly(c, &b)
}

// booksOf sorts the open items of customers from one to another.
func (r *reader) booksOf(first, last int32) books {
	var b books
	all := r.all[:0]
	for i := r.ix.customers[first].first; i < r.ix.customers[last].last; i++ {
		if it := &r.ix.items[i]; it.currency == r.currency {
			all = append(all, i)
		}
	}
	r.all = all
	r.first = r.ix.customers[first].first
	r.findOwn(all)
	for _, i := range all {
		it := &r.ix.items[i]
		if it.open == 0 {
			continue
		}
		switch it.kind {
		case isCredit:
			b.credits = append(b.credits, i)
		case isPayment:
			b.paid = append(b.paid, i)
		default:
			b.owed = append(b.owed, i)
		}
	}
	b.named = r.namedOf()
	return b
}

// namedOf are the items that references name, each by characters of its own.
func (r *reader) namedOf() []int32 {
	all := r.ofSet[:0]
	for _, x := range r.own {
		if it := &r.ix.items[x.item]; x.weight >= leastNamed && it.open > 0 && it.kind != isPayment {
			all = append(all, x)
		}
	}
	r.ofSet = all
	if len(all) == 0 {
		return nil
	}
	var named []int32
	for _, x := range apart(nil, all) {
		named = append(named, x.item)
	}
	slices.Sort(named)
	return named
}

// leastNamed is the least that a reference is worth to count as naming an item.
const leastNamed = 150

// ownHit is the best reference to an item of the customer under consideration.
func (r *reader) ownHit(i int32) hit {
	at, ok := slices.BinarySearchFunc(r.own, i, func(h hit, i int32) int { return int(h.item - i) })
	if !ok {
		return hit{}
	}
	return r.own[at]
}

// settled tells whether a hypothesis since one explains the amount beyond other
// sets of items: by one item, or by what references name.
func (r *reader) settled(since int) bool {
	return slices.ContainsFunc(r.hypotheses[since:], func(h hypothesis) bool {
		return (h.variant == "" || h.variant == codeDiscount) && (len(h.lines) == 1 || h.refs >= 200*weight(len(h.lines)))
	})
}

// payNamed proposes the items that references name, all together, one by one,
// and with what completes the amount.
func (r *reader) payNamed(c *candidate, b *books) {
	if len(b.named) == 0 {
		return
	}
	pattern := codeSum
	if len(b.named) == 1 {
		pattern = codeExact
	}
	owes := slices.ContainsFunc(b.named, func(i int32) bool { return r.ix.items[i].signed() > 0 })
	if owes {
		r.pay(c, set{b.named, r.priorOf(len(b.named), len(b.owed)), pattern, loosely})
	}
	if len(b.named) > 1 && len(b.named) <= maxLoose {
		for k := range b.named {
			r.pay(c, set{b.named[k : k+1], r.priorOf(1, len(b.owed)) - 40, codeExact, loosely})
		}
	}
	r.complete(c, b)
}

// priorOf is how often k items of n are paid together: one most of the time, and
// a given set of several as rarely as there are many.
func (r *reader) priorOf(k, n int) weight {
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

// complete looks for items that bring the named ones to the amount: credit notes
// of them, charges, others.
func (r *reader) complete(c *candidate, b *books) {
	var sum int64
	for _, i := range b.named {
		sum += r.ix.items[i].signed()
	}
	target := r.amount - sum
	if target == 0 {
		return
	}
	last := b.named[len(b.named)-1]
	after, _ := slices.BinarySearch(b.owed, last)
	var pool []int32
	for _, list := range [][]int32{b.credits, b.paid, r.charges(b), b.owed[after:], b.owed} {
		for _, i := range list {
			if len(pool) < maxPool && !slices.Contains(b.named, i) && !slices.Contains(pool, i) {
				pool = append(pool, i)
			}
		}
	}
	for _, extra := range r.solve(pool, target, 1, (*reader).signedOf) {
		items := slices.Sorted(slices.Values(slices.Concat(b.named, extra)))
		r.pay(c, set{items, r.priorWith(b, extra), r.patternOf(items), exactly})
	}
	if target < 0 && len(b.named) > 2 {
		for _, items := range r.solve(b.named[:min(len(b.named), maxPool)], r.amount, 1, (*reader).signedOf) {
			r.pay(c, set{items, r.priorOf(len(items), len(b.owed)), r.patternOf(items), exactly})
		}
	}
}

// priorWith is how often named items are paid with others that are not named.
func (r *reader) priorWith(b *books, extra []int32) weight {
	w := r.priorOf(len(b.named), len(b.owed))
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
		default:
			w -= 80 + lograrity(len(b.owed))
			if i < b.named[len(b.named)-1] {
				w -= 50 // what was cut off a list comes behind
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

// charges are the late interest and indemnities of a customer.
func (r *reader) charges(b *books) []int32 {
	var list []int32
	for _, i := range b.owed {
		if r.ix.items[i].kind == isCharge {
			list = append(list, i)
		}
	}
	return list
}

// patternOf names a set by what is in it.
func (r *reader) patternOf(items []int32) string {
	pattern := codeSum
	if len(items) == 1 {
		pattern = codeExact
	}
	for _, i := range items {
		switch r.ix.items[i].kind {
		case isCredit, isPayment:
			return codeCredits
		case isCharge:
			pattern = codeCharges
		}
	}
	return pattern
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

func (r *reader) signedOf(i int32) int64 { return r.ix.items[i].signed() }

// lessDiscount is what an item comes to less its discount.
func (r *reader) lessDiscount(i int32) int64 { return r.ix.items[i].signed() - r.discountOf(i) }

// payOne proposes single items: those of which the amount is open, and any when
// the customer has no other.
func (r *reader) payOne(c *candidate, b *books) {
	shares := r.shares(b.owed)
	sure := c.payer >= r.ix.known-200
	for k, i := range b.owed[:min(len(b.owed), maxSingles)] {
		it := &r.ix.items[i]
		loose := exactly
		if len(b.owed) == 1 || max(it.open-r.amount, r.amount-it.open) <= r.small() || sure && r.inPart(k, it) {
			loose = loosely
		}
		r.pay(c, set{b.owed[k : k+1], shares[k], codeExact, loose})
		for _, cr := range b.credits {
			if it.open-r.ix.items[cr].open == r.amount {
				w := weight(-90)
				if r.corrects(cr, i) {
					w = -40
				}
				r.pay(c, set{[]int32{i, cr}, shares[k] + w, codeCredits, exactly})
			}
		}
	}
}

// inPart tells whether a part of an item may be paid without its being named: one
// of the oldest, or a usual part of it.
func (r *reader) inPart(k int, it *item) bool {
	return r.amount < it.open && (k < maxInPart || isFraction(r.amount, it.open)) || isNet(r.amount, it.open) ||
		mistyped(it.open, r.amount)
}

const maxInPart = 3

func closeIf(sure bool) slack {
	if sure {
		return closely
	}
	return exactly
}

// small is the largest difference that fees or tolerance explain.
func (r *reader) small() int64 { return max(r.ix.rules.Fees.Minor, r.ix.rules.Tolerance.Minor, 5) }

// shares is how often each of a customer's items is the one that is paid: the
// sooner it is due and the older, the more.
func (r *reader) shares(owed []int32) []weight {
	shares := r.share[:0]
	total := 0
	for k, i := range owed {
		n := r.turn(k, i)
		total += n
		shares = append(shares, lograrityOf(n))
	}
	all := lograrityOf(total)
	for k := range shares {
		shares[k] += -25 - all
	}
	r.share = shares
	return shares
}

// turn is how much an item is in its turn to be paid, in hundredths.
func (r *reader) turn(k int, i int32) int {
	it := &r.ix.items[i]
	n := 100
	if age := r.on.Sub(it.due); !it.due.IsZero() && age < -12 {
		n = 30
		if age < -45 {
			n = 10
		}
	}
	if k == 0 {
		n *= 2
	}
	return n
}

// lograrityOf is lograrity for larger numbers, to two figures.
func lograrityOf(n int) weight {
	w := weight(0)
	for ; n >= 100; n /= 10 {
		w += 100
	}
	if n < 10 {
		return w + lograrity(n)
	}
	return w + lograrity(n/10) + 100 + weight(n%10)*(lograrity(n/10+1)-lograrity(n/10))/10
}

// paySeveral proposes what customers pay together: the oldest up to a day, all, all
// less credits, a month's.
func (r *reader) paySeveral(c *candidate, b *books) {
	n := len(b.owed)
	if n+len(b.credits)+len(b.paid) < 2 || n == 0 {
		return
	}
	sure := c.payer >= r.ix.known-150
	var sum int64
	for k, i := range b.owed {
		sum += r.ix.items[i].open
		short := sum - r.amount
		if k > 0 && k < n-1 && (short == 0 || sure && max(short, -short) <= r.small()) {
			r.pay(c, set{slices.Clone(b.owed[:k+1]), -100 - lograrity(min(n, 12)), codeOldest, closely})
		}
	}
	if n > 1 {
		r.pay(c, set{slices.Clone(b.owed), -95, codeAll, closeIf(sure)})
		r.payDiscounted(c, b)
		r.payWindow(c, b)
		r.payMonths(c, b)
	}
	if len(b.credits)+len(b.paid) > 0 {
		all := slices.Sorted(slices.Values(slices.Concat(b.owed, b.credits)))
		r.pay(c, set{all, -110, codeCredits, exactly})
		all = slices.Sorted(slices.Values(slices.Concat(all, b.paid)))
		if len(b.paid) > 0 {
			r.pay(c, set{all, -130, codeCredits, exactly})
		}
	}
}

// payDiscounted proposes the oldest items, each less its discount.
func (r *reader) payDiscounted(c *candidate, b *books) {
	var sum int64
	for k, i := range b.owed {
		sum += r.ix.items[i].open - r.discountOf(i)
		if k > 0 && near(sum, r.amount, int64(k+1)) {
			r.pay(c, set{slices.Clone(b.owed[:k+1]), -110 - lograrity(min(len(b.owed), 12)), codeOldest, exactly})
		}
	}
}

// payWindow proposes neighbours in the order of their due dates, and names those
// that are all of one month.
func (r *reader) payWindow(c *candidate, b *books) {
	var sum int64
	from := 0
	for to, i := range b.owed {
		sum += r.ix.items[i].open
		for sum > r.amount && from < to {
			sum -= r.ix.items[b.owed[from]].open
			from++
		}
		if sum != r.amount || from == to || from == 0 {
			continue
		}
		prior, pattern := -150-lograrity(len(b.owed)), codeSum
		if r.isMonth(b.owed, from, to) {
			prior, pattern = -110-lograrity(min(len(b.owed), 6)), codeMonth
		}
		r.pay(c, set{slices.Clone(b.owed[from : to+1]), prior, pattern, exactly})
	}
}

// isMonth tells whether the items from one to another are all those issued, or
// due, in one month.
func (r *reader) isMonth(owed []int32, from, to int) bool {
	due := func(k int) int32 { return int32(r.ix.items[owed[k]].due.EndOfMonth()) }
	issued := func(k int) int32 { return int32(r.ix.items[owed[k]].issued.EndOfMonth()) }
	for _, month := range []func(int) int32{due, issued} {
		alone := (from == 0 || month(from-1) != month(from)) && (to == len(owed)-1 || month(to+1) != month(to))
		if alone && month(from) == month(to) {
			return true
		}
	}
	return false
}

// payMonths proposes the items of a month that the text names: « FACT 10/2026 ».
func (r *reader) payMonths(c *candidate, b *books) {
	for _, m := range r.months {
		for _, day := range []func(*item) cal.Date{issuedOn, dueOn} {
			var items []int32
			var sum int64
			for _, i := range b.owed {
				if it := &r.ix.items[i]; m.holds(day(it)) {
					items = append(items, i)
					sum += it.open
				}
			}
			near := max(sum-r.amount, r.amount-sum) <= r.small()
			if len(items) > 0 && (sum == r.amount || near || c.payer >= r.ix.known-150) {
				r.pay(c, set{items, 60, codeMonth, closely})
			}
		}
	}
}

func issuedOn(it *item) cal.Date { return it.issued }
func dueOn(it *item) cal.Date    { return it.due }

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
	h := hypothesis{customer: c.customer, payer: c.payer, pattern: codeOrderLaw, ceiling: unsure, from: r.at[c.customer]}
	h.lines = r.lawful(b, r.amount)
	h.remainder = max(0, r.amount-total)
	h.score = c.payer - 190 + r.chance
	if r.namedFirst(b) {
		for _, x := range r.hitsOf(b.named) {
			h.score += x.weight
			h.refs += x.weight
			h.reasons = append(h.reasons, x)
		}
	}
	r.record(h)
}

// unsure is the most that an explanation is given which follows a rule and no
// evidence.
const unsure Confidence = 5000

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
