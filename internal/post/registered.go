package post

import (
	"context"
	"log/slog"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/ledger"
	"acquit/internal/notice"
	"acquit/internal/paper"
	"acquit/internal/reminder"
)

// Courier is a provider of electronic registered letters, as it is asked about
// them afterwards. Reference is the identifier that it gave; empty where its
// answer was lost: then it finds the letter by ours.
type Courier interface {
	Name() string
	Certificate(ctx context.Context, message, reference string) (Certificate, error)
	Proof(ctx context.Context, address string) ([]byte, error) // a PDF
}

// Certificate is what a provider knows of a registered letter.
type Certificate struct {
	Missing   bool // it has no such letter
	Failed    bool // it had it, and never sent it
	Reference string
	Detail    string // its words
	Acts      []Act
}

// Act is something that happened to a registered letter.
type Act struct {
	Kind  notice.State
	On    cal.Date
	Proof string // its address; none when empty
}

// FollowRegistered asks a provider about the electronic registered letters that
// it has, or may have, and writes down what it says, with its proofs. It asks
// outside of any transaction; a letter about which it gives no answer stops no
// other, and a proof that cannot be had is asked for again the next time.
func FollowRegistered(ctx context.Context, d *db.DB, s creditor.Scope, c Courier, log *slog.Logger) error {
	var list []registered
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = followedRegistered(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range list {
		t, err := c.Certificate(ctx, r.message.ID, r.message.Remote)
		if err != nil {
			log.WarnContext(ctx, "a provider did not say what became of a registered letter", "message", r.message.ID, "error", err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		told := r.collect(ctx, c, t, log)
		err = d.Write(ctx, func(tx *db.Tx) error {
			return heedRegistered(ctx, tx, s, r.message.ID, t, told)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// registered is a letter with its notice.
type registered struct {
	message reminder.Message
	notice  notice.Notice
}

// followedRegistered are the electronic registered letters of the last weeks of
// which the end, or its proof, is not known.
func followedRegistered(ctx context.Context, tx *db.Tx, s creditor.Scope) (list []registered, err error) {
	ids, err := db.All(ctx, tx, db.Value[string], `
		SELECT m.id
		FROM message m
		JOIN notice n ON n.creditor_id = m.creditor_id AND n.reminder_id = m.reminder_id
		WHERE m.creditor_id = $1 AND m.channel = $2 AND m.created_at > $3 AND m.state IN ('sent', 'uncertain')
		  AND n.way = 'electronic' AND n.state <> 'cancelled'
		ORDER BY m.id
		LIMIT $4`, s.Creditor, string(dunning.Registered), tx.Now.AddDate(0, 0, -followDays), maxFollow)
	for _, id := range ids {
		m, err := reminder.FindMessage(ctx, tx, s, id)
		if err != nil {
			return nil, err
		}
		n, ok, err := notice.OfReminder(ctx, tx, s, m.Reminder)
		if err != nil {
			return nil, err
		}
		if ok && (!n.State.Final() || n.Lacks(n.State, n.Day(n.State)) ||
			n.Lacks(notice.Deposited, n.Day(notice.Deposited))) {
			list = append(list, registered{m, n})
		}
	}
	return list, err
}

// collect copies the proofs that we have not.
func (r registered) collect(ctx context.Context, c Courier, t Certificate, log *slog.Logger) []notice.Told {
	var list []notice.Told
	for _, a := range t.Acts {
		one := notice.Told{Kind: a.Kind, On: a.On}
		if a.Proof != "" && r.notice.Lacks(a.Kind, a.On) {
			pdf, err := c.Proof(ctx, a.Proof)
			if err != nil {
				log.WarnContext(ctx, "a proof could not be had", "message", r.message.ID, "kind", a.Kind, "error", err)
			} else {
				name := "preuve-" + string(a.Kind) + "-" + t.Reference + ".pdf"
				one.Proof = &ledger.File{Name: name, MediaType: paper.PDF, Content: pdf}
			}
		}
		list = append(list, one)
	}
	return list
}

// heedRegistered writes down what a provider says of a letter. One in doubt that
// it has is one that left; one that it does not have stays in doubt until a
// person says so.
func heedRegistered(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, t Certificate, told []notice.Told,
) error {
	m, err := reminder.FindMessage(ctx, tx, s, id)
	if err != nil || t.Missing {
		return err
	}
	if t.Failed {
		if err := reminder.Rejected(ctx, tx, s, m.ID, t.Detail); err != nil {
			return err
		}
	} else if m.State == reminder.MessageUncertain {
		if err := reminder.Resolve(ctx, tx, s, m.ID, true); err != nil {
			return err
		}
	}
	n, ok, err := notice.OfReminder(ctx, tx, s, m.Reminder)
	if err != nil || !ok {
		return err
	}
	if t.Failed {
		return notice.NotSent(ctx, tx, s, n, t.Detail)
	}
	return notice.Tell(ctx, tx, s, n, t.Reference, told)
}
