package bank

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// inOne is how many values one question of the database takes.
const inOne = 500

// load reads what a portion has to know of the books.
func (t *Taker) load(ctx context.Context, tx *db.Tx, statements []*Statement, entries []*Entry) (*book, error) {
	b := newBook()
	if t.rehearsal != nil {
		b = t.rehearsal.book
	}
	if err := b.loadAccounts(ctx, tx, t.scope); err != nil {
		return nil, err
	}
	if err := b.loadStatements(ctx, tx, t.scope, "sha256", []string{t.origin.SHA256}); err != nil {
		return nil, err
	}
	return b, b.loadMovements(ctx, tx, t.scope, statements, entries)
}

func (b *book) loadAccounts(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if b.sources != nil {
		return nil
	}
	list, err := db.All(ctx, tx, func(r db.Row) (*source, error) {
		s := &source{}
		return s, r.Scan(&s.id, &s.account.IBAN, &s.account.Number, &s.account.Name, &s.account.BIC, &s.label)
	}, `
		SELECT id, iban, number, holder, bic, label
		FROM bank_source
		WHERE creditor_id = $1
		ORDER BY id`, s.Creditor)
	if err != nil {
		return err
	}
	b.sources = list
	b.owners, err = db.All(ctx, tx, db.Value[string], `
		SELECT name
		FROM (
			SELECT 1 AS nth, name
			FROM creditor
			WHERE id = $1
			UNION ALL
			SELECT 2, holder
			FROM bank_account
			WHERE creditor_id = $1) n
		ORDER BY nth, name`, s.Creditor)
	if err != nil {
		return err
	}
	for mine, err := range db.Each(ctx, tx, func(r db.Row) (a struct {
		iban string
		mine bool
	}, err error,
	) {
		return a, r.Scan(&a.iban, &a.mine)
	}, `
		SELECT iban, creditor_id = $1
		FROM bank_account
		WHERE ended_at IS NULL`, s.Creditor) {
		switch {
		case err != nil:
			return err
		case mine.mine:
			b.declared = append(b.declared, mine.iban)
		default:
			b.others[mine.iban] = true
		}
	}
	return nil
}

const selectStatement = `
	SELECT id, source_id, currency, kind, format, number, from_on, to_on, opening_on, coalesce(opening, 0), closing_on,
		coalesce(closing, 0), opening IS NULL, closing IS NULL, entries, amount, first_on, last_on, import_id, file,
		sha256, place, nth, line
	FROM bank_statement`

func scanStatement(r db.Row) (*stated, error) {
	st := &stated{}
	var opening, closing Balance
	var noOpening, noClosing bool
	err := r.Scan(&st.id, &st.source, &st.Currency, &st.Kind, &st.format, &st.Number, &st.From, &st.To, &opening.On,
		&opening.Amount.Minor, &closing.On, &closing.Amount.Minor, &noOpening, &noClosing, &st.entries,
		&st.amount, &st.first,
		&st.last, &st.imported, &st.file, &st.place.sha256, &st.place.within, &st.Nth, &st.Line)
	opening.Amount.Currency, closing.Amount.Currency = st.Currency, st.Currency
	if !noOpening {
		st.Opening = &opening
	}
	if !noClosing {
		st.Closing = &closing
	}
	st.place.nth, st.place.source, st.place.currency = st.Nth, st.source, st.Currency
	return st, err
}

// loadStatements gets those that the book does not have yet.
func (b *book) loadStatements(ctx context.Context, tx *db.Tx, s creditor.Scope, column string, values []string) error {
	for some := range slices.Chunk(values, inOne) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, column, some)
		for st, err := range db.Each(ctx, tx, scanStatement, selectStatement+w.SQL(), w.Args...) {
			if err != nil {
				return err
			}
			if b.statements[st.id] == nil {
				b.statements[st.id], b.places[st.place] = st, st
			}
		}
	}
	return nil
}

