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
	owed    []int32      // invoices and charges, the oldest first
	credits []int32      // credit notes
	paid    []int32      // earlier money
	named   []int32      // by a reference
	days    []neighbours // of those owed
	opens   []int64      // their amounts
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
	b.days = r.daysOf(b.owed)
	b.opens = r.opens[:0]
	for _, i := range b.owed {
		b.opens = append(b.opens, r.ix.items[i].open)
	}
	r.opens = b.opens
	r.cutOff = len(b.named) > 0 && r.isCutOff(b.named)
	return b
}

// namedOf are the items that references name, each by characters of its own.
func (r *reader) namedOf() []int32 {
	all := r.ofSet[:0]
	for _, x := range r.own {
		if it := &r.ix.items[x.item]; x.weight >= leastNamed && !x.shared && it.open > 0 && it.kind != isPayment {
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
		named := len(h.lines) == 1 || h.refs >= 200*weight(len(h.lines))
		return named && (h.variant == "" || h.variant == codeDiscount)
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
		r.pay(c, set{b.named, priorOf(len(b.named), len(b.owed)), pattern, loosely})
	}
	r.payEnds(c, b)
	if len(b.named) > 1 && len(b.named) <= maxLoose {
		for k := range b.named {
			r.pay(c, set{b.named[k : k+1], priorOf(1, len(b.owed)) - 40, codeExact, loosely})
		}
	}
	r.complete(c, b)
}

// payEnds proposes what is named but for what lies within a range: a dash may as
// well stand between two numbers of a list.
func (r *reader) payEnds(c *candidate, b *books) {
	ends := slices.DeleteFunc(slices.Clone(b.named), func(i int32) bool { return r.ownHit(i).code == codeRange })
	if len(ends) > 0 && len(ends) < len(b.named) {
		r.pay(c, set{ends, priorOf(len(ends), len(b.owed)), codeSum, loosely})
	}
}

// complete looks for items that bring the named ones to the amount: credit notes
// of them, charges, others, and what followed where the bank cut the list off.
func (r *reader) complete(c *candidate, b *books) {
	var sum int64
	for _, i := range b.named {
		sum += r.ix.items[i].signed()
	}
	target := r.amount - sum
	if target == 0 {
		return
	}
	cut := r.cutOff
	last := b.named[len(b.named)-1]
	after, _ := slices.BinarySearch(b.owed, last)
	var pool []int32
	for _, list := range [][]int32{firstOf(b.credits, 6), firstOf(b.paid, 3), r.charges(b), b.owed[after:], b.owed} {
		for _, i := range list {
			if len(pool) < maxPool && !slices.Contains(b.named, i) && !slices.Contains(pool, i) {
				pool = append(pool, i)
			}
		}
	}
	with := func(extra []int32) weight { return r.priorWith(b, extra, cut) }
	for _, extra := range r.solve(pool, target, 1, (*reader).signedOf, with) {
		items := slices.Sorted(slices.Values(slices.Concat(b.named, extra.items)))
		r.pay(c, set{items, extra.prior, r.patternOf(items), exactly})
	}
	if cut {
		r.goOn(c, b, pool, after)
	}
	if target < 0 && len(b.named) > 2 {
		named := b.named[:min(len(b.named), maxPool)]
		for _, some := range r.solve(named, r.amount, 1, (*reader).signedOf, b.priorOf) {
			r.pay(c, set{some.items, some.prior, r.patternOf(some.items), exactly})
		}
	}
}

// firstOf is the first n of a list, or all.
func firstOf(list []int32, n int) []int32 { return list[:min(len(list), n)] }

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

func (r *reader) signedOf(i int32) int64 { return r.ix.items[i].signed() }

// lessDiscount is what an item comes to less its discount.
func (r *reader) lessDiscount(i int32) int64 { return r.ix.items[i].signed() - r.discountOf(i) }

// lessTaken is what an item comes to less its discount, within its terms or not.
func (r *reader) lessTaken(i int32) int64 { return r.lessDiscount(i) - r.lateOf(i) }

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
		r.pay(c, set{b.owed[k : k+1], shares[k] + r.inMonth(it), codeExact, loose})
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
// sooner it is due and the older, the more. Of items of the very amount the older
// never stands behind: that is what a payment which names none is for (C. civ.
// art. 1342-10).
func (r *reader) shares(owed []int32) []weight {
	shares := append(r.share[:0], make([]weight, len(owed))...)
	total, younger := 0, 0
	for k := len(owed) - 1; k >= 0; k-- {
		n := r.turn(k, owed[k])
		if r.ix.items[owed[k]].open == r.amount {
			n = max(n, younger)
			younger = n
		}
		total += n
		shares[k] = lograrityOf(n)
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
	if it.due.IsZero() {
		return n
	}
	switch age := r.on.Sub(it.due); {
	case age < -45:
		n = 10
	case age < -12:
		n = 30
	case age > 120:
		n = 40
	case age > 60:
		n = 60
	}
	if k == 0 {
		n = n * 3 / 2
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
		for k, day := range []func(*item) cal.Date{issuedOn, dueOn} {
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
				r.pay(c, set{items, 60 - 40*weight(k), codeMonth, closely})
			}
		}
	}
}

func issuedOn(it *item) cal.Date { return it.issued }
func dueOn(it *item) cal.Date    { return it.due }
