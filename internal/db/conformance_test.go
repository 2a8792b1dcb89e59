package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
)

// The subset of SQL that both engines are held to. A driver that stops keeping
// it is noticed here and not in the books.
func TestBothEnginesKeepTheSubset(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		exec(t, d, `CREATE TABLE probe (
			k TEXT NOT NULL PRIMARY KEY, n BIGINT, b BOOLEAN NOT NULL, day DATE, at TIMESTAMP, raw BYTEA, words TEXT)`)
		exec(t, d, `CREATE UNIQUE INDEX probe_words ON probe (words) WHERE words IS NOT NULL`)
		day, at := cal.Must("2028-02-29"), time.Date(2026, 10, 25, 0, 59, 59, 123456000, time.UTC)
		exec(t, d, `INSERT INTO probe (k, n, b, day, at, raw, words) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			"a", int64(1)<<62, true, day, at, []byte{0, 255}, "é’")
		exec(t, d, `INSERT INTO probe (k, n, b, day, at, raw, words) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			"b", nil, false, cal.Date(0), time.Time{}, nil, nil)

		t.Run("values come back as they went", func(t *testing.T) {
			var n int64
			var b bool
			var gotDay cal.Date
			var gotAt time.Time
			var raw []byte
			var words string
			one(t, d, func(r db.Row) error { return r.Scan(&n, &b, &gotDay, db.Instant(&gotAt), &raw, db.Text(&words)) },
				`SELECT n, b, day, at, raw, words FROM probe WHERE k = $1`, "a")
			if n != 1<<62 || !b || gotDay != day || !gotAt.Equal(at) || string(raw) != "\x00\xff" || words != "é’" {
				t.Errorf("got %d %v %s %s %v %q", n, b, gotDay, gotAt, raw, words)
			}
			one(t, d, func(r db.Row) error { return r.Scan(&gotDay, db.Instant(&gotAt), db.Text(&words)) },
				`SELECT day, at, words FROM probe WHERE k = $1`, "b")
			if gotDay != 0 || !gotAt.IsZero() || words != "" {
				t.Errorf("NULLs: got %s %s %q", gotDay, gotAt, words)
			}
		})
		for _, c := range []struct {
			name, query string
			args        []any
			want        string
		}{
			{"arguments in any order, repeated", `SELECT $2 || $1 || $2 FROM probe WHERE k = 'a'`, []any{"x", "y"}, "yxy"},
			{"sum of BIGINT", `SELECT CAST(CAST(sum(n) AS BIGINT) AS TEXT) FROM probe`, nil, "4611686018427387904"},
			{"filter", `SELECT CAST(count(*) FILTER (WHERE b = TRUE) AS TEXT) FROM probe`, nil, "1"},
			{"row values", `SELECT k FROM probe WHERE (b, k) > ($1, $2) ORDER BY b, k LIMIT 1`, []any{false, "b"}, "a"},
			{"nulls last", `SELECT k FROM probe ORDER BY n NULLS LAST LIMIT 1`, nil, "a"},
			{"is not distinct from", `SELECT k FROM probe WHERE n IS NOT DISTINCT FROM NULL`, nil, "b"},
			{"like with escape", `SELECT k FROM probe WHERE k LIKE $1 ESCAPE '\'`, []any{"a%"}, "a"},
			{"recursive CTE", `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5)
				SELECT CAST(CAST(sum(i) AS BIGINT) AS TEXT) FROM r`, nil, "15"},
			{"window", `SELECT k FROM (SELECT k, row_number() OVER (ORDER BY k DESC) AS n FROM probe) x WHERE n = 1`, nil, "b"},
			{"days compare", `SELECT k FROM probe WHERE day >= $1 AND day < $2`, []any{day, day.Add(1)}, "a"},
			{"instants compare", `SELECT k FROM probe WHERE at <= $1`, []any{at}, "a"},
			{"day as text", `SELECT substr(CAST(day AS TEXT), 1, 7) FROM probe WHERE k = 'a'`, nil, "2028-02"},
			{"update from", `UPDATE probe SET words = s.k FROM (SELECT 'z' AS k) s WHERE probe.k = 'b' RETURNING words`, nil, "z"},
			{"upsert", `INSERT INTO probe (k, b, words) VALUES ('b', TRUE, 'w')
				ON CONFLICT (k) DO UPDATE SET words = excluded.words WHERE probe.k = 'b' RETURNING words`, nil, "w"},
		} {
			t.Run(c.name, func(t *testing.T) {
				var got string
				scan := func(r db.Row) error { return r.Scan(&got) }
				if strings.HasPrefix(c.query, "SELECT") || strings.HasPrefix(c.query, "WITH") {
					one(t, d, scan, c.query, c.args...)
				} else {
					oneWrite(t, d, scan, c.query, c.args...)
				}
				if got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
		t.Run("a duplicate says so", func(t *testing.T) {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO probe (k, b) VALUES ('a', TRUE)`)
				return err
			})
			if !db.IsDuplicate(err) {
				t.Errorf("got %v", err)
			}
		})
		t.Run("nothing found says so", func(t *testing.T) {
			err := d.Read(ctx, func(tx *db.Tx) error {
				_, err := db.One(ctx, tx, db.Value[string], `SELECT k FROM probe WHERE k = 'none'`)
				return err
			})
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		})
		t.Run("a reading transaction cannot write", func(t *testing.T) {
			err := d.Read(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM probe`)
				return err
			})
			if err == nil {
				t.Error("it could")
			}
		})
	})
}

func TestLoadInsertsUpdatesOrLeavesAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE probe (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, day DATE)`)
		load := func(n int64, l db.Load, keys ...string) {
			t.Helper()
			l.Table, l.Columns = "probe", []string{"k", "n", "day"}
			l.Rows = func(yield func([]any) bool) {
				for _, k := range keys {
					if !yield([]any{k, n, cal.Must("2026-11-22")}) {
						return
					}
				}
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Load(t.Context(), l); return err }); err != nil {
				t.Fatal(err)
			}
		}
		load(1, db.Load{}, "a", "b")
		load(2, db.Load{Key: []string{"k"}, Update: []string{"n"}}, "b", "c")
		load(3, db.Load{Key: []string{"k"}}, "c", "d")
		var got []string
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			got, err = db.All(t.Context(), tx, func(r db.Row) (string, error) {
				var k string
				var n int
				var day cal.Date
				err := r.Scan(&k, &n, &day)
				return fmt.Sprintf("%s %d %s", k, n, day), err
			}, `SELECT k, n, day FROM probe ORDER BY k`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a 1 2026-11-22", "b 2 2026-11-22", "c 2 2026-11-22", "d 3 2026-11-22"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A load takes several rows at a time: none may be lost, doubled or told wrong
// at the seams.
func TestLoadTakesAnyNumberOfRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE probe (k BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)`)
		for _, rows := range []int64{0, 1, 19, 20, 21, 40, 59} {
			var told, sum int64
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				if _, err = tx.Exec(t.Context(), `DELETE FROM probe`); err != nil {
					return err
				}
				told, err = tx.Load(t.Context(), db.Load{Table: "probe", Columns: []string{"k", "n"}, Rows: func(yield func([]any) bool) {
					for i := range rows {
						if !yield([]any{i, 1 << i}) {
							return
						}
					}
				}})
				if err != nil {
					return err
				}
				sum, err = db.One(t.Context(), tx, db.Value[int64], `SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) FROM probe`)
				return err
			})
			if err != nil || told != rows || sum != 1<<rows-1 {
				t.Errorf("%d rows: told %d, sum %b, error %v", rows, told, sum, err)
			}
		}
	})
}

