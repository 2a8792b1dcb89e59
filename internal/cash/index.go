package cash

import (
	"cmp"
	"context"
	"iter"
	"strings"

	"acquit/internal/advice"
	"acquit/internal/agreement"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/setting"
)

// groupTag begins the tag by which a person puts customers into a group: those of
// « groupe:delvaux » pay for each other.
const groupTag = "groupe:"

// snapshot is what a run matches against.
type snapshot struct {
	rules    match.Rules
	ix       *match.Index
	known    []match.Memory
	people   []match.Customer
	names    map[string]string   // of customers
	memory   map[string][]string // customers by what names a payer
	terms    map[string]string   // a customer's own
	expected map[string][]match.Expected
	refused  map[string]bool // entries of which a person undid something
	own      map[string]bool // the creditor's accounts
}

// settledDays is for how long an invoice that an entry has settled is known: another
// one that names it makes no typing error for the invoice of somebody else, and may be
// a second payment.
const settledDays = 90

// take reads the books as they stand, with what entries settled lately.
func take(ctx context.Context, tx *db.Tx, s creditor.Scope, v setting.Values) (*snapshot, error) {
	n := &snapshot{
		rules: rulesOf(v), names: map[string]string{}, memory: map[string][]string{}, terms: map[string]string{},
		expected: map[string][]match.Expected{}, refused: map[string]bool{}, own: map[string]bool{},
	}
	known, mandates, err := memories(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	n.remember(known)
	if err := n.meet(ctx, tx, s, mandates); err != nil {
		return nil, err
	}
	if err := n.expect(ctx, tx, s, dayOf(tx, v)); err != nil {
		return nil, err
	}
	for i := range n.people {
		n.people[i].Expected = n.expected[n.people[i].ID]
	}
	refused, err := allRefused(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	for _, r := range refused {
		n.refused[r.Entry] = true
	}
	if err := n.accounts(ctx, tx, s); err != nil {
		return nil, err
	}
	var failed error
	open, settled := ledger.EachOpen(ctx, tx, s), ledger.EachSettled(ctx, tx, s, Source, dayOf(tx, v).Add(-settledDays))
	items := func(yield func(match.Item) bool) {
		for _, list := range []iter.Seq2[ledger.Document, error]{open, settled} {
			for d, err := range list {
				if err != nil {
					failed = err
					return
				}
				if i, ok := n.item(d); ok && !yield(i) {
					return
				}
			}
		}
	}
	n.ix = match.NewIndex(n.rules, items, each(n.people), each(n.known), each(refused))
	return n, failed
}

func each[T any](list []T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, v := range list {
			if !yield(v) {
				return
			}
		}
	}
}

func (n *snapshot) remember(list []match.Memory) {
	n.known = list
	for _, m := range list {
		key := byIBAN + m.IBAN
		if m.IBAN == "" {
			key = byName + m.Name
		}
		n.memory[key] = append(n.memory[key], m.Customer)
	}
}

// meet reads the customers, in their groups: those that share a SIREN, or that a
// person put together.
func (n *snapshot) meet(ctx context.Context, tx *db.Tx, s creditor.Scope, mandates map[string][]string) error {
	shared, named := map[string]int{}, map[string]string{}
	for c, err := range customer.Each(ctx, tx, s) {
		if err != nil {
			return err
		}
		siren := squeeze(c.SIREN)
		m := match.Customer{
			ID: c.ID, Code: c.Code, Name: c.Name, SIREN: siren, Public: c.Kind == customer.Public,
			Postcode: c.PostalCode, City: c.City, Mandates: mandates[c.ID],
		}
		for _, t := range c.Tags {
			if g, ok := strings.CutPrefix(t, groupTag); ok && g != "" {
				m.Group = t
			}
		}
		if siren != "" {
			shared[siren]++
			named[siren] = cmp.Or(named[siren], m.Group)
		}
		if c.Terms != "" {
			n.terms[c.ID] = c.Terms
		}
		n.people, n.names[c.ID] = append(n.people, m), c.Name
	}
	for i := range n.people {
		c := &n.people[i]
		if c.Group == "" && shared[c.SIREN] > 1 {
			c.Group = cmp.Or(named[c.SIREN], "siren:"+c.SIREN)
		}
	}
	return nil
}

// expect gathers the money that was announced: promises, instalments, payments on
// their way.
func (n *snapshot) expect(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) error {
	all := agreement.Span{Day: day, From: "", To: "~"}
	for p, err := range promise.Between(ctx, tx, s, all) {
		if err != nil {
			return err
		}
		amount := p.Amount
		if amount.IsZero() {
			amount = p.Open
		}
		n.announce(p.Customer, p.Invoices, match.Expected{On: p.For, Amount: amount, Why: "promise"})
	}
	for p, err := range plan.Between(ctx, tx, s, all) {
		if err != nil {
			return err
		}
		for _, l := range p.Progress(day).Lines {
			if l.Left().Sign() > 0 {
				n.announce(p.Customer, p.Invoices, match.Expected{On: l.Due, Amount: l.Left(), Why: "instalment"})
			}
		}
	}
	for after := (inflight.Payment{}); ; {
		page, err := inflight.Open(ctx, tx, s, after, 1000)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			n.announce(p.Customer, p.Invoices, match.Expected{On: p.On, Amount: p.Amount, Why: "announced"})
		}
		after = page[len(page)-1]
	}
}

