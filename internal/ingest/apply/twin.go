package apply

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// sameMoney is how many days apart a file and the bank may tell of the same money.
const sameMoney = 10

// loadMoney gets what the bank has brought of the customers of whose payments or
// balances the rows tell: it is not booked a second time.
func (p *plan) loadMoney(ctx context.Context, tx *db.Tx, customers map[string]bool) error {
	if !p.run.banked || len(customers) == 0 {
		return nil
	}
	list, err := cash.MoneyOf(ctx, tx, p.run.scope, slices.Sorted(maps.Keys(customers)))
	if err != nil {
		return err
	}
	if p.run.books.shadow != nil {
		for i := range list {
			list[i].Document = p.run.books.shadow.over([]ledger.Document{list[i].Document})[0]
		}
	}
	var used []string
	for _, m := range list {
		e := p.loaded(m.Document)
		if e.Amount != e.Open && p.links[e.ID] == nil {
			used = append(used, e.ID)
		}
		claims := slices.Concat(m.Claims, p.run.claims[e.ID])
		p.money[m.Customer] = append(p.money[m.Customer], &bankMoney{entry: e, claims: claims})
	}
	return p.link(ctx, tx, used)
}

// moneyCustomers are the customers of whom a portion needs what the bank brought.
func (p *plan) moneyCustomers(list []*work) map[string]bool {
	who := map[string]bool{}
	for _, w := range list {
		if w.party != nil && w.party.stored && !w.dropped && w.kind != "" {
			_, _, told := w.asked(p.run.o.Mode)
			if told || w.isMoney() {
				who[w.party.id] = true
			}
		}
	}
	return who
}

// bankMoney is a document that the bank brought, with the rows that tell of it.
type bankMoney struct {
	*entry
	claims []cash.Claim
}

// left is what no row tells of yet.
func (m *bankMoney) left() int64 {
	left := m.Amount.Minor
	for _, c := range m.claims {
		left -= c.Amount
	}
	return left
}

// isMoney tells a row that moves money from one that only settles.
func (r *row) isMoney() bool {
	if r.kind == ledger.Payment {
		return r.nature == ledger.Ordinary || r.nature == ledger.Advance
	}
	return r.kind == ledger.Invoice && r.nature == ledger.Refund
}

// fromBank is the document of the bank that a row tells of: the one of which it
// told before, else one of its amount within days of it that pays nothing else
// than what the row names, else one of which it tells the part that was set
// against the invoice it names.
func (p *plan) fromBank(w *work) *entry {
	if !w.isMoney() {
		return nil
	}
	var best *bankMoney
	far := sameMoney + 1
	for _, m := range p.money[w.party.id] {
		if m.Kind != w.kind || m.Amount.Currency != w.currency {
			continue
		}
		if p.toldBefore(w, m) {
			return m.entry
		}
		days := distance(m.Issued, w.issued)
		switch {
		case days >= far || m.left() < w.amount():
		case m.left() == w.amount() && len(m.claims) == 0 && !p.paysOther(w, m) || p.paysPart(w, m):
			best, far = m, days
		}
	}
	if best == nil {
		return nil
	}
	p.tellOf(w, best)
	return best.entry
}

func distance(a, b cal.Date) int {
	days := a.Sub(b)
	return max(days, -days)
}

// toldBefore finds the claim of a row that says again what was said before; each
// answers one row of a run.
func (p *plan) toldBefore(w *work, m *bankMoney) bool {
	for _, c := range m.claims {
		same := c.Source == p.run.o.Source && c.Number == w.number && c.On == w.issued && c.Amount == w.amount()
		if same && !p.isUsed(c) {
			p.used[c] = true
			return true
		}
	}
	return false
}

func (p *plan) isUsed(c cash.Claim) bool { return p.used[c] || p.run.usedClaims[c] }

// paysPart tells whether a row is the part of a payment that was set against the
// invoice that the row names.
func (p *plan) paysPart(w *work, m *bankMoney) bool {
	for _, i := range p.namedBy(w, m) {
		if net, _ := p.history(m.ID, i.ID); net == w.amount() {
			return true
		}
	}
	return false
}

// paysOther tells whether a payment of the bank has gone to other invoices than
// those that a row names: two payments of one amount, a subscription say, are not
// the same money.
func (p *plan) paysOther(w *work, m *bankMoney) bool {
	named := p.namedBy(w, m)
	if len(named) == 0 || m.Open.Minor >= w.amount() {
		return false
	}
	for _, i := range named {
		if net, _ := p.history(m.ID, i.ID); net > 0 {
			return false
		}
	}
	return true
}

// namedBy are the known invoices that a row says its money pays.
func (p *plan) namedBy(w *work, m *bankMoney) (list []*entry) {
	for _, q := range p.requests(&work{row: w.row, entry: m.entry}) {
		if q.key != "" {
			q.invoice, q.byID = p.keyed(q), true
		}
		list = append(list, p.invoicesOf(q)...)
	}
	return list
}

// tellOf notes that a row tells of money that the bank has brought.
func (p *plan) tellOf(w *work, m *bankMoney) {
	c := cash.Claim{
		Document: m.ID, Customer: m.Customer, Source: p.run.o.Source, Number: w.number, On: w.issued,
		Amount: w.amount(), Rank: 1,
	}
	for _, o := range m.claims {
		if o.Source == c.Source && o.Number == c.Number && o.On == c.On {
			c.Rank = max(c.Rank, o.Rank+1)
		}
	}
	m.claims = append(m.claims, c)
	p.claims, p.used[c] = append(p.claims, c), true
}

func (p *plan) writeClaims(ctx context.Context, tx *db.Tx) error {
	if len(p.claims) == 0 {
		return nil
	}
	return cash.AddClaims(ctx, tx, p.run.scope, p.run.id, p.claims)
}

// keepClaims remembers what a plan that was written tells of.
func (r *run) keepClaims(p *plan) {
	maps.Copy(r.usedClaims, p.used)
	if r.books.shadow == nil {
		return // they are in the books
	}
	for _, c := range p.claims {
		r.claims[c.Document] = append(r.claims[c.Document], c)
	}
}
