package cash

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/task"
)

// Return says that an entry took back what another had brought: a direct debit or
// a cheque returned, a card charged back. What that one had settled is open again
// with its original due date, the money is set against a refund, and a person is
// asked to see to it. Of an entry of several customers, whose money went back is
// told by its amount, else by naming the customer (identifier or code); whose money
// went back before it was applied is told by naming them alone. It needs Work.
func Return(ctx context.Context, tx *db.Tx, s creditor.Scope, entry, original, ref string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if ref != "" {
		id, err := agreement.Customer(ctx, tx, s, ref)
		if err != nil {
			return err
		}
		ref = id
	}
	l, err := forWork(ctx, tx, s, entry, Open, Aside)
	if err != nil {
		return err
	}
	o, err := Find(ctx, tx, s, original)
	if err != nil {
		return err
	}
	if err := opposite(l, o); err != nil {
		return err
	}
	r := returning{tx: tx, s: s, l: l, o: o, customer: ref}
	return r.run(ctx)
}

// opposite checks that an entry can have taken back another.
func opposite(l, o Line) error {
	back, was := l.Entry.Amount, o.Entry.Amount
	switch {
	case back.Currency != was.Currency || back.Sign()*was.Sign() >= 0 || was.Abs().Less(back.Abs()):
		return fault.Invalidf("original", "%s ne reprend pas %s", back.Format("fr"), was.Format("fr"))
	case l.Entry.On < o.Entry.On:
		return fault.Invalidf("original", "le rejet est du %s, avant l’encaissement du %s", l.Entry.On.Short("fr"),
			o.Entry.On.Short("fr"))
	case o.State == Returned:
		return fault.Conflictf("cet encaissement est déjà rapproché d’un rejet")
	}
	return nil
}

// returning is one return at work.
type returning struct {
	tx       *db.Tx
	s        creditor.Scope
	l, o     Line // the return, and what it takes back
	customer string
	k        *booking
	undone   []ledger.Link // allocations that it takes back
}

func (r *returning) run(ctx context.Context) error {
	r.k = &booking{entry: r.l.Entry, numbers: map[string]string{}, app: Application{
		ID: r.tx.NewID("app"), Entry: r.l.Entry.ID, Kind: ReturnKind, By: r.s.Actor,
		Explanation: match.Explanation{Customer: r.o.Customer},
	}}
	if r.o.State.Stands() {
		if err := r.reopen(ctx); err != nil {
			return err
		}
	} else if r.customer != "" {
		r.k.customers, r.k.app.Explanation.Customer = []string{r.customer}, r.customer
	}
	return r.record(ctx)
}

// took is a payment, and how much of it went back.
type took struct {
	id     string
	amount money.Amount
}

// which are the payments of the original that went back, and how much of each.
func (r *returning) which() ([]took, error) {
	back := r.l.Entry.Amount.Abs()
	var all, exact []took
	sum := money.Zero(back.Currency)
	for _, d := range r.o.Documents {
		if d.Role != rolePayment && d.Role != roleLink || r.customer != "" && d.Of != r.customer {
			continue
		}
		t := took{d.ID, d.Linked}
		all, sum = append(all, t), sum.Add(t.amount)
		if t.amount == back {
			exact = append(exact, t)
		}
	}
	switch {
	case sum == back:
		return all, nil
	case len(exact) == 1:
		return exact, nil
	case len(all) == 1 && !all[0].amount.Less(back):
		return []took{{all[0].id, back}}, nil
	}
	return nil, &fault.Invalid{
		Field: "customer", Message: "cet encaissement est celui de plusieurs clients et le rejet n’en reprend qu’une partie",
		Mend: "dire de quel client le paiement est revenu",
	}
}

