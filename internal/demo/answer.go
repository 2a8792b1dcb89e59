package demo

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/dunning"
	"acquit/internal/money"
)

// letter is what reached a customer on one day, on all channels together.
type letter struct {
	on    cal.Date
	items []string // what it claimed as late and is still open
	nth   int      // it was the nth that claimed one of them
}

// letters are those that reached the customer, oldest first. A courtesy before
// the due date asks for nothing.
func (p *acting) letters() (list []letter) {
	contacts := slices.Clone(p.Contacts)
	slices.SortStableFunc(contacts, func(x, y dunning.Contact) int { return x.On.Sub(y.On) })
	times := map[string]int{}
	for _, c := range contacts {
		if !c.Spoke() {
			continue
		}
		if n := len(list); n == 0 || list[n-1].on != c.On {
			list = append(list, letter{on: c.On})
		}
		l := &list[len(list)-1]
		for _, i := range p.Items {
			if slices.Contains(c.Items, i.ID) && i.Due < c.On && !slices.Contains(l.items, i.ID) {
				l.items = append(l.items, i.ID)
				times[i.ID]++
				l.nth = max(l.nth, times[i.ID])
			}
		}
	}
	return list
}

// reply says how many in a hundred pay and how many promise.
type reply struct{ pay, promise int }

// Replies to the first reminder, the second, and those after: the slow seldom
// move at the first.
var (
	replies     = [3]reply{{40, 20}, {50, 25}, {60, 15}}
	slowReplies = [3]reply{{8, 30}, {40, 30}, {50, 15}}
)

// Days that pass before an answer, and between a promise and its day.
const (
	soonest, latest = 1, 6
	nearest, farOff = 3, 8
)

// answer pays or promises because of the letters whose answer comes on the day;
// the others are left unanswered.
func (p *acting) answer() {
	for _, l := range p.letters() {
		d := chance.For(p.Options.Seed, forAnswer, p.Customer.Code, l.on.String())
		on := p.calendar.NextOpen(l.on.Add(d.Between(soonest, latest)))
		roll, ahead := d.IntN(100), d.Between(nearest, farOff)
		items := slices.DeleteFunc(l.items, func(id string) bool { return p.settled[id] })
		if on != p.day || len(items) == 0 {
			continue
		}
		switch r := p.reply(l.nth); {
		case roll < r.pay:
			p.pay(items)
			p.deed.Answers = true
		case roll < r.pay+r.promise:
			p.promise(items, p.calendar.NextOpen(p.day.Add(ahead)))
		}
	}
}

func (p *acting) reply(nth int) reply {
	n := min(nth, len(replies)) - 1
	if p.behaviour == Slow || p.behaviour == Partial {
		return slowReplies[n]
	}
	return replies[n]
}

// promise gives one word for the invoices of each currency.
func (p *acting) promise(items []string, day cal.Date) {
	var words []Word
	for _, i := range p.Items {
		if !slices.Contains(items, i.ID) {
			continue
		}
		n := slices.IndexFunc(words, func(w Word) bool { return p.currencyOf(w.Invoices[0]) == i.Open.Currency })
		if n < 0 {
			words = append(words, Word{For: day})
			n = len(words) - 1
		}
		words[n].Invoices = append(words[n].Invoices, i.ID)
	}
	p.deed.Promises = append(p.deed.Promises, words...)
	p.settle(items...)
}

func (p *acting) currencyOf(item string) money.Currency {
	n := slices.IndexFunc(p.Items, func(i dunning.Item) bool { return i.ID == item })
	return p.Items[n].Open.Currency
}
