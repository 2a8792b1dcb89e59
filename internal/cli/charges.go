package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

func (p *Program) charges() *cli.Command {
	invoices := p.texts("invoice",
		p.say("numéro d’une facture ; toutes, sans lui", "an invoice’s number; all without it"))
	what := p.text("what", p.say("interest ou indemnity ; les deux, sans lui", "interest or indemnity; both without it"))
	who := p.say("CLIENT", "CUSTOMER")
	return p.family("charges", "les intérêts de retard et les indemnités d’un client", "a customer’s late interest and indemnities",
		&cli.Command{
			Name: "show", Usage: p.say("ce qui est dû, réclamé, abandonné et réglé", "what is owed, claimed, waived and paid"),
			ArgsUsage: who, UsageText: "acquit charges show C0042", Flags: []cli.Flag{p.onFlag()}, Action: p.doCharges,
		},
		&cli.Command{
			Name: "claim", Usage: p.say("réclamer ce qui est dû", "claim what is owed"), ArgsUsage: who,
			UsageText: "acquit charges claim C0042 --invoice F2026-0871", Flags: []cli.Flag{invoices, what},
			Action: p.actOnCharges(charge.Claim),
		},
		&cli.Command{
			Name: "waive", Usage: p.say("abandonner tout ou partie", "waive all or part"), ArgsUsage: who,
			UsageText: "acquit charges waive C0042 --invoice F2026-0871 --what interest --amount 20.00 --reason \"geste commercial\"",
			Flags: []cli.Flag{
				invoices, what, p.amountFlag("une partie, d’une seule facture", "a part, of one invoice"),
				p.reasonFlag(),
				&cli.StringFlag{Name: "currency", Usage: p.say("devise", "currency"), Value: string(money.EUR)},
			},
			Action: p.actOnCharges(charge.Waive),
		},
		&cli.Command{
			Name: "book", Usage: p.say("comptabiliser ce qui est réclamé, par une note de débit", "book what is claimed, by a debit note"),
			ArgsUsage: who, UsageText: "acquit charges book C0042", Action: p.doBook,
		},
		&cli.Command{
			Name: "statement", Usage: p.say("émettre un décompte d’intérêts, gardé tel quel", "issue an interest statement, kept as it is"),
			ArgsUsage: who, UsageText: "acquit charges statement C0042 --on 2026-11-22", Flags: []cli.Flag{p.onFlag()},
			Action: p.doInterestStatement,
		})
}

type sumJSON struct {
	Computed string `json:"computed"`
	Forgone  string `json:"forgone"`
	Claimed  string `json:"claimed"`
	Waived   string `json:"waived"`
	Settled  string `json:"settled"`
	Left     string `json:"left"`
	Memo     string `json:"memo"`
}

func sumOf(s charge.Sum) sumJSON {
	return sumJSON{
		s.Computed.Decimal(), s.Forgone.Decimal(), s.Claimed.Decimal(), s.Waived.Decimal(), s.Settled.Decimal(),
		s.Left.Decimal(), s.Memo.Decimal(),
	}
}

type chargedJSON struct {
	Invoice   string         `json:"invoice"`
	Due       cal.Date       `json:"due"`
	Open      string         `json:"open"`
	Currency  money.Currency `json:"currency"`
	Segments  []segmentJSON  `json:"segments"`
	Interest  sumJSON        `json:"interest"`
	Indemnity sumJSON        `json:"indemnity"`
	Findings  []lawJSON      `json:"findings"`
}

// account is the charges of the customer that a verb is about.
func (p *Program) account(ctx context.Context, c *cli.Command) (a charge.Account, err error) {
	ref, err := p.argument(c)
	if err != nil {
		return a, err
	}
	err = p.read(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, ref)
		if err != nil {
			return err
		}
		on, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		a, err = charge.Of(ctx, r.tx, r.scope, who.ID, on)
		return err
	})
	return a, err
}

