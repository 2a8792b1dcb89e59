package cash

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/report"
)

// Limits of what the tab of invoices shows: a person narrows the search down
// rather than reading on.
const (
	maxOffers     = 300
	maxFound      = 40
	maxCandidates = 8
)

// offer reads what can be picked: what a search finds among all, else what is
// open of the customer.
func (p *panel) offer(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	documents, err := p.openOf(ctx, tx, s)
	if err != nil {
		return err
	}
	if p.asked.find == "" {
		return p.put(ctx, tx, s, documents)
	}
	found, err := p.found(ctx, tx, s, documents)
	if err != nil {
		return err
	}
	if err := p.put(ctx, tx, s, found); err != nil {
		return err
	}
	return p.search(ctx, tx, s, today)
}

// openOf are the open documents of the customer, in the currency of the entry,
// the oldest due first.
func (p *panel) openOf(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]ledger.Document, error) {
	if p.customer.ID == "" {
		return nil, nil
	}
	all, err := ledger.OfCustomers(ctx, tx, s, false, p.customer.ID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, p.unfit)
	slices.SortStableFunc(all, func(a, b ledger.Document) int { return int(a.Due) - int(b.Due) })
	return all[:min(len(all), maxOffers)], nil
}

// unfit tells whether a document cannot be set against the entry.
func (p *panel) unfit(d ledger.Document) bool {
	return d.Open.IsZero() || d.Open.Currency != p.amount.Currency || p.out() && !d.Kind.Credit()
}

// found are the documents that a search means: of the customer at hand, those
// whose number holds the text; of all, those whose number begins with it or of
// which that amount is open.
func (p *panel) found(
	ctx context.Context, tx *db.Tx, s creditor.Scope, of []ledger.Document,
) (list []ledger.Document, err error) {
	text := strings.ToLower(p.asked.find)
	for _, d := range of {
		if strings.Contains(strings.ToLower(d.Number), text) || strings.Contains(strings.ToLower(d.Order), text) {
			list = append(list, d)
		}
	}
	var more []ledger.Document
	for _, prefix := range prefixes(p.asked.find) {
		found, err := ledger.OpenStarting(ctx, tx, s, prefix, maxFound)
		if err != nil {
			return nil, err
		}
		more = append(more, found...)
	}
	if a, err := money.ParseHuman(p.asked.find, p.amount.Currency, money.Hints{Decimal: ','}); err == nil &&
		a.Sign() > 0 {
		found, err := ledger.OpenOfAmount(ctx, tx, s, a, maxFound)
		if err != nil {
			return nil, err
		}
		more = append(more, found...)
	}
	for _, d := range more {
		known := slices.ContainsFunc(list, func(x ledger.Document) bool { return x.ID == d.ID })
		if !known && !p.unfit(d) {
			list = append(list, d)
		}
	}
	return list, nil
}

// prefixes are how a number may begin: as written, and in capitals.
func prefixes(text string) []string {
	upper := strings.ToUpper(text)
	if upper == text {
		return []string{text}
	}
	return []string{text, upper}
}

// put shows documents as offers, with their customers where it is not the one at
// hand.
func (p *panel) put(ctx context.Context, tx *db.Tx, s creditor.Scope, list []ledger.Document) error {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.Customer
	}
	names, err := customer.ByID(ctx, tx, s, ids)
	if err != nil {
		return err
	}
	for _, d := range list {
		o := offer{Document: d, picked: p.asked.has(d.ID)}
		if d.Customer != p.customer.ID || p.asked.find != "" {
			o.who = names[d.Customer].Name
		}
		p.open = append(p.open, o)
	}
	return nil
}

// search finds customers by name, code, SIREN or city.
func (p *panel) search(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	list, _, err := report.Debtors(ctx, tx, s, report.DebtorsQuery{
		Filter: customer.Filter{Search: p.asked.find}, Order: report.ByName, Day: today, Limit: maxCandidates,
	})
	if err != nil {
		return err
	}
	for _, d := range list {
		c := candidate{Customer: d.Customer}
		for _, o := range d.Owed {
			c.open = append(c.open, o.Open)
		}
		p.others = append(p.others, c)
	}
	return nil
}

// pick reads what was picked, and gives each document its amount.
func (p *panel) pick(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	ids := make([]string, len(p.asked.picks))
	for i, x := range p.asked.picks {
		ids[i] = x.item
	}
	documents, err := ledger.WithIDs(ctx, tx, s, ids)
	if err != nil {
		return err
	}
	byID, who := map[string]ledger.Document{}, []string{}
	for _, d := range documents {
		byID[d.ID] = d
		who = append(who, d.Customer)
	}
	names, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return err
	}
	for _, x := range p.asked.picks {
		d, ok := byID[x.item]
		if !ok || p.unfit(d) {
			continue
		}
		if p.customer.ID == "" { // somebody pays for a customer who was searched for
			p.customer = names[d.Customer]
		}
		one := pick{Document: d, text: x.amount, rest: x.rest}
		if d.Customer != p.customer.ID {
			one.who = names[d.Customer].Name
		}
		p.picks = append(p.picks, one)
	}
	fill(p.amount, p.picks)
	p.left = left(p.amount, p.picks)
	return nil
}
