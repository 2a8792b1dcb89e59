package cash

import (
	"context"
	"errors"
	"slices"

	"acquit/internal/advice"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Options say how a run goes. The zero Options write what the creditor's settings
// let the rule do.
type Options struct {
	DryRun   bool           // change nothing: the report has what would be done
	Progress func(done int) // told after each portion; may be nil

	portion int // entries in a transaction; portionEntries when 0
}

// portionEntries are written in one transaction: a tenth of a second, for which
// persons wait.
const portionEntries = 200

// Report is what a run did.
type Report struct {
	Examined int       `json:"examined"`
	Auto     int       `json:"auto"`     // allocated
	Linked   int       `json:"linked"`   // in the books already
	Aside    int       `json:"aside"`    // no customer's money
	Returned int       `json:"returned"` // that took another back
	Open     int       `json:"open"`     // left for a person
	Credits  int       `json:"credits"`  // credit notes allocated
	Skipped  []Skipped `json:"skipped"`  // that somebody else changed meanwhile
	Entries  []string  `json:"-"`        // that were looked at, and returns
	Lines    []Line    `json:"-"`        // of a dry run: what each entry would be
}

// Skipped is an entry that a run left because its items had changed meanwhile.
type Skipped struct {
	Entry  string       `json:"entry"`
	On     cal.Date     `json:"on"`
	Amount money.Amount `json:"amount"`
	Reason string       `json:"reason"`
}

// Run looks at every entry that is open, by day: it sets aside what is no
// customer's money, pairs returns with what they took back, ties what the
// accounting files have brought already, allocates what is certain and unique,
// and stores proposals and suspects of the rest. It writes in portions; one that
// is stopped has not been for nothing, and the next goes on. Another run at work
// in the same books is a conflict. It needs Work.
func Run(ctx context.Context, d *db.DB, s creditor.Scope, o Options) (rep Report, err error) {
	defer fault.Wrap(&err, "match entries")
	if err := s.Need(creditor.Work); err != nil {
		return rep, err
	}
	r := &run{d: d, o: o, s: s, rule: creditor.Scope{Creditor: s.Creditor, Actor: creditor.ActorRule, Rights: s.Rights}}
	r.rep.Skipped = []Skipped{}
	if r.o.portion == 0 {
		r.o.portion = portionEntries
	}
	if o.DryRun {
		return r.all(ctx, r.settings, r.entries)
	}
	release, ok, err := d.Exclusive(ctx, "cash/"+s.Creditor)
	if err != nil {
		return rep, err
	}
	if !ok {
		return rep, fault.Conflictf("un rapprochement est en cours dans cette société\u00a0: attendez qu’il finisse")
	}
	defer release()
	return r.all(ctx, r.settings, r.meet, r.adopt, r.returns, r.entries, r.applyCredits, r.finish)
}

// run is one run at work.
type run struct {
	d        *db.DB
	o        Options
	s        creditor.Scope
	rule     creditor.Scope // in whose name the rule acts
	values   setting.Values
	least    match.Confidence // that is allocated
	snapshot *snapshot
	money    *moneyOf
	rep      Report
}

func (r *run) all(ctx context.Context, steps ...func(context.Context) error) (Report, error) {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return r.rep, err
		}
	}
	return r.rep, nil
}

func (r *run) settings(ctx context.Context) error {
	return r.d.Read(ctx, func(tx *db.Tx) (err error) {
		r.values, err = creditor.Settings(ctx, tx, r.s)
		r.least = match.Confidence(setting.CashConfidence.In(r.values))
		return err
	})
}

// begin finds the entries that are open and reads the books, where there are any.
func (r *run) begin(ctx context.Context, tx *db.Tx) (places []bank.Place, err error) {
	if places, err = openPlaces(ctx, tx, r.s); err != nil || len(places) == 0 {
		return nil, err
	}
	if r.snapshot, err = take(ctx, tx, r.s, r.values); err != nil {
		return nil, err
	}
	r.money, err = r.snapshot.bookedMoney(ctx, tx, r.s, places[0].On, places[len(places)-1].On)
	return places, err
}

