package reminder

import (
	"context"
	"regexp"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/journal"
	"acquit/internal/notice"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// waits are the pauses between attempts at a message refused for now: long
// enough together for greylisting and a server's bad day. After the last one
// the message has failed.
var waits = []time.Duration{
	2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// record writes down what came of an attempt: on the message, on its reminder,
// in the delivery log and in the journal.
func (d *Desk) record(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, a *attempt, t *Tally) error {
	m, r := &a.message, a.receipt
	m.Code, m.Detail = r.Code, r.Detail
	if r.Reference != "" {
		m.Remote = r.Reference
	}
	if a.closed {
		m.Attempts--
		m.NextAt = tx.Now.Add(waits[0])
		return moveMessage(ctx, tx, s, m, Queued, r.Detail)
	}
	if err := logDelivery(ctx, tx, s, m.ID, r); err != nil {
		return err
	}
	switch {
	case r.Outcome == channel.Sent:
		t.Sent++
		return left(ctx, tx, s, o, m, o.today)
	case r.Outcome == channel.Handed:
		t.Ready++
		return ready(ctx, tx, s, m)
	case r.Outcome == channel.Temporary && m.Attempts <= len(waits):
		t.Retried++
		m.NextAt = tx.Now.Add(waits[m.Attempts-1])
		return moveMessage(ctx, tx, s, m, Queued, r.Detail)
	case r.Outcome == channel.Uncertain:
		t.Uncertain++
		return doubt(ctx, tx, s, m, r.Detail)
	}
	t.Failed++
	return refuse(ctx, tx, s, m, r)
}

func logDelivery(ctx context.Context, tx *db.Tx, s creditor.Scope, message string, r channel.Receipt) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO delivery (creditor_id, id, message_id, at, outcome, code, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Creditor, tx.NewID("dlv"), message, tx.Now, string(r.Outcome), r.Code, r.Detail)
	return err
}

// left records that a message is gone, on a day. Its reminder is sent, and its
// step done, when none of its messages still waits.
func left(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, m *Message, on cal.Date) error {
	m.SentAt = o.instant(on)
	if err := moveMessage(ctx, tx, s, m, MessageSent, ""); err != nil {
		return err
	}
	err := journal.Write(ctx, tx, s, "message.sent", "customer/"+m.Customer, map[string]any{
		"message": m.ID, "reminder": m.Reminder, "channel": m.Channel, "to": m.To, "sha256": m.SHA256,
		"message_id": m.Ref, "on": on,
	})
	if err != nil {
		return err
	}
	if m.Purpose != "" {
		return nil
	}
	if m.Channel == string(dunning.Registered) {
		if err := notice.Left(ctx, tx, s, m.Reminder, on); err != nil {
			return err
		}
	}
	waiting, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM message
		WHERE creditor_id = $1 AND reminder_id = $2 AND state IN ('queued', 'held', 'sending', 'ready', 'uncertain')`,
		s.Creditor, m.Reminder)
	if err != nil {
		return err
	}
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return err
	}
	if waiting > 0 {
		_, err = setState(ctx, tx, s, &r, Sending, Approved)
		return err
	}
	return finish(ctx, tx, s, o, &r)
}

// instant is when something happened of which only the day is told: now, or the
// noon of a day before.
func (o office) instant(on cal.Date) time.Time {
	if on == o.today {
		return o.now
	}
	y, m, d := on.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, o.zone)
}

// finish makes a reminder sent and moves its invoices to its step, on the day
// on which the last of its messages left: the next step is counted from there.
func finish(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r *Reminder) error {
	last, err := lastLeft(ctx, tx, s, r.ID)
	if err != nil {
		return err
	}
	r.DoneOn = o.today
	if !last.IsZero() {
		r.DoneOn = cal.Of(last.In(o.zone))
	}
	ok, err := setState(ctx, tx, s, r, Sent, Approved, Sending, Uncertain, Failed)
	if err != nil || !ok {
		return err
	}
	return setPositions(ctx, tx, s, *r, false)
}

// lastLeft is when the last message of a reminder left; the zero time when none
// has.
func lastLeft(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string) (time.Time, error) {
	return db.One(ctx, tx, func(r db.Row) (t time.Time, err error) {
		return t, r.Scan(db.Instant(&t))
	}, `
		SELECT max(sent_at)
		FROM message
		WHERE creditor_id = $1 AND reminder_id = $2 AND state = 'sent'`, s.Creditor, reminder)
}

// doubt records that nobody knows whether a message has left. It waits for a
// person: it is never sent again by itself.
func doubt(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, why string) error {
	if err := moveMessage(ctx, tx, s, m, MessageUncertain, why); err != nil {
		return err
	}
	err := ask(ctx, tx, s, task.Task{
		Customer: m.Customer, Reminder: m.Reminder, Kind: task.CheckUncertain, Key: "uncertain/" + m.ID,
		Title: "Dire si ce message est parti : " + m.Subject, Detail: why,
	})
	if err != nil {
		return err
	}
	return trouble(ctx, tx, s, m, Uncertain, "message.uncertain", why)
}

// refuse records that a message was refused for good. An address that does not
// exist is marked so that no other message tries it.
func refuse(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, r channel.Receipt) error {
	why := strings.TrimSpace(r.Code + " " + r.Detail)
	if err := moveMessage(ctx, tx, s, m, MessageFailed, why); err != nil {
		return err
	}
	if badRecipient.MatchString(r.Code) {
		if err := bounced(ctx, tx, s, m); err != nil {
			return err
		}
	}
	return trouble(ctx, tx, s, m, Failed, "message.failed", why)
}

// badRecipient are the answers that say that the recipient's address is none
// (RFC 3463, 3.2, and RFC 7505 for .10): X.1.7 and X.1.8 are about the sender's.
var badRecipient = regexp.MustCompile(`\b5\.1\.([1236]|10)$`)

// bounced marks the address wherever the customer has it. A general address,
// which no contact bears, becomes a contact that cannot be written to.
func bounced(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message) error {
	for _, to := range m.To {
		n, err := tx.Exec(ctx, `
			UPDATE contact
			SET bounced_at = $4
			WHERE creditor_id = $1 AND customer_id = $2 AND lower(email) = lower($3)`,
			s.Creditor, m.Customer, to, tx.Now)
		if err == nil && n == 0 {
			err = customer.AddContacts(ctx, tx, s, []*customer.Contact{{
				Customer: m.Customer, Role: customer.Other, Email: to, BouncedAt: tx.Now,
			}})
		}
		if err != nil {
			return err
		}
	}
	return ask(ctx, tx, s, task.Task{
		Customer: m.Customer, Reminder: m.Reminder, Kind: task.FindContact, Key: "contact/" + m.Customer,
		Title: "Trouver la bonne adresse : " + strings.Join(m.To, ", ") + " n’existe pas", Detail: m.Detail,
	})
}

// ask gives a person something to do today.
func ask(ctx context.Context, tx *db.Tx, s creditor.Scope, t task.Task) (err error) {
	if t.Due, err = Today(ctx, tx, s); err != nil {
		return err
	}
	t.Title = oneLine(t.Title)
	return task.Add(ctx, tx, s, &t)
}

// trouble moves the reminder of a message that did not plainly leave.
func trouble(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, to State, action, why string) error {
	if m.Purpose == "" {
		r, err := Find(ctx, tx, s, m.Reminder)
		if err != nil {
			return err
		}
		r.Note = why
		if _, err := setState(ctx, tx, s, &r, to, Approved, Sending, Uncertain, Failed); err != nil {
			return err
		}
	}
	return journal.Write(ctx, tx, s, action, "customer/"+m.Customer, map[string]any{
		"message": m.ID, "reminder": m.Reminder, "why": why,
	})
}

// doubtOrphans makes uncertain what a process that died was handing over. What
// only a person lets leave has not left, and is handed over again.
func (d *Desk) doubtOrphans(ctx context.Context, tx *db.Tx, s creditor.Scope, t *Tally) error {
	orphans, err := db.All(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND state = 'sending'
		ORDER BY id`, s.Creditor)
	if err != nil || len(orphans) == 0 {
		return err
	}
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	ways, err := d.Ways(s, v)
	if err != nil {
		return err
	}
	for _, m := range orphans {
		if _, ok := ways[m.Channel].(channel.Manual); ok {
			if err := moveMessage(ctx, tx, s, &m, Queued, ""); err != nil {
				return err
			}
			continue
		}
		t.Uncertain++
		err := doubt(ctx, tx, s, &m, "le programme s’est arrêté pendant l’envoi : on ne sait pas si le message est parti")
		if err != nil {
			return err
		}
	}
	return nil
}

// maxTaskTitle is less than what a task takes: a subject may be long.
const maxTaskTitle = 180

func oneLine(s string) string {
	words := []rune(strings.Join(strings.Fields(s), " "))
	if len(words) > maxTaskTitle {
		return string(words[:maxTaskTitle]) + "…"
	}
	return string(words)
}
