package match

import "strings"

// arena keeps copies of short strings together, so that a million of them cost
// the collector nothing and the caller's rows can go.
type arena struct {
	chunk *strings.Builder
	once  map[string]string // the strings of which there are few
}

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

// keepOnce is a copy of s, the same for all that are alike.
func (a *arena) keepOnce(s string) string {
	kept, ok := a.once[s]
	if !ok {
		if a.once == nil {
			a.once = map[string]string{}
		}
		kept = a.keep(s)
		a.once[kept] = kept
	}
	return kept
}
