package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/money"
)

func (p *Program) bank() *cli.Command {
	return p.family("bank", "ce que disent les banques : relevés, opérations, comptes", "what banks say: statements, entries, accounts",
		&cli.Command{
			Name: "import", Usage: p.say("faire entrer des relevés", "take statements in"),
			ArgsUsage: p.say("FICHIER…", "FILE…"), Description: p.say("CAMT.052, .053 et .054, MT940, CFONB 120, OFX, et les exports CSV ou XLSX des banques. Une opération qui revient, dans un autre relevé ou un autre format, est reconnue et n’est pas comptée deux fois.",
				"CAMT.052, .053 and .054, MT940, CFONB 120, OFX, and banks’ CSV or XLSX exports. An entry that comes again, in another statement or format, is known and not counted twice."),
			UsageText: "acquit bank import releve.xml\nacquit bank import export.csv --account FR7630006000011234567890189 --dry-run",
			Flags: append([]cli.Flag{
				p.flag("dry-run", p.say("montrer ce qui changerait, sans rien changer", "show what would change, changing nothing")),
				p.text("source",
					p.say("la banque : ses colonnes sont retenues", "the bank: its columns are remembered")),
				p.text("rejects", p.say("dossier où écrire les lignes refusées", "folder to write refused rows to")),
				p.onFlag(),
			}, p.hintFlags()...),
			Action: p.doBankImport,
		},
		p.bankList(),
		&cli.Command{
			Name: "accounts", Usage: p.say("les comptes, leur solde, et ce qui manque entre leurs relevés", "the accounts, their balance, and what is missing between their statements"),
			UsageText: "acquit bank accounts", Action: p.doBankAccounts,
		},
		&cli.Command{
			Name: "name", Usage: p.say("donner un nom à un compte", "give an account a name"),
			ArgsUsage: p.say("COMPTE NOM", "ACCOUNT NAME"), UsageText: `acquit bank name FR7630006000011234567890189 "Compte courant"`,
			Action: p.doBankName,
		},
		&cli.Command{
			Name: "show", Usage: p.say("une opération, et tout ce qui en a été dit, tel quel", "an entry, and all that was said of it, as it came"),
			ArgsUsage: p.say("OPÉRATION", "ENTRY"), UsageText: "acquit bank show ent_…", Action: p.doBankShow,
		},
		p.bankAdvice())
}

func (p *Program) doBankImport(ctx context.Context, c *cli.Command) error {
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	o, err := p.importOptions(c)
	if err != nil {
		return err
	}
	if o.Hints.Kind == "" {
		o.Hints.Kind = ingest.Entry
	}
	return p.importFiles(ctx, c, args, o)
}

// bankStatementJSON is a statement of a bank's file.
type bankStatementJSON struct {
	Account  string             `json:"account"`
	Kind     bank.StatementKind `json:"kind"`
	Number   string             `json:"number"`
	Currency money.Currency     `json:"currency"`
	From     *string            `json:"from"`
	To       *string            `json:"to"`
	Opening  *string            `json:"opening"`
	Closing  *string            `json:"closing"`

	from, to         cal.Date
	opening, closing money.Amount
}

// firstStatements is how many statements of a file a person is shown.
const firstStatements = 12

func statementsOf(f *ingest.File) []bankStatementJSON {
	list := []bankStatementJSON{}
	for _, s := range f.Statements {
		one := bankStatementJSON{
			Account: s.Account.Key(), Kind: s.Kind, Number: s.Number, Currency: s.Currency, From: dayJSON(s.From),
			To: dayJSON(s.To), from: s.From, to: s.To,
		}
		if s.Opening != nil {
			one.opening, one.Opening = s.Opening.Amount, amountJSON(s.Opening.Amount)
		}
		if s.Closing != nil {
			one.closing, one.Closing = s.Closing.Amount, amountJSON(s.Closing.Amount)
		}
		list = append(list, one)
	}
	return list
}

func (p *Program) statementWords(s bankStatementJSON) string {
	text := cmp.Or(s.Account, p.say("compte non précisé", "account not told"))
	if s.from != 0 {
		text += fmt.Sprintf(p.say(", du %s au %s", ", from %s to %s"), p.lang.Date(s.from), p.lang.Date(s.to))
	}
	if s.Opening != nil && s.Closing != nil {
		text += fmt.Sprintf(p.say(", de %s à %s", ", from %s to %s"), p.lang.Amount(s.opening),
			p.lang.Amount(s.closing))
	}
	return text
}

