package cash

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/bank"
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

// Apply does with an entry what a person agreed to: its lines, adjustments and
// remainder must come to the entry, and what they settle must still be open. It
// needs Work; differences beyond the tolerance, discounts outside their terms and
// charges beyond what banks take off need Manage. An entry that is applied
// already is a conflict: it is undone first. An entry that the accounting files
// have brought is applied with their document. One that left the account is a
// refund, and needs Manage.
func Apply(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string, x match.Explanation) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	l, err := forWork(ctx, tx, s, entry, Open, Aside, Linked)
	if err != nil {
		return err
	}
	if l.Entry.Amount.Sign() < 0 {
		return refund(ctx, tx, s, l, x)
	}
	if x.Customer != "" {
		if x.Customer, err = agreement.Customer(ctx, tx, s, x.Customer); err != nil {
			return err
		}
	}
	there, err := there(ctx, tx, s, &l, x)
	if err != nil {
		return err
	}
	b, err := load(ctx, tx, s, append(ids(x), there...))
	if err != nil {
		return err
	}
	if err := mayAdjust(ctx, tx, s, b, l.Entry, &x); err != nil {
		return err
	}
	var documents []*ledger.Document
	for _, id := range there {
		documents = append(documents, b.docs[id])
	}
	k, err := b.plan(l.Entry, x, documents...)
	if err != nil {
		return err
	}
	return write(ctx, tx, s, Applied, []*booking{k})
}

// CustomerOnly books an entry as a customer's money and leaves it unallocated.
// It needs Work.
func CustomerOnly(ctx context.Context, tx *db.Tx, s creditor.Scope, entry, customer string) error {
	id, err := agreement.Customer(ctx, tx, s, customer)
	if err != nil {
		return err
	}
	e, err := bank.Find(ctx, tx, s, entry)
	if err != nil {
		return err
	}
	return Apply(ctx, tx, s, entry, match.Explanation{Customer: id, Remainder: e.Amount})
}

// forWork locks a creditor's entries and gives one that may be worked on: booked,
// money, and in one of the states.
func forWork(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string, from ...State) (Line, error) {
	if err := lock(ctx, tx, s); err != nil {
		return Line{}, err
	}
	l, err := Find(ctx, tx, s, entry)
	switch {
	case err != nil:
		return l, err
	case !slices.Contains(from, l.State):
		return l, fault.Conflictf("cette opération est déjà traitée (%s)", l.State.In("fr"))
	case l.Entry.Status != bank.IsBooked:
		return l, fault.Conflictf("la banque n’a fait qu’annoncer cette opération\u00a0: attendre qu’elle soit comptabilisée")
	case !l.Entry.Counts:
		return l, fault.Conflictf("cette opération est le total d’une remise, ou son détail\u00a0: l’autre est à rapprocher")
	}
	return l, nil
}

// there are the documents of the books that are an entry's money: those that it is
// tied to already, the tie of which its application takes the place of, or else the
// payment that the accounting files brought of whom it is now said to be.
func there(ctx context.Context, tx *db.Tx, s creditor.Scope, l *Line, x match.Explanation) ([]string, error) {
	if l.State != Linked || l.Application == nil {
		return untied(ctx, tx, s, *l, x)
	}
	var list []string
	for _, d := range l.Documents {
		if d.Kind != ledger.Payment || d.Nature == ledger.Noted || d.Linked != d.Amount {
			return nil, fault.Conflictf("%s est réglé d’après la comptabilité\u00a0: défaire d’abord le lien", d.Number)
		}
		list = append(list, d.ID)
	}
	return list, endApplication(ctx, tx, s, l.Application.ID, "affecté")
}

func untied(ctx context.Context, tx *db.Tx, s creditor.Scope, l Line, x match.Explanation) ([]string, error) {
	customer := x.Customer
	if len(x.Lines) > 0 {
		customer = x.Lines[0].Customer
	}
	if customer == "" || !alone(x, customer) {
		return nil, nil
	}
	id, err := twinOf(ctx, tx, s, l, customer, len(x.Lines) == 0)
	if err != nil || id == "" {
		return nil, err
	}
	return []string{id}, nil
}

// mayAdjust checks who may settle what no money came for, and names what goes
// beyond the tolerance for what it is.
func mayAdjust(ctx context.Context, tx *db.Tx, s creditor.Scope, b *books, e bank.Kept, x *match.Explanation) error {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	rules := rulesOf(v)
	x.Adjustments = slices.Clone(x.Adjustments)
	for i := range x.Adjustments {
		a := &x.Adjustments[i]
		d := b.docs[a.Item]
		if d == nil {
			continue // the plan says so
		}
		if within(rules, *d, e, *a) {
			continue
		}
		if err := s.Need(creditor.Manage); err != nil {
			return fault.Deniedf("%s de %s sur %s\u00a0: c’est au-delà de ce qui est admis, il faut le droit de gérer la société",
				adjustments[a.Kind].label, a.Amount.Format("fr"), d.Number)
		}
		if a.Kind != match.Difference {
			continue
		}
		a.Kind = writtenOff
		if ceiling := setting.WriteOffCeiling.In(v); a.Amount.Currency != ceiling.Currency || !a.Amount.Less(ceiling) {
			return fault.Invalidf("amount", "%s\u00a0: un abandon de cette taille passe par le passage en perte", a.Amount.Format("fr"))
		}
	}
	return nil
}

