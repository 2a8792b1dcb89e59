// Package cli is the command line: a file per verb or family of verbs. Verbs
// decide nothing: they read flags, call the rooms below, and print.
package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/lifecycle"
	"acquit/internal/registry"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/user"
)

// Program is the command line with all that it reaches. One Program runs one
// command.
type Program struct {
	In         io.Reader
	Out, Err   io.Writer
	Env        func(string) string
	Now        func() time.Time
	Version    string
	Drivers    []ingest.Driver   // the formats of files that can be read
	Registries []registry.Driver // the public registers
	Platforms  []lifecycle.Driver
	Resolver   Resolver // of doctor; the system's when nil

	// DefaultDB is the database in the user's data folder.
	DefaultDB func() (string, error)
	// Open opens and migrates the books at a database address.
	Open func(ctx context.Context, url string) (*Books, error)
	// Serve runs the screen and the workers until ctx ends, or without an address
	// the workers alone; Demo does so on a company that is made up.
	Serve func(ctx context.Context, o ServeOptions) error
	Demo  func(ctx context.Context, o DemoOptions) error
	// Generate writes a synthetic ledger into a folder.
	Generate func(ctx context.Context, o GenerateOptions) (Generated, error)

	lang i18n.Lang
	json bool
	args []string // without --help
	// asked is whether they had --help. It never reaches the library, which would
	// answer with a page of its own where the flag comes before the verb.
	asked bool
}

// Books are an open database with what carries reminders.
type Books struct {
	DB     *db.DB
	Desk   *reminder.Desk
	Box    setting.Box // the zero Box where there is no key: secrets cannot be kept
	Secret []byte      // of the installation; none where there is no key
}

// links sign what lets a person choose a password.
func (b *Books) links() user.Links { return user.NewLinks(b.Secret) }

// ServeOptions are what serve and work are told.
type ServeOptions struct {
	URL     string // of the database
	Addr    string // host:port; empty works without a screen
	BaseURL string // by which browsers reach the screen; empty is Addr
	Proxied bool   // a proxy in front tells the browser's address and protocol
	Log     string // text or json
}

// DemoOptions are what demo is told.
type DemoOptions struct {
	Addr      string
	Customers int
	Seed      uint64
	On        cal.Date // the day on which it begins
	// Progress is told how much of the company's last weeks has been played.
	Progress func(company string, percent int)
	Ready    func(url string) // called once the screen answers
}

// GenerateOptions say which synthetic ledger is wanted.
type GenerateOptions struct {
	Dir       string
	Customers int
	Invoices  int
	Seed      uint64
	On        cal.Date
	History   int // months of settled invoices before it

	Bank       int    // months of bank statements after it
	Entries    int    // of them at most; 0 for all
	BankFormat string // camt when empty
	BankDaily  bool

	Progress func(customers int)
}

// Generated is what a synthetic ledger came to.
type Generated struct {
	Files       []string
	Customers   int
	Invoices    int
	CreditNotes int
	Payments    int
	Open        []string // "1234.50 EUR", one a currency
	Entries     int      // of the bank
	Unknowable  int      // of them, those that nobody could tell from the statements alone
}

// The exit statuses.
const (
	statusOK    = 0
	statusFault = 1 // something is wrong with the data, or failed
	statusUsage = 2 // the words of the command are wrong
)

// errSilent is a failure that the result itself tells.
var errSilent = errors.New("told by the result")

// Run runs one command, its name first, and gives its exit status.
func (p *Program) Run(ctx context.Context, args []string) int {
	p.lang, p.json = p.language(args), slices.Contains(args, "--json")
	p.args = slices.DeleteFunc(slices.Clone(args), isHelp)
	p.asked = len(p.args) < len(args)
	err := p.root().Run(ctx, p.args)
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, errSilent):
		return statusFault
	}
	p.tell(err)
	if _, ok := errors.AsType[*usageError](err); ok || aboutDatabase(err) {
		return statusUsage
	}
	return statusFault
}

func isHelp(arg string) bool { return arg == "--help" || arg == "-help" || arg == "-h" }

// aboutDatabase is whether an address of a database is badly written.
func aboutDatabase(err error) bool {
	v, ok := errors.AsType[*fault.Invalid](err)
	return ok && v.Field == "db"
}

// language is that of --lang, else of the environment, else French. It is read
// before all else, because the flags are described in it.
func (p *Program) language(args []string) i18n.Lang {
	wish := p.Env("ACQUIT_LANG")
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, "--lang="); ok {
			wish = value
		}
		if a == "--lang" && i+1 < len(args) {
			wish = args[i+1]
		}
	}
	l, err := i18n.Parse(wish)
	if err != nil {
		return i18n.FR
	}
	return l
}

