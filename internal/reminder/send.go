package reminder

import (
	"context"
	"errors"
	"strings"
	"time"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/setting"
)

// Tally is what one passage of the sender did.
type Tally struct {
	Sent       int `json:"sent"`
	Ready      int `json:"ready"`   // on paper: a person posts them
	Retried    int `json:"retried"` // refused for now, tried again later
	Failed     int `json:"failed"`
	Uncertain  int `json:"uncertain"`
	Held       int `json:"held"`
	Superseded int `json:"superseded"`
}

// Send lets the queued messages of a creditor leave, one after the other. One
// process at a time does so for a creditor: what another left in the middle of
// a handing over when it died becomes uncertain before anything else leaves.
//
// Each message is marked as being sent, in a transaction that has checked it
// again, before it is handed over; its outcome is written in the transaction
// that takes the next. Nothing is therefore sent twice, and nothing lost,
// wherever the program stops.
func (d *Desk) Send(ctx context.Context, s creditor.Scope) (t Tally, err error) {
	defer fault.Wrap(&err, "send")
	release, ok, err := d.DB.Exclusive(ctx, "send/"+s.Creditor)
	if err != nil || !ok {
		return t, err
	}
	defer release()
	err = d.DB.Write(ctx, func(tx *db.Tx) error {
		if err := d.doubtOrphans(ctx, tx, s, &t); err != nil {
			return err
		}
		return reconsiderHeld(ctx, tx, s)
	})
	if err != nil {
		return t, err
	}
	open, p := sessions{}, &passage{}
	defer open.close()
	var done *attempt
	for {
		next, more, err := d.turn(ctx, s, p, done, &t)
		if err != nil || !more {
			return t, err
		}
		if next != nil {
			d.hand(ctx, s, open, next)
		}
		done = next
	}
}

// passage is what one passage of the sender keeps of the creditor's settings,
// calendar and scenarios. Facts about customers are never kept.
type passage struct {
	bench
	read time.Time
}

// settingsFor is how long settings are kept: a change while thousands of
// messages leave holds from the next second on.
const settingsFor = time.Second

func (p *passage) refresh(ctx context.Context, tx *db.Tx, d *Desk, s creditor.Scope) (err error) {
	if age := tx.Now.Sub(p.read); !p.read.IsZero() && age >= 0 && age < settingsFor {
		p.turnTo(tx.Now)
		return nil
	}
	p.bench, err = d.bench(ctx, tx, s)
	p.read = tx.Now
	if err != nil {
		p.read = time.Time{}
	}
	return err
}

// hand gives a message to its channel, opening it first where it is not.
func (d *Desk) hand(ctx context.Context, s creditor.Scope, open sessions, a *attempt) {
	name := a.message.Channel
	if open[name] == nil {
		session, err := d.open(ctx, s, a.values, name)
		if err != nil {
			a.closed = true
			a.receipt = channel.Receipt{Outcome: channel.Temporary, Detail: err.Error()}
			return
		}
		open[name] = session
	}
	a.receipt = open[name].Send(ctx, a.carried)
}

// attempt is a message that is being handed over, and what came of it.
type attempt struct {
	message Message
	carried channel.Message
	values  setting.Values
	closed  bool // its channel could not be opened: nothing was tried
	receipt channel.Receipt
}

// sessions are the open ways out, by channel.
type sessions map[string]channel.Session

func (list sessions) close() {
	for _, s := range list {
		_ = s.Close() // all that mattered was answered before
	}
}

// turn writes down the outcome of the attempt before and takes the next one, in
// one transaction. What has left is written down even when the program is asked
// to stop, or when the next message cannot be looked at: that one is set aside,
// and the others go on. more tells that the queue may hold more.
func (d *Desk) turn(
	ctx context.Context, s creditor.Scope, p *passage, done *attempt, t *Tally,
) (next *attempt, more bool, err error) {
	all, before := context.WithoutCancel(ctx), *t
	err = d.DB.Write(all, func(tx *db.Tx) (err error) {
		*t = before
		next, more, err = d.recordAndTake(ctx, tx, s, p, done, t)
		return err
	})
	if err == nil {
		return next, more, nil
	}
	*t = before
	stuck, ok := errors.AsType[*unlookable](err)
	if !ok {
		return nil, false, err
	}
	d.Log.ErrorContext(ctx, "a message could not be checked", "message", stuck.message.ID, "error", stuck.err)
	return nil, true, d.DB.Write(all, func(tx *db.Tx) error {
		if err := d.recordDone(all, tx, s, done, t); err != nil {
			return err
		}
		t.Held++
		return hold(all, tx, s, &stuck.message, "ce message n’a pas pu être contrôlé : voir le journal du serveur")
	})
}

