package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
)

// decide tells what the rows are, or what is missing to read them.
func (p *plan) decide(h ingest.Hints) (missing []ingest.Field, reason string) {
	party := p.any(ingest.FieldCustomerName, ingest.FieldCustomerCode, ingest.FieldSIREN, ingest.FieldSIRET)
	amount := p.any(ingest.FieldTotal, ingest.FieldOpen, ingest.FieldDebit) ||
		p.has(ingest.FieldNet, ingest.FieldTax) || p.buckets != nil
	dated := p.any(ingest.FieldIssued, ingest.FieldDue)
	buckets := 0
	for _, c := range p.columns {
		if bucket(c.name) {
			buckets++
		}
	}
	undated := !p.has(ingest.FieldNumber) && !dated && !p.has(ingest.FieldPaidOn)
	switch {
	case h.Kind == ingest.Customers,
		h.Kind == "" && party && undated && (!amount && p.describes() || p.reachable()):
		p.what = customers
	case buckets >= 3 && (!p.has(ingest.FieldNumber) || !dated), h.Kind == "" && party && undated && amount:
		p.what = balances
		return nil, "balance"
	case h.Kind == ingest.Payment,
		h.Kind == "" && p.pays() && amount && (party || p.any(ingest.FieldInvoice, ingest.FieldNumber)):
		p.asPayments()
	default:
		p.what = invoices
		party = party || p.announced() || p.grouped()
		missing = p.missing(amount, party, dated)
	}
	if len(missing) > 0 {
		return missing, "il manque " + titles(missing)
	}
	return nil, ""
}

// reachable tells whether the columns say where customers are.
func (p *plan) reachable() bool {
	return p.any(ingest.FieldEmail, ingest.FieldPhone, ingest.FieldStreet, ingest.FieldPostalCode,
		ingest.FieldSIRET, ingest.FieldTerms)
}

// describes tells whether the columns say enough of customers alone.
func (p *plan) describes() bool {
	return p.has(ingest.FieldCustomerName, ingest.FieldCustomerCode) || p.any(
		ingest.FieldEmail, ingest.FieldPhone, ingest.FieldStreet, ingest.FieldPostalCode, ingest.FieldCity,
		ingest.FieldSIREN,
		ingest.FieldSIRET, ingest.FieldVATID, ingest.FieldTerms, ingest.FieldLastName,
	)
}

func (p *plan) missing(amount, party, dated bool) []ingest.Field {
	var m []ingest.Field
	if !p.has(ingest.FieldNumber) {
		m = append(m, ingest.FieldNumber)
	}
	if !party {
		m = append(m, ingest.FieldCustomerName)
	}
	if !amount {
		m = append(m, ingest.FieldTotal)
	}
	if !dated {
		m = append(m, ingest.FieldIssued)
	}
	return m
}

// pays tells a list of payments: dated by their payment and by nothing else, or
// called so above the table.
func (p *plan) pays() bool {
	if p.any(ingest.FieldType, ingest.FieldDebit, ingest.FieldOpen, ingest.FieldDue) {
		return false
	}
	title := p.title + " " + plainName(p.sheet.Name)
	named := slices.ContainsFunc(strings.Fields(title), func(w string) bool {
		return slices.Contains([]string{
			"reglements", "encaissements", "paiements", "payments", "reglement",
			"receipts",
		}, w)
	})
	invoiced := strings.Contains(title, "facture") || strings.Contains(title, "invoice")
	byName := false
	for _, c := range p.columns {
		plain := plainName(c.name)
		byName = byName || strings.Contains(plain, "montant regle") || strings.Contains(plain, "montant encaisse") ||
			strings.Contains(plain, "montant du reglement") || strings.Contains(plain, "payment amount")
	}
	return !p.has(ingest.FieldIssued) && p.has(ingest.FieldPaidOn) || named && !invoiced ||
		byName && p.any(ingest.FieldPaidOn, ingest.FieldMethod) || p.has(ingest.FieldInvoice, ingest.FieldMethod)
}

