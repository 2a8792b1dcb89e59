package account

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/limitation"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/setting"
)

// page is some customers in a row and all that is known of them.
type page struct {
	accounts []*Account
	of       map[string]*Account      // by customer
	items    map[string]*dunning.Item // by document; made when first asked for
	span     agreement.Span
}

// fill reads what belongs to customers in a row, one query for each kind of fact.
func fill(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query, list []*Account) error {
	if len(list) == 0 {
		return nil
	}
	use, err := setting.Read(ctx, tx, s.Creditor, setting.CreditUse)
	if err != nil {
		return err
	}
	p := &page{
		accounts: list, of: make(map[string]*Account, len(list)),
		span: agreement.Span{
			Day: q.Day, From: list[0].Customer.ID, To: list[len(list)-1].Customer.ID, Past: q.Past,
		},
	}
	for _, a := range list {
		a.CreditUse = dunning.CreditUse(use)
		a.Customer.Insolvent = !a.insolventOn.IsZero() && a.insolventOn <= q.Day
		p.of[a.Customer.ID] = a
	}
	for _, read := range []func(context.Context, *db.Tx, creditor.Scope) error{
		p.documents, p.findings, p.promises, p.plans, p.disputes, p.holds, p.payments, p.broken, p.pending, p.contacts,
		p.habits, p.barred, p.supplies, p.recalls, p.stops,
	} {
		if err := read(ctx, tx, s); err != nil {
			return err
		}
	}
	for _, a := range list {
		a.score(q.Day)
	}
	return nil
}

// item is the open item of that document, or nil.
func (p *page) item(document string) *dunning.Item {
	if p.items == nil {
		p.items = make(map[string]*dunning.Item, 2*len(p.accounts))
		for _, a := range p.accounts {
			for i := range a.Items {
				p.items[a.Items[i].ID] = &a.Items[i]
			}
		}
	}
	return p.items[document]
}

func (p *page) documents(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	var a *Account
	for d, err := range openDocuments(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a == nil || a.Customer.ID != d.customer {
			a = p.of[d.customer]
		}
		switch {
		case a == nil: // a document whose customer is not in the books
		case d.kind == ledger.Invoice:
			a.Items = append(a.Items, d.item)
		default:
			a.Credits = append(a.Credits, dunning.Credit{
				ID: d.item.ID, Number: d.item.Number, On: d.item.Issued, Open: d.item.Open,
			})
		}
	}
	if p.span.Past {
		return p.pastPositions(ctx, tx, s)
	}
	return nil
}

// pastPositions puts each item where it stood on the day.
func (p *page) pastPositions(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for d, err := range positionsOn(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if item := p.item(d.document); item != nil {
			item.Position = d.position
		}
	}
	return nil
}

func (p *page) findings(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for f, err := range blockingFindings(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if item := p.item(f.document); item != nil {
			item.Mend = append(item.Mend, f.code)
		}
	}
	return nil
}

// recalls notes which items came back from an agency or a court's officer, and when.
func (p *page) recalls(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for r, err := range recalledBy(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if item := p.item(r.document); item != nil {
			item.Recalled = r.on
		}
	}
	return nil
}

// stops notes which items are not chased because of what became of their electronic
// form.
func (p *page) stops(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for x, err := range lifecycle.StoppedBetween(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if item := p.item(x.Document); item != nil {
			item.Stopped, item.StopOn = x.Code, x.On
		}
	}
	return nil
}

func (p *page) promises(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for v, err := range promise.Between(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[v.Customer]; a != nil && !v.Open.IsZero() {
			a.Promises = append(a.Promises, dunning.Promise{
				ID: v.ID, Items: v.Invoices, Made: v.Made, For: v.For, Amount: v.Amount, Paid: v.Paid,
			})
		}
	}
	return nil
}

func (p *page) plans(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for v, err := range plan.Between(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		a := p.of[v.Customer]
		if a == nil || v.Open.IsZero() {
			continue
		}
		d := dunning.Plan{ID: v.ID, Items: v.Invoices, Made: v.Made, Grace: v.Grace, Paid: v.Paid}
		for _, i := range v.Instalments {
			d.Instalments = append(d.Instalments, dunning.Instalment(i))
		}
		a.Plans = append(a.Plans, d)
	}
	return nil
}

func (p *page) disputes(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for d, err := range dispute.Between(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[d.Customer]; a != nil {
			a.Disputes = append(a.Disputes, dunning.Dispute{
				ID: d.ID, Item: d.Invoice, Amount: d.Amount, Opened: d.Opened, Reason: string(d.Reason),
			})
		}
	}
	return nil
}

func (p *page) holds(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for h, err := range hold.Between(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[h.Customer]; a != nil {
			a.Holds = append(a.Holds, dunning.Hold{
				ID: h.ID, Item: h.Invoice, From: h.From, Until: h.Until, Reason: h.Reason,
			})
		}
	}
	return nil
}

func (p *page) payments(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for f, err := range inflight.Between(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[f.Customer]; a != nil {
			a.InFlight = append(a.InFlight, dunning.InFlight{
				ID: f.ID, Invoices: f.Invoices, Amount: f.Amount, On: f.On, Until: f.Until,
			})
		}
	}
	return nil
}

func (p *page) broken(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for b, err := range promise.BrokenBetween(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[b.Customer]; a != nil {
			a.Customer.BrokenPromises = b.Count
		}
	}
	return nil
}

// near is how many days ahead a claim that will be barred is already known to be.
const near = 62

// barred notes from when consumers are no longer asked for an invoice.
func (p *page) barred(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if !slices.ContainsFunc(p.accounts, func(a *Account) bool { return a.Customer.Kind == dunning.Consumer }) {
		return nil
	}
	days, err := limitation.Barred(ctx, tx, s, p.span, p.span.Day.Add(near))
	for id, day := range days {
		if item := p.item(id); item != nil {
			item.Barred = day
		}
	}
	return err
}

// supplies tells what was supplied before the judgment from what came after it, for
// customers in a collective procedure.
func (p *page) supplies(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for _, a := range p.accounts {
		if !a.Customer.Insolvent || len(a.Items) == 0 {
			continue
		}
		id := a.Customer.ID
		performed, err := limitation.Performed(ctx, tx, s, agreement.Span{From: id, To: id})
		if err != nil {
			return err
		}
		for i := range a.Items {
			a.Items[i].Supply = supply(a.Items[i].Issued, performed[a.Items[i].ID], a.insolventOn)
		}
	}
	return nil
}

// supply is when an invoice was earned beside a judgment: a day that nobody said is
// not after it, however late the invoice.
func supply(issued, performed, judgment cal.Date) dunning.Supply {
	switch {
	case performed >= judgment:
		return dunning.SuppliedAfter
	case performed.IsZero() && issued >= judgment:
		return dunning.SupplyUndated
	}
	return dunning.SuppliedBefore
}
