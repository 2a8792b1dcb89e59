package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/lifecycle"
	"acquit/internal/setting"
)

func (p *Program) lifecycle() *cli.Command {
	invoice := p.say("FACTURE", "INVOICE")
	return p.family("lifecycle", "les statuts des factures électroniques", "the statuses of electronic invoices",
		&cli.Command{
			Name: "list", Usage: p.say("les statuts reçus et envoyés, les derniers d’abord", "statuses received and sent, the latest first"),
			UsageText: "acquit lifecycle list\nacquit lifecycle list --code 210\nacquit lifecycle list --waiting",
			Flags: []cli.Flag{
				p.text("code", p.say("ce statut seulement : 207, 210…", "this status only: 207, 210…")),
				&cli.BoolFlag{Name: "waiting", Usage: p.say("ceux dont la facture n’est pas dans les livres", "those whose invoice is not in the books")},
				&cli.BoolFlag{
					Name:  "problem",
					Usage: p.say("ceux qui contredisent ce qui précède", "those that contradict what went before"),
				},
			},
			Action: p.doLifecycleList,
		},
		&cli.Command{
			Name: "show", Usage: p.say("la vie d’une facture, statut par statut", "the life of an invoice, status by status"),
			ArgsUsage: invoice, UsageText: "acquit lifecycle show F2026-0871", Action: p.doLifecycleShow,
		},
		&cli.Command{
			Name: "due", Usage: p.say("ce qui est à déclarer encaissé, et ce qui ne peut l’être", "what is to be declared collected, and what cannot be"),
			UsageText: "acquit lifecycle due", Action: p.doLifecycleDue,
		},
		&cli.Command{
			Name: "collect", Usage: p.say("prendre les statuts qui attendent à la plateforme ou dans le dossier", "take the statuses that wait at the platform or in the folder"),
			UsageText: "acquit lifecycle collect", Action: p.doLifecycleCollect,
		},
		&cli.Command{
			Name: "send", Usage: p.say("écrire les statuts dus (« Encaissée ») et les envoyer", "write the statuses that are due (collected) and send them"),
			ArgsUsage: p.say("[FACTURE]", "[INVOICE]"), UsageText: "acquit lifecycle send\nacquit lifecycle send F2026-0871\nacquit lifecycle send --out statuts",
			Flags:  []cli.Flag{p.text("out", p.say("dossier où les écrire, sans plateforme", "folder to write them into, without a platform"))},
			Action: p.doLifecycleSend,
		},
		&cli.Command{
			Name: "complete", Usage: p.say("dire que la pièce demandée est fournie (209)", "say that the missing document was given (209)"),
			ArgsUsage: invoice, UsageText: "acquit lifecycle complete F2026-0871 --note \"bon de livraison joint\"",
			Flags:  []cli.Flag{p.text("note", p.say("ce que l’acheteur lira", "what the buyer will read"))},
			Action: p.doLifecycleComplete,
		},
		p.messageCase("confirm", p.say("dire que la plateforme a bien un message", "say that the platform does have a message"),
			p.say("Remis à la plateforme", "Given to the platform"),
			func(ctx context.Context, r room, id string) error { return lifecycle.Confirm(ctx, r.tx, r.scope, id) }),
		p.messageCase("again", p.say("renvoyer un message incertain que la plateforme n’a pas", "send again a message in doubt that the platform does not have"),
			p.say("À renvoyer", "To be sent again"),
			func(ctx context.Context, r room, id string) error { return lifecycle.Again(ctx, r.tx, r.scope, id) }))
}

// messageCase is a verb about one message of ours.
func (p *Program) messageCase(name, usage, done string, fn func(context.Context, room, string) error) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "MESSAGE", UsageText: "acquit lifecycle " + name + " lcm_…",
		Action: func(ctx context.Context, c *cli.Command) error {
			id, err := p.argument(c)
			if err != nil {
				return err
			}
			if err := p.write(ctx, c, func(r room) error { return fn(ctx, r, id) }); err != nil {
				return err
			}
			return p.noted(id, done+p.say(" : ", ": ")+id)
		},
	}
}

