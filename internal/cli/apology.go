package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

func (p *Program) apology() *cli.Command {
	return p.family("apology", "les relances croisées avec un règlement, et nos excuses", "reminders that crossed with a payment, and our apologies",
		&cli.Command{
			Name: "list", Usage: p.say("les relances parties alors que l’argent était à la banque", "the reminders that left when the money was at the bank"),
			UsageText: "acquit apology list --from 2026-11-01", Flags: []cli.Flag{
				p.text("from", p.say("premier jour, par défaut trente jours plus tôt", "first day, thirty days earlier by default")), p.onFlag(),
			},
			Action: p.doCrossings,
		},
		&cli.Command{
			Name: "show", Usage: p.say("le message d’excuses dû à un client", "the apology that is due to a customer"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit apology show C0042", Action: p.doApologyShow,
		},
		&cli.Command{
			Name: "send", Usage: p.say("envoyer ce message", "send it"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit apology send C0042", Action: p.doApologySend,
		})
}

type crossingJSON struct {
	Customer string   `json:"customer"`
	Invoice  string   `json:"invoice"`
	Sent     cal.Date `json:"sent"`
	Paid     cal.Date `json:"paid"`
	Amount   string   `json:"amount"`
	Currency string   `json:"currency"`
	Message  string   `json:"message"`
}

func (p *Program) doCrossings(ctx context.Context, c *cli.Command) error {
	list := []crossingJSON{}
	var care reminder.Care
	err := p.read(ctx, c, func(r room) error {
		to, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		from, err := p.dayOr(c, "from", to.Add(-30))
		if err != nil {
			return err
		}
		v, err := setting.Load(ctx, r.tx, r.scope.Creditor)
		if err != nil {
			return err
		}
		if care, err = reminder.CareBetween(ctx, r.tx, r.scope, from, to); err != nil {
			return err
		}
		all, err := reminder.CrossingsBetween(ctx, r.tx, r.scope, from, to)
		if err != nil {
			return err
		}
		who := make([]string, len(all))
		for i, x := range all {
			who[i] = x.Customer
		}
		n, err := r.names(ctx, who, nil)
		for _, x := range all {
			list = append(list, crossingJSON{
				n.code(x.Customer), x.Number, cal.Of(x.SentAt.In(setting.TimeZone.In(v))), x.PaidOn, x.Amount.Decimal(),
				string(x.Amount.Currency), x.Message,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"sent": care.Sent, "crossed": care.Crossed, "crossings": list}, func(w io.Writer) {
		t := p.table(w)
		for _, x := range list {
			t.row(x.Customer, x.Invoice, fmt.Sprintf(p.say("relancée le %s", "reminded on %s"), p.lang.Date(x.Sent)),
				fmt.Sprintf(p.say("payée le %s", "paid on %s"), p.lang.Date(x.Paid)),
				p.sum(x.Amount, money.Currency(x.Currency)))
		}
		t.endOr(p.say("Aucune relance ne s’est croisée avec un règlement.", "No reminder crossed with a payment."))
		fmt.Fprintf(w, p.say("%s, dont %s avec un règlement.\n", "%s, of which %s with a payment.\n"),
			messagesSent.Count(p.lang, care.Sent),
			noun("croisé", "croisés", "crossed", "crossed").Count(p.lang, care.Crossed))
	})
}

func (p *Program) doApologyShow(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	var v reminder.Preview
	err = p.read(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		v, err = r.Desk.Apology(ctx, r.tx, r.scope, who.ID)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{
		"from": v.From, "to": v.To, "subject": v.Subject, "text": v.Text,
	}, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n\n%s\n", v.Subject, v.Text)
	})
}

func (p *Program) doApologySend(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	var words string
	err = p.write(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		words = fmt.Sprintf(p.say("Excuses en file : %s (%s). Elles partent avec le prochain envoi.",
			"Apology queued: %s (%s). It leaves with the next sending."), who.Name, who.Code)
		return r.Desk.Apologise(ctx, r.tx, r.scope, who.ID)
	})
	if err != nil {
		return err
	}
	return p.noted(code, words)
}
