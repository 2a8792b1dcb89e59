package ledger

import (
	"context"
	"database/sql"
	"iter"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

var columns = []string{
	"creditor_id", "id", "customer_id", "kind", "number", "part", "nature", "issued_on", "due_on", "currency", "amount",
	"open_amount", "net_amount", "order_ref", "contract_ref", "preceding", "terms", "label", "source", "import_id",
	"brought", "created_at",
}

const selectDocument = `
	SELECT id, customer_id, kind, number, part, nature, issued_on, due_on, currency, amount, open_amount, net_amount,
		order_ref, contract_ref, preceding, terms, label, source, import_id, brought, created_at
	FROM document`

func scanDocument(r db.Row) (d Document, err error) {
	var net sql.Null[int64]
	var c money.Currency
	err = r.Scan(&d.ID, &d.Customer, &d.Kind, &d.Number, &d.Part, &d.Nature, &d.Issued, &d.Due, &c, &d.Amount.Minor,
		&d.Open.Minor, &net, &d.Order, &d.Contract, &d.Preceding, &d.Terms, &d.Label, &d.Source, &d.Import, &d.Brought,
		db.Instant(&d.CreatedAt))
	d.Amount.Currency, d.Open.Currency = c, c
	if net.Valid {
		d.Net = money.New(net.V, c)
	}
	return d, err
}

// net is the net amount as stored: NULL where it is not known.
func net(d Document) any {
	if d.Net.Currency == "" {
		return nil
	}
	return d.Net.Minor
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Document) error {
	_, err := tx.Load(ctx, db.Load{Table: "document", Columns: columns, Rows: func(yield func([]any) bool) {
		for _, d := range list {
			if !yield([]any{
				s.Creditor, d.ID, d.Customer, string(d.Kind), d.Number, d.Part, string(d.Nature), d.Issued, d.Due,
				string(d.Amount.Currency), d.Amount.Minor, d.Open.Minor, net(*d), d.Order, d.Contract, d.Preceding,
				d.Terms, d.Label, d.Source, d.Import, d.Brought, d.CreatedAt,
			}) {
				return
			}
		}
	}})
	return err
}

const selectAllocation = `
	SELECT a.id, a.customer_id, a.credit_id, a.invoice_id, d.currency, a.amount, a.made_on, a.reverses, a.reason,
		a.import_id, a.made_by, a.created_at
	FROM allocation a
	JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id`

func scanAllocation(r db.Row) (a Allocation, err error) {
	err = r.Scan(&a.ID, &a.Customer, &a.Credit, &a.Invoice, &a.Amount.Currency, &a.Amount.Minor, &a.On,
		db.Text(&a.Reverses), &a.Reason, &a.Import, &a.By, db.Instant(&a.CreatedAt))
	return a, err
}

func insertAllocations(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Allocation) error {
	_, err := tx.Load(ctx, db.Load{
		Table: "allocation",
		Columns: []string{
			"creditor_id", "id", "customer_id", "credit_id", "invoice_id", "amount", "made_on", "reverses", "reason",
			"import_id", "made_by", "created_at",
		},
		Rows: func(yield func([]any) bool) {
			for _, a := range list {
				if !yield([]any{
					s.Creditor, a.ID, a.Customer, a.Credit, a.Invoice, a.Amount.Minor, a.On, db.Null(a.Reverses),
					a.Reason, a.Import, a.By, a.CreatedAt,
				}) {
					return
				}
			}
		},
	})
	return err
}

// Find is the document of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Document, error) {
	return db.One(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// ByNumber are the documents of that number, whatever their customer and kind.
func ByNumber(ctx context.Context, tx *db.Tx, s creditor.Scope, number string) ([]Document, error) {
	return db.All(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND number = $2
		ORDER BY issued_on, id`, s.Creditor, number)
}

// OfCustomers are the documents of the customers, by customer and issue; only
// those that are open unless all is set.
func OfCustomers(ctx context.Context, tx *db.Tx, s creditor.Scope, all bool, customers ...string) ([]Document, error) {
	list := []Document{}
	for len(customers) > 0 {
		n := min(len(customers), 500)
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "customer_id", customers[:n])
		if !all {
			w.And("open_amount <> 0")
		}
		found, err := db.All(ctx, tx, scanDocument, selectDocument+w.SQL()+`
			ORDER BY customer_id, issued_on, id`, w.Args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
		customers = customers[n:]
	}
	return list, nil
}

// AllocationsOf are a customer's allocations and their reversals, by day.
func AllocationsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Allocation, error) {
	return db.All(ctx, tx, scanAllocation, selectAllocation+`
		WHERE a.creditor_id = $1 AND a.customer_id = $2
		ORDER BY a.made_on, a.id`, s.Creditor, customer)
}

// EachOpen streams the open documents by customer.
func EachOpen(ctx context.Context, tx *db.Tx, s creditor.Scope) iter.Seq2[Document, error] {
	return db.Each(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND open_amount <> 0
		ORDER BY customer_id`, s.Creditor)
}

// EachSettled streams the invoices that are settled, for which a payment from a
// source was used since a day, by customer.
func EachSettled(
	ctx context.Context, tx *db.Tx, s creditor.Scope, source string, since cal.Date,
) iter.Seq2[Document, error] {
	return db.Each(ctx, tx, scanDocument, selectDocument+`
		WHERE creditor_id = $1 AND open_amount = 0 AND kind = 'invoice' AND nature IN ('', 'opening') AND id IN (
			SELECT a.invoice_id
			FROM allocation a
			JOIN document p ON p.creditor_id = a.creditor_id AND p.id = a.credit_id
			WHERE a.creditor_id = $1 AND a.made_on >= $2 AND p.kind = 'payment' AND p.source = $3)
		ORDER BY customer_id`, s.Creditor, since, source)
}
