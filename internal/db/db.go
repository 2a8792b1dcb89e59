// Package db runs the same SQL on SQLite and on PostgreSQL.
//
// A query is written once, with $1, $2 … placeholders, in the subset that both
// engines share. What they do differently is in sqlite.go and postgres.go and
// nowhere else: opening, beginning, locking, loading in bulk, and naming a
// violated constraint.
package db

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"acquit/internal/fault"
	"acquit/internal/id"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine engine
	now    func() time.Time
	ids    *id.Maker
}

// Options are what a database needs beside its address. The zero Options are
// the system's clock and a random seed.
type Options struct {
	Now  func() time.Time
	Seed uint64
	// Fleeting is a database that is thrown away at the end: nothing waits until
	// the disk has it. SQLite alone heeds it.
	Fleeting bool
}

// engine is one of SQLite and PostgreSQL.
type engine interface {
	name() string
	begin(ctx context.Context, readOnly bool) (session, error)
	migrate(ctx context.Context) error
	exclusive(ctx context.Context, key string) (func(), bool, error)
	analyze(ctx context.Context, tables []string) error
	pool() any
	close()
}

// session is a transaction of an engine.
type session interface {
	exec(ctx context.Context, query string, args []any) (int64, error)
	query(ctx context.Context, query string, args []any) (rows, error)
	lock(ctx context.Context, key string) error
	load(ctx context.Context, l Load) (int64, error)
	columns(ctx context.Context, table string) ([]column, error)
	raw() any
	commit(ctx context.Context) error
	rollback() error
}

type rows interface {
	Row
	Next() bool
	Err() error
	Close() error
}

// Row is the current row of an answer.
type Row interface {
	Scan(dest ...any) error
}

// Open opens the database at url: sqlite:PATH (a file, made if missing) or
// postgres://…. It does not migrate it.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Seed == 0 {
		o.Seed = uint64(time.Now().UnixNano())
	}
	d := &DB{now: o.Now, ids: id.NewMaker(o.Seed)}
	var err error
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "sqlite":
		d.engine, err = openSQLite(ctx, strings.TrimPrefix(rest, "//"), o.Fleeting)
	case "postgres", "postgresql":
		d.engine, err = openPostgres(ctx, url)
	default:
		return nil, &fault.Invalid{
			Field: "db", Message: fmt.Sprintf("base de données « %s » inconnue", url),
			Mend: "écrire sqlite:CHEMIN ou postgres://…",
		}
	}
	if err != nil {
		return nil, &fault.Unavailable{Message: "la base de données ne s’ouvre pas", Err: err}
	}
	return d, nil
}

// Engine is "sqlite" or "postgres".
func (d *DB) Engine() string { return d.engine.name() }

// Pool is the engine's own pool, for the job room: *sql.DB (the one writing
// connection of SQLite) or *pgxpool.Pool.
func (d *DB) Pool() any { return d.engine.pool() }

// Analyze lets the engine take note of what the tables hold, where it plans its
// queries by that: to be called when much has been written at once.
func (d *DB) Analyze(ctx context.Context, tables ...string) (err error) {
	defer fault.Wrap(&err, "analyze")
	return d.engine.analyze(ctx, tables)
}

// Close ends all connections.
func (d *DB) Close() { d.engine.close() }

// Now is the instant by the clock of this database.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// NewID is an identifier of this instant, for what is named before it is written.
func (d *DB) NewID(prefix string) string { return d.ids.New(prefix, d.Now()) }

// Read runs fn in a read-only transaction that sees one state of the database.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return d.run(ctx, true, fn)
}

// Write runs fn in a transaction that is kept unless fn fails.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return d.run(ctx, false, fn)
}

func (d *DB) run(ctx context.Context, readOnly bool, fn func(*Tx) error) error {
	s, err := d.engine.begin(ctx, readOnly)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Now: d.Now(), session: s, ids: d.ids}
	done := false
	defer func() {
		if !done { // fn panicked: the connection must not stay taken
			_ = s.rollback()
		}
	}()
	if err := fn(tx); err != nil {
		done = true
		if e := s.rollback(); e != nil {
			return fmt.Errorf("%w (and rolling back: %w)", err, e)
		}
		return err
	}
	done = true
	if err := s.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Tx is a transaction. Now is the same instant throughout it.
type Tx struct {
	Now     time.Time
	session session
	ids     *id.Maker
}

// NewID is an identifier of this transaction's instant.
func (tx *Tx) NewID(prefix string) string { return tx.ids.New(prefix, tx.Now) }

// Raw is the engine's own transaction, for the job room: *sql.Tx or pgx.Tx.
func (tx *Tx) Raw() any { return tx.session.raw() }

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	n, err := tx.session.exec(ctx, query, args)
	if err != nil {
		return 0, fmt.Errorf("%w in %s", err, brief(query))
	}
	return n, nil
}

// Lock waits until no other transaction holds key, and holds it to the end of
// this one. On SQLite a writing transaction excludes all others anyway.
func (tx *Tx) Lock(ctx context.Context, key string) error { return tx.session.lock(ctx, key) }

// Load is rows to be written in bulk.
type Load struct {
	Table   string
	Columns []string
	Key     []string // of an existing row; empty when every row is new
	Update  []string // columns that an existing row takes; none leaves it alone
	Rows    iter.Seq[[]any]
}

// Load writes rows in bulk and tells how many.
func (tx *Tx) Load(ctx context.Context, l Load) (n int64, err error) {
	defer fault.Wrap(&err, "load %s", l.Table)
	return tx.session.load(ctx, l)
}

// One is the single row that a query answers, or fault.ErrNotFound.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var zero T
	for v, err := range Each(ctx, tx, scan, query, args...) {
		if err != nil {
			return zero, err
		}
		return v, nil
	}
	return zero, fmt.Errorf("%w in %s", fault.ErrNotFound, brief(query))
}

// All is every row that a query answers; never nil.
func All[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	list := []T{}
	for v, err := range Each(ctx, tx, scan, query, args...) {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// Each gives the rows one by one, for answers that must not fill the memory.
// On PostgreSQL the transaction can run nothing else meanwhile.
func Each[T any](
	ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		r, err := tx.session.query(ctx, query, args)
		if err != nil {
			yield(zero, fmt.Errorf("%w in %s", err, brief(query)))
			return
		}
		defer r.Close()
		for r.Next() {
			v, err := scan(r)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := r.Err(); err != nil {
			yield(zero, fmt.Errorf("%w in %s", err, brief(query)))
		}
	}
}

// Value scans a row of one column.
func Value[T any](r Row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// brief is the beginning of a query on one line, for error messages.
func brief(query string) string {
	s := strings.Join(strings.Fields(query), " ")
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return "« " + s + " »"
}
