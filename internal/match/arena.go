package match

import "strings"

// arena keeps copies of short strings together, so that a million of them cost
// the collector nothing and the caller's rows can go.
type arena struct{ chunk *strings.Builder }

const arenaChunk = 1 << 16

// keep is a copy of s.
func (a *arena) keep(s string) string {
	if s == "" {
		return ""
	}
	if a.chunk == nil || a.chunk.Len()+len(s) > a.chunk.Cap() {
		a.chunk = new(strings.Builder)
		a.chunk.Grow(max(arenaChunk, len(s)))
	}
	from := a.chunk.Len()
	a.chunk.WriteString(s)
	return a.chunk.String()[from:]
}
