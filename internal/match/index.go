package match

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"sync"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Spaces of the hashes in the index.
const (
	ofID       byte = iota + 1 // an item's identifier
	ofDigits                   // the digits of a number, in one of their forms
	ofCompact                  // letters and digits of a number
	ofOrder                    // of a purchase order or a contract
	ofAmount                   // what is open of an item
	ofSum                      // what is open of several items of a customer
	ofExpected                 // an announced amount
	ofCode                     // a customer's code
	ofSIREN
	ofMandate
	ofGroup
	ofGroupName
	ofName // a customer's name, its words joined
	ofPayerIBAN
	ofPayerName
	ofDelete // a word with one letter left out
)

// Index holds the open items and the customers of one creditor, ready to be
// asked which of them an entry pays. Explain may be called from several
// goroutines; Take and Put may not, nor beside Explain.
type Index struct {
	rules      Rules
	currencies []money.Currency
	items      []item  // by customer, day due, day issued and number
	extras     []extra // of some items
	customers  []customer
	memories   []memory
	byItem     table // what leads to items
	byCustomer table // what leads to customers
	byPayer    table // what leads to memories
	names      names
	inTown     map[string]int     // customers of each town
	publicIn   map[string][]int32 // public bodies by their town and by their département
	prefixes   map[string]bool    // the letters before numbers
	refused    map[string][]Refused
	learnt     map[string][]memory
	given      int                // customers that were given: in the order of their identifiers
	moved      map[uint64][]int32 // items whose open amount changed since the tables were built
	known      weight             // what it is worth to be one of all customers
	pool       sync.Pool
}

// item is an open item as the index keeps it.
type item struct {
	id, number   string
	amount, open int64
	customer     int32
	extra        int32 // place in extras, or -1
	issued, due  cal.Date
	kind         kind
	currency     uint8
}

// extra is what few items have.
type extra struct {
	order, contract, preceding string
	discount                   Discount
	expected                   []Expected
}

// kind is a Kind in one byte.
type kind uint8

const (
	isInvoice kind = iota
	isCredit
	isPayment
	isCharge
)

func kindOf(k Kind) kind {
	switch k {
	case CreditNote:
		return isCredit
	case Payment:
		return isPayment
	case Charge:
		return isCharge
	}
	return isInvoice
}

// signed is what is open, negative for what may be taken off a payment.
func (it *item) signed() int64 {
	if it.kind == isCredit || it.kind == isPayment {
		return -it.open
	}
	return it.open
}

// customer is who may have paid, with the place of its items.
type customer struct {
	id, code, name, siren string
	group                 string
	public                bool
	place                 place
	expected              []Expected
	first, last           int32 // items[first:last]
}

// memory is a payer known from before.
type memory struct {
	customer int32
	times    int32
	key      string
}

// NewIndex prepares what Explain looks at. The order in which items and
// customers come does not matter. An item of a customer that is not given is
// kept under a customer without a name. An item with nothing open is kept for its
// number: a payment that names it was made twice. It keeps no string of the
// caller's.
func NewIndex(rules Rules, items iter.Seq[Item], customers iter.Seq[Customer], memories iter.Seq[Memory],
	refused iter.Seq[Refused],
) *Index {
	ix := &Index{
		rules: rules, prefixes: map[string]bool{}, refused: map[string][]Refused{}, moved: map[uint64][]int32{},
		learnt: map[string][]memory{},
	}
	var text arena
	var keys tableBuilder
	of := ix.takeCustomers(customers, &text, &keys)
	ix.takeItems(items, of, &text)
	ix.sortItems()
	ix.indexItems()
	ix.indexSums(&keys)
	ix.indexPlaces()
	ix.indexTowns()
	ix.indexNames(&keys)
	ix.byCustomer = keys.build()
	ix.takeMemories(memories, of)
	for r := range refused {
		ix.refused[r.Entry] = append(ix.refused[r.Entry], r)
	}
	ix.known = weight(100 * math.Log10(float64(max(len(ix.customers), fewCustomers))))
	ix.pool.New = func() any { return newReader(ix) }
	return ix
}

// fewCustomers is the least number of customers that is reckoned with: money may
// come from others than the few that a young company has.
const fewCustomers = 50

