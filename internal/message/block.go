package message

import (
	"slices"
	"strconv"
	"strings"

	"acquit/internal/money"
)

// Span is a run of text of one look.
type Span struct {
	Text   string
	Strong bool
	Link   string // mailto: or tel:, where there is one
}

// Part is one block of a message, from which the text, the HTML and a letter
// are laid out alike. Exactly one of its fields is filled, besides Block.
type Part struct {
	Block     string   // the variable that the part stands for, such as payment; empty for words
	Paragraph [][]Span // its lines
	Bullets   [][]Span
	Table     *Table
	Payment   []Pair   // where to pay
	Transfer  Transfer // with Payment: what its code to scan holds
	Signature [][]Span // its lines
}

func (p Part) empty() bool {
	return p.Paragraph == nil && p.Bullets == nil && p.Table == nil && p.Payment == nil && p.Signature == nil
}

// Transfer is a payment as a bank takes it.
type Transfer struct {
	Holder    string
	IBAN      string
	BIC       string
	Amount    money.Amount // zero where the payer is to type it
	Reference string
}

// Table is the invoices of a message.
type Table struct {
	Invoice, Due, Late, Amount string // the heads of its columns
	Rows                       []Row
	Foot                       []Total
}

// Row is one invoice as it is read.
type Row struct {
	Number  string
	Note    string // du 8 octobre 2026
	Due     string
	Late    string // 14 jours de retard
	Days    string // 14 jours
	Overdue bool
	Amount  string
	Of      string // sur 2 450,00 €, where only a part is asked for
}

// Total is a line under a table.
type Total struct {
	Label  string
	Amount string
	Strong bool
}

// Pair is a name and its value.
type Pair struct{ Label, Value string }

// Marks that functions and block variables leave in the words; neither facts
// nor templates can contain them.
const (
	strongOn  = "\x02"
	strongOff = "\x03"
	blockMark = "\x1e"

	invoicesMark  = "invoices"
	comingMark    = "coming"
	earlierMark   = "earlier"
	paymentMark   = "payment"
	signatureMark = "signature"
)

func mark(name string) string { return blockMark + name + blockMark }

// composer cuts the words of a template into parts.
type composer struct {
	facts Facts
	words *words
	parts []Part
	para  [][]Span
	list  [][]Span
}

// parts is the words of a template cut at empty lines and at its blocks; lines
// that begin with "- " are a list.
func (f Facts) parts(words string, w *words) []Part {
	c := &composer{facts: f, words: w}
	for l := range strings.Lines(words) {
		c.line(strings.TrimSpace(l))
	}
	c.flush()
	return c.parts
}

func (c *composer) line(l string) {
	before, rest, found := strings.Cut(l, blockMark)
	if found {
		name, after, _ := strings.Cut(rest, blockMark)
		c.text(strings.TrimSpace(before))
		c.flush()
		c.block(name)
		if after = strings.TrimSpace(after); after != "" {
			c.line(after)
		}
		return
	}
	if l == "" {
		c.flush()
		return
	}
	c.text(l)
}

func (c *composer) text(l string) {
	if l == "" {
		return
	}
	if bullet, ok := strings.CutPrefix(l, "- "); ok {
		c.flushParagraph()
		c.list = append(c.list, spans(bullet))
		return
	}
	c.flushList()
	c.para = append(c.para, spans(l))
}

func (c *composer) flush() {
	c.flushParagraph()
	c.flushList()
}

func (c *composer) flushParagraph() {
	if c.para != nil {
		c.parts = append(c.parts, Part{Paragraph: c.para})
		c.para = nil
	}
}

func (c *composer) flushList() {
	if c.list != nil {
		c.parts = append(c.parts, Part{Bullets: c.list})
		c.list = nil
	}
}

func (c *composer) block(name string) {
	var p Part
	switch name {
	case invoicesMark:
		p.Table = c.facts.claimedTable(c.words)
	case comingMark:
		p.Table = c.facts.comingTable(c.words)
	case earlierMark:
		p.Bullets = c.facts.earlierList(c.words)
	case paymentMark:
		p = c.facts.payment(c.words)
	case signatureMark:
		p.Signature = c.facts.signature(c.words)
	}
	if !p.empty() {
		p.Block = blockNames[name]
		c.parts = append(c.parts, p)
	}
}

// blockNames are the variables behind the marks; those without one stay words.
var blockNames = map[string]string{
	invoicesMark: "table.invoices", comingMark: "table.coming", paymentMark: "payment", signatureMark: "signature",
}

// spans cuts a line where its look changes.
func spans(l string) []Span {
	var out []Span
	strong := false
	for l != "" {
		at := strings.IndexAny(l, strongOn+strongOff)
		if at < 0 {
			at = len(l)
		}
		if at > 0 {
			out = append(out, Span{Text: l[:at], Strong: strong})
		}
		if at == len(l) {
			break
		}
		strong = l[at:at+1] == strongOn
		l = l[at+1:]
	}
	return out
}

func plain(list []Span) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.Text)
	}
	return b.String()
}

