package notice

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// Told is what a provider tells of a notice, with its proof; nil while it has
// none.
type Told struct {
	Kind  State
	On    cal.Date
	Proof *ledger.File
}

// Lacks tells whether nobody has a proof yet of what a provider tells. What a
// person took back is not asked about again.
func (n Notice) Lacks(kind State, on cal.Date) bool {
	return !slices.ContainsFunc(n.Events, func(e Event) bool {
		return e.Kind == kind && (e.Withdrawn.IsZero() && e.SHA256 != "" || !e.Withdrawn.IsZero() && e.On == on)
	})
}

// Tell writes down what a provider tells of a notice. Told again, it changes
// nothing but adds the proofs that were missing. What a person took back stays so.
func Tell(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice, tracking string, list []Told) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if tracking != "" && tracking != n.Tracking {
		if err := track(ctx, tx, s, n, tracking); err != nil {
			return err
		}
	}
	for _, t := range list {
		if n.State == Cancelled || !n.Lacks(t.Kind, t.On) {
			continue
		}
		if err := tell(ctx, tx, s, &n, t); err != nil {
			return err
		}
	}
	return nil
}

func tell(ctx context.Context, tx *db.Tx, s creditor.Scope, n *Notice, t Told) error {
	e := Event{Kind: t.Kind, On: t.On}
	if t.Proof != nil {
		if err := ledger.KeepFile(ctx, tx, s, t.Proof); err != nil {
			return err
		}
		e.FileName, e.SHA256 = t.Proof.Name, t.Proof.SHA256
	}
	i := slices.IndexFunc(n.Events, func(e Event) bool { return e.Kind == t.Kind && e.Withdrawn.IsZero() })
	switch {
	case i < 0:
		return add(ctx, tx, s, n, e)
	case t.Proof == nil:
		return nil
	}
	n.Events[i].FileName, n.Events[i].SHA256 = e.FileName, e.SHA256
	return prove(ctx, tx, s, *n, n.Events[i])
}

// prove puts a proof to an event that was recorded without.
func prove(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice, e Event) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice_event
		SET file_name = $3, sha256 = $4
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, e.ID, e.FileName, e.SHA256)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.proved", "customer/"+n.Customer,
		map[string]any{"notice": n.ID, "event": e.ID, "sha256": e.SHA256})
}

// NotSent takes back that a notice was deposited: the provider that had taken it
// never sent it.
func NotSent(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice, why string) error {
	for i := range n.Events {
		if !n.Events[i].Withdrawn.IsZero() {
			continue
		}
		if err := withdrawEvent(ctx, tx, s, n.Events[i].ID, why); err != nil {
			return err
		}
		n.Events[i].Withdrawn = tx.Now
	}
	n.fold()
	if err := settle(ctx, tx, s, n); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.unsent", "customer/"+n.Customer, map[string]any{
		"notice": n.ID, "why": why,
	})
}
