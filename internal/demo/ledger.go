package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// farthest is the most days between the issue of an open invoice and the day
// of the world: the longest of terms and delays together, with room for the
// stories that begin long ago.
const farthest = 900

// builder makes one customer.
type builder struct {
	chance.Draw
	*World
	profile

	numbers   *numbers
	prices    chance.Draw
	price     int64 // of its subscription, net; 0 for none
	customer  *Customer
	dues      []due
	lastPaid  cal.Date // no payment after it
	lastIssue cal.Date // no invoice after it
}

// due is money of the customer on its way to us, for an invoice or for none.
type due struct {
	on      cal.Date
	invoice int // index, or none
	amount  money.Amount
	method  string
}

const none = -1

// drafted is an invoice before it is written.
type drafted struct {
	issued cal.Date
	open   bool
}

func newBuilder(w *World, n *numbers, p profile) *builder {
	c := &Customer{
		Code: serial("C", p.index+1, w.Options.Customers), Kind: p.kind, Terms: p.terms.words,
		Country: p.place.country, Behaviour: p.behaviour, Story: p.plot.story,
	}
	b := &builder{
		Draw: chance.New(w.Options.Seed, forLedger, p.index), World: w, profile: p, numbers: n, customer: c,
		lastPaid: w.calendar.PrevOpen(w.Options.On), lastIssue: w.Options.On,
		prices: chance.New(w.Options.Seed, forPrice, p.index),
	}
	if p.kind != Consumer && b.prices.Percent(subscribers) {
		b.price = chance.Pick(b.prices, subscriptions)
	}
	if p.kind == Business && !p.association && p.place.country == "FR" {
		c.Group = groupOf(w.Options.Seed, p.index)
		if chance.New(w.Options.Seed, forTerms, p.index).Percent(discounted) {
			c.Discount = Discount{Rate: 200, Days: 10}
		}
	}
	return b
}

// discounted are how many in a hundred companies are granted a discount for early
// payment.
const discounted = 10

// groupOf puts up to four of a hundred neighbours into one group.
func groupOf(seed uint64, index int) string {
	const family, members = 100, 4
	if slices.Contains(chance.New(seed, forGroup, index/family).Perm(family)[:members], index%family) {
		return serial("g", index/family+1, 1)
	}
	return ""
}

// words are the terms as the invoice states them (C. com. L441-9 I).
func (b *builder) words() string {
	d := b.customer.Discount
	if d.Rate == 0 {
		return b.terms.words
	}
	return fmt.Sprintf("%s, escompte de %d\u00a0%% sous %d jours", b.terms.words, d.Rate/100, d.Days)
}

// subscribers are how many in a hundred customers pay one of a few prices by
// the month, so that amounts of one customer, and of many, are the same.
const subscribers = 14

// subscriptions are the prices, net, in minor units.
var subscriptions = []int64{2900, 4900, 5900, 7900, 8900, 12_000, 14_900, 19_000, 24_900, 39_000}

// build writes the ledger with so many invoices open, and what the story adds.
func (b *builder) build(open int) {
	b.breakOff()
	drafts := append(b.openDrafts(open), b.settledDrafts(open)...)
	slices.SortStableFunc(drafts, func(x, y drafted) int { return x.issued.Sub(y.issued) })
	for _, d := range drafts {
		b.invoice(d)
	}
	if b.plot.facts != nil {
		b.plot.facts(b)
	}
	if b.plot.story == Plain && b.kind != Consumer {
		b.goodsBack()
	}
	b.pay()
	b.sinceWhen()
}

// breakOff is the day from which a customer in trouble pays nothing, and soon
// orders nothing.
func (b *builder) breakOff() {
	on := b.Options.On
	switch b.behaviour {
	case Stopped:
		b.lastPaid = on.Add(-b.Between(50, 320))
		b.lastIssue = min(on, b.lastPaid.Add(40))
	case Insolvent:
		b.customer.InsolventOn = b.calendar.PrevOpen(on.Add(-b.Between(20, 150)))
		b.lastPaid = b.customer.InsolventOn.Add(-b.Between(10, 40))
		b.lastIssue = b.customer.InsolventOn.Add(-1)
	}
}

// openDrafts are n invoices that would be paid after the day of the world, the
// first of them as late as the story wants.
func (b *builder) openDrafts(n int) []drafted {
	drafts := make([]drafted, 0, n)
	for i := range n {
		issued := b.openIssue()
		if i < len(b.plot.late) {
			issued = b.issueLate(b.plot.late[i] + b.Between(0, 6))
		}
		drafts = append(drafts, drafted{issued, true})
	}
	return drafts
}

