package match

import (
	"slices"

	"acquit/internal/money"
)

// near tells whether two amounts differ by rounding: a cent for each item.
func near(a, b, cents int64) bool { return a-b <= cents && b-a <= cents }

// discountOf is the early-payment discount that an item earns on the day, rounded
// half up to the minor unit; the days of grace count as within its terms.
func (r *reader) discountOf(i int32) int64 {
	it := &r.ix.items[i]
	if it.extra < 0 || it.kind != isInvoice {
		return 0
	}
	d := r.ix.extras[it.extra].discount
	if d.Rate <= 0 || d.Rate >= 10_000 || r.on > d.Until.Add(r.ix.rules.Grace) {
		return 0
	}
	return percent(it.open, int64(d.Rate))
}

// percent is rate hundredths of a percent of n, without overflow.
func percent(n, rate int64) int64 { return n/10_000*rate + (n%10_000*rate+5000)/10_000 }

// withDiscount settles items of which the early-payment discount was taken off.
func (r *reader) withDiscount(h hypothesis, items []int32, short int64) {
	left := short
	last := -1
	for _, i := range items {
		if d := r.discountOf(i); d > 0 {
			h.adjustments = append(h.adjustments, adjustment{i, EarlyDiscount, d})
			left -= d
			last = len(h.adjustments) - 1
		}
	}
	h.adjustments[last].amount += left
	if h.adjustments[last].amount <= 0 {
		return
	}
	h.difference = short
	r.settle(h, items, 0, codeDiscount, -30)
}

// differing records the ways to understand that the amount is not the sum: short
// is what is missing, negative when there is too much.
func (r *reader) differing(h hypothesis, s set, sum, short int64) {
	items := s.items
	h.difference = max(short, -short)
	if short < 0 {
		r.over(h, items, sum, short)
		return
	}
	r.withFees(h, items, short)
	if r.tolerated(short) {
		r.lessDifference(h, items, short)
	}
	if s.pattern == codeSeveral {
		h.ceiling, h.score = unsure, h.score-200
	}
	if late := r.lateDiscount(items); late > 0 && near(short, late, int64(len(items))) {
		r.withLate(h, items, short)
		return
	}
	if s.loose == loosely {
		r.partial(h, items, sum)
	}
}

// over records that more was paid than the items: the rest stays with the
// customer.
func (r *reader) over(h hypothesis, items []int32, sum, short int64) {
	w := r.chance - 80
	switch {
	case len(items) == 1 && r.ix.items[items[0]].amount == r.amount:
		w = -150 // the whole invoice, part of which was settled before
	case r.tolerated(short):
		w = -300
	case h.refs == 0:
		w += arbitrary
		r.vaguely(&h)
	}
	switch {
	case h.pattern == codeSeveral:
		h.ceiling, h.score = unsure, h.score-200 // what the label does not name, rather than too much
	case h.payer < r.ix.known-150 || r.several || len(items) > 1:
		h.ceiling = doubtful
	}
	if len(items) == 1 && mistyped(sum, r.amount) {
		x := h
		x.ceiling = doubtful
		r.settle(x, items, -short, codeTypoIn, -430)
	}
	r.settle(h, items, -short, codeOver, w)
}

// arbitrary is how seldom somebody pays, and says nothing, what is neither due nor a
// round amount nor a usual part of it.
const arbitrary = -100

// vaguely puts what nothing but a payer who may be another speaks for behind what the
// amount speaks for.
func (r *reader) vaguely(h *hypothesis) {
	if h.payer < r.ix.known-20 || r.several {
		h.ceiling = byRule
	}
}

// doubtful is the most that an explanation is given which supposes a fault of
// whoever paid: it is proposed, never made by itself.
const doubtful Confidence = 8500

