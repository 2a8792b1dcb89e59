package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message/mail"
	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/fault"
	"acquit/internal/reminder"
)

func (p *Program) outbox() *cli.Command {
	message := p.say("MESSAGE", "MESSAGE")
	return p.family("outbox", "les messages : partis, en file, retenus, refusés, incertains", "messages: sent, queued, held, refused, uncertain",
		&cli.Command{
			Name: "list", Usage: p.say("les messages, les plus récents d’abord", "the messages, newest first"),
			UsageText: "acquit outbox list --state uncertain",
			Flags: []cli.Flag{
				p.text("state", p.say("un état seulement : ", "one state only: ")+joined(messageStates)),
				p.text("customer", p.say("code du client", "customer’s code")),
				&cli.IntFlag{Name: "limit", Value: shown, Usage: p.say("au plus tant de messages",
					"at most so many messages")},
			},
			Action: p.doOutboxList,
		},
		&cli.Command{
			Name: "show", Usage: p.say("un message, tel qu’il est parti", "a message, as it left"), ArgsUsage: message, UsageText: "acquit outbox show msg_…\nacquit outbox show msg_… --raw > message.eml",
			Flags: []cli.Flag{p.flag("raw", p.say("ses octets exacts", "its exact bytes"))}, Action: p.doOutboxShow,
		},
		&cli.Command{
			Name: "send", Usage: p.say("laisser partir ce qui est en file", "let what is queued leave"),
			UsageText: "acquit outbox send", Action: p.doOutboxSend,
		},
		&cli.Command{
			Name: "test", Usage: p.say("envoyer un message d’essai", "send a trial message"),
			ArgsUsage: p.say("ADRESSE", "ADDRESS"),
			UsageText: "acquit outbox test claire@dupont.example", Action: p.doOutboxTest,
		},
		&cli.Command{
			Name: "retry", Usage: p.say("renvoyer un message refusé ou retenu",
				"send a refused or held message again"), ArgsUsage: message,
			UsageText: "acquit outbox retry msg_…", Action: p.messageVerb(func(ctx context.Context, _ *cli.Command,
				r room, id string,
			) error {
				return reminder.Retry(ctx, r.tx, r.scope, id)
			}),
		},
		&cli.Command{
			Name: "resolve", Usage: p.say("dire si un message incertain est parti",
				"say whether an uncertain message left"), ArgsUsage: message,
			Description: p.say("La connexion est tombée après l’envoi : le message est peut-être arrivé. Il n’est jamais renvoyé sans une personne, qui a regardé le dossier des messages envoyés de son serveur.",
				"The line died after the data: the message may have arrived. It is never sent again without a person, who has looked into the server’s sent folder."),
			UsageText: "acquit outbox resolve msg_… --left",
			Flags: []cli.Flag{
				p.flag("left", p.say("il est parti", "it left")),
				p.flag("not-left", p.say("il n’est pas parti : à renvoyer", "it did not leave: send it again")),
			},
			Action: p.messageVerb(func(ctx context.Context, c *cli.Command, r room, id string) error {
				if c.Bool("left") == c.Bool("not-left") {
					return wrong("left", p.say("est-il parti, oui ou non ?", "did it leave or not?"),
						"--left | --not-left")
				}
				return reminder.Resolve(ctx, r.tx, r.scope, id, c.Bool("left"))
			}),
		})
}

var messageStates = []reminder.MessageState{
	reminder.Queued, reminder.Held, reminder.MessageSending, reminder.Ready, reminder.MessageSent,
	reminder.MessageFailed, reminder.MessageUncertain,
	reminder.Cancelled,
}

type outgoingJSON struct {
	ID       string                `json:"id"`
	Reminder string                `json:"reminder"`
	Customer string                `json:"customer"`
	Channel  string                `json:"channel"`
	From     string                `json:"from"`
	To       []string              `json:"to"`
	Subject  string                `json:"subject"`
	State    reminder.MessageState `json:"state"`
	Why      string                `json:"why"`
	Code     string                `json:"code"`
	Detail   string                `json:"detail"`
	Attempts int                   `json:"attempts"`
	SHA256   string                `json:"sha256"`
	Created  *string               `json:"created_at"`
	Next     *string               `json:"next_at"` // of one that is queued
	Sent     *string               `json:"sent_at"`
}

func outgoing(m reminder.Message, code string) outgoingJSON {
	out := outgoingJSON{
		ID: m.ID, Reminder: m.Reminder, Customer: code, Channel: m.Channel, From: m.Sender,
		To:      append([]string{}, m.To...),
		Subject: m.Subject, State: m.State, Why: m.Why, Code: m.Code, Detail: m.Detail, Attempts: m.Attempts,
		SHA256:  m.SHA256,
		Created: instantJSON(m.CreatedAt), Sent: instantJSON(m.SentAt),
	}
	if m.State == reminder.Queued {
		out.Next = instantJSON(m.NextAt)
	}
	return out
}

