package apply

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// fillCells writes a row in the columns of its file, so that it can be corrected
// and imported again, though the line itself is no longer at hand. A file without
// columns gives the number alone.
func fillCells(r *row) []string {
	columns := r.file.report.Understood.Columns
	if len(columns) == 0 {
		return []string{r.number}
	}
	width := 0
	for _, c := range columns {
		width = max(width, c.Index)
	}
	cells := make([]string, width)
	for _, c := range columns {
		if c.Index > 0 {
			cells[c.Index-1] = r.cell(c.Field)
		}
	}
	return cells
}

func (r *row) cell(f ingest.Field) string {
	m := r.rest()
	p := r.party
	if p == nil {
		p = &party{}
	}
	switch f {
	case ingest.FieldNumber:
		return r.number
	case ingest.FieldType:
		return typeWords[r.kind]
	case ingest.FieldCustomerCode, ingest.FieldAccount:
		return p.code
	case ingest.FieldCustomerName:
		return p.name
	case ingest.FieldSIREN:
		return p.siren
	case ingest.FieldSIRET:
		return p.siret
	case ingest.FieldVATID:
		return p.vat
	case ingest.FieldIssued:
		if r.undated {
			return ""
		}
		return r.day(r.issued)
	case ingest.FieldDue:
		return r.day(r.due)
	case ingest.FieldPaidOn:
		return r.day(m.paidOn)
	case ingest.FieldTotal:
		return r.sum(hasTotal, r.total)
	case ingest.FieldDebit, ingest.FieldCredit, ingest.FieldSide:
		return r.ledger(f)
	case ingest.FieldOpen:
		return r.sum(hasOpen, r.open)
	case ingest.FieldNet:
		return r.sum(hasNet, r.net)
	case ingest.FieldCurrency:
		return string(r.currency)
	case ingest.FieldLabel:
		return r.label
	case ingest.FieldTerms:
		return r.terms
	case ingest.FieldOrder:
		return m.order
	case ingest.FieldContract:
		return m.contract
	case ingest.FieldInvoice:
		return m.preceding
	case ingest.FieldLettering:
		return m.lettering
	case ingest.FieldMethod:
		return m.method
	}
	return ""
}

// day is a date in the order of the file.
func (r *row) day(d cal.Date) string {
	if d == 0 {
		return ""
	}
	switch r.file.report.Understood.DateOrder {
	case "mdy":
		return d.Time().Format("01/02/2006")
	case "ymd":
		return d.String()
	}
	return d.Time().Format("02/01/2006")
}

// typeWords are the words of a column that tells what each row is.
var typeWords = map[ledger.Kind]string{
	ledger.Invoice: "Facture", ledger.CreditNote: "Avoir", ledger.Payment: "Règlement",
}

// ledger is a row in the columns of an account: what is owed is a debit.
func (r *row) ledger(f ingest.Field) string {
	switch {
	case f == ingest.FieldSide && r.kind == ledger.Invoice:
		return "D"
	case f == ingest.FieldSide:
		return "C"
	case (f == ingest.FieldDebit) == (r.kind == ledger.Invoice):
		return r.decimal(r.amount())
	}
	return ""
}

// sum is an amount as the file counts it: negative for what takes away, which in a
// list of payments is the money that went back, and without a sign where another
// column has it.
func (r *row) sum(bit amounts, minor int64) string {
	has := func(f ingest.Field) bool {
		return slices.ContainsFunc(r.file.report.Understood.Columns, func(c ingest.Column) bool { return c.Field == f })
	}
	payments := r.file.report.Understood.What == "règlements"
	switch {
	case r.known&bit == 0:
		return ""
	case !has(ingest.FieldSide) && payments != (r.kind != ledger.Invoice):
		minor = -minor
	}
	return r.decimal(minor)
}

// decimal is an amount with the decimal sign of the file.
func (r *row) decimal(minor int64) string {
	s := money.New(minor, r.currency).Decimal()
	if r.file.report.Understood.Decimal == "." {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}
