package match

import (
	"cmp"
	"math"
	"slices"

	"acquit/internal/money"
)

// MaxSuspects bounds the customers that an entry may be suspected to come from:
// the likeliest are named, and beyond that nobody can be held back for a guess.
const MaxSuspects = 50

// Explain answers what an entry may be, the best explanation first. The same
// entry has the same answer, in whatever order items and customers came.
func (ix *Index) Explain(e Entry) Answer {
	r, _ := ix.pool.Get().(*reader)
	defer ix.pool.Put(r)
	if !r.begin(e) {
		return Answer{}
	}
	r.references()
	r.whoPaid()
	for i := range r.candidates {
		r.at[r.candidates[i].customer] = i
	}
	for _, c := range r.likely() {
		if r.couldWin(c) {
			r.consider(c)
		}
	}
	r.considerGroups()
	r.considerSeveral()
	r.considerAdvice()
	r.compare()
	return r.answer()
}

// couldWin tells whether a candidate could come near the best explanation so far,
// were its amount explained and a reference to it found.
func (r *reader) couldWin(c *candidate) bool {
	most := c.payer + c.sum
	if len(r.text.runs) > 0 {
		most += 400
	}
	return most > r.best-hopeless
}

// hopeless is how far behind the best explanation another one is not looked at:
// three thousand times less likely.
const hopeless = 350

// likely are the candidates that are looked at: the first ones, and as many again whose
// open items come to the amount, where the payer is theirs or pays for several.
func (r *reader) likely() []*candidate {
	most := maxCandidates
	if r.few {
		most = fewEnough
	}
	list := make([]*candidate, 0, 2*most)
	for i := range r.candidates {
		c := &r.candidates[i]
		if i < most || c.amount > 0 && (c.known || r.treasury.is || r.several) && len(list) < 2*most {
			list = append(list, c)
		}
	}
	return list
}

// customerOnly proposes that the money is a customer's and pays nothing that is
// open: an advance, or something paid twice.
func (r *reader) customerOnly(c *candidate, b *books) {
	expected := slices.ContainsFunc(r.ix.customers[c.customer].expected, r.isExpected)
	if !c.known && c.refs < 300 && !r.few && !expected {
		return
	}
	h := hypothesis{
		customer: c.customer, payer: c.payer, pattern: codeCustomer, ceiling: certain, remainder: r.amount,
		from: r.at[c.customer], score: c.payer - 150 + r.chance,
	}
	if len(b.owed) == 0 {
		h.score -= 20 // who owes nothing seldom pays
	}
	if expected {
		h.score, h.variant, h.amount = c.payer-60, codeExpected, -60-r.chance
	}
	if r.twice(&h, c); h.variant == "" {
		r.vaguely(&h)
	}
	r.record(h)
}

// twice looks for an item that was settled before and is paid again.
func (r *reader) twice(h *hypothesis, c *candidate) {
	for _, x := range r.own {
		it := &r.ix.items[x.item]
		if it.open != 0 || it.amount != r.amount || it.kind != isInvoice {
			continue
		}
		score := c.payer - 220
		if x.weight >= leastNamed {
			score = c.payer - 120 + x.weight
		}
		if score > h.score {
			h.score, h.variant, h.refs, h.amount = score, codeTwice, x.weight, -r.chance
			h.reasons = []hit{x}
		}
	}
}

// compare turns scores into shares of one: each hypothesis against all others and
// against money that has nothing to do with any candidate.
func (r *reader) compare() {
	slices.SortStableFunc(r.hypotheses, func(a, b hypothesis) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(a.lines), len(b.lines)),
			slices.CompareFunc(a.lines, b.lines, byLine), cmp.Compare(a.customer, b.customer),
			cmp.Compare(a.remainder, b.remainder), cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.variant, b.variant))
	})
	r.distinct()
	nothing := r.ix.known - 250 + r.chance
	best := nothing
	if len(r.hypotheses) > 0 {
		best = max(best, r.hypotheses[0].score)
	}
	total := math.Pow(10, float64(nothing-best)/100)
	for i := range r.hypotheses {
		h := &r.hypotheses[i]
		h.mass = math.Pow(10, float64(h.score-best)/100)
		total += h.mass
	}
	for i := range r.hypotheses {
		r.hypotheses[i].mass /= total
	}
}

