package demo

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// late are the indexes of the open invoices past their due date, oldest first.
func (b *builder) late() []int {
	var late []int
	for n, i := range b.customer.Invoices {
		if !i.Open.IsZero() && !i.Due.IsZero() && i.Due < b.Options.On {
			late = append(late, n)
		}
	}
	slices.SortStableFunc(late, func(x, y int) int {
		return b.customer.Invoices[x].Due.Sub(b.customer.Invoices[y].Due)
	})
	return late
}

// oldest gives the invoice that has been late for longest to a fact; without
// any there is no fact.
func (b *builder) oldest(fact func(n int, i *Invoice)) {
	if late := b.late(); len(late) > 0 {
		fact(late[0], &b.customer.Invoices[late[0]])
	}
}

func (b *builder) promiseRunning() {
	b.oldest(func(_ int, i *Invoice) {
		b.customer.Promises = append(b.customer.Promises, Promise{
			Made: b.Options.On.Add(-b.Between(2, 4)), For: b.Options.On.Add(b.Between(3, 9)),
			Invoices: []string{i.Number}, Amount: i.Open, Note: "Promis au téléphone par la comptabilité.",
		})
	})
}

func (b *builder) promiseBroken() {
	b.oldest(func(_ int, i *Invoice) {
		b.customer.Promises = append(b.customer.Promises, Promise{
			Made: b.Options.On.Add(-b.Between(18, 24)), For: b.Options.On.Add(-b.Between(8, 12)),
			Invoices: []string{i.Number}, Amount: i.Open, Outcome: Broken,
			Note: "«\u00a0Le virement part vendredi.\u00a0»",
		})
	})
}

// promiseKept is told of the last invoice that was paid late.
func (b *builder) promiseKept() {
	for _, d := range slices.Backward(b.dues) {
		i := b.customer.Invoices[d.invoice]
		if made := d.on.Add(-b.Between(4, 8)); made > i.Due {
			b.customer.Promises = append(b.customer.Promises, Promise{
				Made: made, For: min(d.on.Add(b.Between(0, 2)), b.Options.On),
				Invoices: []string{i.Number}, Amount: d.amount, Outcome: Kept, Note: "Confirmé par courriel.",
			})
			return
		}
	}
}

func (b *builder) planRunning() { b.plan(b.Options.On.Add(-b.Between(36, 44)), Running) }

// planBroken was signed earlier: its second instalment was missed.
func (b *builder) planBroken() { b.plan(b.Options.On.Add(-b.Between(62, 70)), Broken) }

// plan spreads the late invoices over four months; a broken one had its first
// instalment paid, a running one all that were due.
func (b *builder) plan(made cal.Date, outcome Outcome) {
	const parts, grace = 4, 5
	var numbers []string
	var total money.Amount
	late := b.late()
	for _, n := range late[:min(len(late), 2)] {
		numbers = append(numbers, b.customer.Invoices[n].Number)
		total = total.Add(b.customer.Invoices[n].Open)
	}
	if len(numbers) == 0 {
		return
	}
	p := Plan{
		Made: made, Grace: grace, Invoices: numbers, Outcome: outcome, Note: "Échéancier signé par le gérant.",
	}
	for k, amount := range total.Split(parts) {
		due := made.Add(10).AddMonths(k)
		p.Instalments = append(p.Instalments, Instalment{due, amount})
		if due < b.Options.On && (outcome == Running || k == 0) {
			b.payEvenly(late[:len(numbers)], due, amount)
		}
	}
	b.customer.Plans = append(b.customer.Plans, p)
}

// payEvenly sets an amount against invoices as much as each has open.
func (b *builder) payEvenly(invoices []int, on cal.Date, amount money.Amount) {
	weights := make([]int64, len(invoices))
	for k, n := range invoices {
		weights[k] = b.customer.Invoices[n].Open.Minor
	}
	parts, err := amount.SplitBy(weights...)
	if err != nil {
		return // nothing is open
	}
	for k, n := range invoices {
		if !parts[k].IsZero() {
			b.transfer(n, on, parts[k])
		}
	}
}

func (b *builder) disputeWhole() { b.dispute(100) }
func (b *builder) disputePart()  { b.dispute(b.Between(10, 45)) }