// say is words in the language of the command.
func (p *Program) say(fr, en string) string {
	if p.lang == i18n.EN {
		return en
	}
	return spaced(fr)
}

// root is the whole command.
func (p *Program) root() *cli.Command {
	root := &cli.Command{
		Name: "acquit", Usage: p.say("relancer ses clients sans les perdre", "get paid without losing customers"),
		Flags:  p.commonFlags(),
		Writer: p.Out, ErrWriter: p.Err, Reader: p.In,
		Commands:       p.verbs(),
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // Run tells, in one place
	}
	p.furnish(root)
	return root
}

// verbs are all of them, in the order of the help.
func (p *Program) verbs() []*cli.Command {
	var all []*cli.Command
	for _, g := range p.groups() {
		for _, v := range g.verbs {
			v.Category = g.title
			all = append(all, v)
		}
	}
	return append(all, p.helpVerb(), p.versionVerb())
}

// group is verbs that belong together in the help.
type group struct {
	title string
	verbs []*cli.Command
}

func (p *Program) groups() []group {
	return []group{
		{p.say("Commencer", "Getting started"), []*cli.Command{p.demo(), p.init(), p.serve(), p.work()}},
		{p.say("Faire entrer les fichiers", "Taking files in"), []*cli.Command{
			p.inspect(), p.importing(), p.bank(), p.lint(), p.sources(), p.match(),
		}},
		{p.say("Relancer", "Reminding"), []*cli.Command{
			p.preview(), p.explain(), p.run(), p.today(), p.show(), p.approve(), p.edit(), p.postpone(), p.dismiss(),
			p.task(), p.outbox(), p.post(), p.apology(),
		}},
		{p.say("Noter ce qui est convenu", "Recording what is agreed"), []*cli.Command{
			p.call(), p.promise(), p.plan(), p.dispute(), p.hold(), p.inflight(), p.guarantor(), p.formalNotice(),
			p.clock(), p.insolvency(), p.registry(), p.lifecycle(),
		}},
		{
			p.say("Constituer le dossier", "Building the dossier"),
			[]*cli.Command{p.dossier(), p.route(), p.handover(), p.loss()},
		},
		{p.say("Écrire sa politique", "Writing the policy"), []*cli.Command{p.scenario()}},
		{p.say("Lire les comptes", "Reading the books"), []*cli.Command{
			p.aging(), p.dso(), p.statement(), p.letter(), p.charges(), p.reconcile(),
		}},
		{p.say("Calculer d’après la loi, sans base de données", "The law’s arithmetic, without a database"), []*cli.Command{
			p.due(), p.interest(), p.limitation(),
		}},
		{p.say("Tenir la maison", "Housekeeping"), []*cli.Command{
			p.company(), p.setting(), p.law(), p.mandate(), p.user(), p.closure(), p.doctor(), p.verify(),
			p.backup(), p.restore(), p.migrate(), p.move(),
			p.generate(),
		}},
	}
}

// furnish gives every command of the tree what all have alike: help of our own,
// faults in our words, lists that are not cut at commas.
func (p *Program) furnish(c *cli.Command) {
	c.HideHelp, c.DisableSliceFlagSeparator = true, true
	c.OnUsageError = func(_ context.Context, c *cli.Command, err error, _ bool) error { return p.usage(c, err) }
	do := c.Action
	c.Action = func(ctx context.Context, c *cli.Command) error {
		switch {
		case c.Root() == c && c.Bool("version"):
			return p.tellVersion()
		case p.asked || do == nil && c.Args().Len() == 0:
			p.help(c)
			return nil
		case do == nil && c.Args().First() == helpName:
			return p.helpOn(c, c.Args().Tail())
		case do == nil:
			return p.unknown(c, c.Args().First())
		}
		if err := p.early(c); err != nil {
			return err
		}
		return do(ctx, c)
	}
	for _, sub := range c.Commands {
		p.furnish(sub)
	}
}

// early refuses what is wrong whatever the books say, before they are opened:
// days that are none, words where a verb takes none.
func (p *Program) early(c *cli.Command) error {
	if _, err := i18n.Parse(c.String("lang")); err != nil {
		return usage(err)
	}
	for _, name := range []string{"on", "from", "until", "for", "first", "issued", "deadline"} {
		if _, err := p.day(c, name); err != nil {
			return err
		}
	}
	if c.ArgsUsage == "" {
		return p.none(c)
	}
	return nil
}

// usageError is a wrong call.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// usage makes err a wrong call, unless there is none.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err}
}

// wrong is a wrong call in words: which flag or argument, what, and what to
// write instead.
func wrong(field, message, mend string) error {
	return &usageError{&fault.Invalid{Field: field, Message: message, Mend: mend}}
}
