package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/db/dbtest/cluster"
	"acquit/internal/fault"
)

// Processes that begin on the same empty database make one schema together, and
// what else belongs to it once at a time.
func TestProcessesThatBeginTogetherMakeOneSchema(t *testing.T) {
	t.Parallel()
	for engine, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		"postgres": func(t *testing.T) string { return cluster.URL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			at := url(t)
			var begun sync.WaitGroup
			alone := sync.Mutex{}
			errs := make([]error, 4)
			for i := range errs {
				begun.Go(func() {
					errs[i] = begin(t.Context(), at, func(context.Context) error {
						if !alone.TryLock() {
							return errors.New("two at once")
						}
						defer alone.Unlock()
						return nil
					})
				})
			}
			begun.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
		})
	}
}

func begin(ctx context.Context, url string, then func(context.Context) error) error {
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx, then)
}

func TestADatabaseOfALaterVersionIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 9999, true)
		if err := d.Migrate(t.Context()); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("migrating is answered with %v", err)
		}
	})
}

// What customers owe is nobody else's to read on the same machine.
func TestAnSQLiteDatabaseIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sub", "a.db")
	d, err := db.Open(t.Context(), "sqlite:"+path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", file, info.Mode())
		}
	}
}