func (p *Program) doCharges(ctx context.Context, c *cli.Command) error {
	a, err := p.account(ctx, c)
	if err != nil {
		return err
	}
	lines := []chargedJSON{}
	for _, l := range a.Lines {
		one := chargedJSON{
			l.Invoice.Number, l.Invoice.Due, l.Open.Decimal(), l.Invoice.Amount.Currency,
			[]segmentJSON{},
			sumOf(l.Interest),
			sumOf(l.Indemnity), p.lawJSON(l.Findings),
		}
		for _, s := range l.Charges.Segments {
			one.Segments = append(one.Segments, segmentJSON{
				s.From, s.To, s.Days(), s.Principal.Decimal(), s.Rate.Percent(), s.Base, s.Interest.Decimal(),
			})
		}
		lines = append(lines, one)
	}
	out := map[string]any{
		"customer": a.Customer.Code, "on": a.Day, "invoices": lines, "conventions": a.Conventions(p.lang),
	}
	return p.answer(out, func(w io.Writer) { p.tellCharges(w, a) })
}

func (p *Program) tellCharges(w io.Writer, a charge.Account) {
	t := p.table(w)
	if len(a.Lines) > 0 {
		t.row(p.say("Facture", "Invoice"), p.say("Échéance", "Due"), p.say("Intérêts", "Interest"),
			p.say("Indemnité", "Indemnity"), p.say("Réclamé", "Claimed"), p.say("Reste dû", "Still owed"))
	}
	for _, l := range a.Lines {
		owed := any(l.Interest.Owed())
		claimed := any(l.Interest.Claimed)
		if l.Indemnity.Computed.Currency == l.Interest.Computed.Currency {
			owed, claimed = l.Interest.Owed().Add(l.Indemnity.Owed()), l.Interest.Claimed.Add(l.Indemnity.Claimed)
		}
		t.row(l.Invoice.Number, l.Invoice.Due, l.Interest.Computed, l.Indemnity.Computed, claimed, owed)
	}
	t.endOr(p.say("Aucune facture en retard.", "No invoice is late."))
	for _, l := range a.Lines {
		p.tellLaw(w, l.Findings)
	}
	for _, line := range a.Conventions(p.lang) {
		fmt.Fprintf(w, "- %s\n", line)
	}
}

// act is what a person does about charges.
type act func(context.Context, *db.Tx, creditor.Scope, charge.Wish, cal.Date) ([]charge.Entry, error)

func (p *Program) actOnCharges(do act) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		ref, err := p.argument(c)
		if err != nil {
			return err
		}
		wish := charge.Wish{Invoices: c.StringSlice("invoice"), Reason: c.String("reason")}
		what, err := p.choice(c, "what", "", string(charge.Interest), string(charge.Indemnity))
		if err != nil {
			return err
		}
		if what != "" {
			wish.Whats = []charge.What{charge.What(what)}
		}
		if c.String("amount") != "" {
			if wish.Amount, err = p.amount(c, "amount", money.Currency(c.String("currency"))); err != nil {
				return err
			}
		}
		list := []entryJSON{}
		err = p.write(ctx, c, func(r room) error {
			who, err := p.customer(ctx, r, ref)
			if err != nil {
				return err
			}
			wish.Customer = who.ID
			made, err := do(ctx, r.tx, r.scope, wish, r.today)
			for _, e := range made {
				list = append(list, entryJSON{e.ID, e.What, e.Act, e.Amount.Decimal(), e.Amount.Currency})
			}
			return err
		})
		if err != nil {
			return err
		}
		return p.answer(map[string]any{"entries": list}, func(w io.Writer) {
			t := p.table(w)
			for _, e := range list {
				t.row(e.ID, e.What.In(p.lang), p.sum(e.Amount, e.Currency))
			}
			t.end()
		})
	}
}

type entryJSON struct {
	ID       string         `json:"id"`
	What     charge.What    `json:"what"`
	Act      charge.Act     `json:"act"`
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
}

func (p *Program) doBook(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		who, err := p.customer(ctx, r, ref)
		if err != nil {
			return "", err
		}
		notes, err := charge.Book(ctx, r.tx, r.scope, who.ID, today)
		var numbers []string
		for _, d := range notes {
			numbers = append(numbers, d.Number)
		}
		return strings.Join(numbers, ", "), err
	})
}

func (p *Program) doInterestStatement(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, until cal.Date) (string, error) {
		who, err := p.customer(ctx, r, ref)
		if err != nil {
			return "", err
		}
		i, err := charge.Freeze(ctx, r.tx, r.scope, who.ID, until, r.today)
		return i.ID, err
	})
}
