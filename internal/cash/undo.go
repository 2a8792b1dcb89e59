package cash

import (
	"context"
	"encoding/json"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// Undo takes back all that was done with an entry, for a reason: what it had
// settled is open again as of the day on which it was settled, so that no balance
// of the past and no interest counts an error. The rule will not do the same
// again; a person can. It needs Work, and Manage for a refund.
func Undo(ctx context.Context, tx *db.Tx, s creditor.Scope, entry, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	if err := lock(ctx, tx, s); err != nil {
		return err
	}
	l, err := Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	if l.Application == nil {
		return fault.Conflictf("rien n’a été affecté depuis cette opération (%s)", l.State.In("fr"))
	}
	if l.Application.Kind == RefundKind {
		if err := s.Need(creditor.Manage); err != nil {
			return err
		}
	}
	if l.Pair != "" && l.Application.Kind != ReturnKind {
		return fault.Conflictf("cet encaissement est revenu impayé\u00a0: défaire d’abord le rapprochement du rejet")
	}
	u := undoing{tx: tx, s: s, l: l, reason: reason}
	return u.run(ctx)
}

// undoing is one undoing at work.
type undoing struct {
	tx     *db.Tx
	s      creditor.Scope
	l      Line
	reason string
	parts  []part
	kept   []string // payments that the accounting files speak of too: they stay
}

func (u *undoing) run(ctx context.Context) (err error) {
	if u.parts, err = partsOf(ctx, u.tx, u.s, u.l.Application.ID); err != nil {
		return err
	}
	if u.kept, err = claimed(ctx, u.tx, u.s, things(u.parts, rolePayment)); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		u.reverse, u.closeDocuments, u.restore, u.reopenAnnounced, u.forget, u.pair, u.state,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// reverse undoes every allocation that stands on what the application made, and
// those that it set between documents that were there.
func (u *undoing) reverse(ctx context.Context) error {
	made := things(u.parts, rolePayment, roleAdjustment, roleRefund)
	links, err := ledger.Links(ctx, u.tx, u.s, made)
	if err != nil {
		return err
	}
	live := standing(links)
	for _, l := range links {
		back := l.InvoiceSide.Nature == ledger.Refund && slices.Contains(live, l.ID)
		if back && !slices.Contains(made, l.Invoice) {
			return fault.Conflictf("cet encaissement a été remboursé : défaire d’abord le remboursement")
		}
	}
	own, err := ledger.Allocations(ctx, u.tx, u.s, things(u.parts, roleAllocation))
	if err != nil {
		return err
	}
	for _, a := range own {
		if !slices.Contains(live, a.ID) {
			live = append(live, a.ID)
		}
	}
	for _, id := range live {
		if err := ledger.Reverse(ctx, u.tx, u.s, id, 0, u.reason); err != nil {
			return err
		}
	}
	return nil
}

// standing are the allocations that no reversal has undone.
func standing(links []ledger.Link) []string {
	undone := map[string]bool{}
	for _, l := range links {
		undone[l.Reverses] = true
	}
	var list []string
	for _, l := range links {
		if l.Reverses == "" && !undone[l.ID] {
			list = append(list, l.ID)
		}
	}
	return list
}

// closeDocuments sets a contrary document against each that the application made:
// documents are never taken out of the books.
func (u *undoing) closeDocuments(ctx context.Context) error {
	ids := slices.DeleteFunc(things(u.parts, rolePayment, roleAdjustment, roleRefund), func(id string) bool {
		return slices.Contains(u.kept, id)
	})
	b, err := load(ctx, u.tx, u.s, ids)
	if err != nil {
		return err
	}
	var batch ledger.Batch
	for _, id := range ids {
		if err := b.contrary(&batch, b.docs[id], u.reason); err != nil {
			return err
		}
	}
	return ledger.Enter(ctx, u.tx, u.s, batch)
}

// contrary plans the document that closes another, on the very day of it.
func (b *books) contrary(batch *ledger.Batch, d *ledger.Document, reason string) error {
	k := &booking{}
	k.entry.On = d.Issued
	c := &ledger.Document{
		Customer: d.Customer, Kind: ledger.Invoice, Nature: ledger.Correction, Number: d.Number, Issued: d.Issued,
		Due: d.Issued, Amount: d.Open, Label: "Annulation\u00a0: " + reason,
	}
	if d.Kind == ledger.Invoice {
		c.Kind, c.Due = ledger.CreditNote, 0
	}
	if d.Open.IsZero() {
		return nil
	}
	b.make(k, c)
	credit, invoice := d, c
	if d.Kind == ledger.Invoice {
		credit, invoice = c, d
	}
	if err := b.allocate(k, credit, invoice, d.Open, false); err != nil {
		return err
	}
	batch.Documents = append(batch.Documents, k.batch.Documents...)
	batch.Allocations = append(batch.Allocations, k.batch.Allocations...)
	return nil
}

// restore sets again what the application had undone, as far as it still fits: of
// what went back in part, the rest has been set again since.
func (u *undoing) restore(ctx context.Context) error {
	for _, p := range u.parts {
		if p.role != roleReopened {
			continue
		}
		a, err := ledger.FindAllocation(ctx, u.tx, u.s, p.thing)
		if err != nil {
			return err
		}
		b, err := load(ctx, u.tx, u.s, []string{a.Credit, a.Invoice})
		if err != nil {
			return err
		}
		credit, invoice := b.docs[a.Credit], b.docs[a.Invoice]
		if credit == nil || invoice == nil { // the import that brought it was undone
			continue
		}
		some := money.Min(money.New(p.amount, a.Amount.Currency), money.Min(credit.Open, invoice.Open))
		if some.Sign() <= 0 {
			continue
		}
		again := ledger.Allocation{Credit: a.Credit, Invoice: a.Invoice, Amount: some, On: a.On, Reason: u.reason}
		if err := ledger.Allocate(ctx, u.tx, u.s, &again); err != nil {
			return err
		}
	}
	return nil
}

// reopenAnnounced puts payments on their way again: the money was another.
func (u *undoing) reopenAnnounced(ctx context.Context) error {
	for _, id := range things(u.parts, roleAnnounced) {
		if err := inflight.Reopen(ctx, u.tx, u.s, id, u.reason); err != nil {
			return err
		}
	}
	return nil
}

// forget unlearns who paid, and remembers what is not to be done again.
func (u *undoing) forget(ctx context.Context) error {
	if u.l.Application.Kind == ReturnKind { // nobody paid
		return nil
	}
	if err := learn(ctx, u.tx, u.s, -1, &booking{entry: u.l.Entry, customers: u.customers()}); err != nil {
		return err
	}
	var list []match.Refused
	for _, line := range u.l.Application.Explanation.Lines {
		list = append(list, match.Refused{Entry: u.l.Entry.ID, Customer: line.Customer, Item: line.Item})
	}
	for _, d := range u.l.Documents {
		if d.Role == roleLink {
			list = append(list, match.Refused{Entry: u.l.Entry.ID, Customer: d.Of, Item: d.ID})
		}
	}
	if len(list) == 0 {
		list = append(list, match.Refused{Entry: u.l.Entry.ID, Customer: u.l.Application.Explanation.Customer})
	}
	return insertRefused(ctx, u.tx, u.s, list)
}

// customers are those whose money the entry was, the first first.
func (u *undoing) customers() []string {
	list := []string{}
	if u.l.Customer != "" {
		list = append(list, u.l.Customer)
	}
	for _, d := range u.l.Documents {
		if d.Of != "" && !slices.Contains(list, d.Of) {
			list = append(list, d.Of)
		}
	}
	return list
}

// pair lets go of the entry that a return had taken back.
func (u *undoing) pair(ctx context.Context) error {
	if u.l.Pair == "" {
		return nil
	}
	return unpair(ctx, u.tx, u.s, u.l.Pair)
}

// state opens the entry again or, where the accounting files speak of its money
// too, leaves it tied to what stays in the books.
func (u *undoing) state(ctx context.Context) error {
	if err := endApplication(ctx, u.tx, u.s, u.l.Application.ID, u.reason); err != nil {
		return err
	}
	k := &booking{entry: u.l.Entry, customers: u.customers(), app: *u.l.Application, numbers: map[string]string{}}
	for _, a := range u.l.Allocations {
		k.numbers[a.Invoice] = a.Number
	}
	r := row{entry: u.l.Entry.ID, on: u.l.Entry.On, state: Open}
	var err error
	if r.answer, err = u.answer(ctx); err != nil {
		return err
	}
	if len(u.kept) > 0 {
		tie := u.tie()
		if err := insertApplications(ctx, u.tx, u.s, []*booking{tie}); err != nil {
			return err
		}
		if err := loadParts(ctx, u.tx, u.s, []*booking{tie}); err != nil {
			return err
		}
		r = tie.row(Linked)
	}
	if err := putRows(ctx, u.tx, u.s, []row{r}); err != nil {
		return err
	}
	if err := use(ctx, u.tx, u.s, len(u.kept) > 0, u.l.Entry.ID); err != nil {
		return err
	}
	t := k.told()
	t.Reason = u.reason
	return tellAll(ctx, u.tx, u.s, "cash.undone", k.customers, t)
}

// answer is what the entry shows until a run looks at it again: nothing new where
// a run had answered before, else what was undone, for somebody who slipped.
func (u *undoing) answer(ctx context.Context) (string, error) {
	was, err := db.One(ctx, u.tx, db.Value[string], `
		SELECT answer
		FROM cash_entry
		WHERE creditor_id = $1 AND entry_id = $2`, u.s.Creditor, u.l.Entry.ID)
	x := u.l.Application.Explanation
	if err != nil || was != "" || u.l.Application.Kind != PaymentKind || len(x.Lines) == 0 {
		return "", err
	}
	b, err := json.Marshal(answer{Proposals: []match.Explanation{x}})
	return string(b), err
}

// tie is the link to payments that stay.
func (u *undoing) tie() *booking {
	k := &booking{entry: u.l.Entry, customers: u.customers(), app: Application{
		ID: u.tx.NewID("app"), Entry: u.l.Entry.ID, Kind: LinkKind,
		Explanation: match.Explanation{Customer: u.l.Customer},
	}}
	for _, p := range u.parts {
		if slices.Contains(u.kept, p.thing) {
			k.parts = append(k.parts, part{p.thing, roleLink, p.amount})
		}
	}
	return k
}

// today is the day by the creditor's clock.
func today(ctx context.Context, tx *db.Tx, s creditor.Scope) (cal.Date, error) {
	v, err := creditor.Settings(ctx, tx, s)
	if err != nil {
		return 0, err
	}
	return dayOf(tx, v), nil
}
