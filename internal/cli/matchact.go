package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/fault"
	"acquit/internal/match"
	"acquit/internal/setting"
)

func (p *Program) entryArg() string { return p.say("OPÉRATION", "ENTRY") }

func (p *Program) matchProposals() *cli.Command {
	return &cli.Command{
		Name: "proposals", Usage: p.say("ce qu’une opération pourrait payer, avec les raisons", "what an entry could pay, with the reasons"),
		ArgsUsage: p.entryArg(), UsageText: "acquit match proposals ent_…", Action: p.doMatchProposals,
	}
}

func (p *Program) doMatchProposals(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	a := entriesJSON{}
	var values setting.Values
	err = p.read(ctx, c, func(r room) error {
		if values, err = setting.Load(ctx, r.tx, r.scope.Creditor); err != nil {
			return err
		}
		l, err := cash.Find(ctx, r.tx, r.scope, id)
		if err != nil {
			return err
		}
		a.Entries, err = p.matched(ctx, r.tx, r.scope, []cash.Line{l})
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(a, func(w io.Writer) {
		p.tellEntries(w, a.Entries)
		p.tellHistory(w, a.Entries[0], setting.TimeZone.In(values))
		for i, x := range a.Entries[0].Proposals {
			fmt.Fprintf(w, "\n%d. %s  %s", i+1, p.share(x.Confidence), x.Customer)
			for _, l := range x.Lines {
				fmt.Fprintf(w, "  %s %s", l.Invoice, p.sum(l.Amount, a.Entries[0].Currency))
			}
			for _, j := range x.Adjustments {
				fmt.Fprintf(w, "  −%s (%s)", p.sum(j.Amount, a.Entries[0].Currency), j.Kind.In(p.lang))
			}
			fmt.Fprintln(w)
			for _, why := range x.Reasons {
				fmt.Fprintf(w, "   %s\n", why.Text)
			}
		}
	})
}

func (p *Program) matchApply() *cli.Command {
	return &cli.Command{
		Name: "apply", Usage: p.say("affecter une opération à des factures, ou à un client seulement", "allocate an entry to invoices, or to a customer only"),
		Description: p.say("Sans montant, chaque facture prend ce qu’elle peut, dans l’ordre ; un avoir nommé est déduit ; le reste demeure au client. --proposal N applique la proposition N. Une opération sortante rembourse les crédits nommés.",
			"Without an amount each invoice takes what it can, in order; a credit note that is named is taken off; the rest stays the customer’s. --proposal N applies proposal N. An entry that left pays back the credits named."),
		ArgsUsage: p.entryArg(),
		UsageText: "acquit match apply ent_… --invoice F2026-0871 --invoice F2026-0902:250.00\nacquit match apply ent_… --customer C0042\nacquit match apply ent_… --proposal 1",
		Flags: []cli.Flag{
			p.texts("invoice", p.say("numéro de facture ou d’avoir, avec ou sans :MONTANT", "number of an invoice or credit note, with or without :AMOUNT")),
			p.text("customer", p.say("client, par son code", "customer, by code")),
			&cli.IntFlag{
				Name:        "proposal",
				Usage:       p.say("appliquer la proposition de ce rang", "apply the proposal of that rank"),
				HideDefault: true,
			},
			p.text("settle", p.say("ce qui manque à la dernière facture : discount (escompte), bank_fees (frais) ou difference (écart)",
				"what the last invoice lacks: discount, bank_fees or difference")),
		},
		Action: p.doMatchApply,
	}
}

func (p *Program) doMatchApply(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	settle, err := p.choice(c, "settle", "", string(match.EarlyDiscount), string(match.BankFees),
		string(match.Difference))
	if err != nil {
		return err
	}
	if len(c.StringSlice("invoice")) == 0 && c.String("customer") == "" && c.Int("proposal") == 0 {
		return wrong("invoice", p.say("il manque --invoice, --customer ou --proposal", "missing: --invoice, --customer or --proposal"), firstExample(c))
	}
	var words string
	err = p.write(ctx, c, func(r room) error {
		x, err := p.explanation(ctx, c, r, id, match.AdjustmentKind(settle))
		if err != nil {
			return err
		}
		if err := cash.Apply(ctx, r.tx, r.scope, id, x); err != nil {
			return err
		}
		words, err = p.became(ctx, r, id)
		return err
	})
	if err != nil {
		return err
	}
	return p.noted(id, words)
}

// became says what an entry is once a person has said so: its state, whose it is, how
// much, and what it pays.
func (p *Program) became(ctx context.Context, r room, id string) (string, error) {
	l, err := cash.Find(ctx, r.tx, r.scope, id)
	if err != nil {
		return "", err
	}
	all, err := p.matched(ctx, r.tx, r.scope, []cash.Line{l})
	if err != nil {
		return "", err
	}
	m := all[0]
	from := l.Entry.Party.Name
	if m.Customer != "" {
		who, err := p.customer(ctx, r, m.Customer)
		if err != nil {
			return "", err
		}
		from = who.Name + " (" + who.Code + ")"
	}
	if from == "" {
		from = m.Label
	}
	words := []string{fmt.Sprintf(p.say("%s : %s, %s, %s", "%s: %s, %s, %s"), capital(l.State.In(p.lang)),
		p.lang.Amount(l.Amount()), from, p.lang.Date(l.Entry.On))}
	for _, a := range m.Allocations {
		words = append(words, a.Invoice+" "+p.sum(a.Amount, m.Currency))
	}
	if l.Reason != "" {
		words = append(words, l.Reason)
	}
	return strings.Join(words, " · "), nil
}

// explanation is what a person wants an entry to be.
func (p *Program) explanation(
	ctx context.Context, c *cli.Command, r room, id string, settle match.AdjustmentKind,
) (x match.Explanation, err error) {
	if n := c.Int("proposal"); n != 0 {
		l, err := cash.Find(ctx, r.tx, r.scope, id)
		if err != nil {
			return x, err
		}
		if l.State != cash.Open {
			return x, fault.Conflictf("cette opération est déjà traitée (%s)\u00a0: défaites-la d’abord avec acquit match undo %s", l.State.In("fr"), id)
		}
		if n < 1 || n > len(l.Proposals) {
			return x, wrong("proposal",
				fmt.Sprintf(p.say("cette opération a %d propositions", "this entry has %d proposals"),
					len(l.Proposals)),
				"acquit match proposals "+id)
		}
		return l.Proposals[n-1], nil
	}
	e, err := bank.Find(ctx, r.tx, r.scope, id)
	if err != nil {
		return x, err
	}
	var picks []cash.Pick
	for _, text := range c.StringSlice("invoice") {
		number, amount, _ := strings.Cut(text, ":")
		a, err := p.amountIn("invoice", amount, e.Amount.Currency)
		if err != nil {
			return x, err
		}
		picks = append(picks, cash.Pick{Ref: strings.TrimSpace(number), Amount: a})
	}
	return cash.Compose(ctx, r.tx, r.scope, id, c.String("customer"), picks, settle)
}

func (p *Program) matchReturn() *cli.Command {
	return &cli.Command{
		Name: "return", Usage: p.say("dire qu’une opération reprend un encaissement : rejet, impayé", "say that an entry takes an earlier one back: returned, rejected"),
		ArgsUsage: p.entryArg(), UsageText: "acquit match return ent_… --of ent_…",
		Flags: []cli.Flag{
			p.text("of", p.say("l’encaissement repris (obligatoire)", "the entry that is taken back (required)")),
			p.text("customer", p.say("de quel client, quand l’encaissement en avait plusieurs", "whose, where the entry had several customers")),
		},
		Action: p.matchAct(func(ctx context.Context, c *cli.Command, r room, id string) error {
			of, err := p.need(c, "of")
			if err != nil {
				return err
			}
			return cash.Return(ctx, r.tx, r.scope, id, of, c.String("customer"))
		}),
	}
}

func (p *Program) matchLink() *cli.Command {
	return &cli.Command{
		Name: "link", Usage: p.say("dire que la comptabilité a déjà cet argent, par ces pièces", "say that the books have this money already, by these documents"),
		ArgsUsage: p.entryArg(), UsageText: "acquit match link ent_… --document pay_…",
		Flags: []cli.Flag{p.texts("document", p.say("identifiant de l’encaissement en compte (obligatoire)", "identifier of the payment in the books (required)"))},
		Action: p.matchAct(func(ctx context.Context, c *cli.Command, r room, id string) error {
			return cash.Link(ctx, r.tx, r.scope, id, c.StringSlice("document")...)
		}),
	}
}

func (p *Program) matchAside() *cli.Command {
	return &cli.Command{
		Name: "aside", Usage: p.say("dire qu’une opération n’est pas l’argent d’un client", "say that an entry is no customer’s money"),
		ArgsUsage: p.entryArg(), UsageText: "acquit match aside ent_… --reason \"subvention\"",
		Flags: []cli.Flag{p.reasonFlag()},
		Action: p.matchAct(func(ctx context.Context, c *cli.Command, r room, id string) error {
			why, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			return cash.SetAside(ctx, r.tx, r.scope, id, why)
		}),
	}
}

func (p *Program) matchBack() *cli.Command {
	return &cli.Command{
		Name: "back", Usage: p.say("reprendre une opération qui était écartée", "take back an entry that was set aside"),
		ArgsUsage: p.entryArg(), UsageText: "acquit match back ent_…",
		Action: p.matchAct(func(ctx context.Context, _ *cli.Command, r room, id string) error {
			return cash.TakeBack(ctx, r.tx, r.scope, id)
		}),
	}
}

func (p *Program) matchUndo() *cli.Command {
	return &cli.Command{
		Name: "undo", Usage: p.say("défaire tout ce qui a été fait d’une opération", "undo all that was done with an entry"),
		Description: p.say("Les factures sont de nouveau ouvertes, comme si rien n’avait été affecté. La règle ne refera pas la même chose ; une personne le peut.",
			"The invoices are open again as if nothing had been allocated. The rule will not do the same again; a person can."),
		ArgsUsage: p.entryArg(), UsageText: "acquit match undo ent_… --reason \"mauvais client\"",
		Flags: []cli.Flag{p.reasonFlag()},
		Action: p.matchAct(func(ctx context.Context, c *cli.Command, r room, id string) error {
			why, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			return cash.Undo(ctx, r.tx, r.scope, id, why)
		}),
	}
}

// matchAct does one thing with the entry that the command names.
func (p *Program) matchAct(do func(context.Context, *cli.Command, room, string) error) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		id, err := p.argument(c)
		if err != nil {
			return err
		}
		var words string
		err = p.write(ctx, c, func(r room) (err error) {
			if err = do(ctx, c, r, id); err != nil {
				return err
			}
			words, err = p.became(ctx, r, id)
			return err
		})
		if err != nil {
			return err
		}
		return p.noted(id, words)
	}
}
