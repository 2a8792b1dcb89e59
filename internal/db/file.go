package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	sqlitelib "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"acquit/internal/fault"
)

// readyFile makes the file of a database where there is none. It is its owner's
// alone, and so is what SQLite puts beside it: it holds what customers owe.
func readyFile(path string) error {
	if path == "" {
		return errors.New("il manque le chemin du fichier")
	}
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// aboutFile says in words why the file of a database cannot be used.
func aboutFile(path string, err error) error {
	why := err.Error()
	e, ours := errors.AsType[*sqlitelib.Error](err)
	switch {
	case path == "":
		return err
	case errors.Is(err, fs.ErrPermission):
		why = "accès refusé"
	case errors.Is(err, syscall.EISDIR):
		why = "c’est un dossier"
	case !ours:
	case e.Code()&0xff == sqlitecode.SQLITE_NOTADB:
		why = "ce n’est pas une base de données"
	case e.Code()&0xff == sqlitecode.SQLITE_READONLY, e.Code()&0xff == sqlitecode.SQLITE_CANTOPEN:
		why = "le fichier et son dossier doivent pouvoir être écrits"
	}
	return fmt.Errorf("«\u00a0%s\u00a0»\u00a0: %s", path, why)
}

// refuseForeign keeps us out of a database that another program made.
func refuseForeign(ctx context.Context, pool *sql.DB) error {
	var tables, ours int
	err := pool.QueryRowContext(ctx, `
		SELECT count(*), count(CASE WHEN name = 'goose_db_version' THEN 1 END)
		FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables, &ours)
	if err == nil && tables > 0 && ours == 0 {
		err = &fault.Conflict{Message: "cette base de données n’est pas celle d’Acquit"}
	}
	return err
}
