package reminder

import (
	"context"
	"iter"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// Claimed are the documents of a customer that a message that left has claimed.
func Claimed(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (map[string]bool, error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT c.document_id
		FROM message m
		JOIN reminder_claim c ON c.creditor_id = m.creditor_id AND c.reminder_id = m.reminder_id
		WHERE m.creditor_id = $1 AND m.customer_id = $2 AND m.sent_at IS NOT NULL`, s.Creditor, customer)
	claimed := make(map[string]bool, len(list))
	for _, id := range list {
		claimed[id] = true
	}
	return claimed, err
}

// Written is a message with its exact bytes and the step that it carried.
type Written struct {
	Message
	Step string
	Raw  []byte
}

// EachSent streams the messages that left to a customer, oldest first, one at a
// time in memory.
func EachSent(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) iter.Seq2[Written, error] {
	return db.Each(ctx, tx, scanWritten, `
		SELECT m.id, m.reminder_id, m.customer_id, m.channel, m.sender, m.return_path, m.recipients, m.copies,
		m.subject,
			m.message_ref, m.sha256, m.size, m.state, m.last_code, m.last_detail, m.created_at, m.sent_at,
			COALESCE(r.step, ''), m.raw
		FROM message m
		LEFT JOIN reminder r ON r.creditor_id = m.creditor_id AND r.id = m.reminder_id
		WHERE m.creditor_id = $1 AND m.customer_id = $2 AND m.sent_at IS NOT NULL
		ORDER BY m.created_at, m.id`, s.Creditor, customer)
}

func scanWritten(r db.Row) (m Written, err error) {
	var to, cc string
	err = r.Scan(&m.ID, &m.Reminder, &m.Customer, &m.Channel, &m.Sender, &m.Return, &to, &cc, &m.Subject, &m.Ref,
		&m.SHA256, &m.Size, &m.State, &m.Code, &m.Detail, db.Instant(&m.CreatedAt), db.Instant(&m.SentAt),
		&m.Step, &m.Raw)
	m.To, m.Cc = addresses(to), addresses(cc)
	return m, err
}
