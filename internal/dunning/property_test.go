package dunning

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

var (
	today    = cal.Must("2026-03-18") // a Wednesday, no holiday near
	calendar = cal.NewCalendar(cal.Metropole, cal.Period{From: cal.Must("2026-04-20"), To: cal.Must("2026-04-24")})
)

// policies are the scenarios that properties hold under.
func policies(t testing.TB) []*Scenario {
	t.Helper()
	var all []*Scenario
	for _, name := range ShippedFiles() {
		src, ok := ShippedFile(name)
		if !ok {
			t.Fatalf("%s is not shipped", name)
		}
		s, err := ParseScenario(name, src)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	for _, entry := range []string{"sequential", "by_age"} {
		for _, grouping := range []string{"customer", "invoice"} {
			for _, gap := range []string{"0d", "3d"} {
				all = append(all, parse(t, "entry: "+entry+"\ngrouping: "+grouping+"\nmin_gap: "+gap+"\npromise_grace: 1d\n"+ladder))
			}
		}
	}
	return all
}

const ladder = `
steps:
  - {id: a, at: J-10, channels: [email]}
  - {id: b, at: J-2, channels: [email], any_day: true}
  - {id: c, at: J, channels: [email], when: due > 50}
  - {id: d, at: J+4, channels: [email], then: {channel: sms, after: 2d}}
  - {id: e, at: J+9, channels: [call], when: due >= 300.50 or age > 12}
  - {id: f, at: J+20, channels: [email, letter]}
  - {id: g, at: J+35, channels: [registered]}
  - {id: h, at: J+36, channels: [dossier]}
`

func parse(t testing.TB, src string) *Scenario {
	t.Helper()
	s, err := ParseScenario("", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// draw is an account with a bit of everything, as of today.
func draw(t *rapid.T, s *Scenario) Account {
	a := Account{
		Customer:  Customer{ID: "c", Code: "C", Kind: Business, Insolvent: rapid.IntRange(0, 30).Draw(t, "insolvent") == 0},
		CreditUse: rapid.SampledFrom([]CreditUse{CreditNet, CreditNet, CreditHold, CreditIgnore}).Draw(t, "credit use"),
	}
	n := rapid.IntRange(1, 5).Draw(t, "items")
	for i := range n {
		a.Items = append(a.Items, drawItem(t, i))
	}
	day := rapid.Custom(func(t *rapid.T) cal.Date {
		if rapid.IntRange(0, 3).Draw(t, "far") > 0 { // faults live on the first and on the last day
			return today.Add(rapid.IntRange(-1, 1).Draw(t, "near"))
		}
		return today.Add(rapid.IntRange(-30, 20).Draw(t, "day"))
	})
	some := func(label string, one func()) {
		for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, label) {
			one()
		}
	}
	item := func() *Item { return &a.Items[rapid.IntRange(0, n-1).Draw(t, "item")] }
	euros := func() money.Amount { return money.New(rapid.Int64Range(1, 60000).Draw(t, "amount"), money.EUR) }
	some("credits", func() {
		a.Credits = append(a.Credits, Credit{ID: "cr", On: day.Draw(t, "on"), Open: euros()})
	})
	some("flights", func() {
		f := InFlight{Amount: euros(), On: today, Until: day.Draw(t, "until")}
		if rapid.Bool().Draw(t, "named") {
			f.Invoices = []string{item().ID}
		}
		a.InFlight = append(a.InFlight, f)
	})
	some("holds", func() {
		h := Hold{From: day.Draw(t, "from"), Until: day.Draw(t, "until"), Item: item().ID}
		if rapid.IntRange(0, 3).Draw(t, "whole") == 0 {
			h.Item = ""
		}
		a.Holds = append(a.Holds, h)
	})
	some("promises", func() {
		made := today.Add(-rapid.IntRange(0, 20).Draw(t, "made"))
		p := Promise{ID: fmt.Sprint("p", len(a.Promises)), Items: []string{item().ID}, Made: made, For: max(made, day.Draw(t, "for").Add(-s.PromiseGrace))}
		if rapid.Bool().Draw(t, "part") {
			p.Paid = euros()
		}
		a.Promises = append(a.Promises, p)
	})
	some("disputes", func() {
		d := Dispute{ID: "d", Item: item().ID}
		if rapid.Bool().Draw(t, "part") {
			d.Amount = euros()
		}
		a.Disputes = append(a.Disputes, d)
	})
	some("plans", func() {
		first := day.Draw(t, "first")
		a.Plans = append(a.Plans, Plan{
			ID: "pl", Items: []string{item().ID}, Made: first.Add(-20), Grace: 5, Paid: money.New(rapid.Int64Range(0, 300).Draw(t, "paid"), money.EUR),
			Instalments: []Instalment{{first, euros()}, {first.Add(30), euros()}},
		})
	})
	some("contacts", func() {
		c := drawContact(t, &a, s)
		a.Contacts = append(a.Contacts, c)
		if rapid.IntRange(0, 3).Draw(t, "two channels") == 0 {
			c.Channel = string(Letter)
			a.Contacts = append(a.Contacts, c)
		}
	})
	return a
}

func drawItem(t *rapid.T, i int) Item {
	open := money.New(rapid.Int64Range(1, 100000).Draw(t, "open"), money.EUR)
	if rapid.IntRange(0, 9).Draw(t, "currency") == 0 {
		open.Currency = "USD"
	}
	item := Item{
		ID: fmt.Sprint("i", i), Number: fmt.Sprint("F", i), Amount: open, Open: open,
		Due: today.Add(-rapid.IntRange(-25, 90).Draw(t, "age")),
	}
	switch rapid.IntRange(0, 20).Draw(t, "odd") {
	case 0:
		item.Due = 0
	case 1:
		item.Mend = []string{"email"}
	}
	return item
}

func drawContact(t *rapid.T, a *Account, s *Scenario) Contact {
	c := Contact{
		On:      today.Add(-rapid.IntRange(1, 40).Draw(t, "ago")),
		Step:    s.Steps[rapid.IntRange(0, len(s.Steps)-1).Draw(t, "step")].ID,
		Channel: rapid.SampledFrom([]string{"email", "email", "email,letter", "call"}).Draw(t, "channel"),
		Reacted: rapid.Bool().Draw(t, "reacted"),
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		c.FollowUp = true
	case 1:
		c.Dismissed = true
	}
	for _, item := range a.Items {
		if rapid.Bool().Draw(t, "claimed") {
			c.Items = append(c.Items, item.ID)
		}
	}
	return c
}

// wait puts what was proposed among what waits.
func wait(a Account, d Decision) Account {
	for i, p := range d.Reminders {
		w := Pending{ID: fmt.Sprint("r", i), Step: p.Step.ID, On: p.On, Amount: p.Amount, FollowUp: p.FollowUp}
		for _, c := range p.Claims {
			w.Items = append(w.Items, c.Item)
		}
		a.Pending = append(a.Pending, w)
	}
	return a
}

// check runs a property on a drawn account under each policy.
func check(t *testing.T, property func(t *rapid.T, a Account, s *Scenario)) {
	t.Helper()
	all := policies(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "scenario")
		property(t, draw(t, s), s)
	})
}

