package bank

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Write writes what a portion found out.
func (p *Portion) Write(ctx context.Context, tx *db.Tx) (err error) {
	defer fault.Wrap(&err, "bank entries")
	s := p.taker.scope
	w := writer{ctx: ctx, tx: tx, scope: s, book: p.book}
	for _, step := range []func() error{w.sources, w.statements, w.added, w.learnt, w.records} {
		if err := step(); err != nil {
			return err
		}
	}
	return linkReturns(ctx, tx, s, w.book)
}

// writer writes a book.
type writer struct {
	ctx   context.Context //nolint:containedctx // it lives as long as the call that made it
	tx    *db.Tx
	scope creditor.Scope
	book  *book
}

func (w writer) sources() error {
	return w.load(db.Load{
		Table:   "bank_source",
		Columns: []string{"creditor_id", "id", "iban", "number", "holder", "bic", "label", "created_at"},
		Key:     []string{"creditor_id", "id"},
		Update:  []string{"iban", "number", "holder", "bic"},
		Rows: func(yield func([]any) bool) {
			for _, s := range w.book.sources {
				if (s.isNew || s.changed) && !yield([]any{
					w.scope.Creditor, s.id, s.account.IBAN, s.account.Number, s.account.Name, s.account.BIC,
					s.label, w.tx.Now,
				}) {
					return
				}
			}
		},
	})
}

func (w writer) statements() error {
	return w.load(db.Load{
		Table: "bank_statement",
		Columns: []string{
			"creditor_id", "id", "source_id", "currency", "kind", "format", "number", "from_on", "to_on",
			"opening_on", "opening", "closing_on", "closing", "first_on", "last_on", "entries", "amount", "import_id",
			"file", "sha256", "place", "nth", "line", "created_at",
		},
		Key: []string{"creditor_id", "id"},
		Update: []string{
			"number", "from_on", "to_on", "opening_on", "opening", "closing_on", "closing", "first_on", "last_on",
			"entries", "amount",
		},
		Rows: func(yield func([]any) bool) {
			for _, st := range sorted(w.book.statements, func(a, b *stated) int {
				return strings.Compare(a.id, b.id)
			}) {
				if (st.isNew || st.changed) && !yield([]any{
					w.scope.Creditor, st.id, st.source, string(st.Currency), string(st.Kind), st.format, st.Number,
					st.From, st.To, dayOf(st.Opening), nullAmount(st.Opening), dayOf(st.Closing),
					nullAmount(st.Closing), st.first, st.last, st.entries, st.amount, st.imported, st.file,
					st.place.sha256, st.place.within, st.place.nth, st.Line, w.tx.Now,
				}) {
					return
				}
			}
		},
	})
}

// learned are the columns that follow from what is known.
var learned = []string{
	"statement_id", "on_day", "status", "means", "label", "end_to_end", "mandate", "bank_ref", "party", "party_iban",
	"batch", "whole_id", "detailed", "counts", "returned", "known", "mark",
}

func (w writer) added() error {
	return w.entries(nil, func(m *movement) bool { return m.isNew })
}

func (w writer) learnt() error {
	return w.entries(learned, func(m *movement) bool { return m.changed && !m.isNew })
}

func (w writer) entries(update []string, which func(*movement) bool) error {
	l := db.Load{
		Table: "bank_entry",
		Columns: append([]string{
			"creditor_id", "id", "source_id", "currency", "amount", "undoes_id", "used", "created_at",
		}, learned...),
		Update: update,
		Rows: func(yield func([]any) bool) {
			for _, m := range w.movements() {
				if which(m) && !yield(w.row(m)) {
					return
				}
			}
		},
	}
	if update != nil {
		l.Key = []string{"creditor_id", "id"}
	}
	return w.load(l)
}

func (w writer) row(m *movement) []any {
	e := &m.known
	m.mark = w.tx.NewID("mrk")
	return []any{
		w.scope.Creditor, m.id, m.source, string(e.Amount.Currency), e.Amount.Minor, "", m.used, w.tx.Now, m.statement,
		e.On, string(e.Status), string(e.Means), e.Label, e.EndToEnd, e.Mandate, e.BankRef, e.Party.Name,
		e.Party.IBAN, e.Batch, m.whole, m.detailed, m.counts, returned(e), m.kept, m.mark,
	}
}

// returned is why money went back; "?" where nothing says why.
func returned(e *Entry) string {
	switch {
	case e.Return != nil && e.Return.Code != "":
		return e.Return.Code
	case e.Return != nil || e.Reversal:
		return "?"
	}
	return ""
}

func (w writer) records() error {
	return w.load(db.Load{
		Table:   "bank_record",
		Columns: []string{"creditor_id", "statement_id", "seq", "entry_id", "line", "part", "hash", "raw", "said"},
		Rows:    w.said(),
	})
}

func (w writer) said() iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, m := range w.movements() {
			for i := range m.records {
				r := &m.records[i]
				if !r.isNew {
					continue
				}
				text, err := encode(&r.entry)
				if err != nil {
					panic(err) // encoded before, when it was heard
				}
				if !yield([]any{
					w.scope.Creditor, r.statement, r.seq, m.id, r.entry.Line, r.entry.Part, r.hash, r.raw, text,
				}) {
					return
				}
			}
		}
	}
}

// movements are those that the portion touched, in the order of their making.
func (w writer) movements() []*movement {
	var list []*movement
	for _, m := range w.book.movements {
		if m.isNew || m.changed || m.heard {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *movement) int { return strings.Compare(a.id, b.id) })
	return list
}

func sorted[K cmp.Ordered, V any](m map[K]V, by func(a, b V) int) []V {
	list := make([]V, 0, len(m))
	for _, v := range m {
		list = append(list, v)
	}
	slices.SortFunc(list, by)
	return list
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (w writer) load(l db.Load) error {
	some := false
	for range l.Rows {
		some = true
		break
	}
	if !some {
		return nil
	}
	_, err := w.tx.Load(w.ctx, l)
	return err
}
