package db

import (
	"context"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"

	"acquit/internal/fault"
)

// Migrate brings the schema up to date, then does what else belongs to it. One
// process at a time: others that open the same database wait.
func (d *DB) Migrate(ctx context.Context, then ...func(context.Context) error) (err error) {
	defer fault.Wrap(&err, "migrate")
	release, err := d.alone(ctx, "migrate")
	if err != nil {
		return err
	}
	defer release()
	if err := d.engine.migrate(ctx); err != nil {
		return err
	}
	for _, do := range then {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// patience is how often a process that waits for another asks again: migrating
// an empty database takes a tenth of a second.
const patience = 20 * time.Millisecond

// alone is Exclusive for who can wait.
func (d *DB) alone(ctx context.Context, key string) (release func(), err error) {
	for {
		release, ok, err := d.Exclusive(ctx, key)
		if err != nil || ok {
			return release, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(patience):
		}
	}
}

// upgrade applies the migrations that are missing. A database that has others
// was made by a later version, which may keep there what this one would break.
func upgrade(ctx context.Context, p *goose.Provider) error {
	current, target, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case current > target:
		return &fault.Conflict{Message: fmt.Sprintf(
			"cette base de données vient d’une version plus récente d’Acquit (schéma %d, celle-ci connaît le %d) : mettre le programme à jour",
			current, target)}
	case current == target:
		return nil
	}
	_, err = p.Up(ctx)
	return err
}
