package match

import (
	"cmp"
	"slices"

	"acquit/internal/money"
)

// Explain answers what an entry may be, the best explanation first.
func (ix *Index) Explain(e Entry) Answer {
	var t text
	t.read(slices.Concat(e.Texts, e.Structured, []string{e.EndToEnd}))
	named := ix.named(&t, e.Amount.Currency)
	var a Answer
	for _, i := range named {
		c := ix.customers[ix.items[i].customer].id
		if !slices.Contains(a.Suspects, c) {
			a.Suspects = append(a.Suspects, c)
		}
	}
	if len(named) == 0 {
		return a
	}
	a.Explanations = []Explanation{ix.spread(e, named)}
	a.Unique = true
	return a
}

// named are the items whose whole number stands in the text.
func (ix *Index) named(t *text, currency money.Currency) []int32 {
	var found []int32
	for _, r := range t.runs {
		for _, i := range ix.numbers.find(nil, hashOf(ofDigits, unpad(r.digits)), 32) {
			it := &ix.items[i]
			n := takeApart(fold(nil, it.number), it.issued)
			if string(n.digits) == r.digits && len(r.digits) >= 3 && it.currency == currency && it.open > 0 {
				found = append(found, i)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// spread sets an entry against the items that it names, credit notes first.
func (ix *Index) spread(e Entry, named []int32) Explanation {
	slices.SortStableFunc(named, func(a, b int32) int {
		return cmp.Compare(ix.items[a].sign(), ix.items[b].sign())
	})
	x := Explanation{Customer: ix.customers[ix.items[named[0]].customer].id, Confidence: 9000}
	left := e.Amount.Minor
	for _, i := range named {
		it := &ix.items[i]
		amount := it.sign() * it.open
		if amount > 0 {
			amount = min(amount, left)
		}
		if amount == 0 {
			continue
		}
		left -= amount
		x.Lines = append(x.Lines, Line{it.id, ix.customers[it.customer].id, money.New(amount, it.currency)})
		x.Reasons = append(x.Reasons, Reason{Code: "reference", Item: it.number, Found: it.number})
	}
	x.Remainder = money.New(left, e.Amount.Currency)
	if left == 0 {
		x.Confidence = 9990
	}
	return x
}

// sign is −1 for what may be taken off a payment.
func (it *item) sign() int64 {
	if it.kind == CreditNote || it.kind == Payment {
		return -1
	}
	return 1
}