func (p *Program) doOutboxList(ctx context.Context, c *cli.Command) error {
	state, err := p.choice(c, "state", "", texts(messageStates)...)
	if err != nil {
		return err
	}
	list := []outgoingJSON{}
	err = p.read(ctx, c, func(r room) error {
		f := reminder.MessageFilter{Limit: c.Int("limit")}
		if state != "" {
			f.States = []reminder.MessageState{reminder.MessageState(state)}
		}
		if code := c.String("customer"); code != "" {
			who, err := p.customer(ctx, r, code)
			if err != nil {
				return err
			}
			f.Customer = who.ID
		}
		list, err = listMessages(ctx, r, f)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"messages": list}, func(w io.Writer) {
		t := p.table(w)
		for _, m := range list {
			t.row(m.ID, m.Customer, strings.Join(m.To, " "), m.Subject,
				reminder.MessageStateWords[m.State].In(p.lang), m.Why+m.Detail)
		}
		t.endOr(p.say("Aucun message.", "No message."))
	})
}

func listMessages(ctx context.Context, r room, f reminder.MessageFilter) ([]outgoingJSON, error) {
	all, err := reminder.Messages(ctx, r.tx, r.scope, f)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, m := range all {
		ids[i] = m.Customer
	}
	who, err := customer.ByID(ctx, r.tx, r.scope, ids)
	list := []outgoingJSON{}
	for _, m := range all {
		list = append(list, outgoing(m, who[m.Customer].Code))
	}
	return list, err
}

func (p *Program) doOutboxShow(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	var m reminder.Message
	var raw []byte
	var code string
	err = p.read(ctx, c, func(r room) (err error) {
		if m, err = p.findMessage(ctx, r, id); err != nil {
			return err
		}
		who, err := customer.Find(ctx, r.tx, r.scope, m.Customer)
		if err != nil {
			return err
		}
		code = who.Code
		raw, err = reminder.Raw(ctx, r.tx, r.scope, m.ID)
		return err
	})
	if err != nil {
		return err
	}
	if c.Bool("raw") {
		_, err := p.Out.Write(raw)
		return err
	}
	text := plainText(raw)
	out := struct {
		outgoingJSON
		Text string `json:"text"`
	}{outgoing(m, code), text}
	return p.answer(out, func(w io.Writer) {
		t := p.table(w)
		t.row(p.say("De", "From"), m.Sender)
		t.row(p.say("À", "To"), strings.Join(m.To, ", "))
		t.row(p.say("Objet", "Subject"), m.Subject)
		t.row(p.say("État", "State"), strings.TrimSpace(reminder.MessageStateWords[m.State].In(p.lang)+"  "+m.Why+" "+m.Code+" "+m.Detail))
		t.row("SHA-256", m.SHA256)
		t.end()
		fmt.Fprintf(w, "\n%s\n", text)
	})
}

func (p *Program) findMessage(ctx context.Context, r room, id string) (reminder.Message, error) {
	m, err := reminder.FindMessage(ctx, r.tx, r.scope, id)
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.NotFound(p.say("message « %s »", "message “%s”"), id)
	}
	return m, err
}

// plainText is the text part of a message, or nothing where it has none.
func plainText(raw []byte) string {
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }() // it reads from memory
	for {
		part, err := r.NextPart()
		if err != nil {
			return ""
		}
		h, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		if kind, _, err := h.ContentType(); err == nil && kind == "text/plain" {
			b, err := io.ReadAll(part.Body)
			if err != nil {
				return ""
			}
			return strings.ReplaceAll(string(b), "\r\n", "\n")
		}
	}
}

func (p *Program) doOutboxSend(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		t, err := p.send(ctx, b, s)
		if err != nil {
			return err
		}
		if err := p.answer(t, func(w io.Writer) { p.tellSent(w, *t) }); err != nil {
			return err
		}
		if t.wentWrong() {
			return errSilent
		}
		return nil
	})
}

// messageVerb does something about the message whose identifier is given.
func (p *Program) messageVerb(fn func(context.Context, *cli.Command, room, string) error) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		id, err := p.argument(c)
		if err != nil {
			return err
		}
		err = p.write(ctx, c, func(r room) error {
			if _, err := p.findMessage(ctx, r, id); err != nil {
				return err
			}
			return fn(ctx, c, r, id)
		})
		if err != nil {
			return err
		}
		return p.recorded(id)
	}
}

func (p *Program) doOutboxTest(ctx context.Context, c *cli.Command) error {
	to, err := p.argument(c)
	if err != nil {
		return err
	}
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		if err := b.Desk.Test(ctx, s, to); err != nil {
			return err
		}
		return p.answer(map[string]string{"to": to}, func(w io.Writer) {
			fmt.Fprintf(w, p.say("Le serveur a accepté un message pour %s.\n", "The server has taken a message for %s.\n"), to)
		})
	})
}
