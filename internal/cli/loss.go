package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/handover"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

func (p *Program) loss() *cli.Command {
	return p.family("loss", "passer en perte ce qui est irrécouvrable, et récupérer sa TVA", "write off what is irrecoverable, and recover its VAT",
		p.listing(p.say("les passages en perte", "the write-offs"), "acquit loss list", p.losses),
		&cli.Command{
			Name: "add", Usage: p.say("passer une facture en perte", "write an invoice off"),
			Description: p.say("Au-delà du plafond réglé (write_off_ceiling), une autre personne doit l’approuver à l’écran : en ligne de commande, personne ne se distingue.",
				"Above the ceiling that is set (write_off_ceiling) another person must approve it on screen: on the command line nobody is told from anybody."),
			ArgsUsage: p.say("FACTURE", "INVOICE"), UsageText: "acquit loss add F2026-0871 --event liquidation --event-on 2026-10-12 --reason \"liquidation du 12 octobre\"",
			Flags: []cli.Flag{
				p.text("event", p.say("événement : ", "event: ")+joined(handover.Events())),
				p.text("event-on", p.say("jour de l’événement", "day of the event")),
				p.amountFlag("montant, par défaut tout ce qui reste", "amount, by default all that is left"),
				p.reasonFlag(), p.onFlag(),
			},
			Action: p.doLossAdd,
		},
		p.ending("approve", p.say("approuver un passage en perte demandé par une autre personne", "approve a write-off that another person asked for"), "acquit loss approve los_…", nil,
			func(ctx context.Context, _ *cli.Command, r room, id string, today cal.Date) error {
				return handover.DecideLoss(ctx, r.tx, r.scope, id, true, today)
			}),
		p.ending("refuse", p.say("refuser un passage en perte", "refuse a write-off"), "acquit loss refuse los_…", nil,
			func(ctx context.Context, _ *cli.Command, r room, id string, today cal.Date) error {
				return handover.DecideLoss(ctx, r.tx, r.scope, id, false, today)
			}),
		p.ending("reverse", p.say("annuler un passage en perte", "take a write-off back"),
			"acquit loss reverse los_… --reason \"payé depuis\"", []cli.Flag{p.reasonFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				return handover.ReverseLoss(ctx, r.tx, r.scope, id, c.String("reason"), today)
			}),
		&cli.Command{
			Name: "export", Usage: p.say("les pertes d’une période pour le comptable, avec leur TVA", "the losses of a period for the accountant, with their VAT"),
			UsageText: "acquit loss export --from 2026-01-01 --until 2026-12-31 --out pertes.xlsx",
			Flags: append([]cli.Flag{
				p.text("from", p.say("du AAAA-MM-JJ", "from YYYY-MM-DD")),
				p.text("until", p.say("au AAAA-MM-JJ", "to YYYY-MM-DD")),
			}, p.sheetFlags()...),
			Action: p.doLossExport,
		})
}

func (p *Program) doLossAdd(ctx context.Context, c *cli.Command) error {
	invoice, err := p.argument(c)
	if err != nil {
		return err
	}
	on, err := p.day(c, "event-on")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		currency, err := currencyOf(ctx, r, []string{invoice})
		if err != nil {
			return "", err
		}
		amount, err := p.amount(c, "amount", currency)
		if err != nil {
			return "", err
		}
		l := handover.Loss{
			Document: invoice, Amount: amount, Event: handover.Event(c.String("event")), EventOn: on,
			Reason: c.String("reason"),
		}
		err = handover.WriteOff(ctx, r.tx, r.scope, &l, today)
		return l.ID, err
	})
}

func (p *Program) doLossExport(ctx context.Context, c *cli.Command) error {
	var t sheet.Sheet
	err := p.read(ctx, c, func(r room) error {
		from, err := p.day(c, "from")
		if err != nil {
			return err
		}
		until, err := p.dayOr(c, "until", r.today)
		if err != nil {
			return err
		}
		t, err = handover.LossSheet(ctx, r.tx, r.scope, from, until, p.lang)
		return err
	})
	if err != nil {
		return err
	}
	return p.showSheet(c, t, map[string]any{"columns": t.Columns, "losses": len(t.Rows)})
}

type lossJSON struct {
	ID       string             `json:"id"`
	Customer string             `json:"customer"`
	Invoice  string             `json:"invoice"`
	Amount   string             `json:"amount"`
	Currency money.Currency     `json:"currency"`
	Event    handover.Event     `json:"event"`
	EventOn  cal.Date           `json:"event_on"`
	State    handover.LossState `json:"state"`
	Reason   string             `json:"reason"`
}

func (p *Program) losses(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	all, err := handover.Losses(ctx, r.tx, r.scope, handover.LossFilter{Customer: who, Limit: shown})
	if err != nil {
		return l, err
	}
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.Customer
	}
	n, err := r.names(ctx, ids, nil)
	list := []lossJSON{}
	for _, x := range all {
		list = append(list, lossJSON{
			x.ID, n.code(x.Customer), x.Number, x.Amount.Decimal(), x.Amount.Currency, x.Event, x.EventOn,
			x.State, x.Reason,
		})
	}
	return listed{map[string]any{"losses": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.ID, one.Customer, one.Invoice, all[i].Amount, one.State.In(p.lang), one.Reason)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}
