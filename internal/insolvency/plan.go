package insolvency

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/statute"
	"acquit/internal/task"
)

// ahead is how many days before its last one an act of a case is among the things to
// do: a declaration takes a letter, its exhibits and a signature.
const ahead = 45

func keyOf(c Case, a Act) string { return "insolvency/" + c.ID + "/" + string(a) }

// plan makes tasks of what a case calls for, moves those whose day has changed and
// closes those that are done or no longer called for.
func plan(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case, today cal.Date) error {
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return err
	}
	var wanted []Deadline
	if c.Open() {
		if wanted, err = c.Deadlines(law, today); err != nil {
			return err
		}
	}
	open, err := task.WithKey(ctx, tx, s, "insolvency/"+c.ID+"/")
	if err != nil {
		return err
	}
	who, err := customer.Find(ctx, tx, s, c.Customer)
	if err != nil {
		return err
	}
	standing := map[string]bool{}
	for _, t := range open {
		kept, err := follow(ctx, tx, s, c, t, wanted)
		if err != nil {
			return err
		}
		standing[t.Key] = kept
	}
	var fresh []*task.Task
	for _, d := range wanted {
		if key := keyOf(c, d.Act); !d.Done && !standing[key] {
			fresh = append(fresh, c.task(who, d))
		}
	}
	return task.Add(ctx, tx, s, fresh...)
}

// follow brings an open task of a case up to date, and tells whether it still stands.
func follow(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case, t task.Task, wanted []Deadline) (bool, error) {
	for _, d := range wanted {
		if t.Key != keyOf(c, d.Act) {
			continue
		}
		switch {
		case d.Done && d.Act == Declare && c.Declared.IsZero():
			return false, task.Finish(ctx, tx, s, t.ID, task.NotDone, "le délai est passé sans déclaration")
		case d.Done:
			return false, task.Finish(ctx, tx, s, t.ID, task.Done, "")
		case t.Due != d.On:
			return false, task.Finish(ctx, tx, s, t.ID, task.NotDone, "la date a changé")
		}
		return true, nil
	}
	return false, task.Finish(ctx, tx, s, t.ID, task.NotDone, "n’est plus à faire")
}

func (c Case) task(who customer.Customer, d Deadline) *task.Task {
	title := []rune(d.Act.In("fr") + " avant le " + d.On.Long("fr") + "\u00a0: " + who.Name)
	title[0] = []rune(strings.ToUpper(string(title[0])))[0]
	const most = 190 // a task's title is one line
	if len(title) > most {
		title = append(title[:most], '…')
	}
	detail := c.Kind.In("fr") + ", jugement du " + c.Judgment.Long("fr")
	if c.Office.Name != "" {
		detail += "\u00a0; " + c.Kind.Title("fr") + "\u00a0: " + c.Office.Name
	}
	return &task.Task{
		Customer: c.Customer, Kind: task.Procedure, Key: keyOf(c, d.Act), Title: string(title), Due: d.On,
		Show: d.On.Add(-ahead), Detail: detail + " (" + d.Source + ")",
	}
}

// Night brings the tasks of the cases that go on up to the day: a declaration that was
// missed calls for the relief from foreclosure.
func Night(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	cases, err := Going(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := plan(ctx, tx, s, c, today); err != nil {
			return err
		}
	}
	return nil
}
