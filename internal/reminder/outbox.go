package reminder

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

const selectMessage = `
	SELECT id, reminder_id, customer_id, channel, sender, return_path, recipients, copies, subject, message_ref,
		sha256, size, state, why, attempts, next_at, last_code, last_detail, created_at, sent_at,
		remote_ref, purpose
	FROM message`

func scanMessage(r db.Row) (m Message, err error) {
	var to, cc string
	err = r.Scan(&m.ID, &m.Reminder, &m.Customer, &m.Channel, &m.Sender, &m.Return, &to, &cc, &m.Subject, &m.Ref,
		&m.SHA256, &m.Size, &m.State, &m.Why, &m.Attempts, db.Instant(&m.NextAt), &m.Code, &m.Detail,
		db.Instant(&m.CreatedAt), db.Instant(&m.SentAt), &m.Remote, &m.Purpose)
	m.To, m.Cc = addresses(to), addresses(cc)
	return m, err
}

// addresses reads what joined wrote.
func addresses(s string) []string {
	switch {
	case s == "":
		return nil
	case strings.Contains(s, "\n"):
		return strings.Split(s, "\n")
	}
	return strings.Split(s, ",")
}

// joined is addresses as they are stored. A postal address has several lines,
// and commas of its own.
func joined(list []string) string {
	if slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, ",") }) {
		return strings.Join(list, "\n")
	}
	return strings.Join(list, ",")
}

// insertMessage stores a message and its bytes, queued to leave at once; why is
// empty where it is a reminder's.
func insertMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder, why Purpose, m written) error {
	c := m.carried
	_, err := tx.Exec(ctx, `
		INSERT INTO message (creditor_id, id, reminder_id, customer_id, channel, sender, return_path, recipients,
			copies, subject, message_ref, raw, sha256, size, state, next_at, created_at, purpose)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'queued', $15, $15, $16)`,
		s.Creditor, c.ID, r.ID, r.Customer, m.channel, c.From, c.Return, joined(c.To), joined(c.Cc), m.subject,
		c.MessageID, c.Raw, c.Fingerprint(), len(c.Raw), tx.Now, string(why))
	return err
}

// MessageFilter says which messages a list shows, newest first.
type MessageFilter struct {
	States   []MessageState
	Customer string
	Reminder string
	Channels []string
	After    string // the identifier of the last of the page before
	Limit    int
}

// maxPage bounds a page of reminders or messages.
const maxPage = 500

// Messages lists messages without their bytes, newest first.
func Messages(ctx context.Context, tx *db.Tx, s creditor.Scope, f MessageFilter) ([]Message, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	if len(f.States) > 0 {
		db.In(&w, "state", f.States)
	}
	if f.Customer != "" {
		w.And("customer_id = ?", f.Customer)
	}
	if f.Reminder != "" {
		w.And("reminder_id = ?", f.Reminder)
	}
	if len(f.Channels) > 0 {
		db.In(&w, "channel", f.Channels)
	}
	if f.After != "" {
		w.And("id < ?", f.After)
	}
	query := selectMessage + w.SQL() + `
		ORDER BY id DESC
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	return db.All(ctx, tx, scanMessage, query, w.Args...)
}

// FindMessage is the message of that identifier.
func FindMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Message, error) {
	return db.One(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// Raw are the exact bytes of a message.
func Raw(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) ([]byte, error) {
	return db.One(ctx, tx, db.Value[[]byte], `
		SELECT raw
		FROM message
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// CountMessages counts messages by state.
func CountMessages(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[MessageState]int, error) {
	counts := map[MessageState]int{}
	type row struct {
		state MessageState
		n     int
	}
	for r, err := range db.Each(ctx, tx, func(r db.Row) (c row, err error) { return c, r.Scan(&c.state, &c.n) }, `
		SELECT state, count(*)
		FROM message
		WHERE creditor_id = $1
		GROUP BY state`, s.Creditor) {
		if err != nil {
			return nil, err
		}
		counts[r.state] = r.n
	}
	return counts, nil
}

// threadLength bounds the References of a message: RFC 5322 lets long chains be
// cut, and mail clients join by the last ones.
const threadLength = 20

// thread are the messages that left to this customer about the same invoices,
// oldest first: a new one answers the last. They are put in order by a value of
// no index, which SQLite would take to walk through all that ever left.
func thread(ctx context.Context, tx *db.Tx, s creditor.Scope, m Reminder) ([]Message, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("customer_id = ?", m.Customer)
	w.And("state = 'sent'")
	items := make([]string, len(m.Details.Claims))
	for i, c := range m.Details.Claims {
		items[i] = w.Arg(c.Item)
	}
	query := selectMessage + w.SQL() + `
		  AND reminder_id IN (
			SELECT reminder_id
			FROM reminder_claim
			WHERE creditor_id = $1 AND document_id IN (` + strings.Join(items, ", ") + `))
		ORDER BY COALESCE(sent_at, created_at) DESC, id DESC
		LIMIT ` + w.Arg(threadLength)
	list, err := db.All(ctx, tx, scanMessage, query, w.Args...)
	slices.Reverse(list)
	return list, err
}
