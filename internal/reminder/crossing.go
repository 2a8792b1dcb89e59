package reminder

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// Crossing is a reminder that left for an invoice that had been paid by then:
// the money was at the bank, and the books did not know yet.
type Crossing struct {
	Message  string
	Reminder string
	Customer string
	SentAt   time.Time
	Invoice  string
	Number   string
	Payment  string
	PaidOn   cal.Date
	Amount   money.Amount
	KnownAt  time.Time // when the payment was set against the invoice here
	Settled  bool      // nothing is open on the invoice any more
}

// crossedWithin is how long after it left a reminder can be found to have
// crossed with a payment: later the customer has forgotten it.
const crossedWithin = 62

// selectCrossing pairs what left with the payments of the same invoices that
// became known after it was looked at for the last time, while it was being handed
// over or later; those that were undone left out.
const selectCrossing = `
	SELECT m.id, m.reminder_id, m.customer_id, m.sent_at, i.id, i.number, i.open_amount, c.id, c.issued_on, c.currency,
		a.amount, a.created_at
	FROM allocation a
	JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id AND c.kind = 'payment'
	JOIN document i ON i.creditor_id = a.creditor_id AND i.id = a.invoice_id
	JOIN reminder_claim l ON l.creditor_id = a.creditor_id AND l.document_id = a.invoice_id
	JOIN message m ON m.creditor_id = a.creditor_id AND m.reminder_id = l.reminder_id
		AND m.state = 'sent' AND COALESCE(m.handed_at, m.sent_at) < a.created_at
	WHERE a.creditor_id = $1 AND a.amount > 0 AND NOT EXISTS (
			SELECT 1
			FROM allocation u
			WHERE u.creditor_id = a.creditor_id AND u.reverses = a.id)`

func scanCrossing(r db.Row) (c Crossing, err error) {
	var open int64
	err = r.Scan(&c.Message, &c.Reminder, &c.Customer, db.Instant(&c.SentAt), &c.Invoice, &c.Number, &open, &c.Payment,
		&c.PaidOn, &c.Amount.Currency, &c.Amount.Minor, db.Instant(&c.KnownAt))
	c.Settled = open == 0
	return c, err
}

// Crossings are the reminders to a customer, since two months, that crossed with
// a payment, the latest first.
func Crossings(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Crossing, error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	return o.crossed(db.Each(ctx, tx, scanCrossing, selectCrossing+`
		  AND a.customer_id = $2 AND m.sent_at >= $3`, s.Creditor, customer, o.now.AddDate(0, 0, -crossedWithin)))
}

// CrossingsBetween are all that left from one day to another, both included.
func CrossingsBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date) ([]Crossing, error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	return o.crossed(db.Each(ctx, tx, scanCrossing, selectCrossing+`
		  AND a.made_on >= $2 AND m.sent_at >= $3 AND m.sent_at < $4`,
		s.Creditor, from.Add(-crossedWithin), o.midnight(from), o.midnight(to.Add(1))))
}

// crossed keeps those whose money was there on the day on which the message
// left, each message and payment once per invoice.
func (o office) crossed(all iter.Seq2[Crossing, error]) (list []Crossing, err error) {
	for c, err := range all {
		if err != nil {
			return nil, err
		}
		if c.PaidOn <= cal.Of(c.SentAt.In(o.zone)) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Crossing) int {
		return cmp.Or(b.SentAt.Compare(a.SentAt), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Invoice, b.Invoice),
			cmp.Compare(a.Payment, b.Payment))
	})
	return list, nil
}

// Care is how many messages left in a period, and how many of them crossed with a
// payment: the share that nobody could have kept back.
type Care struct {
	Sent    int
	Crossed int
}

// CareBetween counts what left from one day to another, both included.
func CareBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date) (c Care, err error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return c, err
	}
	c.Sent, err = db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM message
		WHERE creditor_id = $1 AND sent_at >= $2 AND sent_at < $3 AND purpose = ''`,
		s.Creditor, o.midnight(from), o.midnight(to.Add(1)))
	if err != nil {
		return c, err
	}
	list, err := CrossingsBetween(ctx, tx, s, from, to)
	messages := map[string]bool{}
	for _, x := range list {
		messages[x.Message] = true
	}
	c.Crossed = len(messages)
	return c, err
}