// reopen takes back what the payments had settled and sets each against a refund.
func (r *returning) reopen(ctx context.Context) error {
	list, err := r.which()
	if err != nil {
		return err
	}
	if list, err = r.notBooked(ctx, list); err != nil {
		return err
	}
	for _, t := range list {
		if err := r.free(ctx, t); err != nil {
			return err
		}
	}
	docs := []string{}
	for _, t := range list {
		docs = append(docs, t.id)
	}
	adjusted, err := r.adjustments(ctx)
	if err != nil {
		return err
	}
	b, err := load(ctx, r.tx, r.s, append(docs, adjusted...))
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := r.refund(b, t); err != nil {
			return err
		}
	}
	for _, id := range adjusted {
		if err := r.close(b, b.docs[id]); err != nil {
			return err
		}
	}
	return ledger.Enter(ctx, r.tx, r.s, r.k.batch)
}

// notBooked leaves out the payments that the accounting files themselves have set
// against a refund: the return is in the books.
func (r *returning) notBooked(ctx context.Context, list []took) (left []took, err error) {
	for _, t := range list {
		links, err := ledger.Links(ctx, r.tx, r.s, []string{t.id})
		if err != nil {
			return nil, err
		}
		live, back := standing(links), money.Zero(t.amount.Currency)
		for _, l := range links {
			if l.InvoiceSide.Nature == ledger.Refund && l.InvoiceSide.Import != "" && slices.Contains(live, l.ID) {
				back = back.Add(l.Amount)
			}
		}
		if back.Less(t.amount) {
			left = append(left, t)
			continue
		}
		d, err := ledger.Find(ctx, r.tx, r.s, t.id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(r.k.customers, d.Customer) {
			r.k.customers = append(r.k.customers, d.Customer)
		}
	}
	return left, nil
}

// free undoes allocations of a payment until so much of it is free: that of the
// very amount, else the latest first. What it frees too much is set again.
func (r *returning) free(ctx context.Context, t took) error {
	d, err := ledger.Find(ctx, r.tx, r.s, t.id)
	if err != nil {
		return err
	}
	links, err := ledger.Links(ctx, r.tx, r.s, []string{t.id})
	if err != nil {
		return err
	}
	live := standing(links)
	links = slices.DeleteFunc(links, func(l ledger.Link) bool { return !slices.Contains(live, l.ID) })
	if part := t.amount != d.Amount; part {
		exact := slices.IndexFunc(links, func(l ledger.Link) bool { return l.Amount == t.amount })
		if exact >= 0 {
			links = links[exact : exact+1]
		} else {
			t.amount = t.amount.Sub(money.Min(d.Open, t.amount))
		}
	}
	for _, l := range slices.Backward(links) {
		if t.amount.Sign() <= 0 {
			break
		}
		if err := r.reverse(ctx, l); err != nil {
			return err
		}
		if over := l.Amount.Sub(t.amount); over.Sign() > 0 && t.amount != d.Amount {
			again := ledger.Allocation{
				Credit: l.Credit, Invoice: l.Invoice, Amount: over, On: r.l.Entry.On, Reason: l.Reason,
			}
			if err := ledger.Allocate(ctx, r.tx, r.s, &again); err != nil {
				return err
			}
		}
		t.amount = t.amount.Sub(l.Amount)
	}
	return nil
}

func (r *returning) reverse(ctx context.Context, l ledger.Link) error {
	if l.InvoiceSide.Nature == ledger.Refund {
		return fault.Conflictf("cet encaissement a été remboursé\u00a0: défaire d’abord le remboursement")
	}
	r.undone = append(r.undone, l)
	r.k.parts = append(r.k.parts, part{l.ID, roleReopened, l.Amount.Minor})
	return ledger.Reverse(ctx, r.tx, r.s, l.ID, r.l.Entry.On, reasonOf(r.l.Entry.Entry))
}

// adjustments are the discounts, charges and differences that were granted with
// what went back: they are taken back too.
func (r *returning) adjustments(ctx context.Context) ([]string, error) {
	var list []string
	for _, a := range r.o.Allocations {
		given := slices.ContainsFunc(r.o.Documents, func(d Document) bool {
			return d.ID == a.Credit && d.Role == roleAdjustment
		})
		reopened := slices.ContainsFunc(r.undone, func(l ledger.Link) bool { return l.Invoice == a.Invoice })
		if !given || !reopened {
			continue
		}
		links, err := ledger.Links(ctx, r.tx, r.s, []string{a.Credit})
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.ID == a.ID {
				if err := r.reverse(ctx, l); err != nil {
					return nil, err
				}
			}
		}
		list = append(list, a.Credit)
	}
	return list, nil
}

