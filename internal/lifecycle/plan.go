package lifecycle

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/dispute"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Invoice is what Plan knows of the invoice itself: its parts are one, but for an
// invoice that is due on several days.
type Invoice struct {
	Number string
	Parts  []Part
	Rates  []Rate       // none where the electronic form is not known
	Net    money.Amount // without VAT, where it is known
	Credit bool         // it is a credit note: nothing is done about it
}

// Part is one due date of an invoice.
type Part struct {
	Document string
	Due      cal.Date
	Amount   money.Amount
}

func (inv Invoice) total() money.Amount {
	var sum money.Amount
	for _, p := range inv.Parts {
		sum = sum.Add(p.Amount)
	}
	return sum
}

// Kind is what an effect is made of.
type Kind string

// The kinds.
const (
	Stop    Kind = "stop"    // no dunning
	Contest Kind = "dispute" // of package dispute
	Pause   Kind = "hold"    // of package hold
	Flight  Kind = "payment" // of package inflight
	Work    Kind = "task"    // of package task
)

// Effect is one thing that should stand because of a status.
type Effect struct {
	Status   string // its identifier
	Code     string
	Kind     Kind
	Document string
	On       cal.Date
	Amount   money.Amount   // contested or on its way; zero is all
	Reason   dispute.Reason // of a dispute
	Note     string         // in French, as the dispute, the hold or the task shows it
	Title    string         // of a task
}

func (e Effect) key() effectKey { return effectKey{e.Status, e.Kind, e.Document} }

type effectKey struct {
	status   string
	kind     Kind
	document string
}

// Outcome is what Plan answers.
type Outcome struct {
	Effects  []Effect
	Problems map[string]string // by status: why it counts for nothing
	State    *Status           // the one that stands; nil without any
	Ended    string            // the code that ended it, or nothing
	Received cal.Date          // since when the buyer or its platform has it
	Approved cal.Date
	Missing  string // the status that asks for a document which we have not given (208), or nothing
}

// Plan says what should stand of an invoice, from all the statuses that are known
// of it, in whatever order they are given.
func Plan(inv Invoice, told []Status) Outcome {
	f := fold{inv: inv, out: Outcome{Problems: map[string]string{}}}
	list := slices.Clone(told)
	slices.SortFunc(list, before)
	for i := range list {
		if s := &list[i]; s.Counts() {
			f.take(s)
		}
	}
	if !inv.Credit {
		f.effects()
	}
	return f.out
}

// before orders statuses by the moment at which they were set. What is the same
// to the second is ordered by what it says, so that no order of arrival matters.
func before(a, b Status) int {
	return cmp.Or(
		cmp.Compare(a.Said.At, b.Said.At), -cmp.Compare(a.Said.Phase, b.Said.Phase), cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Said.Issuer.Role, b.Said.Issuer.Role), slices.Compare(a.Said.Reasons(), b.Said.Reasons()),
		cmp.Compare(a.ID, b.ID),
	)
}

// fold is the invoice as the statuses taken so far leave it.
type fold struct {
	inv      Invoice
	out      Outcome
	ended    *Status   // refused, rejected, cancelled, irreceivable
	dispute  *Status   // the one that stands
	missing  *Status   // suspended for want of a document
	factored *Status   // sold
	payments []*Status // announced
	tasks    []*Status // that ask for something once
}

func (f *fold) take(s *Status) {
	if f.ended != nil && !f.revives(s) {
		f.late(s)
		return
	}
	f.out.State = s
	f.proof(s)
	switch s.Code {
	case TakenCharge:
		f.missing = nil
	case Approved:
		f.dispute, f.missing = nil, nil
	case PartApproved, Disputed:
		f.dispute, f.missing = s, nil
	case Suspended:
		f.missing = s
	case Completed:
		f.missing = nil
	case PaymentSent:
		f.missing = nil
		f.payments = append(f.payments, s)
	case Refused, Rejected, Cancelled, Irreceivable:
		f.ended, f.missing = s, nil
	case Factored:
		f.factored = s
	case Unfactored:
		f.factored = nil
	case DirectPayment, NewAccount:
		f.tasks = append(f.tasks, s)
	case Deposited:
		if slices.Contains(s.Said.Reasons(), "NON_TRANSMISE") {
			f.tasks = append(f.tasks, s)
		}
	}
}

