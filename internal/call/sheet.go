package call

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// Sheet is the facts beside a call.
type Sheet struct {
	Customer customer.Customer
	Contacts []customer.Contact // who can be reached by telephone
	Task     task.Task          // none for a call of no task
	Reminder reminder.Reminder  // none for a call of no step
	Script   Script
	Invoices []Invoice // claimed, or all that is open; the oldest first
	Total    money.Amount
	Promises []promise.View // the newest first
	Disputes []dispute.Dispute
	Plans    []plan.View
	Payments []inflight.Payment
	Messages []reminder.Message // the last ones that left
	Calls    []Call
	Attempt  int             // the how many-th of its step this call is
	Attempts int             // at most
	Doubts   reminder.Doubts // what the caller should know before
	Limits   agreement.Limits
	Values   setting.Values
	Calendar *cal.Calendar
}

// Invoice is one invoice that the call is about.
type Invoice struct {
	ledger.Document
	Age     int // days after the due date, signed
	Claimed money.Amount
}

// maxMessages is how many of the last messages a caller has in sight.
const maxMessages = 5

// Prepare gathers the facts of a call: of a task, or of a customer without one.
func Prepare(
	ctx context.Context, tx *db.Tx, s creditor.Scope, taskID, customerRef string, today cal.Date,
) (p Sheet, err error) {
	if taskID != "" {
		if p.Task, err = openCall(ctx, tx, s, taskID); err != nil {
			return p, err
		}
		customerRef = p.Task.Customer
	}
	id, err := agreement.Customer(ctx, tx, s, customerRef)
	if err != nil {
		return p, err
	}
	if p.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return p, err
	}
	if err := p.reach(ctx, tx, s); err != nil {
		return p, err
	}
	if err := p.step(ctx, tx, s); err != nil {
		return p, err
	}
	if err := p.claims(ctx, tx, s, today); err != nil {
		return p, err
	}
	return p, p.past(ctx, tx, s, today)
}

// reach finds who can be called, and within which limits.
func (p *Sheet) reach(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	all, err := customer.Contacts(ctx, tx, s, p.Customer.ID)
	if err != nil {
		return err
	}
	p.Contacts = slices.DeleteFunc(all, func(c customer.Contact) bool { return c.Phone == "" || !c.EndedAt.IsZero() })
	if p.Values, err = setting.Load(ctx, tx, s.Creditor); err != nil {
		return err
	}
	p.Attempt, p.Attempts = 1, setting.CallAttempts.In(p.Values)
	if p.Limits, err = agreement.LimitsOf(ctx, tx, s); err != nil {
		return err
	}
	p.Calendar, err = creditor.Calendar(ctx, tx, s)
	return err
}

func (p *Sheet) step(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	p.Script = ScriptOf("")
	if p.Task.Reminder == "" {
		return nil
	}
	if p.Reminder, err = reminder.Find(ctx, tx, s, p.Task.Reminder); err != nil {
		return err
	}
	p.Script = ScriptOf(p.Reminder.Details.Script)
	n, err := tried(ctx, tx, s, p.Reminder.ID)
	p.Attempt = n + 1
	return err
}

// claims are the invoices of the step that are still open, with what is claimed of
// them; without a step all that is open.
func (p *Sheet) claims(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	all, err := ledger.OfCustomers(ctx, tx, s, false, p.Customer.ID)
	if err != nil {
		return err
	}
	claimed := map[string]dunning.Claim{}
	for _, c := range p.Reminder.Details.Claims {
		claimed[c.Item] = c
	}
	for _, d := range all {
		c, ok := claimed[d.ID]
		if d.Kind != ledger.Invoice || d.Open.Sign() <= 0 || p.Reminder.ID != "" && !ok {
			continue
		}
		amount := d.Open
		if ok && c.Amount.Less(amount) {
			amount = c.Amount
		}
		p.Invoices = append(p.Invoices, Invoice{d, today.Sub(d.Due), amount})
	}
	slices.SortStableFunc(p.Invoices, func(a, b Invoice) int { return int(a.Due - b.Due) })
	for _, i := range p.Invoices { // in the currency of the oldest: sums of two are none
		if i.Claimed.Currency == p.Invoices[0].Claimed.Currency {
			p.Total = p.Total.Add(i.Claimed)
		}
	}
	return nil
}

// past is what was agreed, contested, written and said before.
func (p *Sheet) past(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) (err error) {
	id := p.Customer.ID
	if p.Promises, err = promise.List(ctx, tx, s, today, id); err != nil {
		return err
	}
	if p.Doubts, err = reminder.DoubtsAbout(ctx, tx, s, id); err != nil {
		return err
	}
	if p.Disputes, err = dispute.List(ctx, tx, s, id); err != nil {
		return err
	}
	p.Disputes = slices.DeleteFunc(p.Disputes, func(d dispute.Dispute) bool { return !d.Closed.IsZero() })
	if p.Plans, err = plan.List(ctx, tx, s, today, id); err != nil {
		return err
	}
	p.Plans = slices.DeleteFunc(p.Plans, func(v plan.View) bool { return v.EndedAs != "" })
	if p.Payments, err = inflight.List(ctx, tx, s, id); err != nil {
		return err
	}
	p.Payments = slices.DeleteFunc(p.Payments, func(x inflight.Payment) bool { return !x.Ended.IsZero() })
	if p.Calls, err = List(ctx, tx, s, id); err != nil {
		return err
	}
	sent, err := reminder.Messages(ctx, tx, s, reminder.MessageFilter{Customer: id, Limit: 4 * maxMessages})
	for _, m := range sent {
		if m.State == reminder.MessageSent && len(p.Messages) < maxMessages {
			p.Messages = append(p.Messages, m)
		}
	}
	return err
}

// Broken are the promises that were not kept, or only in part.
func (p Sheet) Broken(today cal.Date) (list []promise.View) {
	for _, v := range p.Promises {
		if st := v.State(today, 0); st == promise.Broken || st == promise.Partly {
			list = append(list, v)
		}
	}
	return list
}
