package dispute

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectDispute = `
	SELECT id, customer_id, document_id, currency, amount, reason, note, owner, deadline_on, opened_on, opened_by,
		created_at, closed_on, outcome, closing
	FROM dispute`

func scanDispute(r db.Row) (d Dispute, err error) {
	err = r.Scan(&d.ID, &d.Customer, &d.Invoice, &d.Amount.Currency, &d.Amount.Minor, &d.Reason, &d.Note, &d.Owner,
		&d.Deadline, &d.Opened, &d.By, db.Instant(&d.CreatedAt), &d.Closed, &d.Outcome, &d.Closing)
	return d, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, d Dispute) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO dispute (creditor_id, id, customer_id, document_id, currency, amount, reason, note, owner,
			deadline_on, opened_on, opened_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.Creditor, d.ID, d.Customer, d.Invoice, string(d.Amount.Currency), d.Amount.Minor, string(d.Reason), d.Note,
		d.Owner, d.Deadline, d.Opened, d.By, d.CreatedAt)
	return err
}

// closeOpen closes a dispute that stands and tells whether it did.
func closeOpen(ctx context.Context, tx *db.Tx, s creditor.Scope, d Dispute) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE dispute
		SET closed_on = $3, outcome = $4, closing = $5
		WHERE creditor_id = $1 AND id = $2 AND closed_on IS NULL`,
		s.Creditor, d.ID, d.Closed, string(d.Outcome), d.Closing)
	return n > 0, err
}

func assign(ctx context.Context, tx *db.Tx, s creditor.Scope, id, owner string, deadline cal.Date) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE dispute
		SET owner = $3, deadline_on = $4
		WHERE creditor_id = $1 AND id = $2 AND closed_on IS NULL`, s.Creditor, id, owner, deadline)
	return n > 0, err
}

// Find is the dispute of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Dispute, error) {
	d, err := db.One(ctx, tx, scanDispute, selectDispute+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return d, agreement.Missing(err, "litige %s", id)
}

// List are a customer's disputes, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Dispute, error) {
	return db.All(ctx, tx, scanDispute, selectDispute+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY opened_on DESC, id DESC`, s.Creditor, customer)
}

// openOn are the disputes that stand on an invoice.
func openOn(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, invoice string) ([]Dispute, error) {
	return db.All(ctx, tx, scanDispute, selectDispute+`
		WHERE creditor_id = $1 AND customer_id = $2 AND document_id = $3 AND closed_on IS NULL
		ORDER BY id`, s.Creditor, customer, invoice)
}

const (
	maxPage = 1000
	// never is after every deadline: disputes without one come last.
	never cal.Date = 3_652_059 // 9999-12-31
)

// Filter says which disputes a list shows.
type Filter struct {
	Owner string  // of this person; empty is everybody's
	After Dispute // the last of the page before: its Deadline and ID
	Limit int
}

// Open are the disputes that stand, by deadline, those without one last.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Dispute, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("closed_on IS NULL")
	if f.Owner != "" {
		w.And("owner = ?", f.Owner)
	}
	if f.After.ID != "" {
		deadline := f.After.Deadline
		if deadline.IsZero() {
			deadline = never
		}
		w.And("(COALESCE(deadline_on, '9999-12-31'), id) > (?, ?)", deadline, f.After.ID)
	}
	query := selectDispute + w.SQL() + `
		ORDER BY COALESCE(deadline_on, '9999-12-31'), id
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	return db.All(ctx, tx, scanDispute, query, w.Args...)
}

// Between streams the disputes that stand on a day, by customer.
func Between(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Dispute, error] {
	return db.Each(ctx, tx, scanDispute, selectDispute+`
		WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND opened_on <= $2
		  AND (closed_on IS NULL OR closed_on > $2)
		ORDER BY customer_id, id`, s.Creditor, span.Day, span.From, span.To)
}