// tellAccounts shows what a bank's file tells of each account.
func (p *Program) tellAccounts(w io.Writer, list []apply.AccountReport) {
	for _, a := range list {
		fmt.Fprintf(w, p.say("  Compte %s : %s", "  Account %s: %s"), p.accountName(a),
			operations.Count(p.lang, a.Entries))
		if a.From != 0 {
			fmt.Fprintf(w, p.say(" du %s au %s", " from %s to %s"), p.lang.Date(a.From), p.lang.Date(a.To))
		}
		if closing, err := money.Parse(a.Closing, a.Currency); err == nil {
			fmt.Fprintf(w, p.say(", solde %s", ", balance %s"), p.lang.Amount(closing))
		}
		fmt.Fprintln(w)
		for _, g := range a.Gaps {
			fmt.Fprintf(w, p.say("  Attention : %s\n", "  Warning: %s\n"), g)
		}
	}
}

func (p *Program) accountName(a apply.AccountReport) string {
	if a.Name != "" {
		return a.Name + " (" + a.Account + ")"
	}
	return a.Account
}

// accountJSON is an account that statements speak of.
type accountJSON struct {
	ID        string         `json:"id"`
	Account   string         `json:"account"`
	Name      string         `json:"name"`
	Holder    string         `json:"holder"`
	Currency  money.Currency `json:"currency"`
	Entries   int            `json:"entries"`
	From      *string        `json:"from"`
	To        *string        `json:"to"` // the newest day known
	Balance   *string        `json:"balance"`
	BalanceOn *string        `json:"balance_on"`
	Imported  *string        `json:"imported_at"`
	Gaps      []gapJSON      `json:"gaps"`

	held bank.Held
}

type gapJSON struct {
	Kind   bank.GapKind `json:"kind"`
	From   cal.Date     `json:"from"`
	To     cal.Date     `json:"to"`
	Amount string       `json:"amount"`
	Text   string       `json:"text"`
	Ask    string       `json:"ask"`
}

func (p *Program) doBankAccounts(ctx context.Context, c *cli.Command) error {
	list := []accountJSON{}
	err := p.read(ctx, c, func(r room) error {
		held, err := bank.Accounts(ctx, r.tx, r.scope)
		if err != nil {
			return err
		}
		gaps, err := bank.Chain(ctx, r.tx, r.scope, "")
		for _, h := range held {
			list = append(list, p.accountOf(h, gaps))
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"accounts": list}, func(w io.Writer) { p.tellBankAccounts(w, list) })
}

func (p *Program) accountOf(h bank.Held, gaps []bank.Gap) accountJSON {
	a := accountJSON{
		ID: h.Source.ID, Account: h.Source.Account.Key(), Name: h.Source.Label, Holder: h.Source.Account.Name,
		Currency: h.Currency, Entries: h.Entries, From: dayJSON(h.First), To: dayJSON(h.Source.On),
		Imported: instantJSON(h.Source.ImportedAt), Gaps: []gapJSON{}, held: h,
	}
	if h.Balance != nil {
		a.Balance, a.BalanceOn = amountJSON(h.Balance.Amount), dayJSON(h.Balance.On)
	}
	for _, g := range gaps {
		if g.Source == h.Source.ID && g.Currency == h.Currency {
			a.Gaps = append(a.Gaps, gapJSON{
				g.Kind, g.From, g.To, g.Amount().Decimal(), g.Words().In(p.lang),
				g.Ask().In(p.lang),
			})
		}
	}
	return a
}

func (p *Program) tellBankAccounts(w io.Writer, list []accountJSON) {
	t := p.table(w)
	for _, a := range list {
		balance := any("")
		if a.held.Balance != nil {
			balance = a.held.Balance.Amount
		}
		name := a.Account
		if a.Name != "" {
			name = a.Name
		}
		t.row(name, a.Holder, operations.Count(p.lang, a.Entries), a.held.Source.On, balance)
	}
	t.endOr(p.say("Aucun relevé n’est encore entré : acquit bank import FICHIER…", "No statement has come in yet: acquit bank import FILE…"))
	for _, a := range list {
		for _, g := range a.Gaps {
			fmt.Fprintf(w, p.say("Attention, compte %s : %s\n  %s\n", "Warning, account %s: %s\n  %s\n"), a.Account,
				g.Text, g.Ask)
		}
	}
}

func (p *Program) doBankName(ctx context.Context, c *cli.Command) error {
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	if len(args) != 2 {
		return wrong("", p.say("il faut un compte et un nom : ", "an account and a name are needed: ")+c.ArgsUsage,
			firstExample(c))
	}
	err = p.write(ctx, c, func(r room) error {
		id, err := bank.FindSource(ctx, r.tx, r.scope, args[0])
		if err != nil {
			return err
		}
		return bank.NameSource(ctx, r.tx, r.scope, id, args[1])
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"account": args[0], "name": args[1]}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("Le compte %s s’appelle « %s ».\n", "Account %s is called “%s”.\n"), args[0], args[1])
	})
}

