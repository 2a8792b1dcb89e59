package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

func (p *Program) lint() *cli.Command {
	return &cli.Command{
		Name: "lint", Usage: p.say("ce qui est à corriger dans les factures ouvertes et les fiches", "what is to be mended in open invoices and customers"),
		Description: p.say("Échéance absente ou impossible, délai au-delà de la loi, mentions manquantes, clients que nul courriel n’atteint. Ce qui est marqué « bloque » n’est pas relancé avant d’être corrigé.",
			"Missing or impossible due dates, terms beyond the law, missing mentions, customers whom no e-mail reaches. What is marked “blocks” is not chased before it is mended."),
		UsageText: "acquit lint --blocking", Flags: []cli.Flag{
			p.flag("blocking", p.say("seulement ce qui empêche de relancer", "only what keeps from chasing")),
			&cli.IntFlag{Name: "limit", Value: shown, Usage: p.say("au plus tant de lignes", "at most so many lines")},
		},
		Action: p.doLint,
	}
}

type findingJSON struct {
	Number   string         `json:"number"`
	Customer string         `json:"customer"`
	Name     string         `json:"name"`
	Code     string         `json:"code"`
	Text     string         `json:"text"`
	Source   string         `json:"source"` // the article
	Blocking bool           `json:"blocking"`
	Due      *string        `json:"due"`
	Open     string         `json:"open"`
	Currency money.Currency `json:"currency"`
}

type unreachableJSON struct {
	Customer string `json:"customer"`
	Name     string `json:"name"`
}

type lintJSON struct {
	Findings     []findingJSON     `json:"findings"`
	WithoutEmail []unreachableJSON `json:"without_email"`
}

func (p *Program) doLint(ctx context.Context, c *cli.Command) error {
	out := lintJSON{[]findingJSON{}, []unreachableJSON{}}
	err := p.read(ctx, c, func(r room) error {
		list, err := apply.Findings(ctx, r.tx, r.scope, apply.FindingFilter{
			Blocking: c.Bool("blocking"),
			Limit:    c.Int("limit"),
		})
		if err != nil {
			return err
		}
		for _, f := range list {
			out.Findings = append(out.Findings, findingJSON{
				f.Number, f.Code, f.Name, f.Finding, f.Text.In(p.lang), f.Source, f.Blocking, dayJSON(f.Due),
				f.Open.Decimal(), f.Open.Currency,
			})
		}
		out.WithoutEmail, err = withoutEmail(ctx, r.tx, r.scope, c.Int("limit"))
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(out, func(w io.Writer) {
		t := p.table(w)
		for _, f := range out.Findings {
			blocks := ""
			if f.Blocking {
				blocks = p.say("bloque", "blocks")
			}
			t.row(f.Number, f.Customer, f.Name, blocks, f.Text, f.Source)
		}
		for _, u := range out.WithoutEmail {
			t.row("–", u.Customer, u.Name, "", p.say("aucune adresse électronique valable", "no valid e-mail address"))
		}
		t.end()
		if len(out.Findings)+len(out.WithoutEmail) == 0 {
			fmt.Fprintln(w, p.say("Rien à corriger.", "Nothing to mend."))
		}
	})
}

func withoutEmail(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) ([]unreachableJSON, error) {
	list, err := apply.WithoutEmail(ctx, tx, s, apply.Unreachable{}, limit)
	out := []unreachableJSON{}
	for _, u := range list {
		out = append(out, unreachableJSON{u.Code, u.Name})
	}
	return out, err
}

func (p *Program) reconcile() *cli.Command {
	return &cli.Command{
		Name: "reconcile", Usage: p.say("nos postes ouverts face aux soldes du grand livre (compte 411)", "our open items against the general ledger’s balances (account 411)"),
		Description: p.say("Les soldes viennent du dernier FEC importé. Chaque écart est montré ; sortie 1 s’il y en a.",
			"The balances come from the last FEC that was imported. Every difference is shown; exit status 1 if there is any."),
		UsageText: "acquit reconcile", Flags: []cli.Flag{
			&cli.StringFlag{Name: "currency", Usage: p.say("devise", "currency"), Value: string(money.EUR)},
		},
		Action: p.doReconcile,
	}
}

type differenceJSON struct {
	Customer string `json:"customer"` // empty for the whole account
	Name     string `json:"name"`
	Stated   string `json:"stated"`
	Ours     string `json:"ours"`
}

type reconcileJSON struct {
	On          *cal.Date        `json:"on"` // null when no balance was imported
	Currency    money.Currency   `json:"currency"`
	Stated      string           `json:"stated"`
	Ours        string           `json:"ours"`
	Differences []differenceJSON `json:"differences"`
}

func (p *Program) doReconcile(ctx context.Context, c *cli.Command) error {
	currency, err := money.ParseCurrency(c.String("currency"))
	if err != nil {
		return usage(err)
	}
	var cmp ledger.Comparison
	var known bool
	err = p.read(ctx, c, func(r room) (err error) {
		cmp, known, err = ledger.Compare(ctx, r.tx, r.scope, currency)
		return err
	})
	if err != nil {
		return err
	}
	out := reconcileJSON{
		Currency: currency, Stated: cmp.Stated.Decimal(), Ours: cmp.Ours.Decimal(),
		Differences: []differenceJSON{},
	}
	if known {
		out.On = &cmp.On
	}
	for _, d := range cmp.Differences {
		out.Differences = append(out.Differences, differenceJSON{
			d.Customer, d.Name, d.Stated.Decimal(),
			d.Ours.Decimal(),
		})
	}
	err = p.answer(out, func(w io.Writer) { p.tellCompared(w, cmp, known) })
	if err == nil && len(cmp.Differences) > 0 {
		return errSilent
	}
	return err
}

func (p *Program) tellCompared(w io.Writer, cmp ledger.Comparison, known bool) {
	if !known {
		fmt.Fprintln(w, p.say("Aucun solde du grand livre n’a été importé : acquit import FEC.txt", "No general ledger balance was imported: acquit import FEC.txt"))
		return
	}
	t := p.table(w)
	t.row("", p.say("au ", "on ")+p.lang.Date(cmp.On), number(p.say("grand livre", "general ledger")), number("Acquit"))
	t.row("", p.say("Total", "Total"), cmp.Stated, cmp.Ours)
	for _, d := range cmp.Differences {
		t.row(d.Customer, d.Name, d.Stated, d.Ours)
	}
	t.end()
	if len(cmp.Differences) == 0 {
		fmt.Fprintln(w, p.say("Aucun écart.", "No difference."))
	}
}