func byLine(a, b line) int {
	return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.amount, b.amount))
}

// distinct keeps the best of the hypotheses that do the same.
func (r *reader) distinct() {
	kept := r.hypotheses[:0]
	seen := r.seen
	clear(seen)
	for _, h := range r.hypotheses {
		key := h.key()
		if !slices.ContainsFunc(seen[key], func(i int) bool { return kept[i].same(&h) }) {
			seen[key] = append(seen[key], len(kept))
			kept = append(kept, h)
		}
	}
	r.hypotheses = kept
}

// key is a hash of what a hypothesis does.
func (h *hypothesis) key() uint64 {
	k := mix(uint64(h.remainder))
	for _, l := range h.lines {
		k = mix(k ^ uint64(l.item)<<32 ^ uint64(l.amount))
	}
	if len(h.lines) == 0 {
		k = mix(k ^ uint64(h.customer))
	}
	return k
}

// same tells whether two hypotheses do the same: adjustments are compared by
// their kinds and amounts.
func (h *hypothesis) same(o *hypothesis) bool {
	return slices.Equal(h.lines, o.lines) && slices.Equal(h.adjustments, o.adjustments) && h.remainder == o.remainder &&
		(len(h.lines) > 0 || h.customer == o.customer)
}

// answer gives the best hypotheses in words.
func (r *reader) answer() Answer {
	var a Answer
	keep := r.ix.rules.Keep
	if keep <= 0 {
		keep = 5
	}
	refused := r.ix.refused[r.e.ID]
	var first *hypothesis
	for _, h := range r.ranked() {
		if len(a.Explanations) == keep {
			break
		}
		if h.mass < leastMass && len(a.Explanations) >= 3 || r.isRefused(h, refused) {
			continue
		}
		if first == nil {
			first = h
		}
		x := r.explanation(h)
		if h != first {
			x.Confidence = min(x.Confidence, ofTheRest(a.Explanations[0].Confidence, first, h))
		}
		a.Explanations = append(a.Explanations, x)
	}
	a.Unique = first != nil && !r.isRivalled(first)
	a.Explanations = r.withRefused(a.Explanations, refused, keep)
	a.Suspects = r.suspects()
	return a
}

// ranked are the hypotheses by their confidence, then by their share: what has a
// ceiling comes behind what has none.
func (r *reader) ranked() []*hypothesis {
	list := make([]*hypothesis, 0, maxRanked)
	for i := range r.hypotheses[:min(len(r.hypotheses), maxRanked)] {
		list = append(list, &r.hypotheses[i])
	}
	slices.SortStableFunc(list, func(a, b *hypothesis) int {
		return cmp.Or(cmp.Compare(r.confidence(b), r.confidence(a)), cmp.Compare(b.mass, a.mass))
	})
	return list
}

// maxRanked bounds the hypotheses of which one may become an explanation.
const maxRanked = 48

// leastMass is the share below which an explanation beyond the third is not given.
const leastMass = 1e-5

// isRefused tells whether a person undid, for this entry, what h does.
func (r *reader) isRefused(h *hypothesis, refused []Refused) bool {
	for _, x := range refused {
		if x.Item == "" {
			if r.ix.customers[h.customer].id == x.Customer {
				return true
			}
			for _, l := range h.lines {
				if r.ix.customers[r.ix.items[l.item].customer].id == x.Customer {
					return true
				}
			}
		}
		for _, l := range h.lines {
			if x.Item != "" && r.ix.items[l.item].id == x.Item {
				return true
			}
		}
	}
	return false
}

