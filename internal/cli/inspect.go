package cli

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

func (p *Program) inspect() *cli.Command {
	return &cli.Command{
		Name: "inspect", Usage: p.say("ce qu’est un fichier et ce qui en est compris", "what a file is and what was understood of it"),
		ArgsUsage: p.say("FICHIER…", "FILE…"),
		Description: p.say("Sans base de données. Un dossier ou une archive donne tous ses fichiers. Sortie 1 si un fichier ou une ligne est refusé.",
			"Needs no database. A folder or an archive gives all its files. Exit status 1 if a file or a row is refused."),
		UsageText: "acquit inspect factures.csv\nacquit inspect export.csv --map due=\"Date limite\" --map open=5 --json",
		Flags:     p.hintFlags(), Action: p.doInspect,
	}
}

// hintFlags are what a person may say about a file.
func (p *Program) hintFlags() []cli.Flag {
	return []cli.Flag{
		p.texts("map", p.say("CHAMP=COLONNE : la colonne d’un champ, par son nom ou son numéro ; champs : ", "FIELD=COLUMN: the column of a field, by its name or number; fields: ")+fieldNames()),
		p.text("format", p.say("lire comme ce format", "read as this format")),
		p.text("encoding", p.say("encodage : utf-8, windows-1252, iso-8859-15, utf-16…", "encoding: utf-8, windows-1252, iso-8859-15, utf-16…")),
		p.text("separator", p.say("séparateur des colonnes", "separator of columns")),
		p.text("decimal", p.say("signe décimal : « , » ou « . »", "decimal sign: “,” or “.”")),
		p.text("dates", p.say("ordre des dates : dmy, mdy ou ymd", "order of dates: dmy, mdy or ymd")),
		p.text("sheet", p.say("feuille du classeur", "sheet of the workbook")),
		&cli.IntFlag{Name: "header", Usage: p.say("ligne des noms de colonnes", "line of the column names")},
		p.text("currency", p.say("devise des montants qui n’en disent aucune, par défaut EUR", "currency of amounts that name none, EUR by default")),
		p.text("kind", p.say("ce que sont les lignes : invoice, credit_note, payment, customer ou entry (opérations bancaires)", "what the rows are: invoice, credit_note, payment, customer or entry (of a bank)")),
		p.text("account", p.say("IBAN ou numéro du compte, pour un relevé qui ne le dit pas", "IBAN or number of the account, for a statement that does not tell")),
	}
}

func fieldNames() string {
	var names []string
	for _, f := range ingest.Fields() {
		names = append(names, string(f.Field))
	}
	return strings.Join(names, ", ")
}

// hints are what the flags say about the files.
func (p *Program) hints(c *cli.Command) (h ingest.Hints, err error) {
	h = ingest.Hints{
		Format: ingest.Format(c.String("format")), Encoding: c.String("encoding"), Sheet: c.String("sheet"),
		HeaderLine: c.Int("header"), Account: c.String("account"),
	}
	for _, text := range c.StringSlice("map") {
		name, column, _ := strings.Cut(text, "=")
		f, ok := ingest.ParseField(name)
		if !ok || column == "" {
			return h, wrong("map", p.say("illisible : ", "unreadable: ")+text,
				p.say("CHAMP=COLONNE, avec CHAMP parmi ", "FIELD=COLUMN, with FIELD among ")+fieldNames())
		}
		if h.Mapping == nil {
			h.Mapping = map[ingest.Field]string{}
		}
		h.Mapping[f] = column
	}
	for name, into := range map[string]*rune{"separator": &h.Separator, "decimal": &h.Decimal} {
		if *into, err = p.sign(c, name); err != nil {
			return h, err
		}
	}
	if h.DateOrder, err = p.choice(c, "dates", "", "dmy", "mdy", "ymd"); err != nil {
		return h, err
	}
	kind, err := p.choice(c, "kind", "", string(ingest.Invoice), string(ingest.CreditNote), string(ingest.Payment),
		string(ingest.Customers), string(ingest.Entry))
	if err != nil {
		return h, err
	}
	h.Kind = ingest.Kind(kind)
	if text := c.String("currency"); text != "" {
		h.Currency, err = money.ParseCurrency(text)
	}
	return h, usage(err)
}

// sign is a flag of one character; a tabulation may be written in words.
func (p *Program) sign(c *cli.Command, name string) (rune, error) {
	text := c.String(name)
	if slices.Contains([]string{`\t`, "tab"}, text) {
		text = "\t"
	}
	list := []rune(text)
	switch len(list) {
	case 0:
		return 0, nil
	case 1:
		return list[0], nil
	}
	return 0, wrong(name, "--"+name+p.say(" : un seul caractère", ": one character"), "")
}

type documentJSON struct {
	Kind     string         `json:"kind"`
	Number   string         `json:"number"`
	Customer string         `json:"customer"` // its code, else its name, else an identifier
	Name     string         `json:"name"`
	Issued   *string        `json:"issued"`
	Due      *string        `json:"due"`
	Currency money.Currency `json:"currency"`
	Total    *string        `json:"total"`
	Payable  *string        `json:"payable"`
	Label    string         `json:"label,omitempty"` // of a bank entry
	Line     int            `json:"line"`
}

type rejectedJSON struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Reason string `json:"reason"`
	Mend   string `json:"mend,omitempty"`
	Rule   string `json:"rule,omitempty"`
}

func (p *Program) doInspect(ctx context.Context, c *cli.Command) error {
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	h, err := p.hints(c)
	if err != nil {
		return err
	}
	paths, err := p.walk(args)
	if err != nil {
		return err
	}
	i := &inspection{p: p, hints: h}
	if p.json {
		i.out = newStream(p.Out)
		i.out.list("files")
	}
	for _, path := range paths {
		if err := i.path(ctx, path); err != nil {
			return err
		}
	}
	if i.out != nil {
		i.out.done()
		if err := i.out.end(); err != nil {
			return err
		}
	}
	if i.refused {
		return errSilent
	}
	return nil
}

// walk are the files that args name: of a folder, all that lie in it and below
// but hidden ones. What is not there is named too, and a folder without files: it is
// refused when opened.
func (p *Program) walk(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			paths = append(paths, arg)
			continue
		}
		before := len(paths)
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			hidden := path != arg && strings.HasPrefix(filepath.Base(path), ".")
			switch {
			case err != nil:
				return err
			case hidden && d.IsDir():
				return filepath.SkipDir
			case !hidden && d.Type().IsRegular():
				paths = append(paths, path)
			}
			return nil
		})
		if err != nil {
			return nil, p.file("", arg, err)
		}
		if len(paths) == before {
			paths = append(paths, arg)
		}
	}
	return paths, nil
}
