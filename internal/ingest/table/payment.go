package table

import (
	"strconv"

	"acquit/internal/ingest"
)

// paymentRow reads a row of a list of payments.
func (m *mapper) paymentRow(row Row) (*ingest.Document, *ingest.Rejected) {
	c := row.Cells
	currency, at, err := m.currencyOf(c)
	if err != nil {
		return nil, m.wrong(row, at, err)
	}
	v, at, err := m.valuesOf(c, currency)
	if err != nil {
		return nil, m.wrong(row, at, err)
	}
	d := &ingest.Document{
		Kind: ingest.Payment, Number: cell(c, m.number), Preceding: cell(c, m.invoice), Line: row.Line, Column: 1,
		Label: cell(c, m.label), Method: cell(c, m.method), Total: v.signed.Abs(), Currency: v.signed.Currency,
	}
	if v.ledger != (v.signed.Sign() < 0) { // in a ledger a payment is a credit, in a list it is positive
		d.Kind, d.Nature = ingest.Invoice, ingest.Refund
	}
	if rej := m.customerOf(row, &d.Customer); rej != nil && d.Preceding == "" {
		return nil, rej
	}
	text := cell(c, m.paidOn.at)
	if text == "" {
		return nil, m.reject(row, max(m.paidOn.at, 0), "la date du règlement manque",
			"complétez-la, par exemple 22/11/2026")
	}
	day, err := m.paidOn.read(text)
	if err != nil {
		return nil, m.wrong(row, m.paidOn.at, err)
	}
	d.Issued, d.PaidOn = day, day
	if d.Number == "" {
		d.Number = m.madeUp(d)
	}
	m.control.add(m, c, v)
	return d, nil
}

// madeUp numbers a payment that has no number, so that the same file brings the
// same one again: its date, its amount and, among equals of one customer, its rank.
func (m *mapper) madeUp(d *ingest.Document) string {
	number := "R" + d.Issued.Time().Format("20060102") + "-" + d.Total.Decimal()
	key := number + "\x00" + d.Customer.Code + "\x00" + d.Customer.Name + "\x00" + d.Preceding
	m.unnumbered[key]++
	if n := m.unnumbered[key]; n > 1 {
		number += "-" + strconv.Itoa(n)
	}
	return number
}