// withFees records that banks took their charges off on the way.
func (r *reader) withFees(h hypothesis, items []int32, short int64) {
	told := r.e.Fees.Minor > 0 && r.e.Fees.Minor == short && r.e.Fees.Currency == r.e.Amount.Currency
	if !told && short > r.ix.rules.Fees.Minor {
		return
	}
	w := weight(-420)
	if short%50 == 0 {
		w = -300
	}
	switch abroad, known := r.fromAbroad(); {
	case told:
		w = -20
	case known && abroad:
		w += 150
	case known:
		h.ceiling = byRule
	}
	if !told && h.refs == 0 && h.payer < r.ix.known-150 {
		w -= 120
	}
	if all := r.amount + short; !told && short > all/4 {
		w -= 300
	} else if !told && short > all/20 {
		w -= 120
	}
	r.adjusted(h, items, short, BankFees, codeFees, w)
}

// fromAbroad tells whether a payment comes from where banks take their charges off on
// the way: in euros within the European Economic Area they may not (directive (EU)
// 2015/2366, art. 81; CMF art. L133-11).
func (r *reader) fromAbroad() (abroad, known bool) {
	if r.e.Amount.Currency != money.EUR {
		return true, true
	}
	key := compacted(r.e.Payer.IBAN)
	return len(key) > 2 && !economicArea[key[:2]], len(key) > 2
}

// economicArea are the countries of the European Economic Area, as accounts begin.
var economicArea = setOf(
	"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
	"LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "ES",
)

// lessDifference records that the little that is missing is written off.
func (r *reader) lessDifference(h hypothesis, items []int32, short int64) {
	w := weight(-330)
	if short <= 5 || r.amount%100 == 0 && short < 100 {
		w = -220
	}
	r.adjusted(h, items, short, Difference, codeTolerated, w)
}

// adjusted records an adjustment on the largest item.
func (r *reader) adjusted(h hypothesis, items []int32, short int64, kind AdjustmentKind, code string, w weight) {
	largest := items[0]
	for _, i := range items {
		if r.ix.items[i].signed() > r.ix.items[largest].signed() {
			largest = i
		}
	}
	if r.ix.items[largest].signed() <= short {
		return
	}
	h.adjustments = []adjustment{{largest, kind, short}}
	r.settle(h, items, 0, code, w)
}

// tolerated tells whether a difference may be written off.
func (r *reader) tolerated(short int64) bool {
	return max(short, -short) <= r.ix.rules.Tolerance.Minor
}

// partial records that a part was paid: the oldest first, or, of a few that the
// label names, any one of them in part.
func (r *reader) partial(h hypothesis, items []int32, sum int64) {
	r.partialOf(h, items, sum)
	if len(items) < 2 || len(items) > maxLoose || len(h.reasons) < len(items) {
		return
	}
	for k, i := range items[:len(items)-1] {
		left := r.ix.items[i].open - (sum - r.amount)
		if left <= 0 || r.ix.items[i].signed() < 0 {
			continue
		}
		x := h
		if !isFraction(left, r.ix.items[i].open) {
			x.score -= 30
		}
		r.partialOf(x, append(slices.Delete(slices.Clone(items), k, k+1), i), sum)
	}
}

// partialOf records that a part of items was paid, the first ones first, credits
// taken off.
func (r *reader) partialOf(h hypothesis, items []int32, sum int64) {
	left := r.amount
	for _, i := range items {
		if it := &r.ix.items[i]; it.signed() < 0 {
			h.lines = append(h.lines, line{i, it.signed()})
			left += it.open
		}
	}
	for _, i := range items {
		if it := &r.ix.items[i]; it.signed() > 0 && left > 0 {
			h.lines = append(h.lines, line{i, min(it.open, left)})
			left -= min(it.open, left)
		}
	}
	if len(h.lines) < len(items) {
		return // what is named and gets nothing was not meant
	}
	h.variant = codePartial
	w := r.chance - 30
	if h.refs == 0 && r.amount%100 != 0 {
		w += arbitrary
		r.vaguely(&h)
	}
	switch {
	case len(items) > 1:
		w -= 60
		h.ceiling = min(h.ceiling, doubtful) // which of them is paid in part is a guess
	case r.announced(items[0]):
		h.variant, w = codeExpected, -60
	case r.discounted && (sum-r.amount)*20 <= sum:
		h.variant, h.ceiling, w = codeClaimed, doubtful, -60 // to be granted or claimed: a person says
	case isFraction(r.amount, sum):
		w = max(w, -200)
	case isNet(r.amount, sum):
		h.variant, h.ceiling = codeNet, doubtful
		w = -330
	case mistyped(sum, r.amount):
		h.variant, h.ceiling = codeTypoIn, doubtful
		w = max(w, -430)
	}
	h.score += w
	h.amount = w - r.chance
	r.record(h)
}

