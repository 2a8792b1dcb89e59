package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"acquit/internal/agreement"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// matchWriteOff gives up a small rest for which no money will come.
func (p *Program) matchWriteOff() *cli.Command {
	return p.givingUp("writeoff",
		p.say("abandonner un petit reste d’une facture", "give up a small rest of an invoice"),
		p.say("Abandonné", "Given up"),
		"acquit match writeoff F2026-0871 --amount 1,20 --reason \"écart de règlement\"", cash.WriteOff)
}

// matchDiscount grants an early-payment discount outside its terms.
func (p *Program) matchDiscount() *cli.Command {
	return p.givingUp("discount", p.say("accorder un escompte hors de ses conditions", "grant an early-payment discount outside its terms"),
		p.say("Escompte accordé", "Discount granted"),
		"acquit match discount F2026-0871 --amount 49,00 --reason \"payée à dix jours\"", cash.GrantDiscount)
}

// matchReclaim takes back what was given up of an invoice last.
func (p *Program) matchReclaim() *cli.Command {
	return &cli.Command{
		Name: "reclaim", ArgsUsage: p.say("FACTURE", "INVOICE"),
		Usage:     p.say("redemander le dernier reste abandonné, ou l’escompte, d’une facture", "ask again for the rest of an invoice given up last, or its discount"),
		UsageText: "acquit match reclaim F2026-0871 --reason \"abandonné par erreur\"", Flags: []cli.Flag{p.reasonFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			number, err := p.argument(c)
			if err != nil {
				return err
			}
			reason, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			var words string
			err = p.write(ctx, c, func(r room) error {
				found, err := agreement.Invoices(ctx, r.tx, r.scope, "", []string{number})
				if err != nil {
					return err
				}
				if err := cash.UndoLastGiven(ctx, r.tx, r.scope, found[0].ID, reason); err != nil {
					return err
				}
				words, err = p.left(ctx, r, p.say("Redemandé", "Asked for again"), found[0])
				return err
			})
			if err != nil {
				return err
			}
			return p.noted(number, words)
		},
	}
}

// givingUp is the verb that settles an amount of an invoice without money.
func (p *Program) givingUp(name, usage, done, example string,
	do func(context.Context, *db.Tx, creditor.Scope, string, money.Amount, string) error,
) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: p.say("FACTURE", "INVOICE"), UsageText: example,
		Flags: []cli.Flag{p.amountFlag("montant (obligatoire)", "amount (required)"), p.reasonFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			number, err := p.argument(c)
			if err != nil {
				return err
			}
			if _, err := p.need(c, "amount"); err != nil {
				return err
			}
			reason, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			var words string
			err = p.write(ctx, c, func(r room) error {
				found, err := agreement.Invoices(ctx, r.tx, r.scope, "", []string{number})
				if err != nil {
					return err
				}
				amount, err := p.amount(c, "amount", found[0].Amount.Currency)
				if err != nil {
					return err
				}
				if err := do(ctx, r.tx, r.scope, found[0].ID, amount, reason); err != nil {
					return err
				}
				words, err = p.left(ctx, r, done, found[0])
				return err
			})
			if err != nil {
				return err
			}
			return p.noted(number, words)
		},
	}
}

// left says how much of an invoice was settled without money, or is asked for again,
// and what is left of it.
func (p *Program) left(ctx context.Context, r room, done string, before ledger.Document) (string, error) {
	after, err := ledger.Find(ctx, r.tx, r.scope, before.ID)
	if err != nil {
		return "", err
	}
	change := before.Open.Sub(after.Open)
	if change.Sign() < 0 {
		change = change.Neg()
	}
	return fmt.Sprintf(p.say("%s : %s de %s, reste à payer %s", "%s: %s of %s, left to pay %s"),
		done, p.lang.Amount(change),
		after.Number, p.lang.Amount(after.Open)), nil
}
