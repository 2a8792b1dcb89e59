package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/setting"
)

// importing is the verb import; the word is Go's.
func (p *Program) importing() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: p.say("faire entrer des fichiers dans les comptes", "take files into the books"),
		ArgsUsage: p.say("FICHIER… (- : l’entrée standard)", "FILE… (-: standard input)"),
		Description: p.say("Le format est reconnu au contenu : tableaux CSV et XLSX, FEC, Factur-X, CII, UBL, relevés bancaires (CAMT, MT940, CFONB 120, OFX), seuls, dans un dossier ou une archive. Ce qui est bon entre ; chaque ligne refusée est montrée avec sa ligne, sa colonne, son motif et le remède. Le même fichier deux fois ne change rien. Avec --mode stock, ce qui n’est plus dans le fichier est soldé. Sortie 1 si une ligne est refusée.",
			"The format is recognised by the content: CSV and XLSX tables, FEC, Factur-X, CII, UBL, bank statements (CAMT, MT940, CFONB 120, OFX), alone, in a folder or in an archive. What is good goes in; each refused row is shown with its line, its column, the reason and the mend. The same file twice changes nothing. With --mode stock, what is no longer in the file is settled. Exit status 1 if a row is refused."),
		UsageText: "acquit import clients.csv factures.csv --dry-run\nacquit import encours.xlsx --mode stock --source sage\nacquit import - < export.csv\nacquit import --list\nacquit import --undo imp_…",
		Flags: append([]cli.Flag{
			p.flag("dry-run", p.say("montrer ce qui changerait, sans rien changer", "show what would change, changing nothing")),
			p.text("mode", p.say("delta (ajouter, corriger) ou stock (liste complète de ce qui reste dû)", "delta (add, correct) or stock (the full list of what is open)")),
			p.text("source", p.say("l’outil d’où viennent les fichiers : ses colonnes sont retenues", "the tool that the files come from: its columns are remembered")),
			p.flag("all-sources", p.say("stock : la liste vaut pour toutes les sources", "stock: the list stands for every source")),
			p.flag("force", p.say("continuer là où l’import s’arrêterait pour demander", "go on where the import would stop to ask")),
			p.text("terms", p.say("délai de paiement des clients qui n’en ont pas : « 30 jours nets »", "payment term of customers who have none: “30 days”")),
			p.text("method", p.say("« fin de mois » : a ou b (voir acquit due)", "“end of month”: a or b (see acquit due)")),
			p.text("rejects", p.say("dossier où écrire les lignes refusées, à corriger puis à importer", "folder to write refused rows to, to be corrected and imported")),
			p.flag("list", p.say("les imports déjà faits", "the imports made so far")),
			p.text("undo", p.say("défaire l’import de cet identifiant", "undo the import of that identifier")),
			p.onFlag(),
		}, p.hintFlags()...),
		Action: p.doImport,
	}
}

func (p *Program) doImport(ctx context.Context, c *cli.Command) error {
	switch {
	case c.Bool("list"):
		return p.doImportList(ctx, c)
	case c.String("undo") != "":
		return p.doImportUndo(ctx, c, c.String("undo"))
	}
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	o, err := p.importOptions(c)
	if err != nil {
		return err
	}
	return p.importFiles(ctx, c, args, o)
}

// importFiles takes files in and tells what they did.
func (p *Program) importFiles(ctx context.Context, c *cli.Command, args []string, o apply.Options) error {
	paths, err := p.walk(args)
	if err != nil {
		return err
	}
	sources, closing, err := p.openSources(paths)
	defer closing()
	if err != nil {
		return err
	}
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		if err := b.vanish(ctx, s, &o); err != nil {
			return err
		}
		bar := p.progress()
		o.Progress = func(g apply.Progress) { bar.tell(p.say("%s : %d lignes…", "%s: %d rows…"), g.File, g.Done) }
		rep, err := apply.Run(ctx, b.DB, s, o, sources...)
		bar.end()
		if err != nil {
			return p.stopped(err)
		}
		var matched cash.Report
		if !o.DryRun {
			if matched, err = cash.After(ctx, b.DB, s); err != nil {
				return err
			}
		}
		if dir := c.String("rejects"); dir != "" {
			if err := p.writeRejects(ctx, b, s, rep, dir); err != nil {
				return err
			}
		}
		if err := p.answer(importOf(rep), func(w io.Writer) {
			p.tellImport(w, rep)
			p.tellMatched(w, matched)
		}); err != nil {
			return err
		}
		for _, f := range rep.Files {
			if f.Refused > 0 || f.Asked != nil {
				return errSilent
			}
		}
		return nil
	})
}

