package task

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
)

// maxTitle is in characters: one line of a list.
const maxTitle = 200

// note is what the journal keeps of a task.
type note struct {
	Task     string   `json:"task"`
	Kind     Kind     `json:"kind,omitempty"`
	Title    string   `json:"title,omitempty"`
	Reminder string   `json:"reminder,omitempty"`
	Owner    string   `json:"owner,omitempty"`
	Due      cal.Date `json:"due,omitzero"`
	Outcome  Outcome  `json:"outcome,omitempty"`
	Note     string   `json:"note,omitempty"`
}

// Add records tasks and fills their identifiers and authors. One whose key an
// open task has already, or an earlier one of the list, is not made again: it
// takes that one's identifier. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, list ...*Task) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	var keys []string
	for _, t := range list {
		if err := t.check(); err != nil {
			return err
		}
		if t.Key != "" {
			keys = append(keys, t.Key)
		}
	}
	if len(keys) > 0 { // so that two runs at once do not both find no task
		if err := tx.Lock(ctx, "task/"+s.Creditor); err != nil {
			return err
		}
	}
	known, err := openKeys(ctx, tx, s, keys)
	if err != nil {
		return err
	}
	var fresh []*Task
	var notes []journal.Note
	for _, t := range list {
		if id, ok := known[t.Key]; ok && t.Key != "" {
			t.ID = id
			continue
		}
		t.ID, t.By, t.CreatedAt = tx.NewID("tsk"), s.Actor, tx.Now
		known[t.Key] = t.ID
		fresh = append(fresh, t)
		notes = append(notes, t.journal("task.added", note{
			Task: t.ID, Kind: t.Kind, Title: t.Title, Reminder: t.Reminder, Owner: t.Owner, Due: t.Due,
		}))
	}
	if err := insert(ctx, tx, s, fresh); err != nil {
		return err
	}
	return journal.WriteAll(ctx, tx, s, notes)
}

func (t *Task) journal(action string, n note) journal.Note {
	subject := "task/" + t.ID
	if t.Customer != "" {
		subject = "customer/" + t.Customer
	}
	return journal.Note{Action: action, Subject: subject, Body: n}
}

func (t *Task) check() (err error) {
	if !t.Kind.known() {
		return fault.Invalidf("kind", "« %s » n’est pas une sorte de tâche", t.Kind)
	}
	if t.Title = strings.TrimSpace(t.Title); t.Title == "" {
		t.Title = t.Kind.In("fr")
	}
	if utf8.RuneCountInString(t.Title) > maxTitle || strings.ContainsAny(t.Title, "\r\n\x00") {
		return fault.Invalidf("title", "le titre doit tenir sur une ligne de %d caractères", maxTitle)
	}
	if t.Owner, err = agreement.Note("owner", t.Owner); err != nil {
		return err
	}
	if t.Detail, err = agreement.Note("detail", t.Detail); err != nil {
		return err
	}
	return agreement.Given("due", t.Due)
}

// Finish says how a task ended. It needs Work.
func Finish(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, outcome Outcome, said string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if !slices.Contains(Outcomes(), outcome) {
		return fault.Invalidf("outcome", "« %s » n’est pas une issue : done, unreached ou not_done", outcome)
	}
	said, err := agreement.Note("note", said)
	if err != nil {
		return err
	}
	t, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	was := t.Outcome
	t.DoneAt, t.DoneBy, t.Outcome, t.Note = tx.Now, s.Actor, outcome, said
	done, err := finish(ctx, tx, s, t)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflictf("cette tâche est déjà close (%s)", was.In("fr"))
	}
	return journal.WriteAll(ctx, tx, s, []journal.Note{
		t.journal("task.finished", note{Task: id, Outcome: outcome, Note: said}),
	})
}

// Drop gives up the open tasks of a kind that a customer's reminder asked for, with
// the reason. It needs Work.
func Drop(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, reminder string, kind Kind, why string) error {
	open, err := openOf(ctx, tx, s, customer, reminder, kind)
	if err != nil {
		return err
	}
	for _, id := range open {
		if err := Finish(ctx, tx, s, id, NotDone, why); err != nil {
			return err
		}
	}
	return nil
}

// Move gives an open task to a person and another day. It needs Work.
func Move(ctx context.Context, tx *db.Tx, s creditor.Scope, id, owner string, due cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := agreement.Given("due", due); err != nil {
		return err
	}
	owner, err := agreement.Note("owner", owner)
	if err != nil {
		return err
	}
	t, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	open, err := move(ctx, tx, s, id, owner, due)
	if err != nil {
		return err
	}
	if !open {
		return fault.Conflictf("cette tâche est déjà close (%s)", t.Outcome.In("fr"))
	}
	return journal.WriteAll(ctx, tx, s, []journal.Note{t.journal("task.moved", note{Task: id, Owner: owner, Due: due})})
}
