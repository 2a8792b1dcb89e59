package lifecycle

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// ByHand is the origin of messages that people carry to a platform themselves.
const ByHand = "hand"

// Confirm is a person's word that the platform has a message: one that she carried
// there, or one in doubt. It needs Work.
func Confirm(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	m, err := ofOurs(ctx, tx, s, id, Ready, Uncertain)
	if err != nil {
		return err
	}
	from := m.State
	if m.State == Ready {
		m.Origin = ByHand
	}
	m.State, m.Detail = Sent, "remis, d’après "+who(s)
	return shift(ctx, tx, s, m, from)
}

// Again is a person's word that the platform does not have a message in doubt: it
// is sent once more. It needs Work.
func Again(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	m, err := ofOurs(ctx, tx, s, id, Uncertain)
	if err != nil {
		return err
	}
	m.State, m.Detail = Ready, "à renvoyer\u00a0: la plateforme ne l’a pas, d’après "+who(s)
	return shift(ctx, tx, s, m, Uncertain)
}

// Withdraw takes back a message that has not left or that the platform refused:
// what it declared is to be declared anew. It needs Work.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	m, err := ofOurs(ctx, tx, s, id, Ready, Denied)
	if err != nil {
		return err
	}
	from := m.State
	m.State, m.Detail = Withdrawn, why
	if err := release(ctx, tx, s, m.ID); err != nil {
		return err
	}
	return shift(ctx, tx, s, m, from)
}

func who(s creditor.Scope) string {
	if s.Actor == creditor.ActorCLI {
		return "la ligne de commande"
	}
	return "une personne"
}

// ofOurs is a message of ours that is in one of some states.
func ofOurs(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, states ...State) (Message, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Message{}, err
	}
	m, err := FindMessage(ctx, tx, s, id)
	if err != nil {
		return m, err
	}
	for _, st := range states {
		if m.Out && m.State == st {
			return m, nil
		}
	}
	return m, fault.Conflictf("ce message est %s", m.State.In("fr"))
}
