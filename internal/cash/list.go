package cash

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/match"
)

// Filter says which entries a list shows; the zero Filter shows all, the newest
// first.
type Filter struct {
	Entries  []string // identifiers; nil is any
	States   []State  // none is any
	Customer string   // whose money it is or, while it is open, could be
	Account  string   // a bank.Source's identifier
	Import   string   // that brought them first
	From, To cal.Date
	In       bool   // money that came in only
	Out      bool   // money that left only
	Least    int64  // minor units at least, whichever way they went
	Most     int64  // minor units at most; 0 is no bound
	Counts   bool   // money only: nothing that a batch or its details tell a second time
	Text     string // somewhere in the label, the party or the references
	Order    Order
	Rising   bool  // the oldest, the smallest or the first of the alphabet first
	After    Place // the last of the page before
	Limit    int

	mark string // up to which entries have a row
	few  bool   // the list is short: sorting it costs less than an index of all entries
}

// fewEntries is how many are sorted sooner than found in the order of an index.
const fewEntries = 2000

// weigh finds out what the way to a page depends on: up to where the last run came,
// and whether a list that asks for states is short.
func (f *Filter) weigh(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	marks, err := db.All(ctx, tx, db.Value[string], `
		SELECT mark
		FROM cash_run
		WHERE creditor_id = $1`, s.Creditor)
	if err != nil {
		return err
	}
	for _, m := range marks {
		f.mark = m
	}
	if len(f.States) == 0 || !f.walks() {
		return nil
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "state", texts(f.States))
	n, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM cash_entry`+w.SQL()+`
			LIMIT `+w.Arg(fewEntries)+`) AS few`, w.Args...)
	f.few = n < fewEntries
	return err
}

// maxPage bounds a page.
const maxPage = 1000

// Find is an entry with what was made of it.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) (Line, error) {
	list, err := List(ctx, tx, s, Filter{Entries: []string{entry}})
	if err == nil && len(list) == 0 {
		err = fault.NotFound("opération bancaire %.60s", entry)
	}
	if err != nil {
		return Line{}, err
	}
	return list[0], nil
}

// List is a page of entries with what was made of them.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Line, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	if err := f.weigh(ctx, tx, s); err != nil {
		return nil, err
	}
	query, args, err := f.query(s, "id")
	if err != nil {
		return nil, err
	}
	entries, err := db.All(ctx, tx, db.Value[string], query, args...)
	if err != nil || len(entries) == 0 {
		return []Line{}, err
	}
	return lines(ctx, tx, s, entries)
}

func texts[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return words
}

// Lines are the entries of those identifiers, in their order.
func Lines(ctx context.Context, tx *db.Tx, s creditor.Scope, entries []string) ([]Line, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return lines(ctx, tx, s, entries)
}

// lines are entries with what was made of them, in the order of their identifiers.
func lines(ctx context.Context, tx *db.Tx, s creditor.Scope, entries []string) ([]Line, error) {
	return fill(ctx, tx, s, entries, (*filler).rows, (*filler).suspects, (*filler).applications, (*filler).documents,
		(*filler).allocations)
}

// step reads what a table says of entries.
type step func(f *filler, ctx context.Context, entries []string) error

// fill gives entries with what some tables say of them.
func fill(ctx context.Context, tx *db.Tx, s creditor.Scope, entries []string, steps ...step) ([]Line, error) {
	kept, err := bank.ByID(ctx, tx, s, entries)
	if err != nil {
		return nil, err
	}
	list := make([]Line, 0, len(entries))
	at := map[string]int{}
	for _, id := range entries {
		if k, ok := kept[id]; ok {
			at[id] = len(list)
			list = append(list, Line{Entry: k, State: Open})
		}
	}
	f := filler{tx: tx, s: s, list: list, at: at}
	for _, step := range steps {
		for some := range slices.Chunk(entries, 500) {
			if err := step(&f, ctx, some); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// filler puts together what several tables say of a page.
type filler struct {
	tx   *db.Tx
	s    creditor.Scope
	list []Line
	at   map[string]int
}

// answer is what a run found, as it is kept.
type answer struct {
	Proposals []match.Explanation `json:"proposals,omitempty"`
	Unique    bool                `json:"unique,omitempty"`
}

func (f *filler) rows(ctx context.Context, entries []string) error {
	var w db.Where
	w.And("creditor_id = ?", f.s.Creditor)
	db.In(&w, "entry_id", entries)
	for r, err := range db.Each(ctx, f.tx, scanRow, `
		SELECT entry_id, state, customer_id, pair_id, code, reason, answer, examined_at, changed_at, changed_by
		FROM cash_entry`+w.SQL(), w.Args...) {
		if err != nil {
			return err
		}
		l := &f.list[f.at[r.entry]]
		l.State, l.Customer, l.Pair, l.Code, l.Reason = r.state, r.customer, r.pair, r.code, r.reason
		l.Examined, l.ChangedAt, l.ChangedBy = r.examinedAt, r.changedAt, r.changedBy
		if r.answer == "" || r.state != Open {
			continue
		}
		var a answer
		if err := json.Unmarshal([]byte(r.answer), &a); err != nil {
			return err
		}
		l.Proposals, l.Unique = a.Proposals, a.Unique
	}
	return nil
}

type scanned struct {
	row
	examinedAt time.Time
	changedAt  time.Time
	changedBy  string
}

func scanRow(r db.Row) (v scanned, err error) {
	return v, r.Scan(&v.entry, &v.state, &v.customer, &v.pair, &v.code, &v.reason, &v.answer, db.Instant(&v.examinedAt),
		db.Instant(&v.changedAt), &v.changedBy)
}

func (f *filler) suspects(ctx context.Context, entries []string) error {
	var w db.Where
	w.And("creditor_id = ?", f.s.Creditor)
	db.In(&w, "entry_id", entries)
	for v, err := range db.Each(ctx, f.tx, func(r db.Row) (v [2]string, err error) {
		return v, r.Scan(&v[0], &v[1])
	}, `
		SELECT entry_id, customer_id
		FROM cash_suspect`+w.SQL()+`
		ORDER BY entry_id, rank`, w.Args...) {
		if err != nil {
			return err
		}
		l := &f.list[f.at[v[0]]]
		l.Suspects = append(l.Suspects, v[1])
	}
	return nil
}

func (f *filler) applications(ctx context.Context, entries []string) error {
	var w db.Where
	w.And("creditor_id = ?", f.s.Creditor)
	db.In(&w, "entry_id", entries)
	for a, err := range db.Each(ctx, f.tx, scanApplication, selectApplication+w.SQL()+`
		ORDER BY made_at, id`, w.Args...) {
		if err != nil {
			return err
		}
		l := &f.list[f.at[a.Entry]]
		if a.UndoneAt.IsZero() {
			l.Application = &a
		} else {
			l.Past = append(l.Past, a)
		}
	}
	return nil
}

func (f *filler) documents(ctx context.Context, entries []string) error {
	type made struct {
		entry string
		Document
	}
	w := f.standing(entries)
	w.And("d.creditor_id = p.creditor_id AND d.id = p.thing_id")
	w.And("NOT (p.kind = 'adjustment' AND d.nature = 'noted')") // what closes a list's word is nothing to see
	for d, err := range db.Each(ctx, f.tx, func(r db.Row) (d made, err error) {
		err = r.Scan(&d.entry, &d.Role, &d.Linked.Minor, &d.ID, &d.Number, &d.Kind, &d.Nature, &d.Of,
			&d.Amount.Currency, &d.Amount.Minor, &d.Open.Minor)
		d.Linked.Currency, d.Open.Currency = d.Amount.Currency, d.Amount.Currency
		return d, err
	}, `
		SELECT a.entry_id, p.kind, p.amount, d.id, d.number, d.kind, d.nature, d.customer_id,
		  d.currency, d.amount, d.open_amount
		FROM cash_application a
		CROSS JOIN cash_part p
		CROSS JOIN document d`+w.SQL()+`
		ORDER BY a.entry_id, d.id`, w.Args...) {
		if err != nil {
			return err
		}
		l := &f.list[f.at[d.entry]]
		l.Documents = append(l.Documents, d.Document)
	}
	return nil
}

// standing are the conditions on what the applications of entries made or used.
// CROSS JOIN keeps SQLite from reading all documents of the creditor first.
func (f *filler) standing(entries []string) *db.Where {
	w := &db.Where{}
	w.And("a.creditor_id = ?", f.s.Creditor)
	db.In(w, "a.entry_id", entries)
	w.And("a.undone_at IS NULL")
	w.And("p.creditor_id = a.creditor_id AND p.application_id = a.id")
	return w
}

// allocations are what holds of a document's that an application made or is tied
// to, whoever set it, and of credits that were there before what it set itself.
func (f *filler) allocations(ctx context.Context, entries []string) error {
	type set struct {
		entry string
		Allocation
	}
	for _, tie := range []string{
		"o.credit_id = p.thing_id AND p.kind IN ('payment', 'adjustment', 'link')",
		"o.id = p.thing_id AND p.kind = 'allocation'",
	} {
		w := f.standing(entries)
		w.And("o.creditor_id = p.creditor_id AND " + tie + " AND o.reverses IS NULL")
		for v, err := range db.Each(ctx, f.tx, func(r db.Row) (v set, err error) {
			return v, r.Scan(&v.entry, &v.ID, &v.Credit, &v.From, &v.Nature, &v.Invoice, &v.Number, &v.Customer,
				&v.Amount.Currency, &v.Amount.Minor, &v.On)
		}, `
			SELECT a.entry_id, o.id, o.credit_id, c.number, c.nature, o.invoice_id, i.number, o.customer_id,
			  i.currency, o.amount, o.made_on
			FROM cash_application a
			CROSS JOIN cash_part p
			CROSS JOIN allocation o
			JOIN document c ON c.creditor_id = o.creditor_id AND c.id = o.credit_id
			JOIN document i ON i.creditor_id = o.creditor_id AND i.id = o.invoice_id`+w.SQL()+`
			  AND NOT EXISTS (
				SELECT 1
				FROM allocation r
				WHERE r.creditor_id = o.creditor_id AND r.reverses = o.id)
			ORDER BY a.entry_id, o.id`, w.Args...) {
			if err != nil {
				return err
			}
			l := &f.list[f.at[v.entry]]
			l.Allocations = append(l.Allocations, v.Allocation)
		}
	}
	return nil
}