// lateDiscount is what the early-payment discounts of items come to where the term
// of some is over.
func (r *reader) lateDiscount(items []int32) int64 {
	var sum, late int64
	for _, i := range items {
		sum += r.lateOf(i) + r.discountOf(i)
		late += r.lateOf(i)
	}
	if late == 0 {
		return 0
	}
	return sum
}

func (r *reader) lateOf(i int32) int64 {
	it := &r.ix.items[i]
	if it.extra < 0 || it.kind != isInvoice || r.discountOf(i) > 0 {
		return 0
	}
	if d := r.ix.extras[it.extra].discount; d.Rate > 0 && d.Rate < 10_000 {
		return percent(it.open, int64(d.Rate))
	}
	return 0
}

// withLate records that a discount was taken after its term: it stays open, each
// invoice's own, or is written off where it is within the tolerance.
func (r *reader) withLate(h hypothesis, items []int32, short int64) {
	left := short
	for k, i := range items {
		it := &r.ix.items[i]
		earned := r.discountOf(i)
		d := r.lateOf(i) + earned
		if k == len(items)-1 && d > 0 {
			d = left
		}
		left -= d
		switch {
		case d > 0 && earned > 0:
			h.adjustments = append(h.adjustments, adjustment{i, EarlyDiscount, d})
			h.lines = append(h.lines, line{i, it.signed()})
		case d > 0 && r.tolerated(d):
			h.adjustments = append(h.adjustments, adjustment{i, Difference, d})
			h.lines = append(h.lines, line{i, it.signed()})
		default:
			h.lines = append(h.lines, line{i, it.signed() - d})
		}
	}
	if left != 0 {
		return
	}
	h.variant = codeLate
	h.score -= 200
	h.amount = -200 - r.chance
	r.record(h)
}

// isFraction tells whether a is a usual part of all: a half, a third, three
// tenths…
func isFraction(a, all int64) bool {
	for _, f := range usualParts {
		if near(a*f[1], all*f[0], f[1]) {
			return true
		}
	}
	return false
}

var usualParts = [][2]int64{
	{1, 2}, {1, 3}, {1, 4}, {2, 3}, {3, 4}, {3, 10}, {2, 5}, {1, 5}, {1, 10}, {3, 5}, {7, 10},
}

// isNet tells whether a is all without French VAT: 20, 10, 8.5, 5.5 or 2.1 %.
func isNet(a, all int64) bool {
	for _, rate := range []int64{2000, 1000, 850, 550, 210} {
		if near(a+percent(a, rate), all, 2) {
			return true
		}
	}
	return false
}

// mistyped tells whether one amount is the other with two neighbouring digits
// exchanged or one digit wrong.
func mistyped(a, b int64) bool {
	x, y := decimal(a), decimal(b)
	return len(x) == len(y) && len(x) >= 4 && a != b && oneEdit(x, y)
}

func decimal(n int64) string {
	var buf [20]byte
	i := len(buf)
	for ; n > 0; n /= 10 {
		i--
		buf[i] = byte('0' + n%10)
	}
	return string(buf[i:])
}
