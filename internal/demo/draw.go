package demo

import (
	"hash/fnv"
	"math/rand/v2"

	"acquit/internal/money"
)

// draw is a source of chance of its own for one purpose: what is drawn for one
// customer, or for its address, moves nothing of another.
type draw struct{ *rand.Rand }

// purpose tells the sources of one customer apart.
type purpose uint64

const (
	forShuffle purpose = iota + 1
	forWeight
	forProfile
	forIdentity
	forLedger
	forDelay  // when an invoice is paid that nobody asks about
	forAnswer // what a customer answers a reminder
	forWord   // whether it keeps a promise
)

// newDraw mixes its three numbers well, since neighbouring seeds of a PCG begin
// alike.
func newDraw(seed uint64, p purpose, index int) draw {
	a := mix(seed ^ mix(uint64(p)<<56|uint64(index)))
	return draw{rand.New(rand.NewPCG(a, mix(a)))}
}

// drawFor is the source of what is drawn about something that has a name: an
// invoice, or a customer and a day.
func drawFor(seed uint64, p purpose, names ...string) draw {
	h := fnv.New64a()
	for _, n := range names {
		h.Write([]byte(n))
		h.Write([]byte{0})
	}
	const room = 1<<56 - 1 // the purpose has the eight bits above
	return newDraw(seed, p, int(h.Sum64()&room))
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// between is a whole number from lo to hi, both included.
func (d draw) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// chance is true so many times in a hundred.
func (d draw) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d draw, list []T) T { return list[d.IntN(len(list))] }

// share is a value and how often it comes, compared with the others.
type share[T any] struct {
	parts int
	value T
}

// weighted picks one of shares by its parts.
func weighted[T any](d draw, shares []share[T]) T {
	total := 0
	for _, s := range shares {
		total += s.parts
	}
	n := d.IntN(total)
	for _, s := range shares {
		if n -= s.parts; n < 0 {
			return s.value
		}
	}
	return shares[len(shares)-1].value
}

// sizes are the quantiles of a log-normal distribution (σ = 0.9, median 1) from
// 0.4 % to 99.6 %, in thousandths: invoices, and customers, are many small and
// few large.
var sizes = [33]int{
	92, 196, 258, 311, 360, 407, 454, 501, 548, 597, 647, 698, 752, 809, 869, 932, 1000, 1073, 1151, 1236, 1329,
	1432, 1547, 1676, 1825, 1998, 2204, 2456, 2780, 3219, 3879, 5108, 10879,
}

// size is drawn from sizes, with a straight line between two quantiles.
func (d draw) size() int64 {
	const steps = 64
	n := d.IntN((len(sizes) - 1) * steps)
	lo, hi := sizes[n/steps], sizes[n/steps+1]
	return int64(lo + (hi-lo)*(n%steps)/steps)
}

// part is so many hundredths of a, at least one minor unit.
func part(a money.Amount, percent int) money.Amount {
	return money.New(max(1, a.Minor*int64(percent)/100), a.Currency)
}