type statusJSON struct {
	ID      string   `json:"id"`
	Code    string   `json:"code"`
	Status  string   `json:"status"`
	Invoice string   `json:"invoice"`
	On      string   `json:"on"`
	At      string   `json:"at"`
	Reasons []string `json:"reasons"`
	Why     string   `json:"why"`
	Own     bool     `json:"own"`
	State   string   `json:"state"`
	Waits   *string  `json:"waits"`
	Problem string   `json:"problem"`
	Message string   `json:"message"`
}

func (p *Program) statusJSON(s lifecycle.Status) statusJSON {
	one := statusJSON{
		ID: s.ID, Code: s.Code, Status: s.In(p.lang), Invoice: s.Number, On: s.On.String(), At: string(s.Said.At),
		Reasons: append([]string{}, s.Said.Reasons()...), Why: s.Why(p.lang), Own: s.Own, State: string(s.State),
		Problem: s.Problem, Message: s.Message,
	}
	if s.Waits != "" {
		text := string(s.Waits)
		one.Waits = &text
	}
	return one
}

func (p *Program) tellStatuses(all []lifecycle.Status, more map[string]any) error {
	list := []statusJSON{}
	for _, s := range all {
		list = append(list, p.statusJSON(s))
	}
	answer := map[string]any{"statuses": list}
	maps.Copy(answer, more)
	return p.answer(answer, func(w io.Writer) {
		t := p.table(w)
		for _, s := range all {
			about := s.Problem
			switch {
			case s.Waits != "":
				about = s.Waits.In(p.lang)
			case about == "" && s.Own:
				about = s.State.In(p.lang)
			case about == "":
				about = s.Why(p.lang)
			}
			t.row(s.On, s.Number, s.Code, s.In(p.lang), about)
		}
		t.endOr(p.say("Aucun statut.", "No status."))
	})
}

func (p *Program) doLifecycleList(ctx context.Context, c *cli.Command) error {
	var all []lifecycle.Status
	f := lifecycle.Filter{Code: c.String("code"), Waiting: c.Bool("waiting"), Problem: c.Bool("problem"), Limit: shown}
	err := p.read(ctx, c, func(r room) (err error) {
		all, err = lifecycle.List(ctx, r.tx, r.scope, f)
		return err
	})
	if err != nil {
		return err
	}
	return p.tellStatuses(all, nil)
}

func (p *Program) doLifecycleShow(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	var life lifecycle.Life
	err = p.read(ctx, c, func(r room) (err error) {
		life, err = lifecycle.LifeOf(ctx, r.tx, r.scope, ref)
		return err
	})
	if err != nil {
		return err
	}
	return p.tellStatuses(life.Statuses, map[string]any{
		"invoice": life.Number, "received": dayJSON(life.Outcome.Received), "approved": dayJSON(life.Outcome.Approved),
		"ended": life.Outcome.Ended,
	})
}

type declaredJSON struct {
	Invoice  string     `json:"invoice"`
	On       string     `json:"on"`
	Currency string     `json:"currency"`
	Total    string     `json:"total"`
	Rates    []rateJSON `json:"rates"`
}

type rateJSON struct {
	Rate   string `json:"rate"` // percent
	Amount string `json:"amount"`
}

type undeclaredJSON struct {
	Invoice string `json:"invoice"`
	Amount  string `json:"amount"`
	Problem string `json:"problem"`
	Mend    string `json:"mend"`
}