// withRefused puts what was refused behind the rest, where there is a rest, and
// never as something that could be made by itself.
func (r *reader) withRefused(given []Explanation, refused []Refused, keep int) []Explanation {
	if len(refused) == 0 || len(given) == 0 {
		return given
	}
	for i := range r.hypotheses {
		h := &r.hypotheses[i]
		if len(given) < keep && h.mass >= leastMass && r.isRefused(h, refused) {
			x := r.explanation(h)
			x.Confidence = min(x.Confidence, given[len(given)-1].Confidence, unsure)
			x.Reasons = append(x.Reasons, Reason{Code: codeRefused})
			given = append(given, x)
		}
	}
	return given
}

const codeRefused = "refused"

// nearRival is how much less likely than the first another explanation must be
// for the first to be unique.
const nearRival = 0.02

// isRivalled tells whether another hypothesis comes near one.
func (r *reader) isRivalled(first *hypothesis) bool {
	return slices.ContainsFunc(r.hypotheses, func(h hypothesis) bool {
		return !h.same(first) && h.mass > first.mass*nearRival
	})
}

// suspects are the customers whose money it could be, by what the hypotheses and
// the evidence give them: nobody who is a hundred thousand times less
// likely than another.
func (r *reader) suspects() []string {
	type suspect struct {
		customer int32
		mass     float64
		weight   weight
	}
	of := map[int32]*suspect{}
	get := func(c int32) *suspect {
		if of[c] == nil {
			of[c] = &suspect{customer: c}
		}
		return of[c]
	}
	for i := range r.hypotheses {
		h := &r.hypotheses[i]
		if h.mass < unlikely {
			continue
		}
		get(h.customer).mass += h.mass
		for _, l := range h.lines {
			if c := r.ix.items[l.item].customer; c != h.customer {
				get(c).mass += h.mass
			}
		}
	}
	strongest := r.strongest()
	for i := range r.candidates {
		c := &r.candidates[i]
		if c.speaks() && c.weight() >= strongest+factorUnlikely && r.hasOpen(c.customer) {
			get(c.customer).weight = c.weight()
		}
	}
	var list []suspect
	for _, s := range of {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b suspect) int {
		return cmp.Or(cmp.Compare(b.mass, a.mass), cmp.Compare(b.weight, a.weight), cmp.Compare(a.customer, b.customer))
	})
	var out []string
	for _, s := range list[:min(len(list), MaxSuspects)] {
		out = append(out, r.ix.customers[s.customer].id)
	}
	return out
}

// How seldom what is no suspicion is true: once in a hundred thousand, as a share and
// as evidence.
const (
	unlikely       = 1e-5
	factorUnlikely = weight(-500)
)

// strongest is what speaks for the customer for whom most speaks.
func (r *reader) strongest() weight {
	most := weight(worst)
	for i := range r.candidates {
		if c := &r.candidates[i]; c.speaks() {
			most = max(most, c.weight())
		}
	}
	return most
}

// hasOpen tells whether a customer owes anything in the entry's currency, or has
// announced money: nobody else can be chased for what this entry pays.
func (r *reader) hasOpen(customer int32) bool {
	c := &r.ix.customers[customer]
	return len(c.expected) > 0 || slices.ContainsFunc(r.ix.items[c.first:c.last], func(it item) bool {
		return it.open > 0 && it.currency == r.currency && it.signed() > 0
	})
}

// explanation is a hypothesis with its reasons.
func (r *reader) explanation(h *hypothesis) Explanation {
	currency := r.e.Amount.Currency
	x := Explanation{
		Customer: r.ix.customers[h.customer].id, Remainder: money.New(h.remainder, currency),
		Confidence: r.confidence(h), Reasons: r.reasons(h),
	}
	for _, l := range h.lines {
		it := &r.ix.items[l.item]
		x.Lines = append(x.Lines, Line{it.id, r.ix.customers[it.customer].id, money.New(l.amount, currency)})
	}
	if len(x.Lines) > 0 && h.remainder == 0 {
		x.Customer = x.Lines[0].Customer
	}
	for _, a := range h.adjustments {
		x.Adjustments = append(x.Adjustments, Adjustment{r.ix.items[a.item].id, a.kind, money.New(a.amount, currency)})
	}
	return x
}
