package reminder

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/paper"
	"acquit/internal/task"
)

// onPaper are the channels that need a postal address.
func onPaper(c dunning.Channel) bool { return c == dunning.Letter || c == dunning.Registered }

// writeOnPaper makes the letter of a reminder, with what goes behind it.
func (d *Desk) writeOnPaper(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, who customer.Customer, way channel.Channel,
	name dunning.Channel,
) (written, error) {
	if err := addressed(ctx, tx, s, who); err != nil {
		return written{}, err
	}
	l, draft, err := d.page(ctx, tx, s, o, r, who)
	if err != nil {
		return written{}, err
	}
	if name == dunning.Registered {
		draft.Letter.Mention = paper.Registered.In(draft.Letter.Language)
	}
	draft.From = mail.Address{Name: l.from.Name}
	carried, err := way.Compose(draft)
	return written{subject: draft.Subject, carried: carried}, err
}

// page is a reminder as a letter, with what goes behind it.
func (d *Desk) page(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, who customer.Customer,
) (l letter, draft channel.Draft, err error) {
	if l, err = d.letter(ctx, tx, s, o, r); err != nil {
		return l, draft, err
	}
	head, err := paper.Head(ctx, tx, s, who.ID, o.today)
	if err != nil {
		return l, draft, err
	}
	page := paper.Of(head, l.rendered)
	draft = channel.Draft{
		ID: tx.NewID("msg"), Subject: l.rendered.Subject, Text: l.rendered.Text,
		Language: l.rendered.Language, Date: o.now, Letter: &page,
	}
	draft.Attachments, err = attachments(ctx, tx, s, o, r)
	return l, draft, err
}

// addressed refuses an address that no letter would reach: one with a part
// missing, or one from which a letter came back.
func addressed(ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer) error {
	if missing := who.MissingAddress(); len(missing) > 0 {
		return &fault.Invalid{
			Field: "address", Message: fmt.Sprintf("l’adresse postale de « %s » est incomplète\u00a0: il manque %s",
				who.Name, strings.Join(missing, " et ")),
			Mend: "compléter son adresse là où elle est tenue, puis l’importer\u00a0; ou écarter cette relance",
		}
	}
	back, err := customer.FindReturned(ctx, tx, s, who.ID, who.Address())
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return &fault.Invalid{
		Field: "address", Message: fmt.Sprintf("une lettre est revenue de l’adresse de « %s » le %s\u00a0: %s",
			who.Name, back.On.Time().Format("02/01/2006"), back.Reason.FR()),
		Mend: "trouver sa nouvelle adresse et l’importer\u00a0; ou écarter cette relance",
	}
}

// nobodyToMail tells that a customer has no e-mail address.
func nobodyToMail(err error) bool {
	v, ok := errors.AsType[*fault.Invalid](err)
	return ok && v.Field == recipientField
}

// byPost tells whether a reminder reaches its customer on paper too: then a
// missing e-mail address keeps no step back.
func byPost(o office, r Reminder, ways map[string]channel.Channel) bool {
	for _, c := range r.Channels {
		if onPaper(c) && ways[string(c)] != nil && (c != dunning.Registered || !o.electronic()) {
			return true
		}
	}
	return false
}

// previewPost says where a reminder goes on paper, and what keeps it from it.
func (d *Desk) previewPost(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, p *Preview) error {
	ways, err := d.Ways(s, o.values)
	if err != nil || !byPost(o, r, ways) && (!r.Registered() || !o.electronic()) {
		return nil //nolint:nilerr // settings that are wrong are told when it is approved
	}
	who, err := customer.Find(ctx, tx, s, r.Customer)
	if err != nil {
		return err
	}
	p.Post = who.Address()
	if r.Registered() && o.electronic() {
		p.Post = ""
		err = consented(ctx, tx, s, who)
	} else {
		err = addressed(ctx, tx, s, who)
	}
	if fault.KindOf(err) == fault.KindInvalid {
		p.Problem = err.Error()
		return nil
	}
	return err
}

func findAddress(o office, r Reminder, who customer.Customer) task.Task {
	return task.Task{
		Customer: r.Customer, Reminder: r.ID, Kind: task.FindContact, Key: "contact/" + r.Customer,
		Owner: who.Collector, Title: oneLine("Trouver une adresse électronique : " + who.Name),
		Detail: "La relance est partie par courrier seulement.", Due: o.today,
	}
}

// ready records that a message waits for the person who posts it.
func ready(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message) error {
	if err := moveMessage(ctx, tx, s, m, Ready, ""); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "message.ready", "customer/"+m.Customer, map[string]any{
		"message": m.ID, "reminder": m.Reminder, "channel": m.Channel, "sha256": m.SHA256,
	})
}

// maxPostedAgo is as far back as a posting may be told: what lay longer than
// that is told by nobody's memory.
const maxPostedAgo = 31

// Posted records that a person has posted letters on a day: they have left, as
// by any channel. A letter that was taken back meanwhile may be among them: what
// lies in a letter box is a fact, and is written down as one.
func Posted(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string, on cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	if on > o.today || o.today.Sub(on) > maxPostedAgo {
		return &fault.Invalid{
			Field: "on", Message: "le jour du dépôt doit être aujourd’hui ou l’un des 31 jours passés",
			Mend: "le jour où les lettres ont été remises à La Poste",
		}
	}
	for _, id := range ids {
		if err := posted(ctx, tx, s, o, id, on); err != nil {
			return err
		}
	}
	return nil
}

