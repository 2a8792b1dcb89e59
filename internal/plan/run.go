package plan

import (
	"context"
	"fmt"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const (
	maxInstalments = 120  // ten years by the month
	maxGrace       = 60   // days: more would hide a missed instalment behind the next ones
	maxDays        = 4000 // of the whole plan, eleven years: further is a slip of the pen
)

// note is what the journal keeps of a plan.
type note struct {
	Plan        string       `json:"plan"`
	Invoices    []string     `json:"invoices,omitempty"` // numbers
	Instalments []instalment `json:"instalments,omitempty"`
	Grace       int          `json:"grace,omitempty"`
	Note        string       `json:"note,omitempty"`
}

type instalment struct {
	Due    cal.Date     `json:"due"`
	Amount money.Amount `json:"amount"`
}

// Draft are the open invoices that refs name and the monthly instalments that
// would pay them, for a plan to be looked at before it is added.
func Draft(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, refs []string, n int, first cal.Date,
) ([]ledger.Document, []Instalment, error) {
	if n < 1 || n > maxInstalments {
		return nil, nil, fault.Invalidf("instalments", "un échéancier a de 1 à %d échéances", maxInstalments)
	}
	invoices, err := agreement.Invoices(ctx, tx, s, customer, refs)
	if err != nil {
		return nil, nil, err
	}
	return invoices, Monthly(agreement.OpenOf(invoices), n, first), nil
}

// Add records a plan made on p.Made, today. It takes invoices by identifier or
// number and may leave the customer out; it puts the instalments in order and
// fills all else. They must add up to what is open on the invoices. An invoice
// that is under a promise or a plan already is a conflict; a plan longer than the
// limits of who adds it is refused. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, p *Plan) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	invoices, err := agreement.Invoices(ctx, tx, s, p.Customer, p.Invoices)
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+invoices[0].Customer); err != nil {
		return err
	}
	if invoices, err = agreement.Invoices(ctx, tx, s, p.Customer, p.Invoices); err != nil { // under the lock
		return err
	}
	if err := p.check(agreement.OpenOf(invoices)); err != nil {
		return err
	}
	if err := p.within(ctx, tx, s); err != nil {
		return err
	}
	if err := agreement.Free(ctx, tx, s, p.Made, invoices); err != nil {
		return err
	}
	p.Customer, p.Invoices = invoices[0].Customer, agreement.IDs(invoices)
	p.ID, p.By, p.CreatedAt, p.Ended, p.EndedAs = tx.NewID("pln"), s.Actor, tx.Now, 0, ""
	if err := insert(ctx, tx, s, *p); err != nil {
		return err
	}
	n := note{Plan: p.ID, Invoices: agreement.Numbers(invoices), Grace: p.Grace, Note: p.Note}
	for _, i := range p.Instalments {
		n.Instalments = append(n.Instalments, instalment(i))
	}
	return journal.Write(ctx, tx, s, "plan.made", "customer/"+p.Customer, n)
}

// within refuses a plan beyond what the person who agrees to it may grant.
func (p *Plan) within(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	limits, err := agreement.LimitsOf(ctx, tx, s)
	if err != nil {
		return err
	}
	return limits.Plan(p.Made, p.Instalments[len(p.Instalments)-1].Due, len(p.Instalments))
}

func (p *Plan) check(open money.Amount) (err error) {
	if p.Note, err = agreement.Note("note", p.Note); err != nil {
		return err
	}
	switch {
	case p.Made.IsZero():
		return fault.Invalidf("made", "il manque le jour où l’échéancier a été convenu")
	case p.Grace < 0 || p.Grace > maxGrace:
		return fault.Invalidf("grace", "la tolérance va de 0 à %d jours", maxGrace)
	case len(p.Instalments) < 1 || len(p.Instalments) > maxInstalments:
		return fault.Invalidf("instalments", "un échéancier a de 1 à %d échéances", maxInstalments)
	}
	p.Instalments = slices.Clone(p.Instalments)
	slices.SortStableFunc(p.Instalments, func(a, b Instalment) int { return int(a.Due - b.Due) })
	for i, part := range p.Instalments {
		if err := p.checkInstalment(i, part, open.Currency); err != nil {
			return err
		}
	}
	return addsUp(p.Total(), open)
}

func (p *Plan) checkInstalment(i int, part Instalment, c money.Currency) error {
	if err := agreement.Ahead("instalments", part.Due, p.Made); err != nil {
		return err
	}
	switch {
	case part.Due > p.Made.Add(maxDays):
		return fault.Invalidf("instalments", "l’échéance du %s est trop lointaine", part.Due.Short("fr"))
	case i > 0 && part.Due == p.Instalments[i-1].Due:
		return fault.Invalidf("instalments", "deux échéances tombent le %s", part.Due.Short("fr"))
	case part.Amount.Currency != c:
		return fault.Invalidf("instalments", "l’échéance du %s n’est pas en %s", part.Due.Short("fr"), c)
	case part.Amount.Sign() <= 0:
		return fault.Invalidf("instalments", "l’échéance du %s doit avoir un montant positif", part.Due.Short("fr"))
	}
	return nil
}

// addsUp tells whether the instalments pay what is open, or what is missing.
func addsUp(total, open money.Amount) error {
	difference := total.Sub(open)
	if difference.IsZero() {
		return nil
	}
	which := "de trop"
	if difference.Sign() < 0 {
		which = "de moins"
	}
	return &fault.Invalid{
		Field: "instalments",
		Message: fmt.Sprintf("les échéances font %s alors qu’il reste %s à payer\u00a0: %s %s",
			total.Format("fr"), open.Format("fr"), difference.Abs().Format("fr"), which),
		Mend: "corriger la dernière échéance",
	}
}

// End closes a plan from a day on, with the reason: as Withdrawn when the parties
// agreed otherwise, as Broken when the creditor holds the customer to the
// original due dates again. It needs Work.
func End(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, as State, reason string,
) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if as != Withdrawn && as != Broken {
		return fault.Invalidf("as", "un échéancier prend fin retiré (withdrawn) ou rompu (broken)")
	}
	if err := agreement.Given("on", on); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	p, err := Find(ctx, tx, s, on, id)
	if err != nil {
		return err
	}
	ended, err := end(ctx, tx, s, on, as, id)
	if err != nil {
		return err
	}
	if !ended {
		return fault.Conflictf("cet échéancier est déjà clos (%s)", p.EndedAs.In("fr"))
	}
	return journal.Write(ctx, tx, s, "plan."+string(as), "customer/"+p.Customer, note{Plan: id, Note: reason})
}

// Settle closes the plans that are paid in full by a day. A broken one stays
// until a person ends it: paying what was missed puts it right. It needs Work.
func Settle(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	for after := ""; ; {
		page, err := Open(ctx, tx, s, day, after, maxPage)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].ID
		if err := settle(ctx, tx, s, day, page); err != nil {
			return err
		}
	}
}

func settle(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, page []View) error {
	var notes []journal.Note
	for _, v := range page {
		if v.Progress(day).State != Kept {
			continue
		}
		if _, err := end(ctx, tx, s, day, Kept, v.ID); err != nil {
			return err
		}
		notes = append(notes, journal.Note{
			Action: "plan.kept", Subject: "customer/" + v.Customer, Body: note{Plan: v.ID},
		})
	}
	return journal.WriteAll(ctx, tx, s, notes)
}
