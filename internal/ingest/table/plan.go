package table

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/delimited"
)

// Row is one row of a table.
type Row = delimited.Row

// Sheet is a table, wherever its rows come from.
type Sheet struct {
	Name     string
	Head     []Row // the first rows, copied: preamble, names, values
	Evidence []Row // more rows from anywhere in the table
	Raw      bool  // cells hold raw numbers and serial dates, as in a workbook
	Y1904    bool  // whose dates count from 1904
}

// maxPreamble bounds the rows above the names of the columns.
const maxPreamble = 60

// plan is how a table is to be read.
type plan struct {
	sheet   *Sheet
	header  int    // index in Head; −1 when the columns have no names
	title   string // the words above the table
	columns []*column
	at      map[ingest.Field]int // the column of a field
	what    content
	orderOf map[ingest.Field]cal.Order
	decimal map[ingest.Field]rune
	shown   struct {
		decimal rune
		order   string
	}
	warnings   []ingest.Warning
	blankIsNil bool            // empty cells of what is left mean nothing is left
	avoirs     bool            // numbers of credit notes have letters of their own
	running    bool            // the balance adds up from row to row: it is nobody's debt
	items      bool            // each row is a line of a piece
	summing    bool            // whose amounts are to be added up
	accounts   int             // the column of accounts of a whole ledger less one; 0 for none
	rows       int             // below the names, as far as they were looked at
	carried    bool            // a customer is named on the first of its rows alone
	above      ingest.Customer // whom the lines above the table name, where no column does
	texts      []int           // of the movements of a bank: the columns of texts, the label first
	fees       bool            // of the movements of a bank: fees are taken off beside the amount
	order      int             // of the movements of a bank, as their balances tell: 1 oldest first, -1 newest first
	buckets    []int           // the columns of ages that hold the amounts, where nothing else does
}

// content is what the rows of a table are.
type content string

const (
	invoices  content = "factures"
	payments  content = "règlements"
	customers content = "clients"
	balances  content = "balance âgée"
)

// understand makes the plan of a sheet, or says what must be asked.
func understand(sheet *Sheet, h ingest.Hints) (*plan, error) {
	if p, err := bankPlan(sheet, h); p != nil || err != nil {
		return p, err
	}
	dict := dictionary()
	head, ok := findHeader(sheet.Head, dict, h.HeaderLine)
	if named, is := mapped(sheet.Head, h.Mapping); is && h.HeaderLine == 0 {
		head, ok = named, true
	}
	switch {
	case ok:
	case len(h.Mapping) > 0 && len(sheet.Head) > 0:
		head = nameless(sheet.Head) // columns are told by their numbers
	case broken(sheet.Head) != nil:
		return nil, broken(sheet.Head)
	default:
		return nil, ask(sheet, header{}, nil, "la ligne des noms de colonnes n’a pas été trouvée", ingest.FieldNumber, ingest.FieldTotal)
	}
	p := &plan{sheet: sheet, header: head.index, at: map[ingest.Field]int{}}
	for _, row := range sheet.Head[:max(head.index, 0)] {
		p.title += " " + plainName(strings.Join(row.Cells, " "))
	}
	p.observe(head)
	if err := p.assign(dict, h.Mapping); err != nil {
		return nil, err
	}
	if !p.has(ingest.FieldNumber) {
		p.unnamedNumber()
	}
	p.aged()
	p.settle()
	if missing, reason := p.decide(h); reason != "" {
		if p.what == balances {
			return nil, agedBalance(p)
		}
		return nil, ask(sheet, head, p, reason, missing...)
	}
	p.style(h)
	return p, nil
}

// broken is why the first row that cannot be read is none, where no names were
// found: they may well be in it.
func broken(rows []Row) error {
	for _, row := range rows[:min(len(rows), maxPreamble)] {
		if row.Err != nil {
			return &ingest.Rejected{Line: row.Line, Column: 1, Reason: row.Err.Error(), Mend: "exportez un tableau moins large, ou corrigez la ligne"}
		}
	}
	return nil
}

// observe looks at the values below the names.
func (p *plan) observe(head header) {
	width := len(head.names)
	for width > 0 && clean(head.names[width-1]) == "" {
		width--
	}
	for i := range width {
		p.columns = append(p.columns, &column{index: i, name: clean(head.names[i])})
	}
	for _, row := range slices.Concat(p.sheet.Head[p.header+1:], p.sheet.Evidence) {
		if aside(row.Cells, head.names) {
			continue
		}
		if countFilled(row.Cells) > 2 {
			p.rows++
		}
		for i, cell := range row.Cells[:min(len(row.Cells), width)] {
			p.columns[i].observe(cell)
		}
	}
}

// aside tells the rows that say nothing of what the columns hold: totals, names
// repeated further down, and the customer above a group.
func aside(cells, names []string) bool {
	filled, first := 0, ""
	for _, c := range cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		if filled++; first == "" {
			first = strings.TrimSpace(c)
		}
	}
	if filled <= 2 && len(names) > 4 || len(first) >= 5 && strings.EqualFold(first[:5], "total") {
		return true
	}
	return len(cells) > 1 && len(names) > 1 && cells[0] == names[0] && cells[1] == names[1]
}

// offer is one field for one column.
type offer struct {
	column int
	field  ingest.Field
	score  int
}

