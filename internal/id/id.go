// Package id makes identifiers that sort by the time they were made.
package id

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Maker mints identifiers. Two of one maker never collide; two of different
// makers practically never. It is safe for concurrent use.
type Maker struct {
	mu   sync.Mutex
	rand *rand.Rand
	last int64
	low  uint32
}

// NewMaker is a maker whose random part comes from seed, so that a test or a
// demonstration makes the same identifiers each time.
func NewMaker(seed uint64) *Maker {
	return &Maker{rand: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15))}
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32

// New is prefix, an underscore and sixteen characters: 48 bits of milliseconds
// and 30 bits that are random, then counted up within the same millisecond.
func (m *Maker) New(prefix string, now time.Time) string {
	ms, low := m.next(now.UnixMilli())
	var b [16]byte
	for i := 9; i >= 0; i-- {
		b[i] = alphabet[ms&31]
		ms >>= 5
	}
	for i := 15; i >= 10; i-- {
		b[i] = alphabet[low&31]
		low >>= 5
	}
	return prefix + "_" + string(b[:])
}

// next gives the millisecond and the low part; a clock that stands still or
// goes back keeps the last millisecond and counts on.
func (m *Maker) next(ms int64) (int64, uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ms > m.last {
		m.last, m.low = ms, m.rand.Uint32()&(1<<28-1) // room to count upwards
	} else {
		m.low++
	}
	if m.low >= 1<<30 { // six characters hold 30 bits
		m.last, m.low = m.last+1, m.rand.Uint32()&(1<<28-1)
	}
	return m.last, m.low
}
