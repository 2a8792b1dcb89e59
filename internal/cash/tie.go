package cash

import (
	"acquit/internal/bank"
	"acquit/internal/match"
)

// tie is the documents of the books that are the money of an entry, and how much
// of it each is.
type tie struct {
	customer string
	parts    []part
}

func (t *tie) documents() []string {
	if t == nil {
		return nil
	}
	return things(t.parts, roleLink)
}

// link plans the tie of an entry to documents that are there.
func (b *books) link(e bank.Kept, t *tie, x match.Explanation) (*booking, error) {
	return &booking{
		entry: e, customers: []string{t.customer}, parts: t.parts, numbers: map[string]string{},
		app: Application{ID: b.newID("app"), Entry: e.ID, Kind: LinkKind, Explanation: x, By: b.actor},
	}, nil
}