// asPayments reads the columns as those of payments: a date is that of the
// payment, and a number called that of an invoice is the one paid.
func (p *plan) asPayments() {
	p.what = payments
	if !p.has(ingest.FieldPaidOn) && p.has(ingest.FieldIssued) {
		p.move(ingest.FieldIssued, ingest.FieldPaidOn)
	}
	if p.has(ingest.FieldNumber) && !p.has(ingest.FieldInvoice) {
		if plain := plainName(p.column(ingest.FieldNumber).name); strings.Contains(plain, "facture") ||
			strings.Contains(plain, "invoice") {
			p.move(ingest.FieldNumber, ingest.FieldInvoice)
		}
	}
	if p.has(ingest.FieldOrder) && !p.has(ingest.FieldNumber) &&
		called(p.column(ingest.FieldOrder).name, ingest.FieldNumber) {
		p.move(ingest.FieldOrder, ingest.FieldNumber)
	}
}

// called tells whether a column's name may be that of a field.
func called(name string, f ingest.Field) bool {
	return slices.ContainsFunc(dictionary().meanings(name), func(g guess) bool { return g.field == f })
}

// grouped tells a report in which the customer stands on a line of its own
// above its rows.
func (p *plan) grouped() bool {
	n := 0
	for _, row := range p.sheet.Head[p.header+1:] {
		if _, ok := p.groupOf(row.Cells); ok {
			n++
		}
	}
	return n > 0
}

// announced finds the one customer whom the lines above the table name: « Client :
// C0042 Durand SA ».
func (p *plan) announced() bool {
	for _, row := range p.sheet.Head[:max(p.header, 0)] {
		text := lineText(row.Cells)
		rest := unlabelled(text)
		if rest == text || rest == "" || slices.Contains(everybody, plainName(rest)) {
			continue
		}
		if code, name := splitGroup(rest); name != "" {
			p.above = ingest.Customer{Code: code, Name: name}
		} else {
			p.above = ingest.Customer{Code: rest}
		}
		return true
	}
	return false
}

// lineText is a row as one text.
func lineText(cells []string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.Join(cells, " ")), " "), "|; ")
}

// everybody are the words that stand for all customers above a table.
var everybody = []string{
	"tous", "toutes", "all", "clients", "client", "tous les clients", "411000 clients", "411 clients",
}

func titles(fields []ingest.Field) string {
	var all []string
	for _, f := range fields {
		all = append(all, "«\u00a0"+f.Title()+"\u00a0»")
	}
	return strings.Join(all, ", ")
}

// ask is the question about a table that could not be understood.
func ask(sheet *Sheet, head header, p *plan, reason string, missing ...ingest.Field) error {
	a := &ingest.Ask{Sheet: sheet.Name, Missing: missing, Reason: "les colonnes de ce tableau n’ont pas été comprises\u00a0: " + reason}
	switch {
	case p != nil:
		a.HeaderLine = p.headerLine()
		a.Columns = p.shownColumns()
	case len(sheet.Head) > 0:
		a.Columns = unnamed(sheet)
		a.HeaderLine = sheet.Head[max(head.index, 0)].Line
	}
	return a
}

// shownColumns are the columns with what they were taken for.
func (p *plan) shownColumns() []ingest.Column {
	fields := map[int]ingest.Field{}
	for _, i := range p.texts {
		fields[i] = ingest.FieldText
	}
	for f, i := range p.at {
		fields[i] = f
	}
	list := make([]ingest.Column, 0, len(p.columns))
	for _, c := range p.columns {
		list = append(list, ingest.Column{Index: c.index + 1, Name: c.name, Field: fields[c.index], Samples: c.samples})
	}
	return list
}

// unnamed shows the columns of a table whose names were not found.
func unnamed(sheet *Sheet) []ingest.Column {
	var list []ingest.Column
	for _, row := range sheet.Head[:min(len(sheet.Head), maxSamples)] {
		for i, cell := range row.Cells {
			if i == len(list) {
				list = append(list, ingest.Column{Index: i + 1})
			}
			if cell = clean(cell); cell != "" {
				list[i].Samples = append(list[i].Samples, strings.Clone(cell))
			}
		}
	}
	return list
}

// agedBalance refuses what cannot be chased: totals by age, without invoices.
func agedBalance(p *plan) error {
	return &ingest.Rejected{
		Line:   p.headerLine(),
		Column: 1,
		Reason: "ce tableau est une balance par client (balance âgée)\u00a0: elle donne des totaux, pas les factures une à une",
		Mend:   "exportez plutôt l’échéancier ou les postes ouverts, avec une ligne par facture",
	}
}