// What has just been filled is still there, whole, when it has been counted.
func TestAnalyzeChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		count := func(tx *db.Tx) (n int64, err error) {
			return db.One(t.Context(), tx, db.Value[int64], `SELECT count(*) FROM creditor`)
		}
		for range 2 {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT INTO creditor (id, name, created_at) VALUES ($1, 'A', $2)`, tx.NewID("crd"), tx.Now)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Analyze(t.Context(), "creditor", "customer"); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			if n, err := count(tx); err != nil || n != 2 {
				t.Errorf("%d rows, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneHolderAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		release, ok, err := d.Exclusive(t.Context(), "send/x")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, ok, err := d.Exclusive(t.Context(), "send/x"); err != nil || ok {
			t.Errorf("a second holder: %v %v", ok, err)
		}
		other, ok, err := d.Exclusive(t.Context(), "send/y")
		if err != nil || !ok {
			t.Fatalf("another key: %v %v", ok, err)
		}
		other()
		release()
		again, ok, err := d.Exclusive(t.Context(), "send/x")
		if err != nil || !ok {
			t.Fatalf("after the release: %v %v", ok, err)
		}
		again()
	})
}

// Both engines must hold the same schema: same tables, same columns in the
// same order, and every one of our tables known to Copy, so that none is left
// behind by a move.
func TestEnginesHoldTheSameSchema(t *testing.T) {
	t.Parallel()
	schema := func(d *db.DB, tables string) map[string][]string {
		t.Helper()
		found := map[string][]string{}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			names, err := db.All(t.Context(), tx, db.Value[string], tables)
			if err != nil {
				return err
			}
			for _, name := range names {
				if found[name], err = db.Columns(t.Context(), tx, name); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	lite := schema(dbtest.SQLite(t, dbtest.NewClock()),
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name`)
	pg := schema(dbtest.Postgres(t, dbtest.NewClock()),
		`SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'goose%' ORDER BY tablename`)
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
	for name := range lite {
		if !slices.Contains(db.Tables, name) {
			t.Errorf("Copy would leave table %s behind", name)
		}
	}
	if len(lite) != len(db.Tables) {
		t.Errorf("%d tables in the schema, %d known to Copy", len(lite), len(db.Tables))
	}
}

func TestCopyCarriesEveryKindOfValueBothWays(t *testing.T) {
	t.Parallel()
	lite, pg, back := dbtest.SQLite(t, dbtest.NewClock()), dbtest.Postgres(t, dbtest.NewClock()), dbtest.SQLite(t, dbtest.NewClock())
	exec(t, lite, `INSERT INTO creditor (id, name, created_at) VALUES ('crd_1', 'Élan', $1)`, dbtest.Now)
	exec(t, lite, `INSERT INTO closure (creditor_id, id, from_on, until_on) VALUES ('crd_1', 'clo_1', $1, $2)`,
		cal.Must("2026-08-03"), cal.Must("2026-08-21"))
	exec(t, lite, `INSERT INTO file (creditor_id, sha256, name, media_type, size, content, created_at)
		VALUES ('crd_1', 'ff', 'a.pdf', 'application/pdf', 3, $1, $2)`, []byte{1, 0, 2}, dbtest.Now)
	exec(t, lite, `INSERT INTO finding (creditor_id, document_id, customer_id, code, blocking) VALUES ('crd_1', 'd', 'c', 'x', TRUE)`)
	exec(t, lite, `INSERT INTO promise (creditor_id, id, customer_id, made_on, for_on, currency, amount, created_at)
		VALUES ('crd_1', 'p', 'c', $1, $2, 'EUR', 9007199254740993, $3)`, cal.Must("2026-01-01"), cal.Must("2026-01-02"), dbtest.Now)
	ignore := func(string, int64) {}
	if err := db.Copy(t.Context(), lite, pg, ignore); err != nil {
		t.Fatal(err)
	}
	if err := db.Copy(t.Context(), pg, back, ignore); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`SELECT name || CAST(created_at AS TEXT) FROM creditor`,
		`SELECT CAST(from_on AS TEXT) || CAST(until_on AS TEXT) FROM closure`,
		`SELECT hex(content) || CAST(created_at AS TEXT) FROM file`,
		`SELECT code || CASE WHEN blocking THEN 'y' ELSE 'n' END FROM finding`,
		`SELECT CAST(amount AS TEXT) || CAST(for_on AS TEXT) || COALESCE(CAST(ended_on AS TEXT), '-') FROM promise`,
	} {
		var want, got string
		one(t, lite, func(r db.Row) error { return r.Scan(&want) }, query)
		one(t, back, func(r db.Row) error { return r.Scan(&got) }, query)
		if got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	if err := db.Copy(t.Context(), lite, pg, ignore); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("copying over a database in use: got %v", err)
	}
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

func one(t *testing.T, d *db.DB, scan func(db.Row) error, query string, args ...any) {
	t.Helper()
	within(t, d.Read, scan, query, args...)
}

func oneWrite(t *testing.T, d *db.DB, scan func(db.Row) error, query string, args ...any) {
	t.Helper()
	within(t, d.Write, scan, query, args...)
}

func within(t *testing.T, run func(context.Context, func(*db.Tx) error) error, scan func(db.Row) error, query string, args ...any) {
	t.Helper()
	err := run(t.Context(), func(tx *db.Tx) error {
		_, err := db.One(t.Context(), tx, func(r db.Row) (struct{}, error) { return struct{}{}, scan(r) }, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
