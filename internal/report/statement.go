package report

import (
	"context"
	"slices"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// Statement is what a customer owes on a day, document by document.
type Statement struct {
	On       cal.Date
	Customer customer.Customer
	Lines    []StatementLine // by due date
	Totals   []money.Amount  // one a currency
}

// StatementLine is an open document on the day.
type StatementLine struct {
	ledger.Document
	On  money.Amount // signed: credits are negative
	Age int          // days after the due date, signed
}

// StatementOn is the statement of a customer at the end of a day, past ones
// included.
func StatementOn(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (st Statement, err error) {
	st.On = day
	if st.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return st, err
	}
	open, err := ledger.OpenOf(ctx, tx, s, id, day)
	if err != nil {
		return st, err
	}
	sums := map[money.Currency]money.Amount{}
	for _, o := range open {
		line := StatementLine{Document: o.Document, On: o.On, Age: aging.Age(o.Due, day)}
		if o.Kind.Credit() {
			line.On, line.Age = o.On.Neg(), 0
		}
		st.Lines = append(st.Lines, line)
		c := o.On.Currency
		sums[c] = sums[c].Add(line.On)
	}
	for _, sum := range sums {
		st.Totals = append(st.Totals, sum)
	}
	slices.SortFunc(st.Totals, func(a, b money.Amount) int {
		if a.Currency < b.Currency {
			return -1
		}
		return 1
	})
	return st, nil
}

var kindWords = map[ledger.Kind]i18n.Words{
	ledger.Invoice:    {FR: "Facture", EN: "Invoice"},
	ledger.CreditNote: {FR: "Avoir", EN: "Credit note"},
	ledger.Payment:    {FR: "Règlement", EN: "Payment"},
}

// KindWords names a kind of document.
func KindWords(k ledger.Kind, l i18n.Lang) string { return kindWords[k].In(l) }

// DocumentWords names a document: a debit note apart from invoices.
func DocumentWords(d ledger.Document, l i18n.Lang) string {
	if d.Kind == ledger.Invoice && d.Nature == ledger.Charge {
		return i18n.Words{FR: "Note de débit", EN: "Debit note"}.In(l)
	}
	return KindWords(d.Kind, l)
}

// Charges is what of a total is interest and indemnities that were claimed; the rest
// is the principal.
func (st Statement) Charges(c money.Currency) money.Amount {
	sum := money.Zero(c)
	for _, n := range st.Lines {
		if n.Nature == ledger.Charge && n.On.Currency == c {
			sum = sum.Add(n.On)
		}
	}
	return sum
}

// Sheet is the statement as a table.
func (st Statement) Sheet(l i18n.Lang) sheet.Sheet {
	words := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(l) }
	t := sheet.Sheet{
		Name: words("Relevé", "Statement"),
		Notes: []string{
			st.Customer.Name, words("Relevé de compte au ", "Statement of account on ") + st.On.Long(string(l)),
		},
		Columns: []string{
			words("Pièce", "Document"), words("Numéro", "Number"), words("Date", "Date"), words("Échéance", "Due"),
			words("Retard (jours)", "Days late"), words("Montant", "Amount"), words("Reste dû", "Open"),
			words("Devise", "Currency"),
		},
	}
	for _, n := range st.Lines {
		t.Rows = append(t.Rows, []any{
			DocumentWords(n.Document, l), n.Number, n.Issued, n.Due, max(0, n.Age), n.Amount, n.On,
			string(n.On.Currency),
		})
	}
	for _, total := range st.Totals {
		if charges := st.Charges(total.Currency); !charges.IsZero() {
			t.Totals = append(t.Totals, totalRow(words("Principal", "Principal"), total.Sub(charges)),
				totalRow(words("Pénalités et indemnités", "Interest and indemnities"), charges))
		}
		t.Totals = append(t.Totals, totalRow("Total", total))
	}
	return t
}

// totalRow is a line of totals under the columns of a statement.
func totalRow(name string, a money.Amount) []any {
	return []any{name, nil, nil, nil, nil, nil, a, string(a.Currency)}
}
