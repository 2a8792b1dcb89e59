// Package inflight holds payments on their way: announced, and not yet in the
// bank. Nobody who has paid is reminded, even before the money is seen.
package inflight

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
	"acquit/internal/money"
)

// Payment is one that was announced.
type Payment struct {
	ID        string
	Customer  string   // identifier; Add takes a code too
	Invoices  []string // identifiers, Add takes numbers too; none is the customer at large
	Amount    money.Amount
	On        cal.Date // when it was announced
	Until     cal.Date // the last day it may still be on its way
	Source    Source
	Note      string
	By        string
	CreatedAt time.Time
	Ended     cal.Date // the first day it no longer counts; the zero Date while it does
	EndedAs   Outcome
}

// Lapsed tells whether a payment should have come before a day and nobody has
// said what became of it.
func (p Payment) Lapsed(day cal.Date) bool { return p.Ended.IsZero() && p.Until < day }

// Source is how the money comes.
type Source string

// The sources, in the order of a form.
const (
	Transfer Source = "transfer"
	Cheque   Source = "cheque"
	Debit    Source = "debit"
	Card     Source = "card"
	Bill     Source = "bill"
	Other    Source = "other"
)

var sourceWords = map[Source]i18n.Words{
	Transfer: {FR: "virement", EN: "transfer"},
	Cheque:   {FR: "chèque", EN: "cheque"},
	Debit:    {FR: "prélèvement", EN: "direct debit"},
	Card:     {FR: "carte", EN: "card"},
	Bill:     {FR: "effet de commerce", EN: "bill of exchange"},
	Other:    {FR: "autre", EN: "other"},
}

// Sources are all of them, in the order of a form.
func Sources() []Source { return []Source{Transfer, Cheque, Debit, Card, Bill, Other} }

// In is the source in words.
func (s Source) In(l i18n.Lang) string { return sourceWords[s].In(l) }

// Outcome is what became of a payment.
type Outcome string

// The outcomes.
const (
	Arrived   Outcome = "arrived"
	Failed    Outcome = "failed"    // refused, bounced
	Cancelled Outcome = "cancelled" // announced by mistake
)

var outcomeWords = map[Outcome]i18n.Words{
	Arrived:   {FR: "arrivé", EN: "arrived"},
	Failed:    {FR: "rejeté", EN: "failed"},
	Cancelled: {FR: "annulé", EN: "cancelled"},
}

// Outcomes are all of them, in the order of a form.
func Outcomes() []Outcome { return []Outcome{Arrived, Failed, Cancelled} }

// In is the outcome in words.
func (o Outcome) In(l i18n.Lang) string { return outcomeWords[o].In(l) }

// note is what the journal keeps of a payment on its way.
type note struct {
	Payment  string       `json:"payment"`
	Invoices []string     `json:"invoices,omitempty"` // numbers
	Amount   money.Amount `json:"amount,omitzero"`
	Until    cal.Date     `json:"until,omitzero"`
	Source   Source       `json:"source,omitempty"`
	Outcome  Outcome      `json:"outcome,omitempty"`
	Note     string       `json:"note,omitempty"`
}

// Add records a payment announced on p.On, today. For invoices, which it takes
// by identifier or number, it may leave the customer out, and the amount may not
// exceed what is open on them; zero is all of it. It fills all else. It needs
// Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, p *Payment) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	numbers, err := p.resolve(ctx, tx, s)
	if err != nil {
		return err
	}
	p.ID, p.By, p.CreatedAt, p.Ended, p.EndedAs = tx.NewID("inf"), s.Actor, tx.Now, 0, ""
	if err := insert(ctx, tx, s, *p); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "payment.announced", "customer/"+p.Customer, note{
		Payment: p.ID, Invoices: numbers, Amount: p.Amount, Until: p.Until, Source: p.Source, Note: p.Note,
	})
}

func (p *Payment) check() (err error) {
	if p.Note, err = agreement.Note("note", p.Note); err != nil {
		return err
	}
	if p.Source == "" {
		p.Source = Other
	}
	if !slices.Contains(Sources(), p.Source) {
		return fault.Invalidf("source", "« %s » n’est pas un moyen de paiement connu", p.Source)
	}
	if p.On.IsZero() {
		return fault.Invalidf("on", "il manque le jour de l’annonce")
	}
	return agreement.Ahead("until", p.Until, p.On)
}

// resolve finds the customer and the invoices as they were named, sets the
// amount, and gives the invoices' numbers.
func (p *Payment) resolve(ctx context.Context, tx *db.Tx, s creditor.Scope) (numbers []string, err error) {
	if p.Customer != "" {
		if p.Customer, err = agreement.Customer(ctx, tx, s, p.Customer); err != nil {
			return nil, err
		}
	}
	if len(p.Invoices) == 0 {
		return nil, p.atLarge()
	}
	invoices, err := agreement.Invoices(ctx, tx, s, p.Customer, p.Invoices)
	if err != nil {
		return nil, err
	}
	open := agreement.OpenOf(invoices)
	if p.Amount, err = agreement.Amount(p.Amount, open); err != nil {
		return nil, err
	}
	if p.Amount.IsZero() {
		p.Amount = open
	}
	p.Customer, p.Invoices = invoices[0].Customer, agreement.IDs(invoices)
	return agreement.Numbers(invoices), nil
}

func (p *Payment) atLarge() error {
	switch {
	case p.Customer == "":
		return fault.Invalidf("customer", "il manque le client ou la facture")
	case p.Amount.Sign() <= 0 || !p.Amount.Currency.Valid():
		return fault.Invalidf("amount", "il manque le montant annoncé")
	}
	return nil
}

// End says what became of a payment; from that day it no longer counts. It needs
// Work.
func End(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, as Outcome, why string,
) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if !slices.Contains(Outcomes(), as) {
		return fault.Invalidf("as", "« %s » n’est pas une issue : arrived, failed ou cancelled", as)
	}
	if err := agreement.Given("on", on); err != nil {
		return err
	}
	why, err := agreement.Note("note", why)
	if err != nil {
		return err
	}
	p, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	ended, err := end(ctx, tx, s, id, on, as)
	if err != nil {
		return err
	}
	if !ended {
		return fault.Conflictf("ce paiement annoncé est déjà clos (%s)", p.EndedAs.In("fr"))
	}
	return journal.Write(ctx, tx, s, "payment."+string(as), "customer/"+p.Customer, note{
		Payment: id, Outcome: as, Note: why,
	})
}

// Reopen puts a payment that was said to have arrived on its way again: the money
// was another. It needs Work.
func Reopen(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	p, err := Find(ctx, tx, s, id)
	if err != nil || p.EndedAs != Arrived {
		return err
	}
	if err := reopen(ctx, tx, s, id); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "payment.reopened", "customer/"+p.Customer, note{Payment: id, Note: why})
}
