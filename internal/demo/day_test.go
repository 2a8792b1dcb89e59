package demo_test

import (
	"fmt"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// reminded is a customer with one invoice, later than any habit, who was written
// to on days.
func reminded(n int, days ...cal.Date) *dunning.Account {
	a := &dunning.Account{
		Customer: dunning.Customer{Code: fmt.Sprintf("C%04d", n)},
		Items: []dunning.Item{{
			ID: "doc", Number: "F1", Issued: cal.Must("2026-05-04"), Due: cal.Must("2026-06-03"),
			Amount: money.New(12_000, money.EUR), Open: money.New(12_000, money.EUR),
		}},
	}
	for _, on := range days {
		a.Contacts = append(a.Contacts, dunning.Contact{On: on, Channel: "email", Items: []string{"doc"}})
	}
	return a
}

// paying counts, of a thousand customers, those who pay within a week after the
// last of days.
func paying(t *testing.T, b demo.Behaviour, change func(*dunning.Account), days ...cal.Date) (n int) {
	t.Helper()
	w, err := demo.Generate(demo.Options{Customers: 1, Seed: 3, On: cal.Must("2026-11-23")})
	if err != nil {
		t.Fatal(err)
	}
	last := cal.Must("2026-11-30")
	for i := range 1000 {
		a := reminded(i, days...)
		change(a)
		for day := last + 1; day <= last+8; day++ {
			for _, p := range w.Act(b, a, day).Pays {
				if p.Amount != a.Items[0].Open {
					t.Fatalf("%s pays %v", b, p)
				}
				n++
			}
		}
	}
	return n
}

func TestRemindersMakeCustomersPay(t *testing.T) {
	t.Parallel()
	first, second := cal.Must("2026-11-09"), cal.Must("2026-11-30")
	as := func(*dunning.Account) {}
	silent := paying(t, demo.Slow, as)
	one, two := paying(t, demo.Slow, as, second), paying(t, demo.Slow, as, first, second)
	if silent != 0 || one == 0 || two < 2*one || two > 700 {
		t.Errorf("slow customers pay %d without a reminder, %d after one, %d after a second", silent, one, two)
	}
	for name, n := range map[string]int{
		"stopped":   paying(t, demo.Stopped, as, first, second),
		"insolvent": paying(t, demo.Punctual, func(a *dunning.Account) { a.Customer.Insolvent = true }, first, second),
		"contested": paying(t, demo.Punctual, func(a *dunning.Account) { a.Disputes = []dunning.Dispute{{Item: "doc"}} }, second),
		"a call that nobody is known to have made": paying(t, demo.Punctual, func(a *dunning.Account) { a.Contacts[0].Channel = "call" }, second),
		"credited": paying(t, demo.Punctual, func(a *dunning.Account) {
			a.Credits = []dunning.Credit{{Open: a.Items[0].Open}}
		}, second),
	} {
		if n != 0 {
			t.Errorf("%s: %d pay", name, n)
		}
	}
}

// A promise holds back every other answer; some keep it, on its day, some do not.
func TestPromisesAreKeptOrBrokenOnTheirDay(t *testing.T) {
	t.Parallel()
	second := cal.Must("2026-11-30")
	promised := func(day cal.Date) func(*dunning.Account) {
		return func(a *dunning.Account) {
			a.Promises = []dunning.Promise{{Items: []string{"doc"}, Made: second, For: day}}
		}
	}
	if n := paying(t, demo.Punctual, promised(second+30), second); n != 0 {
		t.Errorf("%d pay before the day", n)
	}
	if n := paying(t, demo.Slow, promised(second+8), second); n < 300 || n > 600 {
		t.Errorf("%d of 1000 slow customers keep their word", n)
	}
}

// Without a word from us an invoice is paid once, as late as is the habit.
func TestWhatComesDueIsPaidOnceByHabit(t *testing.T) {
	t.Parallel()
	due := cal.Must("2026-11-30")
	coming := func(a *dunning.Account) { a.Items[0].Due = due }
	if n := paying(t, demo.Habitual, coming); n == 0 {
		t.Error("nobody pays about a week late")
	}
	w, err := demo.Generate(demo.Options{Customers: 1, Seed: 3, On: cal.Must("2026-11-23")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		a, n := reminded(i), 0
		coming(a)
		for day := due - 5; day <= due+20; day++ {
			n += len(w.Act(demo.Habitual, a, day).Pays)
		}
		if n != 1 {
			t.Errorf("customer %d pays %d times", i, n)
		}
	}
}