// within tells whether an adjustment is one that the creditor's rules grant.
func within(rules match.Rules, d ledger.Document, e bank.Kept, a match.Adjustment) bool {
	// In any currency, as match.Rules say.
	most := func(limit money.Amount) bool { return a.Amount.Minor <= limit.Minor }
	switch a.Kind {
	case match.Difference:
		return most(rules.Tolerance)
	case match.BankFees:
		return most(rules.Fees) || most(e.Fees.Abs())
	case match.EarlyDiscount:
		return discountOf(d.Terms, d.Issued).earned(d.Amount, a.Amount, e.On, rules.Grace)
	}
	return false
}

// write enters bookings in the books, all in one: the documents, what they are
// set against, what they came from, and the journal.
func write(ctx context.Context, tx *db.Tx, s creditor.Scope, as State, list []*booking) error {
	if len(list) == 0 {
		return nil
	}
	var batch ledger.Batch
	var rows []row
	var entries []string
	for _, k := range list {
		batch.Documents = append(batch.Documents, k.batch.Documents...)
		batch.Allocations = append(batch.Allocations, k.batch.Allocations...)
		rows = append(rows, k.row(as))
		entries = append(entries, k.entry.ID)
	}
	if err := ledger.Enter(ctx, tx, s, batch); err != nil {
		return err
	}
	if err := takePlaces(ctx, tx, s, list); err != nil {
		return err
	}
	for _, k := range list {
		if err := k.arrive(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := insertApplications(ctx, tx, s, list); err != nil {
		return err
	}
	if err := loadParts(ctx, tx, s, list); err != nil {
		return err
	}
	if err := putRows(ctx, tx, s, rows); err != nil {
		return err
	}
	if err := dropSuspects(ctx, tx, s, entries); err != nil {
		return err
	}
	if err := use(ctx, tx, s, true, entries...); err != nil {
		return err
	}
	if err := learn(ctx, tx, s, 1, list...); err != nil {
		return err
	}
	return tell(ctx, tx, s, "cash.applied", list)
}

func (k *booking) row(as State) row {
	r := row{
		entry: k.entry.ID, on: k.entry.On, state: as, application: k.app.ID, examined: true,
		confidence: int64(k.app.Explanation.Confidence),
	}
	if len(k.customers) > 0 {
		r.customer = k.customers[0]
	}
	return r
}

// told is what the journal keeps of an application.
type told struct {
	Entry       string       `json:"entry"`
	Application string       `json:"application"`
	On          cal.Date     `json:"on"`
	Amount      money.Amount `json:"amount"`
	Label       string       `json:"label,omitempty"`
	Lines       []toldLine   `json:"lines,omitempty"`
	Adjustments []toldLine   `json:"adjustments,omitempty"`
	Unallocated money.Amount `json:"unallocated,omitzero"`
	Confidence  string       `json:"confidence,omitempty"` // in percent
	Reasons     []string     `json:"reasons,omitempty"`    // codes
	Reason      string       `json:"reason,omitempty"`
}

type toldLine struct {
	Number string       `json:"number"`
	Kind   string       `json:"kind,omitempty"`
	Amount money.Amount `json:"amount"`
}

// tell writes applications into the journal, once for each of their customers.
func tell(ctx context.Context, tx *db.Tx, s creditor.Scope, action string, list []*booking) error {
	var notes []journal.Note
	for _, k := range list {
		for _, c := range k.customers {
			notes = append(notes, journal.Note{Action: action, Subject: "customer/" + c, Body: k.told()})
		}
	}
	return journal.WriteAll(ctx, tx, s, notes)
}

func (k *booking) told() told {
	x := k.app.Explanation
	t := told{
		Entry: k.entry.ID, Application: k.app.ID, On: k.entry.On, Amount: k.entry.Amount, Label: label(k.entry),
		Unallocated: x.Remainder,
	}
	if x.Confidence > 0 {
		t.Confidence = Percent(x.Confidence)
	}
	for _, l := range x.Lines {
		t.Lines = append(t.Lines, toldLine{Number: k.numbers[l.Item], Amount: l.Amount})
	}
	for _, a := range x.Adjustments {
		t.Adjustments = append(t.Adjustments, toldLine{k.numbers[a.Item], string(a.Kind), a.Amount})
	}
	for _, r := range x.Reasons {
		t.Reasons = append(t.Reasons, r.Code)
	}
	return t
}
