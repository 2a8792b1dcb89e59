package match

import (
	"cmp"
	"slices"
)

// considerSeveral lets an agency or an accountant pay items of several customers,
// each named; one of them may be named badly.
func (r *reader) considerSeveral() {
	all := r.mentions()
	if len(all) == 0 {
		return
	}
	c := r.candidateOf(r.ix.items[all[0].may[0].item].customer)
	for _, m := range all {
		if x := r.candidateOf(r.ix.items[m.may[0].item].customer); m.isSure() && x.payer > c.payer {
			c = x
		}
	}
	prior := weight(-120)
	forItself := c.payer >= r.ix.known-150 && !r.several && !r.treasury.is
	if forItself {
		prior = -270
	}
	r.own = append(r.own[:0], r.hits...)
	for _, m := range all {
		for _, i := range m.with {
			r.own = append(r.own, r.text.hit(i, leastRange, codeRange, m.from, m.to))
		}
	}
	r.sortOwn()
	sets := r.readings(all)
	if len(sets) == 0 && !forItself {
		sets = r.incomplete(all)
		r.sortOwn()
	}
	for _, s := range sets {
		if slices.Sort(s.items); r.areSeverals(s.items) {
			r.pay(c, set{s.items, prior + s.prior + priorOf(len(s.items), len(s.items)), codeSeveral, exactly})
		}
	}
	if len(sets) == 0 && !forItself {
		r.payInPart(c, all, prior)
	}
	r.payAllNamed(c, all, prior)
}

func (r *reader) sortOwn() {
	slices.SortStableFunc(r.own, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(b.weight, a.weight))
	})
}

// untold is how seldom an item is paid with others that are named, where nothing
// names it.
func (r *reader) untold(i int32) weight {
	if slices.ContainsFunc(r.own, func(h hit) bool { return h.item == i }) {
		return 0
	}
	return -150 - lograrityOf(max(len(r.bodies()), 10))
}

// payAllNamed proposes everything that is surely named, where it comes near the
// amount.
func (r *reader) payAllNamed(c *candidate, all []mention, prior weight) {
	var items []int32
	for _, m := range all {
		if m.may[0].weight >= leastStrong {
			items = append(items, m.may[0].item)
		}
	}
	slices.Sort(items)
	items = slices.Compact(items)
	if r.areSeverals(items) {
		r.pay(c, set{items, prior - 100, codeSeveral, closely})
	}
}

// leastStrong is the least that a reference is worth to name an item of a customer
// whom nothing else names.
const leastStrong = 350

// areSeverals tells whether items are of several customers.
func (r *reader) areSeverals(items []int32) bool {
	return slices.ContainsFunc(items, func(i int32) bool {
		return r.ix.items[i].customer != r.ix.items[items[0]].customer
	})
}

// payInPart proposes that all mentions are paid, one of them in part: any part of
// an item that is named by its number, a usual one of those that an order names.
func (r *reader) payInPart(c *candidate, all []mention, prior weight) {
	for k := range all {
		for _, others := range r.bases(all, k) {
			left := r.amount - others.sum
			for _, x := range all[k].may[:min(len(all[k].may), maxNearby)] {
				it := &r.ix.items[x.item]
				usual := isFraction(left, it.open) || isNet(left, it.open) || left%1000 == 0
				isPart := 0 < left && left < it.signed() && (usual || all[k].isSure())
				if isPart && !slices.Contains(others.items, x.item) {
					r.payPart(c, append(slices.Clone(others.items), x.item), left, prior, usual)
				}
			}
		}
	}
}

// payPart records that a set is paid, the last of it in part.
func (r *reader) payPart(c *candidate, items []int32, part int64, prior weight, usual bool) {
	h := hypothesis{
		customer: c.customer, payer: c.payer, pattern: codeSeveral, variant: codePartial, ceiling: doubtful,
		score: c.payer + prior + priorOf(len(items), len(items)), from: r.at[c.customer], amount: -150,
	}
	if usual {
		h.amount = -60
	}
	h.score += h.amount
	for k, i := range items {
		amount := r.ix.items[i].signed()
		if k == len(items)-1 {
			amount = part
		}
		h.lines = append(h.lines, line{i, amount})
	}
	slices.Sort(items)
	if !r.areSeverals(items) {
		return
	}
	for _, x := range r.hitsOf(items) {
		h.refs += x.weight
		h.reasons = append(h.reasons, x)
	}
	h.score += h.refs + r.chance
	r.record(h)
}

// considerGroups lets one payer of a group pay items of several of its companies.
func (r *reader) considerGroups() {
	seen := map[string]bool{}
	for i := range r.candidates[:min(len(r.candidates), maxCandidates)] {
		c := &r.candidates[i]
		group := r.ix.customers[c.customer].group
		if group == "" || seen[group] || !c.known || c.payer < r.ix.known-200 || c.code == codeGroup {
			continue
		}
		seen[group] = true
		var owed, credits []int32
		var own []hit
		for _, member := range r.ix.byCustomer.find(nil, hashOf(ofGroup, group), maxGroup) {
			if r.ix.customers[member].group != group {
				continue
			}
			b := r.booksOf(member, member)
			owed, credits, own = append(owed, b.owed...), append(credits, b.credits...), append(own, r.own...)
		}
		r.own = append(r.own[:0], own...)
		slices.SortFunc(r.own, func(a, b hit) int { return cmp.Compare(a.item, b.item) })
		r.paySpread(c, owed, credits, -90)
	}
}

// paySpread proposes sets over several customers: all of it, or what comes to the
// amount.
func (r *reader) paySpread(c *candidate, owed, credits []int32, prior weight) {
	all := slices.Sorted(slices.Values(slices.Concat(owed, credits)))
	if len(all) > maxPool {
		if r.areSeverals(all) {
			r.pay(c, set{all, prior - 100, codeSeveral, exactly})
		}
		return
	}
	bySize := func(items []int32) weight { return priorOf(len(items), len(all)) }
	for _, s := range r.solve(all, r.amount, 2, (*reader).signedOf, bySize) {
		slices.Sort(s.items)
		if r.areSeverals(s.items) {
			r.pay(c, set{s.items, prior + s.prior, codeSeveral, exactly})
		}
	}
	if r.areSeverals(all) {
		r.pay(c, set{all, prior - 100, codeSeveral, closely})
	}
}
