package demo

import (
	"iter"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// profile is what is known of a customer before its name and its ledger.
type profile struct {
	index       int
	rank        int // among the associations, or among the public buyers
	plot        plot
	kind        Kind
	association bool
	behaviour   Behaviour
	place       place
	terms       terms
	currency    money.Currency
	vat         money.Rate
	median      int64 // net amount of a middling invoice, in minor units
	weight      int64 // its share of what is open
}

// terms are words of a payment term, what they mean, and the most days that
// they give.
type terms struct {
	words string
	term  cal.Term
	reach int
}

// Shares of the terms. The last one is beyond C. com. L441-10 and comes with a
// story only.
var (
	atSight     = terms{"à réception", cal.Term{Base: cal.FromReceipt}, 0}
	fifteenDays = terms{"15 jours nets", cal.Term{Days: 15}, 15}
	thirtyDays  = terms{"30 jours nets", cal.Term{Days: 30}, 30}
	sixtyDays   = terms{"60 jours nets", cal.Term{Days: 60}, 60}
	ninetyDays  = terms{"90 jours nets", cal.Term{Days: 90}, 90}

	businessTerms = []chance.Share[terms]{
		chance.Of(40, thirtyDays),
		chance.Of(22, terms{"45 jours fin de mois", cal.Term{Days: 45, EOM: cal.EOMUnsaid}, 76}),
		chance.Of(10, sixtyDays),
		chance.Of(10, terms{"30 jours fin de mois", cal.Term{Days: 30, EOM: cal.EOMUnsaid}, 61}),
		chance.Of(6, terms{
			"30 jours fin de mois le 10", cal.Term{Days: 30, EOM: cal.EOMUnsaid, Fixed: [3]int{10}}, 72,
		}),
		chance.Of(8, atSight),
		chance.Of(4, fifteenDays),
	}
	consumerTerms = []chance.Share[terms]{chance.Of(60, atSight), chance.Of(40, fifteenDays)}
)

// The weights of customers whose story needs open invoices are at least
// middling, so that a few hundred customers show all stories.
const middling = 1600

// profiles are all customers in their order. The stories are shuffled within
// each block, so that each block has all of them.
func (w *World) profiles() iter.Seq[profile] {
	return func(yield func(profile) bool) {
		var order, kinds []int
		for i := range w.Options.Customers {
			if i%block == 0 {
				d := chance.New(w.Options.Seed, forShuffle, i/block)
				order, kinds = d.Perm(block), d.Perm(block)
			}
			if !yield(w.profile(i, plotAt(order[i%block]), kinds[i%block])) {
				return
			}
		}
	}
}

// plotAt is the plot that holds the n-th place of a block.
func plotAt(n int) plot {
	for _, p := range plots {
		if n -= p.count; n < 0 {
			return p
		}
	}
	return plots[0]
}

// profile draws the i-th customer's.
func (w *World) profile(i int, plot plot, slot int) profile {
	d := chance.New(w.Options.Seed, forProfile, i)
	p := profile{index: i, plot: plot, behaviour: plot.behaviour, kind: Business}
	p.draftKind(slot)
	p.place = p.draftPlace(d)
	p.draftMoney(d)
	if p.behaviour == "" {
		p.behaviour = chance.Weighted(d, plainBehaviours)
	}
	p.terms = p.draftTerms(d)
	p.weight = d.Size() + 1
	if len(plot.late) > 0 || plot.facts != nil || plot.country != "" {
		p.weight = max(p.weight, middling*int64(max(1, len(plot.late))))
	}
	if plot.story == SmallBalance {
		p.weight = middling // many rests would not be small together
	}
	if plot.story == Dormant && w.Options.Customers >= block {
		p.weight = 0
	}
	return p
}

// draftKind gives the kinds their shares of a block: 6 % associations, 8 %
// public buyers, 8 % consumers.
func (p *profile) draftKind(slot int) {
	const associations, publics, consumers = block * 6 / 100, block * 8 / 100, block * 8 / 100
	switch {
	case p.plot.business || p.plot.country != "":
	case slot < associations:
		p.association = true
		p.rank = p.index/block*associations + slot
	case slot < associations+publics:
		p.kind = Public
		p.rank = p.index/block*publics + slot - associations
	case slot < associations+publics+consumers:
		p.kind = Consumer
	}
}

func (p *profile) draftPlace(d chance.Draw) place {
	if c := p.plot.country; c != "" {
		return chance.Pick(d, abroad[c])
	}
	return chance.Weighted(d, places)
}

// draftMoney draws the currency, the VAT and the size of the invoices.
func (p *profile) draftMoney(d chance.Draw) {
	p.currency, p.vat = money.EUR, money.BasisPoints(int64(p.place.vat))
	switch p.plot.story {
	case SwissFrancs:
		p.currency = "CHF"
	case Dollars:
		p.currency = "USD"
	case Pounds:
		p.currency = "GBP"
	}
	const medianOfAll = 38_000 // 380,00 net
	p.median = medianOfAll * d.Size() / 1000
	switch p.kind {
	case Consumer:
		p.median = max(2500, p.median/4)
	case Public:
		p.median = p.median * 3 / 2
	}
}

func (p *profile) draftTerms(d chance.Draw) terms {
	switch {
	case p.plot.story == LongTerms:
		return ninetyDays
	case p.kind == Public:
		return thirtyDays // CCP R2192-10
	case p.kind == Consumer:
		return chance.Weighted(d, consumerTerms)
	}
	return chance.Weighted(d, businessTerms)
}

// large tells whether the customer is one of those whom somebody calls first.
func (p *profile) large() bool { return p.kind == Business && !p.association && p.median > 150_000 }