func (p *Program) importOptions(c *cli.Command) (o apply.Options, err error) {
	o = apply.Options{
		Drivers: p.Drivers, Source: c.String("source"), AllSources: c.Bool("all-sources"), DryRun: c.Bool("dry-run"),
		Force: c.Bool("force"), Terms: c.String("terms"),
	}
	mode, err := p.choice(c, "mode", "", string(apply.Delta), string(apply.Stock))
	if err != nil {
		return o, err
	}
	o.Mode = apply.Mode(mode)
	if o.On, err = p.day(c, "on"); err != nil {
		return o, err
	}
	if text := c.String("method"); text != "" {
		if o.Method, err = cal.ParseMethod(text); err != nil {
			return o, usage(err)
		}
	}
	if o.Terms != "" {
		if _, err := cal.ParseTerm(o.Terms); err != nil {
			return o, usage(err)
		}
	}
	o.Hints, err = p.hints(c)
	return o, err
}

// openSources opens files, and « - » for what is piped in; closing closes them
// whatever happened.
func (p *Program) openSources(paths []string) (sources []ingest.Source, closing func(), err error) {
	var files []*os.File
	closing = func() {
		for _, f := range files {
			_ = f.Close() // it was only read
		}
	}
	for _, path := range paths {
		open := ingest.OpenFile
		if path == "-" {
			open = p.openPiped
		}
		f, src, err := open(path)
		if _, mendable := errors.AsType[*fault.Invalid](err); err != nil && !mendable {
			err = p.file("", path, err)
		}
		if err != nil {
			return nil, closing, err
		}
		files = append(files, f)
		sources = append(sources, src)
	}
	return sources, closing, nil
}

// maxPiped bounds what a pipe may put on the disk: more than any file of a company's
// books, and less than a disk.
const maxPiped = 2 << 30

// openPiped is what stands on the standard input, set down in a file: an import reads
// its content more than once. The file has lost its name when it is given.
func (p *Program) openPiped(path string) (_ *os.File, _ ingest.Source, err error) {
	f, err := os.CreateTemp("", "acquit-import-*")
	if err != nil {
		return nil, ingest.Source{}, err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // what failed before is what is told
		}
		_ = os.Remove(f.Name()) // where open files keep their names, it stays in the temporary folder
	}()
	size, err := io.Copy(f, io.LimitReader(p.In, maxPiped+1))
	if err != nil {
		return nil, ingest.Source{}, err
	}
	if size > maxPiped {
		return nil, ingest.Source{}, &fault.Invalid{
			File: path, Message: p.say("plus de 2 Go sur l’entrée standard", "more than 2 GB on the standard input"),
			Mend: p.say("importez le fichier par son nom", "import the file by its name"),
		}
	}
	return f, ingest.Source{Name: "stdin", Content: f, Size: size}, nil
}

// vanish takes from the settings how much a stock file may settle at once.
func (b *Books) vanish(ctx context.Context, s creditor.Scope, o *apply.Options) error {
	return b.DB.Read(ctx, func(tx *db.Tx) error {
		v, err := creditor.Settings(ctx, tx, s)
		if err == nil {
			o.Vanish = setting.StockVanishShare.In(v)
		}
		return err
	})
}

// stopped says how to go on where an import stops to ask.
func (p *Program) stopped(err error) error {
	stop, ok := errors.AsType[*apply.Stop](err)
	if !ok {
		return err
	}
	return fault.Conflictf(p.say("%s. Rien n’a été soldé. Si c’est bien cela : --force", "%s. Nothing was settled. If that is right: --force"),
		stop.Reason)
}

// writeRejects writes what was refused: one table for each file, with its own
// columns and the reasons.
func (p *Program) writeRejects(ctx context.Context, b *Books, s creditor.Scope, rep apply.Report, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return p.file("rejects", dir, err)
	}
	for _, f := range rep.Files {
		if !f.HasRejects() {
			continue
		}
		if err := p.writeRejected(ctx, b, s, rep, f, filepath.Join(dir, apply.RejectsName(f.File))); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) writeRejected(ctx context.Context, b *Books, s creditor.Scope, rep apply.Report, f *apply.FileReport,
	path string,
) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return p.file("rejects", path, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return b.DB.Read(ctx, func(tx *db.Tx) error { return apply.WriteRejects(ctx, tx, s, rep.Import, f, out) })
}