// claimedTable is what is asked for and what it adds up to.
func (f Facts) claimedTable(w *words) *Table {
	t := f.table(f.Claimed, w)
	several := len(f.Claimed) > 1
	if several && !f.Credits.IsZero() {
		t.Foot = append(t.Foot, Total{Label: w.sum, Amount: w.money(f.Total.Add(f.Credits))})
	}
	if !f.Credits.IsZero() {
		t.Foot = append(t.Foot, Total{Label: w.credits, Amount: "−" + noBreak + w.money(f.Credits)})
	}
	if several || !f.Credits.IsZero() {
		t.Foot = append(t.Foot, Total{Label: w.total, Amount: w.money(f.Total), Strong: true})
	}
	return t
}

// comingTable is what is not yet due; it has no total, so that nobody pays the
// wrong one.
func (f Facts) comingTable(w *words) *Table {
	if len(f.Coming) == 0 {
		return nil
	}
	return f.table(f.Coming, w)
}

func (f Facts) table(list []Line, w *words) *Table {
	t := &Table{Invoice: w.invoice, Due: w.due, Late: w.late, Amount: w.amount}
	if !slices.ContainsFunc(list, func(l Line) bool { return l.Days > 0 }) {
		t.Amount = w.notDue
	}
	shown := list
	if len(list) > maxLines {
		shown = list[:maxLines-1]
	}
	for _, l := range shown {
		t.Rows = append(t.Rows, row(l, w))
	}
	if rest := list[len(shown):]; len(rest) > 0 {
		t.Rows = append(t.Rows, Row{Number: w.otherInvoices(len(rest)), Amount: w.money(sum(rest))})
	}
	return t
}

func row(l Line, w *words) Row {
	r := Row{
		Number: line(l.Number), Due: w.short(l.Due), Late: w.lateness(l.Days), Days: w.countDays(l.Days),
		Overdue: l.Days > 0, Amount: w.money(l.Claimed),
	}
	if !l.Issued.IsZero() {
		r.Note = w.issued + w.short(l.Issued)
	}
	if order := line(l.Order); order != "" {
		r.Note = strings.TrimPrefix(r.Note+" · "+w.order+order, " · ")
	}
	if l.Total != l.Claimed {
		r.Of = w.of + w.money(l.Total)
	}
	return r
}

func sum(list []Line) money.Amount {
	var total money.Amount
	for _, l := range list {
		total = total.Add(l.Claimed)
	}
	return total
}

func (w *words) otherInvoices(n int) string {
	if n == 1 {
		return w.others[0]
	}
	return strings.Replace(w.others[1], "%d", strconv.Itoa(n), 1)
}

func (f Facts) earlierList(w *words) [][]Span {
	var out [][]Span
	for _, e := range f.earlier() {
		text := w.date(e.On)
		if title := line(e.Title); title != "" {
			text += w.colon + title
		}
		out = append(out, []Span{{Text: text}})
	}
	return out
}

// payment is where to pay, or the sentence that sends the reader to the invoice
// when no account is known. How much is said in the words around it: a formal
// notice asks for more than the total.
func (f Facts) payment(w *words) Part {
	bank := f.Creditor.Bank
	reference := Pair{w.reference, f.reference()}
	if bank.grouped() == "" {
		text := w.onInvoice[1]
		if len(f.Claimed) == 1 {
			text = w.onInvoice[0]
		}
		return Part{Paragraph: [][]Span{{{Text: text}}, {{Text: reference.Label + w.colon + reference.Value}}}}
	}
	pairs := []Pair{
		{w.holder, line(first(bank.Holder, f.Creditor.Name))},
		{w.iban, bank.grouped()},
	}
	if bic := line(bank.BIC); bic != "" {
		pairs = append(pairs, Pair{w.bic, bic})
	}
	return Part{Payment: append(pairs, reference), Transfer: f.transfer()}
}

// transfer asks for the total. A formal notice asks for more than that: there
// the payer types what he pays.
func (f Facts) transfer() Transfer {
	bank := f.Creditor.Bank
	t := Transfer{
		Holder: line(first(bank.Holder, f.Creditor.Name)), IBAN: bank.grouped(), BIC: line(bank.BIC),
		Amount: f.Total, Reference: f.reference(),
	}
	if f.formal {
		t.Amount = money.Zero(f.Total.Currency)
	}
	return t
}

// signature is the collector's own, or name, title, company and how to reach.
func (f Facts) signature(w *words) [][]Span {
	var out [][]Span
	if own := lines(f.Collector.Signature); own != nil {
		for _, l := range own {
			out = append(out, []Span{{Text: l}})
		}
		return out
	}
	name, company := line(f.Collector.Name), line(f.Creditor.Name)
	if name == company {
		name = "" // nobody in particular signs
	}
	if name != "" {
		out = append(out, []Span{{Text: name, Strong: true}})
	}
	if title := line(f.Collector.Title); title != "" {
		company = title + ", " + company
	}
	out = append(out, []Span{{Text: company, Strong: name == ""}})
	if phone := unbroken(first(f.Collector.Phone, f.Creditor.Phone)); phone != "" {
		out = append(out, []Span{{Text: w.phone}, {Text: phone, Link: telephone(phone)}})
	}
	if email := line(first(f.Collector.Email, f.ReplyTo, f.Creditor.Email)); email != "" {
		out = append(out, []Span{{Text: email, Link: "mailto:" + email}})
	}
	return out
}

// telephone is a tel: link, or nothing for what does not look like a number.
func telephone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.ReplaceAll(s, "(0)", ""))
	if len(digits) < 6 {
		return ""
	}
	return "tel:" + digits
}
