package cash

import (
	"cmp"
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// takePlaces lets what is left of the payments of bookings take the place of what
// later lists showed to be settled, of the very amount first: a list of then knew
// of the money, so it is the same and not more. What another entry is tied to
// stays. Undoing the application puts back what it took the place of.
func takePlaces(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*booking) error {
	noted, err := notedAmong(ctx, tx, s, list)
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.app.Kind != PaymentKind {
			continue
		}
		for _, p := range k.paid {
			if err := onItsInvoices(ctx, tx, s, k, *p, noted); err != nil {
				return err
			}
			if p.Open.Sign() <= 0 {
				continue
			}
			if err := takePlace(ctx, tx, s, k, *p); err != nil {
				return err
			}
		}
	}
	return nil
}

// notedAmong are those of the invoices that bookings pay on which a list's word stands.
func notedAmong(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*booking) (map[string]bool, error) {
	var invoices []string
	for _, k := range list {
		for _, a := range k.batch.Allocations {
			invoices = append(invoices, a.Invoice)
		}
	}
	noted := map[string]bool{}
	for some := range slices.Chunk(invoices, 500) {
		var w db.Where
		w.And("a.creditor_id = ?", s.Creditor)
		db.In(&w, "a.invoice_id", some)
		w.And("a.reverses IS NULL AND c.nature = 'noted'")
		found, err := db.All(ctx, tx, db.Value[string], `
			SELECT DISTINCT a.invoice_id
			FROM allocation a
			JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			noted[id] = true
		}
	}
	return noted, nil
}

// onItsInvoices lets a payment take the place of what later lists showed of the very
// invoices that it pays: what they showed as left stays left.
func onItsInvoices(
	ctx context.Context, tx *db.Tx, s creditor.Scope, k *booking, p ledger.Document, noted map[string]bool,
) error {
	for _, a := range k.batch.Allocations {
		if a.Credit != p.ID || !noted[a.Invoice] {
			continue
		}
		all, err := notedOf(ctx, tx, s, p)
		if err != nil {
			return err
		}
		left := a.Amount
		for _, n := range all {
			if some := money.Min(left, n.free()); n.invoice == a.Invoice && some.Sign() > 0 {
				if err := n.giveWay(ctx, tx, s, k, ledger.Document{Customer: p.Customer}, some); err != nil {
					return err
				}
				left = left.Sub(some)
			}
		}
	}
	return nil
}

func takePlace(ctx context.Context, tx *db.Tx, s creditor.Scope, k *booking, p ledger.Document) error {
	noted, err := notedOf(ctx, tx, s, p)
	if err != nil || len(noted) == 0 {
		return err
	}
	left := p.Open
	exactly := func(n notedOn) int {
		if n.free() == left {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(noted, func(a, b notedOn) int { return cmp.Compare(exactly(a), exactly(b)) })
	for _, n := range noted {
		some := money.Min(left, n.free())
		if some.Sign() <= 0 {
			break
		}
		if err := n.giveWay(ctx, tx, s, k, p, some); err != nil {
			return err
		}
		left = left.Sub(some)
	}
	return nil
}

// notedOn is what a list showed to be settled of an invoice.
type notedOn struct {
	allocation string
	credit     string
	number     string
	invoice    string
	amount     money.Amount
	tied       int64 // that is the money of other entries already
	on         cal.Date
}

// free is what may give way: no entry is tied to it.
func (n notedOn) free() money.Amount { return n.amount.Sub(money.New(n.tied, n.amount.Currency)) }

// notedOf are what lists of a payment's day or later showed to be settled of its
// customer's invoices and entries are not tied to as a whole; the earliest first.
func notedOf(ctx context.Context, tx *db.Tx, s creditor.Scope, p ledger.Document) ([]notedOn, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (n notedOn, err error) {
		err = r.Scan(&n.allocation, &n.credit, &n.number, &n.invoice, &n.amount.Currency, &n.amount.Minor, &n.on)
		return n, err
	}, `
		SELECT a.id, c.id, c.number, i.id, c.currency, a.amount, a.made_on
		FROM document c
		JOIN allocation a ON a.creditor_id = c.creditor_id AND a.credit_id = c.id AND a.reverses IS NULL
		JOIN document i ON i.creditor_id = a.creditor_id AND i.id = a.invoice_id AND i.nature <> 'noted'
		WHERE c.creditor_id = $1 AND c.customer_id = $2 AND c.currency = $3
		  AND c.kind = 'payment' AND c.nature = 'noted'
		  AND a.made_on >= $4 AND a.made_on <= $5 AND i.issued_on <= $5
		  AND NOT EXISTS (
			SELECT 1
			FROM allocation r
			WHERE r.creditor_id = a.creditor_id AND r.reverses = a.id)
		ORDER BY a.made_on, a.id`,
		s.Creditor, p.Customer, string(p.Amount.Currency), p.Issued.Add(-1), p.Issued.Add(notedLate))
	if err != nil {
		return nil, err
	}
	credits := make([]string, len(list))
	for i, n := range list {
		credits[i] = n.credit
	}
	taken, err := linkedOf(ctx, tx, s, credits)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].tied = taken[list[i].credit]
	}
	return slices.DeleteFunc(list, func(n notedOn) bool { return n.free().Sign() <= 0 }), nil
}

// giveWay sets a payment on an invoice in the place of an amount of what a list had
// shown, whose own document is closed by its contrary.
func (n notedOn) giveWay(
	ctx context.Context, tx *db.Tx, s creditor.Scope, k *booking, p ledger.Document, some money.Amount,
) error {
	const why = "encaissement retrouvé à la banque"
	if err := ledger.Reverse(ctx, tx, s, n.allocation, 0, why); err != nil {
		return err
	}
	var again []*ledger.Allocation
	if p.ID != "" { // else it is set on the invoice already
		again = append(again, &ledger.Allocation{
			Credit: p.ID, Invoice: n.invoice, Amount: some, On: p.Issued, Reason: "Encaissement affecté\u00a0: " + why,
		})
	}
	if rest := n.amount.Sub(some); rest.Sign() > 0 {
		again = append(again, &ledger.Allocation{
			Credit: n.credit, Invoice: n.invoice, Amount: rest, On: n.on, Reason: why,
		})
	}
	for _, a := range again {
		if err := ledger.Allocate(ctx, tx, s, a); err != nil {
			return err
		}
	}
	c := &ledger.Document{
		ID: tx.NewID(prefixes[ledger.Invoice]), Customer: p.Customer, Kind: ledger.Invoice, Nature: ledger.Noted,
		Source: Source, Number: "Annulation " + n.number, Issued: n.on, Due: n.on, Amount: some, Label: why,
	}
	c.Part = c.ID
	if err := ledger.Add(ctx, tx, s, []*ledger.Document{c}); err != nil {
		return err
	}
	closes := &ledger.Allocation{Credit: n.credit, Invoice: c.ID, Amount: some, On: n.on, Reason: why}
	k.parts = append(k.parts, part{c.ID, roleAdjustment, some.Minor}, part{n.allocation, roleReopened, some.Minor})
	return ledger.Allocate(ctx, tx, s, closes)
}

// twinOf is a payment that the accounting files brought which is the money of an
// entry that a person gives to a customer: of its amount, within days of it, and no
// other entry's. One that was set against something can only be the entry's as a
// whole, where the person does not say what it pays.
func twinOf(ctx context.Context, tx *db.Tx, s creditor.Scope, l Line, customer string, whole bool) (string, error) {
	docs, err := ledger.MoneyBetween(ctx, tx, s, l.Entry.On.Add(-nearby), l.Entry.On.Add(nearby), Source)
	if err != nil {
		return "", err
	}
	docs = slices.DeleteFunc(docs, func(d ledger.Document) bool {
		return d.Customer != customer || d.Kind != ledger.Payment || d.Nature == ledger.Noted ||
			d.Amount != l.Entry.Amount || !whole && d.Open != d.Amount
	})
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	taken, err := linkedOf(ctx, tx, s, ids)
	if err != nil {
		return "", err
	}
	refused, err := refusedBy(ctx, tx, s, l.Entry.ID)
	if err != nil {
		return "", err
	}
	docs = slices.DeleteFunc(docs, func(d ledger.Document) bool {
		return taken[d.ID] > 0 || slices.Contains(refused, d.ID)
	})
	if len(docs) == 0 {
		return "", nil
	}
	return slices.MinFunc(docs, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(far(a, l), far(b, l)), cmp.Compare(a.ID, b.ID))
	}).ID, nil
}

func far(d ledger.Document, l Line) int {
	days := d.Issued.Sub(l.Entry.On)
	return max(days, -days)
}

// refusedBy are the documents that somebody said an entry is not.
func refusedBy(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT item_id
		FROM cash_refused
		WHERE creditor_id = $1 AND entry_id = $2
		ORDER BY item_id`, s.Creditor, entry)
}
