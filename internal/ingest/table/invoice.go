package table

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// explain is an error's reason and mend.
func explain(err error) (reason, mend string) {
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		return f.Message, f.Mend
	}
	return err.Error(), ""
}

// values are the amounts of a row, as written: a credit is negative.
type values struct {
	signed               money.Amount // what the row adds to the account
	net, tax, open, paid money.Amount
	ledger               bool // it came as a debit or a credit
}

// invoiceRow reads an invoice, a credit note or a payment among them.
func (m *mapper) invoiceRow(row Row) (*ingest.Document, *ingest.Rejected) {
	if m.items && !m.summing && m.repeated(row) {
		m.file.Skip("ligne de détail d’une pièce", row.Line)
		return nil, nil
	}
	v, rej := m.amountsOf(row)
	switch {
	case m.summing:
		return m.gather(row, v, rej)
	case rej != nil:
		return nil, rej
	}
	return m.document(row, v)
}

// amountsOf reads the currency and the amounts of a row.
func (m *mapper) amountsOf(row Row) (values, *ingest.Rejected) {
	currency, at, err := m.currencyOf(row.Cells)
	if err != nil {
		return values{}, m.wrong(row, at, err)
	}
	v, at, err := m.valuesOf(row.Cells, currency)
	if err != nil {
		return values{}, m.wrong(row, at, err)
	}
	m.dollar(row, v)
	return v, nil
}

// dollar says once which one « $ » was taken for.
func (m *mapper) dollar(row Row, v values) {
	if m.dollars || v.signed.Currency != dollars[0] || m.base == dollars[0] || m.currency >= 0 {
		return
	}
	signed := func(c string) bool { return strings.Contains(c, "$") }
	if m.dollars = slices.ContainsFunc(row.Cells, signed); m.dollars {
		m.file.Warn("devise", "le signe «\u00a0$\u00a0» est lu comme le dollar des États-Unis\u00a0: dites la devise si c’en est un autre")
	}
}

// document reads the rest of a row.
func (m *mapper) document(row Row, v values) (*ingest.Document, *ingest.Rejected) {
	c := row.Cells
	state := m.stateOfRow(c)
	word := m.wordOf(cell(c, m.typ))
	if reason := skipReason(state, word); reason != "" {
		m.control.add(m, c, v) // the totals of the file count it
		m.file.Skip(reason, row.Line)
		return nil, nil
	}
	d := &ingest.Document{
		Number: cell(c, m.number), Currency: v.signed.Currency, Line: row.Line, Column: 1,
		Label: cell(c, m.label), Order: cell(c, m.order), Contract: cell(c, m.contract), Terms: cell(c, m.terms),
		Preceding: cell(c, m.invoice), Lettering: cell(c, m.lettering), Status: cell(c, m.status), Method: cell(c,
			m.method),
	}
	m.classify(d, c, word, v)
	if d.Number == "" && d.Kind != ingest.Payment {
		return nil, m.reject(row, max(m.number, 0), "le numéro de la pièce manque", "complétez-le, ou retirez la ligne")
	}
	if rej := m.customerOf(row, &d.Customer); rej != nil {
		return nil, rej
	}
	if rej := m.datesOf(row, d); rej != nil {
		return nil, rej
	}
	if rej := m.settleAmounts(row, d, v, state); rej != nil {
		return nil, rej
	}
	if d.Number == "" {
		d.Number = m.madeUp(d)
	}
	m.control.add(m, c, v)
	return d, nil
}

func skipReason(s state, w meaning) string {
	switch {
	case w.skip != "":
		return w.skip
	case s == stateDraft:
		return "brouillon"
	case s == stateCancelled:
		return "pièce annulée"
	}
	return ""
}

// usualCurrencies are those that the name of a column of amounts may give; other
// codes of three letters are more likely to be words.
var usualCurrencies = []string{
	"USD", "GBP", "CHF", "CAD", "AUD", "JPY", "CNY", "MAD", "TND", "XOF", "XAF", "XPF", "SEK", "NOK", "DKK",
	"PLN", "CZK", "RON", "HUF",
}

// currency is that of amounts that name none: what a person said, else what the
// names of the columns say, « Total (USD) ».
func (p *plan) currency(h ingest.Hints) money.Currency {
	if h.Currency != "" {
		return h.Currency
	}
	for _, f := range []ingest.Field{ingest.FieldTotal, ingest.FieldOpen, ingest.FieldDebit} {
		for word := range strings.FieldsFuncSeq(p.column(f).name, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			if slices.Contains(usualCurrencies, word) {
				return money.Currency(word)
			}
		}
	}
	return h.Base()
}

