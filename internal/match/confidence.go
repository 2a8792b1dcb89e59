package match

// calibrated maps the share of an explanation among its rivals to how often such
// shares are right.
func calibrated(mass float64) Confidence {
	return Confidence(mass * 10_000)
}

// coincidence is the most that an explanation is given which rests on a single
// piece of evidence: without the strongest, what is left says little.
const coincidence Confidence = 9000

// ceiling bounds the confidence of what one coincidence alone speaks for.
func (r *reader) ceiling(h *hypothesis) Confidence {
	evidence := [3]weight{max(h.payer, 0), max(h.refs, 0), max(h.amount, 0)}
	if h.variant == "" && h.pattern != codeCustomer && h.payer >= r.ix.known-100 {
		evidence[2] = max(evidence[2], leastSecond) // common as the amount may be, of this customer it is one of few
	}
	sum, highest := weight(0), weight(0)
	for _, w := range evidence {
		sum += w
		highest = max(highest, w)
	}
	if sum-highest < leastSecond {
		return coincidence
	}
	return certain
}

// leastSecond is what must speak for an explanation beside its strongest
// evidence: 150 to one.
const leastSecond = 220
