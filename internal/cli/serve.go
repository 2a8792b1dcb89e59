package cli

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

func (p *Program) serve() *cli.Command {
	return &cli.Command{
		Name: "serve", Usage: p.say("l’écran, et ce qui travaille derrière lui", "the screen, and what works behind it"),
		Description: p.say("Le passage du jour se fait à l’heure réglée, les messages approuvés partent d’eux-mêmes. Sur cette machine seulement, sauf --addr. Derrière un proxy qui chiffre, donner --base-url et --proxied.",
			"The daily run is made at the hour that was set, and approved messages leave by themselves. On this machine alone, unless --addr says otherwise. Behind a proxy that encrypts, give --base-url and --proxied."),
		UsageText: "acquit serve\nacquit serve --addr 0.0.0.0:8080 --base-url https://acquit.dupont.example --proxied",
		Flags: []cli.Flag{
			p.text("addr", p.say("adresse:port (sinon ACQUIT_ADDR, sinon ",
				"address:port (else ACQUIT_ADDR, else ")+defaultAddr+")"),
			p.urlFlag(),
			p.flag("proxied", p.say("un proxy dit l’adresse et le protocole du navigateur (sinon ACQUIT_PROXIED=true)", "a proxy tells the browser’s address and protocol (else ACQUIT_PROXIED=true)")),
			p.logFlag(),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			o, err := p.serveOptions(c)
			if err != nil {
				return err
			}
			o.Addr = p.orEnv(c.String("addr"), "ACQUIT_ADDR", defaultAddr)
			o.BaseURL, o.Proxied = p.orEnv(c.String("base-url"), "ACQUIT_BASE_URL", ""),
				c.Bool("proxied") || p.Env("ACQUIT_PROXIED") == "true"
			return p.Serve(ctx, o)
		},
	}
}

func (p *Program) work() *cli.Command {
	return &cli.Command{
		Name: "work", Usage: p.say("ce qui travaille, sans l’écran", "what works, without the screen"),
		Description: p.say("Autant de machines que voulu, sur PostgreSQL : elles se partagent le travail.",
			"As many machines as wanted, on PostgreSQL: they share the work."),
		UsageText: "acquit work --db postgres://acquit@base.dupont.example/acquit", Flags: []cli.Flag{p.logFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			o, err := p.serveOptions(c)
			if err != nil {
				return err
			}
			return p.Serve(ctx, o)
		},
	}
}

func (p *Program) logFlag() cli.Flag {
	return p.text("log", p.say("journal technique : text ou json (sinon ACQUIT_LOG)", "log: text or json (else ACQUIT_LOG)"))
}

func (p *Program) serveOptions(c *cli.Command) (o ServeOptions, err error) {
	if o.Log, err = p.choice(c, "log", p.orEnv("", "ACQUIT_LOG", "text"), "text", "json"); err != nil {
		return o, err
	}
	o.URL, err = p.url(c)
	return o, err
}

// orEnv is what a flag says, else the environment, else other.
func (p *Program) orEnv(value, name, other string) string {
	if value != "" {
		return value
	}
	if v := p.Env(name); v != "" {
		return v
	}
	return other
}

// The size and the seed of the demonstration: a company that one person can
// still overlook, always the same.
const (
	demoCustomers = 400
	demoSeed      = 1
)

func (p *Program) demo() *cli.Command {
	return &cli.Command{
		Name: "demo", Usage: p.say("une société inventée, l’écran ouvert sur ses relances du jour", "an invented company, the screen open on its reminders of the day"),
		Description: p.say("Dans une base jetable ; tous les messages restent dans une boîte d’envoi intégrée. Une horloge s’avance pour voir un scénario se dérouler.",
			"In a throw-away database; all messages stay in a built-in outbox. A clock can be moved forward to watch a scenario unfold."),
		UsageText: "acquit demo", Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:0", HideDefault: true, Usage: p.say("adresse:port, par défaut un port libre de cette machine", "address:port, a free port of this machine by default")},
			&cli.IntFlag{
				Name: "customers", Value: demoCustomers,
				Usage: p.say("nombre de clients", "number of customers"),
			},
			&cli.UintFlag{Name: "seed", Value: demoSeed, Usage: p.say("graine : la même donne la même société",
				"seed: the same gives the same company")},
			p.onFlag(),
			p.flag("no-browser", p.say("ne pas ouvrir de navigateur", "open no browser")),
		},
		Action: p.doDemo,
	}
}

func (p *Program) doDemo(ctx context.Context, c *cli.Command) error {
	on, err := p.dayOr(c, "on", cal.Of(p.Now()))
	if err != nil {
		return err
	}
	bar := p.progress()
	defer bar.end()
	err = p.Demo(ctx, DemoOptions{
		Addr: c.String("addr"), Customers: c.Int("customers"), Seed: uint64(c.Uint("seed")), On: on,
		Progress: func(company string, percent int) { bar.tell("%s  %d %%", company, percent) },
		Ready: func(url string) {
			bar.end()
			fmt.Fprintf(p.Err, p.say("La démonstration est ouverte : %s\nCtrl-C pour finir ; tout est alors jeté.\n",
				"The demonstration is open: %s\nCtrl-C ends it; everything is then thrown away.\n"), url)
			if !c.Bool("no-browser") && isTerminal(p.Out) {
				openBrowser(ctx, url)
			}
		},
	})
	if fault.KindOf(err) == fault.KindInvalid {
		return usage(err)
	}
	return err
}

// openBrowser asks the system to show a page. Where it cannot, the address has
// been told.
func openBrowser(ctx context.Context, url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	cmd := exec.CommandContext(ctx, name, args...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }() // ends with ctx at the latest
	}
}
