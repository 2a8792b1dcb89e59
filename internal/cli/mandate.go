package cli

import (
	"context"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/mandate"
	"acquit/internal/money"
)

func (p *Program) mandate() *cli.Command {
	return p.family("mandate", "recouvrer pour un autre créancier", "collecting for another creditor",
		&cli.Command{
			Name: "show", Usage: p.say("le mandat, et ce qui lui manque", "the mandate, and what it lacks"),
			UsageText: "acquit mandate show", Action: p.doMandateShow,
		},
		&cli.Command{
			Name: "set", Usage: p.say("dire qui recouvre, ou compléter", "say who collects, or complete it"),
			Description: p.say("Tant qu’il manque quelque chose, rien ne part. Les lettres et courriels portent alors les cinq mentions de CPCE R124-4. --voice off met fin au mandat.",
				"While something is missing, nothing leaves. Letters and mails then bear the five mentions of CPCE R124-4. --voice off ends the mandate."),
			UsageText: "acquit mandate set --voice collector --name \"Recouvrement Martin\" --iban FR76…",
			Flags: []cli.Flag{
				p.text("voice",
					p.say("au nom de qui l’on écrit : ", "in whose name one writes: ")+joined(mandate.Voices())),
				p.text("name", p.say("qui recouvre", "who collects")),
				p.text("address", p.say("son adresse", "its address")), p.text("insurance", p.say("assurance de responsabilité : assureur et numéro", "liability insurance: insurer and number")),
				p.text("iban", p.say("compte dédié aux fonds", "account dedicated to the funds")), p.text("bic", "BIC"),
				p.text("declared",
					p.say("déclaration au procureur AAAA-MM-JJ", "declaration to the procureur YYYY-MM-DD")),
				p.text("agreed",
					p.say("convention avec le créancier AAAA-MM-JJ", "agreement with the creditor YYYY-MM-DD")),
				p.text("fees", p.say("rémunération, due par le créancier seul", "fees, owed by the creditor alone")),
				p.text("terms", p.say("conditions de reversement", "terms of paying over")),
			},
			Action: p.doMandateSet,
		},
		&cli.Command{
			Name: "held", Usage: p.say("ce qui est à reverser au créancier, et pour quand", "what is to be paid over to the creditor, and by when"),
			UsageText: "acquit mandate held", Action: p.doMandateHeld,
		},
		&cli.Command{
			Name: "remit", Usage: p.say("noter un reversement au créancier", "record money paid over to the creditor"),
			ArgsUsage: p.say("RÈGLEMENT…", "PAYMENT…"), UsageText: "acquit mandate remit doc_… --reference \"VIR 2026-11\"",
			Flags: []cli.Flag{
				p.text("reference", p.say("référence du virement", "reference of the transfer")), p.onFlag(),
			},
			Action: p.doMandateRemit,
		})
}

type mandateJSON struct {
	On        bool     `json:"on"`
	Voice     string   `json:"voice"`
	Name      string   `json:"name"`
	Address   string   `json:"address"`
	Insurance string   `json:"insurance"`
	IBAN      string   `json:"iban"`
	BIC       string   `json:"bic"`
	Declared  *string  `json:"declared"`
	Agreed    *string  `json:"agreed"`
	Fees      string   `json:"fees"`
	Terms     string   `json:"terms"`
	Missing   []string `json:"missing"`
}

func (p *Program) doMandateShow(ctx context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	var m mandate.Mandate
	var on bool
	err := p.read(ctx, c, func(r room) (err error) {
		m, on, err = mandate.Find(ctx, r.tx, r.scope)
		return err
	})
	if err != nil {
		return err
	}
	one := mandateJSON{
		On: on, Voice: string(m.Voice), Name: m.Name, Address: m.Address, Insurance: m.Insurance,
		IBAN: m.IBAN, BIC: m.BIC, Declared: dayJSON(m.Declared), Agreed: dayJSON(m.Agreed), Fees: m.Fees,
		Terms: m.Terms, Missing: []string{},
	}
	if on {
		one.Missing = append(one.Missing, m.Missing(p.lang)...)
	}
	return p.answer(one, func(w io.Writer) {
		t := p.table(w)
		if on {
			t.row(p.say("Recouvre", "Collects"), m.Name, string(m.Voice), m.IBAN)
		}
		for _, what := range one.Missing {
			t.row(p.say("Il manque", "Missing"), what, "", "")
		}
		t.endOr(p.say("Aucun mandat : la société recouvre pour elle-même.", "No mandate: the company collects for itself."))
	})
}

func (p *Program) doMandateSet(ctx context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		m, _, err := mandate.Find(ctx, r.tx, r.scope)
		if err != nil {
			return "", err
		}
		for name, text := range map[string]*string{
			"name": &m.Name, "address": &m.Address, "insurance": &m.Insurance, "iban": &m.IBAN, "bic": &m.BIC,
			"fees": &m.Fees, "terms": &m.Terms,
		} {
			if c.IsSet(name) {
				*text = c.String(name)
			}
		}
		if m.Declared, err = p.dayOr(c, "declared", m.Declared); err != nil {
			return "", err
		}
		if m.Agreed, err = p.dayOr(c, "agreed", m.Agreed); err != nil {
			return "", err
		}
		if c.IsSet("voice") || m.Voice == "" {
			m.Voice = mandate.Voice(c.String("voice"))
		}
		err = mandate.Save(ctx, r.tx, r.scope, &m, today)
		return m.ID, err
	})
}

type heldJSON struct {
	Payment  string         `json:"payment"`
	Number   string         `json:"number"`
	Customer string         `json:"customer"`
	On       cal.Date       `json:"on"`
	Deadline cal.Date       `json:"deadline"`
	Late     bool           `json:"late"`
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
}

func (p *Program) doMandateHeld(ctx context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	var held []mandate.Held
	list := []heldJSON{}
	err := p.read(ctx, c, func(r room) (err error) {
		if held, err = mandate.ToRemit(ctx, r.tx, r.scope); err != nil {
			return err
		}
		ids := make([]string, len(held))
		for i, h := range held {
			ids[i] = h.Customer
		}
		who, err := customer.ByID(ctx, r.tx, r.scope, ids)
		for _, h := range held {
			list = append(list, heldJSON{
				h.Payment, h.Number, who[h.Customer].Code, h.On, h.Deadline(), h.Deadline() < r.today,
				h.Amount.Decimal(), h.Amount.Currency,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"held": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			late := ""
			if one.Late {
				late = p.say("en retard", "late")
			}
			t.row(one.Deadline, one.Customer, one.Number, held[i].Amount, late, one.Payment)
		}
		t.endOr(p.say("Rien à reverser.", "Nothing to pay over."))
	})
}

func (p *Program) doMandateRemit(ctx context.Context, c *cli.Command) error {
	payments, err := p.arguments(c)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		rm := mandate.Remittance{On: today, Payments: payments, Reference: strings.TrimSpace(c.String("reference"))}
		err := mandate.Remit(ctx, r.tx, r.scope, &rm, r.today)
		return rm.ID, err
	})
}
