package bankyear

import (
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// Entry is how the bank tells of a payment that the customer of a place makes on
// a day outside any Year: with its means, its name there, and what it types.
func Entry(
	w *demo.World, c *demo.Customer, index int, on cal.Date, pays []demo.Invoice, amount money.Amount,
) *bank.Entry {
	a := &account{payer: newPayer(w.Options.Seed, index, c), world: w, until: on, seen: map[string]bool{}}
	a.Draw = chance.For(w.Options.Seed, forYear, c.Code, on.String(), string(amount.Currency))
	r := &remittance{on: on}
	for _, i := range pays {
		r.debts = append(r.debts, &debt{Invoice: i, open: i.Open})
	}
	r.all = r.debts
	s := a.compose(&paying{remittance: r, amount: amount, paid: Whole})
	e := s.entry
	if s.means == bank.Cheque {
		e.Label = "REMISE CHEQUES 1 CHQ"
	}
	if s.means == bank.Card {
		e.Label = "REMISE CB"
	}
	e.On, e.Value = on, on
	e.Label = label(&e)
	e.Texts = append(e.Texts, e.Label)
	return &e
}

// Returned is how the bank tells that a direct debit, a bill or a cheque goes
// back for want of money.
func Returned(paid bank.Entry, on cal.Date) *bank.Entry {
	e := paid
	e.On, e.Value, e.Amount, e.BankRef = on, on, paid.Amount.Neg(), ""
	e.Return = &bank.Return{Code: "AM04", Text: "PROVISION INSUFFISANTE"}
	e.Label = ""
	e.Label = label(&e)
	e.Texts = append([]string{e.Return.Text}, paid.Texts...)
	e.Texts[len(e.Texts)-1] = e.Label
	return &e
}

// Unknown is the payment of somebody whom nobody knows, with nothing said.
func Unknown(on cal.Date, amount money.Amount) *bank.Entry {
	e := &bank.Entry{
		On: on, Value: on, Amount: amount, Status: bank.IsBooked, Means: bank.Transfer,
		Party: bank.Party{Name: "SCI DES TROIS MOULINS"}, Label: "VIR SEPA RECU SCI DES TROIS MOULINS",
	}
	e.Texts = []string{"VIREMENT", e.Label}
	return e
}
