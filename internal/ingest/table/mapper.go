package table

import (
	"slices"
	"strings"
	"unicode"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// mapper turns rows into documents by a plan.
type mapper struct {
	*plan
	file  *ingest.File
	base  money.Currency
	names []string // the header, to know it again further down
	width int

	// The columns, −1 where there is none.
	number, typ, code, name, account, siren, siret, vat, email, phone, civility, first, last, role int
	street, street2, postal, city, country, language, kind, tags, terms                            int
	currency, side, label, lettering, order, contract, invoice, status, journal, method            int

	issued, due, paidOn                        dates
	total, net, tax, open, paid, debit, credit sums
	words                                      map[string]meaning
	states                                     map[string]state
	currencies                                 map[string]money.Currency
	group                                      ingest.Customer // named on a line of its own above the rows
	dollars                                    bool            // it was said which one « $ » is
	control                                    control
	unnumbered                                 map[string]int  // payments without a number of their own
	statuses                                   []int           // other columns that say how far a piece is
	before                                     piece           // of the row before, in an itemised table
	gathered                                   *gathered       // whose lines are added up
	page                                       map[string]bool // what stands above the table, without figures
}

// dates is a column of dates.
type dates struct {
	at int
	days
}

// sums is a column of amounts.
type sums struct {
	at int
	amounts
}

func newMapper(p *plan, f *ingest.File, h ingest.Hints) *mapper {
	m := &mapper{
		plan: p, file: f, base: p.currency(h), width: len(p.columns), control: control{base: p.currency(h)},
		words: map[string]meaning{}, states: map[string]state{}, currencies: map[string]money.Currency{},
		unnumbered: map[string]int{},
	}
	for _, c := range p.columns {
		m.names = append(m.names, c.name)
	}
	for field, at := range map[ingest.Field]*int{
		ingest.FieldNumber: &m.number, ingest.FieldType: &m.typ, ingest.FieldCustomerCode: &m.code,
		ingest.FieldCustomerName: &m.name,
		ingest.FieldAccount:      &m.account, ingest.FieldSIREN: &m.siren, ingest.FieldSIRET: &m.siret,
		ingest.FieldVATID: &m.vat,
		ingest.FieldEmail: &m.email, ingest.FieldPhone: &m.phone, ingest.FieldCivility: &m.civility,
		ingest.FieldFirstName: &m.first,
		ingest.FieldLastName:  &m.last, ingest.FieldRole: &m.role, ingest.FieldStreet: &m.street,
		ingest.FieldStreet2:    &m.street2,
		ingest.FieldPostalCode: &m.postal, ingest.FieldCity: &m.city, ingest.FieldCountry: &m.country,
		ingest.FieldLanguage: &m.language,
		ingest.FieldKind:     &m.kind, ingest.FieldTags: &m.tags, ingest.FieldTerms: &m.terms,
		ingest.FieldCurrency: &m.currency,
		ingest.FieldSide:     &m.side, ingest.FieldLabel: &m.label, ingest.FieldLettering: &m.lettering,
		ingest.FieldOrder:    &m.order,
		ingest.FieldContract: &m.contract, ingest.FieldInvoice: &m.invoice, ingest.FieldStatus: &m.status,
		ingest.FieldJournal: &m.journal, ingest.FieldMethod: &m.method,
		ingest.FieldIssued: &m.issued.at, ingest.FieldDue: &m.due.at, ingest.FieldPaidOn: &m.paidOn.at,
		ingest.FieldTotal: &m.total.at, ingest.FieldNet: &m.net.at, ingest.FieldTax: &m.tax.at,
		ingest.FieldOpen: &m.open.at,
		ingest.FieldPaid: &m.paid.at, ingest.FieldDebit: &m.debit.at, ingest.FieldCredit: &m.credit.at,
	} {
		*at = -1
		if i, ok := p.at[field]; ok {
			*at = i
		}
	}
	m.statuses, m.group = p.alsoStatus(), p.above
	m.styles()
	return m
}

func (m *mapper) styles() {
	for field, d := range map[ingest.Field]*dates{
		ingest.FieldIssued: &m.issued, ingest.FieldDue: &m.due, ingest.FieldPaidOn: &m.paidOn,
	} {
		d.days = days{order: m.orderOf[field], packed: m.column(field).packing(), y1904: m.sheet.Y1904}
	}
	for field, s := range map[ingest.Field]*sums{
		ingest.FieldTotal: &m.total, ingest.FieldNet: &m.net, ingest.FieldTax: &m.tax, ingest.FieldOpen: &m.open,
		ingest.FieldPaid: &m.paid, ingest.FieldDebit: &m.debit, ingest.FieldCredit: &m.credit,
	} {
		s.amounts = amounts{decimal: m.decimal[field], raw: m.sheet.Raw}
	}
}

// cell is a cell of the row, or nothing.
func cell(cells []string, at int) string {
	if at < 0 || at >= len(cells) {
		return ""
	}
	return clean(cells[at])
}

// row reads one row: a document, a rejection, or neither when the row is left
// out on purpose.
func (m *mapper) row(row Row) (*ingest.Document, *ingest.Rejected) {
	if row.Err != nil {
		return nil, &ingest.Rejected{
			Line: row.Line, Column: 1, Reason: row.Err.Error(),
			Mend: "corrigez la ligne dans le fichier",
		}
	}
	cells := row.Cells
	for len(cells) > 0 && clean(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil, nil
	}
	if reason := m.beside(row.Line, cells); reason != "" {
		m.file.Skip(reason, row.Line)
		return nil, nil
	}
	if len(cells) > m.width && m.width > 0 {
		return nil, m.reject(row, m.width, "la ligne a plus de colonnes que l’en-tête\u00a0: un séparateur s’est glissé dans un texte",
			"mettez ce texte entre guillemets")
	}
	switch m.what {
	case customers:
		return m.customerRow(row)
	case payments:
		return m.paymentRow(row)
	}
	return m.invoiceRow(row)
}

// beside is why a line is left out on purpose; nothing for the others. What it says
// of those that follow, or of the whole, is kept.
func (m *mapper) beside(line int, cells []string) string {
	switch {
	case ruled(cells):
		return "filet"
	case m.isHeader(cells):
		return "ligne d’en-tête répétée"
	case m.pageLine(cells):
		return "ligne de haut ou de pied de page"
	case m.what != customers && bucketLine(cells):
		return "ligne de regroupement par âge"
	case m.isTotal(cells):
		m.control.compare(m, line, cells)
		return "ligne de total"
	case m.elsewhere(cells):
		m.control.mixed = true // the totals of the file count it, the books do not
		return "écriture hors des comptes clients"
	case m.what == customers:
		return ""
	}
	if group, ok := m.groupOf(cells); ok {
		m.group = group
		return "ligne de regroupement par client"
	}
	if m.remark(cells) {
		return "ligne de texte seul"
	}
	return ""
}

// remark tells a line that has nothing but one text: « Édité le 28/11/2026 », a
// foot of page. A single word may be what is left of a piece: that one is refused.
func (m *mapper) remark(cells []string) bool {
	only := ""
	for _, c := range cells {
		if c = clean(c); c == "" {
			continue
		}
		if only != "" {
			return false
		}
		only = c
	}
	return m.width >= 4 && strings.Contains(only, " ") && strings.ContainsFunc(only, unicode.IsLetter)
}

// pageLine tells what programs print on each page: the lines above the table again,
// or one that begins like a page's head or foot and has little else.
func (m *mapper) pageLine(cells []string) bool {
	if m.page == nil {
		m.page = map[string]bool{}
		for _, row := range m.sheet.Head[:max(m.header, 0)] {
			if text := lineText(row.Cells); unlabelled(text) == text {
				m.page[onPage(row.Cells)] = true
			}
		}
		delete(m.page, "")
	}
	if countFilled(cells[:min(len(cells), 8)]) > 3 { // as the usual row
		return false
	}
	filled := countFilled(cells)
	if filled > 3 {
		return false
	}
	text := onPage(cells)
	first, _, _ := strings.Cut(text, " ")
	return m.page[text] || pageWords[first] && filled <= 2 && (filled != 1 || first != text)
}

// onPage is a line without its figures, which change from page to page.
func onPage(cells []string) string {
	text := plainName(strings.Join(cells, " "))
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return ' '
		}
		return r
	}, text)), " ")
}

