package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/inflight"
	"acquit/internal/money"
)

func (p *Program) inflight() *cli.Command {
	return p.family("inflight", "les règlements annoncés, pas encore reçus", "payments announced and not yet received",
		p.listing(p.say("les règlements en route, ou ceux d’un client", "the payments on their way, or a customer’s"), "acquit inflight list", p.announced),
		&cli.Command{
			Name: "add", Usage: p.say("noter un règlement en route", "record a payment on its way"),
			Description: p.say("Ce qui est en route n’est pas réclamé. Passé le dernier jour, il ne compte plus.",
				"What is on its way is not claimed. After the last day it no longer counts."),
			UsageText: "acquit inflight add --invoice F2026-0871 --amount 2450.00 --until 2026-11-26",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client", "customer’s code")),
				p.texts("invoice", p.say("facture payée, autant de fois qu’il en faut", "invoice paid, as often as needed")),
				p.amountFlag("montant, par défaut tout ce qui reste dû sur ces factures", "amount, all that is open on these invoices by default"),
				p.text("until", p.say("dernier jour où il peut être en route (obligatoire)", "last day it may be on its way (required)")),
				&cli.StringFlag{Name: "source", Value: string(inflight.Transfer), Usage: p.say("moyen : ", "means: ") + joined(inflight.Sources())},
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doInflightAdd,
		},
		p.ending("end", p.say("dire ce qu’un règlement est devenu", "say what became of a payment"), "acquit inflight end inf_… --outcome arrived",
			[]cli.Flag{
				p.text("outcome", p.say("issue (obligatoire) : ",
					"outcome (required): ")+joined(inflight.Outcomes())), p.noteFlag(),
			},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				if _, err := p.need(c, "outcome"); err != nil {
					return err
				}
				outcome, err := p.choice(c, "outcome", "", texts(inflight.Outcomes())...)
				if err != nil {
					return err
				}
				return inflight.End(ctx, r.tx, r.scope, id, today, inflight.Outcome(outcome), c.String("note"))
			}))
}

func (p *Program) doInflightAdd(ctx context.Context, c *cli.Command) error {
	until, err := p.needDay(c, "until")
	if err != nil {
		return err
	}
	invoices := c.StringSlice("invoice")
	if len(invoices) == 0 && c.String("customer") == "" {
		return wrong("invoice", p.say("quelle facture, ou quel client ?", "which invoice, or which customer?"),
			firstExample(c))
	}
	source, err := p.choice(c, "source", "", texts(inflight.Sources())...)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		currency, err := currencyOf(ctx, r, invoices)
		if err != nil {
			return "", err
		}
		amount, err := p.amount(c, "amount", currency)
		if err != nil {
			return "", err
		}
		f := inflight.Payment{
			Customer: c.String("customer"), Invoices: invoices, Amount: amount, On: today, Until: until,
			Source: inflight.Source(source), Note: c.String("note"),
		}
		err = inflight.Add(ctx, r.tx, r.scope, &f)
		return f.ID, err
	})
}

type inflightJSON struct {
	ID       string          `json:"id"`
	Customer string          `json:"customer"`
	Invoices []string        `json:"invoices"`
	Amount   string          `json:"amount"`
	Currency money.Currency  `json:"currency"`
	On       cal.Date        `json:"on"`
	Until    cal.Date        `json:"until"`
	Lapsed   bool            `json:"lapsed"`
	Source   inflight.Source `json:"source"`
	Ended    *string         `json:"ended"`
	Note     string          `json:"note"`
}

func (p *Program) announced(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []inflight.Payment
	if who != "" {
		all, err = inflight.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = inflight.Open(ctx, r.tx, r.scope, inflight.Payment{}, shown)
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, f := range all {
		customers, documents = append(customers, f.Customer), append(documents, f.Invoices...)
	}
	n, err := r.names(ctx, customers, documents)
	list := []inflightJSON{}
	for _, f := range all {
		list = append(list, inflightJSON{
			f.ID, n.code(f.Customer), n.numbers(f.Invoices), f.Amount.Decimal(), f.Amount.Currency, f.On, f.Until,
			f.Lapsed(today),
			f.Source, dayJSON(f.Ended), f.Note,
		})
	}
	return listed{map[string]any{"payments": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.ID, one.Customer, strings.Join(one.Invoices, " "), all[i].Amount, one.Source.In(p.lang),
				fmt.Sprintf(p.say("jusqu’au %s", "until %s"), p.lang.Date(one.Until)))
		}
		t.endOr(p.nothingRecorded())
	}}, err
}