func (ix *Index) takeCustomers(customers iter.Seq[Customer], text *arena, keys *tableBuilder) map[string]int32 {
	type given struct {
		customer
		mandates []string
	}
	var all []given
	for c := range customers {
		g := given{customer{
			id: text.keep(c.ID), code: text.keep(c.Code), name: text.keep(c.Name), siren: text.keep(c.SIREN),
			group: text.keep(c.Group), public: c.Public,
			place: placeOf(text, c), expected: slices.Clone(c.Expected),
		}, slices.Clone(c.Mandates)}
		slices.Sort(g.mandates)
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b given) int { return cmp.Compare(a.id, b.id) })
	of := make(map[string]int32, len(all))
	ix.customers = make([]customer, 0, len(all))
	for i, g := range all {
		of[g.id] = int32(i)
		ix.customers = append(ix.customers, g.customer)
		for _, m := range g.mandates {
			keys.add(hashOf(ofMandate, compacted(m)), int32(i))
		}
	}
	ix.given = len(all)
	return of
}

func (ix *Index) takeItems(items iter.Seq[Item], of map[string]int32, text *arena) {
	for i := range items {
		c, ok := of[i.Customer]
		if !ok {
			c = int32(len(ix.customers))
			id := text.keep(i.Customer)
			of[id] = c
			ix.customers = append(ix.customers, customer{id: id})
		}
		currency := cmp.Or(i.Amount.Currency, i.Open.Currency)
		ix.items = append(ix.items, item{
			id: text.keep(i.ID), number: text.keep(i.Number), customer: c, kind: kindOf(i.Kind),
			currency: ix.currency(currency), issued: i.Issued, due: i.Due, amount: i.Amount.Minor,
			open: max(0, i.Open.Minor), extra: ix.keepExtra(&i, text),
		})
	}
}

// keepExtra keeps what few items have, and gives its place.
func (ix *Index) keepExtra(i *Item, text *arena) int32 {
	if i.Order == "" && i.Contract == "" && i.Preceding == "" && i.Discount.Rate == 0 && len(i.Expected) == 0 {
		return -1
	}
	ix.extras = append(ix.extras, extra{
		order: text.keep(i.Order), contract: text.keep(i.Contract), preceding: text.keep(i.Preceding),
		discount: i.Discount, expected: slices.Clone(i.Expected),
	})
	return int32(len(ix.extras) - 1)
}

// currency is the place of a currency; beyond 255 of them the last is shared,
// and amounts of different currencies are never in one explanation anyway since
// its name is compared too.
func (ix *Index) currency(c money.Currency) uint8 {
	for i, known := range ix.currencies {
		if known == c {
			return uint8(i)
		}
	}
	if len(ix.currencies) == math.MaxUint8 {
		return math.MaxUint8
	}
	ix.currencies = append(ix.currencies, c)
	return uint8(len(ix.currencies) - 1)
}

// sortItems puts the items of a customer together, the oldest debt first.
func (ix *Index) sortItems() {
	slices.SortFunc(ix.items, func(a, b item) int {
		if a.customer != b.customer {
			return cmp.Compare(ix.customers[a.customer].id, ix.customers[b.customer].id)
		}
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.issued, b.issued), cmp.Compare(a.number, b.number),
			cmp.Compare(a.id, b.id))
	})
	for i := range ix.items {
		c := &ix.customers[ix.items[i].customer]
		if c.last == 0 {
			c.first = int32(i)
		}
		c.last = int32(i) + 1
	}
}

// indexItems makes what leads to items: numbers in all their forms, orders,
// amounts.
func (ix *Index) indexItems() {
	var keys tableBuilder
	keys.grow(7 * len(ix.items))
	var folded, buf [4 * maxNumber]byte
	for i := range ix.items {
		it, at := &ix.items[i], int32(i)
		keys.add(hashOf(ofID, it.id), at)
		keys.add(ix.amountKey(it.open, it.currency), at)
		n := takeApart(fold(folded[:0], it.number), it.issued)
		n.forms(buf[:0], func(_ form, digits []byte) { keys.addNew(hashOf(ofDigits, unpad(digits)), at) })
		if len(n.digits) < 5 || n.groups > 3 {
			keys.addNew(hashOf(ofCompact, compact(buf[:0], n.text)), at)
		}
		if len(n.prefix) > 0 {
			ix.prefixes[string(n.prefix)] = true
		}
		ix.indexExtra(&keys, it, at)
	}
	ix.byItem = keys.build()
}

func (ix *Index) indexExtra(keys *tableBuilder, it *item, at int32) {
	if it.extra < 0 {
		return
	}
	x := &ix.extras[it.extra]
	for _, s := range []string{x.order, x.contract} {
		if key := compacted(s); len(key) >= 4 {
			keys.addNew(hashOf(ofOrder, key), at)
			if d := digitsOf(key); len(d) >= 5 && len(d) < len(key) {
				keys.addNew(hashOf(ofOrder, d), at)
			}
		}
	}
	for _, e := range x.expected {
		keys.add(hashInt(ofExpected, e.Amount.Minor), at)
	}
}

