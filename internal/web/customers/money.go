package customers

import (
	"context"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// maxMoney is how many of a customer's payments its page shows, and maxBack among
// how many of the newest outgoing entries it looks for what paid a credit back.
const (
	maxMoney = 8
	maxBack  = 200
)

// received reads the bank entries that are the customer's, or could be, and the
// money that left and may have paid a credit back.
func received(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	page.money, err = cash.List(ctx, tx, s, cash.Filter{Customer: page.ID, Limit: maxMoney + 1})
	if err != nil || !s.Rights.Allows(creditor.Manage) || len(page.unallocated()) == 0 {
		return err
	}
	page.manage = true
	out, err := bank.List(ctx, tx, s, bank.Filter{Out: true, Limit: maxBack})
	for _, e := range out {
		if !e.Used && e.Return == nil {
			page.sent = append(page.sent, e)
		}
	}
	return err
}

// unallocated are the credits of the customer that no invoice has taken yet.
func (page view) unallocated() []ledger.OpenOn {
	var list []ledger.OpenOn
	for _, d := range page.open {
		if d.Kind.Credit() && d.Open.Sign() > 0 {
			list = append(list, d)
		}
	}
	return list
}

// payable are the open invoices that a credit can be set against.
func (page view) payable(credit ledger.OpenOn) []ledger.OpenOn {
	var list []ledger.OpenOn
	for _, d := range page.open {
		if d.Kind == ledger.Invoice && d.Open.Sign() > 0 && d.Open.Currency == credit.Open.Currency {
			list = append(list, d)
		}
	}
	return list
}

// paidBack are the entries of money that left which may have paid a credit back:
// of the same amount.
func (page view) paidBack(credit ledger.OpenOn) []bank.Kept {
	var list []bank.Kept
	for _, e := range page.sent {
		if e.Amount == credit.Open.Neg() && e.On >= credit.Issued {
			list = append(list, e)
		}
	}
	return list
}

// moneyWords says what a payment was set against.
func moneyWords(f ui.Frame, l cash.Line, customer string) string {
	switch {
	case l.State == cash.Open && l.Customer != customer:
		return f.Say("peut-être de ce client", "perhaps of this customer")
	case l.Reason != "":
		return l.Reason
	}
	numbers := l.Numbers()
	if len(numbers) == 0 && l.State.Stands() {
		return f.Say("non affecté", "not allocated")
	}
	return strings.Join(numbers, ", ")
}

// allocate sets a credit against an invoice by hand.
func (f form) allocate(ctx context.Context) error {
	found, err := ledger.WithIDs(ctx, f.tx, f.scope, []string{f.said("credit"), f.said("affecter-facture")})
	if err != nil {
		return err
	}
	var credit, invoice ledger.Document
	for _, d := range found {
		if d.Kind.Credit() {
			credit = d
		} else {
			invoice = d
		}
	}
	if credit.Customer != f.who.ID || invoice.Customer != f.who.ID {
		return fault.Invalidf("affecter-facture", "choisissez une facture ouverte de ce client")
	}
	amount, err := f.sum("affecter-montant", []ledger.Document{credit})
	if err != nil {
		return err
	}
	if amount.IsZero() {
		amount = money.Min(credit.Open, invoice.Open)
	}
	line := match.Line{Item: invoice.ID, Customer: f.who.ID, Amount: amount}
	f.tell(f.lang.Amount(amount), credit.Number+" → "+invoice.Number)
	return cash.ApplyCredit(ctx, f.tx, f.scope, credit.ID, []match.Line{line})
}
