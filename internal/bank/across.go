package bank

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
)

// How many days lie between what is one movement.
const (
	settles = 10 // announced, and booked
	strays  = 5  // two formats that date differently: by the operation, by the value
	guesses = 3  // where nothing but the amount speaks for it
	reach   = 15 // days around a portion of which the book must know
)

// acrossDays finds the movement of another day that an entry is: one that was
// announced and is now booked, or that another format dates otherwise.
func (id *identity) acrossDays(n *incoming) *movement {
	k := bucketOf(id.st.source, n.Entry)
	k.on = 0
	var best *movement
	var mark [2]int
	alone := true
	for _, m := range id.book.amounts[k] {
		score := id.score(n, m)
		if score == 0 || m.sightedBy(id.st.id) || !id.allows(n, m, fair) {
			continue
		}
		now := [2]int{score, -distance(n.On, m.known.On)}
		switch c := cmp.Or(cmp.Compare(now[0], mark[0]), cmp.Compare(now[1], mark[1])); {
		case best == nil || c > 0:
			best, mark, alone = m, now, true
		case c == 0:
			alone = false
		}
	}
	if best != nil && mark[0] == onlyAmount && !alone {
		return nil
	}
	return best
}

// What speaks for an entry's being a movement of another day.
const (
	onlyAmount = 1 + iota
	sameWords
	sameReference
)

func distance(a, b cal.Date) int {
	if a > b {
		return a.Sub(b)
	}
	return b.Sub(a)
}

// score is how much speaks for it; 0 for what cannot be.
func (id *identity) score(n *incoming, m *movement) int {
	if contradicts(n.Entry, &m.known) {
		return 0
	}
	evidence := onlyAmount
	switch {
	case sameRef(n.Entry, &m.known):
		evidence = sameReference
	case saysTheSame(n.Entry, &m.known):
		evidence = sameWords
	}
	far := distance(n.On, m.known.On)
	if n.Status == IsPending || m.isPending() {
		return announced(n, m, far, evidence)
	}
	return id.dated(n, m, far, evidence)
}

// announced: what was announced is booked that day or later, never before; what was
// announced twice stays near.
func announced(n *incoming, m *movement, far, evidence int) int {
	first, later := n.On, m.known.On
	switch {
	case n.Status == IsPending && m.isPending():
		if evidence == onlyAmount {
			return 0
		}
		first, later = min(first, later), max(first, later)
	case m.isPending():
		first, later = later, first
	case m.wasAnnounced(n.On):
		return 0
	}
	if later.Sub(first) < -1 || far > settles || evidence == onlyAmount && far > guesses {
		return 0
	}
	return evidence
}

// dated: another format dates a movement by its value where this one does by the
// operation.
func (id *identity) dated(n *incoming, m *movement, far, evidence int) int {
	mine := family(id.st.format)
	sameFormat := slices.ContainsFunc(m.records, func(r record) bool { return family(r.format) == mine })
	final := id.st.Kind == Booked && slices.ContainsFunc(m.records, func(r record) bool {
		return r.kind == Booked && family(r.format) == mine
	})
	crossed := n.Value != 0 && n.Value == m.known.On || m.known.Value != 0 && m.known.Value == n.On
	switch {
	case final || far > strays:
		return 0
	case evidence == sameReference:
		return evidence
	case evidence == sameWords && crossed && !sameFormat:
		return evidence
	}
	return 0
}

// isPending tells a movement that is only announced.
func (m *movement) isPending() bool { return m.known.Status == IsPending }

// wasAnnounced tells a movement that was announced on another day than this.
func (m *movement) wasAnnounced(on cal.Date) bool {
	return slices.ContainsFunc(m.records, func(r record) bool {
		return r.entry.Status == IsPending && r.entry.On != on
	})
}

func sameRef(a, b *Entry) bool {
	same := func(x, y string) bool { return x != "" && x == y }
	return same(reference(a.BankRef), reference(b.BankRef)) || same(reference(a.EndToEnd), reference(b.EndToEnd))
}

// saysTheSame tells whether both say the same, or name the same people.
func saysTheSame(a, b *Entry) bool {
	if p := plain(a.Label); p != "" && p == plain(b.Label) {
		return true
	}
	return shared(words(a.who()), words(b.who())) > 0
}

// who is the other side, taken from the label where the file does not name it.
func (e *Entry) who() string {
	if e.Party.Name != "" {
		return e.Party.Name
	}
	return Hear([]string{e.Label}).Party.Name
}
