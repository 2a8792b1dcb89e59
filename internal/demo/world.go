package demo

import (
	"iter"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

// Limits of a world: beyond them identifiers repeat and figures overflow.
const (
	MaxCustomers = 5_000_000
	MaxInvoices  = 50_000_000
	MaxHistory   = 120 // months
)

// Options say which world is wanted.
type Options struct {
	Customers int      // how many
	Invoices  int      // how many are open on the day, all customers together
	Seed      uint64   // the same seed, the same world
	On        cal.Date // the day on which it stands
	History   int      // months of settled invoices before it; 0: what is open alone
}

func (o Options) check() error {
	switch {
	case o.Customers < 1 || o.Customers > MaxCustomers:
		return fault.Invalidf("customers", "il faut de 1 à %d clients", MaxCustomers)
	case o.Invoices < 0 || o.Invoices > MaxInvoices:
		return fault.Invalidf("invoices", "il faut de 0 à %d factures ouvertes", MaxInvoices)
	case o.History < 0 || o.History > MaxHistory:
		return fault.Invalidf("history", "il faut de 0 à %d mois d’historique", MaxHistory)
	case o.On < cal.On(1950, 1, 1) || o.On > cal.On(9000, 1, 1):
		return fault.Invalidf("on", "il faut un jour de ce siècle ou d’un autre proche")
	}
	return nil
}

// World is a creditor and its customers. It holds no customer: they are made
// one after the other, each time they are asked for, in memory that does not
// grow with their number. It is safe for concurrent use.
type World struct {
	Options Options
	Company Company

	calendar *cal.Calendar
	weight   int64 // of all customers together
	numbers  numbers
}

// numbers are those of the creditor's documents.
type numbers struct{ invoices, credits, payments *counter }

// Generate prepares a world: it goes once through all customers, to know how
// many documents there are of each day.
func Generate(o Options) (*World, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	w := &World{Options: o, Company: company(), calendar: cal.NewCalendar(cal.Metropole)}
	for p := range w.profiles() {
		w.weight += p.weight
	}
	first := o.On.AddMonths(-o.History).Add(-farthest)
	w.numbers = numbers{
		invoices: newCounter("F", first, o.On),
		credits:  newCounter("A", first, o.On),
		payments: newCounter("R", first, o.On),
	}
	for p, open := range w.shares() {
		newBuilder(w, &w.numbers, p).build(open)
	}
	w.numbers.invoices.settle()
	w.numbers.credits.settle()
	w.numbers.payments.settle()
	return w, nil
}

// Calendar has the working days of the creditor.
func (w *World) Calendar() *cal.Calendar { return w.calendar }

// Customers are all of them by their code; the loop may keep what it gets.
func (w *World) Customers() iter.Seq[*Customer] {
	return func(yield func(*Customer) bool) {
		n := numbers{
			invoices: w.numbers.invoices.fresh(),
			credits:  w.numbers.credits.fresh(),
			payments: w.numbers.payments.fresh(),
		}
		for p, open := range w.shares() {
			b := newBuilder(w, &n, p)
			b.identify()
			b.build(open)
			if !yield(b.customer) {
				return
			}
		}
	}
}

// shares are the customers and how many invoices each has open: the total is
// shared out by their weights so that it comes out exactly.
func (w *World) shares() iter.Seq2[profile, int] {
	return func(yield func(profile, int) bool) {
		var before int64
		for p := range w.profiles() {
			after := before + p.weight
			open := 0
			if w.weight > 0 {
				total := int64(w.Options.Invoices)
				open = int(total*after/w.weight - total*before/w.weight)
			}
			before = after
			if !yield(p, open) {
				return
			}
		}
	}
}