func (ix *Index) amountKey(minor int64, currency uint8) uint64 {
	return hashInt(ofAmount, minor<<8|int64(currency))
}

// takeMemories keeps the payers of before; what is known of one customer twice
// adds up.
func (ix *Index) takeMemories(memories iter.Seq[Memory], of map[string]int32) {
	times := map[memory]int32{}
	for m := range memories {
		c, ok := of[m.Customer]
		if !ok {
			continue
		}
		for _, key := range []string{ibanKey(m.IBAN), nameKey(m.Name)} {
			if key != "" {
				times[memory{customer: c, key: key}] += int32(max(1, m.Times))
			}
		}
	}
	for m, n := range times {
		ix.memories = append(ix.memories, memory{m.customer, n, m.key})
	}
	slices.SortFunc(ix.memories, func(a, b memory) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.times, a.times), cmp.Compare(a.customer, b.customer))
	})
	var keys tableBuilder
	for i, m := range ix.memories {
		keys.add(hashOf(ofPayerIBAN, m.key), int32(i))
	}
	ix.byPayer = keys.build()
}

// ibanKey and nameKey are what a payer is remembered by.
func ibanKey(iban string) string {
	if key := compacted(iban); key != "" {
		return "=" + key
	}
	return ""
}

func nameKey(name string) string { return compacted(name) }

// Learn remembers that a payer paid for a customer, so that the next entry of the
// same payer is known; as Take, it may not run beside Explain.
func (ix *Index) Learn(m Memory) {
	c := ix.customerOf(m.Customer)
	if c < 0 {
		return
	}
	for _, key := range []string{ibanKey(m.IBAN), nameKey(m.Name)} {
		if key == "" {
			continue
		}
		list := ix.learnt[key]
		at := slices.IndexFunc(list, func(x memory) bool { return x.customer == c })
		if at < 0 {
			ix.learnt[key] = append(list, memory{customer: c, times: int32(max(1, m.Times))})
		} else {
			list[at].times += int32(max(1, m.Times))
		}
	}
}

// customerOf is the place of a customer, or -1.
func (ix *Index) customerOf(id string) int32 {
	at, ok := slices.BinarySearchFunc(ix.customers[:ix.given], id, func(c customer, id string) int {
		return cmp.Compare(c.id, id)
	})
	if !ok {
		return -1
	}
	return int32(at)
}

// paidFor lists for whom a payer paid before: what was given at the beginning and
// what was learnt since.
func (ix *Index) paidFor(key string) []memory {
	var list []memory
	for _, i := range ix.byPayer.find(nil, hashOf(ofPayerIBAN, key), maxMemories) {
		if ix.memories[i].key == key {
			list = append(list, ix.memories[i])
		}
	}
	for _, m := range ix.learnt[key] {
		at := slices.IndexFunc(list, func(x memory) bool { return x.customer == m.customer })
		if at < 0 {
			list = append(list, m)
		} else {
			list[at].times += m.times
		}
	}
	return list
}

// maxMemories bounds the customers that one payer is remembered for.
const maxMemories = 400

// itemOf is the place of the item with an identifier, or -1.
func (ix *Index) itemOf(id string) int32 {
	var buf [16]int32
	for _, i := range ix.byItem.find(buf[:0], hashOf(ofID, id), len(buf)) {
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

// move changes what is open and notes the new amounts, since the tables hold
// those of the beginning. What a line settles holds what its adjustment settles.
func (ix *Index) move(x Explanation, sign int64) {
	for _, l := range x.Lines {
		i := ix.itemOf(l.Item)
		if i < 0 {
			continue
		}
		it := &ix.items[i]
		it.open += sign * l.Amount.Abs().Minor
		key := ix.amountKey(it.open, it.currency)
		if it.open > 0 && !slices.Contains(ix.moved[key], i) {
			at, _ := slices.BinarySearch(ix.moved[key], i)
			ix.moved[key] = slices.Insert(ix.moved[key], at, i)
		}
		ix.noteSums(it.customer)
	}
}

// openAt gives the items of which exactly an amount is open, at most limit.
func (ix *Index) openAt(dst []int32, minor int64, currency uint8, limit int) []int32 {
	key := ix.amountKey(minor, currency)
	from := len(dst)
	for _, i := range ix.byItem.find(nil, key, limit) {
		if ix.items[i].open == minor && ix.items[i].currency == currency {
			dst = append(dst, i)
		}
	}
	for _, i := range ix.moved[key] {
		if ix.items[i].open == minor && ix.items[i].currency == currency && !slices.Contains(dst[from:], i) {
			dst = append(dst, i)
		}
	}
	return dst
}