// pageWords begin what stands at the head and foot of pages.
var pageWords = setOf("page edite edition imprime impression tirage periode exercice arrete printed generated report exporte")

// ruled tells a line drawn with signs.
func ruled(cells []string) bool {
	drawn := 0
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if strings.Trim(c, "-=_*+─═ ") != "" {
			return false
		}
		drawn = max(drawn, len(c))
	}
	return drawn >= 3
}

func (m *mapper) isHeader(cells []string) bool {
	if len(cells) < 2 || clean(cells[0]) != m.names[0] {
		return false
	}
	for i, c := range cells {
		if i < m.width && clean(c) != m.names[i] {
			return false
		}
	}
	return true
}

func (m *mapper) reject(row Row, at int, reason, mend string) *ingest.Rejected {
	return &ingest.Rejected{Line: row.Line, Column: at + 1, Reason: reason, Mend: mend, Cells: slices.Clone(row.Cells)}
}

// wrong is a rejection for a value that could not be read.
func (m *mapper) wrong(row Row, at int, err error) *ingest.Rejected {
	reason, mend := explain(err)
	return m.reject(row, at, "colonne «\u00a0"+m.names[at]+"\u00a0»\u00a0: "+reason, mend)
}

// groupOf recognises the customer on a line of its own: « 411DUPO – Dupont SA »,
// or the code and the name alone in their columns.
func (p *plan) groupOf(cells []string) (ingest.Customer, bool) {
	var filled []string
	at := 0
	for i, c := range cells {
		if c = clean(c); c != "" {
			if len(filled) == 2 {
				return ingest.Customer{}, false
			}
			filled = append(filled, c)
			at = i
		}
	}
	if len(filled) == 0 || !p.canGroup(at, len(filled)) {
		return ingest.Customer{}, false
	}
	text := unlabelled(strings.Join(filled, " "))
	code, name := splitGroup(text)
	if code == "" && len(filled) == 2 {
		code, name = filled[0], filled[1]
	}
	if name == "" {
		return ingest.Customer{}, false
	}
	return ingest.Customer{Code: strings.Clone(code), Name: strings.Clone(name)}, true
}

