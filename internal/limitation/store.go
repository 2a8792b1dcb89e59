package limitation

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
)

// This room reads the tables of the rooms that stand on it, such as reminders: what
// was sent is a fact of theirs, and what it does to the time to sue is decided here.

const selectClaim = `
	SELECT d.id, d.customer_id, c.code, c.name, c.kind, d.number, d.issued_on, d.due_on, d.currency, d.open_amount
	FROM document d
	JOIN customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id`

func scanClaim(r db.Row) (c Claim, err error) {
	err = r.Scan(&c.ID, &c.Customer, &c.Code, &c.Name, &c.Debtor, &c.Number, &c.Issued, &c.Due, &c.Open.Currency,
		&c.Open.Minor)
	return c, err
}

// openClaims are the open invoices of customers in a row that were issued by a day,
// of one kind of customer or of all.
func openClaims(
	ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span, kind customer.Kind, issued cal.Date,
) ([]Claim, error) {
	return db.All(ctx, tx, scanClaim, selectClaim+`
		WHERE d.creditor_id = $1 AND d.customer_id >= $2 AND d.customer_id <= $3 AND d.open_amount <> 0
		  AND d.kind = 'invoice' AND d.issued_on <= $4 AND (c.kind = $5 OR $5 = '')
		ORDER BY d.customer_id, d.issued_on, d.id`, s.Creditor, span.From, span.To, issued, string(kind))
}

// pageSize is how many customers are counted at a time.
const pageSize = 1000

// owing are the next customers with something open.
func owing(ctx context.Context, tx *db.Tx, s creditor.Scope, after string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT customer_id
		FROM document
		WHERE creditor_id = $1 AND open_amount <> 0 AND kind = 'invoice' AND customer_id > $2
		ORDER BY customer_id
		LIMIT $3`, s.Creditor, after, pageSize)
}

const selectRule = `
	SELECT subject_id, customer_id, kind, months, performed_on, note
	FROM limitation_rule`

func scanRule(r db.Row) (v Rule, err error) {
	err = r.Scan(&v.Subject, &v.Customer, &v.Kind, &v.Months, &v.Performed, &v.Note)
	return v, err
}

func rulesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) (map[string]Rule, error) {
	list, err := db.All(ctx, tx, scanRule, selectRule+`
		WHERE creditor_id = $1 AND customer_id >= $2 AND customer_id <= $3`, s.Creditor, span.From, span.To)
	rules := make(map[string]Rule, len(list))
	for _, r := range list {
		rules[r.Subject] = r
	}
	return rules, err
}

func setRule(ctx context.Context, tx *db.Tx, s creditor.Scope, r Rule) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO limitation_rule (creditor_id, subject_id, customer_id, kind, months, performed_on, note, changed_at,
			changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (creditor_id, subject_id) DO UPDATE
		SET kind = excluded.kind, months = excluded.months, performed_on = excluded.performed_on, note = excluded.note,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		s.Creditor, r.Subject, r.Customer, r.Kind, r.Months, r.Performed, r.Note, tx.Now, s.Actor)
	return err
}

const selectEvent = `
	SELECT id, customer_id, document_id, on_day, type, certainty, source, proof, proof_name, note, made_by, created_at,
		withdrawn_at
	FROM limitation_event`

func scanEvent(r db.Row) (e Event, err error) {
	err = r.Scan(&e.ID, &e.Customer, &e.Invoice, &e.On, &e.Type, &e.Certainty, &e.Source, &e.Proof,
		&e.ProofName, &e.Note, &e.By, db.Instant(&e.CreatedAt), db.Instant(&e.Withdrawn))
	return e, err
}

func insertEvent(ctx context.Context, tx *db.Tx, s creditor.Scope, e Event) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO limitation_event (creditor_id, id, customer_id, document_id, on_day, type, certainty, source, proof,
			proof_name, note, made_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.Creditor, e.ID, e.Customer, e.Invoice, e.On, string(e.Type), string(e.Certainty), string(e.Source), e.Proof,
		e.ProofName, e.Note, e.By, e.CreatedAt)
	return err
}

func withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE limitation_event
		SET withdrawn_at = $3
		WHERE creditor_id = $1 AND id = $2 AND withdrawn_at IS NULL`, s.Creditor, id, tx.Now)
	return n > 0, err
}

// Find is the event of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Event, error) {
	e, err := db.One(ctx, tx, scanEvent, selectEvent+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return e, agreement.Missing(err, "événement %s", id)
}

// Noted are the events that people noted of a customer, the newest first.
func Noted(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Event, error) {
	return db.All(ctx, tx, scanEvent, selectEvent+`
		WHERE creditor_id = $1 AND customer_id = $2 AND withdrawn_at IS NULL
		ORDER BY on_day DESC, id DESC`, s.Creditor, customer)
}

func notedBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Event, error] {
	return db.Each(ctx, tx, scanEvent, selectEvent+`
		WHERE creditor_id = $1 AND customer_id >= $2 AND customer_id <= $3 AND withdrawn_at IS NULL
		ORDER BY customer_id, on_day, id`, s.Creditor, span.From, span.To)
}

