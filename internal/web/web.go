// Package web is the pages: one handler with every route on one screen, and
// what surrounds each request.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	life "acquit/internal/lifecycle"
	"acquit/internal/registry"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
	"acquit/internal/user"
	"acquit/internal/web/balance"
	"acquit/internal/web/bank"
	"acquit/internal/web/calls"
	"acquit/internal/web/cash"
	"acquit/internal/web/charges"
	"acquit/internal/web/customers"
	"acquit/internal/web/documents"
	"acquit/internal/web/dossiers"
	"acquit/internal/web/entrance"
	"acquit/internal/web/imports"
	"acquit/internal/web/legal"
	"acquit/internal/web/lifecycle"
	"acquit/internal/web/limitation"
	"acquit/internal/web/notices"
	"acquit/internal/web/outbox"
	"acquit/internal/web/post"
	"acquit/internal/web/scenarios"
	"acquit/internal/web/settings"
	"acquit/internal/web/tasks"
	"acquit/internal/web/today"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Deps are what the pages need.
type Deps struct {
	DB         *db.DB
	Log        *slog.Logger
	Registry   *prometheus.Registry // of this program's measures
	Desk       *reminder.Desk
	Formats    []ingest.Driver   // of the files that people drop
	Registries []registry.Driver // in which customers can be looked up
	Platforms  []life.Driver     // by which statuses of electronic invoices are exchanged
	// where dropped files lie until they are imported; the system's temporary folder when empty
	Uploads  string
	Settings setting.Registry
	Box      setting.Box
	Secret   []byte // of the installation; links are signed with a key made of it

	SetupToken string            // opens the first page of an empty installation
	Guest      string            // a person who needs no password: the demonstration, on loopback only
	BaseURL    string            // https://acquit.dupont.example, for links; may be empty
	Proxied    bool              // a proxy in front tells the browser's address and protocol
	Now        func() time.Time  // the world's clock; time.Now when nil
	TestSend   settings.TestSend // sends a test message

	// Forward moves the demonstration's clock by days, and does what those days
	// ask for; nil outside of it.
	Forward func(ctx context.Context, days int) error
}

// hashesAtOnce bounds the memory that signing in takes: 64 MiB each.
const hashesAtOnce = 4

// site is the pages, put together.
type site struct {
	Deps
	keeper     *visit.Keeper
	measure    measure
	entrance   entrance.Pages
	today      today.Pages
	customers  customers.Pages
	dossiers   dossiers.Pages
	balance    balance.Pages
	tasks      tasks.Pages
	outbox     outbox.Pages
	imports    imports.Pages
	notices    notices.Pages
	post       post.Pages
	lifecycle  lifecycle.Pages
	scenarios  scenarios.Pages
	legal      legal.Pages
	settings   settings.Pages
	limitation limitation.Pages
	calls      calls.Pages
	charges    charges.Pages
	cash       cash.Pages
	documents  documents.Pages
	bank       bank.Pages
}

// Site is the pages as one handler. Close ends what they do in the background.
type Site struct {
	http.Handler
	depot *imports.Depot
}

// Close stops reading dropped files, and forgets them.
func (s *Site) Close() { s.depot.Close() }

// New is the whole site.
func New(d Deps) (*Site, error) {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Uploads == "" {
		d.Uploads = os.TempDir()
	}
	s := &site{Deps: d, keeper: visit.NewKeeper(visit.Options{
		DB: d.DB, Count: count, Guest: d.Guest, Clock: d.Forward != nil, Proxied: d.Proxied, Now: d.Now,
	})}
	links := user.NewLinks(d.Secret)
	s.entrance = entrance.Pages{
		DB: d.DB, Keeper: s.keeper, Hasher: user.NewHasher(hashesAtOnce), Links: links, SetupToken: d.SetupToken,
	}
	s.settings = settings.Pages{
		DB: d.DB, Known: d.Settings, Box: d.Box, Links: links, BaseURL: d.BaseURL, TestSend: d.TestSend,
	}
	s.today = today.Pages{DB: d.DB, Desk: d.Desk}
	s.customers = customers.Pages{DB: d.DB, Desk: d.Desk}
	s.balance, s.tasks, s.outbox = balance.Pages{DB: d.DB}, tasks.Pages{DB: d.DB}, outbox.Pages{DB: d.DB}
	s.post = post.Pages{DB: d.DB, Desk: d.Desk}
	s.scenarios, s.notices = scenarios.Pages{DB: d.DB}, notices.Pages{DB: d.DB}
	s.dossiers = dossiers.Pages{DB: d.DB, Dir: d.Uploads}
	s.limitation = limitation.Pages{DB: d.DB, Registries: d.Registries}
	s.legal = legal.Pages{DB: d.DB}
	s.documents = documents.Pages{DB: d.DB}
	s.lifecycle = lifecycle.Pages{DB: d.DB, Box: d.Box, Platforms: d.Platforms, Formats: d.Formats, Log: d.Log}
	s.calls = calls.Pages{DB: d.DB, Desk: d.Desk}
	s.charges = charges.Pages{DB: d.DB}
	s.cash, s.bank = cash.Pages{DB: d.DB}, bank.Pages{DB: d.DB}
	s.imports = imports.Pages{DB: d.DB, Depot: imports.NewDepot(d.DB, d.Formats, d.Log, d.Uploads, d.Now)}
	var err error
	if s.measure, err = newMeasure(d.Registry); err != nil {
		return nil, err
	}
	handler, err := s.surround(s.routes())
	return &Site{Handler: handler, depot: s.imports.Depot}, err
}

// countLimit is as far as the navigation counts: beyond it the number says no
// more, and counting on would cost every page.
const countLimit = 1000

// count tells the navigation what waits.
func count(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) (map[ui.Section]ui.Count, error) {
	waiting, err := reminder.CountWaiting(ctx, tx, s, today, countLimit)
	if err != nil {
		return nil, err
	}
	troubled, err := reminder.CountTroubled(ctx, tx, s, countLimit)
	if err != nil {
		return nil, err
	}
	letters, err := reminder.CountLetters(ctx, tx, s, countLimit)
	if err != nil {
		return nil, err
	}
	payments, err := countPayments(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	tasks, err := task.Count(ctx, tx, s, task.Filter{Until: today})
	if err != nil {
		return nil, err
	}
	todo := 0
	for _, n := range tasks {
		todo += n
	}
	return map[ui.Section]ui.Count{
		ui.SectionToday:  {N: waiting, More: waiting == countLimit},
		ui.SectionTasks:  {N: todo},
		ui.SectionCash:   payments,
		ui.SectionPost:   {N: letters, More: letters == countLimit},
		ui.SectionOutbox: {N: troubled, More: troubled == countLimit, Late: true},
	}, nil
}

// forward moves the demonstration's clock. The days go by even if the browser
// leaves.
func (s *site) forward(w http.ResponseWriter, r *http.Request) error {
	if s.Forward == nil {
		return fault.NotFound("page")
	}
	days, err := strconv.Atoi(r.PostFormValue("jours"))
	if err != nil || days < 1 {
		return fault.Invalidf("jours", "un nombre de jours")
	}
	if err := s.Forward(context.WithoutCancel(r.Context()), days); err != nil {
		return err
	}
	return visit.Go(w, r, "/")
}
