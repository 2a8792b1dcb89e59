package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/law/fr"
)

func (p *Program) limitation() *cli.Command {
	return &cli.Command{
		Name: "limitation", Usage: p.say("le dernier jour pour agir en justice", "the last day to sue"),
		Description: p.say("Sans base de données. Le délai court de la fin de la livraison ou de la prestation, non de la facture. Une relance ou une mise en demeure ne l’interrompt pas, sauf pour une personne publique.",
			"Needs no database. The period runs from the end of the delivery or service, not from the invoice. A reminder or a formal notice does not interrupt it, but for a public body."),
		UsageText: "acquit limitation --kind business --from 2021-03-15\n" +
			"acquit limitation --kind consumer --from 2024-06-01 --event 2025-05-31:payment",
		Flags: []cli.Flag{
			p.text("kind", p.say("sorte de créance (obligatoire) : business, consumer, public, transport… ; unknown si nul ne sait", "kind of claim (required): business, consumer, public, transport…; unknown if nobody knows")),
			p.text("from", p.say("point de départ AAAA-MM-JJ (obligatoire)", "start YYYY-MM-DD (required)")),
			p.texts("event", p.say("ce qui est arrivé, DATE:TYPE : acknowledgment, payment, claim, service, mediation…", "what happened, DATE:TYPE: acknowledgment, payment, claim, service, mediation…")),
			&cli.IntFlag{Name: "months", Usage: p.say("durée fixée par le contrat, en mois, d’un an à dix ans", "period set by the contract, in months, from one year to ten"), HideDefault: true},
			p.onFlag(),
		},
		Action: p.doLimitation,
	}
}

type limitationJSON struct {
	Kind       string    `json:"kind"`
	From       cal.Date  `json:"from"`
	On         cal.Date  `json:"on"`
	Expires    cal.Date  `json:"expires"`
	Prescribed cal.Date  `json:"prescribed_from"`
	DaysLeft   int       `json:"days_left"`
	Rule       string    `json:"rule"`
	Findings   []lawJSON `json:"findings"`
}

func (p *Program) doLimitation(_ context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	french, err := fr.New()
	if err != nil {
		return err
	}
	name, err := p.need(c, "kind")
	if err != nil {
		return err
	}
	months := c.Int("months")
	kind, err := french.Agreed(name, months)
	if err != nil {
		return usage(err)
	}
	from, err := p.needDay(c, "from")
	if err != nil {
		return err
	}
	on, err := p.dayOr(c, "on", cal.Of(p.Now()))
	if err != nil {
		return err
	}
	var events []fr.Event
	for _, text := range c.StringSlice("event") {
		e, err := fr.ParseEvent(text)
		if err != nil {
			return usage(err)
		}
		events = append(events, e)
	}
	got, err := french.LimitationAgreed(kind.Key, months, from, on, events...)
	if err != nil {
		return err
	}
	out := limitationJSON{
		got.Kind.Key, from, on, got.Expires, got.Expires.Add(1), got.Expires.Sub(on), got.Kind.Rule(p.lang),
		p.lawJSON(got.Findings),
	}
	return p.answer(out, func(w io.Writer) { p.tellLimitation(w, out, got) })
}

func (p *Program) tellLimitation(w io.Writer, out limitationJSON, got fr.Limitation) {
	t := p.table(w)
	t.row(p.say("Dernier jour pour agir", "Last day to sue"), p.lang.LongDate(out.Expires))
	t.row(p.say("Prescrite à partir du", "Barred from"), p.lang.LongDate(out.Prescribed))
	if out.DaysLeft >= 0 {
		t.row(p.say("Jours restants", "Days left"), p.lang.Int(out.DaysLeft))
	}
	t.row(p.say("Délai", "Period"), out.Rule)
	t.end()
	p.tellLaw(w, got.Findings)
	fmt.Fprintf(w, "\n%s\n", p.say("Le dernier jour ne recule pas pour un week-end ou un jour férié (C. civ. art. 2228 et 2229).",
		"The last day does not move for a weekend or a public holiday (C. civ. art. 2228 and 2229)."))
}
