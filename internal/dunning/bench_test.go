package dunning

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// ledgerOf is n accounts of five open items, as a ledger has them: most with a
// past, some late, some to come, a credit, a promise, a dispute here and there.
func ledgerOf(n int, s *Scenario) []Account {
	all := make([]Account, n)
	for i := range all {
		a := &all[i]
		a.Customer = Customer{ID: fmt.Sprint("cus_", i), Code: fmt.Sprint("C", i), Kind: Business, Score: 60, Tags: []string{"pme"}}
		a.CreditUse = CreditNet
		for j := range 5 {
			open := money.New(int64(10000+(i*7919+j*104729)%400000), money.EUR)
			a.Items = append(a.Items, Item{
				ID: fmt.Sprintf("doc_%d_%d", i, j), Number: fmt.Sprintf("F%d-%d", i, j), Amount: open, Open: open,
				Issued: today.Add(-60), Due: today.Add((i*31+j*17)%70 - 50),
			})
		}
		switch i % 10 {
		case 0:
			a.Credits = []Credit{{ID: "cr", On: today.Add(-3), Open: money.New(5000, money.EUR)}}
		case 1:
			a.Promises = []Promise{{ID: "pr", Items: []string{a.Items[0].ID}, Made: today.Add(-8), For: today.Add(i%20 - 10)}}
		case 2:
			a.Disputes = []Dispute{{ID: "di", Item: a.Items[1].ID, Amount: money.New(2000, money.EUR)}}
		}
		all[i] = lived(*a, s)
	}
	return all
}

// lived is the account with what was said of it in the months before today.
func lived(a Account, s *Scenario) Account {
	for day := today.Add(-90); day < today; day++ {
		d := Decide(a, s, calendar, day)
		for k := range d.Reminders {
			a = Left(a, &d.Reminders[k], s.Name, day)
		}
		if len(d.Reminders) == 0 {
			if d.Next.On <= day {
				break
			}
			day = d.Next.On - 1
		}
	}
	return a
}

// processor is the time that the process has used, all threads together.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDecide decides typical accounts of five items under the Standard
// scenario, choosing it among the shipped ones each time as the run does, and
// tells how many open items are decided per second of processor time, collecting
// garbage included.
func BenchmarkDecide(b *testing.B) {
	all := policies(b)[:len(ShippedFiles())]
	standard := all[len(all)-2]
	accounts := ledgerOf(1000, standard)
	c := cal.NewCalendar(cal.Metropole)
	b.ReportAllocs()
	items, proposed := 0, 0
	start := processor(b)
	for i := 0; b.Loop(); i++ {
		a := accounts[i%len(accounts)]
		d, _ := decideAmong(a, all, c, today)
		items += len(a.Items)
		proposed += len(d.Reminders)
	}
	b.ReportMetric(float64(items)/(processor(b)-start).Seconds(), "items/cpu-s")
	b.ReportMetric(float64(proposed)/float64(b.N), "reminders/op")
}

// BenchmarkDecideLarge decides one customer of two thousand open items.
func BenchmarkDecideLarge(b *testing.B) {
	s := policies(b)[len(ShippedFiles())-2]
	a := Account{Customer: Customer{ID: "c", Kind: Business}}
	for i := range 2000 {
		a.Items = append(a.Items, Item{
			ID: fmt.Sprint("doc_", i), Number: fmt.Sprint("F", i), Due: today.Add(i%120 - 90), Open: money.New(12345, money.EUR),
		})
	}
	for k := range 20 {
		c := Contact{On: today.Add(-100 + 5*k), Step: s.Steps[k%len(s.Steps)].ID}
		for i := k * 50; i < k*50+100; i++ {
			c.Items = append(c.Items, a.Items[i].ID)
		}
		a.Contacts = append(a.Contacts, c)
	}
	c := cal.NewCalendar(cal.Metropole)
	b.ReportAllocs()
	start := processor(b)
	for b.Loop() {
		Decide(a, s, c, today)
	}
	b.ReportMetric(float64(len(a.Items)*b.N)/(processor(b)-start).Seconds(), "items/cpu-s")
}

// decideAmong decides under the first scenario that applies to the account, as
// Choose finds it.
func decideAmong(a Account, scenarios []*Scenario, c *cal.Calendar, day cal.Date) (Decision, *Scenario) {
	s, why := Choose(a, scenarios, day)
	d := Decide(a, s, c, day)
	if s == nil && len(d.Reasons) > 0 && d.Reasons[0].Code == NoScenario {
		d.Reasons[0] = why
	}
	return d, s
}
