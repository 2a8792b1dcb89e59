package ledger

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Freed are the days on which what documents were set against last became free
// again; those of which nothing was undone are left out. Enter dates nothing by
// itself: its caller dates no allocation earlier than this.
func Freed(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) (map[string]cal.Date, error) {
	type undone struct {
		document string
		on       cal.Date
	}
	freed := map[string]cal.Date{}
	for ids := range slices.Chunk(documents, takenAtOnce) {
		for _, column := range []string{"credit_id", "invoice_id"} {
			var w db.Where
			w.And("creditor_id = ?", s.Creditor)
			db.In(&w, column, ids)
			w.And("reverses IS NOT NULL")
			list, err := db.All(ctx, tx, func(r db.Row) (u undone, err error) { return u, r.Scan(&u.document, &u.on) },
				`SELECT `+column+`, made_on FROM allocation`+w.SQL(), w.Args...)
			if err != nil {
				return nil, err
			}
			for _, u := range list {
				freed[u.document] = max(freed[u.document], u.on)
			}
		}
	}
	return freed, nil
}

// Allocations are those of the identifiers that nothing has undone.
func Allocations(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) ([]Allocation, error) {
	var all []Allocation
	for some := range slices.Chunk(ids, takenAtOnce) {
		var w db.Where
		w.And("a.creditor_id = ?", s.Creditor)
		db.In(&w, "a.id", some)
		found, err := db.All(ctx, tx, scanAllocation, selectAllocation+w.SQL()+`
		  AND NOT EXISTS (
			SELECT 1
			FROM allocation r
			WHERE r.creditor_id = a.creditor_id AND r.reverses = a.id)
		ORDER BY a.id`, w.Args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// MoneyBetween are the payments and the refunds of some days that came from
// elsewhere than a source, by day.
func MoneyBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date, but string) ([]Document, error) {
	payments, err := db.All(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND kind = 'payment' AND issued_on >= $2 AND issued_on <= $3 AND source <> $4
		ORDER BY issued_on, id`, s.Creditor, from, to, but)
	if err != nil {
		return nil, err
	}
	refunds, err := db.All(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND nature = 'refund' AND kind = 'invoice' AND issued_on >= $2 AND issued_on <= $3
		  AND source <> $4
		ORDER BY issued_on, id`, s.Creditor, from, to, but)
	return append(payments, refunds...), err
}

// FreeCredits are the payments and credit notes of customers of which something is
// left to set against invoices, by issue.
func FreeCredits(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) ([]Document, error) {
	var all []Document
	for ids := range slices.Chunk(customers, takenAtOnce) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "customer_id", ids)
		w.And("open_amount <> 0 AND kind <> 'invoice' AND nature IN ('', 'advance', 'opening')")
		found, err := db.All(ctx, tx, scanDocument, selectDocument+w.SQL()+`
		ORDER BY issued_on, id`, w.Args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// IdleCredits are the payments and credit notes of which something is left while
// nothing of their currency is open that could take it, by customer, currency and
// issue.
func IdleCredits(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Document, error) {
	return db.All(ctx, tx, scanDocument, selectDocument+` AS d
		WHERE creditor_id = $1 AND open_amount <> 0 AND kind <> 'invoice' AND nature IN ('', 'advance', 'opening')
		  AND NOT EXISTS (
			SELECT 1
			FROM document i
			WHERE i.creditor_id = d.creditor_id AND i.customer_id = d.customer_id AND i.currency = d.currency
			  AND i.kind = 'invoice' AND i.open_amount <> 0)
		ORDER BY customer_id, currency, issued_on, id`, s.Creditor)
}

// PaymentsOf are the payments of customers, by customer.
func PaymentsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) (map[string][]Document, error) {
	all := map[string][]Document{}
	for ids := range slices.Chunk(customers, takenAtOnce) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "customer_id", ids)
		w.And("kind = 'payment'")
		found, err := db.All(ctx, tx, scanDocument, selectDocument+w.SQL()+`
		ORDER BY issued_on, id`, w.Args...)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			all[d.Customer] = append(all[d.Customer], d)
		}
	}
	return all, nil
}

// WithOpenCreditNotes are the customers who have a credit note of a sale that no
// invoice has taken whole.
func WithOpenCreditNotes(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT customer_id
		FROM document
		WHERE creditor_id = $1 AND open_amount <> 0 AND kind = 'credit_note' AND nature = ''
		ORDER BY customer_id`, s.Creditor)
}

// FindAllocation is the allocation of that identifier, undone or not.
func FindAllocation(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Allocation, error) {
	return db.One(ctx, tx, scanAllocation, selectAllocation+`
		WHERE a.creditor_id = $1 AND a.id = $2`, s.Creditor, id)
}
