package stage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/demo"
	"acquit/internal/demo/bankfile"
	"acquit/internal/demo/bankyear"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// The last days of the play bring their money by the bank; of what the rule
// leaves, a person has done all but that of the last days.
const (
	bankDays = 12
	restDays = 3
)

// remittance is money that a customer pays on a day, in one currency.
type remittance struct {
	code string
	pays []payment
}

// payment is an amount for one invoice.
type payment struct {
	number string
	amount money.Amount
}

// known is a customer of the world and its place there.
type known struct {
	*demo.Customer
	index    int
	invoices map[string]demo.Invoice
}

func (g *Stage) meet(index int, c *demo.Customer) {
	k := &known{Customer: c, index: index, invoices: map[string]demo.Invoice{}}
	for _, i := range c.Invoices {
		k.invoices[i.Number] = i
	}
	g.known[c.Code] = k
}

// byBank tells whether a payment of the play comes by the bank: one of the last
// days that invoices have taken whole.
func (g *Stage) byBank(p demo.Payment) bool {
	return p.On > g.last.Add(-bankDays) && p.Open.IsZero() && len(p.Allocations) > 0
}

func remittanceOf(c *demo.Customer, p demo.Payment) remittance {
	r := remittance{code: c.Code}
	for _, a := range p.Allocations {
		r.pays = append(r.pays, payment{a.Invoice, a.Amount})
	}
	return r
}

// receive brings a day's money: the bank's statement comes in, is taken as any
// file is, and is matched.
func (g *Stage) receive(ctx context.Context, day cal.Date, list []remittance) error {
	var entries []*bank.Entry
	for _, r := range list {
		e := g.write(r, day)
		entries = append(entries, e)
		g.sent[e] = r
	}
	if day == g.strange {
		entries = append(entries, bankyear.Unknown(day, money.New(125_000, money.EUR)))
		entries = append(entries, g.goesBack(day)...)
	}
	if len(entries) == 0 {
		return nil
	}
	err := g.Desk.DB.Write(ctx, func(tx *db.Tx) error { return g.statements(ctx, tx, day, entries) })
	if err != nil {
		return err
	}
	_, err = cash.Run(ctx, g.Desk.DB, g.scope, cash.Options{})
	return err
}

// write is the entry of a remittance as the customer's bank sends it.
func (g *Stage) write(r remittance, day cal.Date) *bank.Entry {
	k := g.known[r.code]
	sum := money.Zero(r.pays[0].amount.Currency)
	var invoices []demo.Invoice
	for _, p := range r.pays {
		sum = sum.Add(p.amount)
		invoices = append(invoices, k.invoices[p.number])
	}
	return bankyear.Entry(g.World, k.Customer, k.index, day, invoices, sum)
}

// goesBack returns a payment of some days before: the last direct debit, or for
// want of one the last bill or cheque.
func (g *Stage) goesBack(day cal.Date) []*bank.Entry {
	const soonest = restDays + 1 // it has been applied
	for _, means := range []bank.Means{bank.Debit, bank.Bill, bank.Cheque} {
		for _, e := range slices.Backward(g.returnable) {
			if e.Means == means && e.On.Add(soonest) <= day {
				return []*bank.Entry{bankyear.Returned(*e, day)}
			}
		}
	}
	return nil
}

// statements takes in a day's statement of each account.
func (g *Stage) statements(ctx context.Context, tx *db.Tx, day cal.Date, entries []*bank.Entry) error {
	var currencies []money.Currency
	for i, e := range entries {
		e.BankRef = fmt.Sprintf("%s%04d", strings.ReplaceAll(day.String(), "-", ""), i+1)
		if e.Means != bank.Transfer && e.Amount.Sign() > 0 {
			g.returnable = append(g.returnable, e)
		}
		if c := e.Amount.Currency; !slices.Contains(currencies, c) {
			currencies = append(currencies, c)
		}
	}
	for _, c := range currencies {
		s := g.sheet(day, c)
		for _, e := range entries {
			if e.Amount.Currency == c {
				s.Closing.Amount = s.Closing.Amount.Add(e.Amount)
				s.Entries = append(s.Entries, e)
			}
		}
		g.till[c] = s.Closing.Amount
		if err := g.take(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// sheet is an account's statement of a day, before its entries.
func (g *Stage) sheet(day cal.Date, c money.Currency) *bankfile.Sheet {
	if _, ok := g.till[c]; !ok {
		g.till[c] = money.New(4_821_350, c)
	}
	return &bankfile.Sheet{Statement: bank.Statement{
		Kind: bank.Booked, Account: bankyear.AccountOf(g.World.Company, c), Number: fmt.Sprintf("R%s-%s", day, c),
		From: day, To: day, Currency: c, Line: 1, Opening: &bank.Balance{On: day, Amount: g.till[c]},
		Closing: &bank.Balance{On: day, Amount: g.till[c]},
	}}
}

// take brings a statement into the books as the file that it would be.
func (g *Stage) take(ctx context.Context, tx *db.Tx, s *bankfile.Sheet) error {
	var file strings.Builder
	if err := bankfile.CAMT.Write(&file, *s); err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(file.String()))
	for i, e := range s.Entries {
		e.Statement, e.Line, e.Raw = &s.Statement, i+2, bankfile.Raw(e, s.Account)
	}
	_, err := bank.Take(ctx, tx, g.scope, bank.Origin{
		File: "releve-" + s.To.String() + "-" + string(s.Currency) + ".xml", SHA256: hex.EncodeToString(hash[:]), Format: "camt",
	}, []*bank.Statement{&s.Statement}, s.Entries)
	return err
}

// settle does what a person would with the entries that the rule has left for
// some days: what they are is known here.
func (g *Stage) settle(ctx context.Context, day cal.Date) error {
	truth := g.truth()
	return g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := cash.List(ctx, tx, g.scope, cash.Filter{
			States: []cash.State{cash.Open}, To: day.Add(-restDays), In: true, Rising: true,
		})
		if err != nil {
			return err
		}
		for _, l := range list {
			r, ok := truth[l.Entry.BankRef]
			if !ok {
				continue
			}
			if err := passing(cash.Apply(ctx, tx, g.scope, l.Entry.ID, g.explanation(r))); err != nil {
				return err
			}
		}
		return nil
	})
}

// truth is what each entry is, by the bank's reference.
func (g *Stage) truth() map[string]remittance {
	list := make(map[string]remittance, len(g.sent))
	for e, r := range g.sent {
		list[e.BankRef] = r
	}
	return list
}

func (g *Stage) explanation(r remittance) match.Explanation {
	x := match.Explanation{Customer: g.owners[r.code], Remainder: money.Zero(r.pays[0].amount.Currency)}
	for _, p := range r.pays {
		x.Lines = append(x.Lines, match.Line{
			Item: g.id(ledger.Invoice, p.number), Customer: g.owners[r.code], Amount: p.amount,
		})
	}
	return x
}
