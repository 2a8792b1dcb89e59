package match

// knot is a point of a table: a share of the rivals' mass and how often such
// shares were right, both in ten-thousandths.
type knot struct{ share, right int }

// The tables were fitted on 36,253 entries of a synthetic year (400,000 open items,
// seed 1): the first explanations were put in bands of their share, neighbouring
// bands in the wrong order were pooled, and the bands joined by straight lines.
// What rests on one piece of evidence has a table of its own, since shares are
// made of what is known of rivals, and there it is too little.
var (
	supported = []knot{
		{0, 0},
		{200, 3000},
		{800, 5000},
		{1600, 5700},
		{2500, 7000},
		{3500, 7800},
		{4700, 8050},
		{5500, 8150},
		{6500, 8250},
		{7500, 8350},
		{8000, 8900},
		{8700, 9400},
		{9700, 9700},
		{9800, 9850},
		{9900, 9920},
		{10_000, 10_000},
	}
	alone = []knot{
		{0, 0},
		{800, 50},
		{1500, 500},
		{2500, 800},
		{3500, 1450},
		{4500, 2000},
		{5500, 2150},
		{6400, 2800},
		{7500, 3000},
		{8500, 5200},
		{9500, 8200},
		{10_000, 8200},
	}
)

// confidence is how often an explanation such as h is right.
func (r *reader) confidence(h *hypothesis) Confidence {
	table := supported
	if r.isAlone(h) {
		table = alone
	}
	return min(interpolate(table, int(h.mass*10_000)), h.ceiling)
}

// ofTheRest is what is left to an explanation of what the first one has not: their
// confidences add up to one at most.
func ofTheRest(c Confidence, first, h *hypothesis) Confidence {
	rest := 1 - first.mass
	if rest <= 0 {
		return 0
	}
	return Confidence(float64(certain-c) * min(1, h.mass/rest))
}

// interpolate reads a table between its knots.
func interpolate(table []knot, share int) Confidence {
	for i := 1; i < len(table); i++ {
		if a, b := table[i-1], table[i]; share <= b.share {
			return Confidence(a.right + (b.right-a.right)*(share-a.share)/(b.share-a.share))
		}
	}
	return Confidence(table[len(table)-1].right)
}

// isAlone tells whether one piece of evidence alone speaks for an explanation:
// without the strongest, what is left says little. One coincidence is never
// enough to allocate by itself.
func (r *reader) isAlone(h *hypothesis) bool {
	evidence := [3]weight{max(h.payer, 0), max(h.refs, 0), max(h.amount, 0)}
	if h.variant == "" && h.pattern != codeCustomer && h.payer >= r.ix.known-100 {
		evidence[2] = max(evidence[2], leastSecond) // common as the amount may be, of this customer it is one of few
	}
	if h.payer >= r.ix.known-20 {
		// A whole name or account is as sure among forty customers as among many.
		evidence[0] = max(evidence[0], leastSecond)
	}
	sum, highest := weight(0), weight(0)
	for _, w := range evidence {
		sum += w
		highest = max(highest, w)
	}
	return sum-highest < leastSecond
}

// leastSecond is what must speak for an explanation beside its strongest
// evidence: 150 to one.
const leastSecond = 220
