package account

import (
	"context"
	"iter"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/ledger"
)

// This room reads the tables of the reminder room itself: that one stands on
// this one.

const selectCustomer = `
	SELECT c.id, c.code, c.name, c.kind, c.language, c.country, c.tags, c.since_on, c.insolvent_on, c.scenario,
		c.collector_id, COALESCE(p.average_delay, 0), COALESCE(p.payments, 0)
	FROM customer c
	LEFT JOIN payer p ON p.creditor_id = c.creditor_id AND p.customer_id = c.id`

func scanAccount(r db.Row) (*Account, error) {
	a := &Account{}
	c := &a.Customer
	var tags string
	err := r.Scan(&c.ID, &c.Code, &c.Name, &c.Kind, &c.Language, &c.Country, &tags, &c.Since, &a.insolventOn,
		&a.Scenario, &a.Collector, &a.Behaviour.AverageDelay, &a.Behaviour.Payments)
	if tags = strings.Trim(tags, ","); tags != "" {
		c.Tags = strings.Split(tags, ",")
	}
	return a, err
}

// customers are the first behind an identifier, a page at most.
func customers(ctx context.Context, tx *db.Tx, s creditor.Scope, after string) ([]*Account, error) {
	var w db.Where
	w.And("c.creditor_id = ?", s.Creditor)
	w.And("c.id > ?", after)
	query := selectCustomer + w.SQL() + `
		ORDER BY c.id
		LIMIT ` + w.Arg(pageSize)
	return db.All(ctx, tx, scanAccount, query, w.Args...)
}

func find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (*Account, error) {
	return db.One(ctx, tx, scanAccount, selectCustomer+`
		WHERE c.creditor_id = $1 AND c.id = $2`, s.Creditor, id)
}

// document is an open invoice or credit.
type document struct {
	customer string
	kind     ledger.Kind
	item     dunning.Item
}

func scanDocument(r db.Row) (d document, err error) {
	i := &d.item
	err = r.Scan(&i.ID, &d.customer, &d.kind, &i.Number, &i.Issued, &i.Due, &i.Amount.Currency, &i.Amount.Minor,
		&i.Open.Minor, &i.Order, db.Text(&i.Position.Step), &i.Position.On, &i.Position.Dismissed)
	i.Open.Currency = i.Amount.Currency
	return d, err
}

