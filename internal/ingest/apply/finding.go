package apply

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// clearFindings takes away what looking at the books finds again.
func clearFindings(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) error {
	for some := range slices.Chunk(documents, inOne) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "document_id", some)
		w.And("NOT lasting")
		if _, err := tx.Exec(ctx, `
			DELETE FROM finding`+w.SQL(), w.Args...); err != nil {
			return err
		}
	}
	return nil
}

// storeFindings adds what was found; what is known already stays as it is.
func storeFindings(
	ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, found map[string][]finding,
) error {
	if len(found) == 0 {
		return nil
	}
	_, err := tx.Load(ctx, db.Load{
		Table: "finding",
		Columns: []string{
			"creditor_id", "document_id", "customer_id", "code", "fr", "en", "source", "blocking", "lasting",
			"import_id",
		},
		Key: []string{"creditor_id", "document_id", "code"},
		Rows: func(yield func([]any) bool) {
			for _, id := range slices.Sorted(maps.Keys(found)) {
				for _, f := range found[id] {
					if !yield([]any{
						s.Creditor, id, f.customer, f.Code, f.Text.FR, f.Text.EN, f.Source, f.blocking(), f.lasting,
						imported,
					}) {
						return
					}
				}
			}
		},
	})
	return err
}

// Finding is something to be mended, or to be known, about an open invoice.
type Finding struct {
	Document string
	Number   string
	Customer string
	Code     string // of the customer
	Name     string
	Due      cal.Date
	Open     money.Amount
	Finding  string // its code
	Text     i18n.Words
	Source   string // the article
	Blocking bool   // the invoice is not chased before it is mended
}

// FindingFilter says which findings a list shows.
type FindingFilter struct {
	Customer string
	Document string
	Finding  string // its code
	Blocking bool   // only those that keep an invoice from being chased
	After    Finding
	Limit    int
}

// maxFindings bounds a page.
const maxFindings = 1000

// Findings lists what is found about open invoices, by document and code.
func Findings(ctx context.Context, tx *db.Tx, s creditor.Scope, f FindingFilter) ([]Finding, error) {
	var w db.Where
	w.And("f.creditor_id = ?", s.Creditor)
	w.And("d.open_amount <> 0")
	if f.Customer != "" {
		w.And("f.customer_id = ?", f.Customer)
	}
	if f.Document != "" {
		w.And("f.document_id = ?", f.Document)
	}
	if f.Finding != "" {
		w.And("f.code = ?", f.Finding)
	}
	if f.Blocking {
		w.And("f.blocking")
	}
	if f.After.Document != "" {
		w.And("(f.document_id, f.code) > (?, ?)", f.After.Document, f.After.Finding)
	}
	query := `
		SELECT f.document_id, d.number, f.customer_id, c.code, c.name, d.due_on, d.currency, d.open_amount,
		  f.code, f.fr, f.en, f.source, f.blocking
		FROM finding f
		JOIN document d ON d.creditor_id = f.creditor_id AND d.id = f.document_id
		JOIN customer c ON c.creditor_id = f.creditor_id AND c.id = f.customer_id` + w.SQL() + `
		ORDER BY f.document_id, f.code
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxFindings)))
	return db.All(ctx, tx, func(r db.Row) (f Finding, err error) {
		err = r.Scan(&f.Document, &f.Number, &f.Customer, &f.Code, &f.Name, &f.Due, &f.Open.Currency, &f.Open.Minor,
			&f.Finding, &f.Text.FR, &f.Text.EN, &f.Source, &f.Blocking)
		return f, err
	}, query, w.Args...)
}

// Unreachable is a customer who owes and whom no e-mail reaches: neither it nor
// any of its contacts has an address that takes messages.
type Unreachable struct {
	ID   string
	Code string
	Name string
}

// WithoutEmail lists such customers by name, after the last of the page before.
func WithoutEmail(
	ctx context.Context, tx *db.Tx, s creditor.Scope, after Unreachable, limit int,
) ([]Unreachable, error) {
	return db.All(ctx, tx, func(r db.Row) (u Unreachable, err error) {
		return u, r.Scan(&u.ID, &u.Code, &u.Name)
	}, `
		SELECT c.id, c.code, c.name
		FROM customer c
		WHERE c.creditor_id = $1 AND c.email = '' AND (c.name, c.id) > ($2, $3)
		  AND EXISTS (
			SELECT 1
			FROM document d
			WHERE d.creditor_id = c.creditor_id AND d.customer_id = c.id AND d.open_amount <> 0 AND d.kind = 'invoice')
		  AND NOT EXISTS (
			SELECT 1
			FROM contact k
			WHERE k.creditor_id = c.creditor_id AND k.customer_id = c.id AND k.email <> '' AND k.bounced_at IS NULL
			  AND k.ended_at IS NULL)
		ORDER BY c.name, c.id
		LIMIT $4`, s.Creditor, after.Name, after.ID, max(1, min(limit, maxFindings)))
}

// openInvoices are those of the customers.
func (b *books) openInvoices(ctx context.Context, tx *db.Tx, customers []string) ([]ledger.Document, error) {
	found, err := ledger.OfCustomers(ctx, tx, b.scope, false, customers...)
	if err != nil {
		return nil, err
	}
	if b.shadow != nil {
		found = b.shadow.over(found)
		wanted := map[string]bool{}
		for _, id := range customers {
			wanted[id] = true
		}
		known := map[string]bool{}
		for _, d := range found {
			known[d.ID] = true
		}
		for _, docs := range []map[string]*ledger.Document{b.shadow.added, b.shadow.changed} {
			for id, d := range docs {
				if wanted[d.Customer] && !known[id] {
					found = append(found, *d)
				}
			}
		}
	}
	found = slices.DeleteFunc(found, func(d ledger.Document) bool {
		return d.Kind != ledger.Invoice || d.Open.IsZero()
	})
	slices.SortFunc(found, func(x, y ledger.Document) int { return strings.Compare(x.ID, y.ID) })
	return found, nil
}