func (p *Program) doLifecycleDue(ctx context.Context, c *cli.Command) error {
	var due []lifecycle.Declaration
	var problems []lifecycle.Problem
	err := p.read(ctx, c, func(r room) (err error) {
		due, problems, err = lifecycle.Due(ctx, r.tx, r.scope)
		return err
	})
	if err != nil {
		return err
	}
	list, wrong := []declaredJSON{}, []undeclaredJSON{}
	for _, d := range due {
		one := declaredJSON{d.Number, d.On.String(), string(d.Total.Currency), d.Total.Decimal(), []rateJSON{}}
		for _, r := range d.Rates {
			one.Rates = append(one.Rates, rateJSON{percent(r.Rate), r.Amount.Decimal()})
		}
		list = append(list, one)
	}
	for _, x := range problems {
		wrong = append(wrong, undeclaredJSON{x.Number, x.Amount.Decimal(), x.Text, x.Mend})
	}
	return p.answer(map[string]any{"due": list, "problems": wrong}, func(w io.Writer) {
		t := p.table(w)
		for i, d := range due {
			for _, r := range d.Rates {
				t.row(d.On, list[i].Invoice, r.Amount, p.share(percent(r.Rate)))
			}
		}
		t.endOr(p.say("Rien à déclarer.", "Nothing to declare."))
		for _, x := range problems {
			fmt.Fprintf(w, p.say("%s : %s (%s)\n", "%s: %s (%s)\n"), x.Number, x.Text, x.Mend)
		}
	})
}

func percent(hundredths int) string { return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100) }

// exchange gives the exchange that the creditor's settings ask for.
func (p *Program) exchange(ctx context.Context, b *Books, s creditor.Scope) (*lifecycle.Exchange, error) {
	var v setting.Values
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return nil, err
	}
	platform, name, err := lifecycle.Choose(p.Platforms, v, b.Box)
	if err != nil || platform == nil {
		return nil, err
	}
	return &lifecycle.Exchange{
		DB: b.DB, Platform: platform, Name: name, Drivers: p.Drivers, Log: slog.New(slog.NewTextHandler(p.Err, nil)),
	}, nil
}

type exchangedJSON struct {
	Sent      int      `json:"sent"`
	Later     int      `json:"later"`
	Refused   int      `json:"refused"`
	Uncertain int      `json:"uncertain"`
	Judged    int      `json:"judged"`
	Added     int      `json:"added"`
	Known     int      `json:"known"`
	Waiting   int      `json:"waiting"`
	Unread    int      `json:"unread"`
	Written   []string `json:"written"`
	Problems  []string `json:"problems"`
}

func (p *Program) tellExchange(t lifecycle.Tallied, written, problems []string) error {
	j := exchangedJSON{
		t.Sent, t.Later, t.Refused, t.Uncertain, t.Judged, t.Collected.Added, t.Collected.Known,
		t.Collected.Waiting, t.Unread, append([]string{}, written...), append([]string{}, problems...),
	}
	return p.answer(j, func(w io.Writer) {
		for _, x := range []struct {
			n    int
			what i18n.Noun
		}{
			{t.Collected.Added, statusesNew},
			{t.Collected.Waiting, statusesWaiting},
			{t.Unread, statusesUnread},
			{len(written), statusesWritten},
			{t.Sent, statusesSent},
			{t.Later, statusesLater},
			{t.Uncertain, statusesUncertain},
			{t.Refused, statusesRefused},
			{t.Judged, statusesJudged},
		} {
			if x.n > 0 {
				fmt.Fprintln(w, x.what.Count(p.lang, x.n))
			}
		}
		if j.Sent+j.Later+j.Refused+j.Uncertain+j.Judged+j.Added+j.Unread+len(written)+len(problems) == 0 {
			fmt.Fprintln(w, p.say("Rien de nouveau.", "Nothing new."))
		}
		for _, text := range problems {
			fmt.Fprintln(w, text)
		}
	})
}

