package bank

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// itsStatements are those that an import brought, in a query.
const itsStatements = `
	SELECT id
	FROM bank_statement
	WHERE creditor_id = $1 AND import_id = $2`

// Standing counts the entries of an import, told by no other, on which something in
// the books stands: it cannot be taken back before that is undone.
func Standing(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `
		SELECT count(*)
		FROM bank_entry e
		WHERE e.creditor_id = $1 AND e.used
		  AND e.id IN (
			SELECT entry_id
			FROM bank_record
			WHERE creditor_id = $1 AND statement_id IN (`+itsStatements+`))
		  AND NOT EXISTS (
			SELECT 1
			FROM bank_record r
			WHERE r.creditor_id = e.creditor_id AND r.entry_id = e.id AND r.statement_id NOT IN (`+itsStatements+`))`,
		s.Creditor, imported)
}

// Untake takes back what an import said of entries: those that nothing else tells of
// go away, of the others is known what is left. It tells how many went away. It needs
// Manage, and is refused while something in the books stands on one of them.
func Untake(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) (gone int64, err error) {
	defer fault.Wrap(&err, "take back bank entries")
	if err := s.Need(creditor.Manage); err != nil {
		return 0, err
	}
	n, err := Standing(ctx, tx, s, imported)
	if err != nil {
		return 0, err
	}
	if n > 0 {
		return 0, fault.Conflictf("%d opération(s) bancaires sont affectées\u00a0: annulez d’abord leur affectation", n)
	}
	touched, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT entry_id
		FROM bank_record
		WHERE creditor_id = $1 AND statement_id IN (`+itsStatements+`)
		ORDER BY entry_id`, s.Creditor, imported)
	if err != nil || len(touched) == 0 {
		return 0, unstate(ctx, tx, s, imported, err)
	}
	if _, err := tx.Exec(ctx, `
		DELETE FROM bank_record
		WHERE creditor_id = $1 AND statement_id IN (`+itsStatements+`)`, s.Creditor, imported); err != nil {
		return 0, err
	}
	for some := range slices.Chunk(touched, inOne) {
		n, err := forget(ctx, tx, s, some)
		if err != nil {
			return 0, err
		}
		gone += n
	}
	return gone, unstate(ctx, tx, s, imported, nil)
}

// unstate takes the statements away, and the accounts of which nothing is left but
// for those that people named.
func unstate(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, err error) error {
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		DELETE FROM bank_statement
		WHERE creditor_id = $1 AND import_id = $2`, s.Creditor, imported); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM bank_source
		WHERE creditor_id = $1 AND label = '' AND NOT EXISTS (
			SELECT 1
			FROM bank_statement t
			WHERE t.creditor_id = bank_source.creditor_id AND t.source_id = bank_source.id)`, s.Creditor)
	return err
}

// forget lets entries be what is left of them.
func forget(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (int64, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "id", ids)
	b := newBook()
	if err := b.loadWhere(ctx, tx, s, w.SQL(), w.Args...); err != nil {
		return 0, err
	}
	bare := map[string]bool{}
	for _, m := range b.movements {
		if len(m.records) == 0 {
			bare[m.id] = true
			continue
		}
		m.statement, m.changed = m.records[0].statement, true
		text, err := encode(&m.known)
		if err != nil {
			return 0, err
		}
		m.kept = text
	}
	if err := (writer{ctx: ctx, tx: tx, scope: s, book: b}).learnt(); err != nil {
		return 0, err
	}
	return remove(ctx, tx, s, slices.Sorted(maps.Keys(bare)))
}

// remove takes entries away, and frees what was tied to them.
func remove(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	in := func(column string) (string, []any) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, column, ids)
		return w.SQL(), w.Args
	}
	totals, args := in("id")
	wholes, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT whole_id
		FROM bank_entry`+totals+` AND whole_id <> ''`, args...)
	if err != nil {
		return 0, err
	}
	for _, free := range []struct{ set, column string }{
		{"whole_id = '', counts = TRUE", "whole_id"}, {"undoes_id = ''", "undoes_id"},
	} {
		where, args := in(free.column)
		if _, err := tx.Exec(ctx, `
			UPDATE bank_entry
			SET `+free.set+where, args...); err != nil {
			return 0, err
		}
	}
	n, err := tx.Exec(ctx, `
		DELETE FROM bank_entry`+totals, args...)
	if err != nil {
		return 0, err
	}
	for _, whole := range wholes {
		if err := settleAgain(ctx, tx, s, whole); err != nil {
			return 0, err
		}
	}
	return n, nil
}
