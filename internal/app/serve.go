package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/job"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web"
)

// ServeOptions are what serving is told.
type ServeOptions struct {
	Addr    string // host:port of the screen; empty works jobs alone
	BaseURL string
	Proxied bool
	Guest   string // the demonstration's person, who needs no password
	Secret  []byte
	Notice  io.Writer        // where the address is told
	Ready   func(url string) // called once the screen answers; may be nil
	World   func() time.Time // the world's clock, for sessions; time.Now when nil
	// MetricsToken opens /metrics to other machines; without one it is shown to
	// this machine alone.
	MetricsToken string
	// Forward moves the demonstration's clock by days; nil outside of it.
	Forward func(ctx context.Context, days int) error

	screen net.Listener // where Addr was opened before; nil opens it
}

// grace is how long a request or a job that runs is waited for at the end.
const grace = 20 * time.Second

// Serve runs the screen and the workers until ctx ends, then lets what runs
// come to its end.
func (a *App) Serve(ctx context.Context, o ServeOptions) error {
	screen := o.screen
	if screen == nil && o.Addr != "" {
		var err error
		if screen, err = listen(ctx, o.Addr); err != nil {
			return err
		}
	}
	if screen != nil {
		defer func() { _ = screen.Close() }() // the server that used it has closed it
	}
	jobs, err := job.New(a.DB, a.work(), a.Log)
	if err != nil {
		return err
	}
	a.jobs = jobs
	a.Desk.Ask = jobs.Send
	if err := jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err := jobs.Stop(stop); err != nil {
			a.Log.Error("jobs did not stop in time", "error", err)
		}
	}()
	if screen == nil {
		<-ctx.Done()
		return nil
	}
	return a.screen(ctx, screen, o)
}

// listen takes the address of the screen, before anything else begins.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var l net.Listener
	_, _, err := net.SplitHostPort(addr) // without it, no address would mean all those of the machine
	if err == nil {
		l, err = new(net.ListenConfig).Listen(ctx, "tcp", addr)
	}
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fault.Conflictf("l’adresse %s est déjà prise, par un autre programme ou un autre Acquit : "+
			"en donner une autre, par exemple --addr 127.0.0.1:8090", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fault.Deniedf("le système refuse l’adresse %s : sous Unix, les ports en dessous de 1024 sont réservés", addr)
	}
	return nil, &fault.Invalid{
		Field: "addr", Message: fmt.Sprintf("l’adresse « %s » ne peut pas être ouverte", addr),
		Mend: "hôte:port d’une adresse de cette machine, par exemple 127.0.0.1:8080",
	}
}

// screen serves the pages on l.
func (a *App) screen(ctx context.Context, l net.Listener, o ServeOptions) error {
	url := o.BaseURL
	if url == "" {
		url = "http://" + l.Addr().String()
	}
	handler, closing, err := a.pages(ctx, o, url)
	if err != nil {
		return err
	}
	defer closing()
	s := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, // a large import
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	if o.Ready != nil {
		o.Ready(url)
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err = s.Shutdown(stop)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// pages are the site and its measures; closing ends what it does in the
// background.
func (a *App) pages(ctx context.Context, o ServeOptions, url string) (pages http.Handler, closing func(), err error) {
	token, err := a.setupToken(ctx)
	if err != nil {
		return nil, nil, err
	}
	if token != "" && o.Notice != nil {
		fmt.Fprintf(o.Notice, "Première visite : %s/bienvenue?jeton=%s\n", url, token)
	}
	measures := prometheus.NewRegistry()
	measures.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	site, err := web.New(web.Deps{
		DB: a.DB, Log: a.Log, Registry: measures, Settings: setting.All(), Box: a.Box, Secret: a.secret,
		SetupToken: token, Guest: o.Guest, BaseURL: url, Proxied: o.Proxied, Now: o.World,
		TestSend: a.testSend, Desk: a.Desk, Formats: Formats(), Forward: o.Forward, Registries: Registries(),
		Platforms: Platforms(),
	})
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", site)
	mux.Handle("GET /metrics", web.Metrics(measures, o.MetricsToken))
	return mux, site.Close, nil
}

// setupToken opens the first page while nobody can sign in yet.
func (a *App) setupToken(ctx context.Context) (string, error) {
	var known bool
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		known, err = user.Any(ctx, tx)
		return err
	})
	if err != nil || known {
		return "", err
	}
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b), nil
}

// testSend sends a short message with a creditor's mail settings.
func (a *App) testSend(ctx context.Context, s creditor.Scope, to string) error {
	return a.Desk.Test(ctx, s, to)
}
