package paper

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
)

// Receipt is the receipt (quittance) of a payment: what was received, when, and
// which invoices it was set against, as of a day. It reserves what it does not
// say to be paid: a receipt without reserve is taken for more than it is.
func Receipt(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (letter.Letter, error) {
	payment, err := ledger.Find(ctx, tx, s, id)
	if err != nil {
		return letter.Letter{}, err
	}
	switch {
	case !CanReceipt(payment):
		return letter.Letter{}, fault.Invalidf("payment", "une quittance se donne d’un règlement reçu\u00a0: %s n’en est pas un", payment.Number)
	case payment.Issued > day:
		return letter.Letter{}, fault.Invalidf("on", "ce règlement n’était pas encore reçu le %s", day.Short("fr"))
	}
	p, err := begin(ctx, tx, s, payment.Customer, day)
	if err != nil {
		return p.Letter, err
	}
	set, err := settled(ctx, tx, s, payment, day)
	if err != nil {
		return p.Letter, err
	}
	p.titled("Quittance de votre règlement du %s", "Receipt for your payment of %s", p.date(payment.Issued))
	p.greeting()
	p.para(
		"Nous reconnaissons avoir reçu de %s, le %s, la somme de **%s**%s, dont nous donnons quittance sous réserve de son "+
			"encaissement définitif.",
		"We acknowledge receipt from %s, on %s, of the sum of **%s**%s, subject to its final collection.",
		p.customer.Name, p.date(payment.Issued), p.amount(payment.Amount), p.reference(payment),
	)
	p.allocated(payment, set)
	p.para(
		"Cette quittance vaut pour les sommes ci-dessus seulement\u00a0: elle n’emporte renonciation ni à ce qui reste dû, ni aux "+
			"intérêts et indemnités qui s’y attachent.",
		"This receipt is for the sums above only: it waives neither what is still owed nor the interest and compensation "+
			"that go with it.",
	)
	p.close()
	return p.Letter, nil
}

// CanReceipt tells whether a document is money that came in.
func CanReceipt(d ledger.Document) bool {
	return d.Kind == ledger.Payment && (d.Nature == ledger.Ordinary || d.Nature == ledger.Advance)
}

func (p *page) reference(payment ledger.Document) string {
	if payment.Number == "" {
		return ""
	}
	return p.say(" (référence %s)", " (reference %s)", payment.Number)
}

// part is what one invoice took of a payment.
type part struct {
	invoice ledger.Document
	amount  money.Amount
	left    money.Amount // on the invoice at the end of the day
}

// settled are the invoices that a payment was set against by a day, reversals
// taken off.
func settled(ctx context.Context, tx *db.Tx, s creditor.Scope, payment ledger.Document, day cal.Date) ([]part, error) {
	all, err := ledger.AllocationsOf(ctx, tx, s, payment.Customer)
	if err != nil {
		return nil, err
	}
	took, paid := map[string]money.Amount{}, map[string]money.Amount{}
	var order []string
	for _, a := range all {
		if a.On > day {
			continue
		}
		paid[a.Invoice] = paid[a.Invoice].Add(a.Amount)
		if a.Credit != payment.ID {
			continue
		}
		if _, known := took[a.Invoice]; !known {
			order = append(order, a.Invoice)
		}
		took[a.Invoice] = took[a.Invoice].Add(a.Amount)
	}
	var list []part
	for _, id := range order {
		if took[id].IsZero() {
			continue
		}
		invoice, err := ledger.Find(ctx, tx, s, id)
		if err != nil {
			return nil, err
		}
		list = append(list, part{invoice, took[id], invoice.Amount.Sub(paid[id])})
	}
	return list, nil
}

func (p *page) allocated(payment ledger.Document, set []part) {
	rest := payment.Amount
	t := &letter.Table{Columns: []letter.Column{
		{Head: p.say("Affecté à", "Set against"), Weight: 3},
		{Head: p.say("Échéance", "Due"), Weight: 2},
		{Head: p.say("Affecté", "Allocated"), Right: true},
		{Head: p.say("Reste dû", "Left"), Right: true},
	}}
	for _, x := range set {
		rest = rest.Sub(x.amount)
		t.Rows = append(t.Rows, []string{
			p.say("Facture %s du %s", "Invoice %s of %s", x.invoice.Number, p.Language.Date(x.invoice.Issued)),
			p.Language.Date(x.invoice.Due), p.amount(x.amount), p.amount(x.left),
		})
	}
	if rest.Sign() > 0 {
		t.Rows = append(t.Rows, []string{p.say("Non encore affecté", "Not yet allocated"), "", p.amount(rest), ""})
	}
	t.Foot = []letter.Foot{{
		Label: p.say("Total reçu", "Total received"), Value: p.amount(payment.Amount), Strong: true,
	}}
	p.add(letter.Block{Table: t})
}