// currencyOf is the currency of the row; none when the file has no column for it.
func (m *mapper) currencyOf(c []string) (money.Currency, int, error) {
	s := cell(c, m.currency)
	if s == "" {
		return m.base, 0, nil
	}
	if known, ok := m.currencies[s]; ok {
		return known, 0, nil
	}
	code := s
	switch strings.ToUpper(s) {
	case "€", "E", "EURO", "EUROS":
		code = "EUR"
	case "$", "US$":
		code = "USD"
	case "£":
		code = "GBP"
	}
	currency, err := money.ParseCurrency(code)
	if err == nil {
		m.currencies[strings.Clone(s)] = currency
	}
	return currency, m.currency, err
}

// valuesOf reads the amounts of a row; at is the column of one that is unreadable.
func (m *mapper) valuesOf(c []string, currency money.Currency) (v values, at int, err error) {
	must := money.Currency("") // a sign in the cell may name another currency
	if m.currency >= 0 {
		must = currency
	}
	get := func(s *sums) money.Amount {
		text := cell(c, s.at)
		if text == "" || err != nil || void(text) && strings.ContainsFunc(text, unicode.IsLetter) {
			return money.Amount{}
		}
		var a money.Amount
		if a, err = s.read(text, must, currency); err != nil {
			at = s.at
		}
		return a
	}
	debit, credit := get(&m.debit), get(&m.credit)
	total := get(&m.total)
	v.net, v.tax, v.open, v.paid = get(&m.net), get(&m.tax), get(&m.open), get(&m.paid)
	if err == nil && m.buckets != nil {
		v.open, at, err = m.bucketSum(c, must, currency)
	}
	if err != nil {
		return v, at, err
	}
	return m.combine(c, v, debit, credit, total)
}

var errCurrencies = fault.Invalidf("amount", "la ligne mêle deux monnaies")

var errNoAmount = &fault.Invalid{
	Field: "amount", Message: "le montant manque",
	Mend: "complétez-le, ou retirez la ligne",
}

// combine finds the amount of the row in the layout that the table has.
func (m *mapper) combine(c []string, v values, debit, credit, total money.Amount) (values, int, error) {
	if !sameCurrency(debit, credit, total, v.net, v.tax, v.open, v.paid) {
		return v, max(m.total.at, m.debit.at, m.open.at, 0), errCurrencies
	}
	switch {
	case ingest.Known(debit) || ingest.Known(credit):
		v.signed, v.ledger = debit.Sub(credit), true
	case ingest.Known(total) && m.side >= 0:
		side := sideOf(cell(c, m.side))
		if side == 0 {
			return v, m.side, fault.Invalidf("side", "le sens «\u00a0%s\u00a0» n’est ni D ni C", cell(c, m.side))
		}
		v.signed, v.ledger = total, true
		if side < 0 {
			v.signed = total.Neg()
		}
	case ingest.Known(total):
		v.signed = total
	case ingest.Known(v.net) && ingest.Known(v.tax):
		v.signed = v.net.Add(v.tax)
	case ingest.Known(v.open):
		v.signed = v.open
	default:
		return v, max(m.total.at, m.debit.at, m.open.at, m.net.at, 0), errNoAmount
	}
	return v, 0, nil
}

// sameCurrency guards the sums, which two currencies would break.
func sameCurrency(list ...money.Amount) bool {
	var seen money.Currency
	for _, a := range list {
		if !ingest.Known(a) {
			continue
		}
		if seen != "" && a.Currency != seen {
			return false
		}
		seen = a.Currency
	}
	return true
}

// datesOf reads the dates of an invoice.
func (m *mapper) datesOf(row Row, d *ingest.Document) *ingest.Rejected {
	var rej *ingest.Rejected
	get := func(col *dates) cal.Date {
		text := cell(row.Cells, col.at)
		if void(text) || rej != nil {
			return 0
		}
		day, err := col.read(text)
		if err != nil {
			rej = m.wrong(row, col.at, err)
		}
		return day
	}
	d.Issued, d.PaidOn = get(&m.issued), get(&m.paidOn)
	if text := cell(row.Cells, m.due.at); !void(text) && rej == nil {
		day, err := m.due.read(text)
		switch {
		case err == nil:
			d.Due = day
		case strings.ContainsAny(text, "0123456789/") && !strings.Contains(strings.ToLower(text), "jour"):
			rej = m.wrong(row, m.due.at, err)
		case d.Terms == "":
			d.Terms = text // « à réception », « 30 jours fin de mois »
		}
	}
	if rej == nil && d.Issued == 0 && m.issued.at >= 0 {
		rej = m.reject(row, m.issued.at, "la date de la pièce manque", "complétez-la, par exemple 22/11/2026")
	}
	if rej == nil && d.Due != 0 && d.Issued != 0 && d.Due < d.Issued {
		d.Warn("due", "l’échéance est antérieure à la date de la pièce")
	}
	return rej
}

