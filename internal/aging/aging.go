package aging

import (
	"math/bits"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Credits says where credits that no invoice has taken stand.
type Credits string

// The two places. The total is the same in both.
const (
	CreditsAged  Credits = "aged"  // in the bands, by their own date (the default)
	CreditsApart Credits = "apart" // in a column of their own, « non affecté »
)

// Balance adds items up, one by one, into a row per customer and currency: it
// keeps a few numbers per row and no item, so a million of them may stream by.
type Balance struct {
	on      cal.Date
	bands   Bands
	credits Credits
	rows    map[rowKey]int // place of the row's first number in cells
	cells   []int64        // per row: its bands, then the column apart
	late    map[money.Currency]*lateness
	err     error
}

type rowKey struct {
	customer string
	currency money.Currency
}

// lateness weighs the days of overdue items by their amounts.
type lateness struct {
	amount product // Σ amount
	days   product // Σ amount × age
}

// NewBalance is an empty balance as of a day.
func NewBalance(on cal.Date, bands Bands, credits Credits) *Balance {
	return &Balance{
		on: on, bands: bands, credits: credits,
		rows: make(map[rowKey]int), late: make(map[money.Currency]*lateness),
	}
}

// Add takes in an invoice's open amount, signed. An item without due date is
// counted as due today.
func (b *Balance) Add(customer string, due cal.Date, open money.Amount) {
	age := Age(due, b.on)
	b.put(customer, open.Currency, b.bands.Index(age), open.Minor)
	b.AddLate(due, open)
}

// AddLate weighs what is open of invoices that were due on a day, beside rows that
// somebody else has added up; what is not late weighs nothing.
func (b *Balance) AddLate(due cal.Date, open money.Amount) {
	age := Age(due, b.on)
	if age <= 0 || open.Minor <= 0 {
		return
	}
	l := b.late[open.Currency]
	if l == nil {
		l = new(lateness)
		b.late[open.Currency] = l
	}
	l.amount.add(uint64(open.Minor), 1)
	l.days.add(uint64(open.Minor), uint64(age))
}

// AddCredit takes in what is left of a credit note or payment of a day: a
// positive amount, which lowers the balance.
func (b *Balance) AddCredit(customer string, on cal.Date, open money.Amount) {
	column := b.bands.Count() // apart
	if b.credits != CreditsApart {
		column = b.bands.Index(Age(on, b.on))
	}
	b.put(customer, open.Currency, column, -open.Minor)
}

// AddRow takes in a row that somebody else has added up: its bands, as many as
// this balance has, and the column apart.
func (b *Balance) AddRow(customer string, c money.Currency, bands []int64, apart int64) {
	for i, minor := range bands[:min(len(bands), b.bands.Count())] {
		b.put(customer, c, i, minor)
	}
	b.put(customer, c, b.bands.Count(), apart)
}

func (b *Balance) put(customer string, c money.Currency, column int, minor int64) {
	key := rowKey{customer, c}
	at, ok := b.rows[key]
	if !ok {
		at = len(b.cells)
		b.rows[key] = at
		b.cells = append(b.cells, make([]int64, b.bands.Count()+1)...)
	}
	b.cells[at+column] = b.sum(b.cells[at+column], minor)
}

// sum adds with a check: a sum that overflows makes the report an error.
func (b *Balance) sum(x, y int64) int64 {
	s := x + y
	if (x > 0) == (y > 0) && (s > 0) != (x > 0) && x != 0 && y != 0 {
		b.err = fault.Invalidf("amount", "la somme des montants dépasse ce qui se compte")
	}
	return s
}

// Report is a balance spread by age.
type Report struct {
	On     cal.Date
	Bands  Bands
	Apart  bool    // credits stand in their own column
	Groups []Group // by currency
}

// Group is all that is owed in one currency. Numbers are minor units.
type Group struct {
	Currency    money.Currency
	Customers   []Row // by customer
	Amounts     []int64
	Unallocated int64 // credits apart: zero or less
	Total       int64
	WeightedAge Figure // days late of overdue items, weighted by amount
}

// Row is what one customer owes. Its Amounts and Unallocated add up to Total.
type Row struct {
	Customer    string
	Amounts     []int64
	Unallocated int64
	Total       int64
}

// Report gives the groups, or an error if a sum did not fit.
func (b *Balance) Report() (Report, error) {
	r := Report{On: b.on, Bands: b.bands, Apart: b.credits == CreditsApart}
	keys := make([]rowKey, 0, len(b.rows))
	for key := range b.rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y rowKey) int {
		if c := strings.Compare(string(x.currency), string(y.currency)); c != 0 {
			return c
		}
		return strings.Compare(x.customer, y.customer)
	})
	for _, key := range keys {
		if n := len(r.Groups); n == 0 || r.Groups[n-1].Currency != key.currency {
			r.Groups = append(r.Groups, b.group(key.currency))
		}
		g := &r.Groups[len(r.Groups)-1]
		g.Customers = append(g.Customers, b.row(key, g))
	}
	return r, b.err
}

func (b *Balance) group(c money.Currency) Group {
	g := Group{Currency: c, Amounts: make([]int64, b.bands.Count())}
	if l := b.late[c]; l != nil {
		g.WeightedAge = ratio(l.days.big(), l.amount.big())
	}
	return g
}

// row gives a customer's row and adds it to its group.
func (b *Balance) row(key rowKey, g *Group) Row {
	at, n := b.rows[key], b.bands.Count()
	row := Row{Customer: key.customer, Amounts: b.cells[at : at+n : at+n], Unallocated: b.cells[at+n]}
	for i, minor := range row.Amounts {
		row.Total = b.sum(row.Total, minor)
		g.Amounts[i] = b.sum(g.Amounts[i], minor)
	}
	row.Total = b.sum(row.Total, row.Unallocated)
	g.Unallocated = b.sum(g.Unallocated, row.Unallocated)
	g.Total = b.sum(g.Total, row.Total)
	return row
}

// product is a sum of products of 64-bit numbers, in 128 bits.
type product struct{ hi, lo uint64 }

func (p *product) add(x, y uint64) {
	hi, lo := bits.Mul64(x, y)
	var carry uint64
	p.lo, carry = bits.Add64(p.lo, lo, 0)
	p.hi, _ = bits.Add64(p.hi, hi, carry)
}
