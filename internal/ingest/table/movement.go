package table

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// entry reads a movement and gives the one before.
func (t *teller) entry(row Row, c []string, on cal.Date) (*ingest.Document, *ingest.Rejected) {
	status, skip := statusOf(t.cell(c, ingest.FieldStatus))
	if skip != "" {
		t.file.Skip(skip, row.Line)
		return nil, nil
	}
	amount, rej := t.amount(row, c)
	if rej != nil {
		return nil, rej
	}
	fee := t.fee(c, amount.Currency)
	if t.fees && stated(fee) {
		amount = amount.Sub(fee)
	}
	e := &bank.Entry{
		On: on, Amount: amount, Status: status, Code: t.cell(c, ingest.FieldMethod),
		EndToEnd: t.cell(c, ingest.FieldEndToEnd), Mandate: t.cell(c, ingest.FieldMandate),
		BankRef: t.cell(c, ingest.FieldBankRef), Line: row.Line,
		Party: bank.Party{
			Name: oneLine(t.cell(c, ingest.FieldParty)), IBAN: accountNumber(t.cell(c, ingest.FieldPartyIBAN)),
			BIC: t.cell(c, ingest.FieldPartyBIC),
		},
	}
	e.Means = meansOfType(e.Code)
	if day, err := t.day(c, ingest.FieldValue); err == nil {
		e.Value = day
	}
	t.say(e, c)
	e.Fees = fee
	a := t.account(c, e)
	if status == bank.IsBooked {
		balance, known := t.balance(c, amount.Currency)
		a.add(amount.Minor, balance, known, row.Line)
		a.newest, a.sum = max(a.newest, on), a.sum+amount.Minor
	}
	given, _ := t.ended()
	t.pending, t.raw = e, []string{strings.Join(row.Cells, ";")}
	return given, nil
}

// fee is what was taken off by the bank; nothing where the row does not tell.
func (t *teller) fee(c []string, currency money.Currency) money.Amount {
	s := t.cell(c, ingest.FieldFee)
	if s == "" {
		return money.Amount{}
	}
	fee, err := t.sum[ingest.FieldFee].read(s, currency, currency)
	if err != nil || fee.Sign() == 0 || fee.Currency != currency {
		return money.Amount{}
	}
	return fee.Abs()
}

// say gathers the words of a row.
func (t *teller) say(e *bank.Entry, c []string) {
	for _, i := range t.texts {
		for line := range strings.Lines(cell(c, i)) {
			if line = oneLine(line); line != "" && !void(line) && !slices.Contains(e.Texts, line) {
				e.Texts = append(e.Texts, line)
			}
		}
	}
	e.Label = oneLine(t.cell(c, ingest.FieldLabel))
	if e.Label == "" && len(e.Texts) > 0 {
		e.Label = e.Texts[0]
	}
	if e.Label == "" {
		e.Label = oneLine(strings.TrimSpace(e.Code + " " + e.Party.Name))
	}
}

// amount is what the row moves.
func (t *teller) amount(row Row, c []string) (money.Amount, *ingest.Rejected) {
	currency := t.base
	if t.above.currency != "" && t.at[ingest.FieldCurrency] < 0 {
		currency = t.above.currency
	}
	must := money.Currency("")
	if t.at[ingest.FieldCurrency] >= 0 {
		read, at, err := t.currencyOf(c)
		if err != nil {
			return money.Amount{}, t.wrong(row, at, err)
		}
		currency, must = read, read
	}
	var rej *ingest.Rejected
	get := func(f ingest.Field) money.Amount {
		s := t.cell(c, f)
		if s == "" || rej != nil {
			return money.Amount{}
		}
		a, err := t.sum[f].read(s, must, currency)
		if err != nil {
			rej = t.wrong(row, t.at[f], err)
		}
		return a
	}
	total, debit, credit := get(ingest.FieldTotal), get(ingest.FieldDebit), get(ingest.FieldCredit)
	switch {
	case rej != nil:
		return money.Amount{}, rej
	case stated(total):
		return t.directed(row, c, total)
	case !stated(debit) && !stated(credit):
		return money.Amount{}, t.reject(row, max(t.at[ingest.FieldTotal], t.at[ingest.FieldCredit], 0),
			"le montant manque", "complétez-le, ou retirez la ligne")
	case !sameCurrency(debit, credit):
		return money.Amount{}, t.wrong(row, t.at[ingest.FieldDebit], errCurrencies)
	}
	if debit.Sign() != 0 && credit.Sign() != 0 {
		return money.Amount{}, t.reject(row, t.at[ingest.FieldDebit], "la ligne a un débit et un crédit\u00a0: rien ne dit lequel est le bon",
			"ne laissez que celui du relevé, ou faites deux lignes")
	}
	a := money.Zero(currency)
	if stated(credit) {
		a = credit
	}
	if stated(debit) {
		if t.signless {
			debit = debit.Neg()
		}
		if debit.Sign() != 0 || !stated(credit) {
			a = debit
		}
	}
	return a, nil
}

// directed gives an amount the sign of its row.
func (t *teller) directed(row Row, c []string, a money.Amount) (money.Amount, *ingest.Rejected) {
	if t.outwards {
		return a.Neg(), nil
	}
	side := t.cell(c, ingest.FieldSide)
	if t.at[ingest.FieldSide] < 0 || side == "" || strings.EqualFold(side, "neutral") {
		return a, nil
	}
	switch wayOf(side) {
	case 1:
		return a.Abs(), nil
	case -1:
		return a.Abs().Neg(), nil
	}
	return a, t.reject(row, t.at[ingest.FieldSide], "le sens «\u00a0"+side+"\u00a0» n’est ni débit ni crédit", "")
}

// oneLine is a text with single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// statusOf reads how far a movement is; skip is why it is left out.
func statusOf(s string) (status bank.Status, skip string) {
	switch plainName(s) {
	case "pending", "en attente", "en cours", "a venir", "processing", "en traitement", "previsionnel", "scheduled",
		"programme":
		return bank.IsPending, ""
	case "declined", "failed", "canceled", "cancelled", "reverted", "refuse", "refusee", "annule", "annulee", "echoue",
		"echouee", "denied", "rejected", "rejete", "rejetee", "removed", "expired", "retourne", "retournee":
		return "", "opération refusée ou annulée"
	}
	return bank.IsBooked, ""
}

// meansOfType reads a bank's own word for the operation.
func meansOfType(s string) bank.Means {
	switch plainName(s) {
	case "income", "swift income", "topup", "top up", "bank transfer", "credit transfer", "debit transfer",
		"outgoing transfer", "payout", "instant transfer", "uberweisung", "gutschrift", "general withdrawal",
		"retrait general":
		return bank.Transfer
	case "card payment", "card refund", "card chargeback", "presentment", "charge", "express checkout payment",
		"payment refund", "paiement express checkout", "refund", "mastercard payment", "chargeback", "creditcard",
		"sale", "vente":
		return bank.Card
	case "direct debit":
		return bank.Debit
	case "qonto fee", "fee", "stripe fee", "payment fee":
		return bank.Fee
	}
	return bank.Hear([]string{s}).Means
}