func TestRunningTwiceProposesNothingNew(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		first := Decide(a, s, calendar, today)
		if len(first.Reminders) == 0 {
			t.Skip("nothing proposed")
		}
		waiting := wait(a, first)
		if over := Overtaken(waiting, s, calendar, today); len(over) > 0 {
			t.Fatalf("proposed and overtaken at once: %+v", over)
		}
		if again := Decide(waiting, s, calendar, today); len(again.Reminders) > 0 {
			t.Fatalf("proposed beside what waits: %+v", again.Reminders)
		}
		for i := range first.Reminders {
			a = Left(a, &first.Reminders[i], s.Name, today)
		}
		if again := Decide(a, s, calendar, today); len(again.Reminders) > 0 {
			t.Fatalf("proposed after it left: %+v", again.Reminders)
		}
	})
}

func TestTheOrderOfFactsDoesNotMatter(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		b := a
		b.Items = rapid.Permutation(a.Items).Draw(t, "items")
		b.Contacts = rapid.Permutation(a.Contacts).Draw(t, "contacts")
		b.Disputes = rapid.Permutation(a.Disputes).Draw(t, "disputes")
		b.InFlight = rapid.Permutation(a.InFlight).Draw(t, "flights")
		b.Promises = rapid.Permutation(a.Promises).Draw(t, "promises")
		b.Holds = rapid.Permutation(a.Holds).Draw(t, "holds")
		b.Credits = rapid.Permutation(a.Credits).Draw(t, "credits")
		day := today.Add(rapid.IntRange(0, 10).Draw(t, "later"))
		want, got := Decide(a, s, calendar, day), Decide(b, s, calendar, day)
		for _, d := range []*Decision{&want, &got} {
			d.Items = nil // reasons name the facts in their order
			for i := range d.Reminders {
				d.Reminders[i].Step = Step{ID: d.Reminders[i].Step.ID}
				d.Reminders[i].Reasons = nil
			}
			d.Reasons = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("another order, another decision:\n%s", diff)
		}
	})
}

