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
			ArgsUsage: p.say("NOM", "NAME"), UsageText: "acquit source retire sage --reason \"remplacé par Pennylane\"",
			Flags: []cli.Flag{p.sourceKind(), p.reasonFlag()}, Action: p.doSourceRetire,
		},
		&cli.Command{
			Name: "back", Usage: p.say("attendre de nouveau une source abandonnée", "wait again for a source that was given up"),
			ArgsUsage: p.say("NOM", "NAME"), UsageText: "acquit source back sage",
			Flags: []cli.Flag{p.sourceKind()}, Action: p.doSourceBack,
		})
}

func (p *Program) sourceKind() cli.Flag {
	return &cli.StringFlag{Name: "kind", Value: string(freshness.Books), Usage: p.say("books ou bank", "books or bank")}
}

type sourceJSON struct {
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Label string   `json:"label"`
	Until cal.Date `json:"until"` // the last day that it tells of
	Limit int      `json:"limit"` // days; 0 is none
	Stale bool     `json:"stale"`
}

type goneJSON struct {
	Kind   string   `json:"kind"`
	Name   string   `json:"name"`
	Label  string   `json:"label"`
	Until  cal.Date `json:"until"`
	On     cal.Date `json:"retired_on"`
	By     string   `json:"retired_by"`
	Reason string   `json:"reason"`
}

func (p *Program) doSources(ctx context.Context, c *cli.Command) error {
	list, gone := []sourceJSON{}, []goneJSON{}
	var titles, left []string
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
		if err != nil {
			return err
		}
		ended, err := freshness.Gone(ctx, r.tx, r.scope, v)
		for _, g := range ended {
			zone := setting.TimeZone.In(v)
			gone = append(gone, goneJSON{
				string(g.Kind), g.Name, g.Label, g.On(zone), cal.Of(g.At.In(zone)), g.By, g.Reason,
			})
			left = append(left, g.Title(p.lang))
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"sources": list, "retired": gone}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			state := p.say("à jour", "up to date")
			if one.Stale {
				state = fmt.Sprintf(p.say("trop ancienne : plus de %d jours", "too old: more than %d days"), one.Limit)
			}
			t.row(one.Name, titles[i], one.Until, state)
		}
		for i, one := range gone {
			state := fmt.Sprintf(p.say("abandonnée\u00a0: %s", "given up: %s"), one.Reason)
			t.row(one.Name, left[i], one.Until, state)
		}
		t.endOr(p.nothingRecorded())
	})
}

func (p *Program) doSourceRetire(ctx context.Context, c *cli.Command) error {
	name, err := p.argument(c)
	if err != nil {
		return err
	}
	reason, err := p.need(c, "reason")
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		v, err := setting.Load(ctx, r.tx, r.scope.Creditor)
		if err != nil {
			return err
		}
		return freshness.Retire(ctx, r.tx, r.scope, v, freshness.Kind(c.String("kind")), name, reason)
	})
	if err != nil {
		return err
	}
	return p.noted(name, fmt.Sprintf(p.say("La source %s ne sert plus : %s. Son âge ne retient plus rien.",
		"The source %s is used no more: %s. Its age holds nothing any more."), name, reason))
}

func (p *Program) doSourceBack(ctx context.Context, c *cli.Command) error {
	name, err := p.argument(c)
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		return freshness.TakeBack(ctx, r.tx, r.scope, freshness.Kind(c.String("kind")), name)
	})
	if err != nil {
		return err
	}
	return p.noted(name, fmt.Sprintf(p.say("La source %s sert de nouveau.", "The source %s is used again."), name))
}
