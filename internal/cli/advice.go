package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/advice"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// bankAdvice is the verb of remittance advices, below « bank ».
func (p *Program) bankAdvice() *cli.Command {
	return &cli.Command{
		Name: "advice", Usage: p.say("les avis de règlement : ce que des clients disent payer", "remittance advices: what customers say that they pay"),
		ArgsUsage: p.say("[FICHIER…]", "[FILE…]"),
		Description: p.say("Un avis (PDF, tableau, classeur, Word, EDIFACT, mail .eml ou .msg, ou son texte) est joint à l’opération donnée. Sans --entry, l’opération est cherchée par son montant, son jour et le nom du payeur, et l’avis l’attend si elle n’est pas encore venue. Sans fichier : les avis qui attendent. Un avis déjà reçu se donne aussi par son identifiant, avec --entry, --detach ou --withdraw.",
			"An advice (PDF, table, workbook, Word, EDIFACT, .eml or .msg mail, or its text) is attached to the given entry. Without --entry, the entry is looked for by its amount, its day and the payer’s name, and the advice waits for it where it has not come yet. Without a file: the advices that wait. An advice that was received is also given by its identifier, with --entry, --detach or --withdraw."),
		UsageText: "acquit bank advice avis.pdf --entry ent_…\nacquit bank advice detail.csv courriel.eml\nacquit bank advice avis.pdf --dry-run\nacquit bank advice adv_… --withdraw \"envoyé deux fois\"",
		Flags: []cli.Flag{
			p.text("entry", p.say("opération bancaire à laquelle joindre", "entry of the bank to attach to")),
			p.flag("dry-run", p.say("montrer ce qui est compris, sans base de données", "show what is understood, without a database")),
			p.text("detach", p.say("séparer un avis de son opération, avec le motif", "take an advice off its entry, with the reason")),
			p.text("withdraw", p.say("retirer un avis, avec le motif", "withdraw an advice, with the reason")),
		},
		Action: p.doBankAdvice,
	}
}

type adviceJSON struct {
	ID        string           `json:"id"` // empty with --dry-run
	File      string           `json:"file"`
	Payer     string           `json:"payer"`
	Reference string           `json:"reference"`
	PaidOn    *string          `json:"paid_on"`
	Total     *string          `json:"total"` // that the advice states
	Currency  money.Currency   `json:"currency"`
	Entry     string           `json:"entry"` // empty while it waits
	Lines     []adviceLineJSON `json:"lines"`
	Warnings  []string         `json:"warnings"`
}

type adviceLineJSON struct {
	Number   string  `json:"number"`
	On       *string `json:"on"`
	Amount   *string `json:"amount"`
	Discount *string `json:"discount"`
}

func (p *Program) doBankAdvice(ctx context.Context, c *cli.Command) error {
	var list []advice.Kept
	var err error
	switch {
	case c.Args().Len() == 0:
		err = p.read(ctx, c, func(r room) (err error) {
			list, err = advice.Waiting(ctx, r.tx, r.scope)
			return err
		})
	case c.String("detach") != "" || c.String("withdraw") != "":
		list, err = p.parted(ctx, c)
	default:
		list, err = p.advices(ctx, c)
	}
	if err != nil {
		return err
	}
	if c.Args().Len() > 0 && !c.Bool("dry-run") { // what they say changes what their entries may pay
		err = p.within(ctx, c, func(b *Books, s creditor.Scope) error {
			_, err := cash.Run(ctx, b.DB, s, cash.Options{})
			return err
		})
		if err != nil {
			return err
		}
	}
	return p.showAdvices(list)
}

// parted takes advices off their entries, or out for good.
func (p *Program) parted(ctx context.Context, c *cli.Command) (list []advice.Kept, err error) {
	err = p.write(ctx, c, func(r room) error {
		for _, id := range c.Args().Slice() {
			var k advice.Kept
			if why := c.String("withdraw"); why != "" {
				if err := advice.Withdraw(ctx, r.tx, r.scope, id, why); err != nil {
					return err
				}
				k, err = advice.Find(ctx, r.tx, r.scope, id)
			} else {
				k, err = advice.Detach(ctx, r.tx, r.scope, id, c.String("detach"))
			}
			if err != nil {
				return err
			}
			list = append(list, k)
		}
		return nil
	})
	return list, err
}

