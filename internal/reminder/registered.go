package reminder

import (
	"context"
	"errors"
	"net/mail"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/notice"
	"acquit/internal/paper"
	"acquit/internal/setting"
)

// electronic tells whether registered letters travel as data.
func (o office) electronic() bool {
	return setting.RegisteredWay.In(o.values) == setting.RegisteredElectronic
}

func (o office) way() notice.Way {
	if o.electronic() {
		return notice.Electronic
	}
	return notice.Paper
}

// writeRegistered makes the electronic registered letter of a reminder: the
// same page as on paper, for a mailbox.
func (d *Desk) writeRegistered(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, who customer.Customer, way channel.Channel,
) (written, error) {
	if err := consented(ctx, tx, s, who); err != nil {
		return written{}, err
	}
	l, draft, err := d.page(ctx, tx, s, o, r, who)
	if err != nil {
		return written{}, err
	}
	if l.recipient.Address == "" {
		return written{}, &fault.Invalid{
			Field: recipientField, Message: "aucune adresse électronique valable chez ce client, pour un recommandé électronique",
			Mend: "ajouter un contact avec son adresse\u00a0; ou choisir le papier (Réglages, Courrier)",
		}
	}
	draft.Letter.Mention = paper.Electronic.In(draft.Letter.Language)
	draft.From, draft.To = mail.Address{Name: l.from.Name}, []mail.Address{l.recipient}
	draft.Consumer = who.Kind == customer.Consumer
	carried, err := way.Compose(draft)
	return written{subject: draft.Subject, carried: carried}, err
}

// consented refuses an electronic registered letter to a consumer who has not
// agreed to them beforehand (CPCE L100). Nothing goes on paper instead unasked.
func consented(ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer) error {
	if who.Kind != customer.Consumer {
		return nil
	}
	_, err := notice.FindConsent(ctx, tx, s, who.ID)
	if !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	return &fault.Invalid{
		Field:   "consent",
		Message: "« " + who.Name + " » est un particulier et n’a pas consenti au recommandé électronique (CPCE L100)",
		Mend:    "noter son accord s’il l’a donné avant (acquit notice consent)\u00a0; ou choisir le papier (Réglages, Courrier)",
	}
}
