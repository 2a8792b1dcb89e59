package bank

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
)

// incoming is an entry to be identified, at its place in its statement.
type incoming struct {
	*Entry
	seq  int
	hash string
	m    *movement // what it is
}

// identity finds out which movements the entries of one statement are. Within a
// statement every entry is a movement of its own; between statements the amount on
// a day is all that formats share, so movements are counted day by day: as many as
// the statement with most of them has. References that both sides have, balances
// that meet, and words where several would do, tell which is which.
type identity struct {
	book *book
	st   *stated
	list []*incoming
	met  map[meeting]bounds
	days map[cal.Date][]meeting // those whose balances meet ours
}

// meeting is another statement on a day.
type meeting struct {
	statement string
	on        cal.Date
}

// bounds are the entries that two statements can share on a day: those of ours and
// those of theirs, by their place in each statement.
type bounds struct {
	free         bool // nothing is known: any can be shared
	all          bool // each of ours is one of theirs
	ours, theirs map[int]bool
	pairs        map[int]int // those of theirs that stand where ours do
}

func (b *book) identify(st *stated, list []*incoming) {
	id := &identity{book: b, st: st, list: list, met: map[meeting]bounds{}, days: map[cal.Date][]meeting{}}
	groups := map[bucket][]*incoming{}
	var order []bucket
	for _, n := range list {
		k := bucketOf(st.source, n.Entry)
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], n)
	}
	for _, k := range order {
		if known := b.buckets[k]; len(known) > 0 {
			id.match(groups[k], known)
		}
	}
	for _, n := range list {
		if n.m == nil {
			n.m = id.acrossDays(n)
		}
	}
}

// match gives each entry a movement of the same day and amount, where there is one
// that it can be: those first that say the same, then any, and at last those whose
// references differ, where a statement that is complete says that there are no others.
func (id *identity) match(list []*incoming, known []*movement) {
	free := slices.DeleteFunc(slices.Clone(known), func(m *movement) bool { return m.sightedBy(id.st.id) })
	taken := map[*movement]bool{}
	for _, say := range []func(*Entry) string{
		func(e *Entry) string { return reference(e.BankRef) },
		func(e *Entry) string { return reference(e.EndToEnd) },
		func(e *Entry) string { return plain(e.Label) },
	} {
		id.byWord(list, free, taken, say)
	}
	id.byLikeness(list, free, taken)
	for _, how := range []leniency{strict, fair, loose} {
		id.inOrder(list, free, taken, how)
	}
}

// leniency is what may speak against an entry's being a movement.
type leniency int

const (
	strict leniency = iota
	fair            // it should be one that another statement has, by the balances
	loose           // references differ, though a complete statement has no others
)

func (id *identity) give(n *incoming, m *movement, taken map[*movement]bool) {
	n.m, taken[m] = m, true
}

// giveOne gives an entry the first movement that it can be; one in the same place
// of another statement before all.
func (id *identity) giveOne(n *incoming, free []*movement, taken map[*movement]bool, how leniency) {
	var first *movement
	for _, m := range free {
		if taken[m] || !id.allows(n, m, how) {
			continue
		}
		if first == nil {
			first = m
		}
		if len(id.meetings(n.On)) == 0 {
			break
		}
		if id.inPlace(n, m) {
			first = m
			break
		}
	}
	if first != nil {
		id.give(n, first, taken)
	}
}

// byWord matches what says the same.
func (id *identity) byWord(list []*incoming, free []*movement, taken map[*movement]bool, say func(*Entry) string) {
	at := map[string][]*movement{}
	for _, m := range free {
		if taken[m] {
			continue
		}
		var before []string
		for i := range m.records {
			if w := say(&m.records[i].entry); w != "" && !slices.Contains(before, w) {
				at[w] = append(at[w], m)
				before = append(before, w)
			}
		}
	}
	for _, n := range list {
		if n.m != nil {
			continue
		}
		if w := say(n.Entry); w != "" {
			id.giveOne(n, at[w], taken, strict)
		}
	}
}

// maxPairs bounds how many pairs are compared by their words: twenty payments of
// one amount on one day, each with any other.
const maxPairs = 400

// byLikeness matches what shares most words.
func (id *identity) byLikeness(list []*incoming, free []*movement, taken map[*movement]bool) {
	type pair struct {
		n     *incoming
		m     *movement
		score int
	}
	ns := slices.DeleteFunc(slices.Clone(list), func(n *incoming) bool { return n.m != nil })
	ms := slices.DeleteFunc(slices.Clone(free), func(m *movement) bool { return taken[m] })
	if len(ns)*len(ms) > maxPairs {
		return
	}
	var pairs []pair
	for _, n := range ns {
		mine := words(n.Label + " " + n.Party.Name)
		for _, m := range ms {
			score := 2 * shared(mine, words(m.known.Label+" "+m.known.Party.Name))
			if score == 0 || contradicts(n.Entry, &m.known) {
				continue
			}
			if id.inPlace(n, m) {
				score++
			}
			pairs = append(pairs, pair{n, m, score})
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(y.score, x.score) })
	for _, p := range pairs {
		if p.n.m == nil && !taken[p.m] && id.allows(p.n, p.m, strict) {
			id.give(p.n, p.m, taken)
		}
	}
}