// payments streams the part payments of open invoices, of money that came in and was
// not taken back. One of which a file showed only that it must have been is doubtful.
func payments(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Event, error] {
	return db.Each(ctx, tx, func(r db.Row) (e Event, err error) {
		var doubtful bool
		err = r.Scan(&e.Customer, &e.Invoice, &e.On, &e.Note, &doubtful)
		e.Type, e.Source, e.Certainty = fr.PartPayment, FromPayment, Text
		if doubtful {
			e.Certainty = Reading
		}
		return e, err
	}, `
		SELECT a.customer_id, a.invoice_id, p.issued_on, p.number, p.nature = 'noted'
		FROM allocation a
		JOIN document p ON p.creditor_id = a.creditor_id AND p.id = a.credit_id
		JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id
		WHERE a.creditor_id = $1 AND a.customer_id >= $3 AND a.customer_id <= $4 AND a.reverses IS NULL
		  AND p.kind = 'payment' AND p.nature IN ('', 'advance', 'noted', 'opening') AND p.issued_on <= $2
		  AND d.open_amount <> 0
		  AND NOT EXISTS (
			SELECT 1
			FROM allocation u
			WHERE u.creditor_id = a.creditor_id AND u.reverses = a.id)
		ORDER BY a.customer_id, p.issued_on, a.id`, s.Creditor, span.Day, span.From, span.To)
}

// agreed streams plans and promises: what a customer agreed to is an acknowledgment
// of the debt, as far as it can be proved.
func agreed(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Event, error] {
	return db.Each(ctx, tx, func(r db.Row) (e Event, err error) {
		err = r.Scan(&e.Customer, &e.Invoice, &e.On, &e.Source, &e.Note)
		e.Type, e.Certainty = fr.Acknowledgment, Reading
		return e, err
	}, `
		SELECT p.customer_id, i.document_id, p.made_on, 'plan', p.note
		FROM plan p
		JOIN agreement_item i ON i.creditor_id = p.creditor_id AND i.agreement_id = p.id
		WHERE p.creditor_id = $1 AND p.customer_id >= $3 AND p.customer_id <= $4 AND p.made_on <= $2
		UNION ALL
		SELECT p.customer_id, i.document_id, p.made_on, 'promise', p.note
		FROM promise p
		JOIN agreement_item i ON i.creditor_id = p.creditor_id AND i.agreement_id = p.id
		WHERE p.creditor_id = $1 AND p.customer_id >= $3 AND p.customer_id <= $4 AND p.made_on <= $2`,
		s.Creditor, span.Day, span.From, span.To)
}

// reminded is a reminder that left in writing.
type reminded struct {
	customer, document string
	on                 cal.Date
	letter             bool
}

func reminders(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[reminded, error] {
	return db.Each(ctx, tx, func(r db.Row) (m reminded, err error) {
		return m, r.Scan(&m.customer, &m.document, &m.on, &m.letter)
	}, `
		SELECT r.customer_id, c.document_id, r.done_on, r.channels LIKE '%letter%' OR r.channels LIKE '%registered%'
		FROM reminder r
		JOIN reminder_claim c ON c.creditor_id = r.creditor_id AND c.reminder_id = r.id
		WHERE r.creditor_id = $1 AND r.customer_id >= $3 AND r.customer_id <= $4 AND r.state = 'sent'
		  AND r.done_on <= $2 AND r.channels <> 'call'
		ORDER BY r.customer_id, r.done_on, r.id`, s.Creditor, span.Day, span.From, span.To)
}

// notices streams the formal notices that were deposited, with their proof: they
// interrupt what a public body owes, and an insurer's premium.
func notices(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Event, error] {
	return db.Each(ctx, tx, func(r db.Row) (e Event, err error) {
		err = r.Scan(&e.Customer, &e.Invoice, &e.On, &e.Proof, &e.ProofName)
		e.Type, e.Source, e.Certainty = fr.Notified, FromNotice, Text
		return e, err
	}, `
		SELECT n.customer_id, i.document_id, v.on_day, v.sha256, v.file_name
		FROM notice n
		JOIN notice_item i ON i.creditor_id = n.creditor_id AND i.notice_id = n.id
		JOIN notice_event v ON v.creditor_id = n.creditor_id AND v.notice_id = n.id
		WHERE n.creditor_id = $1 AND n.customer_id >= $3 AND n.customer_id <= $4 AND v.kind = 'deposited'
		  AND v.withdrawn_at IS NULL AND v.on_day <= $2
		ORDER BY n.customer_id, v.on_day, v.id`, s.Creditor, span.Day, span.From, span.To)
}

// whoIs is the customer of that identifier or code.
func whoIs(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (customer.Customer, error) {
	c, err := customer.Find(ctx, tx, s, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return customer.FindByCode(ctx, tx, s, id)
	}
	return c, err
}
