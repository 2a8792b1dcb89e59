package bench_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/bankyear"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// The creditor's rules in the replay, and the confidence from which it lets
// entries be allocated without a person: what the settings are by themselves.
var (
	defaults setting.Values
	rules    = match.Rules{
		Tolerance: setting.CashTolerance.In(defaults), Fees: setting.CashFees.In(defaults), Grace: setting.CashGrace.In(defaults),
	}
	automatic = match.Confidence(setting.CashConfidence.In(defaults))
)

// books are a ledger as the index takes it.
type books struct {
	items     []match.Item
	customers []match.Customer
}

// booksOf reads a world's open items; number and code stand for identifiers.
func booksOf(y *bankyear.Year) (b books) {
	index := 0
	for c := range y.World.Customers() {
		m := match.Customer{ID: c.Code, Code: c.Code, Name: c.Name, SIREN: c.SIREN, Public: c.Kind == demo.Public, Postcode: c.PostalCode, City: c.City}
		if mandate := y.Mandate(c, index); mandate != "" {
			m.Mandates = []string{mandate}
		}
		for _, tag := range c.Tags {
			if group, ok := strings.CutPrefix(tag, "groupe:"); ok {
				m.Group = group
			}
		}
		index++
		b.customers = append(b.customers, m)
		b.items = append(b.items, openOf(c, c.Discount)...)
	}
	return b
}

func openOf(c *demo.Customer, d demo.Discount) (list []match.Item) {
	for _, i := range c.Invoices {
		if i.Open.IsZero() {
			continue
		}
		item := match.Item{
			ID: i.Number, Customer: c.Code, Kind: match.Invoice, Number: i.Number, Issued: i.Issued, Due: i.Due,
			Amount: i.Total, Open: i.Open, Order: i.Order,
		}
		if d.Rate > 0 {
			item.Discount = match.Discount{Rate: d.Rate, Until: i.Issued.Add(d.Days)}
		}
		list = append(list, item)
	}
	for _, n := range c.CreditNotes {
		if !n.Open.IsZero() {
			list = append(list, match.Item{
				ID: n.Number, Customer: c.Code, Kind: match.CreditNote, Number: n.Number, Issued: n.Issued,
				Amount: n.Total, Open: n.Open, Preceding: n.Preceding,
			})
		}
	}
	for _, p := range c.Payments {
		if !p.Open.IsZero() {
			list = append(list, match.Item{
				ID: p.Number, Customer: c.Code, Kind: match.Payment, Number: p.Number, Issued: p.On,
				Amount: p.Amount, Open: p.Open,
			})
		}
	}
	return list
}

// learner is an index that learns of a payer while it is used.
type learner interface{ Learn(match.Memory) }

// replay lives a year of entries as the cash room would: each entry is
// explained with what is open and known at that moment; what is sure is
// allocated, and of all others a person allocates what is true; each allocation
// teaches who pays for whom. Returned money opens again what it had settled.
type replay struct {
	index   *match.Index
	applied map[string]match.Explanation // by the entry's reference
	spent   time.Duration                // in the index
	slowest time.Duration
	score   score
}

// step takes one entry through.
func (r *replay) step(m bankyear.Movement) {
	e := m.Entry
	if e.Amount.Sign() < 0 {
		r.score.out++
		if x, ok := r.applied[m.Truth.Of]; ok && m.Truth.Of != "" {
			r.score.returned++
			r.index.Put(match.Explanation{Customer: x.Customer, Lines: returnedLines(m.Truth)})
		}
		return
	}
	start := time.Now()
	answer := r.index.Explain(entryOf(e))
	took := time.Since(start)
	r.spent, r.slowest = r.spent+took, max(r.slowest, took)
	want := wanted(m)
	alone := answer.Unique && len(answer.Explanations) > 0 && answer.Explanations[0].Confidence >= automatic
	r.score.count(m, answer, want, alone)
	if m.Truth.Nobody {
		return // a mistake is undone at once: a person sees it
	}
	start = time.Now()
	r.index.Take(want)
	r.learn(e, want)
	r.spent += time.Since(start)
	if len(m.Truth.Lines) > 0 {
		r.applied[m.Truth.Ref] = want
	}
}

