package reminder

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/setting"
)

// stale holds a message when the newest word of some source, the books or a
// bank account, is older than the creditor allows: a payment may have come in
// since. A person who approved it knew how old it was that day: what has grown
// too old since then is doubted.
func (b bench) stale(r Reminder) verdict {
	byRule := r.DecidedBy == creditor.ActorRule
	if len(b.sources) == 0 && byRule && setting.StaleDays.In(b.values) > 0 { // else books that are kept here
		return verdict{doubtful, DoubtSource, i18n.Words{
			FR: "aucun import ne dit de quand datent les comptes", EN: "no import says how old the books are",
		}}
	}
	for _, source := range b.sources {
		if source.Stale(b.now) && (byRule || !source.Stale(r.DecidedAt)) {
			says := inBoth(func(l i18n.Lang) string { return silence(source, b.zone, "", l) })
			return verdict{doubtful, DoubtSource, says}
		}
	}
	return verdict{}
}

// creditAwaited is how many days the credit note that ended a dispute is waited
// for: later it was forgotten, and a person has to ask for it.
const creditAwaited = 60

// toCredit holds a message about an invoice that is being credited: a dispute
// ended with the promise of a credit note that the books do not have yet.
func toCredit(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (verdict, error) {
	list, err := dispute.List(ctx, tx, s, r.Customer)
	if err != nil {
		return verdict{}, err
	}
	claimed := map[string]string{}
	for _, c := range r.Details.Claims {
		claimed[c.Item] = c.Number
	}
	for _, d := range list {
		number, ours := claimed[d.Invoice]
		if !ours || d.Outcome != dispute.Credited || o.today.Sub(d.Closed) > creditAwaited {
			continue
		}
		came, err := ledger.CreditedSince(ctx, tx, s, d.Invoice, d.Opened)
		if err != nil {
			return verdict{}, err
		}
		if !came {
			return verdict{doubtful, DoubtCredit, inBoth(func(l i18n.Lang) string {
				return i18n.Words{
					FR: "%s est à créditer depuis le %s et l’avoir n’est pas encore dans les comptes",
					EN: "%s is to be credited since %s and the credit note is not in the books yet",
				}.Format(l, number, dayWords(d.Closed, l))
			})}, nil
		}
	}
	return verdict{}, nil
}

// unmatched holds a message to a customer whose money may lie at the bank: an
// entry that nobody has explained yet could be theirs, or nothing has looked at
// the newest entries.
func unmatched(ctx context.Context, tx *db.Tx, s creditor.Scope, _ office, r Reminder) (verdict, error) {
	g, err := moneyOf(ctx, tx, s, []string{r.Customer})
	if err != nil || !g.Held(r.Customer) {
		return verdict{}, err
	}
	return verdict{doubtful, DoubtPayment, inBoth(func(l i18n.Lang) string { return g.Why(r.Customer, l) })}, nil
}
