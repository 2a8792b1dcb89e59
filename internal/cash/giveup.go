package cash

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Given are the natures of credits that no money came for.
func Given(n ledger.Nature) bool {
	return n == ledger.Discount || n == ledger.WriteOff || n == ledger.Small || n == ledger.BankFees
}

// WriteOff gives up a small rest of an invoice, for a reason. It needs Work within
// the tolerance of differences, what was given up of the invoice before counted
// in, and Manage above. From the ceiling of write-offs on it takes a hand-over's
// way, with what made the claim irrecoverable.
func WriteOff(
	ctx context.Context, tx *db.Tx, s creditor.Scope, invoice string, amount money.Amount, reason string,
) error {
	g, err := giving(ctx, tx, s, invoice, amount)
	if err != nil {
		return err
	}
	if ceiling := setting.WriteOffCeiling.In(g.values); amount.Currency != ceiling.Currency || !amount.Less(ceiling) {
		return fault.Invalidf("amount", "%s\u00a0: un abandon de cette taille passe par le passage en perte",
			amount.Format("fr"))
	}
	kind := match.Difference
	if !g.tolerated() {
		if err := g.manage("c’est au-delà de la tolérance"); err != nil {
			return err
		}
		kind = writtenOff
	}
	return g.book(ctx, kind, reason, "writeoff.booked")
}

// GrantDiscount grants an early-payment discount. It needs Work where the invoice
// was paid within the discount's terms, and Manage outside of them, within the
// limits of negotiation of who grants it.
func GrantDiscount(
	ctx context.Context, tx *db.Tx, s creditor.Scope, invoice string, amount money.Amount, reason string,
) error {
	g, err := giving(ctx, tx, s, invoice, amount)
	if err != nil {
		return err
	}
	if !g.earned() {
		if err := g.manage("c’est hors des conditions d’escompte de cette facture"); err != nil {
			return err
		}
		limits, err := agreement.LimitsOf(ctx, tx, s)
		if err != nil {
			return err
		}
		if err := limits.GiveUp(amount, g.d.Amount); err != nil {
			return err
		}
	}
	return g.book(ctx, match.EarlyDiscount, reason, "discount.granted")
}

// gift is an amount of an invoice for which no money will come, with what it is
// judged by.
type gift struct {
	tx     *db.Tx
	s      creditor.Scope
	values setting.Values
	b      *books
	d      *ledger.Document
	amount money.Amount
	before map[ledger.Nature]money.Amount // given up of the invoice already
	paid   cal.Date                       // when money last came for it
	day    cal.Date
}

func giving(ctx context.Context, tx *db.Tx, s creditor.Scope, invoice string, amount money.Amount) (*gift, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	g := &gift{tx: tx, s: s, amount: amount}
	var err error
	if g.values, err = setting.Load(ctx, tx, s.Creditor); err != nil {
		return nil, err
	}
	if g.b, err = load(ctx, tx, s, []string{invoice}); err != nil {
		return nil, err
	}
	g.d, g.day = g.b.docs[invoice], dayOf(tx, g.values)
	switch {
	case g.d == nil:
		return nil, fault.NotFound("facture %.60s", invoice)
	case g.d.Kind != ledger.Invoice:
		return nil, fault.Invalidf("invoice", "%s n’est pas une facture", g.d.Number)
	case amount.Sign() <= 0 || amount.Currency != g.d.Amount.Currency:
		return nil, fault.Invalidf("amount", "il manque le montant, en %s", g.d.Amount.Currency)
	}
	return g, g.past(ctx)
}

// past reads what was given up of the invoice before, and when money last came.
func (g *gift) past(ctx context.Context) error {
	g.before = map[ledger.Nature]money.Amount{}
	links, err := ledger.Links(ctx, g.tx, g.s, []string{g.d.ID})
	if err != nil {
		return err
	}
	live := standing(links)
	for _, l := range links {
		switch {
		case !slices.Contains(live, l.ID):
		case Given(l.CreditSide.Nature):
			sum, ok := g.before[l.CreditSide.Nature]
			if !ok {
				sum = money.Zero(g.d.Amount.Currency)
			}
			g.before[l.CreditSide.Nature] = sum.Add(l.Amount)
		default:
			g.paid = max(g.paid, l.On)
		}
	}
	return nil
}

// with is the amount together with what was given before of a nature.
func (g *gift) with(n ledger.Nature) money.Amount {
	if before, ok := g.before[n]; ok {
		return g.amount.Add(before)
	}
	return g.amount
}

func (g *gift) tolerated() bool {
	return g.with(ledger.Small).Minor <= setting.CashTolerance.In(g.values).Minor // in any currency, as match.Rules say
}

func (g *gift) earned() bool {
	return g.paid != 0 && discountOf(g.d.Terms, g.d.Issued).earned(
		g.d.Amount, g.with(ledger.Discount), g.paid, setting.CashGrace.In(g.values),
	)
}

