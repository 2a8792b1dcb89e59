// Package chance is where the synthetic world takes its chances from: sources
// that a seed, a purpose and a number determine, so that what is drawn for one
// thing moves nothing of another.
package chance

import (
	"hash/fnv"
	"math/rand/v2"
)

// Draw is a source of chance of its own for one purpose: what is drawn for one
// customer, or for its address, moves nothing of another.
type Draw struct{ *rand.Rand }

// Purpose tells the sources of one thing apart; its eight low bits count.
type Purpose uint64

// New mixes its three numbers well, since neighbouring seeds of a PCG begin
// alike.
func New(seed uint64, p Purpose, index int) Draw {
	a := mix(seed ^ mix(uint64(p)<<56|uint64(index)))
	return Draw{rand.New(rand.NewPCG(a, mix(a)))}
}

// For is the source of what is drawn about something that has a name: an
// invoice, or a customer and a day.
func For(seed uint64, p Purpose, names ...string) Draw {
	h := fnv.New64a()
	for _, n := range names {
		h.Write([]byte(n))
		h.Write([]byte{0})
	}
	const room = 1<<56 - 1 // the purpose has the eight bits above
	return New(seed, p, int(h.Sum64()&room))
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Between is a whole number from lo to hi, both included.
func (d Draw) Between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// Percent is true so many times in a hundred.
func (d Draw) Percent(percent int) bool { return d.IntN(100) < percent }

// Pick is one of a list.
func Pick[T any](d Draw, list []T) T { return list[d.IntN(len(list))] }

// Share is a value and how often it comes, compared with the others.
type Share[T any] struct {
	Parts int
	Value T
}

// Of is a value and its share.
func Of[T any](parts int, value T) Share[T] { return Share[T]{parts, value} }

// Weighted picks one of shares by its parts.
func Weighted[T any](d Draw, shares []Share[T]) T {
	total := 0
	for _, s := range shares {
		total += s.Parts
	}
	n := d.IntN(total)
	for _, s := range shares {
		if n -= s.Parts; n < 0 {
			return s.Value
		}
	}
	return shares[len(shares)-1].Value
}

// sizes are the quantiles of a log-normal distribution (σ = 0.9, median 1) from
// 0.4 % to 99.6 %, in thousandths: invoices, and customers, are many small and
// few large.
var sizes = [33]int{
	92, 196, 258, 311, 360, 407, 454, 501, 548, 597, 647, 698, 752, 809, 869, 932, 1000, 1073, 1151, 1236, 1329,
	1432, 1547, 1676, 1825, 1998, 2204, 2456, 2780, 3219, 3879, 5108, 10879,
}

// Size is drawn from sizes, with a straight line between two quantiles.
func (d Draw) Size() int64 {
	const steps = 64
	n := d.IntN((len(sizes) - 1) * steps)
	lo, hi := sizes[n/steps], sizes[n/steps+1]
	return int64(lo + (hi-lo)*(n%steps)/steps)
}
