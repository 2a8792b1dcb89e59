package cash

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Order is what a list of entries is sorted by.
type Order string

// The orders. Amounts of several currencies are compared as their numbers.
const (
	ByDay    Order = ""
	ByAmount Order = "amount"
	ByPayer  Order = "payer" // else the label, where the bank names nobody
	ByState  Order = "state" // rising: what waits comes last; then by day
)

// Place is where a page of a list ends: what its last entry is sorted by, and the
// entry. It stays where it is when the state of that entry changes.
type Place struct{ Key, ID string }

// String is the place as an address carries it.
func (p Place) String() string {
	if p.ID == "" {
		return ""
	}
	return p.ID + "," + p.Key
}

// PlaceOf reads a place from an address; what is none is the beginning.
func PlaceOf(text string) Place {
	id, key, ok := strings.Cut(text, ",")
	if !ok {
		return Place{}
	}
	return Place{Key: key, ID: id}
}

// Place is where a list that is sorted so stands at the entry.
func (l Line) Place(o Order) Place {
	p := Place{ID: l.Entry.ID}
	switch o {
	case ByAmount:
		p.Key = strconv.FormatInt(l.Entry.Amount.Minor, 10)
	case ByPayer:
		if p.Key = l.Entry.Party.Name; p.Key == "" {
			p.Key = l.Entry.Label
		}
	case ByState:
		p.Key = strconv.Itoa(ranks[l.State]) + " " + l.Entry.On.String()
	default:
		p.Key = l.Entry.On.String()
	}
	return p
}

// ranks say which state comes after which.
var ranks = map[State]int{Open: 6, Returned: 5, Applied: 4, Linked: 3, Auto: 2, Aside: 1}

// rankSQL is the rank of the state of an entry that has a row.
var rankSQL = func() string {
	var text strings.Builder
	for _, st := range States() {
		text.WriteString(" WHEN '" + string(st) + "' THEN " + strconv.Itoa(ranks[st]))
	}
	return "CASE c.state" + text.String() + " ELSE 0 END"
}()

const payerSQL = "lower(CASE WHEN e.party <> '' THEN e.party ELSE e.label END)"

// keys are what a list is sorted by, before the identifier: of entries in some
// states that have a row, and of those that have none yet.
func (o Order) keys(states []State) (kept, fresh []string) {
	switch o {
	case ByAmount:
		return []string{"e.amount"}, []string{"e.amount"}
	case ByPayer:
		return []string{payerSQL}, []string{payerSQL}
	case ByState:
		if len(states) == 1 {
			return []string{strconv.Itoa(ranks[states[0]]), "c.on_day"}, []string{strconv.Itoa(ranks[Open]), "e.on_day"}
		}
		return []string{rankSQL, "c.on_day"}, []string{strconv.Itoa(ranks[Open]), "e.on_day"}
	}
	return []string{"c.on_day"}, []string{"e.on_day"}
}

// values are the keys of a place, as they are compared, with their marks.
func (o Order) values(p Place) (marks []string, values []any, err error) {
	day := func(text string) any {
		on, e := cal.Parse(text)
		if e != nil {
			err = badPlace(text)
		}
		return on
	}
	number := func(text string) any {
		n, e := strconv.ParseInt(text, 10, 64)
		if e != nil {
			err = badPlace(text)
		}
		return n
	}
	switch o {
	case ByAmount:
		return []string{"?"}, []any{number(p.Key)}, err
	case ByPayer:
		return []string{"lower(?)"}, []any{p.Key}, nil
	case ByState:
		rank, on, _ := strings.Cut(p.Key, " ")
		return []string{"?", "?"}, []any{number(rank), day(on)}, err
	}
	return []string{"?"}, []any{day(p.Key)}, err
}

func badPlace(text string) error {
	return fault.Invalidf("apres", "« %.40s » n’est pas un endroit de cette liste", text)
}

