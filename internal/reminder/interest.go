package reminder

import (
	"bytes"
	"context"
	"errors"

	"acquit/internal/channel"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/law/fr"
	writing "acquit/internal/letter"
	"acquit/internal/message"
	"acquit/internal/money"
)

// charges is what the customer owes besides its invoices; nothing is known while a
// rate of the law is missing, and a reminder then says nothing of it.
func charges(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder,
) (a charge.Account, ok bool, err error) {
	a, err = charge.Of(ctx, tx, s, r.Customer, o.today)
	if _, missing := errors.AsType[*fr.MissingRateError](err); missing {
		return a, false, nil
	}
	return a, err == nil, err
}

// interest is what the law adds to the claimed invoices: what is still owed of it.
// A currency other than the euro leaves the indemnity out, for the two do not add up.
func interest(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (*message.Interest, error) {
	a, ok, err := charges(ctx, tx, s, o, r)
	if err != nil || !ok {
		return nil, err
	}
	c := r.Amount.Currency
	i := message.Interest{Until: o.today, Amount: money.Zero(c), Indemnity: money.Zero(c)}
	seen := map[string]bool{}
	for _, claim := range r.Details.Claims {
		line, ok := a.Line(claim.Item)
		if !ok {
			continue
		}
		i.Amount = i.Amount.Add(line.Interest.Owed())
		if owed := line.Indemnity.Owed(); owed.Sign() > 0 && owed.Currency == c {
			i.Indemnity, i.Count = i.Indemnity.Add(owed), i.Count+1
		}
		for _, segment := range line.Charges.Segments {
			seen[segment.Rate.Percent()] = true
			i.Rate = segment.Rate.Percent()
		}
	}
	if len(seen) > 1 {
		i.Rate = ""
	}
	if i.Amount.IsZero() && i.Indemnity.IsZero() {
		return nil, nil
	}
	return &i, nil
}

// interestFile is the interest statement as a letter, where there is something to
// state.
func interestFile(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder,
) (at channel.Attachment, ok bool, err error) {
	a, ok, err := charges(ctx, tx, s, o, r)
	if err != nil || !ok || len(a.Lines) == 0 {
		return at, false, err
	}
	l, err := charge.StatementLetter(ctx, tx, s, a, o.today)
	if err != nil {
		return at, false, err
	}
	var b bytes.Buffer
	if err := writing.Write(&b, l); err != nil {
		return at, false, err
	}
	return channel.Attachment{Name: "decompte-interets.pdf", Type: "application/pdf", Data: b.Bytes()}, true, nil
}
