// Package webtest drives the site through a real browser.
package webtest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dunning"
	"acquit/internal/ingest"
	"acquit/internal/ingest/table"
	"acquit/internal/journal"
	"acquit/internal/message"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web"
)

// Password is that of every person of a Site.
const Password = "quatre mots bien choisis"

// SetupToken opens the first page of an empty Site.
const SetupToken = "SETUP"

// patience is how long a step may take on a busy machine.
const patience = 30 * time.Second

// Site is the pages over a database of the test's own.
type Site struct {
	URL   string
	DB    *db.DB
	Desk  *reminder.Desk
	Clock *dbtest.Clock
	Scope creditor.Scope // of Sophie, who manages Atelier Dupont; zero before Found

	// Answers are what the other side says to the next messages that leave; then
	// all are sent.
	Answers []channel.Receipt

	deps web.Deps
	log  *lockedBuffer
}

// line is an e-mail channel of which the test chooses the answers.
type line struct {
	site *Site
	kept *outbox.Channel
}

func (l *line) Compose(d channel.Draft) (channel.Message, error) { return l.kept.Compose(d) }

func (l *line) Open(context.Context) (channel.Session, error) { return l, nil }

func (l *line) Send(_ context.Context, m channel.Message) channel.Receipt {
	r := channel.Receipt{Outcome: channel.Sent, Code: "250", At: l.site.Clock.Now()}
	if len(l.site.Answers) > 0 {
		r, l.site.Answers = l.site.Answers[0], l.site.Answers[1:]
	}
	return r
}

func (l *line) Close() error { return nil }

// NewSite serves an empty installation; change may give it what it depends on.
func NewSite(t testing.TB, change func(*web.Deps)) *Site {
	t.Helper()
	clock := dbtest.NewClock()
	s := &Site{DB: dbtest.SQLite(t, clock), Clock: clock, log: &lockedBuffer{}}
	key := bytes.Repeat([]byte{7}, setting.KeySize)
	box, err := setting.NewBox(key)
	if err != nil {
		t.Fatal(err)
	}
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s.Desk = &reminder.Desk{
		DB: s.DB, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
		Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			kept := outbox.New(email.Compose, nil, s.DB.Now)
			return map[string]channel.Channel{string(dunning.Email): &line{site: s, kept: kept}}, nil
		},
	}
	d := web.Deps{
		Desk: s.Desk, Formats: []ingest.Driver{table.Driver}, Uploads: t.TempDir(),
		DB: s.DB, Log: slog.New(slog.NewTextHandler(s.log, nil)), Registry: prometheus.NewRegistry(),
		Settings: setting.All(), Box: box, Secret: key, SetupToken: SetupToken,
		TestSend: func(context.Context, creditor.Scope, string) error { return nil },
	}
	if change != nil {
		change(&d)
	}
	s.deps = d
	handler, err := web.New(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(handler.Close)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// With is what the site depends on, changed: for a second one over the same
// database.
func (s *Site) With(change func(*web.Deps)) web.Deps {
	d := s.deps
	d.Registry = prometheus.NewRegistry()
	change(&d)
	return d
}

// Logged is what the site has logged so far.
func (s *Site) Logged() string { return s.log.String() }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Write runs fn in a transaction.
func (s *Site) Write(t testing.TB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := s.DB.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// Found makes Atelier Dupont, managed by Sophie (sophie@dupont.example).
func (s *Site) Found(t testing.TB) *Site {
	t.Helper()
	hasher := user.NewHasher(1)
	sophie, err := hasher.Prepare(t.Context(), user.Person{Email: "sophie@dupont.example", Name: "Sophie Martin"},
		Password)
	if err != nil {
		t.Fatal(err)
	}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		if sophie, err = user.Add(ctx, tx, sophie); err != nil {
			return err
		}
		if s.Scope, err = s.found(ctx, tx, "Atelier Dupont", sophie); err != nil {
			return err
		}
		return policy.Install(ctx, tx, s.Scope)
	})
	return s
}

// Second makes another company that Sophie may only look at.
func (s *Site) Second(t testing.TB, name string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: name}, creditor.ActorCLI, journal.Write)
		if err != nil {
			return err
		}
		return user.Join(ctx, tx, creditor.System(c.ID), s.Scope.Actor, user.Membership{Rights: creditor.Read})
	})
}

// JoinElsewhere gives somebody a place in a company that Sophie knows nothing of.
func (s *Site) JoinElsewhere(t testing.TB, who user.Person) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Ailleurs"}, creditor.ActorCLI, journal.Write)
		if err != nil {
			return err
		}
		return user.Join(ctx, tx, creditor.System(c.ID), who.ID, user.Membership{Rights: creditor.Work})
	})
}

func (s *Site) found(ctx context.Context, tx *db.Tx, name string, who user.Person) (creditor.Scope, error) {
	c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: name, City: "Lille"}, who.ID, journal.Write)
	if err != nil {
		return creditor.Scope{}, err
	}
	scope := creditor.Scope{Creditor: c.ID, Actor: who.ID, Rights: creditor.Manage}
	return scope, user.Join(ctx, tx, scope, who.ID, user.Membership{Rights: creditor.Manage})
}

// Client is a browser without a screen: it keeps cookies and follows nothing.
func (s *Site) Client(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{
		Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