// openDocuments streams what is open of the documents issued by the day, by
// customer, but for charges, which no reminder claims: today's open amounts and positions, or for a past day the open
// amounts of its evening.
func openDocuments(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[document, error] {
	query := `
		SELECT d.id, d.customer_id, d.kind, d.number, d.issued_on, d.due_on, d.currency, d.amount, d.open_amount,
			d.order_ref, p.step, p.on_day, COALESCE(p.dismissed, FALSE)
		FROM document d
		LEFT JOIN position p ON p.creditor_id = d.creditor_id AND p.customer_id = d.customer_id
			AND p.document_id = d.id
		WHERE d.creditor_id = $1 AND d.customer_id >= $3 AND d.customer_id <= $4 AND d.open_amount <> 0
		  AND d.issued_on <= $2 AND d.nature <> 'charge'
		ORDER BY d.customer_id`
	if span.Past {
		query = `
		SELECT d.id, d.customer_id, d.kind, d.number, d.issued_on, d.due_on, d.currency, d.amount,
			d.open_amount + COALESCE(l.amount, 0), d.order_ref, NULL, NULL, FALSE
		FROM document d
		LEFT JOIN (
			SELECT doc_id, CAST(sum(amount) AS BIGINT) AS amount
			FROM (
				SELECT invoice_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND made_on > $2
				UNION ALL
				SELECT credit_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND made_on > $2
			) moved
			GROUP BY doc_id
		) l ON l.doc_id = d.id
		WHERE d.creditor_id = $1 AND d.customer_id >= $3 AND d.customer_id <= $4
		  AND d.open_amount + COALESCE(l.amount, 0) <> 0 AND d.issued_on <= $2 AND d.nature <> 'charge'
		ORDER BY d.customer_id`
	}
	return db.Each(ctx, tx, scanDocument, query, s.Creditor, span.Day, span.From, span.To)
}

// placed is where a document stood.
type placed struct {
	document string
	position dunning.Position
}

// positionsOn streams the steps done by a day, the last of each document last.
func positionsOn(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[placed, error] {
	return db.Each(ctx, tx, func(r db.Row) (d placed, err error) {
		err = r.Scan(&d.document, &d.position.Step, &d.position.On, &d.position.Dismissed)
		return d, err
	}, `
		SELECT c.document_id, r.step, r.done_on, r.state = 'dismissed'
		FROM reminder r
		JOIN reminder_claim c ON c.creditor_id = r.creditor_id AND c.reminder_id = r.id
		WHERE r.creditor_id = $1 AND r.customer_id >= $3 AND r.customer_id <= $4 AND r.state IN ('sent', 'dismissed')
		  AND r.done_on <= $2 AND NOT r.follow_up
		ORDER BY r.done_on, r.id`, s.Creditor, span.Day, span.From, span.To)
}

type finding struct{ document, code string }

// blockingFindings streams what must be mended before invoices are chased.
func blockingFindings(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[finding, error] {
	return db.Each(ctx, tx, func(r db.Row) (f finding, err error) {
		err = r.Scan(&f.document, &f.code)
		return f, err
	}, `
		SELECT document_id, code
		FROM finding
		WHERE creditor_id = $1 AND customer_id >= $2 AND customer_id <= $3 AND blocking
		ORDER BY customer_id, document_id, code`, s.Creditor, span.From, span.To)
}

type recall struct {
	document string
	on       cal.Date
}

// recalledBy streams the invoices that were taken back from a partner by the day, with
// the last time.
func recalledBy(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[recall, error] {
	return db.Each(ctx, tx, func(r db.Row) (x recall, err error) {
		err = r.Scan(&x.document, &x.on)
		return x, err
	}, `
		SELECT i.document_id, max(h.ended_on)
		FROM handover h
		JOIN handover_item i ON i.creditor_id = h.creditor_id AND i.handover_id = h.id
		WHERE h.creditor_id = $1 AND h.customer_id >= $3 AND h.customer_id <= $4 AND h.state = 'recalled'
		AND h.ended_on <= $2
		GROUP BY i.document_id`, s.Creditor, span.Day, span.From, span.To)
}

type waiter struct {
	customer string
	pending  dunning.Pending
}

// waiting streams the reminders that have not left.
func waiting(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[waiter, error] {
	return db.Each(ctx, tx, func(r db.Row) (w waiter, err error) {
		var items string
		p := &w.pending
		err = r.Scan(&w.customer, &p.ID, &p.Step, &p.On, &p.Amount.Currency, &p.Amount.Minor, &p.FollowUp, &p.Scenario,
			&items)
		p.Items = agreement.Split(items)
		return w, err
	}, `
		SELECT r.customer_id, r.id, r.step, r.on_day, r.currency, r.amount, r.follow_up,
			CASE WHEN r.state IN ('proposed', 'approved', 'failed') THEN r.scenario_id ELSE '' END, COALESCE((
			SELECT string_agg(c.document_id, ',' ORDER BY c.document_id)
			FROM reminder_claim c
			WHERE c.creditor_id = r.creditor_id AND c.reminder_id = r.id), '')
		FROM reminder r
		WHERE r.creditor_id = $1 AND r.customer_id >= $2 AND r.customer_id <= $3
		  AND r.state IN ('proposed', 'approved', 'sending', 'failed', 'uncertain')
		ORDER BY r.customer_id, r.id`, s.Creditor, span.From, span.To)
}

// recent streams the reminders done from a day to that of the span: those that
// left, and the follow-ups that were dismissed.
func recent(
	ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span, since cal.Date,
) iter.Seq2[said, error] {
	return db.Each(ctx, tx, func(r db.Row) (m said, err error) {
		var text string
		c := &m.contact
		err = r.Scan(&m.id, &m.customer, &c.On, &c.Step, &c.Scenario, &c.Channel, &c.FollowUp, &c.Made,
			&m.dismissed, &text)
		if err != nil {
			return m, err
		}
		return m, m.read(text)
	}, `
		SELECT id, customer_id, done_on, step, scenario, channels, follow_up, spoken, state = 'dismissed', details
		FROM reminder
		WHERE creditor_id = $1 AND customer_id >= $3 AND customer_id <= $4 AND done_on >= $5 AND done_on <= $2
		  AND state IN ('sent', 'dismissed') AND (state = 'sent' OR follow_up)
		ORDER BY customer_id, done_on, id`, s.Creditor, span.Day, span.From, span.To, since)
}

type claimed struct{ document, reminder string }

// claimsOn streams which reminders claimed some documents.
func claimsOn(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) iter.Seq2[claimed, error] {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "document_id", documents)
	return db.Each(ctx, tx, func(r db.Row) (c claimed, err error) {
		err = r.Scan(&c.document, &c.reminder)
		return c, err
	}, `
		SELECT document_id, reminder_id
		FROM reminder_claim`+w.SQL(), w.Args...)
}

// before streams those of some reminders that left before a day. It is a query
// of its own beside claimsOn so that both engines go by identifiers, whatever
// they know about the tables.
func before(
	ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, reminders []string,
) iter.Seq2[said, error] {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "id", reminders)
	w.And("(CASE WHEN state = 'sent' THEN done_on END) < ?", day) // no index of states is to answer this
	return db.Each(ctx, tx, func(r db.Row) (m said, err error) {
		c := &m.contact
		err = r.Scan(&m.id, &m.customer, &c.On, &c.Step, &c.Scenario, &c.Channel, &c.FollowUp, &c.Made)
		return m, err
	}, `
		SELECT id, customer_id, done_on, step, scenario, channels, follow_up, spoken
		FROM reminder`+w.SQL(), w.Args...)
}

type paid struct {
	customer string
	on       cal.Date
}

// lastPayments streams when some customers last paid between two days.
func lastPayments(
	ctx context.Context, tx *db.Tx, s creditor.Scope, day, since cal.Date, customers []string,
) iter.Seq2[paid, error] {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "customer_id", customers)
	w.And("kind = 'payment'")
	w.And("issued_on >= ?", since)
	w.And("issued_on <= ?", day)
	return db.Each(ctx, tx, func(r db.Row) (m paid, err error) {
		err = r.Scan(&m.customer, &m.on)
		return m, err
	}, `
		SELECT customer_id, max(issued_on)
		FROM document`+w.SQL()+`
		GROUP BY customer_id`, w.Args...)
}
