package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver named "sqlite"

	"acquit/internal/db/migration"
)

// sqlite has one writing connection, so that no write ever meets another, and
// several that can only read and see the last committed state.
type sqlite struct {
	path        string
	write, read *sql.DB
	toWrite     *prepared
	toRead      *prepared
}

// The busy timeout comes first: it must hold before WAL is switched on.
const sqlitePragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
	"&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=mmap_size(268435456)&_pragma=temp_store(2)"

// What was committed before a message left must still be there after a power
// cut, or it would leave twice. A database that is thrown away need not wait.
const (
	durable  = "&_pragma=synchronous(FULL)"
	fleeting = "&_pragma=synchronous(OFF)"
)

func openSQLite(ctx context.Context, path string, toBeThrownAway bool) (*sqlite, error) {
	if err := readyFile(path); err != nil {
		return nil, aboutFile(path, err)
	}
	pragmas := sqlitePragmas + durable
	if toBeThrownAway {
		pragmas = sqlitePragmas + fleeting
	}
	file := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()
	write, err := sql.Open("sqlite", file+"?"+pragmas+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		_ = write.Close()
		return nil, aboutFile(path, err)
	}
	read, err := sql.Open("sqlite", file+"?"+pragmas+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	return &sqlite{
		path: path, write: write, read: read, toWrite: newPrepared(write), toRead: newPrepared(read),
	}, nil
}

func (e *sqlite) name() string { return "sqlite" }
func (e *sqlite) pool() any    { return e.write }

func (e *sqlite) close() {
	e.toRead.close()
	e.toWrite.close()
	_ = e.read.Close()
	_ = e.write.Close()
}

// exclusive locks a file beside the database: the system lets go of it when the
// process dies.
func (e *sqlite) exclusive(_ context.Context, key string) (func(), bool, error) {
	sum := sha256.Sum256([]byte(key))
	f, err := os.OpenFile(fmt.Sprintf("%s-%x.lock", e.path, sum[:4]), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	ok, err := lockFile(f)
	if err != nil || !ok {
		_ = f.Close()
		return nil, false, err
	}
	return func() { unlockFile(f) }, true, nil
}

func (e *sqlite) migrate(ctx context.Context) error {
	if err := refuseForeign(ctx, e.write); err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, e.write, migration.Files)
	if err != nil {
		return err
	}
	return upgrade(ctx, p)
}

// analyze does nothing: without counts SQLite goes by which columns an index
// has, and our queries are written for that.
func (e *sqlite) analyze(context.Context, []string) error { return nil }

func (e *sqlite) begin(ctx context.Context, readOnly bool) (session, error) {
	kept := e.toWrite
	if readOnly {
		kept = e.toRead
	}
	if err := kept.prepare(ctx); err != nil {
		return nil, err
	}
	tx, err := kept.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &sqliteTx{tx: tx, kept: kept, stmts: map[string]*sql.Stmt{}}, nil
}

// sqliteTx uses the statements that its pool has prepared, and prepares others
// when it meets them a second time itself: loops are cheap and single queries
// cost no more.
type sqliteTx struct {
	tx    *sql.Tx
	kept  *prepared
	stmts map[string]*sql.Stmt
}

func (s *sqliteTx) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	st, seen := s.stmts[query]
	if st != nil {
		return st, nil
	}
	if kept := s.kept.find(query); kept != nil {
		st = s.tx.StmtContext(ctx, kept)
		s.stmts[query] = st
		return st, nil
	}
	if !seen {
		s.stmts[query] = nil
		return nil, nil
	}
	st, err := s.tx.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

func (s *sqliteTx) exec(ctx context.Context, query string, args []any) (int64, error) {
	args = sqliteArgs(args)
	st, err := s.stmt(ctx, query)
	if err != nil {
		return 0, err
	}
	var res sql.Result
	if st != nil {
		res, err = st.ExecContext(ctx, args...)
	} else {
		res, err = s.tx.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *sqliteTx) query(ctx context.Context, query string, args []any) (rows, error) {
	args = sqliteArgs(args)
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if st != nil {
		return st.QueryContext(ctx, args...)
	}
	return s.tx.QueryContext(ctx, query, args...)
}

// lock does nothing: a writing transaction has excluded all others since it
// began (_txlock=immediate).
func (s *sqliteTx) lock(context.Context, string) error { return nil }

// rowsAtOnce is how many rows one INSERT takes. A statement a row spends half of
// its time on opening and closing the indexes (28 µs a row of a document, 16 µs
// with twenty at once); more bring nothing.
const rowsAtOnce = 20

func (s *sqliteTx) load(ctx context.Context, l Load) (n int64, err error) {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(l.Columns)), ", ") + ")"
	many := strings.TrimSuffix(strings.Repeat(one+", ", rowsAtOnce), ", ")
	args := make([]any, 0, rowsAtOnce*len(l.Columns))
	var st *sql.Stmt
	for row := range l.Rows {
		args = append(args, sqliteArgs(row)...)
		if len(args) < cap(args) {
			continue
		}
		if st == nil {
			st, err = s.tx.PrepareContext(ctx, insertInto(l.Table, l.Columns, "VALUES "+many)+onConflict(l))
			if err != nil {
				return n, err
			}
			defer st.Close()
		}
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return n, err
		}
		n += rowsAtOnce
		args = args[:0]
	}
	rest, err := s.loadOneByOne(ctx, insertInto(l.Table, l.Columns, "VALUES "+one)+onConflict(l), args, len(l.Columns))
	return n + rest, err
}

// loadOneByOne writes the rows that do not fill a statement of many, by one that
// is kept: most loads are of a single row.
func (s *sqliteTx) loadOneByOne(ctx context.Context, query string, args []any, columns int) (n int64, err error) {
	for ; len(args) > 0; args = args[columns:] {
		if _, err := s.exec(ctx, query, args[:columns]); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *sqliteTx) columns(ctx context.Context, table string) ([]column, error) {
	return readColumns(ctx, s, "SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid", table)
}

func (s *sqliteTx) raw() any                     { return s.tx }
func (s *sqliteTx) commit(context.Context) error { return s.tx.Commit() }
func (s *sqliteTx) rollback() error              { return s.tx.Rollback() }

func insertInto(table string, columns []string, source string) string {
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") " + source
}

func onConflict(l Load) string {
	if len(l.Key) == 0 {
		return ""
	}
	if len(l.Update) == 0 {
		return " ON CONFLICT (" + strings.Join(l.Key, ", ") + ") DO NOTHING"
	}
	sets := make([]string, len(l.Update))
	for i, c := range l.Update {
		sets[i] = c + " = excluded." + c
	}
	return " ON CONFLICT (" + strings.Join(l.Key, ", ") + ") DO UPDATE SET " + strings.Join(sets, ", ")
}
