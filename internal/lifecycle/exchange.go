package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/journal"
)

// Exchange is what exchanging with one platform needs.
type Exchange struct {
	DB       *db.DB
	Platform Platform
	Name     string          // of the platform, as messages remember it
	Drivers  []ingest.Driver // that read what comes
	Log      *slog.Logger
}

// Tallied counts what an exchange did.
type Tallied struct {
	Sent      int
	Later     int
	Refused   int // by the platform
	Uncertain int
	Judged    int
	Collected Tally
	Unread    int // messages that cannot be read
}

// Send hands over the messages that are ready, each once, and asks what became of
// those handed over before. A message whose outcome nobody knows is asked after,
// and never sent again by itself. It needs Work.
func (x *Exchange) Send(ctx context.Context, s creditor.Scope) (t Tallied, err error) {
	defer fault.Wrap(&err, "send statuses")
	if err := s.Need(creditor.Work); err != nil {
		return t, err
	}
	release, ok, err := x.DB.Exclusive(ctx, "lifecycle/"+s.Creditor)
	if err != nil {
		return t, err
	}
	if !ok {
		return t, fault.Conflictf("un autre échange avec la plateforme est en cours\u00a0: attendre qu’il finisse")
	}
	defer release()
	if err := x.recover(ctx, s); err != nil {
		return t, err
	}
	if err := x.judge(ctx, s, &t); err != nil {
		return t, err
	}
	ready, err := x.going(ctx, s, Ready)
	if err != nil {
		return t, err
	}
	for _, m := range ready {
		if m.TryAt.After(x.DB.Now()) {
			continue
		}
		if err := x.sendOne(ctx, s, m, &t); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (x *Exchange) going(ctx context.Context, s creditor.Scope, states ...State) (list []Message, err error) {
	err = x.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = Going(ctx, tx, s, states...)
		return err
	})
	return list, err
}

// recover makes uncertain what was being sent when the program died: this run is
// alone, so nobody else is sending it.
func (x *Exchange) recover(ctx context.Context, s creditor.Scope) error {
	list, err := x.going(ctx, s, Sending)
	if err != nil {
		return err
	}
	for _, m := range list {
		m.State, m.Detail = Uncertain, "l’envoi s’est interrompu\u00a0: la plateforme l’a peut-être reçu"
		if err := x.write(ctx, s, m, Sending); err != nil {
			return err
		}
	}
	return nil
}

func (x *Exchange) sendOne(ctx context.Context, s creditor.Scope, m Message, t *Tallied) error {
	var raw []byte
	err := x.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if raw, err = Raw(ctx, tx, s, m); err != nil {
			return err
		}
		m.State, m.Tries, m.Origin, m.TryAt = Sending, m.Tries+1, x.Name, time.Time{}
		return move(ctx, tx, s, m, Ready)
	})
	if err != nil {
		return err
	}
	r := x.Platform.Send(ctx, Outgoing{ID: m.ID, Flow: m.Flow, Name: m.Name, SHA256: m.SHA256, Raw: raw})
	m.Detail, m.TryAt = r.Detail, time.Time{}
	if r.Flow != "" {
		m.Flow = r.Flow
	}
	switch r.Outcome {
	case Handed:
		m.State, t.Sent = Sent, t.Sent+1
	case NotTaken:
		m.State, t.Refused = Denied, t.Refused+1
	case TryLater:
		m.State, t.Later = Ready, t.Later+1
		m.TryAt = x.DB.Now().Add(backoff(m.Tries))
	default:
		m.State, t.Uncertain = Uncertain, t.Uncertain+1
	}
	// What the platform has said is written down even when the caller gave up.
	return x.write(context.WithoutCancel(ctx), s, m, Sending)
}

// backoff is how long to wait after n tries: a minute, two, four… six hours at most.
func backoff(n int) time.Duration {
	return min(time.Minute<<min(n-1, 10), 6*time.Hour)
}