// revives tells whether a status shows that what could not be received was put
// right: the same invoice may be deposited again (501), not one that was refused
// or rejected.
func (f *fold) revives(s *Status) bool {
	if f.ended.Code != Irreceivable || codes[s.Code].final {
		return false
	}
	f.ended = nil
	return true
}

// late is a status after the end: no mandatory one may follow 210 or 213, and the
// others change nothing any more.
func (f *fold) late(s *Status) {
	if s.Code != f.ended.Code && codes[s.Code].mandatory {
		f.out.Problems[s.ID] = "reçu après «\u00a0" + f.ended.In("fr") + "\u00a0» (" + f.ended.Code +
			"), qui met fin à la facture"
	}
}

// proof notes since when the buyer has the invoice and agrees with it.
func (f *fold) proof(s *Status) {
	switch s.Code {
	case Received, MadeAvailable, TakenCharge, Approved, PartApproved, Disputed, Suspended, PaymentSent, Stamped,
		Refused:
		if f.out.Received.IsZero() || s.On < f.out.Received {
			f.out.Received = s.On
		}
	}
	if s.Code == Approved || s.Code == Stamped {
		f.out.Approved = s.On
	}
}

func (f *fold) effects() {
	if e := f.ended; e != nil {
		f.out.Ended = e.Code
		f.each(e, Effect{Kind: Stop})
		f.once(e, taskOf(e, f.inv.Number))
	} else if f.factored != nil {
		f.each(f.factored, Effect{Kind: Stop})
	}
	if d := f.dispute; d != nil {
		f.contest(d)
	}
	if m := f.missing; m != nil {
		f.out.Missing = m.ID
		f.each(m, Effect{Kind: Pause, Note: noteOf(*m)})
		f.once(m, taskOf(m, f.inv.Number))
	}
	for _, p := range f.payments {
		f.announce(p)
	}
	for _, t := range f.tasks {
		f.once(t, taskOf(t, f.inv.Number))
	}
}

// each adds an effect for every part.
func (f *fold) each(s *Status, e Effect) {
	for _, p := range f.inv.Parts {
		e.Status, e.Code, e.On, e.Document = s.ID, s.Code, s.On, p.Document
		f.out.Effects = append(f.out.Effects, e)
	}
}

// once adds an effect for the invoice as a whole.
func (f *fold) once(s *Status, e Effect) {
	if len(f.inv.Parts) > 0 {
		e.Status, e.Code, e.On, e.Document = s.ID, s.Code, cmp.Or(e.On, s.On), f.inv.Parts[0].Document
		f.out.Effects = append(f.out.Effects, e)
	}
}

// contest disputes all of the invoice (207), or what was not approved of it (206):
// the parts due last first, so that what is approved goes on by its due dates.
func (f *fold) contest(s *Status) {
	e := Effect{Kind: Contest, Reason: categoryOf(s.Said.Reasons()), Note: noteOf(*s)}
	if s.Code == Disputed {
		f.each(s, e)
		return
	}
	rest, how := contested(f.inv, &s.Said)
	if how != "" {
		e.Note += "\n" + how
	}
	total := f.inv.total()
	if rest.IsZero() { // no amount is told: all of it, until a person says
		rest = total
	}
	parts := slices.Clone(f.inv.Parts)
	slices.SortStableFunc(parts, func(a, b Part) int { return -cmp.Compare(a.Due, b.Due) })
	for _, p := range parts {
		if rest.Sign() <= 0 {
			return
		}
		take := money.Min(rest, p.Amount)
		one := e
		one.Status, one.Code, one.On, one.Document, one.Amount = s.ID, s.Code, s.On, p.Document, take
		if take == p.Amount {
			one.Amount = money.Zero(p.Amount.Currency)
		}
		f.out.Effects = append(f.out.Effects, one)
		rest = rest.Sub(take)
	}
}

// announce holds what the buyer says to have paid: the sum that is told, else all
// that is open.
func (f *fold) announce(s *Status) {
	e := Effect{Kind: Flight, Note: noteOf(*s)}
	for _, m := range s.Said.Figures("MPA") {
		if !m.On.IsZero() {
			e.On = m.On
		}
		if ingest.Known(m.Amount) && m.Amount.Currency == f.inv.total().Currency {
			e.Amount = e.Amount.Add(m.Amount)
		}
	}
	f.once(s, e)
}
