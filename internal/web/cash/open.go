package cash

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// open reads one entry with what its tab shows, or with what was made of it.
func open(ctx context.Context, tx *db.Tx, v *visit.Visit, a asked, id string) (*panel, error) {
	l, err := cash.Find(ctx, tx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	a.entry = id
	p := &panel{row: rowOf(l), entry: l.Entry.Entry, asked: a, may: v.May(creditor.Work)}
	if p.advices, err = attachedTo(ctx, tx, v.Scope, id); err != nil {
		return nil, err
	}
	if !p.waits() && !p.working() {
		if err := p.paired(ctx, tx, v.Scope, l); err != nil {
			return nil, err
		}
		return p, p.ended(ctx, tx, v.Scope, v.Lang, l)
	}
	if err := p.propose(ctx, tx, v.Scope, l); err != nil {
		return nil, err
	}
	switch {
	case a.tab == invoices:
		err = p.offer(ctx, tx, v.Scope, v.Today)
	case a.tab == chosen:
		err = p.pick(ctx, tx, v.Scope)
	case p.out():
		err = p.takenBack(ctx, tx, v.Scope, l.Entry)
	}
	return p, err
}

// propose reads the proposals with their documents, and whose documents are to be
// offered: the customer that was asked for, the likeliest otherwise.
func (p *panel) propose(ctx context.Context, tx *db.Tx, s creditor.Scope, l cash.Line) error {
	var items []string
	who := append([]string{p.asked.customer}, l.Suspects...)
	for _, x := range l.Proposals {
		who = append(who, x.Customer)
		for _, one := range x.Lines {
			items, who = append(items, one.Item), append(who, one.Customer)
		}
	}
	names, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return err
	}
	documents, err := documentsOf(ctx, tx, s, items)
	if err != nil {
		return err
	}
	for i, x := range standing(l.Proposals, documents) {
		if i > 0 && x.Confidence < leastShown {
			break
		}
		one := proposal{Explanation: x, n: i + 1, who: names[x.Customer]}
		for _, line := range x.Lines {
			shown := proposedLine{Line: line, document: documents[line.Item]}
			if line.Customer != x.Customer {
				shown.who = names[line.Customer].Name
			}
			for _, adjust := range x.Adjustments {
				if adjust.Item == line.Item {
					shown.adjust = append(shown.adjust, adjust)
				}
			}
			one.lines = append(one.lines, shown)
		}
		p.proposals = append(p.proposals, one)
	}
	p.customer = names[p.likeliest(l)]
	return nil
}

// standing are the proposals that can still be applied: what they pay may have been
// settled by another payment since the run that made them.
func standing(list []match.Explanation, documents map[string]ledger.Document) (fit []match.Explanation) {
	for _, x := range list {
		settled := slices.ContainsFunc(x.Lines, func(l match.Line) bool {
			return documents[l.Item].Open.Minor < l.Amount.Abs().Minor
		})
		if !settled {
			fit = append(fit, x)
		}
	}
	return fit
}

// leastShown is how sure a proposal after the first must be to be shown: below one
// in a hundred it only takes room.
const leastShown match.Confidence = 100

// likeliest is the customer whose documents are offered first.
func (p *panel) likeliest(l cash.Line) string {
	switch {
	case p.asked.customer != "":
		return p.asked.customer
	case len(l.Proposals) > 0:
		return l.Proposals[0].Customer
	case len(l.Suspects) > 0:
		return l.Suspects[0]
	}
	return ""
}

// ended reads what was made of an entry.
func (p *panel) ended(ctx context.Context, tx *db.Tx, s creditor.Scope, lang i18n.Lang, l cash.Line) (err error) {
	p.why, p.by, p.at = l.Reason, l.ChangedBy, l.ChangedAt
	if p.why == "" && l.Code != "" {
		p.why = l.Code.In(lang)
	}
	if a := l.Application; a != nil {
		p.applied = true
		p.by, p.at, p.reasons, p.sure = a.By, a.At, a.Explanation.Reasons, a.Explanation.Confidence
	}
	if p.by, err = personName(ctx, tx, s, lang, p.by); err != nil {
		return err
	}
	who := []string{l.Customer}
	var invoices []string
	for _, a := range l.Allocations {
		who, invoices = append(who, a.Customer), append(invoices, a.Invoice)
	}
	for _, d := range l.Documents {
		who = append(who, d.Of)
	}
	names, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return err
	}
	documents, err := documentsOf(ctx, tx, s, invoices)
	if err != nil {
		return err
	}
	for _, a := range l.Allocations {
		p.made = append(p.made, made{
			Document: documents[a.Invoice], amount: a.Amount, who: names[a.Customer], on: a.On,
			nature: a.Nature, from: a.From,
		})
	}
	for _, d := range l.Documents {
		if d.Kind == ledger.Payment && d.Open.Sign() > 0 {
			p.remainder = append(p.remainder, made{amount: d.Open, who: names[d.Of]})
		}
	}
	p.customer = names[l.Customer]
	return nil
}

