// Package account reads the books as decisions see them: customer by customer,
// with what each owes, has agreed and was told, as of a day. It reads in pages of
// customers, so that memory does not grow with the ledger and a run can be cut
// into shards and taken up again.
package account

import (
	"context"
	"iter"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/payer"
)

// Account is what a decision sees of a customer, and what a person has settled
// for it.
type Account struct {
	dunning.Account

	Scenario  string          // chosen by a person; otherwise the first that applies
	Collector string          // a person's identifier
	Behaviour payer.Behaviour // what the customer's score was worked out from

	insolventOn cal.Date
}

// Query says which accounts to read.
type Query struct {
	Day cal.Date
	// Past reads what was open and said at the end of a day behind us. Otherwise
	// documents are as of now, and Day is today or a day to come.
	Past bool
	// After is the identifier behind which reading begins; empty is at the first.
	After string
	// Idle reads also those with nothing open and nothing waiting.
	Idle bool
}

// pageSize is how many customers are read at a time: enough that the queries of a
// page cost little beside its rows, few enough that a page fits in a cache.
const pageSize = 2000

// Each gives the accounts by customer identifier. On PostgreSQL the transaction
// may be used between two of them: nothing is being read then. It needs Read.
func Each(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query) iter.Seq2[*Account, error] {
	return func(yield func(*Account, error) bool) {
		for {
			list, err := next(ctx, tx, s, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, a := range list {
				if (q.Idle || a.busy()) && !yield(a, nil) {
					return
				}
			}
			if len(list) < pageSize {
				return
			}
			q.After = list[len(list)-1].Customer.ID
		}
	}
}

// next is the next page.
func next(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query) ([]*Account, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	list, err := customers(ctx, tx, s, q.After)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, tx, s, q, list)
}

// busy tells whether there is anything to decide or to take back.
func (a *Account) busy() bool { return len(a.Items) > 0 || len(a.Credits) > 0 || len(a.Pending) > 0 }

// One is the account of the customer named by identifier or code, whatever is
// open. It needs Read.
func One(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query, ref string) (*Account, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	id, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return nil, err
	}
	a, err := find(ctx, tx, s, id)
	if err != nil {
		return nil, err
	}
	return a, fill(ctx, tx, s, q, []*Account{a})
}
