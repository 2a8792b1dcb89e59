package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/promise"
)

// listed is a list of facts as JSON and as lines.
type listed struct {
	json  any
	print func(io.Writer)
}

func (p *Program) promise() *cli.Command {
	return p.family("promise", "les promesses de paiement", "promises to pay",
		p.listing(p.say("les promesses en cours, ou celles d’un client", "the promises that stand, or a customer’s"), "acquit promise list C0042", p.promises),
		&cli.Command{
			Name: "add", Usage: p.say("noter une promesse", "record a promise"),
			ArgsUsage: p.say("FACTURE…", "INVOICE…"),
			Description: p.say("Ses factures ne sont plus relancées jusqu’au jour promis et sa tolérance ; tenue ou non, c’est l’argent qui le dit.",
				"Its invoices are left alone until the promised day and its grace; kept or not, the money tells."),
			UsageText: "acquit promise add F2026-0871 --for 2026-11-30 --amount 1200.00",
			Flags: []cli.Flag{
				p.text("for", p.say("jour promis AAAA-MM-JJ (obligatoire)", "promised day YYYY-MM-DD (required)")),
				p.amountFlag("montant promis, par défaut tout", "promised amount, all by default"), p.noteFlag(),
				p.onFlag(),
			},
			Action: p.doPromiseAdd,
		},
		p.ending("end", p.say("retirer une promesse", "withdraw a promise"),
			"acquit promise end prm_… --reason \"saisie par erreur\"",
			[]cli.Flag{p.reasonFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				reason, err := p.need(c, "reason")
				if err != nil {
					return err
				}
				return promise.Withdraw(ctx, r.tx, r.scope, id, today, reason)
			}))
}

func (p *Program) doPromiseAdd(ctx context.Context, c *cli.Command) error {
	invoices, err := p.arguments(c)
	if err != nil {
		return err
	}
	until, err := p.needDay(c, "for")
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
		pr := promise.Promise{Invoices: invoices, Made: today, For: until, Amount: amount, Note: c.String("note")}
		err = promise.Add(ctx, r.tx, r.scope, &pr, promise.DefaultLimit)
		return pr.ID, err
	})
}

type promiseJSON struct {
	ID       string         `json:"id"`
	Customer string         `json:"customer"`
	Invoices []string       `json:"invoices"`
	Made     cal.Date       `json:"made"`
	For      cal.Date       `json:"for"`
	Amount   *string        `json:"amount"` // null is all that is open
	Paid     string         `json:"paid"`
	Open     string         `json:"open"`
	Currency money.Currency `json:"currency"`
	State    promise.State  `json:"state"`
	Note     string         `json:"note"`
}

func (p *Program) promises(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []promise.View
	if who != "" {
		all, err = promise.List(ctx, r.tx, r.scope, today, who)
	} else {
		all, err = promise.Open(ctx, r.tx, r.scope, today, promise.View{}, shown)
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, v := range all {
		customers, documents = append(customers, v.Customer), append(documents, v.Invoices...)
	}
	n, err := r.names(ctx, customers, documents)
	list := []promiseJSON{}
	for _, v := range all {
		one := promiseJSON{
			ID: v.ID, Customer: n.code(v.Customer), Invoices: n.numbers(v.Invoices), Made: v.Made, For: v.For,
			Paid: v.Paid.Decimal(), Open: v.Open.Decimal(), Currency: n.currency(v.Invoices),
			State: v.State(today, 0), Note: v.Note,
		}
		if !v.Amount.IsZero() {
			one.Amount = amountJSON(v.Amount)
		}
		list = append(list, one)
	}
	return listed{map[string]any{"promises": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			said := p.say("tout", "all")
			if !all[i].Amount.IsZero() {
				said = p.lang.Amount(all[i].Amount)
			}
			t.row(one.ID, one.Customer, strings.Join(one.Invoices, " "), said,
				fmt.Sprintf(p.say("pour le %s", "for %s"), p.lang.Date(one.For)),
				one.State.In(p.lang))
		}
		t.endOr(p.nothingRecorded())
	}}, err
}
