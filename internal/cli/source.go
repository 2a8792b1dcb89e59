package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/freshness"
	"acquit/internal/setting"
)

func (p *Program) sources() *cli.Command {
	return p.family("source", "les sources des comptes et de la banque, et leur âge", "the sources of the books and of the bank, and their age",
		&cli.Command{
			Name: "list", Usage: p.say("les sources, la plus ancienne d’abord", "the sources, the oldest first"),
			Description: p.say("Passé leur limite (stale_days, bank_stale_days), rien ne part automatiquement : un règlement a pu arriver depuis.",
				"Past their limit (stale_days, bank_stale_days) nothing leaves by itself: a payment may have come in since."),
			UsageText: "acquit source list", Action: p.doSources,
		},
		&cli.Command{
			Name: "retire", Usage: p.say("ne plus attendre une source qui n’est plus utilisée", "wait no more for a source that is used no more"),
			ArgsUsage: p.say("NOM", "NAME"), UsageText: "acquit source retire --kind bank FR7630006000011234567890189",
			Flags:  []cli.Flag{&cli.StringFlag{Name: "kind", Value: string(freshness.Books), Usage: p.say("books ou bank", "books or bank")}},
			Action: p.doSourceRetire,
		})
}

type sourceJSON struct {
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Label string   `json:"label"`
	Until cal.Date `json:"until"` // the last day that it tells of
	Limit int      `json:"limit"` // days; 0 is none
	Stale bool     `json:"stale"`
}

func (p *Program) doSources(ctx context.Context, c *cli.Command) error {
	list := []sourceJSON{}
	var titles []string
	err := p.read(ctx, c, func(r room) error {
		v, err := setting.Load(ctx, r.tx, r.scope.Creditor)
		if err != nil {
			return err
		}
		all, err := freshness.Of(ctx, r.tx, r.scope, v)
		for _, s := range all {
			list = append(list, sourceJSON{
				string(s.Kind), s.Name, s.Label, s.On(setting.TimeZone.In(v)), s.Limit, s.Stale(r.tx.Now),
			})
			titles = append(titles, s.Title(p.lang))
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"sources": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			state := p.say("à jour", "up to date")
			if one.Stale {
				state = fmt.Sprintf(p.say("trop ancienne : plus de %d jours", "too old: more than %d days"), one.Limit)
			}
			t.row(one.Name, titles[i], one.Until, state)
		}
		t.endOr(p.nothingRecorded())
	})
}

func (p *Program) doSourceRetire(ctx context.Context, c *cli.Command) error {
	name, err := p.argument(c)
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		v, err := setting.Load(ctx, r.tx, r.scope.Creditor)
		if err != nil {
			return err
		}
		return freshness.Retire(ctx, r.tx, r.scope, v, freshness.Kind(c.String("kind")), name)
	})
	if err != nil {
		return err
	}
	return p.recorded(name)
}
