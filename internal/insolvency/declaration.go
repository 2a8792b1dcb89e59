package insolvency

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/limitation"
	"acquit/internal/money"
	"acquit/internal/statute"
)

// Line is an invoice as the declaration states it, as of the judgment.
type Line struct {
	ID        string
	Number    string
	Issued    cal.Date
	Due       cal.Date
	Amount    money.Amount // with VAT
	Open      money.Amount // left of it the day before the judgment
	Interest  money.Amount // accrued by the day before the judgment (C. com. L622-28)
	Indemnity money.Amount // only of what was due before the judgment (C. com. L441-10 II)
	Coming    bool         // not yet due on the day of the judgment
}

// Sum is what is declared in one currency.
type Sum struct {
	Due       money.Amount
	Coming    money.Amount
	Interest  money.Amount
	Indemnity money.Amount
	Credits   money.Amount // not set against any invoice before the judgment, taken off
	Total     money.Amount
}

// Claimed is what a creditor declares in a case.
type Claimed struct {
	Lines   []Line
	Sums    []Sum    // euros first
	Undated []string // numbers of invoices issued since the judgment that nobody dated
}

// Amounts are what a case's declaration claims: each invoice for what was supplied
// before the judgment, with what was open of it then. Payments since do not count, for
// they were forbidden (C. com. L622-7); credit notes do, whenever they came.
func Amounts(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case) (Claimed, error) {
	b, err := open(ctx, tx, s, c)
	if err != nil {
		return Claimed{}, err
	}
	var got Claimed
	for _, d := range b.documents {
		if d.Kind != ledger.Invoice {
			continue
		}
		switch on := b.performed[d.ID]; {
		case on >= c.Judgment:
			continue
		case on.IsZero() && d.Issued >= c.Judgment:
			if !d.Open.IsZero() {
				got.Undated = append(got.Undated, d.Number)
			}
			continue
		}
		line, err := b.line(d)
		if err != nil {
			return got, err
		}
		if line.Open.Sign() > 0 {
			got.Lines = append(got.Lines, line)
		}
	}
	slices.SortStableFunc(got.Lines, func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.Number, y.Number))
	})
	got.Sums = b.sums(got.Lines)
	return got, nil
}

// books are what a declaration is worked out from.
type books struct {
	c         Case
	law       *fr.Law
	debtor    law.Debtor
	documents []ledger.Document
	of        map[string]ledger.Document
	against   map[string][]ledger.Allocation // by invoice
	taken     map[string]money.Amount        // by credit, before the judgment
	performed map[string]cal.Date
}

func open(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case) (b books, err error) {
	b = books{
		c: c, of: map[string]ledger.Document{}, against: map[string][]ledger.Allocation{},
		taken: map[string]money.Amount{},
	}
	if b.law, err = statute.Load(ctx, tx, s); err != nil {
		return b, err
	}
	who, err := customer.Find(ctx, tx, s, c.Customer)
	if err != nil {
		return b, err
	}
	b.debtor = law.Debtor(who.Kind)
	if b.documents, err = ledger.OfCustomers(ctx, tx, s, true, c.Customer); err != nil {
		return b, err
	}
	for _, d := range b.documents {
		b.of[d.ID] = d
	}
	list, err := ledger.AllocationsOf(ctx, tx, s, c.Customer)
	if err != nil {
		return b, err
	}
	for _, a := range list {
		b.against[a.Invoice] = append(b.against[a.Invoice], a)
		if a.On < c.Judgment {
			b.taken[a.Credit] = a.Amount.Add(b.taken[a.Credit])
		}
	}
	b.performed, err = limitation.Performed(ctx, tx, s, agreement.Span{From: c.Customer, To: c.Customer})
	return b, err
}

// line is what is declared of an invoice.
func (b books) line(d ledger.Document) (Line, error) {
	l := Line{
		ID: d.ID, Number: d.Number, Issued: d.Issued, Due: d.Due, Amount: d.Amount, Open: d.Amount,
		Interest: money.Zero(d.Amount.Currency), Indemnity: money.Zero(money.EUR),
	}
	claim := fr.Claim{
		Debtor: b.debtor, Amount: d.Amount, Due: d.Due, Until: b.c.Judgment, Insolvent: b.c.Judgment,
	}
	for _, a := range b.against[d.ID] {
		note := b.of[a.Credit].Kind == ledger.CreditNote
		if a.On >= b.c.Judgment && !note {
			continue
		}
		l.Open = l.Open.Sub(a.Amount)
		claim.Movements = append(claim.Movements, fr.Movement{
			On: min(a.On, b.c.Judgment.Add(-1)), Amount: a.Amount, Credit: note,
		})
	}
	l.Coming = l.Due.IsZero() || l.Due >= b.c.Judgment
	if l.Coming || l.Open.Sign() <= 0 {
		return l, nil
	}
	claim.Movements = settled(claim.Movements)
	charges, err := b.law.Interest(claim)
	l.Interest, l.Indemnity = charges.InterestDue, charges.IndemnityDue
	// What the ledger has left of the principal is declared as principal: the imputation
	// that the law presumes would only carry the same sum from one column to the other.
	if surplus := charges.PrincipalDue.Sub(l.Open); err == nil && surplus.Sign() > 0 {
		l.Interest = l.Interest.Add(surplus)
	}
	return l, err
}

// settled are movements without those that a reversal has undone.
func settled(list []fr.Movement) []fr.Movement {
	var kept []fr.Movement
	for _, m := range list {
		undone := slices.IndexFunc(kept, func(o fr.Movement) bool {
			return m.Amount.Sign() < 0 && o.Amount == m.Amount.Neg()
		})
		switch {
		case undone >= 0:
			kept = slices.Delete(kept, undone, undone+1)
		case m.Amount.Sign() > 0:
			kept = append(kept, m)
		}
	}
	return kept
}

// sums adds up, one sum a currency.
func (b books) sums(lines []Line) []Sum {
	of := map[money.Currency]*Sum{}
	sum := func(c money.Currency) *Sum {
		if of[c] == nil {
			zero := money.Zero(c)
			of[c] = &Sum{Due: zero, Coming: zero, Interest: zero, Indemnity: zero, Credits: zero, Total: zero}
		}
		return of[c]
	}
	for _, l := range lines {
		t := sum(l.Open.Currency)
		if l.Coming {
			t.Coming = t.Coming.Add(l.Open)
		} else {
			t.Due = t.Due.Add(l.Open)
		}
		t.Interest = t.Interest.Add(l.Interest)
		if l.Indemnity.Sign() > 0 {
			e := sum(l.Indemnity.Currency)
			e.Indemnity = e.Indemnity.Add(l.Indemnity)
		}
	}
	for _, d := range b.documents {
		if d.Kind.Credit() && d.Issued < b.c.Judgment {
			if left := d.Amount.Sub(b.taken[d.ID].Add(money.Zero(d.Amount.Currency))); left.Sign() > 0 &&
				of[d.Amount.Currency] != nil {
				sum(d.Amount.Currency).Credits = sum(d.Amount.Currency).Credits.Add(left)
			}
		}
	}
	list := []Sum{}
	for _, t := range of {
		t.Total = t.Due.Add(t.Coming).Add(t.Interest).Add(t.Indemnity).Sub(t.Credits)
		list = append(list, *t)
	}
	slices.SortFunc(list, func(x, y Sum) int {
		euro := func(s Sum) int {
			if s.Total.Currency == money.EUR {
				return 0
			}
			return 1
		}
		return cmp.Or(euro(x)-euro(y), cmp.Compare(x.Total.Currency, y.Total.Currency))
	})
	return list
}
