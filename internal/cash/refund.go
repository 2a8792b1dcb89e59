package cash

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// refund books money that went back to customers: an invoice of that nature,
// settled by the credits that it paid back.
func refund(ctx context.Context, tx *db.Tx, s creditor.Scope, l Line, x match.Explanation) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	sum := money.Zero(l.Entry.Amount.Currency)
	for _, line := range x.Lines {
		if line.Amount.Currency != sum.Currency || line.Amount.Sign() >= 0 {
			return fault.Invalidf("amount", "un remboursement solde des avoirs ou des encaissements, en %s", sum.Currency)
		}
		sum = sum.Add(line.Amount)
	}
	if sum != l.Entry.Amount || len(x.Adjustments) > 0 || !x.Remainder.IsZero() {
		return fault.Invalidf("amount", "le remboursement est de %s et les crédits font %s", l.Entry.Amount.Neg().Format("fr"),
			sum.Neg().Format("fr"))
	}
	b, err := load(ctx, tx, s, ids(x))
	if err != nil {
		return err
	}
	k, err := b.refund(l, x)
	if err != nil {
		return err
	}
	if err := write(ctx, tx, s, Applied, []*booking{k}); err != nil {
		return err
	}
	return usedIdle(ctx, tx, s)
}

func (b *books) refund(l Line, x match.Explanation) (*booking, error) {
	k := &booking{entry: l.Entry, numbers: map[string]string{}, app: Application{
		ID: b.newID("app"), Entry: l.Entry.ID, Kind: RefundKind, Explanation: x, By: b.actor,
	}}
	made := map[string]*ledger.Document{}
	for _, line := range x.Lines {
		d := b.docs[line.Item]
		if d == nil || !d.Kind.Credit() {
			return nil, fault.Invalidf("credit", "un remboursement solde un avoir ou un encaissement")
		}
		k.numbers[d.ID] = d.Number
		back := made[d.Customer]
		if back == nil {
			back = b.make(k, &ledger.Document{
				Customer: d.Customer, Kind: ledger.Invoice, Nature: ledger.Refund, Number: number("RB", l.Entry),
				Issued: l.Entry.On, Due: l.Entry.On, Amount: money.Zero(line.Amount.Currency), Label: label(l.Entry),
			})
			made[d.Customer] = back
			k.customers = append(k.customers, d.Customer)
		}
		some := line.Amount.Neg()
		back.Amount, back.Open = back.Amount.Add(some), back.Open.Add(some)
		if err := b.allocate(k, d, back, some, false); err != nil {
			return nil, err
		}
	}
	for _, c := range k.customers {
		k.parts = append(k.parts, part{made[c].ID, roleRefund, made[c].Amount.Minor})
	}
	return k, nil
}
