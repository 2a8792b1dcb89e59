package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
)

func (p *Program) due() *cli.Command {
	return &cli.Command{
		Name: "due", Usage: p.say("la date d’échéance que donne un délai de paiement", "the due date that a payment term gives"),
		Description: p.say("Sans base de données. Le délai s’écrit en français ou en anglais : « 30 jours nets », « 45 jours fin de mois », « 60 days », « 30 jours fin de mois le 10 », « comptant ».",
			"Needs no database. The term is written in French or English: “30 jours nets”, “45 jours fin de mois”, “60 days”, “30 jours fin de mois le 10”, “comptant”."),
		UsageText: `acquit due --terms "45 jours fin de mois" --issued 2026-11-22 --method b`,
		Flags: []cli.Flag{
			p.text("terms", p.say("le délai en toutes lettres (obligatoire)", "the term in words (required)")),
			p.text("issued", p.say("date de la facture AAAA-MM-JJ, par défaut aujourd’hui", "date of the invoice YYYY-MM-DD, today by default")),
			p.text("method", p.say("fin de mois : a (les jours, puis la fin du mois) ou b (la fin du mois, puis les jours)", "end of month: a (the days, then the end of the month) or b (the end of the month, then the days)")),
		},
		Action: p.doDue,
	}
}

type dueJSON struct {
	Due    cal.Date `json:"due"`
	Rule   string   `json:"rule"`
	Terms  cal.Term `json:"terms"`
	Issued cal.Date `json:"issued"`
}

func (p *Program) doDue(_ context.Context, c *cli.Command) error {
	words, err := p.need(c, "terms")
	if err != nil {
		return err
	}
	term, err := cal.ParseTerm(words)
	if err != nil {
		return usage(err)
	}
	if text := c.String("method"); text != "" {
		m, err := cal.ParseMethod(text)
		if err != nil {
			return usage(err)
		}
		term = term.WithMethod(m)
	}
	issued, err := p.dayOr(c, "issued", cal.Of(p.Now()))
	if err != nil {
		return err
	}
	due, rule := term.Due(issued), term.Rule(string(p.lang))
	return p.answer(dueJSON{due, rule, term, issued}, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n%s\n", p.lang.LongDate(due), rule)
	})
}
