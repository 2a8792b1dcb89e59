package bank

import (
	"encoding/json"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// said is an entry as JSON keeps it: what a record said, and what is known. The
// amounts are in minor units.
type said struct {
	On         cal.Date  `json:"on"`
	Value      cal.Date  `json:"value,omitzero"`
	Currency   string    `json:"cur"`
	Amount     int64     `json:"amt"`
	Status     Status    `json:"st,omitempty"` // empty: booked
	Means      Means     `json:"means,omitempty"`
	Code       string    `json:"code,omitempty"`
	Label      string    `json:"label,omitempty"`
	Texts      []string  `json:"texts,omitempty"`
	Structured []string  `json:"refs,omitempty"`
	EndToEnd   string    `json:"e2e,omitempty"`
	Mandate    string    `json:"rum,omitempty"`
	BankRef    string    `json:"bank,omitempty"`
	Batch      string    `json:"batch,omitempty"`
	Part       int       `json:"part,omitempty"`
	Party      saidParty `json:"party,omitzero"`
	Ultimate   saidParty `json:"ult,omitzero"`
	Return     *Return   `json:"ret,omitempty"`
	Reversal   bool      `json:"rev,omitempty"`
	Fees       saidMoney `json:"fees,omitzero"`
	Original   saidMoney `json:"orig,omitzero"`
	Line       int       `json:"line,omitempty"`
}

type saidParty struct {
	Name string `json:"n,omitempty"`
	IBAN string `json:"i,omitempty"`
	BIC  string `json:"b,omitempty"`
	ID   string `json:"id,omitempty"`
}

type saidMoney struct {
	Minor    int64  `json:"m,omitempty"`
	Currency string `json:"c,omitempty"`
}

func (m saidMoney) amount() money.Amount { return money.New(m.Minor, money.Currency(m.Currency)) }

func sayMoney(a money.Amount) saidMoney { return saidMoney{a.Minor, string(a.Currency)} }

// encode writes an entry as it is kept.
func encode(e *Entry) (string, error) {
	s := said{
		On: e.On, Value: e.Value, Currency: string(e.Amount.Currency), Amount: e.Amount.Minor,
		Means: e.Means, Code: e.Code, Label: e.Label, Texts: e.Texts, Structured: e.Structured, EndToEnd: e.EndToEnd,
		Mandate: e.Mandate, BankRef: e.BankRef, Batch: e.Batch, Part: e.Part, Party: saidParty(e.Party),
		Ultimate: saidParty(e.Ultimate), Return: e.Return, Reversal: e.Reversal, Fees: sayMoney(e.Fees),
		Original: sayMoney(e.Original), Line: e.Line,
	}
	if e.Status != IsBooked {
		s.Status = e.Status
	}
	b, err := json.Marshal(s)
	return string(b), err
}

// decode reads an entry as it was kept; its raw text is elsewhere.
func decode(text string) (e Entry, err error) {
	var s said
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return e, err
	}
	if s.Status == "" {
		s.Status = IsBooked
	}
	return Entry{
		On: s.On, Value: s.Value, Amount: money.New(s.Amount, money.Currency(s.Currency)), Status: s.Status,
		Means: s.Means, Code: s.Code, Label: s.Label, Texts: s.Texts, Structured: s.Structured, EndToEnd: s.EndToEnd,
		Mandate: s.Mandate, BankRef: s.BankRef, Batch: s.Batch, Part: s.Part, Party: Party(s.Party),
		Ultimate: Party(s.Ultimate), Return: s.Return, Reversal: s.Reversal, Fees: s.Fees.amount(),
		Original: s.Original.amount(), Line: s.Line,
	}, nil
}
