package bankyear

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
	"acquit/internal/fault"
)

// MaxMonths is how long a year may be.
const MaxMonths = 24

// Options say how much of a bank is wanted.
type Options struct {
	Months  int
	Entries int // at most so many, by taking customers evenly with all that they pay; 0 for all
}

// Year is what the bank says of a world in the months after its day. It holds
// no entry but those of the days that it makes at once (at most window of
// them): a year of more takes several passes over the world.
type Year struct {
	World   *demo.World
	Options Options

	last    cal.Date
	buckets int   // of the customers, those of the first buckets take part
	perDay  []int // pieces of each day, of those that take part, about
}

// window is how many pieces are held at once, about.
const window = 250_000

// allBuckets are into how many parts the customers are shuffled.
const allBuckets = 1 << 14

// New prepares a year: it goes once through all customers, to know how much
// each day brings.
func New(w *demo.World, o Options) (*Year, error) {
	if o.Months < 1 || o.Months > MaxMonths {
		return nil, fault.Invalidf("bank", "il faut de 1 à %d mois de relevés", MaxMonths)
	}
	if o.Entries < 0 {
		return nil, fault.Invalidf("entries", "il faut un nombre d’écritures positif")
	}
	y := &Year{World: w, Options: o, last: w.Options.On.AddMonths(o.Months), buckets: allBuckets}
	y.perDay = make([]int, y.last.Sub(w.Options.On)+1)
	y.count()
	return y, nil
}

// count goes through the year once: how much each day brings, and how many
// customers may take part.
func (y *Year) count() {
	costs := make([]int, allBuckets)
	for c, index := range y.customers() {
		for _, p := range y.account(c, index).live() {
			costs[y.bucket(index)] += p.cost()
			y.perDay[p.on.Sub(y.World.Options.On)]++
		}
	}
	if y.Options.Entries == 0 {
		return
	}
	const fixed = 14 // entries a month that come whatever customers do
	limit := (y.Options.Entries - fixed*y.Options.Months) * 1000 * 100 / (100 + othersPercent)
	total, taken := 0, 0
	for _, cost := range costs {
		total += cost
	}
	for y.buckets = 0; y.buckets < allBuckets && taken+costs[y.buckets] <= limit; y.buckets++ {
		taken += costs[y.buckets]
	}
	for i, n := range y.perDay {
		if total > 0 {
			y.perDay[i] = int(int64(n) * int64(taken) / int64(total))
		}
	}
}

// cost is how much of an entry a piece is, in thousandths: cheques and cards
// share one.
func (p piece) cost() int {
	switch {
	case p.truth.Paid == GoesBack, p.pool == "", p.pool == "debit":
		return 1000
	case p.pool == "cheque":
		return 180
	case p.pool == "card":
		return 110
	}
	return 950
}

// customers are all of them with their places, as long as the loop goes on.
func (y *Year) customers() iter.Seq2[*demo.Customer, int] {
	return func(yield func(*demo.Customer, int) bool) {
		index := 0
		for c := range y.World.Customers() {
			if !yield(c, index) {
				return
			}
			index++
		}
	}
}

func (y *Year) bucket(index int) int {
	return chance.New(y.World.Options.Seed, forSample, index).IntN(allBuckets)
}

// Takes tells whether the customer of a place takes part in the year.
func (y *Year) Takes(index int) bool { return y.bucket(index) < y.buckets }

// Movements are the entries by their days.
func (y *Year) Movements() iter.Seq[Movement] {
	return func(yield func(Movement) bool) {
		m := &making{Year: y, refs: map[[2]int]string{}}
		first := y.World.Options.On + 1
		for first <= y.last {
			last := first
			for held := 0; last < y.last; last++ {
				if held += y.perDay[last.Sub(y.World.Options.On)]; held > window {
					break
				}
			}
			if !m.days(first, last, yield) {
				return
			}
			first = last + 1
		}
	}
}

// making is a year being made.
type making struct {
	*Year
	refs map[[2]int]string // of what will go back, by customer and piece
	made int
}

// days makes the entries of some days, which one pass over the customers gives.
func (m *making) days(first, last cal.Date, yield func(Movement) bool) bool {
	pieces := make([][]piece, last.Sub(first)+1)
	for c, index := range m.customers() {
		if !m.Takes(index) {
			continue
		}
		for _, p := range m.account(c, index).live() {
			if p.on >= first && p.on <= last {
				pieces[p.on.Sub(first)] = append(pieces[p.on.Sub(first)], p)
			}
		}
	}
	for i, some := range pieces {
		d := gather(m.World.Options.Seed, first.Add(i), some)
		if m.World.Calendar().IsOpen(d.on) {
			d.nobody(m.World.Calendar())
		}
		if !m.book(d, yield) {
			return false
		}
		pieces[i] = nil
	}
	return true
}

// book gives the entries of a day their references, in the order in which the
// bank lists them: details of one batch stay together.
func (m *making) book(d *day, yield func(Movement) bool) bool {
	keys := make([]int, len(d.list)+1)
	for i := range keys {
		keys[i] = d.IntN(1 << 30)
	}
	place := func(i int) int {
		if b := d.list[i].batch; b > 0 {
			return -b
		}
		return keys[i]
	}
	order := make([]int, len(d.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(place(x), place(y)) })
	parts := map[int]int{}
	for n, i := range order {
		if m.Options.Entries > 0 && m.made >= m.Options.Entries {
			return false
		}
		m.made++
		if !yield(m.movement(d, &d.list[i], n+1, parts)) {
			return false
		}
	}
	return true
}

// movement is an arrival as the bank writes it.
func (m *making) movement(d *day, a *arrival, n int, parts map[int]int) Movement {
	e, y := a.entry, d.on.Year()%100
	_, month, date := d.on.Date()
	e.On, e.Value = d.on, d.on
	e.BankRef = fmt.Sprintf("B%02d%02d%02d%06d", y, int(month), date, n)
	if a.batch > 0 {
		parts[a.batch]++
		e.Batch, e.Part = fmt.Sprintf("P%02d%02d%02d%03d", y, int(month), date, a.batch), parts[a.batch]
	}
	a.truth.Ref = e.BankRef
	for _, p := range a.pieces {
		if p.goesBack {
			m.refs[[2]int{p.index, p.nth}] = e.BankRef
		}
		if p.takesBack > 0 {
			a.truth.Of = m.refs[[2]int{p.index, p.takesBack}]
		}
	}
	e.Label = label(&e)
	e.Texts = append(e.Texts, e.Label) // as statements have it: the payer's words, then the bank's
	return Movement{&e, a.truth}
}

// words open the bank's line, by what moved.
var words = map[bank.Means]string{
	bank.Transfer: "VIR SEPA RECU", bank.Debit: "PRLV SEPA", bank.Cheque: "CHEQUE IMPAYE", bank.Card: "IMPAYE CB",
	bank.Bill: "EFFET",
}

// label is the bank's line: what moved, and who.
func label(e *bank.Entry) string {
	s := e.Label
	if s == "" {
		s = words[e.Means]
		if e.Return != nil && e.Means == bank.Debit {
			s = "REJET PRLV SEPA"
		}
	}
	if e.Party.Name != "" {
		s += " " + e.Party.Name
	}
	return s
}