// openIssue is the issue of an invoice that is still open: drawn until its
// payment falls after the end.
func (b *builder) openIssue() cal.Date {
	const attempts = 30 // nearly always enough; the last resort is an invoice of these days
	latest := b.lastIssue
	earliest := min(latest, b.lastPaid).Add(-b.terms.reach - longest[b.behaviour])
	for range attempts {
		issued := b.calendar.PrevOpen(earliest.Add(b.Between(0, latest.Sub(earliest))))
		if b.paidOn(issued) > b.lastPaid {
			return issued
		}
	}
	return b.calendar.PrevOpen(latest.Add(-b.Between(0, 3)))
}

// issueLate is the issue of an invoice that is at least so many days late.
func (b *builder) issueLate(days int) cal.Date {
	latest := b.Options.On.Add(-days)
	issued := min(latest.Add(-b.terms.reach), b.lastIssue)
	return b.calendar.PrevOpen(issued)
}

// paidOn is when an invoice of that day would be paid for good.
func (b *builder) paidOn(issued cal.Date) cal.Date {
	due := b.terms.term.Due(issued)
	on := due.Add(b.behaviour.delay(b.Draw, due))
	if b.behaviour == Partial {
		on = on.Add(secondPart)
	}
	return b.calendar.NextOpen(max(on, issued))
}

// secondPart is the days that one who pays in two parts lets pass between them.
const secondPart = 30

// settledDrafts are the invoices of the history, at the pace at which the
// customer buys; those not paid by the end are left out, since openDrafts stand
// for them.
func (b *builder) settledDrafts(open int) []drafted {
	if b.Options.History == 0 {
		return nil
	}
	gap := b.pace(open)
	var drafts []drafted
	day := b.Options.On.AddMonths(-b.Options.History).Add(b.Between(0, gap))
	for ; day <= b.lastIssue; day = day.Add(1 + b.Between(gap/2, gap+gap/2)) {
		issued := b.calendar.PrevOpen(day)
		if issued.Add(b.terms.reach) <= b.lastPaid {
			drafts = append(drafts, drafted{issued, false})
		}
	}
	return drafts
}

// pace is the days between two invoices, such that about as many as are open
// would be open; but nobody buys every day, and households seldom.
func (b *builder) pace(open int) int {
	fastest, slowest := 6, 120
	if b.kind == Consumer {
		fastest = 45
	}
	if open == 0 {
		return b.Between(slowest/3, slowest)
	}
	return min(max((b.terms.reach+longest[b.behaviour]/2)/open, fastest), slowest)
}

// invoice writes one, and has it paid when it is not to stay open.
func (b *builder) invoice(d drafted) {
	i := Invoice{
		Number: b.numbers.invoices.take(d.issued), Issued: d.issued, Due: b.terms.term.Due(d.issued),
		Terms: b.words(), Order: b.order(d.issued), Label: b.label(d.issued),
	}
	currency := b.currency
	if b.plot.story == TwoCurrencies && len(b.customer.Invoices)%2 == 1 {
		currency = "USD"
	}
	const cheapest = 500
	i.Net = money.New(max(cheapest, b.median*b.Size()/1000), currency)
	if b.price > 0 && b.prices.Percent(75) {
		_, month, _ := d.issued.Date()
		i.Net = money.New(b.price, currency)
		i.Label = "Abonnement d’impression, " + cal.MonthName(month, "fr") + " " + strconv.Itoa(d.issued.Year())
	}
	i.Tax = b.vat.Of(i.Net)
	i.Total = i.Net.Add(i.Tax)
	i.Open = i.Total
	b.customer.Invoices = append(b.customer.Invoices, i)
	n := len(b.customer.Invoices) - 1
	if d.open {
		b.leaveOpen(n)
	} else {
		b.settle(n)
	}
}

// leaveOpen has an open invoice paid in part where that is how it stays open.
func (b *builder) leaveOpen(n int) {
	i := &b.customer.Invoices[n]
	switch {
	case b.plot.story == SmallBalance: // all but some bank charges
		rest := min(int64(b.Between(120, 420)), i.Total.Minor-1)
		b.transfer(n, i.Due.Add(b.Between(0, 5)), i.Total.Sub(money.New(rest, i.Total.Currency)))
	case b.behaviour == Partial:
		b.transfer(n, i.Due.Add(b.Between(0, 12)), part(i.Total, b.Between(40, 60)))
	}
}