// loadMovements gets the movements of the days in question.
func (b *book) loadMovements(
	ctx context.Context, tx *db.Tx, s creditor.Scope, statements []*Statement, entries []*Entry,
) error {
	from, to := days(entries)
	if from == 0 {
		return nil
	}
	for _, id := range b.sourcesOf(statements, entries) {
		if err := b.loadDays(ctx, tx, s, id, from-reach, to+reach); err != nil {
			return err
		}
	}
	return nil
}

func days(entries []*Entry) (from, to cal.Date) {
	for _, e := range entries {
		if from == 0 || e.On < from {
			from = e.On
		}
		to = max(to, e.On)
	}
	return from, to
}

// sourcesOf are the accounts known already that the entries are about.
func (b *book) sourcesOf(statements []*Statement, entries []*Entry) []string {
	at := map[*Statement]bool{}
	for _, st := range statements {
		at[st] = true
	}
	for _, e := range entries {
		at[e.Statement] = true
	}
	ids := map[string]bool{}
	for st := range at {
		a, _ := b.meant(st.Account)
		if src := b.resolve(a); src != nil && !src.isNew {
			ids[src.id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

const selectMovement = `
	SELECT id, source_id, statement_id, whole_id, detailed, counts, used, mark, known
	FROM bank_entry`

func scanMovement(r db.Row) (*movement, error) {
	m := &movement{}
	return m, r.Scan(&m.id, &m.source, &m.statement, &m.whole, &m.detailed, &m.counts, &m.used, &m.mark, &m.kept)
}

func (b *book) loadDays(ctx context.Context, tx *db.Tx, s creditor.Scope, source string, from, to cal.Date) error {
	where := `
		WHERE creditor_id = $1 AND source_id = $2 AND on_day BETWEEN $3 AND $4`
	return b.loadWhere(ctx, tx, s, where, s.Creditor, source, from, to)
}

// loadWhere gets movements that the book does not have, with all that was said of
// them and the statements that said it.
func (b *book) loadWhere(ctx context.Context, tx *db.Tx, s creditor.Scope, where string, args ...any) error {
	fresh := map[string]*movement{}
	for m, err := range db.Each(ctx, tx, scanMovement, selectMovement+where, args...) {
		if err != nil {
			return err
		}
		if b.movements[m.id] == nil {
			fresh[m.id] = m
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return b.loadRecords(ctx, tx, s, fresh, where, args)
}

func (b *book) loadRecords(
	ctx context.Context, tx *db.Tx, s creditor.Scope, fresh map[string]*movement, where string, args []any,
) error {
	unknown := map[string]bool{}
	for r, err := range db.Each(ctx, tx, scanRecord, `
		SELECT r.entry_id, r.statement_id, r.seq, r.hash, r.said
		FROM bank_record r
		WHERE r.creditor_id = $1 AND r.entry_id IN (
			SELECT id
			FROM bank_entry`+where+`)`, args...) {
		if err != nil {
			return err
		}
		if m := fresh[r.of]; m != nil {
			m.records = append(m.records, r.record)
			if b.statements[r.statement] == nil {
				unknown[r.statement] = true
			}
		}
	}
	if err := b.loadStatements(ctx, tx, s, "id", slices.Sorted(maps.Keys(unknown))); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(fresh)) {
		m := fresh[id]
		for i := range m.records {
			st := b.statements[m.records[i].statement]
			m.records[i].format, m.records[i].kind = st.format, st.Kind
		}
		slices.SortFunc(m.records, bySeq)
		if len(m.records) > 0 {
			m.known = know(m.records)
		}
		b.put(m)
	}
	return nil
}

func bySeq(x, y record) int {
	if c := strings.Compare(x.statement, y.statement); c != 0 {
		return c
	}
	return x.seq - y.seq
}

type recordOf struct {
	record
	of string
}

func scanRecord(r db.Row) (c recordOf, err error) {
	var text string
	if err := r.Scan(&c.of, &c.statement, &c.seq, &c.hash, &text); err != nil {
		return c, err
	}
	c.entry, err = decode(text)
	return c, err
}

func nullAmount(b *Balance) any {
	if b == nil {
		return nil
	}
	return b.Amount.Minor
}

func dayOf(b *Balance) cal.Date {
	if b == nil {
		return 0
	}
	return b.On
}
