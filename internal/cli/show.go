package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

func (p *Program) reminderArg() string { return p.say("RELANCE | CLIENT", "REMINDER | CUSTOMER") }

func (p *Program) show() *cli.Command {
	return &cli.Command{
		Name: "show", Usage: p.say("le message d’une relance, tel que le client le lira", "the message of a reminder, as the customer will read it"),
		ArgsUsage: p.reminderArg(), UsageText: "acquit show C0042", Flags: []cli.Flag{
			p.flag("html", p.say("la partie HTML", "the HTML part")),
		},
		Action: p.doShow,
	}
}

type messageJSON struct {
	Reminder reminderJSON `json:"reminder"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	Subject  string       `json:"subject"`
	Text     string       `json:"text"`
	HTML     string       `json:"html"`
	Warnings []string     `json:"warnings"`
}

func (p *Program) doShow(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	list := []messageJSON{}
	err = p.read(ctx, c, func(r room) error {
		rows, err := p.named(ctx, r, ref)
		if err != nil {
			return err
		}
		for _, row := range rows {
			m, err := p.message(ctx, r, row)
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"messages": list}, func(w io.Writer) {
		for _, m := range list {
			p.tellMessage(w, m, c.Bool("html"))
		}
	})
}

func (p *Program) message(ctx context.Context, r room, row reminder.Row) (messageJSON, error) {
	who, err := p.customer(ctx, r, row.Customer)
	if err != nil {
		return messageJSON{}, err
	}
	v, err := r.Desk.Preview(ctx, r.tx, r.scope, row.Reminder)
	return messageJSON{
		p.stored(row.Reminder, who), v.From, v.To, v.Subject, v.Text, v.HTML, append([]string{}, v.Warnings...),
	}, err
}

func (p *Program) tellMessage(w io.Writer, m messageJSON, html bool) {
	p.reminderLine(w, m.Reminder)
	to := m.To
	if to == "" {
		to = p.say("personne : aucune adresse valable chez ce client", "nobody: this customer has no valid address")
	}
	t := p.table(w)
	t.row(p.say("De", "From"), m.From)
	t.row(p.say("À", "To"), to)
	t.row(p.say("Objet", "Subject"), m.Subject)
	t.end()
	for _, warning := range m.Warnings {
		fmt.Fprintf(w, p.say("Attention : %s\n", "Warning: %s\n"), warning)
	}
	text := m.Text
	if html {
		text = m.HTML
	}
	fmt.Fprintf(w, "\n%s\n", strings.TrimRight(text, "\n"))
}

func (p *Program) edit() *cli.Command {
	return &cli.Command{
		Name: "edit", Usage: p.say("récrire le message d’une seule relance", "rewrite the message of one reminder"),
		ArgsUsage: p.reminderArg(),
		Description: p.say("Le texte vient d’un fichier, ou de l’entrée avec --body -. Il peut citer les mêmes variables qu’un modèle, par exemple {{invoices_table}}. --reset revient au modèle.",
			"The text comes from a file, or from the input with --body -. It may use the variables of a template, such as {{invoices_table}}. --reset goes back to the template."),
		UsageText: "acquit edit C0042 --subject \"Votre facture F2026-0871\" --body message.txt",
		Flags: []cli.Flag{
			p.text("subject", p.say("objet", "subject")), p.text("body", p.say("fichier du texte, ou -",
				"file of the text, or -")),
			p.flag("reset", p.say("revenir au modèle", "go back to the template")),
		},
		Action: p.doEdit,
	}
}

func (p *Program) doEdit(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	var words reminder.Words
	if !c.Bool("reset") {
		if words.Subject, err = p.need(c, "subject"); err != nil {
			return err
		}
		if words.Body, err = p.body(c); err != nil {
			return err
		}
	}
	return p.decideOne(ctx, c, ref, func(b *Books, tx *db.Tx, s creditor.Scope, id string) error {
		return b.Desk.Edit(ctx, tx, s, id, words)
	})
}

// maxBody bounds the text of a message that is read: a letter has a few pages.
const maxBody = 256 << 10

func (p *Program) body(c *cli.Command) (string, error) {
	path, err := p.need(c, "body")
	if err != nil {
		return "", err
	}
	in := p.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", p.file("body", path, err)
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxBody))
	return string(b), err
}

func (p *Program) dismiss() *cli.Command {
	return &cli.Command{
		Name: "dismiss", Usage: p.say("écarter une relance, avec un motif ; son étape compte comme faite", "set a reminder aside, with a reason; its step counts as done"),
		ArgsUsage: p.reminderArg(), UsageText: "acquit dismiss C0042 --reason \"appel ce matin, paiement demain\"",
		Flags: []cli.Flag{p.reasonFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			ref, err := p.argument(c)
			if err != nil {
				return err
			}
			reason, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			return p.decideOne(ctx, c, ref, func(_ *Books, tx *db.Tx, s creditor.Scope, id string) error {
				return reminder.Dismiss(ctx, tx, s, id, reason)
			})
		},
	}
}

func (p *Program) postpone() *cli.Command {
	return &cli.Command{
		Name: "postpone", Usage: p.say("remettre une relance à un autre jour", "put a reminder off to another day"),
		ArgsUsage: p.reminderArg(), UsageText: "acquit postpone C0042 --until 2026-11-27",
		Flags: []cli.Flag{p.text("until", p.say("jour où elle revient AAAA-MM-JJ (obligatoire)", "day on which it comes back YYYY-MM-DD (required)"))},
		Action: func(ctx context.Context, c *cli.Command) error {
			ref, err := p.argument(c)
			if err != nil {
				return err
			}
			until, err := p.needDay(c, "until")
			if err != nil {
				return err
			}
			return p.decideOne(ctx, c, ref, func(_ *Books, tx *db.Tx, s creditor.Scope, id string) error {
				return reminder.Postpone(ctx, tx, s, id, until)
			})
		},
	}
}

// decideOne does something about the reminders of an identifier or a customer.
func (p *Program) decideOne(ctx context.Context, c *cli.Command, ref string,
	fn func(*Books, *db.Tx, creditor.Scope, string) error,
) error {
	ids := []string{}
	err := p.write(ctx, c, func(r room) error {
		rows, err := p.named(ctx, r, ref)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := fn(r.Books, r.tx, r.scope, row.ID); err != nil {
				return err
			}
			ids = append(ids, row.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"reminders": ids}, func(w io.Writer) {
		for _, id := range ids {
			fmt.Fprintf(w, p.say("Noté : %s\n", "Recorded: %s\n"), id)
		}
	})
}
