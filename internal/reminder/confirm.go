package reminder

import (
	"context"
	"slices"
	"time"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/money"
)

// Agreed is what a customer said and a message confirms.
type Agreed struct {
	Customer string
	Invoices []string // identifiers
	Made     cal.Date
	For      cal.Date // the zero Date where no day was promised
	Amount   money.Amount
	At       time.Time // when it was agreed: what was confirmed since is not confirmed again
}

// Confirm renders the message that confirms what was agreed in words, for a
// person to read. It belongs to no step: nothing is stored.
func (d *Desk) Confirm(ctx context.Context, tx *db.Tx, s creditor.Scope, a Agreed) (Preview, error) {
	_, _, l, err := d.confirmation(ctx, tx, s, a)
	if err != nil {
		return Preview{}, err
	}
	return Preview{
		Subject: l.rendered.Subject, Text: l.rendered.Text, HTML: l.rendered.HTML, Parts: l.rendered.Parts,
		From: display(l.from), To: display(l.recipient), Warnings: l.rendered.Warnings,
	}, nil
}

// Confirmed is when what was agreed was confirmed; the zero time where it was not.
func Confirmed(ctx context.Context, tx *db.Tx, s creditor.Scope, a Agreed) (time.Time, error) {
	return writtenSince(ctx, tx, s, a.Customer, Confirmation, a.At)
}

// SendConfirmation queues the message that confirms what was agreed, once. It
// needs Work.
func (d *Desk) SendConfirmation(ctx context.Context, tx *db.Tx, s creditor.Scope, a Agreed) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+a.Customer); err != nil {
		return err
	}
	at, err := Confirmed(ctx, tx, s, a)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		return fault.Conflictf("la confirmation est déjà partie, ou part")
	}
	o, r, l, err := d.confirmation(ctx, tx, s, a)
	if err != nil {
		return err
	}
	return d.queue(ctx, tx, s, o, r, l, Confirmation)
}

// recheckConfirmation takes back the confirmation of what does not stand any more:
// a promise whose day has passed or that was taken back, a payment that has come.
func recheckConfirmation(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, m Message) (verdict, error) {
	a, err := account.One(ctx, tx, s, account.Query{Day: o.today}, m.Customer)
	if err != nil {
		return verdict{}, err
	}
	due := func(p dunning.Promise) bool { return p.For >= o.today }
	if len(a.InFlight) == 0 && !slices.ContainsFunc(a.Promises, due) {
		return event("ce que ce message confirme n’attend plus rien", "nothing waits any more for what this message confirms"), nil
	}
	return verdict{}, nil
}

// confirmation is the letter, as a reminder of no step.
func (d *Desk) confirmation(
	ctx context.Context, tx *db.Tx, s creditor.Scope, a Agreed,
) (o office, r Reminder, l letter, err error) {
	if o, err = openOffice(ctx, tx, s); err != nil {
		return o, r, l, err
	}
	r = Reminder{
		Customer: a.Customer, Template: "confirmation-promesse", Tone: dunning.Courteous, On: o.today,
	}
	for _, id := range a.Invoices {
		doc, err := ledger.Find(ctx, tx, s, id)
		if err != nil {
			return o, r, l, err
		}
		if doc.Open.Sign() <= 0 {
			continue
		}
		r.Amount = r.Amount.Add(doc.Open)
		r.Details.Claims = append(r.Details.Claims, dunning.Claim{
			Item: doc.ID, Number: doc.Number, Issued: doc.Issued, Due: doc.Due, Open: doc.Open, Amount: doc.Open,
			Age: o.today.Sub(doc.Due),
		})
	}
	if len(r.Details.Claims) == 0 {
		return o, r, l, fault.Conflictf("ces factures sont soldées\u00a0: il n’y a plus rien à confirmer")
	}
	var promise *message.Promise
	if !a.For.IsZero() {
		promise = &message.Promise{Made: a.Made, For: a.For, Amount: a.Amount}
	}
	l, err = d.wordsOf(ctx, tx, s, o, r, func(f *message.Facts) { f.Promise = promise })
	return o, r, l, err
}