func TestOneStepPerCustomerAndRun(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		day := today.Add(rapid.IntRange(0, 200).Draw(t, "days down"))
		d := Decide(a, s, calendar, day)
		if s.Grouping == ByCustomer && len(d.Reminders) > 1 {
			t.Fatalf("%d steps at once", len(d.Reminders))
		}
		claimed := map[string]bool{}
		for _, p := range d.Reminders {
			for _, c := range p.Claims {
				if claimed[c.Item] {
					t.Fatalf("%s is claimed twice", c.Number)
				}
				claimed[c.Item] = true
			}
		}
		for _, p := range d.Reminders {
			for _, c := range p.Coming {
				if claimed[c.Item] || c.Age > 0 {
					t.Fatalf("%s is mentioned as coming, and is claimed (%v) or late (%d)", c.Number, claimed[c.Item], c.Age)
				}
			}
		}
	})
}

// contested is what a claim must leave out of an item, and whether all of it.
func contested(a *Account, s *Scenario, id string, day cal.Date) (part money.Amount, whole bool) {
	for _, d := range a.Disputes {
		if d.Item == id {
			part, whole = part.Add(d.Amount), whole || d.Amount.IsZero()
		}
	}
	for _, h := range a.Holds {
		whole = whole || (h.Item == "" || h.Item == id) && day >= h.From && day <= h.Until
	}
	for _, p := range a.Promises {
		whole = whole || slices.Contains(p.Items, id) && day >= p.Made && day <= p.For.Add(s.PromiseGrace)
	}
	for _, f := range a.InFlight {
		if len(f.Invoices) > 0 && f.Invoices[0] == id && day <= f.Until {
			part = part.Add(f.Amount)
		}
	}
	return part, whole
}

func TestWhatIsPaidPromisedOrDisputedIsNeverClaimed(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		d := Decide(a, s, calendar, today)
		for _, p := range d.Reminders {
			balance, sum := money.Zero(p.Amount.Currency), money.Zero(p.Amount.Currency)
			for _, i := range a.Items {
				if i.Open.Currency == p.Amount.Currency {
					balance = balance.Add(i.Open)
				}
			}
			for _, c := range a.Credits {
				if c.Open.Currency == p.Amount.Currency {
					balance = balance.Sub(c.Open)
				}
			}
			for _, c := range p.Claims {
				item := a.Items[slices.IndexFunc(a.Items, func(i Item) bool { return i.ID == c.Item })]
				sum = sum.Add(c.Amount)
				var part money.Amount
				var whole bool
				if item.Open.Currency == money.EUR {
					part, whole = contested(&a, s, c.Item, today)
				}
				if whole || c.Amount.Sign() <= 0 || item.Open.Sub(part).Less(c.Amount) || item.Due.IsZero() || len(item.Mend) > 0 {
					t.Fatalf("%s of %s is claimed, of which %s is contested (whole: %v)", c.Amount, item.Open, part, whole)
				}
			}
			if sum.Sub(p.Credits) != p.Amount || p.Amount.Sign() <= 0 {
				t.Fatalf("claims of %s less %s make %s", sum, p.Credits, p.Amount)
			}
			if a.CreditUse != CreditIgnore && balance.Less(p.Amount) {
				t.Fatalf("%s claimed of a balance of %s", p.Amount, balance)
			}
			if balance.Sign() <= 0 || a.Customer.Insolvent {
				t.Fatalf("claimed of a balance of %s, insolvent: %v", balance, a.Customer.Insolvent)
			}
		}
	})
}

func TestFormalStepsClaimOnlyWhatWasReminded(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		day := today.Add(rapid.IntRange(0, 60).Draw(t, "later"))
		for _, p := range Decide(a, s, calendar, day).Reminders {
			for _, c := range p.Claims {
				reminded := slices.ContainsFunc(a.Contacts, func(o Contact) bool {
					return !o.Dismissed && o.Channel != string(Call) && slices.Contains(o.Items, c.Item)
				})
				if p.Step.Formal() && !reminded {
					t.Fatalf("%s claims %s, of which nobody has spoken", p.Step.ID, c.Number)
				}
			}
		}
	})
}

