package reminder

import (
	"context"
	"errors"
	"time"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/setting"
)

// Tally is what one passage of the sender did.
type Tally struct {
	Sent       int `json:"sent"`
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
		if err := doubtOrphans(ctx, tx, s, &t); err != nil {
			return err
		}
		return reconsiderHeld(ctx, tx, s)
	})
	if err != nil {
		return t, err
	}
	open := sessions{}
	defer open.close()
	var done *attempt
	for {
		var next *attempt
		// What has left is written down even when the program is asked to stop.
		err := d.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) (err error) {
			next, err = d.turn(ctx, tx, s, done, &t)
			return err
		})
		if err != nil || next == nil {
			return t, err
		}
		d.hand(ctx, s, open, next)
		done = next
	}
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

// turn writes down the outcome of the attempt before and takes the next one.
func (d *Desk) turn(ctx context.Context, tx *db.Tx, s creditor.Scope, done *attempt, t *Tally) (*attempt, error) {
	all := context.WithoutCancel(ctx)
	o, err := openOffice(all, tx, s)
	if err != nil {
		return nil, err
	}
	if done != nil {
		if err := d.record(all, tx, s, o, done, t); err != nil {
			return nil, err
		}
		if lineDown(done.receipt) {
			return nil, nil
		}
	}
	if ctx.Err() != nil {
		return nil, nil
	}
	if closed, err := outOfHours(all, tx, s, o); err != nil || closed {
		return nil, err
	}
	return d.take(all, tx, s, o, t)
}

// reconsiderHeld puts held messages back into the queue: the doubt about them
// may be gone, and each is checked again before it leaves.
func reconsiderHeld(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = 'queued'
		WHERE creditor_id = $1 AND state = 'held'`, s.Creditor)
	return err
}

// lineDown tells that nothing was answered at all: the next message would meet
// the same wall, and spend an attempt on it.
func lineDown(r channel.Receipt) bool { return r.Outcome == channel.Temporary && r.Code == "" }

func (d *Desk) open(ctx context.Context, s creditor.Scope, v setting.Values, name string) (channel.Session, error) {
	ways, err := d.Ways(s, v)
	if err != nil {
		return nil, err
	}
	way := ways[name]
	if way == nil {
		return nil, &fault.Invalid{
			Field: name, Message: "aucun moyen d’envoi n’est réglé pour « " + name + " »", Mend: "voir Réglages, Messagerie",
		}
	}
	return way.Open(ctx)
}

// maxTurn bounds how many messages one transaction looks at before it gives
// the writing connection back.
const maxTurn = 50

// take gives the next queued message that may leave, marked as being sent.
// Those that may not are held or cancelled on the way.
func (d *Desk) take(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, t *Tally) (*attempt, error) {
	for range maxTurn {
		m, err := db.One(ctx, tx, scanMessage, selectMessage+`
			WHERE creditor_id = $1 AND state = 'queued' AND next_at <= $2
			ORDER BY next_at, id
			LIMIT 1`, s.Creditor, tx.Now)
		if errors.Is(err, fault.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		a, err := d.consider(ctx, tx, s, o, m, t)
		if err != nil || a != nil {
			return a, err
		}
	}
	return nil, nil
}

// consider checks a message again at the last moment. It gives nothing when
// the message was held or cancelled.
func (d *Desk) consider(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, m Message, t *Tally) (*attempt, error) {
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return nil, err
	}
	v, err := d.recheck(ctx, tx, s, o, r)
	if err != nil {
		return nil, err
	}
	switch v.what {
	case overtaken:
		t.Superseded++
		return nil, supersede(ctx, tx, s, &r, v.why)
	case doubtful:
		t.Held++
		return nil, moveMessage(ctx, tx, s, &m, Held, v.why)
	}
	raw, err := Raw(ctx, tx, s, m.ID)
	if err != nil {
		return nil, err
	}
	m.Attempts++
	if err := moveMessage(ctx, tx, s, &m, MessageSending, ""); err != nil {
		return nil, err
	}
	return &attempt{message: m, values: o.values, carried: channel.Message{
		ID: m.ID, From: m.Sender, Return: m.Return, To: m.To, Cc: m.Cc, Raw: raw, MessageID: m.Ref,
	}}, nil
}

// moveMessage stores a message's state with its attempts and its reason.
func moveMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message, to MessageState, why string) error {
	m.State, m.Why = to, why
	if m.NextAt.IsZero() {
		m.NextAt = tx.Now
	}
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = $3, why = $4, attempts = $5, next_at = $6, last_code = $7, last_detail = $8, sent_at = $9
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, m.ID, string(m.State), m.Why, m.Attempts, m.NextAt, m.Code, m.Detail, m.SentAt)
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
	midnight := time.Date(o.now.Year(), o.now.Month(), o.now.Day(), 0, 0, 0, 0, o.zone)
	sent, err := db.One(ctx, tx, db.Value[int], `
		SELECT count(*)
		FROM message
		WHERE creditor_id = $1 AND sent_at >= $2`, s.Creditor, midnight)
	return sent >= limit, err
}
