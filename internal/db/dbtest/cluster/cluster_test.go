package cluster

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// query gives the one value of a query on a database.
func query[T any](t *testing.T, address, text string) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), text).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func execute(ctx context.Context, address, text string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, text)
	return err
}

func TestEachTestHasItsOwnEmptyDatabase(t *testing.T) {
	t.Parallel()
	first, second := URL(t), URL(t)
	if err := execute(t.Context(), first, `CREATE TABLE mine (n INT)`); err != nil {
		t.Fatal(err)
	}
	const tables = `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`
	if got := query[int](t, first, tables); got != 1 {
		t.Errorf("tables in the first database: got %d, want 1", got)
	}
	if got := query[int](t, second, tables); got != 0 {
		t.Errorf("tables in the second database: got %d, want 0", got)
	}
}

func TestTheDatabaseGoesWithItsTestThoughConnectionsAreOpen(t *testing.T) {
	t.Parallel()
	keep := URL(t)
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = URL(t)
		conn, err := pgx.Connect(t.Context(), gone)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn // left open on purpose: the process ends it
	})
	u, err := url.Parse(gone)
	if err != nil {
		t.Fatal(err)
	}
	left := query[int](t, keep, `SELECT count(*) FROM pg_database WHERE datname = '`+u.Path[1:]+`'`)
	if left != 0 {
		t.Errorf("%s still exists after its test", u.Path[1:])
	}
}

// prepared counts the runs of the template's function in this process, however
// often -count repeats the test.
var prepared atomic.Int32

func TestAPreparedTemplateIsMadeOnceAndCopied(t *testing.T) {
	t.Parallel()
	if os.Getenv(serverVariable) != "" {
		t.Skip("a given server has no templates")
	}
	prepare := func(ctx context.Context, address string) error {
		prepared.Add(1)
		return execute(ctx, address, `CREATE TABLE prepared AS SELECT 7 AS n`)
	}
	first := Fresh(t, prepare)
	if err := execute(t.Context(), first, `UPDATE prepared SET n = 8`); err != nil {
		t.Fatal(err)
	}
	second := Fresh(t, prepare)
	if got := query[int](t, second, `SELECT n FROM prepared`); got != 7 {
		t.Errorf("the second copy shows the first one's change: got %d, want 7", got)
	}
	if n := prepared.Load(); n != 1 {
		t.Errorf("prepare ran %d times in this process, want once", n)
	}
	other := Fresh(t, func(ctx context.Context, address string) error {
		return execute(ctx, address, `CREATE TABLE another (n INT)`)
	})
	if got := query[int](t, other, `SELECT count(*) FROM another`); got != 0 {
		t.Errorf("another function's template: got %d rows, want 0", got)
	}
}

func TestTextSortsAsFrenchSoThatByteOrderIsNoticed(t *testing.T) {
	t.Parallel()
	if os.Getenv(serverVariable) != "" {
		t.Skip("a given server has its own collation")
	}
	if got := query[bool](t, URL(t), `SELECT 'été' < 'Zèbre' AND 'b' > 'A'`); !got {
		t.Error("the cluster sorts by bytes")
	}
}

// childVariable makes the test below play the process that is killed.
const childVariable = "ACQUIT_CLUSTER_CHILD"

func TestAClusterEndsWithAProcessThatIsKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv(serverVariable) != "" {
		t.Skip("a given server is not ours to end")
	}
	if path := os.Getenv(childVariable); path != "" {
		u := URL(t)
		if err := os.WriteFile(path+".new", []byte(u), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		select {} // until killed
	}
	URL(t) // skips here, and not in the child, where there is no PostgreSQL

	path := filepath.Join(t.TempDir(), "url")
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), childVariable+"="+path)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	var address string
	await(t, func() error {
		b, err := os.ReadFile(path)
		address = string(b)
		return err
	})
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	await(t, func() error {
		if conn, err := pgx.Connect(t.Context(), address); err == nil {
			return errors.Join(errors.New("the server still answers"), conn.Close(t.Context()))
		}
		return nil
	})
}

// await tries again until there is no error, for as long as a loaded machine may need.
func await(t *testing.T, try func() error) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal(err)
		case <-tick.C:
		}
	}
}
