package match

import "strings"

// codeTown is the reason that the payer's name ends with the customer's town, as
// trade names do.
const codeTown = "payer_town"

// maxCommon bounds the items of one amount that are looked at one by one.
const maxCommon = 2048

// leastName is the least that a name must be worth.
const leastName = 60

// byTown looks at the items of the very amount, where nobody is sure to have paid, for
// one of a customer with whose town the payer's name ends.
func (r *reader) byTown() {
	if r.isSure() || r.treasury.is {
		return
	}
	for _, i := range r.ix.openAt(nil, r.amount, r.currency, maxCommon) {
		if it := &r.ix.items[i]; it.signed() > 0 && r.townSays(it.customer) > 0 {
			r.candidateOf(it.customer).amount = anItem
		}
	}
}

// townSays is what it says for a customer that the payer's name, which is not its
// own, ends with its town.
func (r *reader) townSays(c int32) weight {
	town := r.ix.customers[c].place.city
	if town == "" || r.treasury.is || !strings.HasSuffix(r.payerTown, " "+town) {
		return 0
	}
	w := lograrityOf(len(r.ix.customers)) - lograrityOf(r.ix.inTown[town]) - 30
	return max(0, min(w, 150))
}

// indexTowns counts the customers of each town.
func (ix *Index) indexTowns() {
	ix.inTown = map[string]int{}
	for i := range ix.customers {
		ix.inTown[ix.customers[i].place.city]++
	}
}
