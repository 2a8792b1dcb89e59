package fec

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/delimited"
	"acquit/internal/ingest/table"
	"acquit/internal/money"
)

// maxLines bounds the lines of customer accounts, which are kept in memory.
const maxLines = 5_000_000

// family is one of the accounts that are read.
type family uint8

const (
	none family = iota
	customers411
	bills413
	doubtful416
	advances4191
)

var families = []struct {
	prefix string
	family family
}{{"411", customers411}, {"413", bills413}, {"416", doubtful416}, {"4191", advances4191}}

func familyOf(account string) family {
	if !strings.HasPrefix(account, "41") {
		return none
	}
	for _, x := range families {
		if strings.HasPrefix(account, x.prefix) {
			return x.family
		}
	}
	return none
}

// counterpart is what stands on the other side of an entry, as a set.
type counterpart uint8

const (
	sale counterpart = 1 << iota // 7…, 4457
	bank                         // 5…
	loss                         // 654, 6714
)

func counterpartOf(account string) counterpart {
	switch {
	case strings.HasPrefix(account, "7"), strings.HasPrefix(account, "4457"), strings.HasPrefix(account, "4458"):
		return sale
	case strings.HasPrefix(account, "5"):
		return bank
	case strings.HasPrefix(account, "654"), strings.HasPrefix(account, "6714"), strings.HasPrefix(account, "665"):
		return loss
	}
	return 0
}

// entry is an accounting entry: all its lines together say what it is about.
type entry struct {
	number  string
	journal ingest.Journal
	other   counterpart
}

// line is one line of a customer account. Minor is what it adds to the account.
type line struct {
	at       int // its line in the file
	entry    *entry
	family   family
	account  string
	customer int // index
	piece    string
	date     cal.Date // of the entry
	issued   cal.Date // of the piece
	due      cal.Date
	label    string
	minor    int64
	letter   string
	lettered cal.Date
	moved    bool // it only moves a debt between accounts
	group    int  // the lettering group; −1 for none
	doc      int
}

// customer is who a line is about.
type customer struct {
	code    string
	name    string
	account string
	lines   []int
}

// places are the columns that each line is asked for, −1 where there is none.
type places struct {
	journal, journalName, number, date, account, accountName, code, name     int
	piece, issued, label, debit, credit, amount, side, letter, lettered, due int
}

// file is an accounting file while it is read.
type file struct {
	*ingest.File
	base   money.Currency
	at     map[string]int // the column of each name, in plain letters
	col    places
	signed bool // Montant and Sens stand for Debit and Credit

	lines     []line
	entries   map[string]*entry
	journals  map[string]ingest.Journal
	last      *entry // the lines of an entry follow each other
	lastKey   string
	customers []customer
	codes     map[string]int
	words     map[string]string // names that come again and again, once in memory
	days      table.Days
	debit     int64 // of all accounts
	credit    int64
	balance   map[family]int64
	docs      []*document
	groups    []group
}

func (r *file) reset() {
	r.lines, r.entries, r.last, r.lastKey = nil, map[string]*entry{}, nil, ""
	r.journals = map[string]ingest.Journal{}
	r.customers, r.codes, r.words = nil, map[string]int{}, map[string]string{}
	r.debit, r.credit, r.balance, r.docs, r.groups = 0, 0, map[family]int64{}, nil, nil
}

// word keeps one copy of what comes again and again.
func (r *file) word(s string) string {
	if w, ok := r.words[s]; ok {
		return w
	}
	w := strings.Clone(s)
	r.words[w] = w
	return w
}

func cell(row delimited.Row, i int) string {
	if i < 0 || i >= len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(row.Cells[i])
}

// line takes in one line of the file. A fault is a rejection where it bears on
// a customer account; elsewhere it only spoils the control of the whole.
func (r *file) line(row delimited.Row) *ingest.Rejected {
	if row.Err != nil {
		return &ingest.Rejected{Line: row.Line, Column: 1, Reason: row.Err.Error()}
	}
	account := cell(row, r.col.account)
	kept := familyOf(account)
	minor, at, err := r.amount(row)
	if err != nil {
		if kept == none {
			r.Skip("montant illisible hors des comptes clients", row.Line)
			return nil
		}
		return r.wrong(row, at, err)
	}
	if minor > 0 {
		r.debit += minor
	} else {
		r.credit -= minor
	}
	e := r.entry(row)
	if kept == none {
		e.other |= counterpartOf(account)
		return nil
	}
	r.balance[kept] += minor
	if minor == 0 {
		return nil
	}
	return r.keep(row, line{
		at: row.Line, entry: e, family: kept, account: r.word(account), minor: minor,
		group: -1, doc: -1,
	})
}

