package bank

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// book is what a portion has to know of the books: accounts, statements and the
// movements of the days in question, with all that was said of them.
type book struct {
	sources    []*source
	declared   []string // IBANs of the creditor
	owners     []string // the creditor's names: its own, then those that hold its accounts
	others     map[string]bool
	statements map[string]*stated
	places     map[place]*stated
	movements  map[string]*movement
	buckets    map[bucket][]*movement
	amounts    map[bucket][]*movement // without a day
	days       map[daily][]*movement
	batches    map[batch][]*movement // details by the reference of their batch
	batchDays  map[daily][]string    // batches by day
	refs       map[batch][]*movement // by the bank's reference
}

// source is an account at work.
type source struct {
	id             string
	account        Account
	label          string
	isNew, changed bool
}

// place is where a statement stands in a file.
type place struct {
	sha256, within string
	nth            int
	source         string
	currency       money.Currency
}

// stated is a statement at work. First and last are the days that its words or its
// entries cover.
type stated struct {
	Statement
	id             string
	source         string
	format         string
	place          place
	file           string
	imported       string
	entries        int
	amount         int64
	first, last    cal.Date
	isNew, changed bool
	open           bool // being read: more may follow
}

// movement is an entry at work, with all that was said of it.
type movement struct {
	id        string
	source    string
	statement string
	known     Entry
	kept      string // known as it is written
	records   []record
	whole     string
	detailed  bool
	counts    bool
	used      bool
	mark      string
	isNew     bool
	changed   bool // something was learnt
	heard     bool // by this portion
}

// record is what a statement said of a movement.
type record struct {
	statement string
	seq       int
	format    string
	kind      StatementKind
	entry     Entry
	hash      string
	raw       string
	isNew     bool
}

// bucket holds the movements of one amount on one day: the amount on a day is all
// that every format tells alike.
type bucket struct {
	source   string
	currency money.Currency
	on       cal.Date
	amount   int64
}

type daily struct {
	source   string
	currency money.Currency
	on       cal.Date
}

type batch struct {
	source string
	ref    string
}

func newBook() *book {
	return &book{
		others: map[string]bool{}, statements: map[string]*stated{}, places: map[place]*stated{},
		movements: map[string]*movement{}, buckets: map[bucket][]*movement{},
		amounts: map[bucket][]*movement{}, days: map[daily][]*movement{}, batches: map[batch][]*movement{},
		batchDays: map[daily][]string{}, refs: map[batch][]*movement{},
	}
}

func bucketOf(source string, e *Entry) bucket {
	return bucket{source, e.Amount.Currency, e.On, e.Amount.Minor}
}

// put makes a movement findable by all that was said of it.
func (b *book) put(m *movement) {
	b.movements[m.id] = m
	for i := range m.records {
		b.index(m, i)
	}
}

// index makes a movement findable by what one record says of it.
func (b *book) index(m *movement, i int) {
	e := &m.records[i].entry
	k := bucketOf(m.source, e)
	day := daily{m.source, k.currency, k.on}
	if !m.says(i, func(o *Entry) bool { return o.On == e.On && o.Amount == e.Amount }) {
		b.buckets[k] = append(b.buckets[k], m)
	}
	if !m.says(i, func(o *Entry) bool { return o.On == e.On }) {
		b.days[day] = append(b.days[day], m)
	}
	if k.on = 0; i == 0 {
		b.amounts[k] = append(b.amounts[k], m)
	}
	if e.Part == 0 && e.BankRef != "" &&
		!m.says(i, func(o *Entry) bool { return o.Part == 0 && o.BankRef == e.BankRef }) {
		at := batch{m.source, e.BankRef}
		b.refs[at] = append(b.refs[at], m)
	}
	if e.Batch == "" || e.Part == 0 || m.says(i, func(o *Entry) bool { return o.Part > 0 && o.Batch == e.Batch }) {
		return
	}
	at := batch{m.source, e.Batch}
	b.batches[at] = append(b.batches[at], m)
	if !slices.Contains(b.batchDays[day], e.Batch) {
		b.batchDays[day] = append(b.batchDays[day], e.Batch)
	}
}

// says tells whether a record before the i-th says something.
func (m *movement) says(i int, what func(*Entry) bool) bool {
	for j := range i {
		if what(&m.records[j].entry) {
			return true
		}
	}
	return false
}

// sightedBy tells whether a statement has told of the movement.
func (m *movement) sightedBy(statement string) bool {
	return slices.ContainsFunc(m.records, func(r record) bool { return r.statement == statement })
}

// onDay are the records that a statement has of a day, in its order.
func (b *book) onDay(st *stated, on cal.Date) []*record {
	var list []*record
	for _, m := range b.days[daily{st.source, st.Currency, on}] {
		for i := range m.records {
			if r := &m.records[i]; r.statement == st.id && r.entry.On == on {
				list = append(list, r)
			}
		}
	}
	slices.SortFunc(list, func(x, y *record) int { return cmp.Compare(x.seq, y.seq) })
	return list
}

// hear adds what a statement says of a movement, and tells whether something is
// known now that was not.
func (b *book) hear(m *movement, r record) (learnt bool, err error) {
	m.records = append(m.records, r)
	m.heard = true
	m.known = know(m.records)
	text, err := encode(&m.known)
	if err != nil {
		return false, err
	}
	learnt = text != m.kept
	m.kept, m.changed = text, m.changed || learnt
	b.index(m, len(m.records)-1)
	return learnt, nil
}

// covers widens the days of a statement.
func (st *stated) covers(on cal.Date) {
	if on == 0 {
		return
	}
	if st.first == 0 || on < st.first {
		st.first = on
	}
	st.last = max(st.last, on)
}

// complete tells whether the statement has every movement of a day: one strictly
// within those that it covers.
func (st *stated) complete(on cal.Date) bool {
	return st.Kind == Booked && st.first < on && on < st.last
}
