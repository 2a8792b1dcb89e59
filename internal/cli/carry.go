package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
)

func (p *Program) migrate() *cli.Command {
	return &cli.Command{
		Name: "migrate", Usage: p.say("mettre le schéma de la base à jour", "bring the database’s schema up to date"),
		Description: p.say("Toute commande le fait en ouvrant la base ; celle-ci ne fait que cela, avant de relancer un serveur par exemple.",
			"Every command does so when it opens the database; this one does nothing else, before a server starts again for example."),
		UsageText: "acquit migrate --db postgres://acquit@localhost/acquit", Action: p.doMigrate,
	}
}

func (p *Program) doMigrate(ctx context.Context, c *cli.Command) error {
	b, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer b.DB.Close()
	return p.answer(map[string]any{"engine": b.DB.Engine(), "migrated": true}, func(w io.Writer) {
		fmt.Fprintln(w, p.say("Le schéma de la base est à jour.", "The database’s schema is up to date."))
	})
}

func (p *Program) move() *cli.Command {
	return &cli.Command{
		Name: "move", Usage: p.say("porter toute la base dans une autre, vide", "carry the whole database into another, empty one"),
		Description: p.say("De SQLite vers PostgreSQL ou l’inverse. Ce qui arrive est recalculé avant que la commande dise que c’est fait ; la base de départ n’est pas touchée.",
			"From SQLite to PostgreSQL or back. What arrives is recomputed before the command says that it is done; the source is left alone."),
		UsageText: "acquit move --to postgres://acquit@localhost/acquit",
		Flags:     []cli.Flag{p.text("to", p.say("base d’arrivée (obligatoire)", "target database (required)"))},
		Action: func(ctx context.Context, c *cli.Command) error {
			to, err := p.need(c, "to")
			if err != nil {
				return err
			}
			from, err := p.url(c)
			if err != nil {
				return err
			}
			return p.carry(ctx, from, to, nil)
		},
	}
}

func (p *Program) backup() *cli.Command {
	return &cli.Command{
		Name: "backup", Usage: p.say("sauvegarder toute la base dans un fichier", "save the whole database to a file"),
		Description: p.say("Le fichier est une base SQLite complète, relue et recalculée avant que la commande dise que c’est fait. La clé des secrets n’y est pas : la garder ailleurs.",
			"The file is a complete SQLite database, read back and recomputed before the command says that it is done. The key of the secrets is not in it: keep it elsewhere."),
		ArgsUsage: p.say("FICHIER", "FILE"), UsageText: "acquit backup acquit-2026-11-22.db",
		Action: func(ctx context.Context, c *cli.Command) error {
			path, err := p.argument(c)
			if err != nil {
				return err
			}
			if _, err := os.Stat(path); err == nil {
				return fault.Conflictf(p.say("« %s » existe déjà", "“%s” exists already"), path)
			}
			from, err := p.url(c)
			if err != nil {
				return err
			}
			return p.carry(ctx, from, "sqlite:"+path, noteBackup)
		},
	}
}

func (p *Program) restore() *cli.Command {
	return &cli.Command{
		Name: "restore", Usage: p.say("relire une sauvegarde dans une base vide", "read a backup into an empty database"),
		ArgsUsage: p.say("FICHIER", "FILE"), UsageText: "acquit restore acquit-2026-11-22.db --db sqlite:acquit.db",
		Action: func(ctx context.Context, c *cli.Command) error {
			path, err := p.argument(c)
			if err != nil {
				return err
			}
			if _, err := os.Stat(path); err != nil {
				return p.file("", path, err)
			}
			to, err := p.url(c)
			if err != nil {
				return err
			}
			return p.carry(ctx, "sqlite:"+path, to, nil)
		},
	}
}

// carry copies everything from one database to another and then recomputes what
// arrived: a backup that was never read back is none. Both are opened as they
// are, without the key of the secrets, which travels by another way. done may
// note in the source that it has happened.
func (p *Program) carry(ctx context.Context, from, to string, done func(context.Context, *db.DB) error) error {
	src, err := p.bare(ctx, from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := p.bare(ctx, to)
	if err != nil {
		return err
	}
	defer dst.Close()
	var rows int64
	bar := p.progress()
	err = db.Copy(ctx, src, dst, func(table string, n int64) {
		rows += n
		bar.tell("%s… %d", table, rows)
	})
	bar.end()
	if err != nil {
		return err
	}
	if err := verifyAll(ctx, dst); err != nil {
		return err
	}
	if done != nil {
		if err := done(ctx, src); err != nil {
			return err
		}
	}
	return p.answer(map[string]any{"rows": rows, "verified": true}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("%s lignes copiées ; journal, soldes et pièces vérifiés à l’arrivée.\n", "%s rows copied; journal, balances and files verified on arrival.\n"),
			p.lang.Int(int(rows)))
		if key := keyFile(from); key != "" {
			fmt.Fprintf(w, p.say("La clé des secrets reste dans %s : la garder, ailleurs que la copie.\n", "The key of the secrets stays in %s: keep it, elsewhere than the copy.\n"), key)
		}
	})
}

// bare opens a database and brings its schema up to date, and no more.
func (p *Program) bare(ctx context.Context, url string) (*db.DB, error) {
	d, err := db.Open(ctx, url, db.Options{Now: p.Now})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// keyFile is the file of the key beside an SQLite database, if there is one.
func keyFile(url string) string {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return ""
	}
	path = strings.TrimPrefix(path, "//") + ".key"
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// backupAction is the entry of the journal by which doctor knows how old the
// last backup is.
const backupAction = "backup.done"

func noteBackup(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		all, err := creditor.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			s := creditor.Scope{Creditor: c.ID, Actor: creditor.ActorCLI, Rights: creditor.Manage}
			if err := journal.Write(ctx, tx, s, backupAction, backupSubject(c.ID), struct{}{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func backupSubject(creditor string) string { return "backup/" + creditor }