func (n *snapshot) announce(customer string, invoices []string, x match.Expected) {
	n.expected[customer] = append(n.expected[customer], x)
	for _, id := range invoices {
		n.expected[id] = append(n.expected[id], x)
	}
}

// accounts are the creditor's own: those that letters print, and those that
// statements speak of.
func (n *snapshot) accounts(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	sources, err := bank.Newest(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, a := range sources {
		n.own[squeeze(a.Account.IBAN)] = true
	}
	printed, err := creditor.Accounts(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, a := range printed {
		n.own[squeeze(a.IBAN)] = true
	}
	delete(n.own, "")
	return nil
}

// item is an open document as matching sees it; what only stands for what a file
// showed is none.
func (n *snapshot) item(d ledger.Document) (match.Item, bool) {
	kind := match.Kind(d.Kind)
	switch {
	case d.Nature == ledger.Noted:
		return match.Item{}, false
	case d.Nature == ledger.Charge && d.Kind == ledger.Invoice:
		kind = match.Charge
	}
	i := match.Item{
		ID: d.ID, Customer: d.Customer, Kind: kind, Number: d.Number, Issued: d.Issued, Due: d.Due, Amount: d.Amount,
		Open: d.Open, Order: d.Order, Contract: d.Contract, Preceding: d.Preceding, Expected: n.expected[d.ID],
	}
	if d.Kind == ledger.Invoice {
		i.Discount = match.Discount(discountOf(cmp.Or(d.Terms, n.terms[d.Customer]), d.Issued))
	}
	return i, true
}

// entryOf is an entry as matching sees it, with what was said of it apart.
func entryOf(k bank.Kept, told ...advice.Kept) match.Entry {
	e := match.Entry{
		ID: k.ID, On: k.On, Amount: k.Amount, Means: string(k.Means), Texts: k.Texts, Structured: k.Structured,
		EndToEnd: k.EndToEnd, Mandate: k.Mandate, Payer: match.Party{Name: k.Party.Name, IBAN: k.Party.IBAN},
		Ultimate: match.Party{Name: k.Ultimate.Name, IBAN: k.Ultimate.IBAN},
	}
	if len(e.Texts) == 0 && k.Label != "" {
		e.Texts = []string{k.Label}
	}
	for _, a := range told {
		e.Advice = append(e.Advice, a.Match()...)
	}
	if k.Fees.Currency == k.Amount.Currency {
		e.Fees = money.New(k.Fees.Abs().Minor, k.Fees.Currency)
	}
	return e
}