// unlabelled is the text of a group without the word that announces it.
func unlabelled(text string) string {
	for _, prefix := range partyLabels {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			if rest := strings.TrimLeft(text[len(prefix):], " :"); len(rest) < len(text)-len(prefix) {
				return rest
			}
		}
	}
	return text
}

// partyLabels are the words before a customer on a line of its own.
var partyLabels = []string{
	"compte client", "compte tiers", "code client", "nom du client", "raison sociale", "compte", "client", "tiers",
	"customer name", "customer", "account",
}

// canGroup tells whether cells that stand alone may name a customer: the table
// has no column for it, or they are in that column.
func (p *plan) canGroup(at, n int) bool {
	parties := []ingest.Field{ingest.FieldCustomerName, ingest.FieldCustomerCode}
	if !p.any(parties...) {
		return at <= 3
	}
	for _, f := range parties {
		if i, ok := p.at[f]; ok && i == at && (n == 1 || p.has(parties...)) {
			return true
		}
	}
	return false
}

// splitGroup takes the code off the front of « 411DUPO – Dupont SA »: it has a
// digit.
func splitGroup(text string) (code, name string) {
	first, rest, ok := strings.Cut(text, " ")
	if ok && strings.ContainsAny(first, "0123456789") {
		return strings.TrimRight(first, ":"), strings.TrimLeft(rest, " -–—:")
	}
	if strings.ContainsAny(text, "0123456789") && !ok {
		return "", "" // a lone number is no customer
	}
	return "", text
}