// advices reads files, and keeps them unless they are only to be shown; an advice
// that is kept already is attached.
func (p *Program) advices(ctx context.Context, c *cli.Command) (list []advice.Kept, err error) {
	args := c.Args().Slice()
	if len(args) > 1 && c.String("entry") != "" {
		return nil, wrong("entry", p.say("--entry vaut pour un seul avis", "--entry is for one advice"),
			firstExample(c))
	}
	files := make([]advice.File, len(args))
	for i, arg := range args {
		if isAdvice(arg) {
			continue
		}
		if files[i], err = p.openAdvice(arg); err != nil {
			return nil, err
		}
	}
	if c.Bool("dry-run") {
		for i, f := range files {
			list = append(list, advice.Kept{Advice: f.Advice, Name: cmp.Or(f.Name, args[i])})
		}
		return list, nil
	}
	err = p.write(ctx, c, func(r room) error {
		for i, f := range files {
			var k advice.Kept
			if isAdvice(args[i]) {
				k, err = advice.Place(ctx, r.tx, r.scope, args[i], c.String("entry"))
			} else {
				k, err = advice.Attach(ctx, r.tx, r.scope, c.String("entry"), f)
			}
			if err != nil {
				return err
			}
			list = append(list, k)
		}
		return nil
	})
	return list, err
}

// isAdvice tells the identifier of an advice from a file's name.
func isAdvice(arg string) bool { return len(arg) > 4 && arg[:4] == "adv_" }

func (p *Program) openAdvice(path string) (advice.File, error) {
	sources, closing, err := p.openSources([]string{path})
	defer closing()
	if err != nil {
		return advice.File{}, err
	}
	return advice.Open(sources[0])
}

func (p *Program) showAdvices(list []advice.Kept) error {
	answer := struct {
		Advices []adviceJSON `json:"advices"`
	}{Advices: []adviceJSON{}}
	for _, k := range list {
		answer.Advices = append(answer.Advices, adviceOf(k))
	}
	return p.answer(answer, func(w io.Writer) {
		if len(list) == 0 {
			fmt.Fprintln(w, p.say("Aucun avis de règlement n’attend.", "No remittance advice waits."))
		}
		for i, k := range list {
			if i > 0 {
				fmt.Fprintln(w)
			}
			p.showAdvice(w, k)
		}
	})
}

func (p *Program) showAdvice(w io.Writer, k advice.Kept) {
	fmt.Fprintln(w, k.Name)
	state := p.say("attend son opération", "waits for its entry")
	switch {
	case k.Withdrawn != "":
		state = p.say("retiré : ", "withdrawn: ") + k.Withdrawn
	case k.ID == "":
		state = p.say("lu, rien n’est gardé", "read, nothing is kept")
	case k.Entry != "":
		state = p.say("joint à ", "attached to ") + k.Entry
	}
	fmt.Fprintf(w, "  %s %s\n", k.ID, state)
	for _, x := range [][2]string{{p.say("Payeur", "Payer"), k.Payer}, {p.say("Référence", "Reference"), k.Reference}} {
		if x[1] != "" {
			fmt.Fprintf(w, p.say("  %s\u00a0: %s\n", "  %s: %s\n"), x[0], x[1])
		}
	}
	if k.PaidOn != 0 {
		fmt.Fprintf(w, p.say("  Paiement du %s\n", "  Paid on %s\n"), p.cell(k.PaidOn))
	}
	t := p.table(w)
	for _, l := range k.Lines {
		discount := ""
		if ingest.Known(l.Discount) {
			discount = p.say("escompte ", "discount ") + p.cell(l.Discount)
		}
		t.row(" ", l.Number, l.On, orNothing(l.Amount), discount)
	}
	if paid, ok := k.Paid(); ok {
		label := p.say("Total", "Total")
		if sum, agreed := k.Sum(); ingest.Known(k.Total) && agreed && sum != paid {
			t.row(" ", p.say("Total des lignes", "Sum of the lines"), "", sum, "")
			label = p.say("Total annoncé", "Total announced")
		}
		t.row(" ", label, "", paid, "")
	}
	t.end()
	if k.ID != "" && k.Entry == "" && k.Withdrawn == "" {
		fmt.Fprintln(w, "  "+k.Why().In(p.lang))
	}
	for _, one := range k.Warnings {
		fmt.Fprintln(w, "  ! "+one.Text)
	}
}

func adviceOf(k advice.Kept) adviceJSON {
	j := adviceJSON{
		ID: k.ID, File: k.Name, Payer: k.Payer, Reference: k.Reference, PaidOn: dayJSON(k.PaidOn), Entry: k.Entry,
		Total: amountJSON(k.Total), Lines: []adviceLineJSON{}, Warnings: []string{},
	}
	if paid, ok := k.Paid(); ok {
		j.Currency = paid.Currency
	}
	for _, l := range k.Lines {
		j.Lines = append(j.Lines, adviceLineJSON{l.Number, dayJSON(l.On), amountJSON(l.Amount), amountJSON(l.Discount)})
	}
	for _, w := range k.Warnings {
		j.Warnings = append(j.Warnings, w.Text)
	}
	return j
}

// orNothing is an amount as a table shows it, or nothing where it is not known.
func orNothing(a money.Amount) any {
	if !ingest.Known(a) {
		return nil
	}
	return a
}
