package charge

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
	"acquit/internal/money"
)

// Wish is which charges of a customer an act is about.
type Wish struct {
	Customer string       // identifier
	Invoices []string     // identifiers or numbers; none is all
	Whats    []What       // none is both
	Until    cal.Date     // the last day that counts; the day of the act by default
	Amount   money.Amount // of a waiver of one charge of one invoice: part of it; zero is all
	Reason   string       // of a waiver
}

// note is what the journal keeps of an act.
type note struct {
	Entry    string         `json:"entry"`
	Invoice  string         `json:"invoice"` // number
	What     What           `json:"what"`
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
	Until    cal.Date       `json:"until"`
	Claim    string         `json:"claim,omitempty"`
	Reason   string         `json:"reason,omitempty"`
}

// Claim claims what may be claimed of the charges wished for, and gives the new
// entries. It needs Work.
func Claim(ctx context.Context, tx *db.Tx, s creditor.Scope, w Wish, today cal.Date) ([]Entry, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	lines, err := w.lines(ctx, tx, s, today)
	if err != nil {
		return nil, err
	}
	var made []Entry
	for _, l := range lines {
		for _, what := range w.whats() {
			if memo := l.Sum(what).Memo; memo.Sign() > 0 {
				made = append(made, Entry{Invoice: l.Invoice.ID, What: what, Act: Claimed, Amount: memo})
			}
		}
	}
	if len(made) == 0 {
		return nil, fault.Conflictf("rien de plus ne peut être réclamé au %s", w.Until.Short("fr"))
	}
	return made, w.record(ctx, tx, s, lines, made, today)
}

