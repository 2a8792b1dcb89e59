package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

func (p *Program) generate() *cli.Command {
	return &cli.Command{
		Name: "generate", Usage: p.say("un grand livre synthétique, aux payeurs vraisemblables", "a synthetic ledger, with lifelike payers"),
		Description: p.say("Pour les essais et les mesures : les fichiers s’importent comme ceux d’un logiciel de comptabilité. La même graine et le même jour donnent les mêmes octets.",
			"For trials and measurements: the files are imported like those of an accounting tool. The same seed and day give the same bytes."),
		UsageText: "acquit generate --customers 2000 --invoices 10000 --seed 7 --out essai/",
		Flags: []cli.Flag{
			&cli.IntFlag{
				Name: "customers", Value: demoCustomers,
				Usage: p.say("nombre de clients", "number of customers"),
			},
			&cli.IntFlag{Name: "invoices", Usage: p.say("nombre de factures ouvertes, par défaut cinq par client", "number of open invoices, five a customer by default")},
			&cli.UintFlag{Name: "seed", Value: demoSeed, Usage: p.say("graine", "seed")},
			p.onFlag(),
			&cli.IntFlag{Name: "history", Usage: p.say("mois de factures réglées avant ce jour", "months of settled invoices before that day")},
			&cli.IntFlag{Name: "bank", Usage: p.say("mois de relevés bancaires après ce jour, et la vérité à côté", "months of bank statements after that day, and the truth beside them")},
			&cli.IntFlag{
				Name: "entries", Usage: p.say("nombre maximal d’écritures bancaires", "most entries of the bank"),
			},
			p.text("bank-format", p.say("camt (par défaut), cfonb120, mt940, ofx ou csv", "camt (the default), cfonb120, mt940, ofx or csv")),
			&cli.BoolFlag{Name: "bank-daily", Usage: p.say("un relevé par jour, et non par mois", "a statement for each day, not for each month")},
			p.text("out", p.say("dossier (obligatoire)", "folder (required)")),
		},
		Action: p.doGenerate,
	}
}

// openPerCustomer is how many invoices a customer has open on average: what
// monthly invoicing at 60 days, paid late, comes to.
const openPerCustomer = 5

type generatedJSON struct {
	Dir         string   `json:"dir"`
	Files       []string `json:"files"`
	Customers   int      `json:"customers"`
	Invoices    int      `json:"invoices"`
	CreditNotes int      `json:"credit_notes"`
	Payments    int      `json:"payments"`
	Open        []string `json:"open"`
	Entries     int      `json:"entries,omitempty"`    // of the bank
	Unknowable  int      `json:"unknowable,omitempty"` // that nobody could tell from the statements alone
}

func (p *Program) doGenerate(ctx context.Context, c *cli.Command) error {
	dir, err := p.need(c, "out")
	if err != nil {
		return err
	}
	on, err := p.dayOr(c, "on", cal.Of(p.Now()))
	if err != nil {
		return err
	}
	o := GenerateOptions{
		Dir: dir, Customers: c.Int("customers"), Invoices: c.Int("invoices"), Seed: uint64(c.Uint("seed")), On: on,
		History: c.Int("history"), Bank: c.Int("bank"), Entries: c.Int("entries"), BankFormat: c.String("bank-format"),
		BankDaily: c.Bool("bank-daily"),
	}
	if o.Bank == 0 && (c.IsSet("entries") || c.IsSet("bank-format") || c.IsSet("bank-daily")) {
		return usage(fault.Invalidf("bank", "--entries, --bank-format et --bank-daily demandent --bank"))
	}
	if o.Invoices == 0 {
		o.Invoices = openPerCustomer * o.Customers
	}
	bar := p.progress()
	o.Progress = func(done int) { bar.tell("%s…", customers.Count(p.lang, done)) }
	g, err := p.Generate(ctx, o)
	bar.end()
	if err != nil {
		return p.notGenerated(err)
	}
	out := generatedJSON{
		dir, append([]string{}, g.Files...), g.Customers, g.Invoices, g.CreditNotes, g.Payments,
		append([]string{}, g.Open...), g.Entries, g.Unknowable,
	}
	return p.answer(out, func(w io.Writer) {
		fmt.Fprintf(w, p.say("%s, %s ouvertes, dans %s :\n", "%s, %s open, in %s:\n"),
			customers.Count(p.lang, out.Customers), invoices.Count(p.lang, out.Invoices), dir)
		if out.Entries > 0 {
			fmt.Fprintf(w, p.say("%d écritures bancaires, dont %d que personne ne saurait affecter sans demander\n",
				"%d entries of the bank, %d of which nobody could allocate without asking\n"), out.Entries, out.Unknowable)
		}
		for _, f := range out.Files {
			fmt.Fprintf(w, "  %s\n", f)
		}
	})
}

// notGenerated says in words why a ledger was not written: wrong numbers, or a
// folder that cannot be written.
func (p *Program) notGenerated(err error) error {
	if fault.KindOf(err) == fault.KindInvalid {
		return usage(err)
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return p.file("out", e.Path, err)
	}
	return err
}
