package imports

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/setting"
)

// Limits of what lies in the depot.
const (
	maxFiles     = 500
	depositLife  = 24 * time.Hour
	readAtOnce   = 2  // deposits that are read at the same time: each fills a core
	maxDeposits  = 20 // of one creditor
	workPatience = 6 * time.Hour
)

// phase is how far a deposit has come.
type phase string

const (
	reading  phase = "reading"  // what is in the files is being understood
	ready    phase = "ready"    // a person must say yes
	applying phase = "applying" // it is going into the books
	finished phase = "finished"
	failed   phase = "failed"
)

// deposit is files that were dropped, between their arrival and a person's yes.
type deposit struct {
	token    string
	scope    creditor.Scope
	files    []dropped
	options  apply.Options
	phase    phase
	progress apply.Progress
	report   apply.Report
	stop     *apply.Stop // a stock file that would make too much vanish
	problem  error
	at       time.Time
	done     chan struct{} // closed when the work at hand is over
}

// dropped is one file: what it is called and where it lies.
type dropped struct {
	name string
	path string
}

// Depot keeps deposits on disk and works on them. A deposit that its node loses
// is dropped again; nothing that was said yes to is lost, since applying begins
// by writing the import down.
type Depot struct {
	db      *db.DB
	drivers []ingest.Driver
	log     *slog.Logger
	dir     string
	now     func() time.Time

	slots  chan struct{}
	work   sync.WaitGroup
	ctx    context.Context //nolint:containedctx // the depot's own life, which Close ends
	cancel context.CancelFunc

	mu  sync.Mutex
	all map[string]*deposit
}

// NewDepot keeps what is dropped in a folder of its own below dir. Close stops
// its work.
func NewDepot(d *db.DB, drivers []ingest.Driver, log *slog.Logger, dir string, now func() time.Time) *Depot {
	ctx, cancel := context.WithCancel(context.Background())
	return &Depot{
		db: d, drivers: drivers, log: log, dir: dir, now: now, slots: make(chan struct{}, readAtOnce), ctx: ctx,
		cancel: cancel, all: map[string]*deposit{},
	}
}

// Close stops what is being worked on, waits for it and forgets all deposits.
func (d *Depot) Close() {
	d.cancel()
	d.work.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	for token := range d.all {
		d.remove(token)
	}
}

// open makes an empty deposit.
func (d *Depot) open(s creditor.Scope) (*deposit, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(s.Creditor)
	x := &deposit{token: rand.Text(), scope: s, at: d.now(), phase: failed}
	if err := os.MkdirAll(d.folder(x.token), 0o700); err != nil {
		return nil, fmt.Errorf("depot: %w", err)
	}
	d.all[x.token] = x
	return x, nil
}

func (d *Depot) folder(token string) string { return filepath.Join(d.dir, "acquit-depot-"+token) }

// sweep forgets deposits that nobody came back for, and the oldest of a creditor
// that leaves too many.
func (d *Depot) sweep(creditor string) {
	var own []*deposit
	for token, x := range d.all {
		switch {
		case x.phase == reading || x.phase == applying:
		case d.now().Sub(x.at) > depositLife:
			d.remove(token)
		case x.scope.Creditor == creditor:
			own = append(own, x)
		}
	}
	slices.SortFunc(own, func(a, b *deposit) int { return a.at.Compare(b.at) })
	for _, x := range own[:max(0, len(own)-maxDeposits+1)] {
		d.remove(x.token)
	}
}

func (d *Depot) remove(token string) {
	if err := os.RemoveAll(d.folder(token)); err != nil {
		d.log.Warn("depot", "error", err)
	}
	delete(d.all, token)
}

// keep stores one file of a deposit.
func (d *Depot) keep(x *deposit, name string, content io.Reader) error {
	if len(x.files) == maxFiles {
		return fault.Invalidf("fichiers", "au plus %d fichiers à la fois : mettez-les dans une archive zip", maxFiles)
	}
	path := filepath.Join(d.folder(x.token), fmt.Sprintf("%03d", len(x.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("depot: %w", err)
	}
	_, err = io.Copy(f, content)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	x.files = append(x.files, dropped{name: filepath.Base(filepath.ToSlash(name)), path: path})
	return nil
}

// find is a copy of the deposit of that token, of that creditor.
func (d *Depot) find(s creditor.Scope, token string) (deposit, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x, ok := d.all[token]
	if !ok || x.scope.Creditor != s.Creditor {
		return deposit{}, fault.NotFound("dépôt")
	}
	return *x, nil
}

// start works on a deposit in the background: it reads the files, or with yes
// applies them. It goes on when the browser leaves.
func (d *Depot) start(s creditor.Scope, token string, o apply.Options, yes bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	x, ok := d.all[token]
	switch {
	case !ok || x.scope.Creditor != s.Creditor:
		return fault.NotFound("dépôt")
	case x.phase == reading || x.phase == applying:
		return fault.Conflictf("ces fichiers sont déjà en cours de lecture")
	case x.phase == finished:
		return fault.Conflictf("ces fichiers sont déjà importés")
	}
	x.scope, x.options, x.phase = s, o, reading
	if yes {
		x.phase = applying
	}
	x.progress, x.problem, x.stop = apply.Progress{}, nil, nil
	x.done = make(chan struct{})
	d.work.Go(func() { d.run(x, o, yes) })
	return nil
}

// run reads or applies a deposit, in its turn.
func (d *Depot) run(x *deposit, o apply.Options, yes bool) {
	defer close(x.done)
	var report apply.Report
	var err error
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
		report, err = d.read(x, o, yes)
	case <-d.ctx.Done():
		err = d.ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	x.report, x.problem, x.phase = report, err, ready
	stop, stopped := errors.AsType[*apply.Stop](err)
	switch {
	case stopped:
		x.stop, x.problem = stop, nil
	case err != nil:
		x.phase = failed
		if fault.KindOf(err) == fault.KindInternal {
			d.log.Error("import", "deposit", x.token, "error", err)
		}
	case yes:
		x.phase = finished
	}
}

func (d *Depot) read(x *deposit, o apply.Options, yes bool) (apply.Report, error) {
	ctx, cancel := context.WithTimeout(d.ctx, workPatience)
	defer cancel()
	var sources []ingest.Source
	for _, f := range x.files {
		file, err := os.Open(f.path)
		if err != nil {
			return apply.Report{}, fmt.Errorf("depot: %w", err)
		}
		defer file.Close()
		src, err := ingest.FromFile(file)
		if err != nil {
			return apply.Report{}, err
		}
		src.Name = f.name
		sources = append(sources, src)
	}
	o.Drivers, o.DryRun = d.drivers, !yes
	o.Progress = func(p apply.Progress) {
		d.mu.Lock()
		defer d.mu.Unlock()
		x.progress = p
	}
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		v, err := creditor.Settings(ctx, tx, x.scope)
		o.Vanish = setting.StockVanishShare.In(v)
		return err
	})
	if err != nil {
		return apply.Report{}, err
	}
	rep, err := apply.Run(ctx, d.db, x.scope, o, sources...)
	if err != nil || o.DryRun {
		return rep, err
	}
	_, err = cash.After(ctx, d.db, x.scope)
	return rep, err
}
