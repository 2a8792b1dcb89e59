package ingest

import (
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// OfEntry is a movement of a bank as a document, with what every document tells.
func OfEntry(e *bank.Entry) *Document {
	number := e.BankRef
	if number == "" {
		number = e.EndToEnd
	}
	return &Document{
		Kind: Entry, Entry: e, Number: number, Customer: Customer{Name: e.Party.Name}, Issued: e.On,
		Currency: e.Amount.Currency, Total: e.Amount, Label: e.Label, Line: e.Line, Column: 1,
	}
}

// Sheet adds up a statement while its entries are read, to hold them against its
// balances.
type Sheet struct {
	*bank.Statement
	sum         int64
	first, last cal.Date
	mixed       bool // entries in another currency than that of the statement
}

// Begin takes a statement in.
func (f *File) Begin(s *bank.Statement) *Sheet {
	f.Statements = append(f.Statements, s)
	return &Sheet{Statement: s}
}

// Add counts an entry of the statement.
func (s *Sheet) Add(e *bank.Entry) {
	if s.Currency == "" {
		s.Currency = e.Amount.Currency
	}
	s.mixed = s.mixed || e.Amount.Currency != s.Currency
	if e.Status == bank.IsBooked {
		s.sum += e.Amount.Minor
	}
	if s.first.IsZero() || e.On < s.first {
		s.first = e.On
	}
	s.last = max(s.last, e.On)
}

// Finish ends a statement: the days that it does not state are those of its
// balances, else of its entries, and the balances are held against the entries.
func (f *File) Finish(s *Sheet) {
	if s == nil {
		return
	}
	o, c := s.Opening, s.Closing
	s.From, s.To = bound(s.From, o, s.first), bound(s.To, c, s.last)
	if s.From.IsZero() {
		s.From = s.To
	}
	if s.To.IsZero() {
		s.To = s.From
	}
	if o == nil || c == nil || s.Kind == bank.Details {
		return
	}
	if o.Amount.Currency != c.Amount.Currency || s.mixed || s.Currency != "" && s.Currency != o.Amount.Currency {
		f.Warn("monnaie", label(s.Statement)+
			" est en plusieurs monnaies\u00a0: ses soldes ne peuvent pas être vérifiés")
		return
	}
	f.Check(Control{
		Label: label(s.Statement) + ", solde final", Stated: c.Amount, Line: s.Line,
		Computed: money.New(o.Amount.Minor+s.sum, o.Amount.Currency),
	})
}

func bound(stated cal.Date, b *bank.Balance, entry cal.Date) cal.Date {
	switch {
	case !stated.IsZero():
		return stated
	case b != nil && !b.On.IsZero():
		return b.On
	}
	return entry
}

func label(s *bank.Statement) string {
	name := "relevé"
	if s.Number != "" {
		name += " " + s.Number
	}
	if key := s.Account.Key(); key != "" {
		name += " du compte " + key
	}
	return name
}
