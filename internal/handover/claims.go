package handover

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/notice"
)

// claims are what is owed on each invoice on a day, and what of its principal is
// contested, by document. Interest and indemnity are those of charge.Of: what is left
// of them, claimed or not, and nothing on what is contested. The indemnity is in
// euros (C. com. D441-5), so an invoice in another currency shows none.
func claims(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, invoices []ledger.Document, day cal.Date,
) ([]Item, map[string]money.Amount, error) {
	owed, err := charge.Of(ctx, tx, s, customer, day)
	if err != nil {
		return nil, nil, err
	}
	disputes, err := dispute.List(ctx, tx, s, customer)
	if err != nil {
		return nil, nil, err
	}
	items, contested := make([]Item, len(invoices)), map[string]money.Amount{}
	for i, d := range invoices {
		z := money.Zero(d.Open.Currency)
		items[i] = Item{
			Document: d.ID, Number: d.Number, Due: d.Due, Principal: d.Open, Interest: z, Indemnity: z, Open: d.Open,
		}
		if l, ok := owed.Line(d.ID); ok {
			items[i].Interest = l.Interest.Owed()
			if extra := l.Indemnity.Owed(); extra.Currency == z.Currency {
				items[i].Indemnity = extra
			}
		}
		if sum := contestedOf(disputes, d, day); sum.Sign() > 0 {
			contested[d.ID] = sum
		}
	}
	return items, contested, nil
}

// contestedOf is what of an invoice's open amount is contested on a day.
func contestedOf(disputes []dispute.Dispute, d ledger.Document, day cal.Date) money.Amount {
	sum := money.Zero(d.Open.Currency)
	for _, x := range disputes {
		if x.Invoice != d.ID || x.Opened > day || !x.Closed.IsZero() && x.Closed <= day {
			continue
		}
		if x.Amount.IsZero() { // all of it
			return d.Open
		}
		sum = sum.Add(x.Amount)
	}
	return money.Min(sum, d.Open)
}

// sure is what nobody contests of the items; one contested whole is left out.
func sure(items []Item, contested map[string]money.Amount) []Item {
	var list []Item
	for _, i := range items {
		if sum, ok := contested[i.Document]; ok {
			i.Principal = i.Principal.Sub(sum)
		}
		if i.Principal.Sign() > 0 {
			list = append(list, i)
		}
	}
	return list
}

// overdueDocuments are the invoices of an account that are overdue in a currency.
func overdueDocuments(
	ctx context.Context, tx *db.Tx, s creditor.Scope, a *account.Account, day cal.Date, c money.Currency,
) ([]ledger.Document, error) {
	var ids []string
	for _, i := range a.Items {
		if !i.Due.IsZero() && i.Due < day && i.Open.Currency == c {
			ids = append(ids, i.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := ledger.Named(ctx, tx, s, ids...)
	// with their invoices
	list = slices.DeleteFunc(list, func(d ledger.Document) bool { return d.Nature == ledger.Charge })
	slices.SortFunc(list, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Number, b.Number))
	})
	return list, err
}

// noticed tells whether a formal notice that claimed one of the invoices was served
// (C. civ. 1344). A person may tell of one that this program did not send.
func noticed(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, invoices []Item, day cal.Date,
) (fr.Answer, error) {
	all, err := notice.List(ctx, tx, s, customer)
	if err != nil {
		return fr.Unknown, err
	}
	for _, n := range all {
		on := n.ServedOn()
		if !on.IsZero() && on <= day &&
			slices.ContainsFunc(invoices, func(i Item) bool { return slices.Contains(n.Invoices, i.Document) }) {
			return fr.Yes, nil
		}
	}
	return fr.No, nil
}
