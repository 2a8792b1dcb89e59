package cli

import (
	"context"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// shown bounds the lists of what is agreed: what one screenful of a terminal's
// history holds.
const shown = 500

// family is verbs about one kind of fact.
func (p *Program) family(name, fr, en string, verbs ...*cli.Command) *cli.Command {
	return &cli.Command{Name: name, Usage: p.say(fr, en), Commands: verbs}
}

func (p *Program) nothingRecorded() string {
	return p.say("Rien n’est noté.", "Nothing is recorded.")
}

// record writes a fact down on its day and answers its identifier.
func (p *Program) record(ctx context.Context, c *cli.Command, fn func(r room, today cal.Date) (string, error)) error {
	var id string
	err := p.write(ctx, c, func(r room) error {
		today, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		id, err = fn(r, today)
		return err
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}

// ending is a verb that ends or changes a fact named by its identifier.
func (p *Program) ending(name, usage, example string, flags []cli.Flag,
	fn func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error,
) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "ID", UsageText: example, Flags: append(flags, p.onFlag()),
		Action: func(ctx context.Context, c *cli.Command) error {
			id, err := p.argument(c)
			if err != nil {
				return err
			}
			return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
				return id,
					fn(ctx, c, r, id, today)
			})
		},
	}
}

// listing is the verb that lists the facts of a customer, or those that stand.
func (p *Program) listing(usage, example string, fn func(ctx context.Context, r room, customer string,
	today cal.Date) (listed, error),
) *cli.Command {
	return &cli.Command{
		Name: "list", Usage: usage, ArgsUsage: p.say("[CLIENT]", "[CUSTOMER]"), UsageText: example,
		Flags: []cli.Flag{p.onFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			var list listed
			err := p.read(ctx, c, func(r room) error {
				id := ""
				if code := c.Args().First(); code != "" {
					who, err := p.customer(ctx, r, code)
					if err != nil {
						return err
					}
					id = who.ID
				}
				today, err := p.dayOr(c, "on", r.today)
				if err != nil {
					return err
				}
				list, err = fn(ctx, r, id, today)
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(list.json, list.print)
		},
	}
}

// currencyOf is the currency of the invoices that a fact is about.
func currencyOf(ctx context.Context, r room, refs []string) (money.Currency, error) {
	if len(refs) == 0 {
		return money.EUR, nil
	}
	list, err := ledger.Named(ctx, r.tx, r.scope, refs...)
	if err != nil || len(list) == 0 {
		return money.EUR, err
	}
	return list[0].Amount.Currency, nil
}

// names are the codes of customers and the numbers of documents, by identifier:
// people know nothing else.
type names struct {
	customers map[string]customer.Customer
	documents map[string]ledger.Document
}

func (r room) names(ctx context.Context, customers, documents []string) (n names, err error) {
	n.documents = map[string]ledger.Document{}
	if n.customers, err = customer.ByID(ctx, r.tx, r.scope, customers); err != nil || len(documents) == 0 {
		return n, err
	}
	list, err := ledger.Named(ctx, r.tx, r.scope, documents...)
	for _, d := range list {
		n.documents[d.ID] = d
	}
	return n, err
}

func (n names) code(id string) string { return n.customers[id].Code }

func (n names) numbers(ids []string) []string {
	list := []string{}
	for _, id := range ids {
		list = append(list, n.documents[id].Number)
	}
	return list
}

// currency is that of the first document, for amounts of nothing in particular.
func (n names) currency(ids []string) money.Currency {
	for _, id := range ids {
		if d, ok := n.documents[id]; ok {
			return d.Amount.Currency
		}
	}
	return money.EUR
}
