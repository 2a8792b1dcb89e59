package promise

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// DefaultLimit leaves it to the creditor's setting how many promises one invoice
// may see without being paid (setting.PromiseLimit).
const DefaultLimit = 0

// maxDays is how far ahead a promise may lie. Longer is a plan, or a slip of the
// pen in the year.
const maxDays = 366

// note is what the journal keeps of a promise.
type note struct {
	Promise  string       `json:"promise"`
	Invoices []string     `json:"invoices,omitempty"` // numbers
	For      cal.Date     `json:"for,omitzero"`
	Amount   money.Amount `json:"amount,omitzero"` // none is all
	Paid     money.Amount `json:"paid,omitzero"`
	Note     string       `json:"note,omitempty"`
}

// Add records a promise made on p.Made, today. It takes invoices by identifier
// or number and may leave the customer out; it fills all else. An invoice that
// is under a promise or a plan already, or that has seen limit promises, is a
// conflict. It needs Work.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, p *Promise, limit int) error {
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
	p.Customer, p.Invoices = invoices[0].Customer, agreement.IDs(invoices)
	if err := mayPromise(ctx, tx, s, *p, invoices, limit); err != nil {
		return err
	}
	p.ID, p.By, p.CreatedAt, p.Ended, p.EndedAs = tx.NewID("prm"), s.Actor, tx.Now, 0, ""
	if err := insert(ctx, tx, s, *p); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "promise.made", "customer/"+p.Customer, note{
		Promise: p.ID, Invoices: agreement.Numbers(invoices), For: p.For, Amount: p.Amount, Note: p.Note,
	})
}

func (p *Promise) check(open money.Amount) (err error) {
	if p.Note, err = agreement.Note("note", p.Note); err != nil {
		return err
	}
	if p.Made.IsZero() {
		return fault.Invalidf("made", "il manque le jour où la promesse a été faite")
	}
	if err := agreement.Ahead("for", p.For, p.Made); err != nil {
		return err
	}
	if p.For > p.Made.Add(maxDays) {
		return &fault.Invalid{
			Field: "for", Message: "le " + p.For.Short("fr") + " est à plus d’un an",
			Mend: "vérifier l’année, ou convenir d’un échéancier",
		}
	}
	p.Amount, err = agreement.Amount(p.Amount, open)
	return err
}

// mayPromise ends what was kept meanwhile, then looks for what stands in the way.
func mayPromise(
	ctx context.Context, tx *db.Tx, s creditor.Scope, p Promise, invoices []ledger.Document, limit int,
) error {
	mine, err := standing(ctx, tx, s, p.Made, p.Customer)
	if err != nil {
		return err
	}
	if err := settle(ctx, tx, s, p.Made, mine, maxDays); err != nil { // so much grace leaves only those kept
		return err
	}
	if err := agreement.Free(ctx, tx, s, p.Made, invoices); err != nil {
		return err
	}
	if limit == DefaultLimit {
		if limit, err = setting.Read(ctx, tx, s.Creditor, setting.PromiseLimit); err != nil {
			return err
		}
	}
	counts, err := countOn(ctx, tx, s, p.Invoices)
	if err != nil {
		return err
	}
	for _, d := range invoices {
		if counts[d.ID] >= limit {
			return fault.Conflictf("la facture %s a déjà été promise %d fois sans être réglée\u00a0: convenir d’un échéancier",
				d.Number, counts[d.ID])
		}
	}
	return nil
}

// Withdraw takes a promise back from a day on, with the reason. It needs Work.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
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
	n, err := end(ctx, tx, s, on, Withdrawn, []string{id})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflictf("cette promesse est déjà close (%s)", p.EndedAs.In("fr"))
	}
	return journal.Write(ctx, tx, s, "promise.withdrawn", "customer/"+p.Customer, note{Promise: id, Note: reason})
}

// Settle closes the promises of which the money has told: kept, and partly kept
// or broken once their grace is over. day is the day up to which the payments
// are known: a late import must not break a promise. The counts that it leaves
// are the customer's record; a decision reads the money itself. It needs Work.
func Settle(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, grace int) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	list, err := standing(ctx, tx, s, day, "")
	if err != nil {
		return err
	}
	return settle(ctx, tx, s, day, list, grace)
}

func settle(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, list []View, grace int) error {
	ids := map[State][]string{}
	var notes []journal.Note
	for _, v := range list {
		state := v.State(day, grace)
		if state == Waiting {
			continue
		}
		ids[state] = append(ids[state], v.ID)
		notes = append(notes, journal.Note{
			Action: "promise." + string(state), Subject: "customer/" + v.Customer,
			Body: note{Promise: v.ID, For: v.For, Amount: v.Amount, Paid: v.Paid},
		})
	}
	for _, state := range []State{Kept, Partly, Broken} {
		if _, err := end(ctx, tx, s, day, state, ids[state]); err != nil {
			return err
		}
	}
	return journal.WriteAll(ctx, tx, s, notes)
}
