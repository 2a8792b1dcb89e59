package reminder

import (
	"context"
	"net/mail"
	"slices"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/mandate"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// composed is what approving a reminder will store: messages in bytes, and
// tasks for the channels that no driver carries.
type composed struct {
	messages []written
	tasks    []*task.Task
}

type written struct {
	channel string
	subject string
	carried channel.Message
}

func (c composed) fingerprints() []string {
	list := make([]string, len(c.messages))
	for i, m := range c.messages {
		list[i] = m.carried.Fingerprint()
	}
	return list
}

// compose writes the messages of a reminder. Nothing is stored yet, so that a
// template or a recipient that is wrong stops this reminder alone.
func (d *Desk) compose(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (c composed, err error) {
	if err := mandate.Ready(ctx, tx, s); err != nil {
		return c, err
	}
	ways, err := d.Ways(s, o.values)
	if err != nil {
		return c, err
	}
	who, err := customer.Find(ctx, tx, s, r.Customer)
	if err != nil {
		return c, err
	}
	for _, name := range r.Channels {
		way := ways[string(name)]
		switch {
		case way != nil && name == dunning.Registered && o.electronic():
			m, err := d.writeRegistered(ctx, tx, s, o, r, who, way)
			if err != nil {
				return c, err
			}
			c.messages = append(c.messages, written{string(name), m.subject, m.carried})
		case way != nil && onPaper(name):
			m, err := d.writeOnPaper(ctx, tx, s, o, r, who, way, name)
			if err != nil {
				return c, err
			}
			c.messages = append(c.messages, written{string(name), m.subject, m.carried})
		case way != nil:
			m, err := d.write(ctx, tx, s, o, r, way)
			if nobodyToMail(err) && byPost(o, r, ways) {
				t := findAddress(o, r, who)
				c.tasks = append(c.tasks, &t)
				continue
			}
			if err != nil {
				return c, err
			}
			c.messages = append(c.messages, written{string(name), m.subject, m.carried})
		case name == dunning.Email:
			return c, &fault.Invalid{
				Field: "smtp_host", Message: "la messagerie n’est pas réglée", Mend: "Réglages, Messagerie : le serveur d’envoi et l’adresse",
			}
		default:
			t := taskFor(o, r, who, name)
			c.tasks = append(c.tasks, &t)
		}
	}
	return c, nil
}

// write makes the one message of a channel that carries words.
func (d *Desk) write(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, way channel.Channel,
) (written, error) {
	l, err := d.letter(ctx, tx, s, o, r)
	if err != nil {
		return written{}, err
	}
	files, err := attachments(ctx, tx, s, o, r)
	if err != nil {
		return written{}, err
	}
	return mailed(ctx, tx, s, o, r, way, l, files)
}

// mailed makes a message of a letter, in answer to what left before about the
// same invoices.
func mailed(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, way channel.Channel, l letter,
	files []channel.Attachment,
) (written, error) {
	if l.recipient.Address == "" {
		return written{}, &fault.Invalid{
			Field: recipientField, Message: "aucune adresse électronique valable chez ce client", Mend: "ajouter un contact avec son adresse",
		}
	}
	if l.from.Address == "" {
		return written{}, &fault.Invalid{
			Field: "mail_from_address", Message: "l’adresse d’envoi n’est pas réglée", Mend: "Réglages, Messagerie",
		}
	}
	earlier, err := thread(ctx, tx, s, r)
	if err != nil {
		return written{}, err
	}
	draft := channel.Draft{
		ID: tx.NewID("msg"), From: l.from, ReplyTo: l.replyTo, To: []mail.Address{l.recipient},
		Subject: l.rendered.Subject, Text: l.rendered.Text, HTML: l.rendered.HTML, Language: l.rendered.Language,
		Date: o.now, Attachments: files,
	}
	for _, m := range earlier {
		draft.References = append(draft.References, m.Ref)
		draft.InReplyTo = m.Ref
	}
	carried, err := way.Compose(draft)
	return written{subject: draft.Subject, carried: carried}, err
}

// letter is a rendered reminder with its sender and recipient.
type letter struct {
	facts     message.Facts
	rendered  message.Rendered
	from      mail.Address
	replyTo   mail.Address
	recipient mail.Address
}

// Preview is a reminder as its customer would read it.
type Preview struct {
	Subject  string
	Text     string
	HTML     string
	Parts    []message.Part // what both were made from
	Words    Words          // as a person may change them
	From     string
	To       string // empty when nobody can be written to
	Post     string // the postal address, where a channel is on paper
	Problem  string // why approving it now would be refused, where an address is wrong
	Warnings []string
}

// Preview renders a reminder as approving it now would, and stores nothing.
func (d *Desk) Preview(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) (Preview, error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return Preview{}, err
	}
	l, err := d.letter(ctx, tx, s, o, r)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{
		Subject: l.rendered.Subject, Text: l.rendered.Text, HTML: l.rendered.HTML, Parts: l.rendered.Parts,
		From: display(l.from), To: display(l.recipient), Warnings: l.rendered.Warnings,
	}
	p.Words.Subject, p.Words.Body = l.rendered.Editable()
	if r.Edited != nil {
		p.Words = *r.Edited
	}
	return p, d.previewPost(ctx, tx, s, o, r, &p)
}

// display is an address as people read it.
func display(a mail.Address) string {
	switch {
	case a.Address == "":
		return ""
	case a.Name == "":
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

func (d *Desk) letter(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (letter, error) {
	return d.wordsOf(ctx, tx, s, o, r, func(*message.Facts) {})
}

// wordsOf is letter, with what the message is about besides its claims.
func (d *Desk) wordsOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, about func(*message.Facts),
) (l letter, err error) {
	c, err := customer.Find(ctx, tx, s, r.Customer)
	if err != nil {
		return l, err
	}
	contacts, err := customer.Contacts(ctx, tx, s, r.Customer)
	if err != nil {
		return l, err
	}
	who, err := speaker(ctx, tx, s, o, c)
	if err != nil {
		return l, err
	}
	l.from = mail.Address{Name: who.Name, Address: who.sender}
	m, on, err := mandate.Find(ctx, tx, s)
	if err != nil {
		return l, err
	}
	if on && m.Voice == mandate.Collector {
		l.from.Name = m.Name
	}
	l.replyTo = mail.Address{Address: setting.ReplyTo.In(o.values)}
	to := message.FindRecipients(c, contacts)
	l.recipient = to.To
	f, err := facts(ctx, tx, s, o, r, c, who, message.Contact{
		Civility: to.Contact.Civility, First: to.Contact.FirstName, Last: to.Contact.LastName, Email: to.To.Address,
	})
	if err != nil {
		return l, err
	}
	f.ReplyTo = l.replyTo.Address
	about(&f)
	l.facts = f
	l.rendered, err = d.render(ctx, tx, s, r, f)
	return l, err
}

// render takes the words that a person wrote for this reminder, else the
// creditor's own template, else the shipped one.
func (d *Desk) render(
	ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder, f message.Facts,
) (message.Rendered, error) {
	own, err := policy.Templates(ctx, tx, s)
	if err != nil {
		return message.Rendered{}, err
	}
	library, name := d.Library.With(own...), r.Template
	if r.Edited != nil {
		library, name = d.Library.With(editedDocument(r, f)), editedName
	}
	return library.Render(f, name, message.Tone(r.Tone))
}

// editedName is the template that a person's own words become for one reminder.
const editedName = "redige-a-la-main"

func editedDocument(r Reminder, f message.Facts) message.Document {
	return message.Document{
		Name: editedName, Tone: message.Tone(r.Tone), Language: f.Language,
		Audiences: []message.Audience{f.Customer.Kind}, Subject: r.Edited.Subject, Body: r.Edited.Body,
	}
}

// checkWords refuses words that cannot be rendered for this very reminder.
func (d *Desk) checkWords(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder, words Words) error {
	r.Edited = &words
	_, err := d.Preview(ctx, tx, s, r)
	return err
}

// store writes what was composed: messages queued, tasks opened. A reminder
// whose every channel is a person's work is done once it is in their hands, but
// a call only once somebody has made it.
func (c composed) store(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r *Reminder) error {
	_, err := tx.Exec(ctx, `
		UPDATE message
		SET state = 'cancelled', why = 'remplacé par un nouvel envoi'
		WHERE creditor_id = $1 AND reminder_id = $2 AND state = 'failed'`, s.Creditor, r.ID)
	if err != nil {
		return err
	}
	for _, m := range c.messages {
		if err := insertMessage(ctx, tx, s, *r, "", m); err != nil {
			return err
		}
	}
	if err := task.Add(ctx, tx, s, c.tasks...); err != nil {
		return err
	}
	calls := slices.ContainsFunc(c.tasks, func(t *task.Task) bool { return t.Kind == task.Call })
	if len(c.messages) == 0 && !calls {
		return finish(ctx, tx, s, o, r)
	}
	return nil
}

// ask asks for what was queued to leave.
func (d *Desk) ask(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if d.Ask == nil {
		return nil
	}
	return d.Ask(ctx, tx, s.Creditor)
}

// recipientField names what a message by e-mail cannot do without.
const recipientField = "recipient"