// lines are the invoices that a wish is about, the customer's books locked.
func (w *Wish) lines(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) ([]Line, error) {
	if w.Until.IsZero() {
		w.Until = today
	}
	if w.Until > today {
		return nil, fault.Invalidf("until", "les intérêts se comptent jusqu’à un jour passé ou jusqu’à aujourd’hui")
	}
	if err := tx.Lock(ctx, "customer/"+w.Customer); err != nil {
		return nil, err
	}
	a, err := Of(ctx, tx, s, w.Customer, w.Until)
	if err != nil {
		return nil, err
	}
	if w.Until < today { // what was done since then counts too
		entries, err := entriesOf(ctx, tx, s, w.Customer)
		if err != nil {
			return nil, err
		}
		a.redo(entries)
	}
	if len(w.Invoices) == 0 {
		return a.Lines, nil
	}
	var lines []Line
	for _, ref := range w.Invoices {
		l, ok := a.Line(ref)
		if !ok {
			return nil, fault.NotFound("facture «\u00a0%.60s\u00a0» en retard de ce client", ref)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// redo puts other entries on the account's lines.
func (a *Account) redo(entries []Entry) {
	for i := range a.Lines {
		l := &a.Lines[i]
		interest, indemnity := l.Interest.Computed, l.Indemnity.Computed
		l.Interest, l.Indemnity = zeroSum(interest.Currency), zeroSum(indemnity.Currency)
		l.Interest.Computed, l.Indemnity.Computed = interest, indemnity
	}
	settle(a.Lines, entries, map[string]money.Amount{})
}

func (w Wish) whats() []What {
	if len(w.Whats) == 0 {
		return Whats()
	}
	return w.Whats
}

// record stores entries and writes them into the journal.
func (w Wish) record(
	ctx context.Context, tx *db.Tx, s creditor.Scope, lines []Line, made []Entry, today cal.Date,
) error {
	for i := range made {
		e := &made[i]
		e.ID, e.Customer, e.Until, e.On, e.Reason = tx.NewID("chg"), w.Customer, w.Until, today, w.Reason
		e.By, e.At = s.Actor, tx.Now
		if err := insertEntry(ctx, tx, s, *e); err != nil {
			return err
		}
		at := slices.IndexFunc(lines, func(l Line) bool { return l.Invoice.ID == e.Invoice })
		err := journal.Write(ctx, tx, s, "charge."+string(e.Act), "customer/"+w.Customer, note{
			Entry: e.ID, Invoice: lines[at].Invoice.Number, What: e.What, Amount: e.Amount.Decimal(),
			Currency: e.Amount.Currency, Until: e.Until, Claim: e.Claim, Reason: e.Reason,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Waive gives up the charges wished for, all or part of them, for a reason: what
// was claimed first, then what never was. What is booked is taken back by a
// credit note. It needs Manage.
func Waive(ctx context.Context, tx *db.Tx, s creditor.Scope, w Wish, today cal.Date) ([]Entry, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return nil, err
	}
	var err error
	if w.Reason, err = agreement.Reason("reason", w.Reason); err != nil {
		return nil, err
	}
	if w.Until != 0 && w.Until != today {
		return nil, fault.Invalidf("until", "un abandon porte sur ce qui est dû aujourd’hui")
	}
	lines, err := w.lines(ctx, tx, s, today)
	if err != nil {
		return nil, err
	}
	made, err := w.waivers(lines)
	if err != nil {
		return nil, err
	}
	if err := within(ctx, tx, s, lines, made); err != nil {
		return nil, err
	}
	if err := w.record(ctx, tx, s, lines, made, today); err != nil {
		return nil, err
	}
	return made, takeBack(ctx, tx, s, made, today)
}

// within refuses to give up more of what an invoice has brought than the person's
// limits of negotiation allow.
func within(ctx context.Context, tx *db.Tx, s creditor.Scope, lines []Line, made []Entry) error {
	limits, err := agreement.LimitsOf(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, l := range lines {
		for _, what := range Whats() {
			given := money.Zero(l.Sum(what).Computed.Currency)
			for _, e := range made {
				if e.Invoice == l.Invoice.ID && e.What == what {
					given = given.Add(e.Amount)
				}
			}
			if err := limits.GiveUp(given, l.Sum(what).Owed()); err != nil {
				return err
			}
		}
	}
	return nil
}

// waivers spreads a waiver over claims and what was never claimed.
func (w Wish) waivers(lines []Line) ([]Entry, error) {
	var made []Entry
	part := !w.Amount.IsZero()
	if part && (len(lines) != 1 || len(w.whats()) != 1) {
		return nil, fault.Invalidf("amount", "un abandon partiel porte sur une seule facture, intérêts ou indemnité")
	}
	for _, l := range lines {
		for _, what := range w.whats() {
			rest := l.Sum(what).Owed()
			if part {
				if w.Amount.Currency != rest.Currency || w.Amount.Sign() < 0 || rest.Less(w.Amount) {
					return nil, fault.Invalidf("amount", "il reste %s à abandonner sur %s", rest.Format("fr"),
						l.Invoice.Number)
				}
				rest = w.Amount
			}
			made = append(made, l.giveUp(what, rest)...)
		}
	}
	if len(made) == 0 {
		return nil, fault.Conflictf("il n’y a rien à abandonner")
	}
	return made, nil
}

// giveUp takes an amount off the claims of a line, the oldest first, then off what
// was never claimed.
func (l Line) giveUp(what What, rest money.Amount) []Entry {
	var made []Entry
	add := func(claim string, a money.Amount) {
		if a.Sign() > 0 {
			made = append(made, Entry{Invoice: l.Invoice.ID, What: what, Act: Waived, Claim: claim, Amount: a})
			rest = rest.Sub(a)
		}
	}
	settled := l.Sum(what).Settled
	for _, e := range l.Entries {
		if e.What != what || e.Act != Claimed {
			continue
		}
		left := e.Amount
		for _, o := range l.Entries {
			if o.Claim == e.ID {
				left = left.Sub(o.Amount)
			}
		}
		paid := money.Zero(left.Currency)
		if e.Note != "" { // the oldest claim was paid first, as settle counts
			paid = money.Min(settled, left)
			settled = settled.Sub(paid)
		}
		add(e.ID, money.Min(rest, left.Sub(paid)))
	}
	add("", rest)
	return made
}

// takeBack books credit notes for what is given up of debit notes.
func takeBack(ctx context.Context, tx *db.Tx, s creditor.Scope, made []Entry, on cal.Date) error {
	off := map[string]money.Amount{}
	for _, e := range made {
		if e.Claim == "" {
			continue
		}
		claim, err := findEntry(ctx, tx, s, e.Claim)
		if err != nil {
			return err
		}
		if claim.Note != "" {
			off[claim.Note] = zeroed(off[claim.Note], e.Amount.Currency).Add(e.Amount)
			if err := book(ctx, tx, s, e.ID, claim.Note); err != nil {
				return err
			}
		}
	}
	for _, id := range sortedKeys(off) {
		debit, err := ledger.Find(ctx, tx, s, id)
		if err != nil {
			return err
		}
		if err := creditNote(ctx, tx, s, debit, off[id], on); err != nil {
			return err
		}
	}
	return nil
}

func creditNote(
	ctx context.Context, tx *db.Tx, s creditor.Scope, debit ledger.Document, a money.Amount, on cal.Date,
) error {
	number, err := nextNumber(ctx, tx, s, "AD"+on.String()[:4])
	if err != nil {
		return err
	}
	d := ledger.Document{
		Customer: debit.Customer, Kind: ledger.CreditNote, Nature: ledger.Charge, Number: number,
		Issued: max(on, debit.Issued), Amount: a, Net: a, Preceding: debit.Number, Label: "Abandon de pénalités",
		Source: source,
	}
	if err := ledger.Add(ctx, tx, s, []*ledger.Document{&d}); err != nil {
		return err
	}
	return ledger.Allocate(ctx, tx, s, &ledger.Allocation{Credit: d.ID, Invoice: debit.ID, Amount: a, On: d.Issued})
}

// source is where documents of charges come from, as imports know their own.
const source = "acquit"

// Withdraw takes back a claim or a waiver that was a mistake and is in no books. It
// needs Manage.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, reason string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	e, err := findEntry(ctx, tx, s, id)
	if err != nil {
		return agreement.Missing(err, "pénalité réclamée ou abandonnée %s", id)
	}
	all, err := entriesOf(ctx, tx, s, e.Customer)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o Entry) bool { return o.Claim == id }) {
		return fault.Conflictf("une partie en a été abandonnée\u00a0: retirez d’abord cet abandon")
	}
	done, err := withdraw(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflictf("cette pénalité est comptabilisée\u00a0: elle s’abandonne, elle ne se retire pas")
	}
	return journal.Write(ctx, tx, s, "charge.withdrawn", "customer/"+e.Customer,
		map[string]string{"entry": id, "act": string(e.Act), "reason": reason})
}
