package cli

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
)

// url is the database that a command works on.
func (p *Program) url(c *cli.Command) (string, error) {
	for _, u := range []string{c.String("db"), p.Env("ACQUIT_DB")} {
		if u != "" {
			return u, nil
		}
	}
	return p.DefaultDB()
}

// open opens the books of a command; the caller closes them.
func (p *Program) open(ctx context.Context, c *cli.Command) (*Books, error) {
	url, err := p.url(c)
	if err != nil {
		return nil, err
	}
	return p.Open(ctx, url)
}

// within opens the books and finds the company that a command works for.
func (p *Program) within(ctx context.Context, c *cli.Command, fn func(*Books, creditor.Scope) error) error {
	b, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer b.DB.Close()
	return p.inside(ctx, c, b, fn)
}

func (p *Program) inside(ctx context.Context, c *cli.Command, b *Books, fn func(*Books, creditor.Scope) error) error {
	var s creditor.Scope
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = p.scope(ctx, tx, c)
		return err
	})
	if err != nil {
		return err
	}
	return fn(b, s)
}

// room is a transaction in a company's books, with its day.
type room struct {
	*Books
	tx    *db.Tx
	scope creditor.Scope
	today cal.Date
}

// read runs fn in a transaction that changes nothing.
func (p *Program) read(ctx context.Context, c *cli.Command, fn func(room) error) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		return b.DB.Read(ctx, func(tx *db.Tx) error { return enter(ctx, b, tx, s, fn) })
	})
}

// write runs fn in a transaction that is kept unless fn fails.
func (p *Program) write(ctx context.Context, c *cli.Command, fn func(room) error) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		return b.DB.Write(ctx, func(tx *db.Tx) error { return enter(ctx, b, tx, s, fn) })
	})
}

func enter(ctx context.Context, b *Books, tx *db.Tx, s creditor.Scope, fn func(room) error) error {
	today, err := reminder.Today(ctx, tx, s)
	if err != nil {
		return err
	}
	return fn(room{b, tx, s, today})
}

// scope is the company of --creditor, or the only one. Whoever holds the
// database on the command line may do everything.
func (p *Program) scope(ctx context.Context, tx *db.Tx, c *cli.Command) (creditor.Scope, error) {
	name := c.String("creditor")
	if name == "" {
		name = p.Env("ACQUIT_CREDITOR")
	}
	all, err := creditor.List(ctx, tx)
	if err != nil {
		return creditor.Scope{}, err
	}
	for _, one := range all {
		if one.ID == name || strings.EqualFold(one.Name, name) || name == "" && len(all) == 1 {
			return creditor.Scope{Creditor: one.ID, Actor: creditor.ActorCLI, Rights: creditor.Manage}, nil
		}
	}
	return creditor.Scope{}, p.noCompany(name, all)
}

// shownCompanies bounds the names in an error; an agency has hundreds.
const shownCompanies = 10

func (p *Program) noCompany(name string, all []creditor.Creditor) error {
	var names []string
	for _, c := range all[:min(len(all), shownCompanies)] {
		names = append(names, c.Name)
	}
	switch {
	case len(all) == 0:
		return &fault.Invalid{
			Field: "creditor", Message: p.say("cette base ne contient encore aucune société", "this database holds no company yet"),
			Mend: `acquit init --name "Atelier Dupont"`,
		}
	case name == "":
		return wrong("creditor", p.say("cette base a plusieurs sociétés : laquelle ?", "this database holds several companies: which one?"),
			"--creditor "+strings.Join(names, " | "))
	}
	return fault.NotFound(p.say("société « %s »", "company “%s”"), name)
}
