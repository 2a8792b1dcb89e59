package lifecycle

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/task"
)

func agreementConflict(st Status) error {
	if st.Waits == Aside {
		return fault.Conflictf("ce statut est déjà mis de côté")
	}
	return fault.Conflictf("ce statut est déjà rattaché à la facture %s", st.Number)
}

// settling is one invoice whose effects are brought to what its statuses say.
type settling struct {
	tx    *db.Tx
	scope creditor.Scope
	group group
	today cal.Date
	days  int // that an announced payment is waited for

	parts  []ledger.Document
	told   []Status
	wanted []Effect
	stands map[effectKey]made
}

func (w *settling) run(ctx context.Context) error {
	if err := w.tx.Lock(ctx, "customer/"+w.group.customer); err != nil {
		return err
	}
	inv, err := w.load(ctx)
	if err != nil || len(w.parts) == 0 {
		return err
	}
	out := Plan(inv, w.told)
	for _, st := range w.told {
		if p := out.Problems[st.ID]; p != st.Problem {
			if err := setProblem(ctx, w.tx, w.scope, st.ID, p); err != nil {
				return err
			}
		}
	}
	w.wanted = out.Effects
	if err := w.lift(ctx); err != nil {
		return err
	}
	for _, e := range w.wanted {
		if err := w.make(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// load reads the invoice, its statuses and what they did so far. A status whose
// problem was told before is read without it: whether it still has one is for
// Plan to say.
func (w *settling) load(ctx context.Context) (Invoice, error) {
	var err error
	if w.parts, err = partsOf(ctx, w.tx, w.scope, w.group); err != nil {
		return Invoice{}, err
	}
	ids := agreement.IDs(w.parts)
	if w.told, err = Of(ctx, w.tx, w.scope, ids...); err != nil {
		return Invoice{}, err
	}
	list, err := effectsOn(ctx, w.tx, w.scope, ids)
	if err != nil {
		return Invoice{}, err
	}
	w.stands = map[effectKey]made{}
	for _, m := range list {
		w.stands[m.key()] = m
	}
	known, err := ElectronicOf(ctx, w.tx, w.scope, w.parts)
	return invoiceOf(w.group, w.parts, known), err
}

// partsOf are the documents of an invoice that is due on several days, or its one.
func partsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, g group) ([]ledger.Document, error) {
	list, err := ledger.Identified(ctx, tx, s, []ledger.Identity{{Customer: g.customer, Number: g.number}})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d ledger.Document) bool { return d.Kind != g.kind })
	slices.SortFunc(list, func(a, b ledger.Document) int {
		if a.Due != b.Due {
			return int(a.Due - b.Due)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

func invoiceOf(g group, parts []ledger.Document, known map[string]Electronic) Invoice {
	inv := Invoice{Number: g.number, Credit: g.kind == ledger.CreditNote}
	for _, d := range parts {
		inv.Parts = append(inv.Parts, Part{Document: d.ID, Due: d.Due, Amount: d.Amount})
		if d.Net.Currency != "" {
			inv.Net = inv.Net.Add(d.Net)
		}
		inv.Rates = append(inv.Rates, known[d.ID].VAT...)
	}
	return inv
}

// lift ends what stands and should not any more.
func (w *settling) lift(ctx context.Context) error {
	for _, m := range w.stands {
		if !m.Ended.IsZero() || slices.ContainsFunc(w.wanted, func(e Effect) bool { return e.key() == m.key() }) {
			continue
		}
		if err := w.end(ctx, m); err != nil {
			return err
		}
		if err := endEffect(ctx, w.tx, w.scope, m, max(w.today, m.On)); err != nil {
			return err
		}
	}
	return nil
}

const liftedBy = "levé par un statut ultérieur de la facture électronique"

// end ends what an effect made, unless a person has ended it before.
func (w *settling) end(ctx context.Context, m made) (err error) {
	switch {
	case m.Kind == Stop:
		return w.note(ctx, "invoice.released", m.Effect)
	case m.Subject == "":
		return nil
	case m.Kind == Contest:
		err = dispute.Close(ctx, w.tx, w.scope, m.Subject, w.today, dispute.Withdrawn, liftedBy)
	case m.Kind == Pause:
		err = hold.End(ctx, w.tx, w.scope, m.Subject, w.today)
	case m.Kind == Flight:
		err = inflight.End(ctx, w.tx, w.scope, m.Subject, w.today, inflight.Cancelled, liftedBy)
	case m.Kind == Work:
		err = task.Finish(ctx, w.tx, w.scope, m.Subject, w.finished(m), liftedBy)
	}
	if fault.KindOf(err) == fault.KindConflict {
		return nil
	}
	return err
}

// finished is how a task ends by itself: the missing document was given where we
// told so (209).
func (w *settling) finished(m made) task.Outcome {
	given := slices.ContainsFunc(w.told, func(s Status) bool { return s.Code == Completed && s.Counts() })
	if m.Code == Suspended && given {
		return task.Done
	}
	return task.NotDone
}

// stopNote is what the journal keeps of an invoice that is stopped or released.
type stopNote struct {
	Invoice string `json:"invoice"`
	Code    string `json:"code"`
	Status  string `json:"status"`
}

func (w *settling) note(ctx context.Context, action string, e Effect) error {
	return journal.Write(ctx, w.tx, w.scope, action, "customer/"+w.group.customer, stopNote{
		w.group.number, e.Code, e.Status,
	})
}

// make makes an effect that does not stand yet. One that a person has ended since
// is not made again.
func (w *settling) make(ctx context.Context, e Effect) error {
	was, known := w.stands[e.key()]
	stood := known && was.Ended.IsZero()
	if stood && (was.Subject != "" || e.Kind == Stop) {
		return nil
	}
	m := made{Effect: e, Customer: w.group.customer}
	var err error
	switch e.Kind {
	case Stop:
		err = w.note(ctx, "invoice.stopped", e)
	case Contest:
		m.Subject, m.Note, err = w.contest(ctx, e)
	case Pause:
		m.Subject, m.Note, err = w.pause(ctx, e)
	case Flight:
		m.Subject, m.Note, err = w.announce(ctx, e)
	case Work:
		t := &task.Task{
			Customer: w.group.customer, Kind: task.Invoice, Key: "einvoice/" + e.Status, Title: e.Title,
			Detail: e.Note, Due: w.today,
		}
		err = task.Add(ctx, w.tx, w.scope, t)
		m.Subject, m.Note = t.ID, ""
	}
	if err != nil {
		return err
	}
	return storeEffect(ctx, w.tx, w.scope, m)
}

const settled = "facture soldée"

// part is one of the invoice's documents.
func (w *settling) part(id string) ledger.Document {
	for _, d := range w.parts {
		if d.ID == id {
			return d
		}
	}
	return ledger.Document{}
}

// contest opens a dispute about what is open and not contested yet, up to what the
// status contests.
func (w *settling) contest(ctx context.Context, e Effect) (id, why string, err error) {
	d := w.part(e.Document)
	if d.Open.Sign() <= 0 {
		return "", settled, nil
	}
	free, whole := d.Open, true
	others, err := dispute.List(ctx, w.tx, w.scope, d.Customer)
	if err != nil {
		return "", "", err
	}
	for _, o := range others {
		if o.Invoice != d.ID || !o.Closed.IsZero() {
			continue
		}
		if o.Amount.IsZero() {
			return "", "déjà contestée en entier", nil
		}
		free, whole = free.Sub(o.Amount), false
	}
	if free.Sign() <= 0 {
		return "", "déjà contestée", nil
	}
	amount := e.Amount
	if amount.IsZero() || !amount.Less(free) {
		amount = free
	}
	if whole && amount == d.Open {
		amount = money.Zero(d.Open.Currency)
	}
	one := &dispute.Dispute{
		Customer: d.Customer, Invoice: d.ID, Amount: amount, Reason: e.Reason, Note: e.Note, Opened: min(e.On, w.today),
	}
	err = dispute.Add(ctx, w.tx, w.scope, one)
	return one.ID, "", err
}

func (w *settling) pause(ctx context.Context, e Effect) (id, why string, err error) {
	d := w.part(e.Document)
	if d.Open.Sign() <= 0 {
		return "", settled, nil
	}
	h := &hold.Hold{Customer: d.Customer, Invoice: d.ID, From: w.today, Reason: e.Note}
	err = hold.AddBeside(ctx, w.tx, w.scope, h, w.today)
	return h.ID, "", err
}

// announce notes a payment on its way: at most what is open, until its day and the
// days that it may take.
func (w *settling) announce(ctx context.Context, e Effect) (id, why string, err error) {
	open := slices.DeleteFunc(slices.Clone(w.parts), func(d ledger.Document) bool { return d.Open.Sign() <= 0 })
	if len(open) == 0 {
		return "", settled, nil
	}
	amount := e.Amount
	if left := agreement.OpenOf(open); amount.IsZero() || left.Less(amount) {
		amount = left
	}
	p := &inflight.Payment{
		Customer: w.group.customer, Invoices: agreement.IDs(open), Amount: amount, On: min(e.On, w.today),
		Until: e.On.Add(w.days), Source: inflight.Transfer, Note: e.Note,
	}
	err = inflight.Add(ctx, w.tx, w.scope, p)
	return p.ID, "", err
}
