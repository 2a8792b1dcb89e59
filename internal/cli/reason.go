package cli

import (
	"strings"

	"acquit/internal/dunning"
	"acquit/internal/money"
)

// reasonJSON is a reason with its words and only the figures that it speaks of.
type reasonJSON struct {
	Code     dunning.Code   `json:"code"`
	Text     string         `json:"text"`
	Invoice  string         `json:"invoice,omitempty"`
	Step     string         `json:"step,omitempty"`
	On       *string        `json:"on,omitempty"`
	Until    *string        `json:"until,omitempty"`
	Amount   *string        `json:"amount,omitempty"`
	Limit    *string        `json:"limit,omitempty"`
	Currency money.Currency `json:"currency,omitempty"`
	Days     int            `json:"days,omitempty"`
	Count    int            `json:"count,omitempty"`
	Note     string         `json:"note,omitempty"`
}

func (p *Program) reasons(list []dunning.Reason) []reasonJSON {
	out := make([]reasonJSON, len(list))
	for i, r := range list {
		currency := r.Amount.Currency
		if currency == "" {
			currency = r.Limit.Currency
		}
		out[i] = reasonJSON{
			r.Code, r.Text(p.lang), r.Invoice, r.Step, dayJSON(r.On), dayJSON(r.Until), amountJSON(r.Amount),
			amountJSON(r.Limit),
			currency, r.Days, r.Count, r.Note,
		}
	}
	return out
}

// why is a list of reasons as one text.
func (p *Program) why(list []reasonJSON) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = strings.TrimSuffix(r.Text, ".")
	}
	return strings.Join(texts, ". ") + "."
}
