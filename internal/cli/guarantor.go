package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/paper"
)

func (p *Program) guarantor() *cli.Command {
	return p.family("guarantor", "les cautions d’un client", "those who guarantee a customer’s debts",
		p.listing(p.say("les cautions, ou celles d’un client", "the guarantors, or a customer’s"),
			"acquit guarantor list C0042", p.guarantors),
		&cli.Command{
			Name: "add", Usage: p.say("noter une caution", "record a guarantor"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"),
			Description: p.say("Une caution personne physique doit être informée du premier impayé (C. civ. 2303) et chaque année avant le 31 mars (C. civ. 2302).",
				"A natural person who guarantees must be told of the first default (C. civ. 2303) and each year before 31 March (C. civ. 2302)."),
			UsageText: "acquit guarantor add C0042 --name \"Paul Delvaux\" --street \"3 allée des Tilleuls\" --postal-code 59800 --city Lille --signed 2024-03-01 --ceiling 20000",
			Flags: []cli.Flag{
				p.text("name", p.say("nom", "name")), p.text("street", p.say("rue", "street")),
				p.text("postal-code", p.say("code postal", "postal code")), p.text("city", p.say("ville", "city")),
				p.text("country", p.say("pays, deux lettres (FR)", "country, two letters (FR)")),
				p.text("language", p.say("fr ou en (fr)", "fr or en (fr)")),
				p.flag("company", p.say("la caution est une société", "the guarantor is a company")),
				p.text("signed", p.say("jour de l’engagement AAAA-MM-JJ", "day of the guarantee YYYY-MM-DD")),
				p.text("ends",
					p.say("dernier jour de l’engagement AAAA-MM-JJ", "last day of the guarantee YYYY-MM-DD")),
				p.text("ceiling", p.say("plafond en euros", "ceiling in euros")), p.noteFlag(), p.onFlag(),
			},
			Action: p.doGuarantorAdd,
		},
		p.ending("end", p.say("lever une caution", "give a guarantee up"), "acquit guarantor end gua_… --reason mainlevée",
			[]cli.Flag{p.reasonFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				reason, err := p.need(c, "reason")
				if err != nil {
					return err
				}
				return paper.EndGuarantor(ctx, r.tx, r.scope, id, today, reason)
			}))
}

func (p *Program) doGuarantorAdd(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	name, err := p.need(c, "name")
	if err != nil {
		return err
	}
	g := paper.Guarantor{
		Customer: code, Name: name, Person: !c.Bool("company"), Street: c.String("street"),
		PostalCode: c.String("postal-code"), City: c.String("city"), Country: c.String("country"),
		Language: c.String("language"), Note: c.String("note"),
	}
	if g.SignedOn, err = p.day(c, "signed"); err != nil {
		return err
	}
	if g.EndsOn, err = p.day(c, "ends"); err != nil {
		return err
	}
	if g.Ceiling, err = p.amountIn("ceiling", c.String("ceiling"), money.EUR); err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, _ cal.Date) (string, error) {
		err := paper.AddGuarantor(ctx, r.tx, r.scope, &g)
		return g.ID, err
	})
}

type guarantorJSON struct {
	ID         string         `json:"id"`
	Customer   string         `json:"customer"`
	Name       string         `json:"name"`
	Person     bool           `json:"person"`
	Street     string         `json:"street"`
	PostalCode string         `json:"postal_code"`
	City       string         `json:"city"`
	Country    string         `json:"country"`
	Signed     *string        `json:"signed"`
	Ends       *string        `json:"ends"`
	Ceiling    string         `json:"ceiling"` // 0.00: none is known
	Currency   money.Currency `json:"currency"`
	Stands     bool           `json:"stands"`
	Note       string         `json:"note"`
}

func (p *Program) guarantors(ctx context.Context, r room, who string, today cal.Date) (l listed, err error) {
	var all []paper.Guarantor
	if who != "" {
		all, err = paper.Guarantors(ctx, r.tx, r.scope, who)
	} else {
		all, err = paper.AllGuarantors(ctx, r.tx, r.scope)
	}
	if err != nil {
		return l, err
	}
	var customers []string
	for _, g := range all {
		customers = append(customers, g.Customer)
	}
	n, err := r.names(ctx, customers, nil)
	list := []guarantorJSON{}
	for _, g := range all {
		list = append(list, guarantorJSON{
			g.ID, n.code(g.Customer), g.Name, g.Person, g.Street, g.PostalCode, g.City, g.Country, dayJSON(g.SignedOn),
			dayJSON(g.EndsOn), g.Ceiling.Decimal(), g.Ceiling.Currency, g.Stands(today), g.Note,
		})
	}
	return listed{map[string]any{"guarantors": list}, func(w io.Writer) {
		if len(list) == 0 {
			fmt.Fprintln(w, p.nothingRecorded())
		}
		t := p.table(w)
		for i, g := range all {
			ceiling := ""
			if g.Ceiling.Sign() > 0 {
				ceiling = p.lang.Amount(g.Ceiling)
			}
			t.row(g.ID, list[i].Customer, g.Name, join(g.PostalCode, g.City), ceiling)
		}
		t.end()
	}}, err
}

func join(code, city string) string { return code + " " + city }
