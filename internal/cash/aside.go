package cash

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// SetAside says that an entry is no customer's money, and why. It needs Work.
func SetAside(ctx context.Context, tx *db.Tx, s creditor.Scope, entry, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	l, err := forWork(ctx, tx, s, entry, Open)
	if err != nil {
		return err
	}
	return aside(ctx, tx, s, []Line{l}, Person, reason)
}

// aside stores entries as set aside.
func aside(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Line, code Code, reason string) error {
	var rows []row
	var entries []string
	var notes []journal.Note
	for _, l := range list {
		rows = append(rows, row{
			entry: l.Entry.ID, on: l.Entry.On, state: Aside, code: code, reason: reason, examined: true,
		})
		entries = append(entries, l.Entry.ID)
		notes = append(notes, l.note("cash.aside", string(code), reason))
	}
	if err := putRows(ctx, tx, s, rows); err != nil {
		return err
	}
	if err := dropSuspects(ctx, tx, s, entries); err != nil {
		return err
	}
	return journal.WriteAll(ctx, tx, s, notes)
}

// noted is what the journal keeps of an entry without an application.
type noted struct {
	Entry  string       `json:"entry"`
	On     cal.Date     `json:"on"`
	Amount money.Amount `json:"amount"`
	Label  string       `json:"label,omitempty"`
	Code   string       `json:"code,omitempty"`
	Reason string       `json:"reason,omitempty"`
}

func (l Line) note(action, code, reason string) journal.Note {
	subject := "entry/" + l.Entry.ID
	if l.Customer != "" {
		subject = "customer/" + l.Customer
	}
	return journal.Note{Action: action, Subject: subject, Body: noted{
		Entry: l.Entry.ID, On: l.Entry.On, Amount: l.Entry.Amount, Label: label(l.Entry), Code: code, Reason: reason,
	}}
}

// TakeBack opens an entry again that was set aside. It needs Work.
func TakeBack(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := lock(ctx, tx, s); err != nil {
		return err
	}
	l, err := Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	if l.State != Aside {
		return fault.Conflictf("cette opération n’est pas écartée (%s)", l.State.In("fr"))
	}
	// The code stays: the rule does not set aside again what a person took back.
	r := row{entry: entry, on: l.Entry.On, state: Open, code: Person}
	if err := putRows(ctx, tx, s, []row{r}); err != nil {
		return err
	}
	return journal.WriteAll(ctx, tx, s, []journal.Note{l.note("cash.taken_back", "", "")})
}

func dayOf(tx *db.Tx, v setting.Values) cal.Date { return cal.Of(tx.Now.In(setting.TimeZone.In(v))) }

// tellAll writes one thing into the journal for each customer.
func tellAll(ctx context.Context, tx *db.Tx, s creditor.Scope, action string, customers []string, body any) error {
	var notes []journal.Note
	for _, c := range customers {
		notes = append(notes, journal.Note{Action: action, Subject: "customer/" + c, Body: body})
	}
	return journal.WriteAll(ctx, tx, s, notes)
}
