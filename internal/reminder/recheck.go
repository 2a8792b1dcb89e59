package reminder

import (
	"context"
	"fmt"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// verdict is what the last look at an account says of a message.
type verdict struct {
	what verdictKind
	why  string // in French, as the screen shows it
}

type verdictKind int

const (
	mayLeave  verdictKind = iota // it may leave
	overtaken                    // events have made it wrong: it never leaves
	doubtful                     // it waits until a person or new facts lift the doubt
)

// recheck looks at the account again, immediately before a message leaves:
// what was paid, promised, disputed or held since it was decided makes it
// wrong; books that nobody has brought up to date make it doubtful.
func (b bench) recheck(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) (verdict, error) {
	one, err := b.decideFor(ctx, tx, s, account.Query{Day: b.today}, r.Customer)
	switch {
	case err != nil && fault.KindOf(err) != fault.KindInternal:
		return verdict{doubtful, err.Error()}, nil
	case err != nil:
		return verdict{}, err
	case one.Scenario == nil || one.Scenario.ID != r.ScenarioID:
		return verdict{overtaken, "le client ne suit plus le scénario « " + r.Scenario + " »"}, nil
	}
	for _, over := range one.Overtaken {
		if over.Pending.ID == r.ID {
			return verdict{overtaken, over.Reason.Text(i18n.FR)}, nil
		}
	}
	if v := shortened(b.office, r); v.what != mayLeave {
		return v, nil
	}
	if v := capped(b.office, one.Account.Account); v.what != mayLeave {
		return v, nil
	}
	return b.doubts(ctx, tx, s, r)
}

// doubts are what may keep a message back though the account allows it.
func (b bench) doubts(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) (verdict, error) {
	if v, err := underMandate(ctx, tx, s); err != nil || v.what != mayLeave {
		return v, err
	}
	if v := b.stale(r); v.what != mayLeave {
		return v, nil
	}
	for _, doubt := range []func(context.Context, *db.Tx, creditor.Scope, office, Reminder) (verdict, error){
		toCredit, unmatched,
	} {
		if v, err := doubt(ctx, tx, s, b.office, r); err != nil || v.what != mayLeave {
			return v, err
		}
	}
	return verdict{}, nil
}

// shortened takes back a message that gives a deadline of which more than half
// went by while it waited: it would not give the time that it says.
func shortened(o office, r Reminder) verdict {
	written := cal.Of(r.DecidedAt.In(o.zone))
	if r.Details.Deadline == 0 || 2*o.today.Sub(written) <= r.Details.Deadline {
		return verdict{}
	}
	return verdict{overtaken, fmt.Sprintf("ce message, écrit le %s, donne un délai de %d jours dont plus de la moitié est passée",
		written.Time().Format("02/01/2006"), r.Details.Deadline)}
}

// capped holds a message to a customer who has heard of us too often lately.
func capped(o office, a dunning.Account) verdict {
	limit := setting.CustomerCap.In(o.values)
	if limit == 0 {
		return verdict{}
	}
	n := 0
	for _, c := range a.Contacts {
		if c.Spoke() && o.today.Sub(c.On) < 7 {
			n++
		}
	}
	if n < limit {
		return verdict{}
	}
	return verdict{doubtful, fmt.Sprintf("le client a déjà reçu %d messages en 7 jours : c’est la limite réglée", n)}
}
