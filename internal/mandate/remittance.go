package mandate

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
)

// Held is a payment that was collected and is to be paid over to the creditor.
type Held struct {
	Payment  string // identifier
	Number   string
	Customer string
	On       cal.Date
	Amount   money.Amount
}

// Deadline is the last day to pay it over: a month after it came in (R124-6).
func (h Held) Deadline() cal.Date { return h.On.AddMonths(1) }

// Remittance is money that was paid over to the creditor.
type Remittance struct {
	ID        string
	On        cal.Date
	Payments  []string // identifiers
	Amount    money.Amount
	Reference string
	By        string
	CreatedAt time.Time
}

// Remit records that payments were paid over, whole: fees are invoiced to the
// creditor apart. It fills the amount. It needs Work.
func Remit(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Remittance, today cal.Date) (err error) {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if r.Reference, err = agreement.Note("reference", r.Reference); err != nil {
		return err
	}
	if r.On.IsZero() || r.On > today {
		return fault.Invalidf("on", "le jour du reversement ne peut être à venir")
	}
	if len(r.Payments) == 0 {
		return fault.Invalidf("payments", "aucun règlement à reverser")
	}
	if err := tx.Lock(ctx, "remittance/"+s.Creditor); err != nil {
		return err
	}
	held, err := ToRemit(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := r.add(held); err != nil {
		return err
	}
	r.ID, r.By, r.CreatedAt = tx.NewID("rmt"), s.Actor, tx.Now
	if err := insertRemittance(ctx, tx, s, *r); err != nil {
		return err
	}
	if err := Remind(ctx, tx, s, today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "remittance.made", "creditor/"+s.Creditor, map[string]any{
		"remittance": r.ID, "on": r.On, "amount": r.Amount, "payments": r.Payments, "reference": r.Reference,
	})
}

// add sums the payments, each once and still held.
func (r *Remittance) add(held []Held) error {
	slices.Sort(r.Payments)
	r.Payments = slices.Compact(r.Payments)
	r.Amount = money.Amount{}
	for _, id := range r.Payments {
		i := slices.IndexFunc(held, func(h Held) bool { return h.Payment == id })
		switch {
		case i < 0:
			return fault.Conflictf("le règlement %s n’est pas à reverser, ou l’a déjà été", id)
		case held[i].On > r.On:
			return fault.Invalidf("on", "le règlement %s n’était pas encore encaissé ce jour-là", held[i].Number)
		case r.Amount.Currency != "" && r.Amount.Currency != held[i].Amount.Currency:
			return fault.Invalidf("payments", "un reversement est d’une seule monnaie")
		}
		r.Amount = r.Amount.Add(held[i].Amount)
	}
	return nil
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\n", ", ")), " ")
}
