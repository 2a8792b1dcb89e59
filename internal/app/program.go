package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"acquit/internal/cli"
	"acquit/internal/demo"
	"acquit/internal/demo/bankfile"
	"acquit/internal/demo/bankyear"
)

// Program is the command line of this program, put together.
func Program(env Env, in io.Reader, out, errOut io.Writer, now func() time.Time, version string) *cli.Program {
	if now == nil {
		now = time.Now
	}
	p := &cli.Program{
		In: in, Out: out, Err: errOut, Env: env, Now: now, Version: version, Drivers: Formats(),
		DefaultDB: env.DefaultDB, Registries: Registries(), Platforms: Platforms(),
	}
	p.Open = func(ctx context.Context, url string) (*cli.Books, error) {
		a, err := Open(ctx, url, Options{Env: env, Now: now})
		if err != nil {
			return nil, err
		}
		return &cli.Books{DB: a.DB, Desk: a.Desk, Box: a.Box, Secret: a.secret}, nil
	}
	p.Serve = func(ctx context.Context, o cli.ServeOptions) error {
		a, err := Open(ctx, o.URL, Options{Env: env, Now: now, Log: logger(errOut, o.Log)})
		if err != nil {
			return err
		}
		defer a.DB.Close()
		if len(a.secret) == 0 {
			return needKey()
		}
		return a.Serve(ctx, ServeOptions{
			Addr: o.Addr, BaseURL: o.BaseURL, Proxied: o.Proxied, Notice: errOut,
			Ready: func(url string) {
				fmt.Fprintf(errOut, "Acquit : %s\n", url)
			},
		})
	}
	p.Demo = func(ctx context.Context, o cli.DemoOptions) error {
		return Demo(ctx, DemoOptions{
			Env: env, Addr: o.Addr, Customers: o.Customers, Seed: o.Seed, On: o.On, Notice: errOut,
			Progress: o.Progress, Ready: o.Ready,
		})
	}
	p.Generate = generate
	return p
}

// generate writes a synthetic ledger into a folder, and the bank's year that
// follows it where one is asked for.
func generate(ctx context.Context, o cli.GenerateOptions) (g cli.Generated, err error) {
	w, err := demo.Generate(demo.Options{
		Customers: o.Customers, Invoices: o.Invoices, Seed: o.Seed, On: o.On, History: o.History,
	})
	if err != nil {
		return g, err
	}
	format, err := bankfile.Parse(cmp.Or(o.BankFormat, string(bankfile.CAMT)))
	if err != nil {
		return g, err
	}
	var y *bankyear.Year
	if o.Bank != 0 {
		if y, err = bankyear.New(w, bankyear.Options{Months: o.Bank, Entries: o.Entries}); err != nil {
			return g, err
		}
	}
	s, err := w.WriteCSV(ctx, o.Dir, o.Progress)
	g = cli.Generated{
		Files: s.Files, Customers: s.Customers, Invoices: s.Invoices, CreditNotes: s.CreditNotes, Payments: s.Payments,
	}
	for _, a := range s.Open {
		g.Open = append(g.Open, a.String())
	}
	if err != nil || y == nil {
		return g, err
	}
	b, err := y.WriteFiles(ctx, o.Dir, bankyear.FileOptions{Format: format, Daily: o.BankDaily}, nil)
	g.Files, g.Entries, g.Unknowable = append(g.Files, b.Files...), b.Entries, b.Unknowable
	return g, err
}

// logger writes what the program does: text for a person at a terminal, JSON
// for a machine that collects.
func logger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
