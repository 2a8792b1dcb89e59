package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/report"
	"acquit/internal/sheet"
)

func (p *Program) aging() *cli.Command {
	return &cli.Command{
		Name: "aging", Usage: p.say("la balance âgée, à toute date", "the aged balance, as of any day"),
		Description: p.say("Ce que chaque client doit, par tranche de retard, une devise à la fois. La somme des tranches est toujours le solde.",
			"What each customer owes by how late it is, one currency at a time. The buckets always add up to the balance."),
		UsageText: "acquit aging --on 2026-10-31\nacquit aging --buckets 15,30,60 --out balance.xlsx",
		Flags: append([]cli.Flag{
			p.onFlag(),
			p.text("buckets", p.say("fin de chaque tranche, en jours de retard : 30,60,90", "end of each bucket, in days overdue: 30,60,90")),
			p.text("credits", p.say("avoirs et règlements non affectés : aged (par leur date) ou apart (colonne à part)", "unallocated credits: aged (by their date) or apart (own column)")),
		}, p.sheetFlags()...),
		Action: p.doAging,
	}
}

func (p *Program) doAging(ctx context.Context, c *cli.Command) error {
	o, err := p.agedOptions(c)
	if err != nil {
		return err
	}
	var a report.Aged
	err = p.read(ctx, c, func(r room) error {
		day, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		if a, err = report.AgedOn(ctx, r.tx, r.scope, day, o); err != nil {
			return err
		}
		a.Largest()
		return a.Name(ctx, r.tx, r.scope)
	})
	if err != nil {
		return err
	}
	return p.showSheet(c, a.Sheet(p.lang), agedJSON(a, string(p.lang)))
}

func (p *Program) agedOptions(c *cli.Command) (o report.AgedOptions, err error) {
	credits, err := p.choice(c, "credits", "", string(aging.CreditsApart), string(aging.CreditsAged))
	if err != nil {
		return o, err
	}
	o.Credits = aging.Credits(credits)
	if text := c.String("buckets"); text != "" {
		o.Bands, err = aging.ParseBands(text)
	}
	return o, usage(err)
}

// sheetFlags say where a table goes.
func (p *Program) sheetFlags() []cli.Flag {
	return []cli.Flag{
		p.text("out", p.say("écrire dans un fichier .csv, .xlsx ou .pdf", "write to a .csv, .xlsx or .pdf file")),
		p.flag("csv", p.say("écrire en CSV sur la sortie", "write CSV to the output")),
	}
}

// showSheet gives a table as it was asked for: a file, CSV, JSON or columns.
func (p *Program) showSheet(c *cli.Command, s sheet.Sheet, asJSON any) error {
	switch out := c.String("out"); {
	case out != "":
		return p.writeSheet(out, s)
	case c.Bool("csv") && p.json:
		return wrong("csv", p.say("--csv et --json : l’un ou l’autre", "--csv and --json: one or the other"), "")
	case c.Bool("csv"):
		return s.WriteCSV(p.Out, string(p.lang))
	}
	return p.answer(asJSON, func(w io.Writer) { p.sheet(w, s) })
}

type bucketJSON struct {
	Name string `json:"name"`
	From *int   `json:"from"`
	To   *int   `json:"to"`
}

type agedRowJSON struct {
	Customer    string   `json:"customer"`
	Name        string   `json:"name"`
	Total       string   `json:"total"`
	Amounts     []string `json:"amounts"`
	Unallocated string   `json:"unallocated,omitempty"`
}

type agedGroupJSON struct {
	Currency    money.Currency `json:"currency"`
	Buckets     []bucketJSON   `json:"buckets"`
	Customers   []agedRowJSON  `json:"customers"`
	Total       string         `json:"total"`
	Amounts     []string       `json:"amounts"`
	Unallocated string         `json:"unallocated,omitempty"`
}

type agingJSON struct {
	On     cal.Date        `json:"on"`
	Groups []agedGroupJSON `json:"groups"`
}

func agedJSON(a report.Aged, lang string) agingJSON {
	out := agingJSON{a.On, []agedGroupJSON{}}
	for _, g := range a.Groups {
		group := agedGroupJSON{
			Currency: g.Currency, Customers: []agedRowJSON{}, Total: decimal(g.Total, g.Currency),
			Amounts: decimals(g.Amounts, g.Currency),
		}
		for _, b := range a.Bands.Buckets() {
			from, to := b.Bounds()
			group.Buckets = append(group.Buckets, bucketJSON{b.Name(lang), from, to})
		}
		if a.Apart {
			group.Unallocated = decimal(g.Unallocated, g.Currency)
		}
		for _, r := range g.Customers {
			who := a.Customers[r.Customer]
			row := agedRowJSON{who.Code, who.Name, decimal(r.Total, g.Currency), decimals(r.Amounts, g.Currency), ""}
			if a.Apart {
				row.Unallocated = decimal(r.Unallocated, g.Currency)
			}
			group.Customers = append(group.Customers, row)
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}
