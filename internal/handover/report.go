package handover

import (
	"context"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/task"
)

// Ways of telling a partner.
const (
	ByMail   = "mail"
	ByLetter = "letter"
	ByPhone  = "phone"
)

// Declare tells the partner, on record, of all that came in directly and was not told
// yet: its fee and what it still claims depend on it (the debtor must never be asked
// for what was paid). It gives the sum. It needs Work.
func Declare(ctx context.Context, tx *db.Tx, s creditor.Scope, id, way string, today cal.Date) (money.Amount, error) {
	if err := s.Need(creditor.Work); err != nil {
		return money.Amount{}, err
	}
	if !known(way, []string{ByMail, ByLetter, ByPhone}) {
		return money.Amount{}, fault.Invalidf("way", "« %s » n’est pas une façon de déclarer : mail, letter ou phone", way)
	}
	h, err := locked(ctx, tx, s, id)
	if err != nil {
		return money.Amount{}, err
	}
	all, err := Receipts(ctx, tx, s, h)
	if err != nil {
		return money.Amount{}, err
	}
	due := ToDeclare(all)
	if len(due) == 0 {
		return money.Amount{}, fault.Conflictf("il n’y a rien à déclarer")
	}
	sum, act := money.Zero(h.Currency), tx.NewID("dcl")
	for _, r := range due {
		sum = sum.Add(r.Amount)
	}
	if err := insertDeclarations(ctx, tx, s, h.ID, act, way, today, due); err != nil {
		return sum, err
	}
	if err := finishTasks(ctx, tx, s, h.Customer, task.DeclareReceipt, "déclaré le "+today.Short("fr")); err != nil {
		return sum, err
	}
	return sum, journal.Write(ctx, tx, s, "handover.declared", "customer/"+h.Customer,
		map[string]any{"handover": h.ID, "declaration": act, "way": way, "amount": sum, "receipts": len(due)})
}

// ToDeclare are the receipts of which the partner does not know.
func ToDeclare(all []Receipt) (list []Receipt) {
	for _, r := range all {
		if r.Declared.IsZero() && !r.Remitted {
			list = append(list, r)
		}
	}
	return list
}

// Sum adds receipts up in a currency.
func Sum(list []Receipt, c money.Currency) money.Amount {
	sum := money.Zero(c)
	for _, r := range list {
		sum = sum.Add(r.Amount)
	}
	return sum
}

// Tell records what a partner reported on a day. It needs Work.
func Tell(ctx context.Context, tx *db.Tx, s creditor.Scope, f *Feedback, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	h, err := locked(ctx, tx, s, f.Handover)
	if err != nil {
		return err
	}
	if h.HandedOn.IsZero() {
		return fault.Conflictf("ces créances n’ont pas été confiées")
	}
	if err := f.check(h, today); err != nil {
		return err
	}
	f.ID, f.By = tx.NewID("hnt"), s.Actor
	if err := insertFeedback(ctx, tx, s, *f); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "handover.noted", "customer/"+h.Customer, map[string]any{
		"handover": h.ID, "on": f.On, "status": f.Status, "amount": f.Amount, "text": f.Text,
	})
}

func (f *Feedback) check(h Handover, today cal.Date) (err error) {
	if !known(f.Status, Statuses()) {
		return fault.Invalidf("status", "« %s » n’est pas un état connu", f.Status)
	}
	if f.On.IsZero() {
		f.On = today
	}
	if f.On < h.HandedOn || f.On > today {
		return fault.Invalidf("on", "le jour doit être entre le %s et aujourd’hui", h.HandedOn.Short("fr"))
	}
	if f.Amount.Currency == "" {
		f.Amount = money.Zero(h.Currency)
	}
	if f.Amount.Currency != h.Currency || f.Amount.Sign() < 0 {
		return fault.Invalidf("amount", "le montant doit être en %s", h.Currency)
	}
	if f.Status == Collected && f.Amount.IsZero() {
		return &fault.Invalid{Field: "amount", Message: "il manque le montant encaissé"}
	}
	f.Text, err = agreement.Note("text", f.Text)
	return err
}

