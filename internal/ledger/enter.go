package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Batch is what an import writes at once: documents, wholly new, and
// allocations and reversals between any documents, those of the batch included.
// Identifiers that are empty are filled. An import may withdraw what it has
// noted itself before it ends: the paper behind it came with a later file.
type Batch struct {
	Documents   []*Document
	Allocations []*Allocation
	Withdrawn   []Allocation // of the same import
	Gone        []string     // noted documents of the same import, left without allocation
}

// Enter stores a batch whose sums the caller has checked. The open amounts of
// all documents that it touches move with it; one that would fall below zero is
// a conflict: somebody has changed it meanwhile.
func Enter(ctx context.Context, tx *db.Tx, s creditor.Scope, b Batch) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	taken := map[string]int64{}
	for _, a := range b.Allocations {
		if a.ID == "" {
			a.ID = tx.NewID("alo")
		}
		a.By, a.CreatedAt = s.Actor, tx.Now
		taken[a.Credit] += a.Amount.Minor
		taken[a.Invoice] += a.Amount.Minor
	}
	for _, a := range b.Withdrawn {
		taken[a.Credit] -= a.Amount.Minor
		taken[a.Invoice] -= a.Amount.Minor
	}
	if err := withdraw(ctx, tx, s, b); err != nil {
		return err
	}
	for _, id := range b.Gone {
		delete(taken, id)
	}
	for _, d := range b.Documents {
		if err := d.check(); err != nil {
			return err
		}
		if d.ID == "" {
			d.ID = tx.NewID(prefix[d.Kind])
		}
		d.Open, d.CreatedAt = d.Amount, tx.Now
		d.Open.Minor -= taken[d.ID]
		if d.Open.Minor < 0 {
			return tooMuch(d.Number)
		}
		delete(taken, d.ID)
	}
	if err := insert(ctx, tx, s, b.Documents); err != nil {
		return err
	}
	if err := insertAllocations(ctx, tx, s, b.Allocations); err != nil {
		return err
	}
	return take(ctx, tx, s, taken)
}

func withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, b Batch) error {
	for _, a := range b.Withdrawn {
		if _, err := tx.Exec(ctx, `
			DELETE FROM allocation
			WHERE creditor_id = $1 AND id = $2 AND import_id = $3`, s.Creditor, a.ID, a.Import); err != nil {
			return err
		}
	}
	for _, id := range b.Gone {
		if _, err := tx.Exec(ctx, `
			DELETE FROM document
			WHERE creditor_id = $1 AND id = $2 AND nature = 'noted'`, s.Creditor, id); err != nil {
			return err
		}
	}
	return nil
}

func tooMuch(what string) error {
	return fault.Conflictf("%s : il ne reste plus autant à affecter", what)
}

// takenAtOnce is how many documents one statement moves: PostgreSQL pays for the
// round trip, SQLite for looking up numbered arguments, and here both are low.
const takenAtOnce = 100

// take lowers the open amounts of documents that exist, in the order of their
// identifiers so that two that do so never wait for each other.
func take(ctx context.Context, tx *db.Tx, s creditor.Scope, taken map[string]int64) error {
	maps.DeleteFunc(taken, func(_ string, n int64) bool { return n == 0 })
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(taken)), takenAtOnce) {
		args := []any{s.Creditor}
		rows := make([]string, len(ids))
		for i, id := range ids {
			args = append(args, id, taken[id])
			rows[i] = fmt.Sprintf("(CAST($%d AS TEXT), CAST($%d AS BIGINT))", len(args)-1, len(args))
		}
		n, err := tx.Exec(ctx, `
			UPDATE document
			SET open_amount = open_amount - v.column2
			FROM (VALUES `+strings.Join(rows, ", ")+`) v
			WHERE creditor_id = $1 AND id = v.column1 AND open_amount >= v.column2`, args...)
		if err != nil {
			return err
		}
		if n != int64(len(ids)) {
			return tooMuch("un document a changé entre-temps")
		}
	}
	return nil
}

// Removed counts what RemoveImport took away.
type Removed struct {
	Documents   int64
	Allocations int64
}