// keep stores a line of a customer account.
func (r *file) keep(row delimited.Row, l line) *ingest.Rejected {
	var rej *ingest.Rejected
	day := func(at int) cal.Date {
		text := cell(row, at)
		if text == "" || rej != nil {
			return 0
		}
		d, err := r.days.Parse(text)
		if err != nil {
			rej = r.wrong(row, at, err)
		}
		return d
	}
	l.date = day(r.col.date)
	l.issued, l.lettered, l.due = day(r.col.issued), day(r.col.lettered), day(r.col.due)
	if rej == nil && l.date == 0 {
		rej = r.wrong(row, r.col.date, fault.Invalidf("date", "la date de l’écriture manque"))
	}
	if rej != nil {
		return rej
	}
	if l.issued == 0 {
		l.issued = l.date
	}
	l.piece, l.label = strings.Clone(cell(row, r.col.piece)), strings.Clone(cell(row, r.col.label))
	l.letter = r.word(cell(row, r.col.letter))
	l.customer = r.customer(row, l.account)
	r.customers[l.customer].lines = append(r.customers[l.customer].lines, len(r.lines))
	r.lines = append(r.lines, l)
	return nil
}

// customer finds who a line is about: the auxiliary account, else the account.
func (r *file) customer(row delimited.Row, account string) int {
	code, name := cell(row, r.col.code), cell(row, r.col.name)
	if code == "" {
		code = account
	}
	if name == "" {
		name = cell(row, r.col.accountName)
	}
	i, ok := r.codes[code]
	if !ok {
		i = len(r.customers)
		code = strings.Clone(code)
		r.codes[code] = i
		r.customers = append(r.customers, customer{code: code, account: account})
	}
	if name != "" && r.customers[i].name != name {
		r.customers[i].name = r.word(name) // the last one is the present one
	}
	return i
}

// entry finds the entry of a line.
func (r *file) entry(row delimited.Row) *entry {
	code, number := cell(row, r.col.journal), cell(row, r.col.number)
	key := code + "\x00" + number + "\x00" + cell(row, r.col.date)
	if r.last != nil && key == r.lastKey {
		return r.last
	}
	e, ok := r.entries[key]
	if !ok {
		e = &entry{number: strings.Clone(number), journal: r.journal(code, cell(row, r.col.journalName))}
		r.entries[key] = e
	}
	r.last, r.lastKey = e, key
	return e
}

// journal is what a journal holds; a file has few.
func (r *file) journal(code, name string) ingest.Journal {
	key := code + "\x00" + name
	j, ok := r.journals[key]
	if !ok {
		j = ingest.JournalOf(code, name)
		r.journals[key] = j
	}
	return j
}

// amount is what a line adds to its account, in minor units.
func (r *file) amount(row delimited.Row) (minor int64, at int, err error) {
	read := func(column int) int64 {
		text := cell(row, column)
		if text == "" || err != nil {
			return 0
		}
		var a money.Amount
		if a, err = table.ParseAmount(text, ',', r.base); err != nil {
			at = column
		}
		return a.Minor
	}
	if !r.signed {
		debit, credit := read(r.col.debit), read(r.col.credit)
		return debit - credit, at, err
	}
	minor = read(r.col.amount)
	if err != nil {
		return 0, at, err
	}
	switch side := strings.ToUpper(cell(row, r.col.side)); side {
	case "D", "+1", "+", "1":
		return minor, 0, nil
	case "C", "-1", "-":
		return -minor, 0, nil
	default:
		return 0, r.col.side, fault.Invalidf("side", "le sens «\u00a0%s\u00a0» n’est ni D ni C, ni +1 ni -1", side)
	}
}

func (r *file) wrong(row delimited.Row, at int, err error) *ingest.Rejected {
	rej := &ingest.Rejected{
		Line: row.Line, Column: at + 1, Rule: "", Reason: err.Error(),
		Cells: slices.Clone(row.Cells),
	}
	if f, ok := asInvalid(err); ok {
		rej.Reason, rej.Mend = f.Message, f.Mend
	}
	if at >= 0 && at < len(r.Header) {
		rej.Reason = "colonne «\u00a0" + r.Header[at] + "\u00a0»\u00a0: " + rej.Reason
	}
	return rej
}