// query finds the identifiers of a page, or what columns say of its keys: entries
// that have a row and, where those that are open are asked for, those that came
// since the last run.
func (f Filter) query(s creditor.Scope, wanted string) (string, []any, error) {
	kept, fresh := f.Order.keys(nil)
	names := make([]string, len(kept))
	for i := range kept {
		names[i] = "key" + strconv.Itoa(i+1)
	}
	one := strings.Join(names, ", ")
	var args []any
	var parts []string
	id := "c.entry_id"
	if f.walks() {
		id = "e.id"
	}
	for _, states := range f.portions() {
		w := db.Where{Args: args}
		text := f.kept(&w, s, states)
		kept, _ := f.Order.keys(states)
		if err := f.follow(&w, kept, id); err != nil {
			return "", nil, err
		}
		parts = append(parts, columns(id, kept)+text+w.SQL()+f.page(&w, kept, id))
		args = w.Args
	}
	if len(f.States) == 0 || slices.Contains(f.States, Open) {
		w := db.Where{Args: args}
		f.fresh(&w, s)
		text := columns("e.id", fresh) + "\n\t\tFROM bank_entry e" + w.SQL() + "\n\t\tLIMIT " + w.Arg(manyFresh)
		after := db.Where{Args: w.Args}
		if err := f.follow(&after, names, "id"); err != nil {
			return "", nil, err
		}
		parts = append(parts, "\n\t\tSELECT id, "+one+" FROM ("+text+") AS fresh"+after.SQL())
		args = after.Args
	}
	w := db.Where{Args: args}
	return `
		SELECT ` + wanted + `
		FROM (
			SELECT id, ` + one + ` FROM (` + strings.Join(parts, ") AS part\n\t\tUNION ALL\n\t\tSELECT id, "+one+" FROM (") +
		`) AS part) AS found` + f.page(&w, names, "id"), w.Args, nil
}

// manyFresh bounds nothing: a part with a LIMIT is found first, by the mark of the last
// run, and then compared with the place; else an engine finds all entries by their order.
const manyFresh = 1 << 30

// columns are what a part of the list is made of.
func columns(id string, keys []string) string {
	all := []string{id + " AS id"}
	for i, k := range keys {
		all = append(all, k+" AS key"+strconv.Itoa(i+1))
	}
	return "\n\t\tSELECT " + strings.Join(all, ", ")
}

// follow leaves what comes after the place where the page before ended.
func (f Filter) follow(w *db.Where, keys []string, id string) error {
	if f.After.ID == "" {
		return nil
	}
	marks, values, err := f.Order.values(f.After)
	compare := " < "
	if f.Rising {
		compare = " > "
	}
	if _, wrong := strconv.Atoi(keys[0]); f.Order == ByState && wrong == nil { // of one state
		return f.followState(w, keys, id, compare, values, err)
	}
	if f.walks() && keys[0] != "key1" { // neither engine seeks in the index of an expression for a row of values
		w.And(keys[0]+compare[:2]+"= "+marks[0], values[0])
	}
	place := "(" + strings.Join(marks, ", ") + ", ?)"
	w.And("("+strings.Join(keys, ", ")+", "+id+")"+compare+place, append(values, f.After.ID)...)
	return err
}

// followState leaves what comes after a place in the part of one state: all of it
// where the place is in a state before, nothing where it is in one behind.
func (f Filter) followState(w *db.Where, keys []string, id, compare string, values []any, err error) error {
	rank, wrong := strconv.ParseInt(keys[0], 10, 64)
	at, ok := values[0].(int64)
	switch {
	case err != nil, wrong != nil, !ok:
		return cmp.Or(err, wrong)
	case rank == at:
		w.And("("+keys[1]+", "+id+")"+compare+"(?, ?)", values[1], f.After.ID)
	case rank > at != f.Rising:
		w.And("1 = 0")
	}
	return nil
}

// page sorts a part, and cuts it off.
func (f Filter) page(w *db.Where, keys []string, id string) string {
	way := " DESC"
	if f.Rising {
		way = ""
	}
	keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { // a constant, which SQL takes for a column
		_, err := strconv.Atoi(k)
		return err == nil
	})
	text := "\n\t\tORDER BY " + strings.Join(keys, way+", ") + way + ", " + id + way
	if f.Limit < 0 {
		return text
	}
	limit := f.Limit
	if limit == 0 || limit > maxPage {
		limit = maxPage
	}
	return text + "\n\t\tLIMIT " + w.Arg(limit)
}

// portions are the states that are read together. A page of each state alone is
// read in the order of its index, without going through all of them.
func (f Filter) portions() [][]State {
	if f.Entries != nil || f.Customer != "" || f.Order == ByAmount || f.Order == ByPayer {
		return [][]State{f.States}
	}
	states := f.States
	if len(states) == 0 {
		states = States()
	}
	var list [][]State
	for _, one := range states {
		list = append(list, []State{one})
	}
	return list
}