func (p *Program) doLifecycleCollect(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		x, err := p.exchange(ctx, b, s)
		if err != nil {
			return err
		}
		if x == nil {
			return wrong("lifecycle_way", p.say("aucune plateforme n’est réglée", "no platform is set"),
				p.say("acquit setting set lifecycle_way flow, ou acquit import FICHIER", "acquit setting set lifecycle_way flow, or acquit import FILE"))
		}
		t, err := x.Collect(ctx, s)
		if err != nil {
			return err
		}
		return p.tellExchange(t, nil, nil)
	})
}

func (p *Program) doLifecycleSend(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		x, err := p.exchange(ctx, b, s)
		if err != nil {
			return err
		}
		var written, problems []string
		err = b.DB.Write(ctx, func(tx *db.Tx) error {
			document := ""
			if ref := c.Args().First(); ref != "" {
				life, err := lifecycle.LifeOf(ctx, tx, s, ref)
				if err != nil {
					return err
				}
				document = life.Document
			}
			list, wrong, err := lifecycle.Declare(ctx, tx, s, document)
			for _, m := range list {
				written = append(written, m.Name)
			}
			for _, w := range wrong {
				problems = append(problems, w.Number+"\u00a0: "+w.Text+" ("+w.Mend+")")
			}
			return err
		})
		if err != nil {
			return err
		}
		var t lifecycle.Tallied
		switch out := c.String("out"); {
		case out != "":
			err = p.writeReady(ctx, b, s, out)
		case x != nil:
			t, err = x.Send(ctx, s)
		}
		if err != nil {
			return err
		}
		return p.tellExchange(t, written, problems)
	})
}

// writeReady writes the messages that are ready into a folder: whoever asks for them
// carries them to the platform, and says so (confirm).
func (p *Program) writeReady(ctx context.Context, b *Books, s creditor.Scope, dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return p.file("out", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return p.file("out", dir, err)
	}
	defer root.Close()
	return b.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := lifecycle.Going(ctx, tx, s, lifecycle.Ready)
		for _, m := range list {
			raw, err := lifecycle.Raw(ctx, tx, s, m)
			if err != nil {
				return err
			}
			if err := root.WriteFile(m.Name, raw, 0o640); err != nil {
				return p.file("out", m.Name, err)
			}
		}
		return err
	})
}

func (p *Program) doLifecycleComplete(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	var m lifecycle.Message
	err = p.write(ctx, c, func(r room) (err error) {
		m, err = lifecycle.Complete(ctx, r.tx, r.scope, ref, c.String("note"))
		return err
	})
	if err != nil {
		return err
	}
	return p.noted(m.ID, fmt.Sprintf(p.say("« Complétée » est écrit pour %s : acquit lifecycle send l’envoie (%s).",
		"“Completed” is written for %s: acquit lifecycle send sends it (%s)."), ref, m.ID))
}

// What is counted of statuses and of messages that tell them.
var (
	statusesNew     = noun("statut nouveau", "statuts nouveaux", "new status", "new statuses")
	statusesWaiting = noun("dont la facture n’est pas dans les livres", "dont la facture n’est pas dans les livres",
		"whose invoice is not in the books", "whose invoice is not in the books")
	statusesUnread = noun("message illisible : voir « Factures électroniques »",
		"messages illisibles : voir « Factures électroniques »", "message that cannot be read", "messages that cannot be read")
	statusesWritten = noun("statut écrit", "statuts écrits", "status written", "statuses written")
	statusesSent    = noun("message envoyé", "messages envoyés", "message sent", "messages sent")
	statusesLater   = noun("à réessayer plus tard", "à réessayer plus tard",
		"to be tried again later", "to be tried again later")
	statusesUncertain = noun("incertain : il ne repart pas sans vous", "incertains : ils ne repartent pas sans vous",
		"in doubt: it does not leave again without you", "in doubt: they do not leave again without you")
	statusesRefused = noun("refusé par la plateforme", "refusés par la plateforme",
		"refused by the platform", "refused by the platform")
	statusesJudged = noun("message jugé par la plateforme", "messages jugés par la plateforme",
		"message judged by the platform",
		"messages judged by the platform")
)
