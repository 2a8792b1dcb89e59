package match

import (
	"cmp"
	"math/bits"
	"slices"
)

// hypothesis is an explanation before it is compared with its rivals.
type hypothesis struct {
	customer    int32
	lines       []line
	adjustments []adjustment
	remainder   int64
	score       weight
	payer       weight // what the payer says
	refs        weight // what references say
	amount      weight // what the amount says
	pattern     string // code of the reason for this set of items
	variant     string // code of the reason for the difference, if any
	difference  int64
	from        int // the candidate
	ceiling     Confidence
	reasons     []hit
	mass        float64
}

type line struct {
	item   int32
	amount int64
}

type adjustment struct {
	item   int32
	kind   AdjustmentKind
	amount int64
}

// Codes of the reasons that sets of items and amounts give.
const (
	codeExact     = "amount_exact"
	codeSum       = "amount_sum"
	codeCredits   = "amount_less_credits"
	codeAll       = "amount_all"
	codeOldest    = "amount_oldest"
	codeMonth     = "amount_month"
	codeCharges   = "amount_with_charges"
	codeExpected  = "amount_expected"
	codeDiscount  = "amount_discount"
	codeLate      = "amount_discount_late"
	codeClaimed   = "amount_discount_claimed"
	codeFees      = "amount_fees"
	codeTolerated = "amount_difference"
	codePartial   = "amount_partial"
	codeOver      = "amount_over"
	codeTypoIn    = "amount_typo"
	codeNet       = "amount_net_of_vat"
	codeTwice     = "paid_twice"
	codeOrderLaw  = "legal_order"
	codeCustomer  = "customer_only"
	codeAdvice    = "advice"
	codeSeveral   = "several_customers"
)

// set is items that an entry may pay together.
type set struct {
	items   []int32
	prior   weight // how often such a set is paid
	pattern string
	loose   slack
}

// slack is how an amount may differ from what a set comes to.
type slack uint8

const (
	exactly slack = iota
	closely       // charges, a discount or the tolerance explain it, or too much was paid
	loosely       // or a part was paid
)

// pay proposes that the entry pays a set, in every way in which the amount agrees.
func (r *reader) pay(c *candidate, s set) {
	var sum, discount int64
	for _, i := range s.items {
		sum += r.ix.items[i].signed()
		discount += r.discountOf(i)
	}
	h := hypothesis{
		customer: c.customer, payer: c.payer, pattern: s.pattern, score: c.payer + s.prior, ceiling: certain,
	}
	for _, x := range r.hitsOf(s.items) {
		h.refs += x.weight
		h.reasons = append(h.reasons, x)
	}
	h.score += h.refs
	h.from = r.at[c.customer]
	if sum <= 0 {
		return
	}
	alike, older := r.twins(&h, s.items)
	if len(s.items) > 1 && alike || s.pattern == codeSeveral && r.isPatchy(&h, s.items) {
		h.ceiling = doubtful
	}
	if len(s.items) > 1 && older {
		h.score -= 80 // of those alike the oldest are paid first (C. civ. art. 1342-10)
	}
	if r.fillsBefore(&h, s.items) {
		h.score -= 60 // what was cut off a list comes behind
		if r.cutOff {
			h.score -= 200
		}
	}
	short := sum - r.amount
	switch {
	case short == 0:
		r.settle(h, s.items, 0, "", 0)
		return
	case discount > 0 && near(short, discount, int64(len(s.items))):
		r.withDiscount(h, s.items, short)
		return
	}
	if s.loose > exactly {
		r.differing(h, s, sum, short)
	}
}

// isPatchy tells whether a set over several customers is named in part, or some of
// it by little: then it may be a coincidence of their sum.
func (r *reader) isPatchy(h *hypothesis, items []int32) bool {
	return len(h.reasons) > 0 && (len(h.reasons) < len(items) ||
		slices.ContainsFunc(h.reasons, func(x hit) bool { return x.weight < leastOfSeveral }))
}

const leastOfSeveral = 500

// fillsBefore tells whether a set holds an invoice that nothing names and that is
// older than the last that is named.
func (r *reader) fillsBefore(h *hypothesis, items []int32) bool {
	if len(h.reasons) == 0 || len(h.reasons) == len(items) {
		return false
	}
	last := int32(-1)
	for _, x := range h.reasons {
		if !x.shared {
			last = max(last, x.item)
		}
	}
	return slices.ContainsFunc(items, func(i int32) bool {
		named := slices.ContainsFunc(h.reasons, func(x hit) bool { return x.item == i })
		return i < last && !named && r.ix.items[i].kind == isInvoice
	})
}

// twins tells whether an item of a set that nothing names could as well be another
// of its customer's, of which the same amount is open, and whether one of those is
// older.
func (r *reader) twins(h *hypothesis, items []int32) (alike, older bool) {
	if len(h.reasons) >= len(items) {
		return false, false
	}
	for _, i := range items {
		if slices.ContainsFunc(h.reasons, func(x hit) bool { return x.item == i && x.weight >= leastNamed }) {
			continue
		}
		it := &r.ix.items[i]
		c := &r.ix.customers[it.customer]
		for at := c.first; at < c.last; at++ {
			o := &r.ix.items[at]
			if o.open == it.open && o.kind == it.kind && o.currency == it.currency && !slices.Contains(items, at) {
				alike, older = true, older || at < i
			}
		}
	}
	return alike, older
}

// hitsOf are the references to items, each read from characters of its own.
func (r *reader) hitsOf(items []int32) []hit {
	all := r.ofSet[:0]
	for _, i := range items {
		if x := r.ownHit(i); x.weight > 0 {
			all = append(all, x)
		}
	}
	r.ofSet = all
	if len(all) == 0 {
		return nil
	}
	return apart(nil, all)
}

// certain is the ceiling of explanations that nothing caps.
const certain Confidence = 10_000

// settle records a hypothesis that pays items in full, each less its adjustment.
func (r *reader) settle(h hypothesis, items []int32, remainder int64, variant string, w weight) {
	for _, i := range items {
		if it := &r.ix.items[i]; it.open > 0 {
			h.lines = append(h.lines, line{i, it.signed()})
		}
	}
	h.remainder, h.variant = remainder, variant
	h.score += w
	h.amount = w - r.chance
	r.record(h)
}

// record keeps a hypothesis.
func (r *reader) record(h hypothesis) {
	r.best = max(r.best, h.score)
	if len(r.hypotheses) < maxHypotheses {
		slices.SortFunc(h.lines, func(a, b line) int { return cmp.Compare(a.item, b.item) })
		r.hypotheses = append(r.hypotheses, h)
	}
}

// maxHypotheses bounds what one entry is compared with.
const maxHypotheses = 4000

// announced tells whether this amount was expected of an item about now.
func (r *reader) announced(i int32) bool {
	it := &r.ix.items[i]
	return it.extra >= 0 && slices.ContainsFunc(r.ix.extras[it.extra].expected, r.isExpected)
}

// aroundExpected is how many days money may come before or after it was announced.
const aroundExpected = 10

func (r *reader) isExpected(x Expected) bool {
	return x.Amount.Minor == r.amount && x.Amount.Currency == r.e.Amount.Currency &&
		r.on.Sub(x.On) >= -aroundExpected && r.on.Sub(x.On) <= aroundExpected
}

// mulDiv is a·b/c rounded half up, in 128 bits: amounts may be large.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(c))
	return int64(q)
}