// refund plans the money that went back.
func (r *returning) refund(b *books, t took) error {
	p := b.docs[t.id]
	d := b.make(r.k, &ledger.Document{
		Customer: p.Customer, Kind: ledger.Invoice, Nature: ledger.Refund, Number: number("RJ", r.l.Entry),
		Issued: r.l.Entry.On, Due: r.l.Entry.On, Amount: t.amount, Preceding: p.Number,
		Label: reasonOf(r.l.Entry.Entry),
	})
	r.k.parts = append(r.k.parts, part{d.ID, roleRefund, d.Amount.Minor})
	if !slices.Contains(r.k.customers, p.Customer) {
		r.k.customers = append(r.k.customers, p.Customer)
	}
	return b.allocate(r.k, p, d, t.amount, false)
}

// close plans the contrary of a discount that is no longer earned.
func (r *returning) close(b *books, d *ledger.Document) error {
	c := b.make(r.k, &ledger.Document{
		Customer: d.Customer, Kind: ledger.Invoice, Nature: ledger.Correction, Number: d.Number, Issued: r.l.Entry.On,
		Due: r.l.Entry.On, Amount: d.Open, Label: "Repris\u00a0: " + reasonOf(r.l.Entry.Entry),
	})
	r.k.parts = append(r.k.parts, part{c.ID, roleAdjustment, c.Amount.Minor})
	return b.allocate(r.k, d, c, d.Open, false)
}

// record stores the pair, tells the journal, and asks a person to see to it.
func (r *returning) record(ctx context.Context) error {
	if err := insertApplications(ctx, r.tx, r.s, []*booking{r.k}); err != nil {
		return err
	}
	if err := loadParts(ctx, r.tx, r.s, []*booking{r.k}); err != nil {
		return err
	}
	why := reasonOf(r.l.Entry.Entry)
	mine := r.k.row(Returned)
	mine.pair, mine.reason = r.o.Entry.ID, why
	if err := putRows(ctx, r.tx, r.s, []row{mine}); err != nil {
		return err
	}
	if err := pairWith(ctx, r.tx, r.s, r.o, r.l.Entry.ID, r.whole(), why); err != nil {
		return err
	}
	if err := dropSuspects(ctx, r.tx, r.s, []string{r.l.Entry.ID, r.o.Entry.ID}); err != nil {
		return err
	}
	if err := use(ctx, r.tx, r.s, true, r.l.Entry.ID, r.o.Entry.ID); err != nil {
		return err
	}
	return r.tell(ctx, why)
}

func (r *returning) whole() bool { return r.l.Entry.Amount.Abs() == r.o.Entry.Amount.Abs() }

// returned is what the journal keeps of a return.
type returned struct {
	Entry    string       `json:"entry"`
	Original string       `json:"original"`
	On       cal.Date     `json:"on"`
	Amount   money.Amount `json:"amount"`
	Code     string       `json:"code,omitempty"`
	Reason   string       `json:"reason"`
	Reopened []toldLine   `json:"reopened,omitempty"`
}

