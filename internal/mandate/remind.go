package mandate

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/task"
)

// remindAhead is how many days before the last one money is asked to be paid over:
// a working week and its two ends.
const remindAhead = 9

const remindKey = "remit/"

// Remind keeps one thing to do about the money that must soon be paid over (R124-6),
// and ends it once it has been. The next deadline takes the place of the one before.
func Remind(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	held, err := ToRemit(ctx, tx, s)
	if err != nil {
		return err
	}
	var near []Held
	for _, h := range held {
		if h.Deadline() <= today.Add(remindAhead) {
			near = append(near, h)
		}
	}
	asked := remindTask(near)
	open, err := task.WithKey(ctx, tx, s, remindKey)
	if err != nil {
		return err
	}
	for _, t := range open {
		if asked != nil && t.Key == asked.Key {
			continue
		}
		if err := task.Finish(ctx, tx, s, t.ID, task.Done, "reversé, ou repris par la tâche suivante"); err != nil {
			return err
		}
	}
	if asked == nil {
		return nil
	}
	return task.Add(ctx, tx, s, asked) // one that stands already stays
}

// remindTask asks to pay over what comes first; nil where nothing is near.
func remindTask(near []Held) *task.Task {
	if len(near) == 0 {
		return nil
	}
	last := near[0].Deadline()
	for _, h := range near {
		last = min(last, h.Deadline())
	}
	return &task.Task{
		Kind: task.Remit, Key: remindKey + last.String(), Due: last, Show: last.Add(-remindAhead),
		Title:  "Reverser au créancier, au plus tard le " + last.Long("fr"),
		Detail: "Un mois au plus après l’encaissement (CPCE R124-6)\u00a0: les règlements à reverser sont dans Réglages, Mandat.",
	}
}