// classify tells an invoice from what takes away.
func (m *mapper) classify(d *ingest.Document, c []string, word meaning, v values) {
	negative := v.signed.Sign() < 0
	journal := ingest.OtherJournal
	if m.journal >= 0 {
		journal = ingest.JournalOf(cell(c, m.journal), "")
	}
	if journal == ingest.OpeningJournal || word.opening {
		d.Nature = ingest.Opening
	}
	switch {
	case word.kind == ingest.Payment && v.ledger && !negative:
		d.Kind, d.Nature = ingest.Invoice, ingest.Refund
	case word.kind != "" && (word.kind != ingest.Invoice || !negative):
		d.Kind = word.kind
	case negative:
		d.Kind = m.takes(d, word, v, journal)
	case creditNumber(d.Number) && m.avoirs && !v.ledger:
		d.Kind = ingest.CreditNote
	case v.ledger && journal == ingest.BankJournal:
		d.Kind, d.Nature = ingest.Invoice, ingest.Refund
	default:
		d.Kind = ingest.Invoice
	}
}

// takes tells a credit note from a payment among negative rows.
func (m *mapper) takes(d *ingest.Document, word meaning, v values, journal ingest.Journal) ingest.Kind {
	said := m.wordsOf(d.Label + " " + d.Method)
	switch {
	case word.kind == ingest.Invoice, creditNumber(d.Number), journal == ingest.SalesJournal:
		return ingest.CreditNote
	case journal == ingest.BankJournal, said == ingest.Payment:
		return ingest.Payment
	case said == ingest.CreditNote:
		return ingest.CreditNote
	case v.ledger:
		return ingest.Payment
	}
	return ingest.CreditNote
}

// wordsOf looks for what a label speaks of.
func (m *mapper) wordsOf(label string) ingest.Kind {
	if label == " " {
		return ""
	}
	for w := range strings.FieldsSeq(plainName(label)) {
		switch {
		case w == "avoir" || w == "avoirs":
			return ingest.CreditNote
		case slices.Contains(paymentWords, w):
			return ingest.Payment
		}
	}
	return ""
}

// settleAmounts fills the amounts, positive, and what is left.
func (m *mapper) settleAmounts(row Row, d *ingest.Document, v values, s state) *ingest.Rejected {
	flip := v.signed.Sign() < 0
	positive := func(a money.Amount) money.Amount {
		if flip && ingest.Known(a) {
			return a.Neg()
		}
		return a
	}
	d.Total = v.signed.Abs()
	d.Currency = v.signed.Currency
	d.Net, d.Tax, d.Paid, d.Open = positive(v.net), positive(v.tax), positive(v.paid), positive(v.open)
	if ingest.Known(d.Open) && d.Open.Sign() < 0 && d.Kind != ingest.Invoice {
		d.Open = d.Open.Neg() // a list that shows credits as positive totals with negative rests
	}
	switch {
	case s == statePaid:
		d.Open = money.Zero(d.Currency)
	case ingest.Known(d.Open):
	case ingest.Known(d.Paid):
		d.Open = d.Total.Sub(d.Paid)
	case m.open.at >= 0 && m.blankIsNil:
		d.Open = money.Zero(d.Currency)
	case m.open.at >= 0:
		return m.reject(row, m.open.at, "le reste dû est vide", "écrivez 0 si la pièce est soldée, sinon ce qui reste")
	case d.Lettering != "" && d.Lettering == strings.ToUpper(d.Lettering):
		d.Open = money.Zero(d.Currency)
	case d.Lettering != "":
		d.Partial = true
	}
	m.plausible(d)
	return nil
}

// plausible warns when what is left does not agree with the rest.
func (m *mapper) plausible(d *ingest.Document) {
	if !ingest.Known(d.Open) {
		return
	}
	switch {
	case d.Open.Sign() < 0:
		d.Warn("open", "il est payé plus que le total\u00a0: rien ne reste dû")
		d.Open = money.Zero(d.Currency)
	case d.Total.Less(d.Open):
		d.Warn("open", "ce qui reste dû dépasse le total")
	case ingest.Known(d.Paid) && m.open.at >= 0 && m.total.at >= 0 && d.Open.Add(d.Paid) != d.Total &&
		d.Paid.Sign() >= 0:
		d.Warn("open", "le reste dû n’est pas le total moins ce qui est réglé\u00a0: le reste dû est retenu")
	}
}
