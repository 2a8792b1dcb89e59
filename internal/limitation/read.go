package limitation

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/law/fr"
	"acquit/internal/setting"
	"acquit/internal/statute"
)

// Of are the clocks of a customer's open invoices as of a day, the one that ends
// first before the others. It needs Read.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string, day cal.Date) ([]Clock, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	c, err := whoIs(ctx, tx, s, ref)
	if err != nil {
		return nil, err
	}
	return clocks(ctx, tx, s, agreement.Span{Day: day, From: c.ID, To: c.ID})
}

// Each gives the clocks of all open invoices, customer by customer, some customers
// at a time: memory does not grow with the books. It needs Read.
func Each(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) iter.Seq2[[]Clock, error] {
	return func(yield func([]Clock, error) bool) {
		if err := s.Need(creditor.Read); err != nil {
			yield(nil, err)
			return
		}
		for after := ""; ; {
			ids, err := owing(ctx, tx, s, after)
			if err != nil || len(ids) == 0 {
				if err != nil {
					yield(nil, err)
				}
				return
			}
			after = ids[len(ids)-1]
			list, err := clocks(ctx, tx, s, agreement.Span{Day: day, From: ids[0], To: after})
			if !yield(list, err) || err != nil {
				return
			}
		}
	}
}

// Barred are the days from which open invoices of consumers among customers in a row
// are barred, where that comes by a day. It is for decisions: nobody is asked for what
// no court would grant.
func Barred(
	ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span, until cal.Date,
) (map[string]cal.Date, error) {
	list, err := openClaims(ctx, tx, s, span, customer.Consumer, until.AddMonths(-shortest))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	counted, err := count(ctx, tx, s, span, list)
	days := map[string]cal.Date{}
	for _, c := range counted {
		if !c.Hypothesis() && !c.Halted && c.Safe < until {
			days[c.ID] = c.Safe.Add(1)
		}
	}
	return days, err
}

// shortest is the least months that any claim has: a cheque's.
const shortest = 6

// Performed are the days on which what the invoices of some customers are for was
// supplied, by invoice, as far as somebody said.
func Performed(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) (map[string]cal.Date, error) {
	rules, err := rulesOf(ctx, tx, s, span)
	days := map[string]cal.Date{}
	for id, r := range rules {
		if !r.Performed.IsZero() {
			days[id] = r.Performed
		}
	}
	return days, err
}

// clocks counts the open invoices of customers in a row.
func clocks(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) ([]Clock, error) {
	list, err := openClaims(ctx, tx, s, span, "", span.Day)
	if err != nil || len(list) == 0 {
		return []Clock{}, err
	}
	return count(ctx, tx, s, span, list)
}

// count counts claims of customers in a row.
func count(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span, list []Claim) ([]Clock, error) {
	if err := befall(ctx, tx, s, span, list); err != nil {
		return nil, err
	}
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	trade, err := setting.Read(ctx, tx, s.Creditor, setting.Trade)
	if err != nil {
		return nil, err
	}
	all := make([]Clock, len(list))
	for i, c := range list {
		if all[i], err = Count(law, c, trade, span.Day); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b Clock) int {
		return cmp.Or(strings.Compare(a.Customer, b.Customer), cmp.Compare(a.Safe, b.Safe))
	})
	return all, nil
}

// befall adds to claims all that was said of them and happened to them.
func befall(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span, list []Claim) error {
	rules, err := rulesOf(ctx, tx, s, span)
	if err != nil {
		return err
	}
	b := newShelf(list)
	for i := range list {
		list[i].Of, list[i].Own = rules[list[i].Customer], rules[list[i].ID]
	}
	for _, read := range []iter.Seq2[Event, error]{
		notedBetween(ctx, tx, s, span), payments(ctx, tx, s, span), agreed(ctx, tx, s, span),
		notices(ctx, tx, s, span),
	} {
		for e, err := range read {
			if err != nil {
				return err
			}
			b.put(e)
		}
	}
	for m, err := range reminders(ctx, tx, s, span) {
		if err != nil {
			return err
		}
		b.remind(m)
	}
	return nil
}

// shelf finds claims by invoice and by customer.
type shelf struct {
	of       map[string]*Claim
	customer map[string][]*Claim
}

func newShelf(list []Claim) shelf {
	b := shelf{make(map[string]*Claim, len(list)), map[string][]*Claim{}}
	for i := range list {
		c := &list[i]
		b.of[c.ID] = c
		b.customer[c.Customer] = append(b.customer[c.Customer], c)
	}
	return b
}

// put adds an event to its invoice, or to all that the customer owed on its day.
func (b shelf) put(e Event) {
	if e.Invoice != "" {
		if c := b.of[e.Invoice]; c != nil {
			c.Events = append(c.Events, e)
		}
		return
	}
	for _, c := range b.customer[e.Customer] {
		if c.Issued <= e.On {
			c.Events = append(c.Events, e)
		}
	}
}

// remind adds a reminder: one by one to what a public body owes, where any written
// claim interrupts; elsewhere they are told together, since they change nothing.
func (b shelf) remind(m reminded) {
	c := b.of[m.document]
	if c == nil {
		return
	}
	e := Event{
		Customer: m.customer, Invoice: m.document, On: m.on, Type: fr.Reminded, Source: FromReminder,
		Certainty: Reading, Count: 1,
	}
	if m.letter {
		e.Certainty = Text
	}
	last := len(c.Events) - 1
	if c.Debtor != customer.Public && last >= 0 && c.Events[last].Source == FromReminder {
		e.Count = c.Events[last].Count + 1
		e.Certainty = c.Events[last].Certainty
		c.Events[last] = e
		return
	}
	c.Events = append(c.Events, e)
}
