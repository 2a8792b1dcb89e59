package job

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

type (
	tickArgs    struct{}
	nightlyArgs struct{}
	runArgs     struct {
		Creditor string `json:"creditor"`
	}
	sendArgs struct {
		Creditor string `json:"creditor"`
	}
	watchArgs struct {
		Creditor string `json:"creditor"`
	}
	matchArgs struct {
		Creditor string `json:"creditor"`
	}
)

func (tickArgs) Kind() string    { return "tick" }
func (nightlyArgs) Kind() string { return "nightly" }
func (runArgs) Kind() string     { return "daily_run" }
func (sendArgs) Kind() string    { return "send" }
func (watchArgs) Kind() string   { return "watch" }
func (matchArgs) Kind() string   { return "match" }

// register ties each kind of job to what it does.
func register(w Work) *river.Workers {
	all := river.NewWorkers()
	add(all, func(ctx context.Context, _ tickArgs) error { return w.Tick(ctx) })
	add(all, func(ctx context.Context, _ nightlyArgs) error { return w.Nightly(ctx) })
	add(all, func(ctx context.Context, a runArgs) error { return w.Run(ctx, a.Creditor) })
	add(all, func(ctx context.Context, a sendArgs) error { return w.Send(ctx, a.Creditor) })
	add(all, func(ctx context.Context, a watchArgs) error { return w.Watch(ctx, a.Creditor) })
	add(all, func(ctx context.Context, a matchArgs) error { return w.Match(ctx, a.Creditor) })
	return all
}

func add[T river.JobArgs](all *river.Workers, work func(context.Context, T) error) {
	river.AddWorker(all, river.WorkFunc(func(ctx context.Context, j *river.Job[T]) error { return work(ctx, j.Args) }))
}

// Periodic jobs live in the memory of the node that leads: the tick looks at
// the database for what is due, so that nothing depends on when it started.
const (
	tickEvery    = time.Minute
	nightlyEvery = 24 * time.Hour
)

func periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		river.NewPeriodicJob(river.PeriodicInterval(tickEvery),
			func() (river.JobArgs, *river.InsertOpts) { return tickArgs{}, once },
			&river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(nightlyEvery),
			func() (river.JobArgs, *river.InsertOpts) { return nightlyArgs{}, once },
			&river.PeriodicJobOpts{RunOnStart: true}),
	}
}