// messageNote is what the journal keeps of a message on its way out.
type messageNote struct {
	Message string `json:"message"`
	State   State  `json:"state"`
	SHA256  string `json:"sha256"`
	Flow    string `json:"flow,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

func (x *Exchange) write(ctx context.Context, s creditor.Scope, m Message, from State) error {
	return x.DB.Write(ctx, func(tx *db.Tx) error { return shift(ctx, tx, s, m, from) })
}

// shift moves a message on, says so, and brings its invoice to what follows: what we
// complete (209) resumes once it has left.
func shift(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message, from State) error {
	if err := move(ctx, tx, s, m, from); err != nil {
		return err
	}
	touched, err := toldIn(ctx, tx, s, m.ID)
	if err != nil {
		return err
	}
	subject := "lifecycle/" + m.ID
	for _, g := range touched {
		subject = "customer/" + g.customer
	}
	err = journal.Write(ctx, tx, s, "status."+string(m.State), subject, messageNote{
		Message: m.ID, State: m.State, SHA256: m.SHA256, Flow: m.Flow, Detail: m.Detail,
	})
	if err != nil {
		return err
	}
	return settleAll(ctx, tx, s, touched)
}

// judge asks what became of what was handed over, and of what nobody knows.
func (x *Exchange) judge(ctx context.Context, s creditor.Scope, t *Tallied) error {
	list, err := x.going(ctx, s, Sent, Uncertain)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Origin != x.Name {
			continue
		}
		v, err := x.Platform.Judge(ctx, Outgoing{ID: m.ID, Flow: m.Flow, Name: m.Name, SHA256: m.SHA256})
		if err != nil {
			return err
		}
		from := m.State
		switch {
		case !v.Found:
			continue
		case v.Judged && v.Accepted:
			m.State = Accepted
		case v.Judged:
			m.State = Denied
		default:
			m.State = Sent
		}
		if m.State == from {
			continue
		}
		m.Flow, m.Detail = v.Flow, v.Detail
		t.Judged++
		if err := x.write(ctx, s, m, from); err != nil {
			return err
		}
	}
	return nil
}

// Collect takes what came since the last time. What cannot be read is kept and
// shown, and stops nothing. It needs Work.
func (x *Exchange) Collect(ctx context.Context, s creditor.Scope) (t Tallied, err error) {
	defer fault.Wrap(&err, "collect statuses")
	if err := s.Need(creditor.Work); err != nil {
		return t, err
	}
	release, ok, err := x.DB.Exclusive(ctx, "lifecycle/in/"+s.Creditor)
	if err != nil {
		return t, err
	}
	if !ok {
		return t, fault.Conflictf("un autre échange avec la plateforme est en cours\u00a0: attendre qu’il finisse")
	}
	defer release()
	c := Cursor{Platform: x.Name}
	err = x.DB.Read(ctx, func(tx *db.Tx) (err error) {
		c.Position, err = position(ctx, tx, s, x.Name)
		return err
	})
	if err != nil {
		return t, err
	}
	known := func(flow string) (is bool, err error) {
		err = x.DB.Read(ctx, func(tx *db.Tx) (err error) {
			is, err = knownFlow(ctx, tx, s, x.Name, flow)
			return err
		})
		return is, err
	}
	next, failed := x.Platform.Collect(ctx, c.Position, known, func(in Incoming) error {
		return x.take(ctx, s, in, &t)
	})
	c.Position = next
	if failed != nil {
		c.Problem = inWords(failed)
	}
	err = x.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return advance(ctx, tx, s, c) })
	return t, errors.Join(failed, err)
}

// take reads one message and takes its statuses, all or none of them.
func (x *Exchange) take(ctx context.Context, s creditor.Scope, in Incoming, t *Tallied) error {
	list, unread := x.read(ctx, in)
	return x.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := Take(ctx, tx, s, Origin{Source: x.Name, Name: in.Name, Flow: in.Flow}, list)
		if err != nil {
			return err
		}
		t.Collected.Added += one.Added
		t.Collected.Known += one.Known
		t.Collected.Waiting += one.Waiting
		t.Collected.Refused = append(t.Collected.Refused, one.Refused...)
		for _, r := range one.Refused {
			unread = errors.Join(unread, r)
		}
		if unread == nil {
			return nil
		}
		t.Unread++
		x.Log.WarnContext(ctx, "status not read", "creditor", s.Creditor, "flow", in.Flow, "why", unread)
		return keepUnread(ctx, tx, s,
			Message{Name: in.Name, Origin: x.Name, Flow: in.Flow, State: Taken, Detail: inWords(unread)}, in.Raw)
	})
}

// read gives the statuses of a message, and why it, or a part of it, cannot be read.
func (x *Exchange) read(ctx context.Context, in Incoming) ([]*ingest.Lifecycle, error) {
	var list []*ingest.Lifecycle
	var unread error
	for f := range ingest.Files(ctx, x.Drivers, ingest.FromBytes(in.Name, in.Raw), ingest.Hints{}) {
		if f.Format != ingest.CDAR && f.Err == nil {
			unread = errors.Join(unread, fmt.Errorf("%s n’est pas un message de statut (%s)", f.Name, f.Format))
			continue
		}
		for d, err := range f.Documents(ctx) {
			if err != nil {
				unread = errors.Join(unread, err)
			} else if d.Lifecycle != nil {
				list = append(list, d.Lifecycle)
			}
		}
	}
	return list, unread
}

// inWords is what a person is told of an error.
func inWords(err error) string {
	if fault.KindOf(err) == fault.KindInternal {
		return "l’échange s’est interrompu\u00a0: " + err.Error()
	}
	return err.Error()
}
