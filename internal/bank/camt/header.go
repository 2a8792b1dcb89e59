package camt

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// header is what stands above the entries of a statement.
type header struct {
	id, legal, electronic string
	made                  cal.Date // the day on which the message was made
	owner                 string
	balances              map[string]bank.Balance // by type
}

func (h *header) read(n *xmltree.Node, s *bank.Statement) error {
	switch n.Name {
	case "Id":
		h.id = n.Text
	case "LglSeqNb":
		h.legal = n.Text
	case "ElctrncSeqNb":
		h.electronic = n.Text
	case "CreDtTm":
		h.made, _ = day(n.Text) // only of use where entries have no day of their own
	case "FrToDt":
		return period(n, s)
	case "Acct":
		h.account(n, s)
	case "Bal":
		return h.balance(n, s)
	}
	s.Number = first(h.legal, h.electronic, h.id)
	return nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func period(n *xmltree.Node, s *bank.Statement) error {
	for _, b := range []struct {
		text string
		into *cal.Date
	}{
		{first(n.Value("FrDtTm"), n.Value("FrDt")), &s.From},
		{first(n.Value("ToDtTm"), n.Value("ToDt")), &s.To},
	} {
		if b.text == "" {
			continue
		}
		d, err := day(b.text)
		if err != nil {
			return at(n, err)
		}
		*b.into = d
	}
	return nil
}

// account reads whose entries they are. The first version calls a number that is
// no IBAN PrtryAcct, later ones Othr.
func (h *header) account(n *xmltree.Node, s *bank.Statement) {
	s.Account.IBAN, s.Account.Number = number(n)
	h.owner = party(n.At("Ownr")).Name
	s.Account.Name, s.Account.Owner = first(n.Value("Nm"), h.owner), h.owner
	s.Account.BIC = bic(n.At("Svcr"))
	if c, err := money.ParseCurrency(n.Value("Ccy")); err == nil {
		s.Currency = c
	}
}

// number is the IBAN of an account, or the other number that it has.
func number(n *xmltree.Node) (iban, other string) {
	if iban = strings.ReplaceAll(n.Value("Id/IBAN"), " ", ""); iban != "" {
		return strings.ToUpper(iban), ""
	}
	other = first(n.Value("Id/Othr/Id"), n.Value("Id/BBAN"), n.Value("Id/PrtryAcct/Id"), n.Value("Id/UPIC"))
	if bank.IsIBAN(other) {
		return strings.ToUpper(strings.ReplaceAll(other, " ", "")), ""
	}
	return "", other
}

// openings and closings are the balances between which the entries lie, the
// surest first: booked at the opening, at the closing before, or so far (ISO
// 20022, external code set BalanceType).
var (
	openings = []string{"OPBD", "PRCD"}
	closings = []string{"CLBD", "ITBD"}
)

func (h *header) balance(n *xmltree.Node, s *bank.Statement) error {
	code := first(n.Value("Tp/CdOrPrtry/Cd"), n.Value("Tp/Cd"), n.Value("Tp/CdOrPrtry/Prtry"), n.Value("Tp/Prtry"))
	a, err := signed(n, n.At("Amt"), s.Currency)
	if err != nil {
		return at(n, err)
	}
	on, err := day(dayText(n.At("Dt")))
	if err != nil {
		return at(n, err)
	}
	if s.Currency == "" {
		s.Currency = a.Currency
	}
	if h.balances == nil {
		h.balances = map[string]bank.Balance{}
	}
	if old, twice := h.balances[code]; !twice || better(code, old, bank.Balance{On: on, Amount: a}, s.Currency) {
		h.balances[code] = bank.Balance{On: on, Amount: a}
	}
	s.Opening, s.Closing = h.pick(openings), h.pick(closings)
	return nil
}

// better tells whether a balance takes the place of an earlier one of its type:
// the account's own currency goes first, then, in a statement of several days,
// the first opening and the last closing.
func better(code string, old, b bank.Balance, c money.Currency) bool {
	switch {
	case old.Amount.Currency != b.Amount.Currency:
		return b.Amount.Currency == c
	case slices.Contains(openings, code):
		return b.On < old.On
	}
	return b.On > old.On
}

// pick is the first of these balances that the statement has.
func (h *header) pick(codes []string) *bank.Balance {
	for _, c := range codes {
		if b, ok := h.balances[c]; ok {
			return &b
		}
	}
	return nil
}

// complete ends a report or a notification that states no period: it tells what
// was known on the day on which it was made.
func (h *header) complete(s *bank.Statement) {
	if s.To.IsZero() && s.Closing == nil && s.Kind != bank.Booked {
		s.To = h.made
	}
}

// at puts an error where its element stands.
func at(n *xmltree.Node, err error) error {
	f := &fault.Invalid{Line: n.Line, Column: n.Column, Message: err.Error()}
	if inner, ok := asInvalid(err); ok {
		f.Message, f.Mend = inner.Message, inner.Mend
		if inner.Line > 0 {
			f.Line, f.Column = inner.Line, inner.Column
		}
	}
	return f
}
