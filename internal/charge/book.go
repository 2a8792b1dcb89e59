package charge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// Book makes a debit note of what is claimed and not yet in the books, one a
// currency: without VAT (damages are outside its scope), due at once, apart from
// the invoices. It needs Work.
func Book(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, on cal.Date) ([]ledger.Document, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	if err := tx.Lock(ctx, "customer/"+customer); err != nil {
		return nil, err
	}
	entries, err := entriesOf(ctx, tx, s, customer)
	if err != nil {
		return nil, err
	}
	lots := unbooked(entries)
	if len(lots) == 0 {
		return nil, fault.Conflictf("rien de réclamé n’attend d’être comptabilisé")
	}
	var made []ledger.Document
	for _, c := range slices.SortedFunc(maps.Keys(lots), func(a, b money.Currency) int { return cmp.Compare(a, b) }) {
		d, err := debitNote(ctx, tx, s, customer, lots[c], on)
		if err != nil {
			return nil, err
		}
		made = append(made, d)
	}
	return made, nil
}

// lot is what one debit note books.
type lot struct {
	entries []Entry
	amount  money.Amount
}

// unbooked are the claims in no books, less what was given up of them, by currency.
func unbooked(entries []Entry) map[money.Currency]lot {
	waived := map[string]money.Amount{}
	for _, e := range entries {
		if e.Act == Waived && e.Claim != "" {
			waived[e.Claim] = zeroed(waived[e.Claim], e.Amount.Currency).Add(e.Amount)
		}
	}
	lots := map[money.Currency]lot{}
	for _, e := range entries {
		left := e.Amount.Sub(zeroed(waived[e.ID], e.Amount.Currency))
		if e.Act != Claimed || e.Note != "" || left.Sign() <= 0 {
			continue
		}
		l := lots[left.Currency]
		l.entries, l.amount = append(l.entries, e), zeroed(l.amount, left.Currency).Add(left)
		lots[left.Currency] = l
	}
	return lots
}

func debitNote(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, l lot, on cal.Date,
) (d ledger.Document, err error) {
	for _, e := range l.entries {
		if e.On > on {
			return d, fault.Invalidf("on", "une pénalité ne se comptabilise pas avant le jour où elle est réclamée")
		}
	}
	number, err := nextNumber(ctx, tx, s, "ND"+on.String()[:4])
	if err != nil {
		return d, err
	}
	d = ledger.Document{
		Customer: customer, Kind: ledger.Invoice, Nature: ledger.Charge, Number: number, Issued: on, Due: on,
		Amount: l.amount, Net: l.amount, Label: "Pénalités de retard et indemnités", Source: source,
	}
	if err := ledger.Add(ctx, tx, s, []*ledger.Document{&d}); err != nil {
		return d, err
	}
	for _, e := range l.entries {
		if err := book(ctx, tx, s, e.ID, d.ID); err != nil {
			return d, err
		}
	}
	return d, journal.Write(ctx, tx, s, "charge.booked", "customer/"+customer, map[string]string{
		"note": number, "amount": d.Amount.Decimal(), "currency": string(d.Amount.Currency),
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
