package match

import (
	"cmp"
	"iter"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Spaces of the hashes in the index.
const (
	ofID      byte = iota + 1 // an item's identifier
	ofDigits                  // the digits of a number, in one of their forms
	ofCompact                 // letters and digits of a number
	ofCode                    // a customer's code
)

// Index holds the open items and the customers of one creditor, ready to be
// asked which of them an entry pays. Explain may be called from several
// goroutines; Take and Put may not, nor beside Explain.
type Index struct {
	rules     Rules
	items     []item     // by customer, day due, day issued and number
	customers []customer // by identifier
	ids       table
	numbers   table
}

// item is an open item as the index keeps it.
type item struct {
	id, number   string
	customer     int32
	kind         Kind
	currency     money.Currency
	issued, due  cal.Date
	amount, open int64
}

// customer is who may have paid, with the place of its items.
type customer struct {
	id, code, name string
	first, last    int32 // items[first:last]
}

// NewIndex prepares what Explain looks at. The order in which items and
// customers come does not matter. An item of a customer that is not given is
// kept under a customer without a name. An item with nothing open is kept for its
// number: a payment that names it was made twice.
func NewIndex(rules Rules, items iter.Seq[Item], customers iter.Seq[Customer], memories iter.Seq[Memory],
	refused iter.Seq[Refused],
) *Index {
	ix := &Index{rules: rules}
	of := ix.takeCustomers(customers)
	ix.takeItems(items, of)
	ix.build()
	return ix
}

func (ix *Index) takeCustomers(customers iter.Seq[Customer]) map[string]int32 {
	for c := range customers {
		ix.customers = append(ix.customers, customer{id: c.ID, code: c.Code, name: c.Name})
	}
	slices.SortFunc(ix.customers, func(a, b customer) int { return cmp.Compare(a.id, b.id) })
	of := make(map[string]int32, len(ix.customers))
	for i, c := range ix.customers {
		of[c.id] = int32(i)
	}
	return of
}

func (ix *Index) takeItems(items iter.Seq[Item], of map[string]int32) {
	for i := range items {
		c, ok := of[i.Customer]
		if !ok {
			c = int32(len(ix.customers))
			of[i.Customer] = c
			ix.customers = append(ix.customers, customer{id: i.Customer})
		}
		ix.items = append(ix.items, item{
			id: i.ID, number: i.Number, customer: c, kind: i.Kind, currency: i.Amount.Currency, issued: i.Issued,
			due: i.Due, amount: i.Amount.Minor, open: i.Open.Minor,
		})
	}
	slices.SortFunc(ix.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(ix.customers[a.customer].id, ix.customers[b.customer].id), cmp.Compare(a.due, b.due),
			cmp.Compare(a.issued, b.issued), cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
	})
}

func (ix *Index) build() {
	var ids, numbers tableBuilder
	var folded, buf []byte
	for i := range ix.items {
		it, at := &ix.items[i], int32(i)
		c := &ix.customers[it.customer]
		if c.last == 0 {
			c.first = at
		}
		c.last = at + 1
		ids.add(hashOf(ofID, it.id), at)
		folded = fold(folded[:0], it.number)
		n := takeApart(folded, it.issued)
		n.forms(buf, func(_ form, digits []byte) { numbers.add(hashOf(ofDigits, unpad(digits)), at) })
		numbers.add(hashOf(ofCompact, compact(buf[:0], folded)), at)
	}
	ix.ids, ix.numbers = ids.build(), numbers.build()
}

// itemOf is the place of the item with an identifier, or -1.
func (ix *Index) itemOf(id string) int32 {
	for _, i := range ix.ids.find(nil, hashOf(ofID, id), 16) {
		if ix.items[i].id == id {
			return i
		}
	}
	return -1
}

// Take takes what an explanation settles off what is open, so that the next
// entry sees the rest.
func (ix *Index) Take(x Explanation) { ix.move(x, -1) }

// Put gives back what Take took.
func (ix *Index) Put(x Explanation) { ix.move(x, 1) }

func (ix *Index) move(x Explanation, sign int64) {
	for _, l := range x.Lines {
		if i := ix.itemOf(l.Item); i >= 0 {
			ix.items[i].open += sign * l.Amount.Abs().Minor
		}
	}
}
