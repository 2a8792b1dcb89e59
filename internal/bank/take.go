package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Origin is where entries come from.
type Origin struct {
	Import string
	File   string // as people know it
	SHA256 string
	Within string // the place in an archive; empty otherwise
	Format string // of ingest: camt, mt940, cfonb120, ofx, csv, xlsx
}

// Taken is what became of entries.
type Taken struct {
	Added     int // movements that nobody had told of
	Known     int // told of before, with nothing new
	Completed int // told of before, with more now
	Refused   []Refusal
	Warnings  []Warning
}

// Refusal is a statement that is not taken in: it stands for some entries.
type Refusal struct {
	Line    int
	Entries int
	Reason  string // in French
	Mend    string
}

// Warning is something to know that stopped nothing.
type Warning struct {
	Code string
	Text string // in French
	Line int
}

// Take brings the statements of one file and their entries into the books. What
// was told before, in whatever format, is known again and added nowhere. It needs
// Work.
func Take(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o Origin, statements []*Statement, entries []*Entry,
) (Taken, error) {
	for i, st := range statements {
		if st.Nth == 0 {
			st.Nth = i + 1
		}
	}
	t := NewTaker(s, o, nil)
	p, err := t.Plan(ctx, tx, statements, entries, true)
	if err != nil {
		return Taken{}, err
	}
	if err := p.Write(ctx, tx); err != nil {
		return Taken{}, err
	}
	t.Keep(p)
	return p.Taken, nil
}

// Taker takes in one file in portions: each is planned, written in a transaction,
// and then kept. In a rehearsal nothing is written.
type Taker struct {
	scope     creditor.Scope
	origin    Origin
	rehearsal *Rehearsal
	opened    map[*Statement]opened
	order     []*Statement // as they were opened
}

// Rehearsal holds what would have been written, over several files.
type Rehearsal struct{ book *book }

// NewRehearsal is one in which nothing has happened yet.
func NewRehearsal() *Rehearsal { return &Rehearsal{newBook()} }

// opened is a statement at work.
type opened struct {
	id, source string
	entries    int
	in, out    int64
	refused    bool
}

// NewTaker begins a file; rehearsal is nil where it is taken in for good.
func NewTaker(s creditor.Scope, o Origin, rehearsal *Rehearsal) *Taker {
	return &Taker{scope: s, origin: o, rehearsal: rehearsal, opened: map[*Statement]opened{}}
}

// Portion is what a part of a file does to the books.
type Portion struct {
	Taken
	taker  *Taker
	book   *book
	opened map[*Statement]opened
	order  []*Statement
	today  cal.Date
}

// Plan finds out what entries are; it writes nothing. The statements are those of
// the file read so far, with or without entries; last says that nothing follows.
func (t *Taker) Plan(
	ctx context.Context, tx *db.Tx, statements []*Statement, entries []*Entry, last bool,
) (p *Portion, err error) {
	defer fault.Wrap(&err, "bank entries")
	if err := t.scope.Need(creditor.Work); err != nil {
		return nil, err
	}
	p = &Portion{taker: t, opened: map[*Statement]opened{}}
	b, err := t.load(ctx, tx, statements, entries)
	if err != nil {
		return nil, err
	}
	p.book = b
	if p.today, _, err = today(ctx, tx, t.scope); err != nil {
		return nil, err
	}
	lists := p.byStatement(statements, entries)
	for i, l := range lists {
		if err := p.statement(tx, l, !last && i == len(lists)-1); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// told is a statement with those of its entries that a portion has.
type told struct {
	*Statement
	list []*Entry
}

func (p *Portion) byStatement(statements []*Statement, entries []*Entry) []told {
	at := map[*Statement]int{}
	var lists []told
	open := func(st *Statement) int {
		i, ok := at[st]
		if !ok {
			i = len(lists)
			at[st] = i
			lists = append(lists, told{Statement: st})
		}
		return i
	}
	for _, st := range statements {
		open(st)
	}
	for _, e := range entries {
		i := open(e.Statement)
		lists[i].list = append(lists[i].list, e)
	}
	return lists
}

// hash is the SHA-256 of an entry as it came.
func hash(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(sum[:])
}

func (p *Portion) warn(code string, line int, format string, args ...any) {
	p.Warnings = append(p.Warnings, Warning{Code: code, Text: fmt.Sprintf(format, args...), Line: line})
}

// Keep goes on from a portion that was written.
func (t *Taker) Keep(p *Portion) {
	for _, st := range p.order {
		if _, known := t.opened[st]; !known {
			t.order = append(t.order, st)
		}
		t.opened[st] = p.opened[st]
	}
}
