package apply

import (
	"cmp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// request is a credit to be set against an invoice.
type request struct {
	file     *fileRun
	line     int32
	customer string
	credit   string // its identifier
	invoice  string // the number of the invoice, or the identifier when byID
	key      string // the invoice by its key in the file
	byID     bool
	amount   int64    // 0: as much as fits
	on       cal.Date // no day: the later of both documents
	found    bool     // the invoice is known; there was no room for the credit
}

// requests are what a row asks to be set, by what it says of other documents.
func (p *plan) requests(w *work) []request {
	m := w.rest()
	r := request{file: w.file, line: w.line, customer: w.entry.Customer, credit: w.entry.ID}
	var list []request
	for _, s := range m.settles {
		one := r
		one.key, one.amount, one.on = s.Key, s.Amount.Minor, s.On
		list = append(list, one)
	}
	if len(list) > 0 || m.preceding == "" {
		return list
	}
	for _, number := range p.references(w, m.preceding) {
		r.invoice = number
		list = append(list, r)
	}
	return list
}

// references are the invoices that a cell names: one of that very number, or
// several, the oldest due date first and those not known yet last.
func (p *plan) references(w *work, cell string) []string {
	due := func(number string) (cal.Date, bool) {
		list := p.byKey[docKey{w.entry.Customer, ledger.Invoice, number}]
		if len(list) == 0 {
			return 0, false
		}
		return slices.MinFunc(list, func(a, b *entry) int { return a.Due.Sub(b.Due) }).Due, true
	}
	all := numbersOf(cell)
	if _, known := due(cell); known || len(all) == 1 {
		return all[:1]
	}
	several := all[1:]
	slices.SortStableFunc(several, func(a, b string) int {
		x, known := due(a)
		y, too := due(b)
		if known && too {
			return x.Sub(y)
		}
		return cmp.Compare(rank(known), rank(too))
	})
	return several
}

func rank(known bool) int {
	if known {
		return 0
	}
	return 1
}

// lettered asks for what a ledger shows by its lettering: within a customer,
// entries of one code settle each other. A code whose entries do not balance was
// used twice, or ties more than is in the file: it proves nothing.
func (p *plan) lettered(rows []*work) []request {
	type group struct {
		invoices, credits []*work
		balance           int64
	}
	groups := map[[2]string]*group{}
	var order []*group
	for _, w := range rows {
		if w.dropped || w.entry == nil || w.goesOn || w.rest().lettering == "" || w.rest().settles != nil || w.rest().preceding != "" {
			continue
		}
		key := [2]string{w.entry.Customer, w.more.lettering}
		g := groups[key]
		if g == nil {
			g = &group{}
			groups[key] = g
			order = append(order, g)
		}
		if w.kind == ledger.Invoice {
			g.invoices, g.balance = append(g.invoices, w), g.balance+w.entry.Amount.Minor
		} else {
			g.credits, g.balance = append(g.credits, w), g.balance-w.entry.Amount.Minor
		}
	}
	var list []request
	for _, g := range order {
		if g.balance == 0 {
			list = append(list, tie(g.invoices, g.credits)...)
		}
	}
	return list
}

// tie spreads credits over invoices of the same sum, in the order of the file.
func tie(invoices, credits []*work) (list []request) {
	left := int64(0)
	var i int
	for _, c := range credits {
		for rest := c.entry.Amount.Minor; rest > 0 && i < len(invoices); {
			if left == 0 {
				left = invoices[i].entry.Amount.Minor
			}
			some := min(rest, left)
			if some > 0 {
				list = append(list, request{
					file: c.file, line: c.line, customer: c.entry.Customer,
					credit: c.entry.ID, invoice: invoices[i].entry.ID, byID: true, amount: some,
				})
			}
			rest, left = rest-some, left-some
			if left == 0 {
				i++
			}
		}
	}
	return list
}

// settle sets a credit against what it names. What is left of it waits for the
// end of the run: a later row may bring the invoice, or room on it.
func (p *plan) settle(q *request) (done bool) {
	credit := p.byID[q.credit]
	if credit == nil || credit.Open.Minor+p.noted(credit) <= 0 {
		return true // withdrawn meanwhile, or used up
	}
	if q.key != "" {
		if q.invoice, q.byID = p.keyed(*q), true; q.invoice == "" {
			return false
		}
	}
	invoices := p.invoicesOf(*q)
	if len(invoices) == 0 {
		return false
	}
	q.found = true
	before, got := len(p.batch.Allocations), int64(0)
	for _, i := range invoices {
		p.set(*q, credit, i)
		net, _ := p.history(credit.ID, i.ID)
		got += net
	}
	if len(p.batch.Allocations) > before {
		p.report.allocated++
	}
	return credit.Open.Minor+p.noted(credit) <= 0 || q.amount > 0 && got >= q.amount
}

func (p *plan) keyed(q request) string {
	key := q.file.keyPrint(q.key)
	if id, ok := p.keys[key]; ok {
		return id
	}
	return p.run.keys[key]
}

// invoicesOf are the invoices that a request means, the oldest due date first.
func (p *plan) invoicesOf(q request) []*entry {
	if q.byID {
		if e := p.byID[q.invoice]; e != nil && e.Kind == ledger.Invoice {
			return []*entry{e}
		}
		return nil
	}
	list := slices.Clone(p.byKey[docKey{q.customer, ledger.Invoice, q.invoice}])
	slices.SortStableFunc(list, func(a, b *entry) int { return a.Due.Sub(b.Due) })
	return list
}

// numbersOf are the numbers that a cell may mean: itself, or several.
func numbersOf(cell string) []string {
	if strings.ContainsAny(cell, ",;") {
		return append([]string{cell}, partsOf(cell)...)
	}
	return []string{cell}
}

// partsOf are what a cell names between commas and semicolons.
func partsOf(cell string) (list []string) {
	for s := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ',' || r == ';' }) {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// set allocates what fits of a credit to an invoice. What the two were set to by
// an earlier import, or undone by a person, is left as it is. A credit note goes
// where all of it fits, since what is left of it may have been paid back.
func (p *plan) set(q request, credit, invoice *entry) {
	if credit.Customer != invoice.Customer || credit.Amount.Currency != invoice.Amount.Currency {
		return
	}
	already, undone := p.history(credit.ID, invoice.ID)
	if undone || already > 0 && q.amount == 0 {
		return
	}
	wish := q.amount - already
	if q.amount == 0 {
		wish = credit.Open.Minor + p.noted(credit)
	}
	room := invoice.Open.Minor + p.noted(invoice)
	if credit.Kind == ledger.CreditNote && q.amount == 0 && room < wish {
		return
	}
	wish = min(wish, room, credit.Open.Minor+p.noted(credit))
	if wish <= 0 {
		return
	}
	row := &row{file: q.file, line: q.line, number: credit.Number}
	on := max(q.on, credit.Issued, invoice.Issued)
	p.free(row, credit, p.inTheWay(credit, wish, 0), on)
	p.free(row, invoice, p.inTheWay(invoice, wish, min(wish, p.notedSince(invoice, on))), on)
	p.allocate(credit, invoice, wish, on, "")
}

// inTheWay is how much of what was noted on a document gives way to an amount
// that it is really set against: what is left stays what a row of this run told
// or, where none did, at least some is freed.
func (p *plan) inTheWay(e *entry, amount, some int64) int64 {
	over := amount - e.Open.Minor
	if at, met := p.metAt(&e.Document); met && at.told {
		return over + at.left
	}
	return max(some, over)
}

// history is what was allocated between the two, and whether some of it was
// undone.
func (p *plan) history(credit, invoice string) (net int64, undone bool) {
	for _, l := range p.links[credit] {
		if l.Credit == credit && l.Invoice == invoice {
			net += l.Amount.Minor
			undone = undone || l.Reverses != ""
		}
	}
	return net, undone
}

// allocate sets an amount of a credit against an invoice.
func (p *plan) allocate(credit, invoice *entry, amount int64, on cal.Date, reason string) {
	a := &ledger.Allocation{
		ID: p.newID("alo"), Customer: credit.Customer, Credit: credit.ID, Invoice: invoice.ID,
		Amount: money.New(amount, credit.Amount.Currency), On: on, Reason: reason, Import: p.run.id,
	}
	p.record(a, ledger.Side{Nature: credit.Nature, Import: credit.Import},
		ledger.Side{Nature: invoice.Nature, Import: invoice.Import})
}

func (p *plan) record(a *ledger.Allocation, credit, invoice ledger.Side) {
	l := &ledger.Link{Allocation: *a, CreditSide: credit, InvoiceSide: invoice}
	p.batch.Allocations = append(p.batch.Allocations, a)
	p.linked = append(p.linked, l)
	p.links[a.Credit] = append(p.links[a.Credit], l)
	p.links[a.Invoice] = append(p.links[a.Invoice], l)
	p.move(p.byID[a.Credit], -a.Amount.Minor)
	p.move(p.byID[a.Invoice], -a.Amount.Minor)
}

func (p *plan) move(e *entry, by int64) {
	if e == nil {
		return // of a document that the plan need not know: the ledger moves it
	}
	e.Open.Minor += by
	p.touch(e)
	if e.Kind == ledger.Invoice && by > 0 {
		e.recheck = true
	}
}