// recordJSON is what a statement said of an entry, as it came.
type recordJSON struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Import string `json:"import"`
	Format string `json:"format"`
	Line   int    `json:"line"`
	Hash   string `json:"hash"`
	Raw    string `json:"raw"`
}

func (p *Program) doBankShow(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	var e bank.Kept
	records := []recordJSON{}
	err = p.read(ctx, c, func(r room) (err error) {
		if e, err = bank.Find(ctx, r.tx, r.scope, id); err != nil {
			return err
		}
		list, err := bank.Records(ctx, r.tx, r.scope, id)
		for _, x := range list {
			records = append(records, recordJSON{x.File, x.SHA256, x.Import, x.Format, x.Line, x.Hash, x.Raw})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(p.entryJSON(e, records), func(w io.Writer) { p.tellEntry(w, e, records) })
}

func (p *Program) entryJSON(e bank.Kept, records []recordJSON) any {
	reason := ""
	if e.Return != nil {
		reason = e.Return.Words().In(p.lang)
	}
	return map[string]any{
		"entry": e.ID, "account": e.Statement.Account.Key(), "on": e.On, "value": dayJSON(e.Value), "status": e.Status,
		"amount": e.Amount.Decimal(), "currency": e.Amount.Currency, "means": e.Means, "label": e.Label,
		"texts": append([]string{}, e.Texts...), "references": append([]string{}, e.Structured...),
		"end_to_end": e.EndToEnd, "mandate": e.Mandate, "bank_reference": e.BankRef, "party": e.Party.Name,
		"party_iban": e.Party.IBAN, "returned": reason, "reversal": e.Reversal, "undoes": e.Undoes,
		"undone_by": e.UndoneBy, "batch": e.Whole, "counts": e.Counts,
		"records": records,
	}
}

func (p *Program) tellEntry(w io.Writer, e bank.Kept, records []recordJSON) {
	t := p.table(w)
	t.row(e.ID, e.On, e.Amount, e.Label)
	t.end()
	t = p.table(w)
	facts := [][2]string{
		{p.say("Compte", "Account"), e.Statement.Account.Key()},
		{p.say("Autre partie", "Other side"), e.Party.Name},
		{"IBAN", e.Party.IBAN},
		{p.say("Référence de bout en bout", "End-to-end reference"), e.EndToEnd},
		{p.say("Mandat", "Mandate"), e.Mandate},
		{p.say("Référence de la banque", "Bank’s reference"), e.BankRef},
		{p.say("Reprend", "Takes back"), e.Undoes},
		{p.say("Repris par", "Taken back by"), e.UndoneBy},
	}
	if e.Return != nil {
		facts = append(facts, [2]string{p.say("Motif du rejet", "Reason of the return"), e.Return.Words().In(p.lang)})
	}
	for _, text := range e.Texts {
		facts = append(facts, [2]string{p.say("Texte", "Text"), text})
	}
	for _, f := range facts {
		if f[1] != "" {
			t.row("  "+f[0], f[1])
		}
	}
	t.end()
	for _, r := range records {
		fmt.Fprintf(w, p.say("%s, ligne %d (%s), SHA-256 %s\n%s\n", "%s, line %d (%s), SHA-256 %s\n%s\n"), r.File,
			r.Line, r.Format, r.Hash, r.Raw)
	}
}
