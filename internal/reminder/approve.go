package reminder

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/notice"
	"acquit/internal/task"
)

// Approve lets a reminder leave: its messages are written, stored with their
// fingerprints and queued in this transaction, and what no driver carries
// becomes a task. A formal step needs Manage (a person's decision that binds).
// The recheck comes later, immediately before the sending.
func (d *Desk) Approve(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	r, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if err := mayApprove(s, r); err != nil {
		return err
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := inTime(ctx, tx, s, o, r); err != nil {
		return err
	}
	checked, err := d.checkNotice(ctx, tx, s, o, r)
	if err != nil {
		return err
	}
	c, err := d.compose(ctx, tx, s, o, r)
	if err != nil {
		return err
	}
	r.DecidedAt, r.DecidedBy, r.Note = tx.Now, s.Actor, ""
	if ok, err := setState(ctx, tx, s, &r, Approved, Proposed, Failed); err != nil || !ok {
		return orElse(err, fault.Conflictf("cette relance a déjà été traitée"))
	}
	if err := checked.record(ctx, tx, s, o, r); err != nil {
		return err
	}
	if err := c.store(ctx, tx, s, o, &r); err != nil {
		return err
	}
	if d.Dossier != nil && slices.Contains(r.Channels, dunning.ToDossier) {
		if err := d.Dossier(ctx, tx, s, r, o.today); err != nil {
			return err
		}
	}
	if err := d.ask(ctx, tx, s); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "reminder.approved", "customer/"+r.Customer, map[string]any{
		"reminder": r.ID, "step": r.Step, "amount": r.Amount, "messages": c.fingerprints(),
	})
}

func mayApprove(s creditor.Scope, r Reminder) error {
	need := creditor.Work
	if r.Formal {
		need = creditor.Manage
	}
	if err := s.Need(need); err != nil {
		return err
	}
	if s.Actor == creditor.ActorRule && (r.Approve || r.Formal) {
		return fault.Deniedf("l’étape « %s » demande l’accord d’une personne", r.Step)
	}
	return nil
}

// maxNote bounds what a person writes beside a decision.
const maxNote = 1000

// Dismiss sets a reminder aside with a reason; its step counts as done.
func Dismiss(ctx context.Context, tx *db.Tx, s creditor.Scope, id, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return &fault.Invalid{
			Field: "reason", Message: "le motif manque", Mend: "dire pourquoi cette relance est écartée",
		}
	case len(reason) > maxNote:
		return fault.Invalidf("reason", "le motif est trop long")
	}
	r, o, err := waiting(ctx, tx, s, id)
	if err != nil {
		return err
	}
	r.Note, r.DecidedAt, r.DecidedBy, r.DoneOn = reason, tx.Now, s.Actor, o.today
	if ok, err := setState(ctx, tx, s, &r, Dismissed, Proposed, Failed); err != nil || !ok {
		return orElse(err, fault.Conflictf("cette relance a déjà été traitée"))
	}
	if err := setPositions(ctx, tx, s, r, true); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "reminder.dismissed", "customer/"+r.Customer,
		map[string]any{"reminder": r.ID, "step": r.Step, "reason": reason})
}

// maxPostpone bounds how far a person puts a reminder off; beyond, a hold with
// its reason says it better.
const maxPostpone = 90

// Postpone keeps a reminder for a later day; until then it is not shown.
func Postpone(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, until cal.Date) error {
	r, o, err := waiting(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if until <= o.today || until.Sub(o.today) > maxPostpone {
		return &fault.Invalid{
			Field: "until", Message: "le report doit aller de demain à trois mois", Mend: "au-delà, suspendre le client avec un motif",
		}
	}
	n, err := tx.Exec(ctx, `
		UPDATE reminder
		SET not_before = $3
		WHERE creditor_id = $1 AND id = $2 AND state = 'proposed'`, s.Creditor, id, until)
	if err != nil || n == 0 {
		return orElse(err, fault.Conflictf("cette relance a déjà été traitée"))
	}
	return journal.Write(ctx, tx, s, "reminder.postponed", "customer/"+r.Customer,
		map[string]any{"reminder": r.ID, "step": r.Step, "until": until})
}

// Edit replaces the words of one reminder; empty words give those of the
// template back.
func (d *Desk) Edit(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, words Words) error {
	r, _, err := waiting(ctx, tx, s, id)
	if err != nil {
		return err
	}
	edited := ""
	if words.Subject != "" || words.Body != "" {
		if err := d.checkWords(ctx, tx, s, r, words); err != nil {
			return err
		}
		b, err := json.Marshal(words)
		if err != nil {
			return err
		}
		edited = string(b)
	}
	n, err := tx.Exec(ctx, `
		UPDATE reminder
		SET edited = $3
		WHERE creditor_id = $1 AND id = $2 AND state IN ('proposed', 'failed')`, s.Creditor, id, edited)
	if err != nil || n == 0 {
		return orElse(err, fault.Conflictf("cette relance a déjà été traitée"))
	}
	return journal.Write(ctx, tx, s, "reminder.edited", "customer/"+r.Customer, map[string]any{
		"reminder": r.ID, "words": words,
	})
}

func waiting(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Reminder, office, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Reminder{}, office{}, err
	}
	r, err := Find(ctx, tx, s, id)
	if err != nil {
		return r, office{}, err
	}
	o, err := openOffice(ctx, tx, s)
	return r, o, err
}

