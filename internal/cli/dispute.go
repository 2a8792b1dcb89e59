package cli

import (
	"context"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/dispute"
	"acquit/internal/money"
)

func (p *Program) dispute() *cli.Command {
	return p.family("dispute", "les litiges", "disputes",
		p.listing(p.say("les litiges ouverts, ou ceux d’un client", "the open disputes, or a customer’s"), "acquit dispute list", p.disputes),
		&cli.Command{
			Name: "add", Usage: p.say("ouvrir un litige sur tout ou partie d’une facture", "open a dispute on all or part of an invoice"),
			Description: p.say("Le montant contesté n’est plus réclamé ; le reste de la facture suit son cours.",
				"The contested amount is no longer claimed; the rest of the invoice goes on."),
			ArgsUsage: p.say("FACTURE", "INVOICE"), UsageText: "acquit dispute add F2026-0871 --amount 300.00 --reason price",
			Flags: []cli.Flag{
				p.amountFlag("montant contesté, par défaut tout", "contested amount, all by default"),
				p.text("reason", p.say("motif (obligatoire) : ", "reason (required): ")+joined(dispute.Reasons())),
				p.text("owner", p.say("qui s’en occupe", "who looks into it")),
				p.text("deadline", p.say("répondre avant le AAAA-MM-JJ", "answer by YYYY-MM-DD")), p.noteFlag(),
				p.onFlag(),
			},
			Action: p.doDisputeAdd,
		},
		p.ending("assign",
			p.say("confier un litige à quelqu’un, avec le jour de sa réponse",
				"give a dispute to somebody, with the day of the answer"),
			"acquit dispute assign dsp_… --owner \"Paul Roy\" --deadline 2026-11-27",
			[]cli.Flag{
				p.text("owner", p.say("qui s’en occupe (obligatoire)", "who looks into it (required)")),
				p.text("deadline", p.say("répondre avant le AAAA-MM-JJ (obligatoire)", "answer by YYYY-MM-DD (required)")),
			},
			p.doDisputeAssign),
		p.ending("close", p.say("clore un litige", "close a dispute"), "acquit dispute close dsp_… --outcome credited",
			[]cli.Flag{
				&cli.StringFlag{
					Name: "outcome", Value: string(dispute.Resolved), Usage: p.say("issue : ", "outcome: ") + joined(dispute.Outcomes()),
				},
				p.noteFlag(),
			},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				outcome, err := p.choice(c, "outcome", "", texts(dispute.Outcomes())...)
				if err != nil {
					return err
				}
				return dispute.Close(ctx, r.tx, r.scope, id, today, dispute.Outcome(outcome), c.String("note"))
			}))
}

// joined are the values that a flag may take.
func joined[T ~string](values []T) string { return strings.Join(texts(values), ", ") }

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

func (p *Program) doDisputeAssign(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
	owner, err := p.need(c, "owner")
	if err != nil {
		return err
	}
	deadline, err := p.needDay(c, "deadline")
	if err != nil {
		return err
	}
	return dispute.Assign(ctx, r.tx, r.scope, id, owner, deadline, today)
}

func (p *Program) doDisputeAdd(ctx context.Context, c *cli.Command) error {
	invoice, err := p.argument(c)
	if err != nil {
		return err
	}
	if _, err := p.need(c, "reason"); err != nil {
		return err
	}
	reason, err := p.choice(c, "reason", "", texts(dispute.Reasons())...)
	if err != nil {
		return err
	}
	deadline, err := p.day(c, "deadline")
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
		d := dispute.Dispute{
			Invoice: invoice, Amount: amount, Reason: dispute.Reason(reason), Note: c.String("note"),
			Owner: c.String("owner"), Deadline: deadline, Opened: today,
		}
		err = dispute.Add(ctx, r.tx, r.scope, &d)
		return d.ID, err
	})
}

type disputeJSON struct {
	ID       string          `json:"id"`
	Customer string          `json:"customer"`
	Invoice  string          `json:"invoice"`
	Amount   *string         `json:"amount"` // null is all of it
	Currency money.Currency  `json:"currency"`
	Reason   dispute.Reason  `json:"reason"`
	Owner    string          `json:"owner"`
	Opened   cal.Date        `json:"opened"`
	Deadline *string         `json:"deadline"`
	Closed   *string         `json:"closed"`
	Outcome  dispute.Outcome `json:"outcome"`
	Note     string          `json:"note"`
}

func (p *Program) disputes(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	var all []dispute.Dispute
	if who != "" {
		all, err = dispute.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = dispute.Open(ctx, r.tx, r.scope, dispute.Filter{Limit: shown})
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, d := range all {
		customers, documents = append(customers, d.Customer), append(documents, d.Invoice)
	}
	n, err := r.names(ctx, customers, documents)
	list := []disputeJSON{}
	for _, d := range all {
		one := disputeJSON{
			ID: d.ID, Customer: n.code(d.Customer), Invoice: n.documents[d.Invoice].Number,
			Currency: n.currency([]string{d.Invoice}), Reason: d.Reason, Owner: d.Owner, Opened: d.Opened,
			Deadline: dayJSON(d.Deadline), Closed: dayJSON(d.Closed), Outcome: d.Outcome, Note: d.Note,
		}
		if !d.Amount.IsZero() {
			one.Amount = amountJSON(d.Amount)
		}
		list = append(list, one)
	}
	return listed{map[string]any{"disputes": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			said := p.say("tout", "all")
			if one.Amount != nil {
				said = p.lang.Amount(all[i].Amount)
			}
			t.row(one.ID, one.Customer, one.Invoice, said, one.Reason.In(p.lang), one.Opened,
				all[i].Deadline, one.Owner, one.Note)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}