// manage refuses whoever does not manage the company, and says why that is asked.
func (g *gift) manage(why string) error {
	if g.s.Need(creditor.Manage) == nil {
		return nil
	}
	return fault.Deniedf("%s de %s\u00a0: %s, il faut le droit de gérer la société",
		g.amount.Format("fr"), g.d.Number, why)
}

// book enters the credit that no money came for.
func (g *gift) book(ctx context.Context, kind match.AdjustmentKind, reason, action string) error {
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	k := &booking{}
	k.entry.On = g.day
	if err := g.b.adjust(k, match.Adjustment{Item: g.d.ID, Kind: kind, Amount: g.amount}); err != nil {
		return err
	}
	k.batch.Documents[0].Label += "\u00a0: " + reason
	k.batch.Allocations[0].Reason = reason
	if err := ledger.Enter(ctx, g.tx, g.s, k.batch); err != nil {
		return err
	}
	return journal.Write(ctx, g.tx, g.s, action, "customer/"+g.d.Customer, credited{
		Credit: k.batch.Documents[0].Number, Invoice: g.d.Number, Allocation: k.batch.Allocations[0].ID,
		Amount: g.amount, Reason: reason,
	})
}

// UndoGiven takes back what was given up of an invoice without a bank entry: it is owed
// again, as of the day on which it was given up. It needs Manage, but for a
// difference within the tolerance Work. What came with an entry is undone with the
// entry.
func UndoGiven(ctx context.Context, tx *db.Tx, s creditor.Scope, allocation, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	found, err := ledger.Allocations(ctx, tx, s, []string{allocation})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.NotFound("affectation %.60s", allocation)
	}
	a := found[0]
	if owner, err := entryOfThings(ctx, tx, s, a.ID, a.Credit); err != nil || owner != "" {
		if err == nil {
			err = fault.Conflictf("ce crédit vient d’une opération bancaire\u00a0: défaire l’opération")
		}
		return err
	}
	b, err := load(ctx, tx, s, []string{a.Credit, a.Invoice})
	if err != nil {
		return err
	}
	c := b.docs[a.Credit]
	switch {
	case !Given(c.Nature) || c.Source != Source: // a loss has its own way back, and what a file brought the next file
		return fault.Invalidf("allocation", "%s n’est ni un abandon ni un escompte", c.Number)
	case c.Nature != ledger.Small:
		if err := s.Need(creditor.Manage); err != nil {
			return err
		}
	}
	if err := ledger.Reverse(ctx, tx, s, a.ID, 0, reason); err != nil {
		return err
	}
	if b, err = load(ctx, tx, s, []string{a.Credit}); err != nil {
		return err
	}
	var batch ledger.Batch
	if err := b.contrary(&batch, b.docs[a.Credit], reason); err != nil {
		return err
	}
	if err := ledger.Enter(ctx, tx, s, batch); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "credit.undone", "customer/"+a.Customer, credited{
		Credit: c.Number, Allocation: a.ID, Amount: a.Amount, Reason: reason,
	})
}

// UndoLastGiven is UndoGiven of what was given up of an invoice last.
func UndoLastGiven(ctx context.Context, tx *db.Tx, s creditor.Scope, invoice, reason string) error {
	links, err := ledger.Links(ctx, tx, s, []string{invoice})
	if err != nil {
		return err
	}
	live := standing(links)
	for _, l := range slices.Backward(links) {
		if l.Invoice != invoice || !Given(l.CreditSide.Nature) || !slices.Contains(live, l.ID) {
			continue
		}
		if entry, err := entryOfThings(ctx, tx, s, l.ID, l.Credit); err != nil || entry == "" {
			if err != nil {
				return err
			}
			return UndoGiven(ctx, tx, s, l.ID, reason)
		}
	}
	return fault.Conflictf("rien de cette facture n’a été abandonné ni accordé sans opération bancaire")
}

// Behind maps credits and allocations to the entry of the bank that brought them,
// where one did.
func Behind(ctx context.Context, tx *db.Tx, s creditor.Scope, things []string) (map[string]string, error) {
	entries := map[string]string{}
	for some := range slices.Chunk(things, 500) {
		var w db.Where
		w.And("p.creditor_id = ?", s.Creditor)
		db.In(&w, "p.thing_id", some)
		w.And("a.creditor_id = p.creditor_id AND a.id = p.application_id AND a.undone_at IS NULL")
		list, err := db.All(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) }, `
			SELECT p.thing_id, a.entry_id
			FROM cash_part p
			CROSS JOIN cash_application a`+w.SQL()+`
			ORDER BY p.thing_id, a.entry_id`, w.Args...)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			entries[v[0]] = v[1]
		}
	}
	return entries, nil
}
