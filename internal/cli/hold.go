package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/hold"
)

func (p *Program) hold() *cli.Command {
	return p.family("hold", "les suspensions : ne pas relancer", "holds: do not remind",
		p.listing(p.say("les suspensions en cours, ou celles d’un client", "the holds that stand, or a customer’s"), "acquit hold list", p.holds),
		&cli.Command{
			Name: "add", Usage: p.say("suspendre un client ou une facture", "hold a customer or an invoice"),
			UsageText: "acquit hold add --customer C0042 --until 2026-12-05 --reason \"la direction s’en occupe\"\nacquit hold add --invoice F2026-0871 --reason \"avoir en préparation\"",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client", "customer’s code")),
				p.text("invoice", p.say("numéro de la facture", "invoice’s number")),
				p.text("until", p.say("dernier jour, compris ; sans lui, jusqu’à nouvel ordre", "last day, included; without it, until further notice")),
				p.reasonFlag(), p.onFlag(),
			},
			Action: p.doHoldAdd,
		},
		p.ending("end", p.say("lever une suspension", "end a hold"), "acquit hold end hld_…", nil,
			func(ctx context.Context, _ *cli.Command, r room, id string, today cal.Date) error {
				return hold.End(ctx, r.tx, r.scope, id, today)
			}))
}

func (p *Program) doHoldAdd(ctx context.Context, c *cli.Command) error {
	if c.String("customer") == "" && c.String("invoice") == "" {
		return wrong("customer", p.say("quel client, ou quelle facture ?", "which customer, or which invoice?"),
			firstExample(c))
	}
	reason, err := p.need(c, "reason")
	if err != nil {
		return err
	}
	until, err := p.day(c, "until")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		h := hold.Hold{
			Customer: c.String("customer"), Invoice: c.String("invoice"), From: today, Until: until, Reason: reason,
		}
		err := hold.Add(ctx, r.tx, r.scope, &h, r.today)
		return h.ID, err
	})
}

type holdJSON struct {
	ID       string   `json:"id"`
	Customer string   `json:"customer"`
	Invoice  *string  `json:"invoice"` // null is the whole customer
	From     cal.Date `json:"from"`
	Until    *string  `json:"until"` // null is until further notice
	Ended    *string  `json:"ended"`
	Reason   string   `json:"reason"`
}

func (p *Program) holds(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []hold.Hold
	if who != "" {
		all, err = hold.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = hold.Open(ctx, r.tx, r.scope, today, "", shown)
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, h := range all {
		customers = append(customers, h.Customer)
		if h.Invoice != "" {
			documents = append(documents, h.Invoice)
		}
	}
	n, err := r.names(ctx, customers, documents)
	list := []holdJSON{}
	for _, h := range all {
		one := holdJSON{h.ID, n.code(h.Customer), nil, h.From, dayJSON(h.Until), dayJSON(h.Ended), h.Reason}
		if d, ok := n.documents[h.Invoice]; ok {
			one.Invoice = &d.Number
		}
		list = append(list, one)
	}
	return listed{map[string]any{"holds": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			what := p.say("tout", "all")
			if one.Invoice != nil {
				what = *one.Invoice
			}
			t.row(one.ID, one.Customer, what, one.From, all[i].Until, one.Reason)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}