// unlookable is an error of one message that is ours to mend: its customer's
// data cannot be read.
type unlookable struct {
	message Message
	err     error
}

func (u *unlookable) Error() string { return u.message.ID + ": " + u.err.Error() }
func (u *unlookable) Unwrap() error { return u.err }

func (d *Desk) recordDone(ctx context.Context, tx *db.Tx, s creditor.Scope, done *attempt, t *Tally) error {
	if done == nil {
		return nil
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, s, o, done, t)
}

func (d *Desk) recordAndTake(
	ctx context.Context, tx *db.Tx, s creditor.Scope, p *passage, done *attempt, t *Tally,
) (next *attempt, more bool, err error) {
	all := context.WithoutCancel(ctx)
	if err := p.refresh(all, tx, d, s); err != nil {
		return nil, false, err
	}
	if done != nil {
		if err := d.record(all, tx, s, p.office, done, t); err != nil || lineDown(done.receipt) {
			return nil, false, err
		}
	}
	if closed, err := outOfHours(all, tx, s, p.office); err != nil || closed || ctx.Err() != nil {
		return nil, false, err
	}
	return d.take(all, tx, s, p.bench, t)
}

// reconsiderHeld puts held messages back at the end of the queue: the doubt
// about them may be gone, and each is checked again before it leaves.
func reconsiderHeld(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = 'queued', next_at = $2
		WHERE creditor_id = $1 AND state = 'held'`, s.Creditor, tx.Now)
	return err
}

// lineDown tells that the next message would meet the same wall, and spend an
// attempt on it: nothing was answered at all, the server asks to be left alone
// (421), or it wants to know first who we are (530 to 538, RFC 4954).
func lineDown(r channel.Receipt) bool {
	return r.Outcome == channel.Temporary &&
		(r.Code == "" || strings.HasPrefix(r.Code, "421") || strings.HasPrefix(r.Code, "53"))
}

func (d *Desk) open(ctx context.Context, s creditor.Scope, v setting.Values, name string) (channel.Session, error) {
	ways, err := d.Ways(s, v)
	if err != nil {
		return nil, err
	}
	way := ways[name]
	if way == nil {
		return nil, &fault.Invalid{
			Field: name, Message: "aucun moyen d’envoi n’est réglé pour « " + name + " »",
			Mend: "voir Réglages, Messagerie",
		}
	}
	return way.Open(ctx)
}

// maxTurn bounds how many messages one transaction looks at before it gives
// the writing connection back.
const maxTurn = 50

// take gives the next queued message that may leave, marked as being sent.
// Those that may not are held or cancelled on the way; more tells that the
// queue may hold others when none is given.
func (d *Desk) take(
	ctx context.Context, tx *db.Tx, s creditor.Scope, b bench, t *Tally,
) (a *attempt, more bool, err error) {
	for range maxTurn {
		m, err := first(ctx, tx, s, b.office)
		if errors.Is(err, fault.ErrNotFound) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if a, err = consider(ctx, tx, s, b, m, t); err != nil {
			return nil, false, &unlookable{m, err}
		}
		if a != nil {
			return a, true, nil
		}
	}
	return nil, true, nil
}

// first is the message whose turn it is. On a day on which the creditor is
// closed, only steps that go on any day leave.
func first(ctx context.Context, tx *db.Tx, s creditor.Scope, o office) (Message, error) {
	if o.calendar.IsOpen(o.today) {
		return db.One(ctx, tx, scanMessage, selectMessage+`
			WHERE creditor_id = $1 AND state = 'queued' AND next_at <= $2
			ORDER BY next_at, id
			LIMIT 1`, s.Creditor, tx.Now)
	}
	return db.One(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND state = 'queued' AND next_at <= $2 AND reminder_id IN (
			SELECT id
			FROM reminder
			WHERE creditor_id = $1 AND state IN ('approved', 'sending') AND details LIKE '%"any_day":true%')
		ORDER BY next_at, id
		LIMIT 1`, s.Creditor, tx.Now)
}

