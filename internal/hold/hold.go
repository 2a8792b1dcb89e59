// Package hold keeps quiet: it suspends the dunning of an invoice or of a
// customer until a day, or until a person ends it, for a reason.
package hold

import (
	"context"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
)

// Hold is a silence asked for by a person.
type Hold struct {
	ID        string
	Customer  string // identifier; Add takes a code too
	Invoice   string // identifier, Add takes a number too; empty is the whole customer
	From      cal.Date
	Until     cal.Date // its last day; the zero Date is until a person ends it
	Reason    string
	By        string
	CreatedAt time.Time
	Ended     cal.Date // the first day it no longer holds; the zero Date while nobody ended it
}

// On tells whether the hold keeps quiet on a day.
func (h Hold) On(day cal.Date) bool {
	return h.From <= day && (h.Until.IsZero() || day <= h.Until) && (h.Ended.IsZero() || day < h.Ended)
}

// covers tells whether h, while it holds, leaves nothing for o to add.
func (h Hold) covers(o Hold) bool {
	return h.Invoice == o.Invoice && h.On(o.From) && (h.Until.IsZero() || !o.Until.IsZero() && o.Until <= h.Until)
}

// note is what the journal keeps of a hold.
type note struct {
	Hold    string   `json:"hold"`
	Invoice string   `json:"invoice,omitempty"` // number
	From    cal.Date `json:"from,omitzero"`
	Until   cal.Date `json:"until,omitzero"`
	Reason  string   `json:"reason,omitempty"`
}

// Add suspends from h.From, today or later, until the end of h.Until. Of an
// invoice it may leave the customer out; it fills all else. A silence that is
// kept already is a conflict. today is the day of the wish. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, h *Hold, today cal.Date) error {
	return add(ctx, tx, s, h, today, false)
}

// AddBeside is Add for a silence with an end of its own: one that is kept already, for
// another reason, may end before it.
func AddBeside(ctx context.Context, tx *db.Tx, s creditor.Scope, h *Hold, today cal.Date) error {
	return add(ctx, tx, s, h, today, true)
}

func add(ctx context.Context, tx *db.Tx, s creditor.Scope, h *Hold, today cal.Date, beside bool) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := h.check(today); err != nil {
		return err
	}
	number, err := h.resolve(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+h.Customer); err != nil {
		return err
	}
	others, err := List(ctx, tx, s, h.Customer)
	if err != nil {
		return err
	}
	for _, o := range others {
		if !beside && o.covers(*h) {
			return alreadyHeld(o)
		}
	}
	h.ID, h.By, h.CreatedAt, h.Ended = tx.NewID("hld"), s.Actor, tx.Now, 0
	if err := insert(ctx, tx, s, *h); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "hold.added", "customer/"+h.Customer, note{
		Hold: h.ID, Invoice: number, From: h.From, Until: h.Until, Reason: h.Reason,
	})
}

func alreadyHeld(h Hold) error {
	if h.Until.IsZero() {
		return fault.Conflictf("déjà suspendu sans date de fin («\u00a0%s\u00a0»)", h.Reason)
	}
	return fault.Conflictf("déjà suspendu jusqu’au %s inclus («\u00a0%s\u00a0»)", h.Until.Short("fr"), h.Reason)
}

func (h *Hold) check(today cal.Date) (err error) {
	if h.Reason, err = agreement.Reason("reason", h.Reason); err != nil {
		return err
	}
	if h.From.IsZero() {
		h.From = today
	}
	if err := agreement.Ahead("from", h.From, today); err != nil {
		return err
	}
	switch {
	case h.Until.IsZero():
		return nil
	case h.Until < today:
		return agreement.Ahead("until", h.Until, today)
	case h.Until < h.From:
		return fault.Invalidf("until", "la suspension finirait avant de commencer")
	}
	return nil
}

// resolve finds the customer and the invoice as they were named, and gives the
// invoice's number.
func (h *Hold) resolve(ctx context.Context, tx *db.Tx, s creditor.Scope) (number string, err error) {
	if h.Customer != "" {
		if h.Customer, err = agreement.Customer(ctx, tx, s, h.Customer); err != nil {
			return "", err
		}
	}
	switch {
	case h.Invoice != "":
		invoices, err := agreement.Invoices(ctx, tx, s, h.Customer, []string{h.Invoice})
		if err != nil {
			return "", err
		}
		h.Customer, h.Invoice = invoices[0].Customer, invoices[0].ID
		return invoices[0].Number, nil
	case h.Customer == "":
		return "", fault.Invalidf("customer", "il manque le client ou la facture à suspendre")
	}
	return "", nil
}

// End lets dunning go on from a day. It needs Work.
func End(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := agreement.Given("on", on); err != nil {
		return err
	}
	h, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	ended := !h.Until.IsZero() && h.Until < on
	if !ended {
		held, err := end(ctx, tx, s, id, on)
		if err != nil {
			return err
		}
		ended = !held
	}
	if ended {
		return fault.Conflictf("cette suspension est déjà finie")
	}
	return journal.Write(ctx, tx, s, "hold.ended", "customer/"+h.Customer, note{Hold: id, Until: on.Add(-1)})
}
