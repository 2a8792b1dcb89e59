package limitation

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/statute"
)

// note is what the journal keeps of an event or a rule.
type note struct {
	Event     string    `json:"event,omitempty"`
	Invoice   string    `json:"invoice,omitempty"` // number
	On        cal.Date  `json:"on,omitzero"`
	Type      string    `json:"type,omitempty"`
	Certainty Certainty `json:"certainty,omitempty"`
	Proof     string    `json:"proof,omitempty"`
	Kind      string    `json:"kind,omitempty"`
	Months    int       `json:"months,omitempty"`
	Performed cal.Date  `json:"performed,omitzero"`
	Note      string    `json:"note,omitempty"`
}

// byHand are the events that people note, in the order of a form. Part payments,
// plans, promises and reminders are read from the books.
var byHand = []fr.EventType{
	fr.Acknowledgment, fr.CourtClaim, fr.CourtEnd, fr.CourtVoid, fr.OrderFiled, fr.OrderServed, fr.Enforcement,
	fr.MediationStart, fr.MediationEnd, fr.Registered, fr.Notified, fr.PartPayment, fr.Declared,
}

// EventTypes are what people may note.
func EventTypes() []fr.EventType { return slices.Clone(byHand) }

// Add notes an event of a customer, of one invoice or of all that was owed on its
// day. It fills identifier and author, and closes the alerts that it answers. It
// needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, e *Event, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := e.check(today); err != nil {
		return err
	}
	number, err := e.resolve(ctx, tx, s)
	if err != nil {
		return err
	}
	e.ID, e.By, e.CreatedAt = tx.NewID("lim"), s.Actor, tx.Now
	if err := insertEvent(ctx, tx, s, *e); err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, s, "limitation.noted", "customer/"+e.Customer, note{
		Event: e.ID, Invoice: number, On: e.On, Type: string(e.Type), Certainty: e.Certainty,
		Proof: e.Proof, Note: e.Note,
	}); err != nil {
		return err
	}
	return settle(ctx, tx, s, e.Customer, today)
}

func (e *Event) check(today cal.Date) (err error) {
	if !slices.Contains(byHand, e.Type) {
		return fault.Invalidf("type", "« %s » n’est pas un événement qui se note", e.Type)
	}
	if e.Certainty == "" {
		e.Certainty = Text
	}
	if !slices.Contains(Certainties(), e.Certainty) {
		return fault.Invalidf("certainty", "« %s » n’est pas un degré de certitude : text, published ou reading", e.Certainty)
	}
	if err := agreement.Given("on", e.On); err != nil {
		return err
	}
	if e.On > today {
		return &fault.Invalid{
			Field: "on", Message: "ce jour n’est pas encore venu", Mend: "noter l’événement quand il a eu lieu",
		}
	}
	e.Note, err = agreement.Note("note", e.Note)
	return err
}

// resolve finds the customer and the invoice as they were named, and gives the
// invoice's number.
func (e *Event) resolve(ctx context.Context, tx *db.Tx, s creditor.Scope) (number string, err error) {
	if e.Customer != "" {
		if e.Customer, err = agreement.Customer(ctx, tx, s, e.Customer); err != nil {
			return "", err
		}
	}
	if e.Invoice == "" {
		if e.Customer == "" {
			return "", fault.Invalidf("customer", "il manque le client ou la facture")
		}
		return "", nil
	}
	d, err := invoice(ctx, tx, s, e.Customer, e.Invoice)
	if err != nil {
		return "", err
	}
	e.Customer, e.Invoice = d.Customer, d.ID
	return d.Number, nil
}

// invoice is the invoice of that identifier or number, open or settled.
func invoice(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, ref string) (ledger.Document, error) {
	list, err := ledger.Named(ctx, tx, s, ref)
	if err != nil {
		return ledger.Document{}, err
	}
	list = slices.DeleteFunc(list, func(d ledger.Document) bool {
		return d.Kind != ledger.Invoice || customer != "" && d.Customer != customer
	})
	switch len(list) {
	case 0:
		return ledger.Document{}, fault.NotFound("facture « %s »", ref)
	case 1:
		return list[0], nil
	}
	return ledger.Document{}, &fault.Invalid{
		Field: "invoice", Message: "plusieurs factures ont le numéro " + ref, Mend: "nommer aussi le client",
	}
}

// Withdraw takes an event back that should not have been noted. It needs Work; what
// stands on a declaration is ended with its procedure.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	e, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	done, err := withdraw(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflictf("cet événement est déjà retiré")
	}
	return journal.Write(ctx, tx, s, "limitation.withdrawn", "customer/"+e.Customer, note{
		Event: id, On: e.On, Type: string(e.Type), Note: why,
	})
}

// SetRule says of what sort a customer's claims or one invoice are, the period that a
// contract sets, and when what an invoice is for was supplied. It replaces what was
// said before. It needs Work.
func SetRule(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Rule, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	number, err := r.resolve(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := r.check(ctx, tx, s, today); err != nil {
		return err
	}
	if err := setRule(ctx, tx, s, *r); err != nil {
		return err
	}
	if err := journal.Write(ctx, tx, s, "limitation.ruled", "customer/"+r.Customer, note{
		Invoice: number, Kind: r.Kind, Months: r.Months, Performed: r.Performed, Note: r.Note,
	}); err != nil {
		return err
	}
	return settle(ctx, tx, s, r.Customer, today)
}

func (r *Rule) resolve(ctx context.Context, tx *db.Tx, s creditor.Scope) (number string, err error) {
	if r.Customer != "" {
		if r.Customer, err = agreement.Customer(ctx, tx, s, r.Customer); err != nil {
			return "", err
		}
	}
	if r.Subject == "" || r.Subject == r.Customer {
		if r.Customer == "" {
			return "", fault.Invalidf("customer", "il manque le client ou la facture")
		}
		r.Subject = r.Customer
		return "", nil
	}
	d, err := invoice(ctx, tx, s, r.Customer, r.Subject)
	if err != nil {
		return "", err
	}
	r.Customer, r.Subject = d.Customer, d.ID
	return d.Number, nil
}

func (r *Rule) check(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) (err error) {
	if r.Note, err = agreement.Note("note", strings.TrimSpace(r.Note)); err != nil {
		return err
	}
	switch {
	case r.Performed.IsZero():
	case r.Subject == r.Customer:
		return fault.Invalidf("performed", "la date de la prestation se dit facture par facture")
	case r.Performed > today.AddMonths(12):
		return fault.Invalidf("performed", "cette prestation est dans plus d’un an")
	}
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return err
	}
	if r.Kind != "" {
		k, err := law.LimitationKind(r.Kind)
		if err != nil {
			return err
		}
		r.Kind = k.Key
	}
	if r.Months == 0 {
		return nil
	}
	return r.checkMonths(ctx, tx, s, law)
}

// checkMonths holds a contract's period against the sort of claim that it would be.
func (r *Rule) checkMonths(ctx context.Context, tx *db.Tx, s creditor.Scope, law *fr.Law) error {
	who, err := whoIs(ctx, tx, s, r.Customer)
	if err != nil {
		return err
	}
	kind, err := Claim{Debtor: who.Kind, Own: *r}.kindOf(law, "business")
	if err != nil {
		return err
	}
	_, err = law.Agreed(kind, r.Months)
	return err
}