// walks tells that a page is read in the order of an index of all entries, each of
// which is then asked whether it is in the list: of many, few are read. Where few are
// in the list they are read, and sorted.
func (f Filter) walks() bool {
	return (f.Order == ByAmount || f.Order == ByPayer) && !f.few && f.Entries == nil && f.Customer == ""
}

// walking finds entries in the order in which their index has them: SQLite keeps to
// the order of a CROSS JOIN.
func (f Filter) walking(w *db.Where, s creditor.Scope, states []State) string {
	w.And("e.creditor_id = ?", s.Creditor)
	w.And("c.creditor_id = e.creditor_id AND c.entry_id = e.id")
	if len(states) > 0 {
		db.In(w, "c.state", texts(states))
	}
	f.narrow(w, s)
	f.between(w, "c.on_day")
	return "\n\t\tFROM bank_entry e\n\t\tCROSS JOIN cash_entry c"
}

// kept finds entries that have a row: the rest of the query is its conditions.
func (f Filter) kept(w *db.Where, s creditor.Scope, states []State) string {
	if f.walks() {
		return f.walking(w, s, states)
	}
	from := "\n\t\tFROM cash_entry c"
	if f.Customer != "" {
		creditorID, customer := w.Arg(s.Creditor), w.Arg(f.Customer)
		from += `
		JOIN (
			SELECT entry_id FROM cash_entry WHERE creditor_id = ` + creditorID + ` AND customer_id = ` + customer + `
			UNION
			SELECT entry_id FROM cash_suspect WHERE creditor_id = ` + creditorID + ` AND customer_id = ` + customer + `
		) AS x ON x.entry_id = c.entry_id`
	}
	w.And("c.creditor_id = ?", s.Creditor)
	if len(states) > 0 {
		db.In(w, "c.state", texts(states))
	}
	if f.Entries != nil {
		db.In(w, "c.entry_id", f.Entries)
	}
	if f.narrows() {
		from += `
		JOIN bank_entry e ON e.creditor_id = c.creditor_id AND e.id = c.entry_id`
		f.narrow(w, s)
	}
	f.between(w, "c.on_day")
	return from
}

// fresh finds entries that came since the last run and have no row yet.
func (f Filter) fresh(w *db.Where, s creditor.Scope) {
	w.And("e.creditor_id = ?", s.Creditor)
	w.And("e.mark > ?", f.mark)
	w.And(`(e.counts OR e.status = 'pending')`)
	w.And(`NOT EXISTS (
			SELECT 1
			FROM cash_entry c
			WHERE c.creditor_id = e.creditor_id AND c.entry_id = e.id)`)
	if f.Entries != nil {
		db.In(w, "e.id", f.Entries)
	}
	if f.Customer != "" {
		w.And("1 = 0")
	}
	f.narrow(w, s)
	f.between(w, "e.on_day")
}

func (f Filter) between(w *db.Where, day string) {
	if f.From != 0 {
		w.And(day+" >= ?", f.From)
	}
	if f.To != 0 {
		w.And(day+" <= ?", f.To)
	}
}

// narrows tells whether the filter asks for something of the entry itself.
func (f Filter) narrows() bool {
	return f.Account != "" || f.Import != "" || f.In || f.Out || f.Least > 0 || f.Most > 0 || f.Counts || f.Text != "" ||
		f.Order == ByAmount || f.Order == ByPayer
}

// narrow adds the conditions on the entry itself.
func (f Filter) narrow(w *db.Where, s creditor.Scope) {
	if f.Account != "" {
		w.And("e.source_id = ?", f.Account)
	}
	if f.Import != "" {
		w.And(`e.statement_id IN (
			SELECT id
			FROM bank_statement
			WHERE creditor_id = ? AND import_id = ?)`, s.Creditor, f.Import)
	}
	if f.In {
		w.And("e.amount > 0")
	}
	if f.Out {
		w.And("e.amount < 0")
	}
	if f.Least > 0 {
		w.And("abs(e.amount) >= ?", f.Least)
	}
	if f.Most > 0 {
		w.And("abs(e.amount) <= ?", f.Most)
	}
	if f.Counts {
		w.And("e.counts")
	}
	if f.Text != "" {
		like := "%" + db.LikeEscape(strings.ToLower(f.Text)) + "%"
		w.And(`(lower(e.label) LIKE ? ESCAPE '\' OR lower(e.party) LIKE ? ESCAPE '\' OR lower(e.known) LIKE ? ESCAPE '\')`,
			like, like, like)
	}
}
