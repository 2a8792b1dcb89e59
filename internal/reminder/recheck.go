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
	code Doubt
	why  i18n.Words
}

// Doubt is what keeps a message back, for a program.
type Doubt string

// The doubts. They wait until facts or a person lift them, but an event, which has
// made the message wrong for good.
const (
	DoubtEvent   Doubt = "event"   // paid, announced, promised, disputed… since it was decided
	DoubtPayment Doubt = "payment" // money at the bank could be the customer's
	DoubtSource  Doubt = "source"  // a source has been silent for too long
	DoubtCredit  Doubt = "credit"  // the credit note that ends a dispute is awaited
	DoubtCap     Doubt = "cap"     // the customer has heard of us too often
	DoubtMandate Doubt = "mandate" // who collects for another lacks the mandate
	DoubtAccount Doubt = "account" // the account cannot be read
)

// event is the verdict that events have made a message wrong.
func event(fr, en string) verdict {
	return verdict{overtaken, DoubtEvent, i18n.Words{FR: fr, EN: en}}
}

// told is a reason of which there are words in French alone.
func told(err error) i18n.Words { return i18n.Words{FR: err.Error(), EN: err.Error()} }

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
		return verdict{doubtful, DoubtAccount, told(err)}, nil
	case err != nil:
		return verdict{}, err
	case one.Scenario == nil || one.Scenario.ID != r.ScenarioID:
		return event(
			"le client ne suit plus le scénario «\u00a0"+r.Scenario+"\u00a0»",
			"the customer does not follow the scenario “"+r.Scenario+"” any more"), nil
	}
	for _, over := range one.Overtaken {
		if over.Pending.ID == r.ID {
			return event(over.Reason.Text(i18n.FR), over.Reason.Text(i18n.EN)), nil
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
	return event(
		fmt.Sprintf("ce message, écrit le %s, donne un délai de %d jours dont plus de la moitié est passée",
			dayWords(written, i18n.FR), r.Details.Deadline),
		fmt.Sprintf("this message, written on %s, gives a deadline of %d days of which more than half went by",
			dayWords(written, i18n.EN), r.Details.Deadline))
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
	return verdict{doubtful, DoubtCap, i18n.Words{
		FR: fmt.Sprintf("le client a déjà reçu %d messages en 7 jours\u00a0: c’est la limite réglée", n),
		EN: fmt.Sprintf("the customer has had %d messages in 7 days already: that is the limit set", n),
	}}
}
