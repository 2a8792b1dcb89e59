package agreement

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Span is which facts to read: those that stand on Day, of the customers whose
// identifiers lie between From and To, both included.
type Span struct {
	Day      cal.Date
	From, To string
	Past     bool // Day is behind us: what was settled since was open then
}

// The pieces below are parts of queries whose row p is a promise, a plan or an
// announced payment; $1 is the creditor and $2 the day as of which is asked. The
// few items of p come first, then what was allocated to each: CROSS JOIN and NOT
// keep SQLite from walking through all that was ever allocated by the day.
const (
	// Items is the identifiers of the invoices of p, separated by commas.
	Items = `COALESCE((
			SELECT string_agg(i.document_id, ',' ORDER BY i.document_id)
			FROM agreement_item i
			WHERE i.creditor_id = p.creditor_id AND i.agreement_id = p.id), '')`

	// Paid is what was allocated to the invoices of p from when it was made to
	// the day, in minor units. The reversal of an older allocation is no
	// payment taken back. Credit notes count: they too lower what is owed.
	Paid = `(
			SELECT CAST(COALESCE(sum(a.amount), 0) AS BIGINT)
			FROM agreement_item i
			CROSS JOIN allocation a
			LEFT JOIN allocation o ON o.creditor_id = a.creditor_id AND o.id = a.reverses
			WHERE i.creditor_id = p.creditor_id AND i.agreement_id = p.id AND a.creditor_id = i.creditor_id
			  AND a.customer_id = p.customer_id AND a.invoice_id = i.document_id AND NOT a.made_on > $2
			  AND (a.made_on > p.made_on OR (a.made_on = p.made_on AND a.created_at >= p.created_at))
			  AND (a.reverses IS NULL OR o.made_on > p.made_on
				OR (o.made_on = p.made_on AND o.created_at >= p.created_at)))`

	// Open is what was open on the invoices of p at the end of the day.
	Open = `CAST((
			SELECT COALESCE(sum(d.open_amount), 0)
			FROM agreement_item i
			JOIN document d ON d.creditor_id = i.creditor_id AND d.id = i.document_id
			WHERE i.creditor_id = p.creditor_id AND i.agreement_id = p.id
		) + (
			SELECT COALESCE(sum(a.amount), 0)
			FROM agreement_item i
			CROSS JOIN allocation a
			WHERE i.creditor_id = p.creditor_id AND i.agreement_id = p.id AND a.creditor_id = i.creditor_id
			  AND a.customer_id = p.customer_id AND a.invoice_id = i.document_id AND NOT a.made_on <= $2) AS BIGINT)`

	// Credits is what no invoice had taken at the end of the day of the money that
	// came in from the customer since p was made, in the currency of p.
	Credits = `CAST((
			SELECT COALESCE(sum(d.open_amount), 0)
			FROM document d
			WHERE d.creditor_id = p.creditor_id AND d.customer_id = p.customer_id AND d.currency = p.currency
			  AND d.kind <> 'invoice' AND d.open_amount <> 0 AND d.issued_on >= p.made_on AND d.issued_on <= $2
		) + (
			SELECT COALESCE(sum(a.amount), 0)
			FROM allocation a
			JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.credit_id
			WHERE a.creditor_id = p.creditor_id AND a.customer_id = p.customer_id AND a.made_on > $2
			  AND d.currency = p.currency AND d.issued_on >= p.made_on AND d.issued_on <= $2) AS BIGINT)`

	// OpenNow is true when something is open today on the invoices of p.
	OpenNow = `EXISTS (
			SELECT 1
			FROM agreement_item i
			JOIN document d ON d.creditor_id = i.creditor_id AND d.id = i.document_id
			WHERE i.creditor_id = p.creditor_id AND i.agreement_id = p.id AND d.open_amount <> 0)`
)

// Split takes the answer of Items apart; none is nil.
func Split(items string) []string {
	if items == "" {
		return nil
	}
	return strings.Split(items, ",")
}

// AddItems records which invoices an agreement is about.
func AddItems(ctx context.Context, tx *db.Tx, s creditor.Scope, agreement string, documents []string) error {
	_, err := tx.Load(ctx, db.Load{
		Table:   "agreement_item",
		Columns: []string{"creditor_id", "agreement_id", "document_id"},
		Rows: func(yield func([]any) bool) {
			for _, d := range documents {
				if !yield([]any{s.Creditor, agreement, d}) {
					return
				}
			}
		},
	})
	return err
}

// Standing is a promise or a plan that an invoice is under.
type Standing struct {
	Plan     bool // else a promise
	ID       string
	Document string
	Until    cal.Date // the promised day, or that of the last instalment
}

// StandingOn are the promises not yet due on a day and the plans not ended that
// any of the documents is under, the latest first.
func StandingOn(
	ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, documents []string,
) ([]Standing, error) {
	var w db.Where
	w.And("i.creditor_id = ?", s.Creditor)
	today := w.Arg(day)
	db.In(&w, "i.document_id", documents)
	items := w.SQL()
	return db.All(ctx, tx, scanStanding, `
		SELECT FALSE, p.id, i.document_id, p.for_on AS until_on
		FROM agreement_item i
		JOIN promise p ON p.creditor_id = i.creditor_id AND p.id = i.agreement_id`+items+`
		  AND p.ended_on IS NULL AND p.for_on >= `+today+`
		UNION ALL
		SELECT TRUE, p.id, i.document_id, (
			SELECT max(n.due_on)
			FROM instalment n
			WHERE n.creditor_id = p.creditor_id AND n.plan_id = p.id)
		FROM agreement_item i
		JOIN plan p ON p.creditor_id = i.creditor_id AND p.id = i.agreement_id`+items+`
		  AND p.ended_on IS NULL
		ORDER BY until_on DESC`, w.Args...)
}

func scanStanding(r db.Row) (v Standing, err error) {
	err = r.Scan(&v.Plan, &v.ID, &v.Document, &v.Until)
	return v, err
}
