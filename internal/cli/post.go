package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/post"
	"acquit/internal/reminder"
)

func (p *Program) post() *cli.Command {
	message := p.say("LETTRE", "LETTER")
	return p.family("post", "le courrier : les lettres à imprimer, postées, revenues", "the post: letters to print, posted, returned",
		&cli.Command{
			Name: "list", Usage: p.say("les lettres qui attendent d’être postées", "the letters that wait to be posted"),
			UsageText: "acquit post list", Action: p.doPostList,
		},
		&cli.Command{
			Name: "print", Usage: p.say("imprimer les lettres du jour en un PDF, vérifiées une dernière fois", "print the day’s letters as one PDF, checked a last time"),
			UsageText: "acquit post print --out courrier.pdf",
			Flags:     []cli.Flag{p.text("out", p.say("fichier PDF à écrire", "PDF file to write"))},
			Action:    p.doPostPrint,
		},
		&cli.Command{
			Name: "posted", Usage: p.say("dire qu’un lot est posté, ou une lettre de ce lot", "say that a batch is posted, or one letter of it"),
			ArgsUsage: p.say("LOT", "BATCH"), UsageText: "acquit post posted lot_…\nacquit post posted lot_… --letter msg_… --tracking 1A12345678901",
			Flags: []cli.Flag{
				p.text("letter", p.say("cette lettre seulement", "this letter only")),
				p.text("tracking", p.say("numéro du recommandé", "number of the registered letter")), p.onFlag(),
			},
			Action: p.doPostPosted,
		},
		&cli.Command{
			Name: "undo", Usage: p.say("reprendre, le jour même, une lettre dite postée par erreur", "take back, on the same day, a letter said to be posted by mistake"),
			ArgsUsage: message, UsageText: "acquit post undo msg_…",
			Action: p.messageVerb(func(ctx context.Context, _ *cli.Command, r room, id string) error {
				return reminder.Unposted(ctx, r.tx, r.scope, id)
			}),
		},
		&cli.Command{
			Name: "returned", Usage: p.say("noter qu’une lettre est revenue", "note that a letter came back"),
			ArgsUsage: message, UsageText: "acquit post returned msg_… --reason unknown",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "reason", Value: string(customer.Unknown), Usage: p.say("motif : ", "reason: ") + joined(customer.ReturnReasons())},
			},
			Action: p.messageVerb(func(ctx context.Context, c *cli.Command, r room, id string) error {
				return post.CameBack(ctx, r.tx, r.scope, id, customer.ReturnReason(c.String("reason")), r.today)
			}),
		})
}

type letterJSON struct {
	ID         string `json:"id"`
	Customer   string `json:"customer"`
	Subject    string `json:"subject"`
	Batch      string `json:"batch"` // empty while it was not printed
	Place      string `json:"place"`
	Registered bool   `json:"registered"`
	Why        string `json:"why"` // it must not leave
}

func postLetter(w post.Waiting) letterJSON {
	return letterJSON{w.ID, w.Code, w.Subject, w.Batch, w.Place, w.Registered(), w.Why}
}

func (p *Program) doPostList(ctx context.Context, c *cli.Command) error {
	list := []letterJSON{}
	err := p.read(ctx, c, func(r room) error {
		all, err := post.List(ctx, r.tx, r.scope, r.Desk)
		for _, one := range all {
			list = append(list, postLetter(one))
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"letters": list}, func(w io.Writer) {
		t := p.table(w)
		for _, one := range list {
			t.row(one.ID, one.Customer, one.Place, one.Subject, one.Batch, one.Why)
		}
		t.endOr(p.say("Aucune lettre à poster.", "No letter to post."))
	})
}

type batchJSON struct {
	Batch   string       `json:"batch"` // empty when no letter may leave
	On      cal.Date     `json:"on"`
	Pages   int          `json:"pages"`
	SHA256  string       `json:"sha256"`
	Letters []pickedJSON `json:"letters"`
	Out     []letterJSON `json:"taken_out"`
}

type pickedJSON struct {
	letterJSON
	Rank     int    `json:"rank"`
	Pages    int    `json:"pages"`
	Sheets   int    `json:"sheets"`
	Envelope string `json:"envelope"`
	Grams    int    `json:"grams"`
}

func (p *Program) doPostPrint(ctx context.Context, c *cli.Command) error {
	out, err := p.need(c, "out")
	if err != nil {
		return err
	}
	made := batchJSON{Letters: []pickedJSON{}, Out: []letterJSON{}}
	var pdf []byte
	err = p.write(ctx, c, func(r room) error {
		m, err := post.Print(ctx, r.tx, r.scope, r.Desk)
		if err != nil {
			return err
		}
		made.Batch, made.On, made.Pages, made.SHA256 = m.ID, r.today, m.Pages, m.SHA256
		for _, i := range m.Items {
			made.Letters = append(made.Letters, pickedJSON{
				postLetter(i.Waiting), i.Rank, i.Pages, i.Sheets(), string(i.Envelope()), i.Grams(),
			})
		}
		for _, l := range m.Out {
			made.Out = append(made.Out, letterJSON{ID: l.ID, Subject: l.Subject, Why: l.Why, Customer: l.Customer})
		}
		if m.ID == "" {
			return nil
		}
		if pdf, err = post.PDF(ctx, r.tx, r.scope, m.Batch); err != nil {
			return err
		}
		return os.WriteFile(out, pdf, 0o600)
	})
	if err != nil {
		return err
	}
	return p.answer(made, func(w io.Writer) {
		t := p.table(w)
		for _, l := range made.Letters {
			t.row(l.Rank, l.Customer, l.Place, l.Envelope, l.Subject)
		}
		t.endOr(p.say("Aucune lettre ne peut partir.", "No letter may leave."))
		for _, l := range made.Out {
			fmt.Fprintf(w, p.say("écartée : %s : %s\n", "taken out: %s: %s\n"), l.Subject, l.Why)
		}
		if made.Batch != "" {
			fmt.Fprintf(w, "%s → %s\n", made.Batch, out)
		}
	})
}

func (p *Program) doPostPosted(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	on, err := p.day(c, "on")
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		b, err := post.Find(ctx, r.tx, r.scope, r.Desk, id)
		if err != nil {
			return err
		}
		if on.IsZero() {
			on = r.today
		}
		d := post.Deposit{Batch: id, On: on, Tracking: map[string]string{}}
		for _, i := range b.Items {
			one := c.String("letter")
			if one == i.ID || one == "" && i.Waits() && !i.Withdraw() {
				d.Letters, d.Tracking[i.ID] = append(d.Letters, i.ID), c.String("tracking")
			}
		}
		return post.Post(ctx, r.tx, r.scope, r.Desk, d)
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}