// Remit records what a partner paid out. The three amounts must agree; a payment of
// the books may be named, which then needs no declaration. It needs Work.
func Remit(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Remittance, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	h, err := locked(ctx, tx, s, r.Handover)
	if err != nil {
		return err
	}
	if h.HandedOn.IsZero() {
		return fault.Conflictf("ces créances n’ont pas été confiées")
	}
	if err := r.check(h, today); err != nil {
		return err
	}
	if err := r.findPayment(ctx, tx, s, h); err != nil {
		return err
	}
	r.ID, r.By = tx.NewID("rmt"), s.Actor
	if err := insertRemittance(ctx, tx, s, *r); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "handover.remitted", "customer/"+h.Customer, map[string]any{
		"handover": h.ID, "on": r.On, "gross": r.Gross, "fee": r.Fee, "net": r.Net, "payment": r.Payment,
		"reference": r.Reference,
	})
}

func (r *Remittance) check(h Handover, today cal.Date) error {
	if r.On.IsZero() {
		r.On = today
	}
	if r.On < h.HandedOn || r.On > today {
		return fault.Invalidf("on", "le jour doit être entre le %s et aujourd’hui", h.HandedOn.Short("fr"))
	}
	for _, a := range []money.Amount{r.Gross, r.Fee} {
		if a.Currency != h.Currency {
			return fault.Invalidf("gross", "les montants doivent être en %s", h.Currency)
		}
	}
	net := r.Gross.Sub(r.Fee)
	if r.Net.Currency == "" {
		r.Net = net
	}
	switch {
	case r.Gross.Sign() <= 0 || r.Fee.Sign() < 0 || net.Sign() < 0:
		return fault.Invalidf("gross", "le brut doit être positif et au moins égal à la commission")
	case r.Net != net:
		return &fault.Invalid{
			Field:   "net",
			Message: "le brut moins la commission font " + net.Format("fr") + ", non " + r.Net.Format("fr"),
			Mend:    "reprendre les trois montants du bordereau",
		}
	}
	if r.Reference = strings.TrimSpace(r.Reference); len([]rune(r.Reference)) > maxLine {
		return fault.Invalidf("reference", "une ligne de %d caractères au plus", maxLine)
	}
	return nil
}

// findPayment finds the payment of the books that the remittance is.
func (r *Remittance) findPayment(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) error {
	if r.Payment == "" {
		return nil
	}
	found, err := ledger.Named(ctx, tx, s, r.Payment)
	if err != nil {
		return err
	}
	for _, d := range found {
		if d.Customer == h.Customer && d.Kind == ledger.Payment {
			r.Payment, r.Paid = d.ID, d.Amount
			return nil
		}
	}
	return fault.NotFound("encaissement «\u00a0%.60s\u00a0» de ce client", r.Payment)
}

// Ledger is what a hand-over brought and cost: what the partner says to have collected,
// what it remitted, what it asked and what its terms say.
type Ledger struct {
	Collected   money.Amount // as it reported
	Gross       money.Amount // as it remitted
	Fee         money.Amount // as it kept
	Net         money.Amount
	ExpectedFee money.Amount // by its terms on what it collected, the fixed part included
	Awaited     money.Amount // collected and not remitted
	RemitBy     cal.Date     // the day by which it must be; no day when nothing is awaited
	Direct      money.Amount // received by the creditor itself
	Undeclared  money.Amount // of that
}

// Account adds up what is known of a hand-over.
func (h Handover) Account(told []Feedback, remitted []Remittance, received []Receipt) Ledger {
	z := money.Zero(h.Currency)
	l := Ledger{Collected: z, Gross: z, Fee: z, Net: z, Direct: z, Awaited: z}
	for _, r := range remitted {
		l.Gross, l.Fee, l.Net = l.Gross.Add(r.Gross), l.Fee.Add(r.Fee), l.Net.Add(r.Net)
	}
	for _, f := range told {
		if f.Status != Collected {
			continue
		}
		l.Collected = l.Collected.Add(f.Amount)
		if by := RemitBy(f.On); l.RemitBy.IsZero() && l.Gross.Less(l.Collected) {
			l.RemitBy = by // of the first sum that the remittances do not cover
		}
	}
	if l.Gross.Less(l.Collected) {
		l.Awaited = l.Collected.Sub(l.Gross)
	}
	base := l.Gross
	if base.Less(l.Collected) {
		base = l.Collected
	}
	l.ExpectedFee = h.Terms.Expected(base)
	for _, r := range received {
		if !r.Remitted {
			l.Direct = l.Direct.Add(r.Amount)
		}
	}
	l.Undeclared = Sum(ToDeclare(received), h.Currency)
	return l
}