func TestSilenceAlwaysHasItsReason(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		day := today.Add(rapid.IntRange(0, 60).Draw(t, "later"))
		d := Decide(a, s, calendar, day)
		if len(d.Reminders) == 0 && len(d.Reasons) == 0 {
			t.Fatal("silent without a reason")
		}
		var all []Reason
		all = append(all, d.Reasons...)
		for _, p := range d.Reminders {
			if len(p.Reasons) == 0 {
				t.Fatal("proposed without a reason")
			}
			all = append(all, p.Reasons...)
		}
		for _, v := range d.Items {
			if len(v.Reasons) == 0 {
				t.Fatalf("%s has no reason", v.Number)
			}
			all = append(all, v.Reasons...)
		}
		for _, r := range all {
			if r.Text(i18n.FR) == string(r.Code) || r.Text(i18n.EN) == string(r.Code) {
				t.Fatalf("%s has no words", r.Code)
			}
		}
	})
}

// TestNextIsTheFirstDayThatSpeaks compares the search by events with looking at
// every day.
func TestNextIsTheFirstDayThatSpeaks(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		got := Decide(a, s, calendar, today).Next
		for day := today; day <= today.Add(120); day++ {
			d := Decide(a, s, calendar, day)
			if len(d.Reminders) == 0 {
				continue
			}
			if want := (Next{d.Reminders[0].Step.ID, day}); got != want {
				t.Fatalf("next is said to be %v, and is %v", got, want)
			}
			return
		}
		if !got.On.IsZero() && got.On <= today.Add(120) {
			t.Fatalf("next is said to be %v, and nothing comes", got)
		}
	})
}

// TestNoStepRepeats lives through months of an account: days when the program is
// down, reminders that leave or are dismissed, money that comes in.
func TestNoStepRepeats(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T, a Account, s *Scenario) {
		a.Contacts, a.Plans, a.Customer.Insolvent = nil, nil, false
		said := map[string]bool{}
		for day := today; day < today.Add(150); day = day.Add(1 + rapid.IntRange(0, 6).Draw(t, "down")) {
			d := Decide(a, s, calendar, day)
			for i := range d.Reminders {
				p := &d.Reminders[i]
				lead := fmt.Sprint(p.Leader, "/", p.Step.ID, "/", p.FollowUp)
				if said[lead] {
					t.Fatalf("%s speaks of %s again on %s", p.Step.ID, p.Leader, day)
				}
				said[lead] = true
				if rapid.IntRange(0, 4).Draw(t, "dismissed") == 0 {
					a = Dismissed(a, p, s.Name, day)
				} else {
					a = Left(a, p, s.Name, day)
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "paid") == 0 {
				i := rapid.IntRange(0, len(a.Items)-1).Draw(t, "which")
				a.Items = slices.Clone(a.Items)
				a.Items[i].Open.Minor /= 2
			}
		}
	})
}

// TestBeforeAndAfterMirror: J−N leaves N days before the due date where J+N leaves
// N days after it, and the calendar moves them away from it, not both later.
func TestBeforeAndAfterMirror(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "N")
		due := today.Add(rapid.IntRange(-200, 200).Draw(t, "due"))
		for _, anyDay := range []bool{true, false} {
			want := [2]cal.Date{due.Add(-n), due.Add(n)}
			if !anyDay {
				want = [2]cal.Date{calendar.PrevOpen(want[0]), calendar.NextOpen(want[1])}
			}
			for i, sign := range []int{-1, 1} {
				s := &Scenario{Entry: Sequential, Grouping: ByCustomer, Steps: []Step{{ID: "x", At: sign * n, Channels: []Channel{Email}, AnyDay: anyDay}}}
				a := Account{Items: []Item{{ID: "i", Number: "F", Due: due, Open: money.New(100, money.EUR)}}}
				if got := Decide(a, s, calendar, due.Add(-60)).Next.On; got != want[i] {
					t.Fatalf("%s (any day: %v) of an invoice due on %s leaves on %s, not on %s", s.Steps[0].Offset(), anyDay, due, got, want[i])
				}
			}
		}
	})
}
