package reminder

import (
	"context"

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
}

// Confirm renders the message that confirms what was agreed in words, for a
// person to read, mend and send. It belongs to no step: nothing is stored.
func (d *Desk) Confirm(ctx context.Context, tx *db.Tx, s creditor.Scope, a Agreed) (Preview, error) {
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return Preview{}, err
	}
	r := Reminder{
		Customer: a.Customer, Template: "confirmation-promesse", Tone: dunning.Courteous, On: o.today,
	}
	for _, id := range a.Invoices {
		doc, err := ledger.Find(ctx, tx, s, id)
		if err != nil {
			return Preview{}, err
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
		return Preview{}, fault.Conflictf("ces factures sont soldées\u00a0: il n’y a plus rien à confirmer")
	}
	var promise *message.Promise
	if !a.For.IsZero() {
		promise = &message.Promise{Made: a.Made, For: a.For, Amount: a.Amount}
	}
	l, err := d.wordsOf(ctx, tx, s, o, r, func(f *message.Facts) { f.Promise = promise })
	if err != nil {
		return Preview{}, err
	}
	return Preview{
		Subject: l.rendered.Subject, Text: l.rendered.Text, HTML: l.rendered.HTML, Parts: l.rendered.Parts,
		From: display(l.from), To: display(l.recipient), Warnings: l.rendered.Warnings,
	}, nil
}
