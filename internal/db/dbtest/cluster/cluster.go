// Package cluster gives a test a PostgreSQL database of its own, in a
// throw-away cluster that needs no preparation of the machine beyond the
// installed server programs.
//
// The first test of a process that asks starts a cluster (a fraction of a
// second: the files of a fresh one are kept between processes); it ends with
// the process, however the process ends. When ACQUIT_TEST_POSTGRES holds the
// URL of a server, the databases are made there instead.
package cluster

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// serverVariable names a running server to use instead of a cluster of our own.
	serverVariable = "ACQUIT_TEST_POSTGRES"

	// statementLimit bounds the making and dropping of one database: generous,
	// because a loaded machine is slow and a hung test says nothing.
	statementLimit = 2 * time.Minute
)

// URL is an empty database of the test's own, as postgres://…, dropped when the
// test ends. The test is skipped where no PostgreSQL can be had, and fails
// instead when CI is set in the environment.
func URL(tb testing.TB) string {
	tb.Helper()
	s := running(tb)
	name := s.name("test")
	s.create(tb, name, "")
	tb.Cleanup(func() { s.drop(tb, name) })
	return s.url(name)
}

// Fresh is URL with a database that prepare has filled, by migrations for
// instance. On a cluster of our own, prepare runs once per process on a
// template of which every test gets a copy; it must have closed its connections
// when it returns. On a given server it runs for each test, so that nothing is
// left behind there. Functions are told apart by where they are written.
func Fresh(tb testing.TB, prepare func(ctx context.Context, url string) error) string {
	tb.Helper()
	s := running(tb)
	if s.given {
		u := URL(tb)
		if err := prepare(tb.Context(), u); err != nil {
			tb.Fatalf("prepare %s: %v", u, err)
		}
		return u
	}
	template, err := s.template(prepare)
	if err != nil {
		tb.Fatalf("prepare the template database: %v", err)
	}
	name := s.name("test")
	s.create(tb, name, template)
	tb.Cleanup(func() { s.drop(tb, name) })
	return s.url(name)
}

// server is where databases are made.
type server struct {
	base      url.URL // with the maintenance database
	given     bool    // somebody's server, not a cluster of our own
	stop      *os.File
	count     atomic.Int64
	templates sync.Map // code pointer of prepare → func() (string, error)
}

// start is called once per process; what it gives never changes afterwards.
var start = sync.OnceValues(func() (*server, error) {
	given := os.Getenv(serverVariable)
	if given == "" {
		return launch()
	}
	u, err := url.Parse(given)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", serverVariable, err)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/postgres"
	}
	return &server{base: *u, given: true}, nil
})

// running is the process's server; without one, tb ends here.
func running(tb testing.TB) *server {
	tb.Helper()
	s, err := start()
	switch {
	case err == nil:
		return s
	case os.Getenv("CI") != "" || os.Getenv(serverVariable) != "":
		tb.Fatalf("no PostgreSQL for this test: %v", err)
	default:
		tb.Skipf("no PostgreSQL for this test: %v (install it, or name a server in %s)", err, serverVariable)
	}
	return nil
}

// name is unique on the server, also among the processes that share it.
func (s *server) name(kind string) string {
	return fmt.Sprintf("acquit_%s_%d_%d_%d", kind, os.Getpid(), time.Now().UnixNano(), s.count.Add(1))
}

// url is the address of one database.
func (s *server) url(name string) string {
	u := s.base
	u.Path = "/" + name
	return u.String()
}

// template prepares a database the first time prepare is seen, and names it.
func (s *server) template(prepare func(context.Context, string) error) (string, error) {
	once, _ := s.templates.LoadOrStore(reflect.ValueOf(prepare).Pointer(), sync.OnceValues(func() (string, error) {
		name := s.name("template")
		if err := s.exec(`CREATE DATABASE ` + name); err != nil {
			return "", err
		}
		// Not a test's context: the template outlives the test that made it.
		return name, prepare(context.Background(), s.url(name))
	}))
	return once.(func() (string, error))()
}

func (s *server) create(tb testing.TB, name, template string) {
	tb.Helper()
	statement := `CREATE DATABASE ` + name
	if template != "" {
		statement += ` TEMPLATE ` + template
	}
	if err := s.exec(statement); err != nil {
		tb.Fatalf("make the test's database: %v", err)
	}
}

// drop ends whatever connections the test left open.
func (s *server) drop(tb testing.TB, name string) {
	tb.Helper()
	if err := s.exec(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
		tb.Errorf("drop the test's database: %v", err)
	}
}

// exec runs one statement in the maintenance database.
func (s *server) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
