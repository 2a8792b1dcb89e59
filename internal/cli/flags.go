package cli

import (
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// commonFlags are understood before and after every verb.
func (p *Program) commonFlags() []cli.Flag {
	return []cli.Flag{
		p.text("db", p.say("base de données : sqlite:CHEMIN ou postgres://… (sinon ACQUIT_DB)", "database: sqlite:PATH or postgres://… (else ACQUIT_DB)")),
		p.text("creditor", p.say("société, par son nom ou son identifiant, quand la base en a plusieurs (sinon ACQUIT_CREDITOR)", "company, by name or identifier, where the database has several (else ACQUIT_CREDITOR)")),
		p.flag("json", p.say("répondre en JSON", "answer in JSON")),
		p.text("lang", p.say("langue : fr ou en (sinon ACQUIT_LANG)", "language: fr or en (else ACQUIT_LANG)")),
		&cli.BoolFlag{
			Name: "version", Usage: p.say("la version du programme", "the program’s version"),
			HideDefault: true, Local: true,
		},
		&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: p.say("expliquer une commande",
			"explain a command"), HideDefault: true},
	}
}

func (p *Program) text(name, what string) cli.Flag {
	return &cli.StringFlag{Name: name, Usage: what}
}

func (p *Program) flag(name, what string) cli.Flag {
	return &cli.BoolFlag{Name: name, Usage: what, HideDefault: true}
}

func (p *Program) texts(name, what string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Usage: what}
}

func (p *Program) onFlag() cli.Flag {
	return p.text("on", p.say("jour AAAA-MM-JJ, par défaut aujourd’hui", "day YYYY-MM-DD, today by default"))
}

func (p *Program) noteFlag() cli.Flag {
	return p.text("note", p.say("remarque", "note"))
}

func (p *Program) reasonFlag() cli.Flag {
	return p.text("reason", p.say("motif (obligatoire)", "reason (required)"))
}

func (p *Program) amountFlag(fr, en string) cli.Flag {
	return p.text("amount", p.say(fr, en))
}

// need is the value of a flag that must be given.
func (p *Program) need(c *cli.Command, name string) (string, error) {
	if v := strings.TrimSpace(c.String(name)); v != "" {
		return v, nil
	}
	return "", wrong(name, p.say("il manque --", "missing: --")+name, firstExample(c))
}

// day is the day of a flag, or none where it is not given.
func (p *Program) day(c *cli.Command, name string) (cal.Date, error) {
	text := c.String(name)
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, wrong(name, p.say("--"+name+" : ce n’est pas un jour : ", "--"+name+": not a day: ")+text,
			p.say("AAAA-MM-JJ, par exemple 2026-11-22", "YYYY-MM-DD, for example 2026-11-22"))
	}
	return d, nil
}

// needDay is the day of a flag that must be given.
func (p *Program) needDay(c *cli.Command, name string) (cal.Date, error) {
	if _, err := p.need(c, name); err != nil {
		return 0, err
	}
	return p.day(c, name)
}

// dayOr is the day of a flag, or another where it is not given.
func (p *Program) dayOr(c *cli.Command, name string, other cal.Date) (cal.Date, error) {
	d, err := p.day(c, name)
	if err == nil && d.IsZero() {
		d = other
	}
	return d, err
}

// amount reads the amount of a flag as people write it; none is zero.
func (p *Program) amount(c *cli.Command, name string, currency money.Currency) (money.Amount, error) {
	return p.amountIn(name, strings.TrimSpace(c.String(name)), currency)
}

func (p *Program) amountIn(name, text string, currency money.Currency) (money.Amount, error) {
	if text == "" {
		return money.Zero(currency), nil
	}
	if a, err := money.Parse(text, currency); err == nil {
		return a, nil
	}
	a, err := money.ParseHuman(text, currency, money.Hints{})
	if err != nil {
		return a, wrong(name, err.Error(), "1234.50")
	}
	return a, nil
}

// choice is the value of a flag that has a few, or other where it is not given.
func (p *Program) choice(c *cli.Command, name, other string, values ...string) (string, error) {
	got := c.String(name)
	if got == "" {
		return other, nil
	}
	for _, v := range values {
		if strings.EqualFold(v, got) {
			return v, nil
		}
	}
	return "", wrong(name, "--"+name+p.say(" : valeur inconnue : ", ": unknown value: ")+got,
		strings.Join(values, " | "))
}

// argument is the one word that a verb is about.
func (p *Program) argument(c *cli.Command) (string, error) {
	list, err := p.arguments(c)
	if err != nil {
		return "", err
	}
	if len(list) > 1 {
		return "", wrong("", p.say("un seul suffit : ", "only one is expected: ")+c.ArgsUsage, firstExample(c))
	}
	return list[0], nil
}

// arguments are the words that a verb is about: one at least.
func (p *Program) arguments(c *cli.Command) ([]string, error) {
	if c.Args().Len() == 0 {
		return nil, wrong("", p.say("il manque ", "missing: ")+c.ArgsUsage, firstExample(c))
	}
	return c.Args().Slice(), nil
}

// none refuses words that a verb has no use for.
func (p *Program) none(c *cli.Command) error {
	if c.Args().Len() > 0 {
		return wrong("", p.say("de trop : ", "not expected: ")+c.Args().First(), firstExample(c))
	}
	return nil
}

// firstExample is how a verb is called.
func firstExample(c *cli.Command) string {
	line, _, _ := strings.Cut(c.UsageText, "\n")
	return line
}
