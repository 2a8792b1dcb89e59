package dispute

import (
	"context"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// note is what the journal keeps of a dispute.
type note struct {
	Dispute  string       `json:"dispute"`
	Invoice  string       `json:"invoice,omitempty"` // number
	Amount   money.Amount `json:"amount,omitzero"`   // none is all
	Reason   Reason       `json:"reason,omitempty"`
	Owner    string       `json:"owner,omitempty"`
	Deadline cal.Date     `json:"deadline,omitzero"`
	Outcome  Outcome      `json:"outcome,omitempty"`
	Note     string       `json:"note,omitempty"`
}

// Add records that an invoice is contested since d.Opened, today. It takes the
// invoice by identifier or number and may leave the customer out; it fills all
// else. Contesting more than is open on the invoice, other disputes included, is
// refused. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, d *Dispute) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	invoices, err := agreement.Invoices(ctx, tx, s, d.Customer, []string{d.Invoice})
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+invoices[0].Customer); err != nil {
		return err
	}
	if invoices, err = agreement.Invoices(ctx, tx, s, d.Customer, []string{d.Invoice}); err != nil { // under the lock
		return err
	}
	invoice := invoices[0]
	if err := d.check(invoice.Open); err != nil {
		return err
	}
	d.Customer, d.Invoice = invoice.Customer, invoice.ID
	if err := roomLeft(ctx, tx, s, *d, invoice); err != nil {
		return err
	}
	d.ID, d.By, d.CreatedAt, d.Closed, d.Outcome, d.Closing = tx.NewID("dsp"), s.Actor, tx.Now, 0, "", ""
	if err := insert(ctx, tx, s, *d); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "dispute.opened", "customer/"+d.Customer, note{
		Dispute: d.ID, Invoice: invoice.Number, Amount: d.Amount, Reason: d.Reason, Owner: d.Owner,
		Deadline: d.Deadline, Note: d.Note,
	})
}

func (d *Dispute) check(open money.Amount) (err error) {
	if !d.Reason.known() {
		return &fault.Invalid{
			Field: "reason", Message: "« " + string(d.Reason) + " » n’est pas un motif de litige",
			Mend: "au choix : " + choices(),
		}
	}
	if d.Note, err = agreement.Note("note", d.Note); err != nil {
		return err
	}
	if d.Owner, err = agreement.Note("owner", d.Owner); err != nil {
		return err
	}
	if d.Opened.IsZero() {
		return fault.Invalidf("opened", "il manque le jour où le litige est né")
	}
	if !d.Deadline.IsZero() {
		if err := agreement.Ahead("deadline", d.Deadline, d.Opened); err != nil {
			return err
		}
	}
	d.Amount, err = agreement.Amount(d.Amount, open)
	return err
}

func choices() string {
	var list []string
	for _, r := range Reasons() {
		list = append(list, string(r)+" ("+r.In("fr")+")")
	}
	return strings.Join(list, ", ")
}

// roomLeft tells whether the invoice can be contested for so much beside what is
// contested already.
func roomLeft(ctx context.Context, tx *db.Tx, s creditor.Scope, d Dispute, invoice ledger.Document) error {
	others, err := openOn(ctx, tx, s, d.Customer, d.Invoice)
	if err != nil {
		return err
	}
	contested := money.Zero(invoice.Open.Currency)
	for _, o := range others {
		if o.Amount.IsZero() {
			return fault.Conflictf("la facture %s est déjà contestée en entier", invoice.Number)
		}
		contested = contested.Add(o.Amount)
	}
	if len(others) > 0 && (d.Amount.IsZero() || invoice.Open.Less(contested.Add(d.Amount))) {
		return fault.Conflictf("la facture %s est déjà contestée pour %s sur %s\u00a0: clore d’abord ce litige",
			invoice.Number, contested.Format("fr"), invoice.Open.Format("fr"))
	}
	return nil
}

// Close ends a dispute from a day on. It needs Work.
func Close(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, outcome Outcome, closing string,
) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if !outcome.known() {
		return fault.Invalidf("outcome", "« %s » n’est pas une issue : resolved, credited, rejected ou withdrawn", outcome)
	}
	if err := agreement.Given("on", on); err != nil {
		return err
	}
	closing, err := agreement.Note("note", closing)
	if err != nil {
		return err
	}
	d, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	was := d.Outcome
	d.Closed, d.Outcome, d.Closing = on, outcome, closing
	closed, err := closeOpen(ctx, tx, s, d)
	if err != nil {
		return err
	}
	if !closed {
		return fault.Conflictf("ce litige est déjà clos (%s)", was.In("fr"))
	}
	return journal.Write(ctx, tx, s, "dispute.closed", "customer/"+d.Customer, note{
		Dispute: id, Outcome: outcome, Note: closing,
	})
}

// Assign gives an open dispute to a person, with a day by which there is to be
// an answer; today is the day of the change. It needs Work.
func Assign(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id, owner string, deadline, today cal.Date,
) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	owner, err := agreement.Note("owner", owner)
	if err != nil {
		return err
	}
	if !deadline.IsZero() {
		if err := agreement.Ahead("deadline", deadline, today); err != nil {
			return err
		}
	}
	d, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	open, err := assign(ctx, tx, s, id, owner, deadline)
	if err != nil {
		return err
	}
	if !open {
		return fault.Conflictf("ce litige est déjà clos (%s)", d.Outcome.In("fr"))
	}
	return journal.Write(ctx, tx, s, "dispute.assigned", "customer/"+d.Customer, note{
		Dispute: id, Owner: owner, Deadline: deadline,
	})
}
