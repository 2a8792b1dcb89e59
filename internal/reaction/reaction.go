// Package reaction records what customers did after we spoke to them: replied,
// came to the portal or paid. A follow-up that waits for a reaction looks here.
package reaction

import (
	"context"
	"slices"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/journal"
)

// Reaction is a sign of life.
type Reaction struct {
	ID        string
	Customer  string // identifier; Add takes a code too
	On        cal.Date
	Kind      Kind
	Note      string
	By        string
	CreatedAt time.Time
}

// Kind is what a customer did.
type Kind string

// The kinds.
const (
	Replied Kind = "replied"
	Portal  Kind = "portal"
	Paid    Kind = "paid"
)

var kindWords = map[Kind]i18n.Words{
	Replied: {FR: "a répondu", EN: "replied"},
	Portal:  {FR: "est venu sur le portail", EN: "came to the portal"},
	Paid:    {FR: "a payé", EN: "paid"},
}

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Replied, Portal, Paid} }

// In is the kind in words.
func (k Kind) In(l i18n.Lang) string { return kindWords[k].In(l) }

// note is what the journal keeps of a reaction.
type note struct {
	Reaction string   `json:"reaction"`
	On       cal.Date `json:"on"`
	Note     string   `json:"note,omitempty"`
}

// Add records a reaction; it fills its identifier and author. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Reaction) (err error) {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if r.Note, err = agreement.Note("note", r.Note); err != nil {
		return err
	}
	if !slices.Contains(Kinds(), r.Kind) {
		return fault.Invalidf("kind", "« %s » n’est pas une réaction connue : replied, portal ou paid", r.Kind)
	}
	if r.On.IsZero() {
		return fault.Invalidf("on", "il manque le jour de la réaction")
	}
	if r.Customer, err = agreement.Customer(ctx, tx, s, r.Customer); err != nil {
		return err
	}
	r.ID, r.By, r.CreatedAt = tx.NewID("rct"), s.Actor, tx.Now
	if err := insert(ctx, tx, s, *r); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "customer."+string(r.Kind), "customer/"+r.Customer, note{
		Reaction: r.ID, On: r.On, Note: r.Note,
	})
}
