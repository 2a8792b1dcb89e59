package cash

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/bank"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/user"
)

// Pick is a document that a person says an entry pays or takes off, by number or
// identifier; no amount is as much as there is.
type Pick struct {
	Ref    string
	Amount money.Amount
}

// Compose makes the explanation of what a person picked, in the order of the
// picks: credits are taken off, invoices are paid, and what is left is the
// customer's. With settle, what the last invoice lacks is settled as that kind of
// adjustment. A customer, by identifier or code, tells documents of one number
// apart.
func Compose(
	ctx context.Context, tx *db.Tx, s creditor.Scope, entry, owner string, picks []Pick, settle match.AdjustmentKind,
) (x match.Explanation, err error) {
	e, err := bank.Find(ctx, tx, s, entry)
	if err != nil {
		return x, err
	}
	if owner != "" {
		if owner, err = agreement.Customer(ctx, tx, s, owner); err != nil {
			return x, err
		}
	}
	refs := make([]string, len(picks))
	for i, p := range picks {
		refs[i] = p.Ref
	}
	found, err := ledger.Named(ctx, tx, s, refs...)
	if err != nil {
		return x, err
	}
	c := composing{e: e, owner: owner, left: e.Amount.Abs(), settle: settle}
	for _, p := range picks {
		d, err := c.find(found, p.Ref)
		if err != nil {
			return x, err
		}
		c.picked = append(c.picked, picked{d, p.Amount})
	}
	return c.explanation()
}

type picked struct {
	ledger.Document
	amount money.Amount
}

type composing struct {
	e      bank.Kept
	owner  string
	picked []picked
	left   money.Amount
	settle match.AdjustmentKind
	x      match.Explanation
}

// find is the open document that a person means.
func (c *composing) find(found []ledger.Document, ref string) (ledger.Document, error) {
	list := slices.DeleteFunc(slices.Clone(found), func(d ledger.Document) bool {
		return d.Number != ref && d.ID != ref || c.owner != "" && d.Customer != c.owner
	})
	open := slices.DeleteFunc(slices.Clone(list), func(d ledger.Document) bool { return d.Open.IsZero() })
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(open) > 1:
		return ledger.Document{}, &fault.Invalid{
			Field: "invoice", Message: "plusieurs pièces ouvertes portent le numéro " + ref, Mend: "nommer aussi le client",
		}
	case len(list) > 0:
		return ledger.Document{}, fault.Conflictf("%s est soldé", list[0].Number)
	}
	return ledger.Document{}, fault.NotFound("pièce «\u00a0%.60s\u00a0»", ref)
}

func (c *composing) explanation() (match.Explanation, error) {
	for i := range c.picked {
		p := &c.picked[i]
		if p.Amount.Currency != c.e.Amount.Currency {
			return c.x, fault.Invalidf("invoice", "%s n’est pas en %s", p.Number, c.e.Amount.Currency)
		}
		if c.owner == "" {
			c.owner = p.Customer
		}
		if p.amount.IsZero() && p.Kind.Credit() {
			p.amount = p.Open
			if c.e.Amount.Sign() < 0 {
				p.amount = money.Min(p.Open, c.left)
			}
		}
		if p.Kind.Credit() && c.e.Amount.Sign() > 0 {
			c.left = c.left.Add(p.amount)
		} else if p.Kind.Credit() {
			c.left = c.left.Sub(p.amount)
		}
	}
	c.x.Customer = c.owner
	last := len(c.picked) - 1
	for i, p := range c.picked {
		if p.Kind.Credit() {
			c.line(p, p.amount.Neg())
			continue
		}
		c.pay(p, i == last)
	}
	c.x.Remainder = money.Zero(c.e.Amount.Currency)
	if c.e.Amount.Sign() > 0 {
		c.x.Remainder = c.left
	}
	return c.x, nil
}

func (c *composing) pay(p picked, last bool) {
	amount := p.amount
	if amount.IsZero() {
		amount = p.Open
		if !last || c.settle == "" {
			amount = money.Min(p.Open, c.left)
		}
	}
	if amount.Sign() <= 0 {
		return
	}
	c.line(p, amount)
	if short := amount.Sub(c.left); last && c.settle != "" && short.Sign() > 0 {
		c.x.Adjustments = append(c.x.Adjustments, match.Adjustment{Item: p.ID, Kind: c.settle, Amount: short})
		amount = c.left
	}
	c.left = c.left.Sub(amount)
}

func (c *composing) line(p picked, amount money.Amount) {
	c.x.Lines = append(c.x.Lines, match.Line{Item: p.ID, Customer: p.Customer, Amount: amount})
}

// Names are the documents and customers that lines speak of, by identifier.
type Names struct {
	Documents map[string]ledger.Document
	Customers map[string]customer.Customer
	People    map[string]string
}

// Who is an actor in words.
func (n Names) Who(actor string, l i18n.Lang) string { return Who(n.People, actor, l) }

// Who is an actor in words, by the names of the people.
func Who(people map[string]string, actor string, l i18n.Lang) string {
	switch actor {
	case "":
		return ""
	case creditor.ActorRule, creditor.ActorSystem:
		return "Acquit"
	case creditor.ActorCLI:
		return i18n.Words{FR: "la ligne de commande", EN: "the command line"}.In(l)
	}
	if name := people[actor]; name != "" {
		return name
	}
	return actor
}

// NamesOf gathers what lines speak of, for people to read.
func NamesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Line) (n Names, err error) {
	var documents, customers []string
	add := func(x match.Explanation) {
		documents, customers = append(documents, ids(x)...), append(customers, x.Customer)
		for _, l := range x.Lines {
			customers = append(customers, l.Customer)
		}
	}
	for _, l := range list {
		customers = append(append(customers, l.Customer), l.Suspects...)
		for _, x := range l.Proposals {
			add(x)
		}
		if l.Application != nil {
			add(l.Application.Explanation)
		}
		for _, a := range l.Allocations {
			customers = append(customers, a.Customer)
		}
		for _, d := range l.Documents {
			customers = append(customers, d.Of)
		}
	}
	slices.Sort(documents)
	found, err := ledger.WithIDs(ctx, tx, s, slices.Compact(documents))
	if err != nil {
		return n, err
	}
	n.Documents = make(map[string]ledger.Document, len(found))
	for _, d := range found {
		n.Documents[d.ID] = d
	}
	slices.Sort(customers)
	if n.Customers, err = customer.ByID(ctx, tx, s, slices.Compact(customers)); err != nil {
		return n, err
	}
	n.People, err = user.Names(ctx, tx, s)
	return n, err
}
