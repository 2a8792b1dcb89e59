package db

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"acquit/internal/db/migration"
)

type postgres struct {
	pgx *pgxpool.Pool
}

func openPostgres(ctx context.Context, url string) (*postgres, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	p, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := p.Ping(ctx); err != nil {
		p.Close()
		return nil, onOneLine(err)
	}
	return &postgres{pgx: p}, nil
}

// onOneLine is an error that the driver spreads over a line for each address it
// tried, which are often the same.
func onOneLine(err error) error {
	var lines []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return errors.New(strings.Join(lines, " "))
}

func (e *postgres) name() string { return "postgres" }
func (e *postgres) pool() any    { return e.pgx }
func (e *postgres) close()       { e.pgx.Close() }

// exclusive holds an advisory lock on a connection of its own: the server lets
// go of it when the connection dies.
func (e *postgres) exclusive(ctx context.Context, key string) (func(), bool, error) {
	conn, err := e.pgx.Acquire(ctx)
	if err != nil {
		return nil, false, err
	}
	var ok bool
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 1))", key).Scan(&ok)
	if err != nil || !ok {
		conn.Release()
		return nil, false, err
	}
	return func() {
		var free bool
		ctx := context.WithoutCancel(ctx) // it is let go of even when whoever asked is stopped
		err := conn.QueryRow(ctx, "SELECT pg_advisory_unlock(hashtextextended($1, 1))", key).Scan(&free)
		if err != nil || !free { // a connection that dies lets go of everything
			_ = conn.Conn().Close(ctx)
		}
		conn.Release()
	}, true, nil
}

// analyze does at once what the server itself does only after a minute or so.
// Until then a table that has just been filled is planned for as if it were empty
// and joined by reading the whole of it for each row, and what an index could
// answer alone is looked up in the table again. A tenth of the usual sample tells
// full from empty; the server's own count follows.
func (e *postgres) analyze(ctx context.Context, tables []string) error {
	return e.pgx.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		for _, statement := range []string{
			"SET default_statistics_target = 10",
			"VACUUM (ANALYZE) " + strings.Join(tables, ", "),
			"RESET default_statistics_target",
		} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *postgres) migrate(ctx context.Context) error {
	pool := stdlib.OpenDBFromPool(e.pgx)
	defer pool.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, pool, migration.Files)
	if err != nil {
		return err
	}
	return upgrade(ctx, p)
}

func (e *postgres) begin(ctx context.Context, readOnly bool) (session, error) {
	o := pgx.TxOptions{}
	if readOnly {
		o = pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}
	}
	tx, err := e.pgx.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return &postgresTx{tx: tx}, nil
}

type postgresTx struct{ tx pgx.Tx }

func (s *postgresTx) exec(ctx context.Context, query string, args []any) (int64, error) {
	tag, err := s.tx.Exec(ctx, query, postgresArgs(args)...)
	return tag.RowsAffected(), err
}

func (s *postgresTx) query(ctx context.Context, query string, args []any) (rows, error) {
	r, err := s.tx.Query(ctx, query, postgresArgs(args)...)
	return pgxRows{r}, err
}

func (s *postgresTx) lock(ctx context.Context, key string) error {
	_, err := s.tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
	return err
}

// load copies new rows straight in. Rows that may exist are copied beside the
// table first and merged in one statement.
func (s *postgresTx) load(ctx context.Context, l Load) (int64, error) {
	next, stop := iter.Pull(l.Rows)
	defer stop()
	source := &copySource{next: next}
	if len(l.Key) == 0 {
		return s.tx.CopyFrom(ctx, pgx.Identifier{l.Table}, l.Columns, source)
	}
	stage := "stage_" + l.Table
	columns := strings.Join(l.Columns, ", ")
	_, err := s.tx.Exec(ctx,
		"CREATE TEMPORARY TABLE "+stage+" ON COMMIT DROP AS SELECT "+columns+" FROM "+l.Table+" WITH NO DATA")
	if err != nil {
		return 0, err
	}
	if _, err := s.tx.CopyFrom(ctx, pgx.Identifier{stage}, l.Columns, source); err != nil {
		return 0, err
	}
	tag, err := s.tx.Exec(ctx, insertInto(l.Table, l.Columns, "SELECT "+columns+" FROM "+stage)+onConflict(l))
	if err != nil {
		return 0, err
	}
	_, err = s.tx.Exec(ctx, "DROP TABLE "+stage)
	return tag.RowsAffected(), err
}

func (s *postgresTx) columns(ctx context.Context, table string) ([]column, error) {
	return readColumns(ctx, s, `
		SELECT CAST(column_name AS TEXT), CAST(split_part(data_type, ' ', 1) AS TEXT)
		FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1
		ORDER BY ordinal_position`, table)
}

func (s *postgresTx) raw() any                         { return s.tx }
func (s *postgresTx) commit(ctx context.Context) error { return s.tx.Commit(ctx) }

// rollback does not take the request's context: it must run when that ended.
func (s *postgresTx) rollback() error { return s.tx.Rollback(context.Background()) }

// pgxRows closes like the rows of database/sql.
type pgxRows struct{ pgx.Rows }

func (r pgxRows) Close() error {
	r.Rows.Close()
	return r.Err()
}

// copySource gives rows to the COPY protocol.
type copySource struct {
	next func() ([]any, bool)
	row  []any
}

func (c *copySource) Next() bool {
	var ok bool
	c.row, ok = c.next()
	return ok
}

func (c *copySource) Values() ([]any, error) { return postgresArgs(c.row), nil }
func (c *copySource) Err() error             { return nil }
