package account

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/money"
	"acquit/internal/payer"
)

// habits works out how customers had paid by a past day; today's habits came with
// the customers.
func (p *page) habits(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if !p.span.Past {
		return nil
	}
	for _, a := range p.accounts {
		a.Behaviour.AverageDelay, a.Behaviour.Payments = 0, 0
	}
	for h, err := range payer.HabitsOn(ctx, tx, s, p.span.From, p.span.To, p.span.Day) {
		if err != nil {
			return err
		}
		if a := p.of[h.Customer]; a != nil {
			a.Behaviour.AverageDelay, a.Behaviour.Payments = h.Delay, h.Payments
		}
	}
	return nil
}

// score completes what a decision may read of a customer's behaviour, once all
// else of the account is known. A consumer is not graded: unpaid invoices of natural
// persons are followed to be paid, not to foretell their conduct (CNIL 2021-130), so
// whatever a policy makes of scores, they have the benefit of the doubt.
func (a *Account) score(day cal.Date) {
	c, b := &a.Customer, &a.Behaviour
	b.BrokenPromises = c.BrokenPromises
	b.Disputed = len(a.Disputes) > 0
	b.Overdue = a.oldestOverdue(day)
	c.AverageDelay = b.AverageDelay
	if c.Kind == dunning.Consumer {
		c.Score, c.Grade = payer.Best, ""
		return
	}
	c.Score, _ = b.Score()
	c.Grade = payer.Grade(c.Score)
}

// oldestOverdue is the days late of the oldest open invoice in a currency whose
// credits do not cover what is late in it; 0 when there is none.
func (a *Account) oldestOverdue(day cal.Date) int {
	oldest := 0
	var covered []money.Currency // few accounts have credits, fewer in many currencies
	for _, c := range a.Credits {
		if !slices.Contains(covered, c.Open.Currency) && a.covers(c.Open.Currency, day) {
			covered = append(covered, c.Open.Currency)
		}
	}
	for _, i := range a.Items {
		if age := lateness(i.Due, day); age > oldest && !slices.Contains(covered, i.Open.Currency) {
			oldest = age
		}
	}
	return oldest
}

// covers tells whether the credits in a currency are as much as what is late in it.
func (a *Account) covers(currency money.Currency, day cal.Date) bool {
	var late, credits int64
	for _, i := range a.Items {
		if i.Open.Currency == currency && lateness(i.Due, day) > 0 {
			late += i.Open.Minor
		}
	}
	for _, c := range a.Credits {
		if c.Open.Currency == currency {
			credits += c.Open.Minor
		}
	}
	return credits >= late
}

// lateness is the days after a due date, 0 where there is none or it is to come.
func lateness(due, day cal.Date) int {
	if due.IsZero() {
		return 0
	}
	return max(day.Sub(due), 0)
}
