package handover

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Event is what made a claim irrecoverable, on which the recovery of its VAT depends
// (CGI 272-1).
type Event string

// The events.
const (
	ProceedingsFailed Event = "proceedings" // a certificate of irrecoverability, enforcement in vain
	Liquidation       Event = "liquidation" // the judgment that opens it is enough
	SmallAmount       Event = "small"       // not worth proceedings: a commercial decision
)

// Events are all of them, in the order of a form.
func Events() []Event { return []Event{ProceedingsFailed, Liquidation, SmallAmount} }

var eventWords = map[Event]i18n.Words{
	ProceedingsFailed: {FR: "poursuites sans résultat, certificat d’irrécouvrabilité", EN: "proceedings in vain, certificate of irrecoverability"},
	Liquidation:       {FR: "liquidation judiciaire ouverte", EN: "liquidation opened"},
	SmallAmount:       {FR: "montant trop faible pour des poursuites", EN: "too small an amount for proceedings"},
}

// In is the event in words.
func (e Event) In(l i18n.Lang) string { return eventWords[e].In(l) }

// RecoversVAT tells whether the event opens the recovery of VAT: giving a small amount
// up does not make it irrecoverable.
func (e Event) RecoversVAT() bool { return e == ProceedingsFailed || e == Liquidation }

// LossState is how far a write-off is.
type LossState string

// The states of a write-off.
const (
	LossAsked    LossState = "asked" // a second person must approve it
	LossDone     LossState = "done"
	LossRefused  LossState = "refused"
	LossReversed LossState = "reversed"
)

var lossWords = map[LossState]i18n.Words{
	LossAsked: {FR: "à approuver", EN: "to be approved"}, LossDone: {FR: "passé en perte", EN: "written off"},
	LossRefused: {FR: "refusé", EN: "refused"}, LossReversed: {FR: "annulé", EN: "reversed"},
}

// In is the state in words.
func (s LossState) In(l i18n.Lang) string { return lossWords[s].In(l) }

// Loss is what is left of an invoice, given up.
type Loss struct {
	ID         string
	Customer   string
	Document   string // the invoice
	Number     string
	Handover   string
	Amount     money.Amount
	Event      Event
	EventOn    cal.Date
	Reason     string
	State      LossState
	AskedOn    cal.Date
	AskedBy    string
	DecidedOn  cal.Date
	DecidedBy  string
	ReversedOn cal.Date
	ReversedBy string
	Reversal   string
	Credit     string // the document that took the loss
	Allocation string
}

// WriteOff gives up what is left of an invoice: at once below the creditor's ceiling,
// else once a second person has approved. It takes the invoice by identifier or number
// and fills all else. It needs Manage.
func WriteOff(ctx context.Context, tx *db.Tx, s creditor.Scope, l *Loss, today cal.Date) error {
	if err := mayDecide(s); err != nil {
		return err
	}
	invoices, err := agreement.Invoices(ctx, tx, s, l.Customer, []string{l.Document})
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+invoices[0].Customer); err != nil {
		return err
	}
	if invoices, err = agreement.Invoices(ctx, tx, s, l.Customer, []string{l.Document}); err != nil { // under the lock
		return err
	}
	if err := l.check(invoices[0], today); err != nil {
		return err
	}
	waiting, err := lossesOn(ctx, tx, s, l.Document, LossAsked)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return fault.Conflictf("le passage en perte de %s attend déjà une seconde personne", l.Number)
	}
	l.ID, l.State, l.AskedOn, l.AskedBy = tx.NewID("los"), LossAsked, today, s.Actor
	if err := insertLoss(ctx, tx, s, *l); err != nil {
		return err
	}
	alone, err := oneIsEnough(ctx, tx, s, l.Amount)
	if err != nil {
		return err
	}
	if alone {
		return l.book(ctx, tx, s, today)
	}
	return journal.Write(ctx, tx, s, "loss.asked", "customer/"+l.Customer, l.entry())
}

// mayDecide refuses rules and the program: people write off.
func mayDecide(s creditor.Scope) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if s.Actor == creditor.ActorRule {
		return fault.Deniedf("un passage en perte demande une personne")
	}
	return nil
}

func (l *Loss) check(d ledger.Document, today cal.Date) (err error) {
	l.Customer, l.Document, l.Number = d.Customer, d.ID, d.Number
	if !known(l.Event, Events()) {
		return fault.Invalidf("event", "« %s » n’est pas un motif : proceedings, liquidation ou small", l.Event)
	}
	if l.EventOn.IsZero() {
		l.EventOn = today
	}
	if l.EventOn > today {
		return fault.Invalidf("event_on", "l’événement ne peut pas être à venir")
	}
	if l.Reason, err = agreement.Reason("reason", l.Reason); err != nil {
		return err
	}
	if l.Amount, err = agreement.Amount(l.Amount, d.Open); err != nil {
		return err
	}
	if l.Amount.IsZero() {
		l.Amount = d.Open
	}
	return nil
}

