package task_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/task"
)

var today = cal.Must("2026-11-22")

func open(b *agreementtest.Books, f task.Filter) (titles []string) {
	b.T.Helper()
	f.Limit = 2
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		for {
			page, err := task.Open(ctx, tx, b.Scope, f)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, t := range page {
				titles = append(titles, t.Title)
			}
			f.After = page[len(page)-1]
		}
	})
	return titles
}

func TestTheProgramAsksForATaskOnceUntilItIsDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		ask := func() string {
			t.Helper()
			one := &task.Task{Customer: c, Kind: task.FindContact, Key: "find_contact/" + c, Due: today}
			again := *one
			b.Write(func(ctx context.Context, tx *db.Tx) error { return task.Add(ctx, tx, b.Scope, one, &again) })
			if one.ID != again.ID {
				t.Errorf("one list made it twice: %s, %s", one.ID, again.ID)
			}
			return one.ID
		}
		first := ask()
		if ask() != first {
			t.Error("the same task was made twice")
		}
		finish := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return task.Finish(ctx, tx, b.Scope, first, task.Done, "compta@delvaux.example")
			})
		}
		if err := finish(); err != nil {
			t.Fatal(err)
		}
		if err := finish(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("finished twice: got %v", err)
		}
		if ask() == first {
			t.Error("a task that was done is not open")
		}
		if diff := cmp.Diff([]string{"task.added", "task.finished", "task.added"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOpenTasksComeByTheirDayForThoseWhoAsk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		list := []*task.Task{
			{Kind: task.Call, Title: "a", Owner: "anne", Due: today.Add(3)},
			{Kind: task.Call, Title: "b", Owner: "bob", Due: today.Add(1)},
			{Kind: task.Mend, Title: "c", Customer: c, Due: today.Add(2)},
			{Kind: task.Other, Title: "d", Owner: "anne", Due: today},
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error { return task.Add(ctx, tx, b.Scope, list...) })
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return task.Move(ctx, tx, b.Scope, list[3].ID, "bob", today.Add(9))
		})
		for _, r := range []struct {
			f    task.Filter
			want []string
		}{
			{task.Filter{}, []string{"b", "c", "a", "d"}},
			{task.Filter{Owner: "anne"}, []string{"c", "a"}},
			{task.Filter{Kind: task.Call, Until: today.Add(2)}, []string{"b"}},
			{task.Filter{Customer: c}, []string{"c"}},
		} {
			if diff := cmp.Diff(r.want, open(b, r.f)); diff != "" {
				t.Errorf("%+v: %s", r.f, diff)
			}
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			n, err := task.Count(ctx, tx, b.Scope, task.Filter{})
			if diff := cmp.Diff(map[task.Kind]int{task.Call: 2, task.Mend: 1, task.Other: 1}, n); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}
