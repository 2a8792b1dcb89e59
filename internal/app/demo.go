package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/demo"
	"acquit/internal/demo/stage"
)

// DemoOptions are what the demonstration is told.
type DemoOptions struct {
	Env       Env
	Addr      string
	Customers int
	Seed      uint64
	On        cal.Date // the day it opens on: this one, or the last working day before it
	Notice    io.Writer
	Progress  func(company string, percent int) // of the weeks that are played first
	Ready     func(url string)
}

// The demonstration's company: two years behind it, and six weeks of reminders
// that were really decided and kept, day by day: long enough for an old debt to
// reach its formal notice.
const (
	demoHistory = 24 // months
	demoWeeks   = 6
	demoOpen    = 3 // open invoices a customer, on average
)

// Clock is a clock that runs and can be moved forward.
type Clock struct {
	mu    sync.Mutex
	shown time.Time
	set   time.Time // of the world's clock, when shown was set
}

// Now is the instant it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown.Add(time.Since(c.set))
}

// Set makes it show t from now on.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.set = t, time.Now()
}

// morning is when a day of the demonstration begins: after the run's hour.
func morning(day cal.Date) time.Time {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 9, 0, 0, 0, paris)
}

// dawn is before the run's hour: the bank's transfers of a day are known by then.
func dawn(day cal.Date) time.Time { return morning(day).Add(-3 * time.Hour) }

// Demo makes a company in a database that is thrown away at the end, and serves
// it until ctx ends. Nothing it sends leaves: messages are kept. Its address is
// taken first: a wrong one is said before the company is made.
func Demo(ctx context.Context, o DemoOptions) error {
	screen, err := listen(ctx, o.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = screen.Close() }() // the server that used it has closed it
	dir, err := os.MkdirTemp("", "acquit-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.On = cal.NewCalendar(cal.Metropole).PrevOpen(o.On) // on a Sunday there is nothing to decide
	clock := &Clock{}
	clock.Set(morning(o.On))
	env := func(name string) string {
		if name == "ACQUIT_SECRET_KEY" || name == "ACQUIT_SECRET_KEY_FILE" {
			return "" // the demonstration has a key of its own
		}
		return o.Env(name)
	}
	a, err := Open(ctx, "sqlite:"+filepath.Join(dir, "demo.db"), Options{
		Env: env, Now: clock.Now, Seed: o.Seed, Keep: true, Fleeting: true,
	})
	if err != nil {
		return err
	}
	defer a.DB.Close()
	g, s, person, err := a.perform(ctx, o, clock)
	if err != nil {
		return err
	}
	return a.Serve(ctx, ServeOptions{
		Guest: person, Notice: o.Notice, Ready: o.Ready, screen: screen,
		Forward: func(ctx context.Context, days int) error { return a.forward(ctx, g, s, clock, days) },
	})
}

// perform plays the company's last weeks.
func (a *App) perform(ctx context.Context, o DemoOptions, clock *Clock) (*stage.Stage, creditor.Scope, string, error) {
	w, err := demo.Generate(demo.Options{
		Customers: o.Customers, Invoices: o.Customers * demoOpen, Seed: o.Seed, On: o.On, History: demoHistory,
	})
	if err != nil {
		return nil, creditor.Scope{}, "", err
	}
	g := &stage.Stage{Desk: a.Desk, World: w, Set: func(day cal.Date) { clock.Set(morning(day)) }}
	from := o.On.Add(-7 * demoWeeks)
	s, person, err := g.Play(ctx, from, o.On, func(day cal.Date) {
		o.Progress(w.Company.Name, 100*day.Sub(from)/(7*demoWeeks))
	})
	return g, s, person, err
}

// maxForward bounds one step of the demonstration's clock.
const maxForward = 31

// forward moves the demonstration's clock and lives each day that passes: what
// customers do is known before the day's run is due, then the run is made; what
// a person has approved leaves, nothing is approved for her.
func (a *App) forward(ctx context.Context, g *stage.Stage, s creditor.Scope, clock *Clock, days int) error {
	today := cal.Of(clock.Now())
	for range min(max(days, 1), maxForward) {
		today++
		clock.Set(dawn(today))
		if err := g.Live(ctx, today); err != nil {
			return err
		}
		clock.Set(morning(today))
		if err := a.runDay(ctx, s); err != nil {
			return err
		}
		if _, err := a.Desk.Send(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
