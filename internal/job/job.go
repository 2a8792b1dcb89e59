// Package job runs what must happen without anybody waiting for it: the daily
// run, the sending, the watched folders. It is the only room that knows River.
//
// Jobs are coarse. What must not be done twice is guarded where it is done, by
// the database, not by the queue: a job may always run again.
package job

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"acquit/internal/db"
	"acquit/internal/fault"
)

// Work is what the jobs do.
type Work struct {
	Tick    func(ctx context.Context) error // each minute, on one node
	Run     func(ctx context.Context, creditor string) error
	Send    func(ctx context.Context, creditor string) error
	Watch   func(ctx context.Context, creditor string) error
	Match   func(ctx context.Context, creditor string) error
	Nightly func(ctx context.Context) error // once a day, on one node
}

// Client inserts jobs and works them.
type Client struct {
	inner inner
}

// inner is a River client of either transaction type.
type inner interface {
	insert(ctx context.Context, tx *db.Tx, args river.JobArgs, o *river.InsertOpts) error
	start(ctx context.Context) error
	stop(ctx context.Context) error
}

// How fast jobs are looked for. SQLite can only be asked; PostgreSQL also tells.
const (
	pollInterval  = 500 * time.Millisecond
	fetchCooldown = 100 * time.Millisecond
)

// workers bounds how many jobs one node works at once: they are coarse, and on
// SQLite they share one writing connection.
const workers = 4

// rescueAfter is when a job of a node that died is taken up again. It must be
// longer than any job runs; what jobs do is guarded against two at once.
const rescueAfter = 6 * time.Hour

// Migrate brings River's own tables up to date.
func Migrate(ctx context.Context, d *db.DB) (err error) {
	defer fault.Wrap(&err, "migrate the queue")
	switch pool := d.Pool().(type) {
	case *sql.DB:
		return migrate[*sql.Tx](ctx, riversqlite.New(pool))
	case *pgxpool.Pool:
		return migrate[pgx.Tx](ctx, riverpgxv5.New(pool))
	}
	return fmt.Errorf("job: unknown pool %T", d.Pool())
}

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// New makes a client; it works nothing until Start.
func New(d *db.DB, w Work, log *slog.Logger) (*Client, error) {
	cfg := &river.Config{
		Logger:               log,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              register(w),
		PeriodicJobs:         periodic(),
		FetchPollInterval:    pollInterval,
		FetchCooldown:        fetchCooldown,
		JobTimeout:           -1, // a run over a large ledger takes what it takes
		RescueStuckJobsAfter: rescueAfter,
	}
	switch pool := d.Pool().(type) {
	case *sql.DB:
		return open[*sql.Tx](riversqlite.New(pool), cfg)
	case *pgxpool.Pool:
		return open[pgx.Tx](riverpgxv5.New(pool), cfg)
	}
	return nil, fmt.Errorf("job: unknown pool %T", d.Pool())
}

func open[T any](driver riverdriver.Driver[T], cfg *river.Config) (*Client, error) {
	c, err := river.NewClient(driver, cfg)
	if err != nil {
		return nil, err
	}
	return &Client{inner: client[T]{c}}, nil
}

// Start works jobs until Stop.
func (c *Client) Start(ctx context.Context) error { return c.inner.start(ctx) }

// Stop lets the jobs that run come to an end, or gives up when ctx does.
func (c *Client) Stop(ctx context.Context) error { return c.inner.stop(ctx) }

// Run asks for the daily run of a creditor, in the transaction of its cause.
func (c *Client) Run(ctx context.Context, tx *db.Tx, creditor string) error {
	return c.inner.insert(ctx, tx, runArgs{creditor}, once)
}

// Send asks for the queued messages of a creditor to leave.
func (c *Client) Send(ctx context.Context, tx *db.Tx, creditor string) error {
	return c.inner.insert(ctx, tx, sendArgs{creditor}, once)
}

// Watch asks for a creditor's watched folders to be looked at.
func (c *Client) Watch(ctx context.Context, tx *db.Tx, creditor string) error {
	return c.inner.insert(ctx, tx, watchArgs{creditor}, once)
}

// Match asks for a creditor's bank entries to be matched, once the transaction
// commits.
func (c *Client) Match(ctx context.Context, tx *db.Tx, creditor string) error {
	return c.inner.insert(ctx, tx, matchArgs{creditor}, once)
}

// once keeps a job from waiting twice. The tick asks again each minute, so a
// job that fails is not tried by the queue.
var once = &river.InsertOpts{
	MaxAttempts: 1,
	UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}},
}

// client adapts River's to the transaction of either engine.
type client[T any] struct{ river *river.Client[T] }

func (c client[T]) insert(ctx context.Context, tx *db.Tx, args river.JobArgs, o *river.InsertOpts) error {
	raw, ok := tx.Raw().(T)
	if !ok {
		return fmt.Errorf("job: transaction of another engine: %T", tx.Raw())
	}
	_, err := c.river.InsertTx(ctx, raw, args, o)
	return err
}

func (c client[T]) start(ctx context.Context) error { return c.river.Start(ctx) }
func (c client[T]) stop(ctx context.Context) error  { return c.river.Stop(ctx) }
