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
		{0, 0}, {800, 700}, {1600, 2400}, {2500, 3400}, {3500, 4700}, {4700, 5000}, {5500, 5300}, {6500, 6500},
		{7500, 7700}, {8000, 8800}, {8700, 9400}, {9700, 9650}, {9800, 9790}, {9900, 9900}, {10_000, 10_000},
	}
	alone = []knot{
		{0, 0}, {800, 50}, {1500, 500}, {2500, 800}, {3500, 1450}, {4500, 2000}, {5500, 2150}, {6400, 2800},
		{7500, 3000}, {8500, 5200}, {9500, 8200}, {10_000, 8200},
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
		evidence[0] = max(evidence[0], leastSecond) // a whole name or account is as sure among forty customers as among many
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
