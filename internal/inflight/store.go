package inflight

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectPayment = `
	SELECT p.id, p.customer_id, p.currency, p.amount, p.on_day, p.until_on, p.source, p.note, p.made_by, p.created_at,
		p.ended_on, p.ended_as, ` + agreement.Items + `
	FROM in_flight p`

func scanPayment(r db.Row) (p Payment, err error) {
	var items string
	err = r.Scan(&p.ID, &p.Customer, &p.Amount.Currency, &p.Amount.Minor, &p.On, &p.Until, &p.Source, &p.Note, &p.By,
		db.Instant(&p.CreatedAt), &p.Ended, &p.EndedAs, &items)
	p.Invoices = agreement.Split(items)
	return p, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, p Payment) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO in_flight (creditor_id, id, customer_id, currency, amount, on_day, until_on, source, note, made_by,
			created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.Creditor, p.ID, p.Customer, string(p.Amount.Currency), p.Amount.Minor, p.On, p.Until, string(p.Source),
		p.Note, p.By, p.CreatedAt)
	if err != nil {
		return err
	}
	return agreement.AddItems(ctx, tx, s, p.ID, p.Invoices)
}

func end(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, as Outcome) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE in_flight
		SET ended_on = $3, ended_as = $4
		WHERE creditor_id = $1 AND id = $2 AND ended_on IS NULL`, s.Creditor, id, on, string(as))
	return n > 0, err
}

func reopen(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	_, err := tx.Exec(ctx, `
		UPDATE in_flight
		SET ended_on = NULL, ended_as = ''
		WHERE creditor_id = $1 AND id = $2 AND ended_as = 'arrived'`, s.Creditor, id)
	return err
}

// Find is the announced payment of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Payment, error) {
	p, err := db.One(ctx, tx, scanPayment, selectPayment+`
		WHERE p.creditor_id = $1 AND p.id = $2`, s.Creditor, id)
	return p, agreement.Missing(err, "paiement annoncé %s", id)
}

// List are a customer's announced payments, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Payment, error) {
	return db.All(ctx, tx, scanPayment, selectPayment+`
		WHERE p.creditor_id = $1 AND p.customer_id = $2
		ORDER BY p.on_day DESC, p.id DESC`, s.Creditor, customer)
}

// firstDay is before every payment.
const firstDay cal.Date = 1

// maxPage bounds a page of payments.
const maxPage = 1000

// Open are the payments of which nobody has said what became of them, lapsed
// ones first. The next page comes after the last of this one.
func Open(ctx context.Context, tx *db.Tx, s creditor.Scope, after Payment, limit int) ([]Payment, error) {
	return db.All(ctx, tx, scanPayment, selectPayment+`
		WHERE p.creditor_id = $1 AND p.ended_on IS NULL AND (p.until_on, p.id) > ($2, $3)
		ORDER BY p.until_on, p.id
		LIMIT $4`, s.Creditor, max(after.Until, firstDay), after.ID, max(1, min(limit, maxPage)))
}

// Between streams the payments that are on their way on a day, by customer.
func Between(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Payment, error] {
	return db.Each(ctx, tx, scanPayment, selectPayment+`
		WHERE p.creditor_id = $1 AND p.customer_id >= $3 AND p.customer_id <= $4 AND p.on_day <= $2 AND p.until_on >= $2
		  AND (p.ended_on IS NULL OR p.ended_on > $2)
		ORDER BY p.customer_id, p.id`, s.Creditor, span.Day, span.From, span.To)
}