// learn tells the index who paid for whom.
func (r *replay) learn(e *bank.Entry, x match.Explanation) {
	l, ok := any(r.index).(learner)
	if !ok {
		return
	}
	payers := map[string]bool{x.Customer: true}
	for _, line := range x.Lines {
		payers[line.Customer] = true
	}
	for _, c := range slices.Sorted(maps.Keys(payers)) {
		if e.Party.IBAN != "" {
			l.Learn(match.Memory{Customer: c, IBAN: e.Party.IBAN, Times: 1})
		}
		if e.Party.Name != "" {
			l.Learn(match.Memory{Customer: c, Name: e.Party.Name, Times: 1})
		}
	}
}

// entryOf is an entry as the matcher sees it.
func entryOf(e *bank.Entry) match.Entry {
	m := match.Entry{
		ID: e.BankRef, On: e.On, Amount: e.Amount, Means: string(e.Means), Texts: e.Texts, Structured: e.Structured,
		EndToEnd: e.EndToEnd, Mandate: e.Mandate, Payer: match.Party{Name: e.Party.Name, IBAN: e.Party.IBAN},
		Ultimate: match.Party{Name: e.Ultimate.Name, IBAN: e.Ultimate.IBAN}, Fees: e.Fees,
	}
	if m.EndToEnd == "NOTPROVIDED" {
		m.EndToEnd = ""
	}
	return m
}

// wanted is the truth as an explanation under the rules: what is missing within
// its tolerance is settled, what is missing beyond stays open.
func wanted(m bankyear.Movement) (x match.Explanation) {
	for _, l := range m.Truth.Lines {
		line := match.Line{Item: l.Number, Customer: l.Customer, Amount: l.Amount}
		if l.Credit {
			line.Amount = l.Amount.Neg()
		}
		if kind, ok := settled(l, m.Entry.On); ok {
			line.Amount = l.Amount.Add(l.Short)
			x.Adjustments = append(x.Adjustments, match.Adjustment{Item: l.Number, Kind: kind, Amount: l.Short})
		}
		x.Lines = append(x.Lines, line)
		x.Customer = cmp.Or(x.Customer, l.Customer)
	}
	for _, o := range m.Truth.Over {
		x.Customer = cmp.Or(x.Customer, o.Customer)
		x.Remainder = x.Remainder.Add(o.Amount)
	}
	return x
}

// settled tells how what is missing of a line is settled, if it is. A limit holds
// in every currency, in its own minor units, as match.Rules say.
func settled(l bankyear.Line, on cal.Date) (match.AdjustmentKind, bool) {
	within := func(limit money.Amount) bool { return l.Short.Minor <= limit.Minor }
	switch {
	case l.Why == bankyear.Discounted && on <= l.Until.Add(rules.Grace):
		return match.EarlyDiscount, true
	case l.Why == bankyear.Charged && within(rules.Fees):
		return match.BankFees, true
	}
	return match.Difference, l.Why != "" && within(rules.Tolerance)
}

func returnedLines(t bankyear.Truth) (list []match.Line) {
	for _, l := range t.Lines {
		line := match.Line{Item: l.Number, Customer: l.Customer, Amount: l.Amount}
		if l.Credit {
			line.Amount = l.Amount.Neg()
		}
		list = append(list, line)
	}
	return list
}

// right tells whether an explanation is the truth: the same amounts of the same
// documents, and the same rest of the same customer.
func right(x, want match.Explanation) bool {
	if len(want.Lines) == 0 {
		return len(x.Lines) == 0 && x.Customer == want.Customer
	}
	return x.Remainder.Minor == want.Remainder.Minor && maps.Equal(sums(x.Lines), sums(want.Lines))
}

func sums(lines []match.Line) map[string]int64 {
	m := map[string]int64{}
	for _, l := range lines {
		m[l.Item] += l.Amount.Minor
	}
	return m
}
