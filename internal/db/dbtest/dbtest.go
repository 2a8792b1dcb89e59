// Package dbtest runs a test on every engine.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"acquit/internal/db"
	"acquit/internal/db/dbtest/cluster"
)

// Now is the instant at which a test's database stands until it is told another.
var Now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// Clock is a clock that a test moves.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock stands at Now.
func NewClock() *Clock { return &Clock{t: Now} }

// Now is the instant it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Set moves it.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// Each runs fn on a fresh, migrated database of each engine. PostgreSQL comes
// from a throw-away cluster; where there is none the test says so.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAt(t, NewClock(), func(t *testing.T, d *db.DB) { fn(t, d) })
}

// EachAt is Each with a clock of the test's own.
func EachAt(t *testing.T, clock *Clock, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t, clock)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t, clock)) })
}

var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "acquit-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), "sqlite:"+path, db.Options{})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(context.Background()); err != nil {
		return nil, err
	}
	d.Close() // the last connection to close folds the WAL into the file
	return os.ReadFile(path)
})

// SQLite is a fresh migrated database in a file of the test's own.
func SQLite(t testing.TB, clock *Clock) *db.DB {
	t.Helper()
	content, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "acquit.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+path, clock)
}

// Postgres is a fresh migrated database of the test cluster.
func Postgres(t testing.TB, clock *Clock) *db.DB {
	t.Helper()
	return open(t, cluster.Fresh(t, migrate), clock)
}

func migrate(ctx context.Context, url string) error {
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx)
}

func open(t testing.TB, url string, clock *Clock) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, db.Options{Now: clock.Now, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}
