package reminder

import (
	"context"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/mandate"
	"acquit/internal/message"
	"acquit/internal/money"
)

// Purpose is why a message that belongs to no reminder was written. It asks for
// nothing, counts for no step and is no contact.
type Purpose string

// The purposes: for a reminder that crossed with a payment, and for what was
// agreed in words.
const (
	Apology      Purpose = "apology"
	Confirmation Purpose = "confirmation"
)

// Excuse is what there is to apologise for to a customer: the settled invoices
// that were chased though their money was there.
type Excuse struct {
	Crossings []Crossing
	SentAt    time.Time // when an apology was written since; the zero time while none was
}

// Due tells whether an apology is still to be made.
func (e Excuse) Due() bool { return len(e.Crossings) > 0 && e.SentAt.IsZero() }

// ExcuseFor finds what there is to apologise for to a customer.
func ExcuseFor(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (e Excuse, err error) {
	all, err := Crossings(ctx, tx, s, customer)
	if err != nil {
		return e, err
	}
	e.Crossings = slices.DeleteFunc(all, func(c Crossing) bool { return !c.Settled })
	if len(e.Crossings) == 0 {
		return e, nil
	}
	last := slices.MaxFunc(e.Crossings, func(a, b Crossing) int { return a.KnownAt.Compare(b.KnownAt) })
	e.SentAt, err = writtenSince(ctx, tx, s, customer, Apology, last.KnownAt)
	return e, err
}

// Apology renders the apology that is due to a customer, for a person to read.
func (d *Desk) Apology(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (Preview, error) {
	_, _, l, err := d.apology(ctx, tx, s, customer)
	if err != nil {
		return Preview{}, err
	}
	return Preview{
		Subject: l.rendered.Subject, Text: l.rendered.Text, HTML: l.rendered.HTML, Parts: l.rendered.Parts,
		From: display(l.from), To: display(l.recipient), Warnings: l.rendered.Warnings,
	}, nil
}

// Apologise queues the apology that is due to a customer. It needs Work.
func (d *Desk) Apologise(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	o, r, l, err := d.apology(ctx, tx, s, customer)
	if err != nil {
		return err
	}
	return d.queue(ctx, tx, s, o, r, l, Apology)
}

// queue composes a message that belongs to no reminder, to leave at once.
func (d *Desk) queue(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, l letter, why Purpose,
) error {
	ways, err := d.Ways(s, o.values)
	if err != nil {
		return err
	}
	way := ways[string(dunning.Email)]
	if way == nil {
		return &fault.Invalid{
			Field: "smtp_host", Message: "la messagerie n’est pas réglée", Mend: "Réglages, Messagerie : le serveur d’envoi et l’adresse",
		}
	}
	m, err := mailed(ctx, tx, s, o, r, way, l, nil)
	if err != nil {
		return err
	}
	m.channel = string(dunning.Email)
	if err := insertMessage(ctx, tx, s, r, why, m); err != nil {
		return err
	}
	if err := d.ask(ctx, tx, s); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, string(why)+".queued", "customer/"+r.Customer, map[string]any{
		"message": m.carried.ID, "sha256": m.carried.Fingerprint(), "invoices": numbersOf(r),
	})
}

// writtenSince is when a message of that purpose was last written to a customer,
// since a moment; the zero time where none was.
func writtenSince(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, why Purpose, since time.Time,
) (time.Time, error) {
	return db.One(ctx, tx, func(r db.Row) (t time.Time, err error) {
		return t, r.Scan(db.Instant(&t))
	}, `
		SELECT max(created_at)
		FROM message
		WHERE creditor_id = $1 AND customer_id = $2 AND purpose = $4 AND state <> 'cancelled' AND created_at >= $3`,
		s.Creditor, customer, since, string(why))
}

func numbersOf(r Reminder) []string {
	list := make([]string, len(r.Details.Claims))
	for i, c := range r.Details.Claims {
		list[i] = c.Number
	}
	return list
}

// apology is the letter, as a reminder of no step: its claims ask for nothing,
// and the messages that it cites are those that crossed.
func (d *Desk) apology(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string,
) (o office, r Reminder, l letter, err error) {
	e, err := ExcuseFor(ctx, tx, s, customer)
	if err != nil {
		return o, r, l, err
	}
	if !e.Due() {
		return o, r, l, fault.Conflictf("aucune relance ne s’est croisée avec un règlement de ce client, ou les excuses sont déjà faites")
	}
	if o, err = openOffice(ctx, tx, s); err != nil {
		return o, r, l, err
	}
	r = Reminder{Customer: customer, Template: "reglement-croise", Tone: dunning.Courteous, On: o.today}
	if err := excused(ctx, tx, s, e, &r); err != nil {
		return o, r, l, err
	}
	crossed := map[cal.Date]bool{}
	for _, c := range e.Crossings {
		crossed[cal.Of(c.SentAt.In(o.zone))] = true
	}
	l, err = d.wordsOf(ctx, tx, s, o, r, func(f *message.Facts) {
		f.Earlier = slices.DeleteFunc(f.Earlier, func(m message.Earlier) bool { return !crossed[m.On] })
	})
	return o, r, l, err
}

// excused are the crossed invoices of one currency as claims of nothing.
func excused(ctx context.Context, tx *db.Tx, s creditor.Scope, e Excuse, r *Reminder) error {
	seen := map[string]bool{}
	for _, c := range e.Crossings {
		if seen[c.Invoice] || r.Amount.Currency != "" && r.Amount.Currency != c.Amount.Currency {
			continue
		}
		seen[c.Invoice] = true
		doc, err := ledger.Find(ctx, tx, s, c.Invoice)
		if err != nil {
			return err
		}
		if doc.Due.IsZero() {
			doc.Due = doc.Issued
		}
		r.Amount = money.Zero(c.Amount.Currency)
		r.Details.Claims = append(r.Details.Claims, dunning.Claim{
			Item: doc.ID, Number: doc.Number, Issued: doc.Issued, Due: doc.Due, Open: doc.Open, Amount: doc.Open,
		})
	}
	return nil
}

// recheckCourtesy is the last look at a message that belongs to no reminder: what
// it says must still be true.
func recheckCourtesy(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, m Message) (verdict, error) {
	if v, err := underMandate(ctx, tx, s); err != nil || v.what != mayLeave {
		return v, err
	}
	if m.Purpose == Confirmation {
		return recheckConfirmation(ctx, tx, s, o, m)
	}
	e, err := ExcuseFor(ctx, tx, s, m.Customer)
	if err != nil {
		return verdict{}, err
	}
	if len(e.Crossings) == 0 {
		return event("le règlement dont ce message parle n’est plus dans les comptes",
			"the payment that this message speaks of is not in the books any more"), nil
	}
	return verdict{}, nil
}

// underMandate holds what would be written for another without its mandate.
func underMandate(ctx context.Context, tx *db.Tx, s creditor.Scope) (verdict, error) {
	err := mandate.Ready(ctx, tx, s)
	if err != nil && fault.KindOf(err) != fault.KindInternal {
		return verdict{doubtful, DoubtMandate, told(err)}, nil
	}
	return verdict{}, err
}