// settle has an invoice paid in full by the end, rarely with the help of a
// credit note.
func (b *builder) settle(n int) {
	i := &b.customer.Invoices[n]
	on := min(b.calendar.NextOpen(max(i.Due.Add(b.behaviour.delay(b.Draw, i.Due)), i.Issued)), b.lastPaid)
	rest := i.Total
	if b.Percent(3) {
		percent := 100
		if b.Percent(80) {
			percent = b.Between(5, 40)
		}
		rest = rest.Sub(b.correct(n, min(i.Issued.Add(b.Between(4, 20)), on), percent))
	}
	if b.behaviour == Partial && rest.Minor > 1 {
		first := part(rest, b.Between(40, 60))
		b.transfer(n, on, first)
		rest, on = rest.Sub(first), on.Add(secondPart)
	}
	if !rest.IsZero() {
		b.transfer(n, on, rest)
	}
}

// transfer has an amount of an invoice paid on a day: the next open one, never
// after the end.
func (b *builder) transfer(n int, on cal.Date, amount money.Amount) {
	on = min(b.calendar.NextOpen(on), b.lastPaid)
	on = max(on, b.customer.Invoices[n].Issued)
	b.dues = append(b.dues, due{on, n, amount, b.method()})
	b.customer.Invoices[n].Open = b.customer.Invoices[n].Open.Sub(amount)
}

// method is how the customer pays.
func (b *builder) method() string {
	methods := []string{"virement", "virement", "virement", "virement", "prélèvement", "chèque"}
	if b.kind == Consumer {
		methods = []string{"carte", "chèque", "virement"}
	}
	return methods[b.index%len(methods)] // always the same
}

// correct writes a credit note for a part of an invoice and allocates it.
func (b *builder) correct(n int, on cal.Date, percent int) money.Amount {
	i := &b.customer.Invoices[n]
	net := part(i.Net, percent) // all of it at 100, and then its VAT is the invoice's
	tax := b.vat.Of(net)
	total := net.Add(tax)
	b.customer.CreditNotes = append(b.customer.CreditNotes, CreditNote{
		Number: b.numbers.credits.take(on), Issued: on, Preceding: i.Number, Net: net, Tax: tax, Total: total,
		Open: money.Zero(net.Currency), Label: chance.Pick(b.Draw, creditLabels),
		Allocations: []Allocation{{i.Number, total, on}},
	})
	i.Open = i.Open.Sub(total)
	return total
}

// pay turns what was paid into payments: all of one day and currency is one.
func (b *builder) pay() {
	slices.SortStableFunc(b.dues, func(x, y due) int { return x.on.Sub(y.on) })
	for len(b.dues) > 0 {
		head, n := b.dues[0], 1
		for n < len(b.dues) && b.dues[n].on == head.on && head.invoice != none && b.dues[n].invoice != none &&
			b.dues[n].amount.Currency == head.amount.Currency {
			n++
		}
		b.payment(b.dues[:n])
		b.dues = b.dues[n:]
	}
	slices.SortStableFunc(b.customer.CreditNotes, func(x, y CreditNote) int { return x.Issued.Sub(y.Issued) })
}

// payment writes one payment with its allocations.
func (b *builder) payment(dues []due) {
	p := Payment{On: dues[0].on, Method: dues[0].method, Number: b.numbers.payments.take(dues[0].on)}
	p.Open = money.Zero(dues[0].amount.Currency)
	label := []string{bankWord[p.Method], Upper(b.customer.Name)}
	for _, d := range dues {
		p.Amount = p.Amount.Add(d.amount)
		if d.invoice == none {
			p.Open = p.Open.Add(d.amount)
			continue
		}
		number := b.customer.Invoices[d.invoice].Number
		p.Allocations = append(p.Allocations, Allocation{number, d.amount, d.on})
		label = append(label, number)
	}
	const longestLabel = 4 // numbers; a bank's line has no room for more
	p.Label = strings.Join(label[:min(len(label), 2+longestLabel)], " ")
	b.customer.Payments = append(b.customer.Payments, p)
}

// sinceWhen is before the first invoice, by years for most.
func (b *builder) sinceWhen() {
	first := b.Options.On
	if len(b.customer.Invoices) > 0 {
		first = b.customer.Invoices[0].Issued
	}
	b.customer.Since = first.Add(-b.Between(0, 2500))
}
