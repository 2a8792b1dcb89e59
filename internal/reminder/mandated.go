package reminder

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/mandate"
	"acquit/internal/message"
	"acquit/internal/money"
)

// mandated adds to a message what CPCE R124-4 asks of whoever collects for
// another, and names the one who speaks.
func mandated(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, f *message.Facts) error {
	m, on, err := mandate.Find(ctx, tx, s)
	if err != nil || !on {
		return err
	}
	first, at, err := mandate.FirstLetter(ctx, tx, s, r.Customer, m)
	if err != nil {
		return err
	}
	numbers := make([]string, len(r.Details.Claims))
	for i, c := range r.Details.Claims {
		numbers[i] = c.Number
	}
	claim := mandate.Claim{
		Creditor: f.Creditor.Name, Address: strings.ReplaceAll(f.Creditor.Address, "\n", ", "),
		Basis: strings.Join(numbers, ", "), Principal: r.Amount, Reference: r.ID,
		Interest: money.Zero(r.Amount.Currency), Other: money.Zero(r.Amount.Currency),
	}
	if f.Interest != nil {
		claim.Interest, claim.Other = f.Interest.Amount, f.Interest.Indemnity
	}
	if first != "" && first != r.ID {
		claim.First = mandate.First{Reference: first, On: cal.Of(at.In(o.zone))}
	}
	f.Mentions = m.Mentions(claim, i18n.Lang(f.Language))
	return nil
}
