package match

// Limits of the search for numbers that are one error away from what is written.
const (
	leastNear = 5 // digits: fewer come near too many numbers
	mostNear  = 7 // last digits in which the error may be: before them stands the year
)

// byNearNumber finds the items whose number is one typing error away from digits of
// the text and which come to the amount: of whom they are need not be known.
func (r *reader) byNearNumber() {
	if r.isNamed() || r.isTold() || r.isSure() && !r.several && !r.treasury.is {
		return
	}
	var found [maxSame]int32
	for i := range r.text.runs {
		run := &r.text.runs[i]
		again := run.first < run.last && len(r.text.of(run.last)) >= leastNear
		if len(run.digits) < leastNear || again || run.noise > aYear || r.text.atoms[run.first].from >= r.endToEnd {
			continue
		}
		oneAway(unpad(run.digits), func(digits []byte) {
			for _, at := range r.ix.byItem.find(found[:0], hashOf(ofDigits, unpad(digits)), maxSame) {
				r.isNumberedNearly(at)
			}
		})
	}
}

// isNumberedNearly makes a customer a candidate for an item that comes to the amount
// and whose number comes near one that the text tells.
func (r *reader) isNumberedNearly(at int32) {
	it := &r.ix.items[at]
	isNear := it.open == r.amount || r.isRounded(it.open) || it.open-r.discountOf(at) == r.amount
	if !isNear || it.currency != r.currency || it.open == 0 || it.signed() < 0 || r.treasury.is && !r.isPublic(at) {
		return
	}
	if h := r.comesNear(&r.text, at); h.weight >= leastNamed {
		x := r.candidateOf(it.customer)
		x.amount, x.refs, x.sum = r.worthOf(anItem), max(x.refs, h.weight), max(x.sum, h.weight)
	}
}

// oneAway gives what digits are with one error in the last of them: another digit,
// one more, one less, two exchanged.
func oneAway(digits string, yield func([]byte)) {
	var buf [longest + 2]byte
	from := max(0, len(digits)-mostNear)
	put := func(parts ...string) {
		b := buf[:0]
		for _, p := range parts {
			b = append(b, p...)
		}
		yield(b)
	}
	const ten = "0123456789"
	for i := from; i < len(digits); i++ {
		before, at, behind := digits[:i], digits[i:i+1], digits[i+1:]
		put(before, behind)
		for d := range len(ten) {
			if ten[d:d+1] != at {
				put(before, ten[d:d+1], behind)
			}
			put(before, ten[d:d+1], at, behind)
		}
		if behind != "" && behind[:1] != at {
			put(before, behind[:1], at, behind[1:])
		}
	}
	for d := range len(ten) {
		put(digits, ten[d:d+1])
	}
}
