package post

import (
	"context"
	"log/slog"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
)

// Carrier is a provider that prints and posts letters, as it is asked about
// them afterwards. Reference is the identifier that it gave; empty where its
// answer was lost: then it finds the letter by ours.
type Carrier interface {
	Name() string
	Follow(ctx context.Context, message, reference string) (Track, error)
}

// followDays is how long a letter is asked about: one that comes back does so
// within some weeks.
const followDays = 60

// maxFollow bounds the letters that are asked about in one night.
const maxFollow = 2000

// Follow asks a provider about the letters that it has, or may have, and writes
// down what it says. It asks outside of any transaction; a letter about which it
// gives no answer stops no other.
func Follow(ctx context.Context, d *db.DB, s creditor.Scope, c Carrier, log *slog.Logger) error {
	var list []reminder.Message
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = followed(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range list {
		t, err := c.Follow(ctx, m.ID, m.Remote)
		if err != nil {
			log.WarnContext(ctx, "a provider did not say what became of a letter", "message", m.ID, "error", err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		t.Message, t.Provider = m.ID, c.Name()
		if err := d.Write(ctx, func(tx *db.Tx) error { return heed(ctx, tx, s, m.ID, t) }); err != nil {
			return err
		}
	}
	return nil
}

// followed are the letters that a provider has or may have, and of which the end
// is not known.
func followed(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]reminder.Message, error) {
	ids, err := db.All(ctx, tx, db.Value[string], `
		SELECT m.id
		FROM message m
		LEFT JOIN post_track t ON t.creditor_id = m.creditor_id AND t.message_id = m.id
		WHERE m.creditor_id = $1 AND m.channel = 'letter' AND m.created_at > $2
		  AND (m.state = 'sent' AND m.remote_ref <> '' OR m.state = 'uncertain')
		  AND (t.state IS NULL OR t.state NOT IN ('returned', 'rejected'))
		ORDER BY m.id
		LIMIT $3`, s.Creditor, tx.Now.AddDate(0, 0, -followDays), maxFollow)
	if err != nil {
		return nil, err
	}
	list := make([]reminder.Message, len(ids))
	for i, id := range ids {
		if list[i], err = reminder.FindMessage(ctx, tx, s, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// heed writes down what a provider says of a letter, and does what it asks for.
// A letter in doubt that the provider has is one that left; one that it does not
// have stays in doubt until a person says so.
func heed(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, t Track) error {
	m, err := reminder.FindMessage(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if err := putTrack(ctx, tx, s, t); err != nil {
		return err
	}
	has := t.State != Draft && t.State != Missing
	if m.State == reminder.MessageUncertain && has && t.State != Rejected {
		if err := reminder.Resolve(ctx, tx, s, m.ID, true); err != nil {
			return err
		}
	}
	switch t.State {
	case Returned:
		return back(ctx, tx, s, m, t)
	case Rejected:
		return reminder.Rejected(ctx, tx, s, m.ID, strings.TrimSpace(Rejected.In(i18n.FR)+" : "+t.Detail))
	}
	return nil
}

func back(ctx context.Context, tx *db.Tx, s creditor.Scope, m reminder.Message, t Track) error {
	today, err := reminder.Today(ctx, tx, s)
	if err != nil {
		return err
	}
	on := t.On
	if on.IsZero() || on > today {
		on = today
	}
	reason := t.Reason
	if reason == "" {
		reason = customer.Unknown
	}
	err = CameBack(ctx, tx, s, m.ID, reason, on)
	if fault.KindOf(err) == fault.KindConflict {
		return nil // a person has said otherwise of it meanwhile
	}
	return err
}
