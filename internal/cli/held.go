package cli

import (
	"context"
	"fmt"
	"io"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

// heldUntil says until when nothing leaves to a customer; nil where nothing holds it.
func (p *Program) heldUntil(ctx context.Context, r room, customer string) (*string, error) {
	doubts, err := reminder.DoubtsAbout(ctx, r.tx, r.scope, customer)
	return textJSON(doubts.Until(customer, p.lang)), err
}

// textJSON is a text, null where it is empty.
func textJSON(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// foreseen is what would become of some reminders, and those that would not leave.
func (p *Program) foreseen(
	ctx context.Context, desk *reminder.Desk, tx *db.Tx, s creditor.Scope, rows []reminder.Row,
) (all []reminder.Outlook, list []waitsJSON, err error) {
	ids, codes := make([]string, len(rows)), map[string]string{}
	for i, r := range rows {
		ids[i], codes[r.ID] = r.ID, r.CustomerCode
	}
	all, err = desk.Foresee(ctx, tx, s, ids...)
	list = []waitsJSON{}
	for _, o := range reminder.Kept(all) {
		list = append(list, waitsJSON{o.Reminder, codes[o.Reminder], o.Code, o.Until(p.lang)})
	}
	return all, list, err
}

// waitsJSON is a reminder that would not leave even if it were approved.
type waitsJSON struct {
	Reminder string         `json:"reminder"`
	Customer string         `json:"customer"`
	Code     reminder.Doubt `json:"code"`
	Held     string         `json:"held"`
}

// heldWaiting are those held among the reminders that wait for a person on a day.
func (p *Program) heldWaiting(
	ctx context.Context, b *Books, s creditor.Scope, day cal.Date,
) (list []waitsJSON, err error) {
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := reminder.Page(ctx, tx, s, reminder.Filter{Today: day, Held: true, Limit: shown})
		if err != nil {
			return err
		}
		_, list, err = p.foreseen(ctx, b.Desk, tx, s, rows)
		return err
	})
	return list, err
}

// tellHeld names some of what is held, before anybody approves it.
func (p *Program) tellHeld(w io.Writer, list []waitsJSON) {
	for _, h := range list[:min(len(list), shownRefusals)] {
		fmt.Fprintf(w, "  %s%s%s\n", h.Customer, p.say("\u00a0: ", ": "), h.Held)
	}
	if n := len(list) - shownRefusals; n > 0 {
		fmt.Fprintf(w, p.say("  et %s autres\n", "  and %s others\n"), p.lang.Int(n))
	}
}