func oneIsEnough(ctx context.Context, tx *db.Tx, s creditor.Scope, a money.Amount) (bool, error) {
	ceiling, err := setting.Read(ctx, tx, s.Creditor, setting.WriteOffCeiling)
	return err == nil && a.Currency == ceiling.Currency && a.Less(ceiling), err
}

func (l Loss) entry() map[string]any {
	return map[string]any{
		"loss": l.ID, "invoice": l.Number, "amount": l.Amount, "event": l.Event, "event_on": l.EventOn,
		"reason": l.Reason, "asked_by": l.AskedBy,
	}
}

// DecideLoss approves or refuses a write-off that waits. Whoever asked cannot approve:
// two different persons decide. On the command line nobody is told from anybody, so that
// what was asked there is approved on screen. It needs Manage.
func DecideLoss(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, approve bool, today cal.Date) error {
	if err := mayDecide(s); err != nil {
		return err
	}
	l, err := FindLoss(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+l.Customer); err != nil {
		return err
	}
	if l, err = FindLoss(ctx, tx, s, id); err != nil {
		return err
	}
	if l.State != LossAsked {
		return fault.Conflictf("ce passage en perte n’attend plus (%s)", l.State.In("fr"))
	}
	if !approve {
		l.State, l.DecidedOn, l.DecidedBy = LossRefused, today, s.Actor
		if err := updateLoss(ctx, tx, s, l); err != nil {
			return err
		}
		return journal.Write(ctx, tx, s, "loss.refused", "customer/"+l.Customer, l.entry())
	}
	if s.Actor == l.AskedBy || s.Actor == creditor.ActorSystem {
		return fault.Deniedf("une autre personne que celle qui l’a demandé doit approuver ce passage en perte")
	}
	return l.book(ctx, tx, s, today)
}

// book enters the loss in the books: a dated document that takes what is left.
func (l *Loss) book(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	invoice, err := ledger.Find(ctx, tx, s, l.Document)
	if err != nil {
		return err
	}
	if invoice.Open.Less(l.Amount) {
		return fault.Conflictf("il ne reste que %s sur %s\u00a0: refuser, puis demander ce qui reste", invoice.Open.Format("fr"),
			invoice.Number)
	}
	split := SplitVAT(invoice, l.Amount)
	d := &ledger.Document{
		Customer: l.Customer, Kind: ledger.CreditNote, Nature: ledger.WriteOff,
		Number: "PERTE-" + invoice.Number, Part: l.ID, Issued: today, Amount: l.Amount, Preceding: invoice.Number, Label: "Passage en perte : " + l.Event.In("fr"),
		Net: split.Net, Source: "perte",
	}
	if err := ledger.Add(ctx, tx, s, []*ledger.Document{d}); err != nil {
		return err
	}
	a := ledger.Allocation{Credit: d.ID, Invoice: invoice.ID, Amount: l.Amount, On: today, Reason: "passage en perte"}
	if err := ledger.Allocate(ctx, tx, s, &a); err != nil {
		return err
	}
	l.State, l.DecidedOn, l.DecidedBy, l.Credit, l.Allocation = LossDone, today, s.Actor, d.ID, a.ID
	if err := updateLoss(ctx, tx, s, *l); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "loss.booked", "customer/"+l.Customer, l.entry())
}

// ReverseLoss takes a loss back, dated: the invoice is open again, and the document that
// took the loss is settled by one of the opposite sense. It needs Manage.
func ReverseLoss(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string, today cal.Date) error {
	if err := mayDecide(s); err != nil {
		return err
	}
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	l, err := FindLoss(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if l.State != LossDone {
		return fault.Conflictf("ce passage en perte n’est pas en compte (%s)", l.State.In("fr"))
	}
	if err := ledger.Reverse(ctx, tx, s, l.Allocation, today, why); err != nil {
		return err
	}
	loss, err := ledger.Find(ctx, tx, s, l.Credit)
	if err != nil {
		return err
	}
	back := &ledger.Document{
		Customer: l.Customer, Kind: ledger.Invoice, Nature: ledger.Correction, Number: loss.Number,
		Part: l.ID + "/annulation", Issued: today, Due: today, Amount: l.Amount, Label: "Annulation du passage en perte", Source: "perte",
	}
	if err := ledger.Add(ctx, tx, s, []*ledger.Document{back}); err != nil {
		return err
	}
	err = ledger.Allocate(ctx, tx, s, &ledger.Allocation{
		Credit: loss.ID, Invoice: back.ID, Amount: l.Amount, On: today, Reason: why,
	})
	if err != nil {
		return err
	}
	l.State, l.ReversedOn, l.ReversedBy, l.Reversal = LossReversed, today, s.Actor, why
	if err := updateLoss(ctx, tx, s, l); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "loss.reversed", "customer/"+l.Customer,
		map[string]any{"loss": l.ID, "invoice": l.Number, "amount": l.Amount, "reason": why})
}