func (b *builder) dispute(percent int) {
	b.oldest(func(_ int, i *Invoice) {
		d := Dispute{
			Invoice: i.Number, Amount: i.Open, Whole: percent == 100,
			Opened: b.calendar.NextOpen(i.Due.Add(b.Between(3, 9))), Deadline: b.Options.On.Add(b.Between(4, 15)),
		}
		if percent < 100 {
			d.Amount = part(i.Open, percent)
		}
		grief := chance.Pick(b.Draw, griefs)
		d.Reason, d.Note = grief.reason, grief.note
		b.customer.Disputes = append(b.customer.Disputes, d)
	})
}

func (b *builder) holdCustomer() {
	b.customer.Holds = append(b.customer.Holds, Hold{
		From: b.Options.On.Add(-b.Between(3, 6)), Until: b.Options.On.Add(b.Between(5, 20)),
		Reason: "À la demande de la direction\u00a0: appel d’offres en cours.",
	})
}

func (b *builder) holdInvoice() {
	b.oldest(func(_ int, i *Invoice) {
		b.customer.Holds = append(b.customer.Holds, Hold{
			Invoice: i.Number, From: b.Options.On.Add(-b.Between(1, 4)), Until: b.Options.On.Add(b.Between(6, 12)),
			Reason: "Duplicata envoyé, on laisse le temps de la vérifier.",
		})
	})
}

func (b *builder) inFlight() {
	b.oldest(func(_ int, i *Invoice) {
		b.customer.InFlight = append(b.customer.InFlight, InFlight{
			Invoice: i.Number, Amount: i.Open, On: b.Options.On.Add(-1), Until: b.Options.On.Add(b.Between(3, 5)),
		})
	})
}

// unallocatedPayment came without a reference, for about what is late.
func (b *builder) unallocatedPayment() {
	b.oldest(func(_ int, i *Invoice) { b.receive(i.Open.Sub(part(i.Open, b.Between(1, 3)))) })
}

// overpaid is more than all that is open: somebody paid twice.
func (b *builder) overpaid() {
	open := money.Zero(b.currency)
	for _, i := range b.customer.Invoices {
		open = open.Add(i.Open)
	}
	if open.Sign() > 0 {
		b.receive(open.Add(part(open, b.Between(5, 30))))
	}
}

// receive is money of these days that no invoice has taken.
func (b *builder) receive(amount money.Amount) {
	on := b.calendar.PrevOpen(b.Options.On.Add(-b.Between(2, 9)))
	b.dues = append(b.dues, due{on, none, amount, "virement"})
}

// unallocatedCredit is a year-end rebate that no invoice has taken.
func (b *builder) unallocatedCredit() {
	b.oldest(func(_ int, i *Invoice) {
		on := b.calendar.PrevOpen(b.Options.On.Add(-b.Between(4, 20)))
		net := part(i.Net, b.Between(10, 60))
		tax := b.vat.Of(net)
		b.customer.CreditNotes = append(b.customer.CreditNotes, CreditNote{
			Number: b.numbers.credits.take(on), Issued: on, Net: net, Tax: tax, Total: net.Add(tax), Open: net.Add(tax),
			Label: "Ristourne de fin d’année",
		})
	})
}

// goodsBack is a credit note for a part of an open invoice, of one customer in
// sixteen: it waits for the payment from which it will be taken off.
func (b *builder) goodsBack() {
	d := chance.New(b.Options.Seed, forReturn, b.index)
	if !d.Percent(6) {
		return
	}
	for _, i := range b.customer.Invoices {
		if i.Open != i.Total || i.Issued.Add(6) > b.Options.On {
			continue
		}
		on := min(b.calendar.NextOpen(i.Issued.Add(d.Between(3, 20))), b.calendar.PrevOpen(b.Options.On))
		net := part(i.Net, d.Between(5, 35))
		tax := b.vat.Of(net)
		b.customer.CreditNotes = append(b.customer.CreditNotes, CreditNote{
			Number: b.numbers.credits.take(on), Issued: on, Preceding: i.Number, Net: net, Tax: tax,
			Total: net.Add(tax), Open: net.Add(tax), Label: chance.Pick(d, creditLabels),
		})
		return
	}
}

// missingDue is an invoice whose due date the accounting tool did not export.
func (b *builder) missingDue() {
	for n := range b.customer.Invoices {
		if i := &b.customer.Invoices[n]; !i.Open.IsZero() {
			i.Due, i.Terms = 0, ""
			return
		}
	}
}