// decision is what is to become of an entry.
type decision struct {
	line   Line
	state  State
	code   Code
	x      match.Explanation // to be applied
	answer match.Answer
	tie    *tie // documents that are the same money
}

// entries decides about all that are open, the earliest first, portion by portion.
func (r *run) entries(ctx context.Context) error {
	var places []bank.Place
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		places, err = r.begin(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(places, r.o.portion) {
		if err := r.portion(ctx, some); err != nil {
			return err
		}
		if r.o.Progress != nil {
			r.o.Progress(r.rep.Examined)
		}
	}
	return nil
}

func (r *run) portion(ctx context.Context, places []bank.Place) error {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	var list []Line
	var advices map[string][]advice.Kept
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = fill(ctx, tx, r.s, ids, (*filler).rows, (*filler).suspects); err != nil {
			return err
		}
		advices, err = advice.Of(ctx, tx, r.s, ids...)
		return err
	})
	if err != nil {
		return err
	}
	var decided []*decision
	for _, l := range list {
		if l.State == Open {
			d := r.decide(l, advices[l.Entry.ID])
			decided, r.rep.Entries = append(decided, d), append(r.rep.Entries, l.Entry.ID)
			r.rep.Examined++
		}
	}
	if r.o.DryRun {
		for _, d := range decided {
			r.count(d)
			r.rep.Lines = append(r.rep.Lines, d.shown())
		}
		return nil
	}
	return r.write(ctx, decided)
}

// shown is a line as it would be.
func (d *decision) shown() Line {
	l := d.line
	l.State, l.Code = d.state, d.code
	l.Proposals, l.Unique, l.Suspects = d.answer.Explanations, d.answer.Unique, d.answer.Suspects
	if d.state == Auto {
		l.Application = &Application{Entry: l.Entry.ID, Kind: PaymentKind, Explanation: d.x, By: creditor.ActorRule}
	}
	return l
}

func (r *run) count(d *decision) {
	switch d.state {
	case Auto:
		r.rep.Auto++
	case Linked:
		r.rep.Linked++
	case Aside:
		r.rep.Aside++
	default:
		r.rep.Open++
	}
}

// decide says what is to become of an entry, and takes what it pays off the index
// so that the next sees the rest.
func (r *run) decide(l Line, told []advice.Kept) *decision {
	d := &decision{line: l, state: Open}
	if l.Entry.Amount.Sign() > 0 && r.asideAs(l) == "" {
		d.answer = r.snapshot.ix.Explain(entryOf(l.Entry, told...))
	}
	if r.snapshot.refused[l.Entry.ID] || l.Entry.Status != bank.IsBooked {
		return d
	}
	r.tied(d)
	switch d.state {
	case Linked:
		r.money.use(d.tie, d.x)
	case Auto:
		if d.tie != nil {
			r.money.use(d.tie, match.Explanation{})
		}
		r.snapshot.ix.Take(d.x)
	default:
		d.code = r.asideAs(l)
		if d.code != "" {
			d.state = Aside
		}
	}
	return d
}

// tied weighs what an entry may pay against what of its money the books have
// already. Money that the files brought and no invoice has taken is allocated as
// the entry says; where the two do not agree, a person decides.
func (r *run) tied(d *decision) {
	e := d.line.Entry
	certain := r.certain(d.answer)
	if certain {
		d.state, d.x = Auto, d.answer.Explanations[0]
	}
	defer func() {
		if d.state == Auto && !setting.CashAutomatic.In(r.values) {
			d.state, d.tie, d.x = Open, nil, match.Explanation{}
		}
	}()
	twin := r.twin(e, d.answer)
	noted, x := r.settled(e)
	switch {
	case twin != nil && !certain:
		d.state, d.tie = Linked, twin
	case twin != nil && twin.free && alone(d.x, twin.customer):
		d.tie = twin
	case twin != nil && twin.free:
	case twin != nil && twin.named:
		d.state, d.tie, d.x = Linked, twin, match.Explanation{}
	case twin != nil && !byReference(d.x):
		d.state, d.x = Open, match.Explanation{}
	case noted != nil && certain && x.Confidence == d.x.Confidence:
		d.state, d.x = Open, match.Explanation{}
	case noted != nil && (!certain || d.x.Confidence < x.Confidence):
		d.state, d.tie, d.x = Linked, noted, x
	}
}