func posted(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, id string, on cal.Date) error {
	m, err := FindMessage(ctx, tx, s, id)
	switch {
	case err != nil:
		return err
	case m.State != Ready && m.State != Held && m.State != Cancelled:
		return fault.Conflictf("la lettre « %s » n’attend pas d’être postée\u00a0: %s", m.Subject, MessageStateWords[m.State].FR)
	case on < cal.Of(m.CreatedAt.In(o.zone)):
		return &fault.Invalid{Field: "on", Message: fmt.Sprintf("la lettre « %s » n’était pas encore écrite ce jour-là", m.Subject)}
	}
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return err
	}
	if _, err := setState(ctx, tx, s, &r, Sending, Superseded); err != nil {
		return err
	}
	m.NextAt = tx.Now // when it was said
	return left(ctx, tx, s, o, &m, on)
}

// Look is what the account says now of a letter that waits to be posted.
type Look struct {
	Message
	Why string // why it must not leave; empty when it may
}

// LookAgain checks letters again and changes nothing: a person who holds them
// is told what has happened since they were printed.
func (d *Desk) LookAgain(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Message) ([]Look, error) {
	b, err := d.bench(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	out := make([]Look, len(list))
	for i, m := range list {
		out[i].Message = m
		if m.State != Ready {
			out[i].Why = m.Why
			continue
		}
		r, err := Find(ctx, tx, s, m.Reminder)
		if err != nil {
			return nil, err
		}
		v, err := b.recheck(ctx, tx, s, r)
		if err != nil {
			return nil, err
		}
		out[i].Why = v.why.FR
	}
	return out, nil
}

// TakeOut checks letters again and gives those that may leave. The others are
// taken back or held, as in the queue, with their reasons.
func (d *Desk) TakeOut(
	ctx context.Context, tx *db.Tx, s creditor.Scope, list []Message,
) (may []Message, out []Look, err error) {
	b, err := d.bench(ctx, tx, s)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range list {
		r, err := Find(ctx, tx, s, m.Reminder)
		if err != nil {
			return nil, nil, err
		}
		v, err := b.recheck(ctx, tx, s, r)
		if err != nil {
			return nil, nil, err
		}
		switch v.what {
		case overtaken:
			err = supersede(ctx, tx, s, &r, v.why.FR)
		case doubtful:
			err = hold(ctx, tx, s, &m, v.why.FR)
		default:
			may = append(may, m)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		out = append(out, Look{m, v.why.FR})
	}
	return may, out, nil
}

// Rejected records that a provider that had taken a message never sent it: its
// reminder has failed, and its step is not done. The invoices go back to the
// step that was done before.
func Rejected(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	m, err := FindMessage(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if m.State != MessageSent && m.State != MessageUncertain {
		return nil
	}
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return err
	}
	if r.State == Sent {
		if err := undone(ctx, tx, s, r); err != nil {
			return err
		}
		r.DoneOn = 0
		if _, err := setState(ctx, tx, s, &r, Sending, Sent); err != nil {
			return err
		}
	}
	m.SentAt = time.Time{}
	if err := moveMessage(ctx, tx, s, &m, MessageFailed, why); err != nil {
		return err
	}
	return trouble(ctx, tx, s, &m, Failed, "message.failed", why)
}

// undone takes the step of a reminder off the invoices that stand at it: each
// goes back to the last step that was done before, if any was.
func undone(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM position
		WHERE creditor_id = $1 AND customer_id = $2 AND reminder_id = $3`, s.Creditor, r.Customer, r.ID)
	if err != nil {
		return err
	}
	done, err := db.All(ctx, tx, scanReminder, selectReminder+`
		WHERE creditor_id = $1 AND customer_id = $2 AND state IN ('sent', 'dismissed') AND id <> $3
		ORDER BY done_on, id`, s.Creditor, r.Customer, r.ID)
	if err != nil {
		return err
	}
	claimed := map[string]bool{}
	for _, c := range r.Details.Claims {
		claimed[c.Item] = true
	}
	for _, before := range done {
		one := before
		one.Details.Claims = slices.DeleteFunc(slices.Clone(before.Details.Claims), func(c dunning.Claim) bool {
			return !claimed[c.Item]
		})
		if err := setPositions(ctx, tx, s, one, before.State == Dismissed); err != nil {
			return err
		}
	}
	return nil
}

// Unposted takes back, on the day on which it was said, that a letter was
// posted: somebody ticked the wrong line. The journal keeps both. Later the next
// step may have been counted from it, and it stands.
func Unposted(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	m, err := FindMessage(ctx, tx, s, id)
	if err != nil {
		return err
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return err
	}
	if m.State != MessageSent || m.Channel != string(dunning.Letter) || m.Remote != "" ||
		!m.NextAt.After(o.midnight(o.today)) {
		return fault.Conflictf("seule une lettre dite postée aujourd’hui peut être remise dans la pile")
	}
	m.SentAt = time.Time{}
	if err := moveMessage(ctx, tx, s, &m, Ready, ""); err != nil {
		return err
	}
	if err := waitsAgain(ctx, tx, s, r); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "message.unposted", "customer/"+m.Customer, map[string]any{
		"message": m.ID, "reminder": m.Reminder,
	})
}

// waitsAgain makes a reminder that was sent one of which a letter still waits.
func waitsAgain(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) error {
	if r.State == Sent {
		if err := undone(ctx, tx, s, r); err != nil {
			return err
		}
	}
	last, err := lastLeft(ctx, tx, s, r.ID)
	if err != nil {
		return err
	}
	to := Sending
	if last.IsZero() {
		to = Approved
	}
	r.DoneOn = 0
	_, err = setState(ctx, tx, s, &r, to, Sent, Sending)
	return err
}
