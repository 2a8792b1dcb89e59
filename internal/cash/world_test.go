package cash_test

import (
	"context"
	"slices"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

// world is a creditor with customers and invoices, and what the bank tells.
type world struct {
	t *testing.T
	d *db.DB
	s creditor.Scope
	n int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	return newWorldNamed(t, d, "Atelier Dupont")
}

func newWorldNamed(t *testing.T, d *db.DB, name string) *world {
	t.Helper()
	w := &world{t: t, d: d}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: name}, "test", journal.Write)
		w.s = creditor.Scope{Creditor: c.ID, Actor: "per_claire", Rights: creditor.Work}
		return err
	})
	return w
}

func (w *world) try(fn func(context.Context, *db.Tx) error) error {
	return w.d.Write(w.t.Context(), func(tx *db.Tx) error { return fn(w.t.Context(), tx) })
}

func (w *world) write(fn func(context.Context, *db.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) customer(code, name string) string {
	c := &customer.Customer{Code: code, Name: name}
	w.write(func(ctx context.Context, tx *db.Tx) error { return customer.Add(ctx, tx, w.s, []*customer.Customer{c}) })
	return c.ID
}

func (w *world) invoice(customer, number string, amount int64) string {
	return w.document(ledger.Document{Customer: customer, Kind: ledger.Invoice, Number: number, Amount: eur(amount)})
}

func (w *world) document(d ledger.Document) string {
	if d.Issued == 0 {
		d.Issued, d.Due = cal.Must("2026-10-01"), cal.Must("2026-10-31")
	}
	w.write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, w.s, []*ledger.Document{&d}) })
	return d.ID
}

// manager is the scope of somebody who may do all.
func (w *world) manager() creditor.Scope {
	return creditor.Scope{Creditor: w.s.Creditor, Actor: "per_anne", Rights: creditor.Manage}
}

// balance is what a customer owes, credits taken off.
func (w *world) balance(customer string) int64 {
	w.t.Helper()
	var sum int64
	w.write(func(ctx context.Context, tx *db.Tx) error {
		docs, err := ledger.OfCustomers(ctx, tx, w.s, false, customer)
		for _, d := range docs {
			sum += d.Signed().Minor
		}
		return err
	})
	return sum
}

// apply applies an entry to invoices, with what is left for the customer.
func (w *world) apply(entry, customer string, lines ...match.Line) {
	w.t.Helper()
	x := match.Explanation{Customer: customer, Lines: lines, Remainder: w.line(entry).Entry.Amount}
	for i, l := range lines {
		if l.Customer == "" {
			x.Lines[i].Customer = customer
		}
		x.Remainder = x.Remainder.Sub(l.Amount)
	}
	w.write(func(ctx context.Context, tx *db.Tx) error { return cash.Apply(ctx, tx, w.s, entry, x) })
	w.sound()
}

// kindOf fails unless an error is of a kind.
func kindOf(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if got := fault.KindOf(err); err == nil || got != want {
		t.Errorf("%v (%s), want %s", err, got, want)
	}
}

// open is what is open on a document.
func (w *world) open(id string) int64 {
	w.t.Helper()
	var open int64
	w.write(func(ctx context.Context, tx *db.Tx) error {
		d, err := ledger.Find(ctx, tx, w.s, id)
		open = d.Open.Minor
		return err
	})
	return open
}

// sound fails unless the books add up.
func (w *world) sound() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, wrong, err := ledger.Verify(ctx, tx, w.s)
		if len(wrong) > 0 {
			w.t.Errorf("wrong: %+v", wrong)
		}
		if err != nil {
			return err
		}
		for _, check := range []func(context.Context, *db.Tx, creditor.Scope) (int64, []db.Lost, error){
			ledger.VerifyLinks, bank.VerifyRecords, cash.VerifyApplied,
		} {
			if _, lost, err := check(ctx, tx, w.s); err != nil || len(lost) > 0 {
				w.t.Errorf("lost: %+v, %v", lost, err)
			}
		}
		return nil
	})
}

func (w *world) run() cash.Report {
	w.t.Helper()
	rep, err := cash.Run(w.t.Context(), w.d, w.s, cash.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sound()
	return rep
}

func (w *world) line(entry string) cash.Line {
	w.t.Helper()
	var l cash.Line
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		l, err = cash.Find(ctx, tx, w.s, entry)
		return err
	})
	return l
}

// debtor is the first customer of the books, C1.
func (w *world) debtor() string {
	w.t.Helper()
	var c customer.Customer
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = customer.FindByCode(ctx, tx, w.s, "C1")
		return err
	})
	return c.ID
}

// verifyJournal fails unless the chain holds.
func (w *world) verifyJournal() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := journal.Verify(ctx, tx, w.s)
		if !c.Intact {
			w.t.Errorf("journal broken at %d", c.BrokenAt)
		}
		return err
	})
}

// refund says that an entry which left the account paid unallocated credits back
// to their customer, in their order. It needs
// Manage.
func refund(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string, credits ...string) error {
	l, err := cash.Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	found, err := ledger.WithIDs(ctx, tx, s, credits)
	if err != nil {
		return err
	}
	x, left := match.Explanation{}, l.Entry.Amount.Neg()
	for _, id := range credits {
		i := slices.IndexFunc(found, func(d ledger.Document) bool { return d.ID == id })
		if i < 0 {
			return fault.NotFound("avoir ou encaissement %.60s", id)
		}
		d := found[i]
		some := d.Open
		if some.Currency == left.Currency {
			some = money.Min(some, left)
		}
		if some.Sign() > 0 {
			x.Customer = d.Customer
			x.Lines = append(x.Lines, match.Line{Item: id, Customer: d.Customer, Amount: some.Neg()})
			left = left.Sub(some)
		}
	}
	return cash.Apply(ctx, tx, s, entry, x)
}