// Resolve says what a person found out about an uncertain message: it left
// after all, or it did not and may be sent again.
func Resolve(ctx context.Context, tx *db.Tx, s creditor.Scope, message string, hasLeft bool) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	m, err := FindMessage(ctx, tx, s, message)
	if err != nil {
		return err
	}
	if m.State != MessageUncertain {
		return fault.Conflictf("ce message n’est plus en doute")
	}
	err = journal.Write(ctx, tx, s, "message.resolved", "customer/"+m.Customer,
		map[string]any{"message": m.ID, "left": hasLeft})
	if err != nil {
		return err
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return err
	}
	if hasLeft {
		return left(ctx, tx, s, o, &m, o.today)
	}
	return requeue(ctx, tx, s, &m)
}

// Retry sends a failed message again, once a person has mended what refused it.
// A held one goes back to the queue, where it is checked again.
func Retry(ctx context.Context, tx *db.Tx, s creditor.Scope, message string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	m, err := FindMessage(ctx, tx, s, message)
	if err != nil {
		return err
	}
	if m.State != MessageFailed && m.State != Held {
		return fault.Conflictf("ce message n’attend pas d’être renvoyé")
	}
	return requeue(ctx, tx, s, &m)
}

func requeue(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Message) error {
	m.Attempts, m.NextAt = 0, tx.Now
	if err := moveMessage(ctx, tx, s, m, Queued, ""); err != nil || m.Purpose != "" {
		return err
	}
	r, err := Find(ctx, tx, s, m.Reminder)
	if err != nil {
		return err
	}
	_, err = setState(ctx, tx, s, &r, Approved, Uncertain, Failed)
	return err
}

// supersede takes a reminder back that events have overtaken, with those of its
// messages that have not left. Where one has, the customer has heard it: what is
// left is taken back, and the step is done.
func supersede(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Reminder, why string) error {
	r.Note = why
	inPart := r.State == Sending
	if !inPart {
		if ok, err := setState(ctx, tx, s, r, Superseded, Proposed, Approved, Failed); err != nil || !ok {
			return err
		}
	}
	if err := notice.Cancel(ctx, tx, s, r.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = 'cancelled', why = $3
		WHERE creditor_id = $1 AND reminder_id = $2 AND state IN ('queued', 'held', 'ready', 'failed')`,
		s.Creditor, r.ID, why)
	if err != nil {
		return err
	}
	if err := task.Drop(ctx, tx, s, r.Customer, r.ID, task.Call, why); err != nil { // nobody is to be called about it
		return err
	}
	if inPart {
		o, err := openOffice(ctx, tx, s)
		if err != nil {
			return err
		}
		if err := finish(ctx, tx, s, o, r); err != nil {
			return err
		}
	}
	return journal.Write(ctx, tx, s, "reminder.superseded", "customer/"+r.Customer,
		map[string]any{"reminder": r.ID, "step": r.Step, "why": why, "in_part": inPart})
}

// TakeBack takes back all of a customer's reminders that have not left, with their
// messages: an event that stops dunning says why. What is on the wire stays.
func TakeBack(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, why string) error {
	list, err := db.All(ctx, tx, scanReminder, selectReminder+`
		WHERE creditor_id = $1 AND customer_id = $2 AND state IN ('proposed', 'approved', 'sending', 'failed')
		ORDER BY id`, s.Creditor, customer)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := supersede(ctx, tx, s, &r, why); err != nil {
			return err
		}
	}
	return nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