// alone tells whether all of an explanation is of one customer.
func alone(x match.Explanation, customer string) bool {
	return (x.Remainder.IsZero() || x.Customer == customer) &&
		!slices.ContainsFunc(x.Lines, func(l match.Line) bool { return l.Customer != customer })
}

// byReference tells whether the entry itself names what an explanation pays.
func byReference(x match.Explanation) bool {
	return slices.ContainsFunc(x.Reasons, func(r match.Reason) bool { return r.Found != "" && r.Item != "" })
}

// certain tells whether the first explanation is one that the rule allocates.
func (r *run) certain(a match.Answer) bool {
	return len(a.Explanations) > 0 && a.Unique && len(a.Explanations[0].Lines) > 0 &&
		a.Explanations[0].Confidence >= r.least
}

// asideAs is why an entry is no customer's money; empty where it may be.
func (r *run) asideAs(l Line) Code {
	e := l.Entry
	switch {
	case l.Code == Person: // somebody took it back
		return ""
	case e.Means == bank.Fee && e.Return == nil:
		return Fee
	case r.snapshot.own[squeeze(e.Party.IBAN)]:
		return Own
	case e.Amount.Sign() < 0 && e.Return == nil && !e.Reversal && e.Undoes == "":
		return Outgoing
	}
	return ""
}

// write enters a portion in the books. Where somebody has changed meanwhile what
// it stands on, its entries are written one by one, and those that no longer fit
// are left and told.
func (r *run) write(ctx context.Context, list []*decision) error {
	err := r.d.Write(ctx, func(tx *db.Tx) error { return r.writeAll(ctx, tx, list) })
	if err == nil {
		for _, d := range list {
			r.count(d)
		}
		return nil
	}
	if !contested(err) {
		return err
	}
	for _, d := range list {
		err := r.d.Write(ctx, func(tx *db.Tx) error { return r.writeAll(ctx, tx, []*decision{d}) })
		switch {
		case err == nil:
		case contested(err):
			if err := r.skip(ctx, d, err); err != nil {
				return err
			}
		default:
			return err
		}
		r.count(d)
	}
	return nil
}

// contested tells whether an error is that somebody else was faster, or that the
// books refuse what was planned: the entry is then left for a person.
func contested(err error) bool {
	k := fault.KindOf(err)
	return k == fault.KindConflict || k == fault.KindInvalid || db.IsDuplicate(err)
}

// skip leaves an entry open, to be looked at again by the next run.
func (r *run) skip(ctx context.Context, d *decision, why error) error {
	if d.state == Auto {
		r.snapshot.ix.Put(d.x)
	}
	r.rep.Skipped = append(r.rep.Skipped, Skipped{
		Entry: d.line.Entry.ID, On: d.line.Entry.On, Amount: d.line.Entry.Amount, Reason: message(why),
	})
	d.state = Open
	return r.d.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, r.s); err != nil {
			return err
		}
		states, err := statesOf(ctx, tx, r.s, []string{d.line.Entry.ID})
		if err != nil || states[d.line.Entry.ID] != Open {
			return err
		}
		return r.writeOpen(ctx, tx, []*decision{d}, false)
	})
}

// message is the words of a fault alone, without where it happened.
func message(err error) string {
	if c, ok := errors.AsType[*fault.Conflict](err); ok {
		return c.Message
	}
	if c, ok := errors.AsType[*fault.Invalid](err); ok {
		return c.Message
	}
	return "déjà traité par quelqu’un d’autre"
}
