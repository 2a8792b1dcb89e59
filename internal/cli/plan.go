package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/plan"
)

// planGrace is how many days an instalment may be late by unless told
// otherwise: a transfer made on its day arrives within them.
const planGrace = 5

func (p *Program) plan() *cli.Command {
	return p.family("plan", "les échéanciers", "instalment plans",
		p.listing(p.say("les échéanciers en cours, ou ceux d’un client", "the plans that stand, or a customer’s"), "acquit plan list C0042", p.plans),
		&cli.Command{
			Name: "add", Usage: p.say("convenir d’un échéancier", "agree on a plan"),
			ArgsUsage: p.say("FACTURE…", "INVOICE…"),
			Description: p.say("Ses échéances remplacent celles des factures. Elles s’additionnent exactement à ce qui reste dû : en mensualités égales, ou une à une.",
				"Its instalments replace the due dates. They add up exactly to what is open: equal and monthly, or one by one."),
			UsageText: "acquit plan add F2026-0871 F2026-0902 --monthly 4 --first 2026-12-05\nacquit plan add F2026-0871 --instalment 2026-12-05:1000.00 --instalment 2027-01-05:1450.00",
			Flags: []cli.Flag{
				&cli.IntFlag{Name: "monthly", Usage: p.say("nombre de mensualités", "number of monthly instalments")},
				p.text("first", p.say("première échéance AAAA-MM-JJ", "first instalment YYYY-MM-DD")),
				p.texts("instalment", p.say("échéance JOUR:MONTANT, autant de fois qu’il en faut", "instalment DAY:AMOUNT, as often as needed")),
				&cli.IntFlag{
					Name: "grace", Value: planGrace,
					Usage: p.say("jours de tolérance par échéance", "days of grace per instalment"),
				},
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doPlanAdd,
		},
		p.ending("end", p.say("mettre fin à un échéancier", "end a plan"),
			"acquit plan end pln_… --reason \"payé d’un coup\"",
			[]cli.Flag{
				p.reasonFlag(),
				p.flag("broken", p.say("il n’a pas été tenu : les échéances d’origine reprennent", "it was not kept: the original due dates count again")),
			},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				reason, err := p.need(c, "reason")
				if err != nil {
					return err
				}
				as := plan.Withdrawn
				if c.Bool("broken") {
					as = plan.Broken
				}
				return plan.End(ctx, r.tx, r.scope, id, today, as, reason)
			}))
}

func (p *Program) doPlanAdd(ctx context.Context, c *cli.Command) error {
	invoices, err := p.arguments(c)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		instalments, err := p.instalments(ctx, c, r, invoices)
		if err != nil {
			return "", err
		}
		pl := plan.Plan{
			Invoices: invoices, Made: today, Grace: c.Int("grace"), Instalments: instalments, Note: c.String("note"),
		}
		err = plan.Add(ctx, r.tx, r.scope, &pl)
		return pl.ID, err
	})
}

// instalments are those given one by one, or equal monthly ones.
func (p *Program) instalments(ctx context.Context, c *cli.Command, r room, invoices []string) ([]plan.Instalment,
	error,
) {
	if n := c.Int("monthly"); n > 0 {
		first, err := p.needDay(c, "first")
		if err != nil {
			return nil, err
		}
		_, list, err := plan.Draft(ctx, r.tx, r.scope, "", invoices, n, first)
		return list, err
	}
	if len(c.StringSlice("instalment")) == 0 {
		return nil, wrong("instalment", p.say("quelles échéances ?", "which instalments?"), firstExample(c))
	}
	currency, err := currencyOf(ctx, r, invoices)
	if err != nil {
		return nil, err
	}
	var list []plan.Instalment
	for _, text := range c.StringSlice("instalment") {
		day, amount, _ := strings.Cut(text, ":")
		due, err := cal.Parse(day)
		if err != nil || amount == "" {
			return nil, wrong("instalment", p.say("échéance illisible : ", "unreadable instalment: ")+text,
				"2026-12-05:1000.00")
		}
		a, err := p.amountIn("instalment", amount, currency)
		if err != nil {
			return nil, err
		}
		list = append(list, plan.Instalment{Due: due, Amount: a})
	}
	return list, nil
}

type instalmentJSON struct {
	Due    cal.Date `json:"due"`
	Amount string   `json:"amount"`
	Paid   string   `json:"paid"`
}

type planJSON struct {
	ID          string           `json:"id"`
	Customer    string           `json:"customer"`
	Invoices    []string         `json:"invoices"`
	Made        cal.Date         `json:"made"`
	Currency    money.Currency   `json:"currency"`
	Instalments []instalmentJSON `json:"instalments"`
	Missed      string           `json:"missed"`
	State       plan.State       `json:"state"`
	Note        string           `json:"note"`
}

func (p *Program) plans(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []plan.View
	if who != "" {
		all, err = plan.List(ctx, r.tx, r.scope, today, who)
	} else {
		all, err = plan.Open(ctx, r.tx, r.scope, today, "", shown)
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, v := range all {
		customers, documents = append(customers, v.Customer), append(documents, v.Invoices...)
	}
	n, err := r.names(ctx, customers, documents)
	list := []planJSON{}
	for _, v := range all {
		progress := v.Progress(today)
		one := planJSON{
			v.ID, n.code(v.Customer), n.numbers(v.Invoices), v.Made, n.currency(v.Invoices),
			[]instalmentJSON{},
			progress.Missed.Decimal(), progress.State, v.Note,
		}
		for _, line := range progress.Lines {
			one.Instalments = append(one.Instalments, instalmentJSON{
				line.Due, line.Amount.Decimal(),
				line.Paid.Decimal(),
			})
		}
		list = append(list, one)
	}
	return listed{map[string]any{"plans": list}, func(w io.Writer) {
		if len(list) == 0 {
			fmt.Fprintln(w, p.nothingRecorded())
		}
		for i, one := range list {
			fmt.Fprintf(w, "%s  %s  %s  %s  (%s)\n", one.ID, one.Customer, strings.Join(one.Invoices, " "),
				p.lang.Amount(all[i].Total()), one.State.In(p.lang))
			t := p.table(w)
			for _, line := range all[i].Progress(today).Lines {
				t.row("", line.Due, line.Amount, fmt.Sprintf(p.say("reçu %s", "received %s"), p.lang.Amount(line.Paid)))
			}
			t.end()
		}
	}}, err
}
