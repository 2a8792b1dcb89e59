package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/journal"
)

func (p *Program) closure() *cli.Command {
	return &cli.Command{
		Name: "closure", Usage: p.say("les jours de fermeture : rien ne part", "days of closure: nothing leaves"),
		Commands: []*cli.Command{
			{
				Name: "list", Usage: p.say("les fermetures prévues", "the closures"), UsageText: "acquit closure list",
				Action: p.doClosureList,
			},
			{
				Name: "add", Usage: p.say("prévoir une fermeture", "plan a closure"),
				ArgsUsage: p.say("JOUR[..JOUR]", "DAY[..DAY]"),
				UsageText: "acquit closure add 2026-08-03..2026-08-21 --label \"Congés d’été\"",
				Flags:     []cli.Flag{p.text("label", p.say("intitulé", "label"))},
				Action:    p.doClosureAdd,
			},
			{
				Name: "remove", Usage: p.say("retirer une fermeture", "take a closure back"), ArgsUsage: "ID",
				UsageText: "acquit closure remove clo_…", Action: p.doClosureRemove,
			},
		},
	}
}

func (p *Program) doClosureList(ctx context.Context, c *cli.Command) error {
	list := []creditor.Closure{}
	err := p.read(ctx, c, func(r room) error {
		all, err := creditor.Closures(ctx, r.tx, r.scope)
		list = append(list, all...)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"closures": list}, func(w io.Writer) {
		t := p.table(w)
		for _, one := range list {
			t.row(one.ID, one.Days.From, one.Days.To, one.Label)
		}
		t.endOr(p.say("Aucune fermeture prévue.", "No closure is planned."))
	})
}

func (p *Program) doClosureAdd(ctx context.Context, c *cli.Command) error {
	text, err := p.argument(c)
	if err != nil {
		return err
	}
	days, err := cal.ParsePeriod(text)
	if err != nil {
		return usage(err)
	}
	var made creditor.Closure
	err = p.write(ctx, c, func(r room) (err error) {
		made, err = creditor.AddClosure(ctx, r.tx, r.scope, creditor.Closure{Days: days, Label: c.String("label")},
			journal.Write)
		return err
	})
	if err != nil {
		return err
	}
	return p.recorded(made.ID)
}

func (p *Program) doClosureRemove(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		return creditor.RemoveClosure(ctx, r.tx, r.scope, id, journal.Write)
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}

// recorded answers that something was written down under an identifier.
func (p *Program) recorded(id string) error {
	return p.noted(id, p.say("Noté : ", "Recorded: ")+id)
}

// noted is recorded in the words of what was done: of whom, how much.
func (p *Program) noted(id, words string) error {
	return p.answer(map[string]string{"id": id}, func(w io.Writer) { fmt.Fprintln(w, words) })
}