// consider checks a message again at the last moment. It gives nothing when
// the message was held or cancelled.
func consider(ctx context.Context, tx *db.Tx, s creditor.Scope, b bench, m Message, t *Tally) (*attempt, error) {
	r, v, err := b.lookAt(ctx, tx, s, m)
	if err != nil {
		return nil, err
	}
	switch {
	case v.what == overtaken && m.Purpose != "":
		t.Superseded++
		return nil, moveMessage(ctx, tx, s, &m, Cancelled, v.why.FR)
	case v.what == overtaken:
		t.Superseded++
		return nil, supersede(ctx, tx, s, &r, v.why.FR)
	case v.what == doubtful:
		t.Held++
		return nil, hold(ctx, tx, s, &m, v.why.FR)
	}
	raw, err := Raw(ctx, tx, s, m.ID)
	if err != nil {
		return nil, err
	}
	m.Attempts++
	if ok, err := claim(ctx, tx, s, &m); err != nil || !ok {
		return nil, err
	}
	return &attempt{message: m, values: b.values, carried: channel.Message{
		ID: m.ID, From: m.Sender, Return: m.Return, To: m.To, Cc: m.Cc, Raw: raw, MessageID: m.Ref,
	}}, nil
}

// lookAt is what the last look says of a message, and the reminder that it
// belongs to where there is one.
func (b bench) lookAt(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message) (r Reminder, v verdict, err error) {
	if m.Purpose != "" {
		v, err = recheckCourtesy(ctx, tx, s, b.office, m)
		return r, v, err
	}
	if r, err = Find(ctx, tx, s, m.Reminder); err != nil {
		return r, v, err
	}
	v, err = b.recheck(ctx, tx, s, r)
	return r, v, err
}

// claim marks a message as being sent. It fails when another process did so
// since it was read, be it that both believe to be alone: PostgreSQL lets a lock
// go with its connection, and the process that held it may live on.
func claim(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message) (bool, error) {
	m.State, m.Why = MessageSending, ""
	n, err := tx.Exec(ctx, `
		UPDATE message
		SET state = 'sending', why = '', attempts = $3, handed_at = $4
		WHERE creditor_id = $1 AND id = $2 AND state = 'queued'`, s.Creditor, m.ID, m.Attempts, tx.Now)
	return n > 0, err
}

// lookAgain is how soon the doubt about a held message is looked at again.
const lookAgain = 30 * time.Minute

// hold keeps a message back and says why; the journal has each doubt once.
func hold(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, why string) error {
	known := m.Why == why
	m.NextAt = tx.Now.Add(lookAgain)
	if err := moveMessage(ctx, tx, s, m, Held, why); err != nil || known {
		return err
	}
	return journal.Write(ctx, tx, s, "message.held", "customer/"+m.Customer, map[string]any{
		"message": m.ID, "reminder": m.Reminder, "why": why,
	})
}

// moveMessage stores a message's state with its attempts and its reason.
func moveMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, to MessageState, why string) error {
	m.State, m.Why = to, why
	if m.NextAt.IsZero() {
		m.NextAt = tx.Now
	}
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = $3, why = $4, attempts = $5, next_at = $6, last_code = $7, last_detail = $8, sent_at = $9,
		remote_ref = $10
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, m.ID, string(m.State), m.Why, m.Attempts, m.NextAt, m.Code, m.Detail, m.SentAt, m.Remote)
	return err
}

// outOfHours tells that nothing may leave now: outside of the sending hours,
// or past the day's cap.
func outOfHours(ctx context.Context, tx *db.Tx, s creditor.Scope, o office) (bool, error) {
	clock := setting.Of(o.now)
	if clock < setting.SendFrom.In(o.values) || clock >= setting.SendUntil.In(o.values) {
		return true, nil
	}
	limit := setting.DailyCap.In(o.values)
	if limit == 0 {
		return false, nil
	}
	sent, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM message
		WHERE creditor_id = $1 AND sent_at >= $2`, s.Creditor, o.midnight(o.today))
	return sent >= limit, err
}
