// Package payer tells how customers pay. The habit, from what they have paid, is
// worked out once a day, apart from the run, which only reads the answer; the score
// adds what is late, promised and contested on the day itself.
package payer

import (
	"context"
	"iter"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
)

// window is how many days back payments count: a year has every season once.
const window = 365

// Settlement is money that paid an invoice, or with a negative amount was taken
// back.
type Settlement struct {
	Due    cal.Date
	Paid   cal.Date
	Amount money.Amount
}

// maxWeight bounds what one settlement weighs, in minor units: a billion euros,
// so that thousands of them over ten years still add up.
const maxWeight = 100_000_000_000

// AverageDelay is how many days after the due date a customer pays on average,
// negative for before, each euro weighing the same, and from how many
// settlements that was told: none is no answer. Amounts of several currencies do
// not add up; the one most used tells.
func AverageDelay(list []Settlement) (days, count int) {
	sums := map[money.Currency]sum{}
	for _, s := range list {
		weight := max(min(s.Amount.Minor, maxWeight), -maxWeight)
		t := sums[s.Amount.Currency]
		t.weight += weight
		t.days += weight * int64(s.Paid.Sub(s.Due))
		t.count += s.Amount.Sign()
		sums[s.Amount.Currency] = t
	}
	var best sum
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		if t := sums[c]; t.weight > 0 && t.count > best.count {
			best = t
		}
	}
	if best.count == 0 {
		return 0, 0
	}
	return int(round(best.days, best.weight)), best.count
}

// sum is what the settlements of one currency add up to.
type sum struct {
	weight, days int64
	count        int
}

// round is n/d to the nearest whole number, halves away from zero; d is positive.
func round(n, d int64) int64 {
	q, r := n/d, n%d
	switch {
	case r >= d-r && r > 0:
		return q + 1
	case -r >= d+r && r < 0:
		return q - 1
	}
	return q
}

// Refresh works out the figures of all customers of a creditor as of a day, some
// customers to a transaction. It needs Work.
func Refresh(ctx context.Context, d *db.DB, s creditor.Scope, day cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	for after := ""; ; {
		var last string
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			last, err = refreshPage(ctx, tx, s, day, after)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

// refreshPage works out the customers after one and gives the last of them, or
// nothing when there are none.
func refreshPage(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, after string) (string, error) {
	first, last, err := pageEnds(ctx, tx, s, after)
	if err != nil || last == "" {
		return "", err
	}
	if err := forget(ctx, tx, s, first, last); err != nil {
		return "", err
	}
	var list []Habit
	for h, err := range HabitsOn(ctx, tx, s, first, last, day) {
		if err != nil {
			return "", err
		}
		list = append(list, h)
	}
	return last, store(ctx, tx, s, day, list)
}

// HabitsOn works out how customers from a first to a last one, both included, had
// paid by the end of a day. Those who had not are left out.
func HabitsOn(
	ctx context.Context, tx *db.Tx, s creditor.Scope, first, last string, day cal.Date,
) iter.Seq2[Habit, error] {
	return func(yield func(Habit, error) bool) {
		var list []Settlement
		customer := ""
		done := func() bool {
			delay, n := AverageDelay(list)
			list = list[:0]
			return n == 0 || yield(Habit{customer, delay, n}, nil)
		}
		for st, err := range settlements(ctx, tx, s, first, last, day) {
			if err != nil {
				yield(Habit{}, err)
				return
			}
			if st.customer != customer {
				if !done() {
					return
				}
				customer = st.customer
			}
			list = append(list, st.Settlement)
		}
		done()
	}
}
