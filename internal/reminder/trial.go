package reminder

import (
	"context"
	"net/mail"
	"strings"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/setting"
)

// Test sends a short message to one address with a creditor's mail settings,
// and says in words what the server answered when it refuses.
func (d *Desk) Test(ctx context.Context, s creditor.Scope, to string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	var o office
	var id string
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		id = tx.NewID("tst")
		o, err = openOffice(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	ways, err := d.Ways(s, o.values)
	if err != nil {
		return err
	}
	way := ways[string(dunning.Email)]
	if way == nil {
		return &fault.Invalid{
			Field: setting.SMTPHost.Name, Message: "le serveur d’envoi n’est pas réglé", Mend: "Réglages, Messagerie",
		}
	}
	m, err := way.Compose(channel.Draft{
		ID:   id,
		From: mail.Address{Name: setting.MailFromName.In(o.values), Address: setting.MailFromAddress.In(o.values)},
		To:   []mail.Address{{Address: to}}, Subject: "Acquit : essai d’envoi", Language: "fr", Date: o.now,
		Text: "Ce message montre que vos réglages de messagerie fonctionnent.\n\nAcquit\n",
	})
	if err != nil {
		return err
	}
	session, err := way.Open(ctx)
	if err != nil {
		return err
	}
	r := session.Send(ctx, m)
	_ = session.Close() // what mattered was answered
	if r.Outcome != channel.Sent {
		return &fault.Unavailable{Message: "le serveur n’a pas accepté l’essai : " +
			strings.TrimSpace(r.Code+" "+r.Detail)}
	}
	return nil
}