// RemoveImport takes away the allocations and documents that an import brought
// and opens again what it had closed. That nothing else has been built on them
// since is for the caller to make sure.
func RemoveImport(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) (r Removed, err error) {
	if err := s.Need(creditor.Manage); err != nil {
		return r, err
	}
	if _, err := tx.Exec(ctx, `
		UPDATE document
		SET open_amount = open_amount + moved.amount
		FROM (
			SELECT doc_id, CAST(sum(amount) AS BIGINT) AS amount
			FROM (
				SELECT invoice_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND import_id = $2
				UNION ALL
				SELECT credit_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND import_id = $2
			) sides
			GROUP BY doc_id
		) moved
		WHERE document.creditor_id = $1 AND document.id = moved.doc_id`, s.Creditor, imported); err != nil {
		return r, err
	}
	if r.Allocations, err = tx.Exec(ctx, `
		DELETE FROM allocation
		WHERE creditor_id = $1 AND import_id = $2`, s.Creditor, imported); err != nil {
		return r, err
	}
	for _, query := range []string{
		`
		DELETE FROM document_file
		WHERE creditor_id = $1
		  AND document_id IN (SELECT id FROM document WHERE creditor_id = $1 AND import_id = $2)`, `
		DELETE FROM finding
		WHERE creditor_id = $1
		  AND document_id IN (SELECT id FROM document WHERE creditor_id = $1 AND import_id = $2)`, `
		DELETE FROM document
		WHERE creditor_id = $1 AND import_id = $2`,
	} {
		if r.Documents, err = tx.Exec(ctx, query, s.Creditor, imported); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Link is an allocation with what stands on its two sides.
type Link struct {
	Allocation
	CreditSide  Side
	InvoiceSide Side
}

// Side is the document at one end of an allocation.
type Side struct {
	Nature Nature
	Import string
}

// Links are the allocations, reversals included, that touch any of the
// documents, oldest first.
func Links(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) ([]Link, error) {
	var list []Link
	for ids := range slices.Chunk(documents, 500) {
		for _, column := range []string{"a.invoice_id", "a.credit_id"} {
			var w db.Where
			w.And("a.creditor_id = ?", s.Creditor)
			db.In(&w, column, ids)
			found, err := db.All(ctx, tx, scanLink, selectLink+w.SQL(), w.Args...)
			if err != nil {
				return nil, err
			}
			list = append(list, found...)
		}
	}
	slices.SortStableFunc(list, func(a, b Link) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(list, func(a, b Link) bool { return a.ID == b.ID }), nil
}

const selectLink = `
	SELECT a.id, a.customer_id, a.credit_id, a.invoice_id, c.currency, a.amount, a.made_on, a.reverses, a.reason,
		a.import_id, a.made_by, a.created_at, c.nature, c.import_id, i.nature, i.import_id
	FROM allocation a
	JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
	JOIN document i ON i.creditor_id = a.creditor_id AND i.id = a.invoice_id`

func scanLink(r db.Row) (l Link, err error) {
	err = r.Scan(&l.ID, &l.Customer, &l.Credit, &l.Invoice, &l.Amount.Currency, &l.Amount.Minor, &l.On,
		db.Text(&l.Reverses), &l.Reason, &l.Import, &l.By, db.Instant(&l.CreatedAt), &l.CreditSide.Nature,
		&l.CreditSide.Import,
		&l.InvoiceSide.Nature, &l.InvoiceSide.Import)
	return l, err
}

// Identity names a document without its identifier: within its kind, there is
// one for each part.
type Identity struct {
	Customer string
	Number   string
}

// Identified are the documents of those customers and numbers, whatever their
// kind and part. CROSS JOIN keeps SQLite from reading the whole ledger first and
// looking each document up among the few that are asked for.
func Identified(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Identity) ([]Document, error) {
	var all []Document
	for some := range slices.Chunk(list, takenAtOnce) {
		args := []any{s.Creditor}
		rows := make([]string, len(some))
		for i, id := range some {
			args = append(args, id.Number, id.Customer)
			rows[i] = fmt.Sprintf("(CAST($%d AS TEXT), CAST($%d AS TEXT))", len(args)-1, len(args))
		}
		found, err := db.All(ctx, tx, scanDocument, strings.Replace(selectDocument, "FROM document",
			"FROM (VALUES "+strings.Join(rows, ", ")+`) v
			CROSS JOIN document`, 1)+`
		WHERE creditor_id = $1 AND number = v.column1 AND customer_id = v.column2`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// WithIDs are the documents of those identifiers, in no order.
func WithIDs(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) ([]Document, error) {
	var all []Document
	for some := range slices.Chunk(ids, takenAtOnce) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "id", some)
		found, err := db.All(ctx, tx, scanDocument, selectDocument+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
