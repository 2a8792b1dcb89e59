package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/bank"
	"acquit/internal/cash"
)

func (p *Program) bankList() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: p.say("les opérations, et ce qui en est fait", "the entries, and what was made of them"),
		UsageText: "acquit bank list --state open --from 2026-11-01\nacquit bank list --account FR7630006000011234567890189 --json",
		Flags: []cli.Flag{
			p.text("account", p.say("le compte : IBAN, numéro ou nom", "the account: IBAN, number or name")),
			p.text("from", p.say("à partir du AAAA-MM-JJ", "from YYYY-MM-DD")),
			p.text("to", p.say("jusqu’au AAAA-MM-JJ compris", "to YYYY-MM-DD included")),
			p.text("state", p.say("ce qui en est fait : ", "what was made of them: ")+joined(cash.States())),
			p.flag("in", p.say("l’argent entré seulement", "money that came in only")),
			p.flag("out", p.say("l’argent sorti seulement", "money that left only")),
			p.text("text", p.say("quelque part dans le libellé, le nom ou les références", "somewhere in the label, the name or the references")),
			&cli.IntFlag{Name: "limit", Usage: p.say("au plus tant d’opérations", "at most so many entries")},
		},
		Action: p.doBankList,
	}
}

func (p *Program) doBankList(ctx context.Context, c *cli.Command) error {
	f, err := p.bankFilter(c)
	if err != nil {
		return err
	}
	a := entriesJSON{Entries: []matchedJSON{}}
	limit := c.Int("limit")
	if limit <= 0 && !p.json {
		limit = shown
	}
	more := false
	err = p.read(ctx, c, func(r room) (err error) {
		if name := c.String("account"); name != "" {
			if f.Account, err = bank.FindSource(ctx, r.tx, r.scope, name); err != nil {
				return err
			}
		}
		a.Entries, more, err = p.bankPages(ctx, r, f, limit)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(a, func(w io.Writer) {
		if len(a.Entries) == 0 {
			fmt.Fprintln(w, p.say("Aucune opération.", "No entry."))
		}
		p.tellEntries(w, a.Entries)
		if more {
			fmt.Fprintln(w, p.say("… et d’autres : --limit, --from, --to ou --json", "… and more: --limit, --from, --to or --json"))
		}
	})
}

func (p *Program) bankFilter(c *cli.Command) (f cash.Filter, err error) {
	if f.From, err = p.day(c, "from"); err != nil {
		return f, err
	}
	if f.To, err = p.day(c, "to"); err != nil {
		return f, err
	}
	state, err := p.choice(c, "state", "", texts(cash.States())...)
	if err != nil {
		return f, err
	}
	if state != "" {
		f.States = []cash.State{cash.State(state)}
	}
	f.In, f.Out, f.Text = c.Bool("in"), c.Bool("out"), c.String("text")
	return f, nil
}

// bankPages goes through the pages of a list up to a number of entries, or all; more
// tells whether some are left.
func (p *Program) bankPages(
	ctx context.Context, r room, f cash.Filter, limit int,
) (list []matchedJSON, more bool, err error) {
	const page = 500
	list = []matchedJSON{}
	for {
		f.Limit = page
		if limit > 0 {
			f.Limit = min(page, limit-len(list)+1)
		}
		lines, err := cash.List(ctx, r.tx, r.scope, f)
		if err != nil {
			return nil, false, err
		}
		full := len(lines) == f.Limit
		if limit > 0 && len(list)+len(lines) > limit {
			lines, more = lines[:limit-len(list)], true
		}
		some, err := p.matched(ctx, r.tx, r.scope, lines)
		if err != nil {
			return nil, false, err
		}
		list = append(list, some...)
		if !full || more {
			return list, more, nil
		}
		f.After = lines[len(lines)-1].Place(f.Order)
	}
}