// assign gives each field its column: first those that a person said, then the
// surest by name and content.
func (p *plan) assign(dict names, given map[ingest.Field]string) error {
	taken := map[int]bool{}
	settled := map[ingest.Field]bool{}
	for field, name := range given {
		settled[field] = true
		if name == "" || name == "-" {
			continue // a person said that the file has none
		}
		i, err := p.named(name)
		if err != nil {
			return err
		}
		p.at[field], taken[i] = i, true
	}
	p.itemised()
	p.offer(dict, taken, settled, p.ofItem)
	if p.items && !p.any(ingest.FieldTotal, ingest.FieldOpen, ingest.FieldDebit, ingest.FieldNet) {
		p.offer(dict, taken, settled, func(*column) bool { return false }) // what the lines cost is all there is
	}
	p.summing = p.summed()
	return nil
}

// offer gives the fields that are left to the columns that are, the surest first.
func (p *plan) offer(dict names, taken map[int]bool, settled map[ingest.Field]bool, but func(*column) bool) {
	p.offers(dict.meanings, taken, settled, but)
}

func (p *plan) offers(
	meanings func(string) []guess, taken map[int]bool, settled map[ingest.Field]bool, but ...func(*column) bool,
) {
	var offers []offer
	for _, c := range p.columns {
		if slices.ContainsFunc(but, func(aside func(*column) bool) bool { return aside(c) }) {
			continue
		}
		for _, g := range meanings(c.name) {
			if score := g.score + c.suits(g.field); score > 0 {
				offers = append(offers, offer{c.index, g.field, score})
			}
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.column, b.column))
	})
	for _, o := range offers {
		if !taken[o.column] && !settled[o.field] {
			p.at[o.field], taken[o.column], settled[o.field] = o.column, true, true
		}
	}
}

// named finds a column by its name or its number.
func (p *plan) named(name string) (int, error) {
	for _, c := range p.columns {
		if c.name == name || plainName(c.name) == plainName(name) && plainName(name) != "" {
			return c.index, nil
		}
	}
	if n, err := strconv.Atoi(strings.TrimSpace(name)); err == nil && n >= 1 && n <= len(p.columns) {
		return n - 1, nil
	}
	return 0, &fault.Invalid{
		Field: "mapping", Message: "la colonne «\u00a0" + name + "\u00a0» n’est pas dans ce fichier",
		Mend: "donnez son nom exact ou son numéro, de 1 à " + strconv.Itoa(len(p.columns)),
	}
}

func (p *plan) has(fields ...ingest.Field) bool {
	return !slices.ContainsFunc(fields, func(f ingest.Field) bool { _, ok := p.at[f]; return !ok })
}

func (p *plan) any(fields ...ingest.Field) bool {
	return slices.ContainsFunc(fields, func(f ingest.Field) bool { _, ok := p.at[f]; return ok })
}

func (p *plan) column(f ingest.Field) *column {
	if i, ok := p.at[f]; ok {
		return p.columns[i]
	}
	return &column{}
}

// move gives the column of one field to another.
func (p *plan) move(from, to ingest.Field) {
	p.at[to] = p.at[from]
	delete(p.at, from)
}

// settle corrects what the columns alone could not tell.
func (p *plan) settle() {
	if p.has(ingest.FieldCustomerCode) && !p.any(ingest.FieldCustomerName) && p.called() {
		p.move(ingest.FieldCustomerCode, ingest.FieldCustomerName)
	}
	if p.has(ingest.FieldLastName) && !p.any(ingest.FieldCustomerName, ingest.FieldCustomerCode) {
		p.move(ingest.FieldLastName, ingest.FieldCustomerName)
	}
	if p.has(ingest.FieldPaid) && !p.any(ingest.FieldTotal, ingest.FieldOpen, ingest.FieldDebit, ingest.FieldNet) {
		p.move(ingest.FieldPaid, ingest.FieldTotal) // a list of payments
	}
	ledger := p.has(ingest.FieldDebit, ingest.FieldCredit)
	if ledger && p.has(ingest.FieldOpen) {
		p.running = p.addsUp()
		if p.running {
			delete(p.at, ingest.FieldOpen)
			p.warn("solde", "la colonne de solde progresse de ligne en ligne\u00a0: elle n’est pas lue comme un reste dû")
		}
	}
	p.accounts = p.wholeLedger() + 1
	p.carries()
	avoirs := p.column(ingest.FieldNumber)
	p.avoirs = avoirs.avoirs > 0 && avoirs.share(avoirs.avoirs) < 60
}

// unnamedNumber finds the numbers of pieces below no name at all, as in reports
// whose first column holds the customer of a group and then its pieces.
func (p *plan) unnamedNumber() {
	for _, c := range p.columns {
		if c.name == "" && c.share(c.digited) > 90 && c.dates+c.amounts+c.serials == 0 && c.filled > 0 {
			p.at[ingest.FieldNumber] = c.index
			return
		}
	}
}

// called tells a column of names that look like codes, « ACME » below « Client »:
// a code has a digit, unless its column says that it holds codes.
func (p *plan) called() bool {
	c := p.column(ingest.FieldCustomerCode)
	name, code := 0, 0
	for _, g := range dictionary().meanings(c.name) {
		switch g.field {
		case ingest.FieldCustomerName:
			name = g.score
		case ingest.FieldCustomerCode:
			code = g.score
		}
	}
	return c.share(c.worded) >= 50 || name > code && c.share(c.numbered) < 50
}

func (p *plan) warned(code string) bool {
	return slices.ContainsFunc(p.warnings, func(w ingest.Warning) bool { return w.Code == code })
}

func (p *plan) warn(code, text string) {
	p.warnings = append(p.warnings, ingest.Warning{Code: code, Text: text})
}
