package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/reminder"
)

func (p *Program) today() *cli.Command {
	return &cli.Command{
		Name: "today", Usage: p.say("les relances qui attendent votre accord", "the reminders that wait for your approval"),
		Description: p.say("Par étape, les plus graves d’abord. RELANCE dans les autres commandes est l’identifiant montré ici, ou le code du client.",
			"By step, the gravest first. REMINDER in the other commands is the identifier shown here, or the customer’s code."),
		UsageText: "acquit today --step relance-2",
		Flags: []cli.Flag{
			p.onFlag(), p.text("step", p.say("cette étape seulement", "this step only")),
			p.text("search", p.say("dans le nom ou le code du client", "in the customer’s name or code")),
			&cli.IntFlag{Name: "limit", Value: shown, Usage: p.say("au plus tant de relances",
				"at most so many reminders")},
		},
		Action: p.doToday,
	}
}

type groupJSON struct {
	Step     string         `json:"step"`
	Tone     dunning.Tone   `json:"tone"`
	Formal   bool           `json:"formal"`
	Count    int            `json:"count"`
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
}

type waitingJSON struct {
	ID       string            `json:"id"`
	Customer string            `json:"customer"`
	Name     string            `json:"name"`
	Step     string            `json:"step"`
	Channels []dunning.Channel `json:"channels"`
	Tone     dunning.Tone      `json:"tone"`
	Invoices int               `json:"invoices"`
	Age      int               `json:"age"` // of the oldest claimed invoice
	Amount   string            `json:"amount"`
	Currency money.Currency    `json:"currency"`
	State    reminder.State    `json:"state"`
	On       cal.Date          `json:"on"`
	Note     string            `json:"note"`
	Held     *string           `json:"held"` // until when it would not leave, approved or not
}

func (p *Program) doToday(ctx context.Context, c *cli.Command) error {
	var groups []reminder.Group
	var rows []reminder.Row
	var day cal.Date
	var held []waitsJSON
	err := p.read(ctx, c, func(r room) (err error) {
		if day, err = p.dayOr(c, "on", r.today); err != nil {
			return err
		}
		if groups, err = reminder.Groups(ctx, r.tx, r.scope, day); err != nil {
			return err
		}
		rows, err = reminder.Page(ctx, r.tx, r.scope, reminder.Filter{
			Today: day, Step: c.String("step"), Search: c.String("search"), Limit: c.Int("limit"),
		})
		if err != nil {
			return err
		}
		_, held, err = p.foreseen(ctx, r.Desk, r.tx, r.scope, rows)
		return err
	})
	if err != nil {
		return err
	}
	until := map[string]*string{}
	for _, h := range held {
		until[h.Reminder] = &h.Held
	}
	byStep, list := []groupJSON{}, []waitingJSON{}
	for _, g := range groups {
		byStep = append(byStep, groupJSON{g.Step, g.Tone, g.Formal, g.Count, g.Amount.Decimal(), g.Currency})
	}
	for _, r := range rows {
		list = append(list, waitingJSON{
			r.ID, r.CustomerCode, r.CustomerName, r.Step, r.Channels, r.Tone, r.Claims, r.MaxAge, r.Amount.Decimal(),
			r.Amount.Currency,
			r.State, r.On, r.Note, until[r.ID],
		})
	}
	return p.answer(map[string]any{"on": day, "groups": byStep, "reminders": list}, func(w io.Writer) {
		p.tellToday(w, groups, rows)
		p.tellHeld(w, held)
	})
}

// toneWords tell apart the steps of one name in several scenarios.
var toneWords = map[dunning.Tone]i18n.Words{
	dunning.Courteous:  {FR: "courtois", EN: "courteous"},
	dunning.Neutral:    {FR: "neutre", EN: "neutral"},
	dunning.Firm:       {FR: "ferme", EN: "firm"},
	dunning.FormalTone: {FR: "formel", EN: "formal"},
}

func (p *Program) tellToday(w io.Writer, groups []reminder.Group, rows []reminder.Row) {
	if len(groups) == 0 {
		fmt.Fprintln(w, p.say("Rien n’attend votre accord. « acquit run » fait le passage du jour.", "Nothing waits for your approval. “acquit run” makes the daily run."))
		return
	}
	sums, t := p.table(w), p.table(w)
	for _, g := range groups {
		tone := toneWords[g.Tone].In(p.lang)
		if g.Formal {
			tone = p.say("étape formelle", "formal step")
		}
		sums.row(g.Step, reminders.Count(p.lang, g.Count), g.Amount, tone)
	}
	sums.end()
	fmt.Fprintln(w)
	for _, r := range rows {
		t.row(r.Step, r.CustomerCode, r.CustomerName, r.Amount, invoices.Count(p.lang, r.Claims), age(p, r.MaxAge),
			joined(r.Channels), r.ID, r.Note)
	}
	t.end()
	fmt.Fprintln(w, p.say("\nacquit show RELANCE montre le message ; acquit approve, postpone ou dismiss décident.",
		"\nacquit show REMINDER shows the message; acquit approve, postpone or dismiss decide."))
}

// age is a number of days after the due date, or before it.
func age(p *Program, days int) string {
	return fmt.Sprintf(p.say("J%+d", "D%+d"), days)
}
