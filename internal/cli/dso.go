package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/report"
)

func (p *Program) dso() *cli.Command {
	return &cli.Command{
		Name: "dso", Usage: p.say("le DSO et les autres délais d’une période", "the DSO and the other figures of a period"),
		Description: p.say("Sans dates, les trois derniers mois pleins.", "Without days, the last three whole months."),
		UsageText:   "acquit dso --from 2026-07-01 --to 2026-09-30",
		Flags: []cli.Flag{
			p.text("from", p.say("premier jour AAAA-MM-JJ, par défaut trois mois avant le dernier", "first day YYYY-MM-DD, three months before the last by default")),
			p.text("to", p.say("dernier jour AAAA-MM-JJ, par défaut la fin du mois dernier", "last day YYYY-MM-DD, the end of last month by default")),
			p.text("on", p.say("comme --to", "like --to")),
			&cli.StringFlag{Name: "currency", Usage: p.say("devise", "currency"), Value: string(money.EUR)},
		},
		Action: p.doDSO,
	}
}

type dsoJSON struct {
	On            cal.Date       `json:"on"`
	From          cal.Date       `json:"from"`
	To            cal.Date       `json:"to"`
	Currency      money.Currency `json:"currency"`
	Simple        aging.Figure   `json:"simple"`
	CountBack     aging.Figure   `json:"countback"`
	Incomplete    bool           `json:"countback_incomplete"`
	BestPossible  aging.Figure   `json:"best_possible"`
	Delinquent    aging.Figure   `json:"average_days_delinquent"`
	Effectiveness aging.Figure   `json:"collection_effectiveness"`
	Begin         string         `json:"begin"`
	Sales         string         `json:"sales"`
	Balance       string         `json:"balance"`
	Current       string         `json:"current"`
}

func (p *Program) doDSO(ctx context.Context, c *cli.Command) error {
	currency, err := money.ParseCurrency(c.String("currency"))
	if err != nil {
		return usage(err)
	}
	if _, err := p.day(c, "to"); err != nil {
		return err
	}
	var f report.Figures
	err = p.read(ctx, c, func(r room) error {
		from, to, err := p.period(c, r.today)
		if err != nil {
			return err
		}
		f, err = figuresIn(ctx, r, currency, from, to)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(dsoJSON{
		f.To, f.From, f.To, f.Currency, f.Simple, f.CountBack.Days, f.CountBack.Incomplete, f.BestPossible,
		f.Delinquent,
		f.Effectiveness, f.Begin.Decimal(), f.Sales.Decimal(), f.Balance.Decimal(), f.Current.Decimal(),
	}, func(w io.Writer) { p.figures(w, f) })
}

// figuresIn are the figures of one currency, unknown where nothing was sold or
// is owed in it.
func figuresIn(ctx context.Context, r room, currency money.Currency, from, to cal.Date) (report.Figures, error) {
	all, err := report.FiguresOf(ctx, r.tx, r.scope, from, to)
	if err != nil {
		return report.Figures{}, err
	}
	for _, one := range all {
		if one.Currency == currency {
			return one, nil
		}
	}
	zero := money.Zero(currency)
	return report.Figures{Currency: currency, Period: aging.Period{
		From: from, To: to, Begin: zero, Sales: zero, Balance: zero, Current: zero,
	}}, nil
}

// wholeMonths are how many months a period has when nobody says: a quarter
// smooths the months that have little business.
const wholeMonths = 3

// period is --from to --to (or --on), by default the whole months before today's.
func (p *Program) period(c *cli.Command, today cal.Date) (from, to cal.Date, err error) {
	if to, err = p.dayOr(c, "on", today.AddMonths(-1).EndOfMonth()); err != nil {
		return 0, 0, err
	}
	if to, err = p.dayOr(c, "to", to); err != nil {
		return 0, 0, err
	}
	if from, err = p.dayOr(c, "from", to.Add(1).AddMonths(-wholeMonths)); err == nil && from > to {
		err = wrong("from", p.say("la période finit avant de commencer", "the period ends before it begins"),
			"--from "+to.String()+" --to "+from.String())
	}
	return from, to, err
}

func (p *Program) figures(w io.Writer, f report.Figures) {
	days := func(v aging.Figure) string {
		if !v.Known() {
			return "–"
		}
		return p.lang.Decimal(v.String()) + p.say(" jours", " days")
	}
	t := p.table(w)
	t.row(p.say("Période", "Period"), p.lang.Date(f.From)+" – "+p.lang.Date(f.To))
	t.row(p.say("Encours à la fin", "Balance at the end"), p.lang.Amount(f.Balance))
	t.row(p.say("dont non échu", "of which not due"), p.lang.Amount(f.Current))
	t.row(p.say("Ventes de la période", "Sales of the period"), p.lang.Amount(f.Sales))
	t.row(p.say("DSO simple", "Simple DSO"), days(f.Simple))
	t.row(p.say("DSO par épuisement", "Count-back DSO"), days(f.CountBack.Days))
	t.row(p.say("Meilleur DSO possible", "Best possible DSO"), days(f.BestPossible))
	t.row(p.say("Retard moyen (ADD)", "Average days delinquent"), days(f.Delinquent))
	if f.Effectiveness.Known() {
		t.row(p.say("Efficacité (CEI)", "Collection effectiveness"), p.lang.Decimal(f.Effectiveness.String())+p.say("\u202f%", "%"))
	}
	t.end()
	if f.CountBack.Incomplete {
		fmt.Fprintln(w, p.say("Le DSO par épuisement est un minimum : les ventes connues ne couvrent pas l’encours.",
			"The count-back DSO is a minimum: the known sales do not cover the balance."))
	}
}
