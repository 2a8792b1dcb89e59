package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/report"
)

func (p *Program) statement() *cli.Command {
	return &cli.Command{
		Name: "statement", Usage: p.say("le relevé de compte d’un client, à toute date", "the statement of a customer’s account, as of any day"),
		ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit statement C0042 --out releve.xlsx",
		Flags:  append([]cli.Flag{p.onFlag()}, p.sheetFlags()...),
		Action: p.doStatement,
	}
}

func (p *Program) doStatement(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(c.String("out")), ".pdf") {
		return p.statementLetter(ctx, c, code)
	}
	var st report.Statement
	err = p.read(ctx, c, func(r room) error {
		day, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		st, err = report.StatementOn(ctx, r.tx, r.scope, who.ID, day)
		return err
	})
	if err != nil {
		return err
	}
	return p.showSheet(c, st.Sheet(p.lang), statementOf(st))
}

// statementLetter writes the statement as a letter to the customer.
func (p *Program) statementLetter(ctx context.Context, c *cli.Command, code string) error {
	var l letter.Letter
	err := p.read(ctx, c, func(r room) error {
		day, err := p.dayOr(c, "on", r.today)
		if err != nil {
			return err
		}
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		l, err = paper.Statement(ctx, r.tx, r.scope, who.ID, day)
		return err
	})
	if err != nil {
		return err
	}
	return p.writeLetter(c.String("out"), l)
}

// customer is the one of a code or an identifier.
func (p *Program) customer(ctx context.Context, r room, ref string) (customer.Customer, error) {
	who, err := customer.FindByCode(ctx, r.tx, r.scope, ref)
	if errors.Is(err, fault.ErrNotFound) {
		who, err = customer.Find(ctx, r.tx, r.scope, ref)
	}
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.NotFound(p.say("client « %s »", "customer “%s”"), ref)
	}
	return who, err
}

type statementLineJSON struct {
	Kind     ledger.Kind    `json:"kind"`
	Number   string         `json:"number"`
	Issued   *string        `json:"issued"`
	Due      *string        `json:"due"`
	Age      int            `json:"age"`
	Amount   string         `json:"amount"`
	Open     string         `json:"open"` // signed: credits are negative
	Currency money.Currency `json:"currency"`
}

type totalJSON struct {
	Currency money.Currency `json:"currency"`
	Total    string         `json:"total"`
}

type statementJSON struct {
	On       cal.Date            `json:"on"`
	Customer string              `json:"customer"`
	Name     string              `json:"name"`
	Lines    []statementLineJSON `json:"lines"`
	Totals   []totalJSON         `json:"totals"`
}

func statementOf(st report.Statement) statementJSON {
	out := statementJSON{st.On, st.Customer.Code, st.Customer.Name, []statementLineJSON{}, []totalJSON{}}
	for _, n := range st.Lines {
		out.Lines = append(out.Lines, statementLineJSON{
			n.Kind, n.Number, dayJSON(n.Issued), dayJSON(n.Due), n.Age, n.Amount.Decimal(), n.On.Decimal(),
			n.On.Currency,
		})
	}
	for _, t := range st.Totals {
		out.Totals = append(out.Totals, totalJSON{t.Currency, t.Decimal()})
	}
	return out
}
