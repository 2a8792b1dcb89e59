package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
)

func (p *Program) clock() *cli.Command {
	return p.family("clock", "la prescription des factures, et ce qui l’interrompt", "the limitation of invoices, and what interrupts it",
		p.listing(p.say("le temps qui reste pour agir, facture par facture", "the time left to sue, invoice by invoice"), "acquit clock list C0042", p.clocks),
		&cli.Command{
			Name: "note", Usage: p.say("noter ce qui interrompt ou suspend", "note what interrupts or suspends"),
			Description: p.say("Les paiements partiels, les échéanciers et les promesses sont lus dans les comptes. Une relance n’interrompt rien.",
				"Part payments, plans and promises are read from the books. A reminder interrupts nothing."),
			UsageText: "acquit clock note --customer C0042 --type acknowledgment --on 2026-11-03\n" +
				"acquit clock note --invoice F2026-0871 --type service --on 2026-11-03",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client : tout ce qu’il devait ce jour-là", "customer’s code: all that was owed on that day")),
				p.text("invoice", p.say("numéro de la facture", "invoice’s number")),
				p.text("type",
					p.say("ce qui s’est passé (obligatoire) : ", "what happened (required): ")+
						joined(limitation.EventTypes())),
				p.text("certainty", p.say("certitude : ", "certainty: ")+joined(limitation.Certainties())),
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doClockNote,
		},
		p.ending("withdraw", p.say("retirer un événement noté", "take back an event that was noted"),
			"acquit clock withdraw lim_… --reason \"autre client\"", []cli.Flag{p.reasonFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, _ cal.Date) error {
				why, err := p.need(c, "reason")
				if err != nil {
					return err
				}
				return limitation.Withdraw(ctx, r.tx, r.scope, id, why)
			}),
		&cli.Command{
			Name: "set", Usage: p.say("dire la sorte d’une créance, sa durée convenue, la date de la prestation", "say the kind of a claim, its agreed period, the day of supply"),
			UsageText: "acquit clock set --customer C0042 --kind transport\nacquit clock set --invoice F2026-0871 --performed 2026-10-01",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client", "customer’s code")),
				p.text("invoice", p.say("numéro de la facture", "invoice’s number")),
				p.text("kind", p.say("sorte de créance : business, transport, telecom…", "kind of claim: business, transport, telecom…")),
				&cli.IntFlag{
					Name:        "months",
					Usage:       p.say("durée fixée par le contrat, en mois", "period set by the contract, in months"),
					HideDefault: true,
				},
				p.text("performed", p.say("livraison ou prestation achevée le AAAA-MM-JJ", "delivered or performed on YYYY-MM-DD")), p.noteFlag(),
			},
			Action: p.doClockSet,
		},
		&cli.Command{
			Name: "step", Usage: p.say("suivre le délai d’un acte de procédure", "follow the deadline of an act of procedure"),
			UsageText: "acquit clock step --customer C0042 --step ip_service_delay --on 2026-09-10",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client (obligatoire)", "customer’s code (required)")),
				p.text("step", p.say("acte (obligatoire) : ", "act (required): ")+joined(limitation.Steps())),
				p.text("seat", p.say("le débiteur demeure : overseas, abroad", "the debtor lives: overseas, abroad")),
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doClockStep,
		})
}

func (p *Program) doClockNote(ctx context.Context, c *cli.Command) error {
	kind, err := p.need(c, "type")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		e := limitation.Event{
			Customer: c.String("customer"), Invoice: c.String("invoice"), On: today, Type: fr.EventType(kind),
			Certainty: limitation.Certainty(c.String("certainty")), Note: c.String("note"),
		}
		err := limitation.Add(ctx, r.tx, r.scope, &e, r.today)
		return e.ID, err
	})
}

func (p *Program) doClockSet(ctx context.Context, c *cli.Command) error {
	performed, err := p.day(c, "performed")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, _ cal.Date) (string, error) {
		rule := limitation.Rule{
			Customer: c.String("customer"), Subject: c.String("invoice"), Kind: c.String("kind"),
			Months: c.Int("months"), Performed: performed, Note: c.String("note"),
		}
		err := limitation.SetRule(ctx, r.tx, r.scope, &rule, r.today)
		return rule.Subject, err
	})
}

func (p *Program) doClockStep(ctx context.Context, c *cli.Command) error {
	who, err := p.need(c, "customer")
	if err != nil {
		return err
	}
	step, err := p.need(c, "step")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		s := limitation.Step{
			Customer: who, Step: fr.Step(step), Seat: fr.Seat(c.String("seat")), Started: today, Note: c.String("note"),
		}
		err := limitation.Begin(ctx, r.tx, r.scope, &s, r.today)
		return s.ID, err
	})
}

type clockJSON struct {
	Customer string           `json:"customer"`
	Invoice  string           `json:"invoice"`
	Kind     string           `json:"kind"`
	From     cal.Date         `json:"from"`
	Safe     cal.Date         `json:"deadline_safe"`
	Possible cal.Date         `json:"deadline_possible"`
	DaysLeft int              `json:"days_left"`
	Halted   bool             `json:"halted"`
	Barred   bool             `json:"barred"`
	Open     string           `json:"open"`
	Currency string           `json:"currency"`
	Rule     string           `json:"rule"`
	Findings []lawJSON        `json:"findings"`
	Events   []clockEventJSON `json:"events"`
}

type clockEventJSON struct {
	ID        string    `json:"id"`
	On        cal.Date  `json:"on"`
	Type      string    `json:"type"`
	Source    string    `json:"source"`
	Certainty string    `json:"certainty"`
	Counts    bool      `json:"counts"`
	Findings  []lawJSON `json:"findings"`
}

// clocks lists the open invoices by the end of their time: of a customer with what
// happened to each, else those that end within a year.
func (p *Program) clocks(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []limitation.Clock
	if who != "" {
		all, err = limitation.Of(ctx, r.tx, r.scope, who, today)
	} else {
		all, err = limitation.List(ctx, r.tx, r.scope, limitation.Soonest{}, today)
	}
	if err != nil {
		return l, err
	}
	all = all[:min(len(all), shown)]
	list := []clockJSON{}
	for _, c := range all {
		one := clockJSON{
			c.Code, c.Number, c.Kind.Key, c.From, c.Safe, c.Possible, c.Left(today), c.Halted, c.Barred(today),
			c.Open.Decimal(), string(c.Open.Currency), c.Kind.Rule(p.lang), p.lawJSON(c.Findings),
			[]clockEventJSON{},
		}
		for _, e := range c.Told {
			one.Events = append(one.Events, clockEventJSON{
				e.ID, e.On, string(e.Type), string(e.Source), string(e.Certainty), e.Counts, p.lawJSON(e.Findings),
			})
		}
		list = append(list, one)
	}
	return listed{map[string]any{"clocks": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			left := p.lang.Int(one.DaysLeft) + p.say(" jours", " days")
			switch {
			case one.Halted:
				left = p.say("procédure en cours", "a procedure goes on")
			case one.DaysLeft < 1:
				left = p.say("passé", "over")
			}
			t.row(one.Customer, one.Invoice, p.lang.Date(one.Safe), left, p.lang.Amount(all[i].Open), one.Rule)
		}
		t.endOr(p.say("Aucune facture ouverte.", "No open invoice."))
	}}, nil
}