// Limits of what money that left may have taken back: unpaidDays is how long after
// a payment it may come back, an unauthorised direct debit for thirteen months
// (C. monét. fin. L133-24); a cheque of a batch comes back within batchDays.
const (
	unpaidDays = 395
	batchDays  = 60
	maxTaken   = 5
)

// takenBack finds the payments that an entry of money that left may have taken
// back: those of the same amount on the same account, the newest first, then the
// batches of which it may be a part.
func (p *panel) takenBack(ctx context.Context, tx *db.Tx, s creditor.Scope, e bank.Kept) error {
	sum := e.Amount.Abs().Minor
	list, err := cash.List(ctx, tx, s, cash.Filter{
		Account: e.Source, From: e.On.Add(-unpaidDays), To: e.On, In: true, Least: sum, Most: sum, Counts: true,
		Limit: 4 * maxTaken,
	})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(l cash.Line) bool {
		return l.Entry.Amount.Currency != e.Amount.Currency || l.State == cash.Returned || l.Entry.UndoneBy != ""
	})
	list = list[:min(len(list), maxTaken)]
	batches, err := batchesOf(ctx, tx, s, e)
	if err != nil {
		return err
	}
	return p.offerTaken(ctx, tx, s, append(list, batches...))
}

// batchesOf are the batches of cheques, cards or debits that an entry may have
// taken one of back, the newest first.
func batchesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, e bank.Kept) ([]cash.Line, error) {
	if e.Means != bank.Cheque && e.Means != bank.Card && e.Means != bank.Debit {
		return nil, nil
	}
	list, err := cash.List(ctx, tx, s, cash.Filter{
		States: []cash.State{cash.Auto, cash.Applied, cash.Linked}, Account: e.Source,
		From: e.On.Add(-batchDays), To: e.On, In: true, Least: e.Amount.Abs().Minor + 1, Counts: true, Limit: 500,
	})
	list = slices.DeleteFunc(list, func(l cash.Line) bool {
		return l.Entry.Means != e.Means || l.Entry.Amount.Currency != e.Amount.Currency || len(l.Documents) < 2
	})
	return list[:min(len(list), maxTaken)], err
}

// offerTaken shows payments that may have come back, and of a batch whose they are.
func (p *panel) offerTaken(ctx context.Context, tx *db.Tx, s creditor.Scope, list []cash.Line) error {
	rows, err := rowsOf(ctx, tx, s, list)
	if err != nil {
		return err
	}
	for i, l := range list {
		one := taken{row: rows[i]}
		if l.Entry.Amount != p.amount.Neg() {
			if one.whose, err = p.whose(ctx, tx, s, l); err != nil {
				return err
			}
		}
		p.taken = append(p.taken, one)
	}
	return nil
}

// whose are the customers whose payments are in a batch: first those whose payment
// is what went back.
func (p *panel) whose(ctx context.Context, tx *db.Tx, s creditor.Scope, l cash.Line) ([]customer.Customer, error) {
	var who []string
	exact := map[string]bool{}
	for _, d := range l.Documents {
		who = append(who, d.Of)
		exact[d.Of] = exact[d.Of] || d.Amount == p.amount.Neg()
	}
	names, err := customer.ByID(ctx, tx, s, who)
	return slices.SortedFunc(maps.Values(names), func(a, b customer.Customer) int {
		switch {
		case exact[a.ID] == exact[b.ID]:
			return strings.Compare(a.Name, b.Name)
		case exact[a.ID]:
			return -1
		}
		return 1
	}), err
}

// paired reads the entry that this one took back, or that took it back.
func (p *panel) paired(ctx context.Context, tx *db.Tx, s creditor.Scope, l cash.Line) error {
	if l.Pair == "" {
		return nil
	}
	other, err := cash.Find(ctx, tx, s, l.Pair)
	if err != nil {
		return err
	}
	r := rowOf(other)
	p.pair = &r
	return nil
}

// personName is who did something, in words; empty where it was the rule.
func personName(ctx context.Context, tx *db.Tx, s creditor.Scope, lang i18n.Lang, id string) (string, error) {
	if id == creditor.ActorRule {
		return "", nil
	}
	names, err := user.Names(ctx, tx, s)
	return cash.Who(names, id, lang), err
}

// madeWords is the small print of an amount that was set against a document.
func madeWords(f ui.Frame, m made) string {
	words := m.who.Name
	switch m.nature {
	case ledger.Discount:
		words += " · " + f.Say("escompte", "early-payment discount")
	case ledger.BankFees:
		words += " · " + f.Say("frais bancaires", "bank fees")
	case ledger.Small, ledger.WriteOff:
		words += " · " + f.Say("écart de règlement", "difference")
	default:
		if m.from != "" {
			words += " · " + m.from
		}
	}
	if m.Open.Sign() > 0 {
		words += " · " + f.Sayf("reste dû %s", "%s still due", f.Lang.Amount(m.Open))
	}
	return words
}