// inOrder matches the rest as they come.
func (id *identity) inOrder(list []*incoming, free []*movement, taken map[*movement]bool, how leniency) {
	for _, n := range list {
		if n.m == nil {
			id.giveOne(n, free, taken, how)
		}
	}
}

// allows tells whether an entry can be a movement.
func (id *identity) allows(n *incoming, m *movement, how leniency) bool {
	if how == strict && id.elsewhere(n, m) {
		return false
	}
	complete := id.st.complete(n.On)
	differ := false
	for i := range m.records {
		r := &m.records[i]
		if r.statement == id.st.id || id.apart(n, r) {
			return false
		}
		differ = differ || differs(id.st.format, n.Entry, r)
		if t := id.book.statements[r.statement]; t != nil {
			complete = complete || t.complete(n.On)
		}
	}
	return !differ || how == loose && complete
}

// differs tells whether the references of two records speak against their being
// one: the bank's own within a format, the payer's in any.
func differs(format string, e *Entry, r *record) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	return family(format) == family(r.format) && differ(reference(e.BankRef), reference(r.entry.BankRef)) ||
		differ(reference(e.EndToEnd), reference(r.entry.EndToEnd))
}

// family are the formats in which a bank gives the same references.
func family(format string) string {
	if format == "xlsx" {
		return "csv"
	}
	return format
}

// apart tells whether the balances of the two statements keep an entry and what
// another statement said apart.
func (id *identity) apart(n *incoming, r *record) bool {
	if n.On != r.entry.On || n.Status != IsBooked || r.entry.Status != IsBooked {
		return false
	}
	found := id.bounds(meeting{r.statement, n.On})
	return !found.free && (!found.ours[n.seq] || !found.theirs[r.seq])
}

// elsewhere tells whether, by the balances, the entry is one of another statement's
// that the movement is not.
func (id *identity) elsewhere(n *incoming, m *movement) bool {
	for _, at := range id.meetings(n.On) {
		found := id.met[at]
		if found.all && found.ours[n.seq] && !m.sightedBy(at.statement) {
			return true
		}
	}
	return false
}

func (id *identity) bounds(at meeting) bounds {
	found, ok := id.met[at]
	if !ok {
		found = id.meet(at)
		id.met[at] = found
	}
	return found
}

// meetings are the statements whose balances meet ours on a day.
func (id *identity) meetings(on cal.Date) []meeting {
	list, ok := id.days[on]
	if ok || on != id.st.first && on != id.st.last {
		return list
	}
	list = []meeting{}
	for _, m := range id.book.days[daily{id.st.source, id.st.Currency, on}] {
		for i := range m.records {
			at := meeting{m.records[i].statement, on}
			if m.records[i].entry.On == on && at.statement != id.st.id && !slices.Contains(list, at) &&
				!id.bounds(at).free {
				list = append(list, at)
			}
		}
	}
	id.days[on] = list
	return list
}

// meet compares our segment of a day with that of another statement.
func (id *identity) meet(at meeting) bounds {
	t := id.book.statements[at.statement]
	if t == nil {
		return bounds{free: true}
	}
	theirs, theirAt, ok := id.book.segmentOf(t, at.on)
	if !ok {
		return bounds{free: true}
	}
	ours, ourAt, ok := id.segment(at.on)
	if !ok {
		return bounds{free: true}
	}
	a, b := overlap(ours, theirs)
	found := bounds{ours: chosen(ourAt, a), theirs: chosen(theirAt, b), all: a.to-a.from <= b.to-b.from}
	if slices.Equal(ours.amounts[a.from:a.to], theirs.amounts[b.from:b.to]) {
		found.pairs = pairs(ourAt, theirAt, b.from-a.from, a)
	}
	return found
}

func chosen(at map[int]int, s span) map[int]bool {
	all := map[int]bool{}
	for seq, i := range at {
		all[seq] = s.has(i)
	}
	return all
}

// pairs gives each of our entries the one that stands in its place in the other
// statement.
func pairs(ours, theirs map[int]int, shift int, s span) map[int]int {
	at := map[int]int{}
	for seq, i := range theirs {
		at[i] = seq
	}
	all := map[int]int{}
	for seq, i := range ours {
		if s.has(i) {
			all[seq] = at[i+shift]
		}
	}
	return all
}

// inPlace tells whether the movement stands where the entry does in a statement
// whose balances meet ours.
func (id *identity) inPlace(n *incoming, m *movement) bool {
	return slices.ContainsFunc(id.meetings(n.On), func(at meeting) bool {
		seq, ok := id.met[at].pairs[n.seq]
		return ok &&
			slices.ContainsFunc(m.records, func(r record) bool { return r.statement == at.statement && r.seq == seq })
	})
}

// segment is what our statement has of a day, in this portion and before.
func (id *identity) segment(on cal.Date) (segment, map[int]int, bool) {
	if !id.st.holds() || on != id.st.first && on != id.st.last {
		return segment{}, nil, false
	}
	s, at := segment{}, map[int]int{}
	for _, r := range id.book.onDay(id.st, on) {
		if r.entry.Status != IsBooked {
			continue
		}
		at[r.seq] = len(s.amounts)
		s.amounts = append(s.amounts, r.entry.Amount.Minor)
	}
	for _, n := range id.list {
		if n.On == on && n.Status == IsBooked {
			at[n.seq] = len(s.amounts)
			s.amounts = append(s.amounts, n.Amount.Minor)
		}
	}
	return s, at, id.st.begins(&s, on)
}
