package fec

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/ingest"
)

// group is the lines that share a letter on one account, and those of other
// accounts to which their debt was moved.
type group struct {
	parent   int
	letter   string
	lines    []int
	balance  int64
	doubtful bool // a part of it went to account 416
}

// settle groups the lines by their letters and sets credits against debits.
func (r *file) settle() {
	r.letters()
	for i := range r.customers {
		r.moves(&r.customers[i])
	}
	r.gather()
	r.pieces()
	for i := range r.groups {
		if len(r.groups[i].lines) > 0 {
			r.match(&r.groups[i])
		}
	}
}

// letters gives each letter of each account its group; a letter means nothing
// beyond its customer's account.
func (r *file) letters() {
	type key struct {
		customer int
		account  string
		letter   string
	}
	known := map[key]int{}
	for i := range r.lines {
		l := &r.lines[i]
		if l.letter == "" && l.family != advances4191 {
			continue // what uses an advance stands against it, lettered or not
		}
		k := key{l.customer, l.account, l.letter}
		g, ok := known[k]
		if !ok {
			g = r.newGroup(l.letter)
			known[k] = g
		}
		l.group = g
	}
}

func (r *file) newGroup(letter string) int {
	r.groups = append(r.groups, group{parent: len(r.groups), letter: letter})
	return len(r.groups) - 1
}

func (r *file) root(g int) int {
	for r.groups[g].parent != g {
		r.groups[g].parent = r.groups[r.groups[g].parent].parent
		g = r.groups[g].parent
	}
	return g
}

// moves finds the lines of one entry that only move a customer's debt from one
// account to another: an invoice that becomes a bill (413) or doubtful (416), an
// advance (4191) used on an invoice. They settle nothing: the debt is looked for
// where it went.
func (r *file) moves(c *customer) {
	byEntry := map[*entry][]int{}
	mixed := map[*entry]bool{}
	var entries []*entry // in the order of the file
	for _, i := range c.lines {
		l := &r.lines[i]
		list := byEntry[l.entry]
		if len(list) == 0 {
			entries = append(entries, l.entry)
		}
		mixed[l.entry] = mixed[l.entry] || len(list) > 0 && r.lines[list[0]].family != l.family
		byEntry[l.entry] = append(list, i)
	}
	for _, e := range entries {
		if mixed[e] && e.journal != ingest.OpeningJournal && len(byEntry[e]) <= maxMoves {
			r.movesOf(byEntry[e])
		}
	}
}

// maxMoves bounds the lines of one customer in an entry that moves debts: more
// are a month written in one entry, where equal amounts prove nothing.
const maxMoves = 200

func (r *file) movesOf(lines []int) {
	for _, i := range lines {
		from := &r.lines[i]
		if from.moved || from.minor > 0 {
			continue
		}
		for _, j := range lines {
			to := &r.lines[j]
			if !to.moved && to.minor == -from.minor && to.family != from.family {
				from.moved, to.moved = true, true
				r.join(from, to)
				break
			}
		}
	}
}

// join makes one group of those of two lines.
func (r *file) join(a, b *line) {
	for _, l := range []*line{a, b} {
		if l.group < 0 {
			l.group = r.newGroup("")
		}
	}
	x, y := r.root(a.group), r.root(b.group)
	if x == y {
		return
	}
	if r.groups[x].letter == "" {
		x, y = y, x
	}
	r.groups[y].parent = x
}

// gather lists the lines of each group.
func (r *file) gather() {
	for i := range r.lines {
		l := &r.lines[i]
		if l.group < 0 {
			continue
		}
		l.group = r.root(l.group)
		if l.moved {
			continue
		}
		g := &r.groups[l.group]
		g.lines = append(g.lines, i)
		g.balance += l.minor
	}
}

// rest is what is left of a line while its group is matched.
type rest struct {
	line *line
	left int64 // positive
}

// match sets the credits of a group against its debits: first those of the same
// amount, and there money that went back before invoices; then the oldest
// against the oldest.
func (r *file) match(g *group) {
	var debits, credits []rest
	for _, i := range g.lines {
		l := &r.lines[i]
		if l.minor > 0 {
			debits = append(debits, rest{l, l.minor})
		} else {
			credits = append(credits, rest{l, -l.minor})
		}
	}
	oldest := func(a, b rest) int {
		return cmp.Or(cmp.Compare(a.line.date, b.line.date), cmp.Compare(a.line.at, b.line.at))
	}
	slices.SortStableFunc(debits, oldest)
	slices.SortStableFunc(credits, oldest)
	if len(debits)*len(credits) <= maxPairs {
		r.same(debits, credits, true)
		r.same(debits, credits, false)
	}
	i, j := 0, 0
	for i < len(debits) && j < len(credits) {
		switch {
		case debits[i].left == 0:
			i++
		case credits[j].left == 0:
			j++
		default:
			r.pair(&debits[i], &credits[j])
		}
	}
	if g.balance != 0 && g.letter != "" {
		for _, i := range g.lines {
			r.docs[r.lines[i].doc].partial = true
		}
	}
}

// maxPairs bounds the search for equal amounts within one letter.
const maxPairs = 1_000_000

// same pairs what has the same amount: money that went back, or the rest.
func (r *file) same(debits, credits []rest, refunds bool) {
	for i := range debits {
		if refund := r.docs[debits[i].line.doc].nature == ingest.Refund; refund != refunds {
			continue
		}
		for j := range credits {
			if credits[j].left == debits[i].left && credits[j].left > 0 {
				r.pair(&debits[i], &credits[j])
				break
			}
		}
	}
}

// pair sets as much as there is of a credit against a debit.
func (r *file) pair(debit, credit *rest) {
	amount := min(debit.left, credit.left)
	debit.left -= amount
	credit.left -= amount
	from, to := r.docs[credit.line.doc], r.docs[debit.line.doc]
	from.open -= amount
	to.open -= amount
	on := latest(debit.line.lettered, credit.line.lettered)
	if on == 0 {
		on = latest(debit.line.date, credit.line.date)
	}
	from.settles = append(from.settles, settlement{credit.line.doc, debit.line.doc, amount, on})
}

func latest(a, b cal.Date) cal.Date { return max(a, b) }