func (r *returning) tell(ctx context.Context, why string) error {
	t := returned{
		Entry: r.l.Entry.ID, Original: r.o.Entry.ID, On: r.l.Entry.On, Amount: r.l.Entry.Amount.Abs(), Reason: why,
	}
	if r.l.Entry.Return != nil {
		t.Code = r.l.Entry.Return.Code
	}
	var invoices []string
	for _, l := range r.undone {
		invoices = append(invoices, l.Invoice)
	}
	docs, err := ledger.WithIDs(ctx, r.tx, r.s, invoices)
	if err != nil {
		return err
	}
	for _, l := range r.undone {
		for _, d := range docs {
			if d.ID == l.Invoice {
				t.Reopened = append(t.Reopened, toldLine{Number: d.Number, Amount: l.Amount})
			}
		}
	}
	if err := tellAll(ctx, r.tx, r.s, "cash.returned", r.k.customers, t); err != nil {
		return err
	}
	return r.ask(ctx, t)
}

// ask makes the task of a return, for whoever follows the customer.
func (r *returning) ask(ctx context.Context, t returned) error {
	day, err := today(ctx, r.tx, r.s)
	if err != nil {
		return err
	}
	detail := []string{t.Reason}
	for _, l := range t.Reopened {
		detail = append(detail, l.Number+"\u00a0: "+l.Amount.Format("fr")+" de nouveau à payer")
	}
	for _, id := range r.k.customers {
		c, err := customer.Find(ctx, r.tx, r.s, id)
		if err != nil {
			return err
		}
		err = task.Add(ctx, r.tx, r.s, &task.Task{
			Customer: id, Kind: task.PaymentBack, Key: "return/" + r.l.Entry.ID + "/" + id, Due: day,
			Owner:  c.Collector,
			Title:  "Paiement revenu impayé\u00a0: " + c.Name + ", " + t.Amount.Format("fr"),
			Detail: strings.Join(detail, "\n"),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pairWith marks the entry that was taken back: as a whole it is returned, else
// it stays what it is.
func pairWith(ctx context.Context, tx *db.Tx, s creditor.Scope, o Line, pair string, whole bool, why string) error {
	state, app := o.State, ""
	if o.Application != nil {
		app = o.Application.ID
	}
	if whole {
		state = Returned
	}
	return putRows(ctx, tx, s, []row{{
		entry: o.Entry.ID, on: o.Entry.On, state: state, customer: o.Customer, application: app, pair: pair,
		code: o.Code, reason: why, examined: true,
	}})
}

// unpair gives an entry that was taken back the state it had.
func unpair(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) error {
	o, err := Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	r := row{entry: entry, on: o.Entry.On, state: Open, customer: o.Customer}
	switch {
	case o.Application != nil && o.Application.Kind == LinkKind:
		r.state = Linked
	case o.Application != nil && o.Application.By == creditor.ActorRule:
		r.state = Auto
	case o.Application != nil:
		r.state = Applied
	case o.Code != "" && o.Code != Person:
		r.state, r.code = Aside, o.Code
	}
	if o.Application != nil {
		r.application, r.examined = o.Application.ID, true
	} else {
		r.customer = ""
	}
	if err := putRows(ctx, tx, s, []row{r}); err != nil {
		return err
	}
	return use(ctx, tx, s, o.Application != nil, entry)
}

// reasonOf is why money went back, in words: « rejet de prélèvement : provision
// insuffisante (AM04) ».
func reasonOf(e bank.Entry) string {
	what := returnWords[e.Means]
	if what == "" {
		what = "retour de fonds"
	}
	if e.Return == nil {
		return what
	}
	why := returnReason(e.Return.Code)
	if why == "" {
		why = e.Return.Text
	}
	switch {
	case why == "" && e.Return.Code == "":
		return what
	case why == "":
		return what + "\u00a0: motif " + e.Return.Code
	case e.Return.Code == "":
		return what + "\u00a0: " + why
	}
	return what + "\u00a0: " + why + " (" + e.Return.Code + ")"
}

var returnWords = map[bank.Means]string{
	bank.Debit: "rejet de prélèvement", bank.Cheque: "chèque revenu impayé", bank.Card: "paiement par carte contesté",
	bank.Bill: "effet revenu impayé", bank.Transfer: "virement retourné",
}
