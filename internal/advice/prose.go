package advice

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// stated is a total that the advice states, and how surely it is what was paid.
type stated struct {
	amount money.Amount
	rank   int
}

// The ranks: « montant » alone may be anything's; « total général » adds up more
// than was paid where « net réglé » stands below.
const (
	rankBare = iota
	rankSaid // « notre virement de 120,00 € »
	rankSome // « total factures »
	rankTotal
	rankPaid
)

func (r *reader) state(amount money.Amount, rank int) {
	r.totals = append(r.totals, stated{amount, rank})
}

// choose takes the surest total: of equal ones the one that the lines add up to,
// else the last.
func (r *reader) choose(sum money.Amount, ok bool) {
	best := -1
	for _, t := range r.totals {
		if t.rank > best || t.rank == best && (!ok || r.Total != sum) {
			best, r.Total = t.rank, t.amount
		}
	}
}

// total reads a row that states what is paid in all: « Total : 1 234,56 € ».
func (r *reader) total(row row) bool {
	text := row.text()
	var amount money.Amount
	first, numbers := len(text), 0
	for _, t := range r.tokens(text) {
		switch {
		case t.isAmount():
			amount = t.amount // the last one: brut, escompte, net
			first = min(first, t.start)
		case t.isWord() && numberLike(t.text) && t.start < first:
			numbers++
		}
	}
	label := text[:first]
	if a, before, ok := r.totalCell(row); ok && (!ingest.Known(amount) || row.cells[0].from == row.cells[0].to) {
		amount, label, numbers = a, before, 0
	}
	if !ingest.Known(amount) || numbers > 0 {
		return false
	}
	rank, ok := rankOf(plain(withoutCurrency(label)))
	if ok {
		r.state(amount, rank)
	}
	return ok
}

// totalCell is what stands in the column of amounts of a row, a whole number too,
// and the words in front of it.
func (r *reader) totalCell(row row) (amount money.Amount, label string, ok bool) {
	if r.columns == nil {
		return amount, "", false
	}
	best := roleNone
	for i, c := range row.cells[1:] {
		col, below := r.under(c)
		a, isAmount := r.cellAmount(c.text, r.currency)
		paid := col.role == roleAmount || best != roleAmount && (col.role == roleGross || col.role == roleCredit)
		if !below || !isAmount || !paid {
			continue
		}
		amount, best, ok = a, col.role, true
		if label == "" {
			label = rowOf(0, wordsOf(row.cells[:i+1], r)...).text()
		}
	}
	return amount, label, ok
}

// wordsOf are the texts of cells that hold no figures.
func wordsOf(cells []cell, r *reader) (list []string) {
	for _, c := range cells {
		if _, figures := r.cellAmount(c.text, r.currency); !figures {
			list = append(list, c.text)
		}
	}
	return list
}

// rankOf tells how surely a label is that of the total paid; not ok where it is of
// no total, or of one page of several.
func rankOf(label string) (rank int, ok bool) {
	words := strings.Fields(label)
	partial := func(w string) bool { return slices.Contains(partialWords, w) }
	if len(words) == 0 || len(words) > 8 || slices.ContainsFunc(words, partial) {
		return 0, false
	}
	said := func(list []string) bool {
		return slices.Contains(list, label) || slices.ContainsFunc(list, func(w string) bool {
			return strings.HasPrefix(label, w+" ") || strings.Contains(w, " ") && strings.HasSuffix(label, " "+w)
		})
	}
	switch {
	case said(paidWords):
		return rankPaid, true
	case slices.Contains(totalWords, label):
		return rankTotal, true
	case said(totalWords) && len(words) <= 6:
		return rankSome, true
	case slices.Contains(bareWords, label):
		return rankBare, true
	}
	return 0, false
}

func withoutCurrency(s string) string { return codes.ReplaceAllString(s, " ") }

// labelled reads what stands behind a colon, or beside its name.
func (r *reader) labelled(row row) bool {
	if key, value, ok := strings.Cut(row.text(), ":"); ok && !strings.Contains(value, ": ") && r.value(key, value) {
		return true
	}
	found := false
	for i, c := range row.cells {
		key, value, ok := strings.Cut(c.text, ":")
		if oneLine(value) == "" && i+1 < len(row.cells) && (ok || len(row.cells) == 2) {
			value, ok = row.cells[i+1].text, true
		}
		found = ok && r.value(key, value) || ok && len(row.cells) > 1 && r.total(rowOf(row.line, key, value)) || found
	}
	return found
}

func rowOf(line int, texts ...string) row { return row{line, cellsOf(texts)} }

// value takes what a name announces.
func (r *reader) value(key, value string) bool {
	if value = oneLine(value); value == "" || len(key) > 60 {
		return false
	}
	name := plain(key)
	switch {
	case slices.Contains(dayKeys, name):
		day, ok := r.day(value)
		if !ok {
			day, ok = r.day(dayInText.FindString(value))
		}
		if weak := name == "date" || name == "fecha" || name == "echeance"; ok && (r.PaidOn == 0 || !weak) {
			r.PaidOn = day
		}
		return ok
	case slices.Contains(referenceKeys, name):
		if r.Reference == "" || name != "reference" && name != "ref" {
			r.Reference = cut(value)
		}
		return true
	case slices.Contains(payerKeys, name):
		if r.Payer == "" {
			r.Payer = cut(value)
		}
		return true
	}
	return false
}

// prose reads a row of words: « Facture F12 du 03/10/2026 : 120,00 € », « règlement
// des factures F1, F2 et F3 », or a row of a table without names.
func (r *reader) prose(row row) {
	text := row.text()
	tokens := r.tokens(text)
	r.paidOn(tokens)
	for _, c := range row.cells {
		if m := titled.FindStringSubmatch(c.text); m != nil && r.Reference == "" {
			r.Reference = cut(m[1])
			return
		}
	}
	n := numbering{text: text, tokens: tokens, row: row.line}
	n.read()
	if len(n.before) == 1 && len(n.lines) > 0 && speaksOfPaying(tokens) {
		r.state(n.before[0], rankSaid) // « virement de 300,00 € pour les factures F1 et F2 »
		if one := &n.lines[0]; len(n.lines) == 1 && !ingest.Known(one.Amount) && !n.credit[0] {
			one.Amount = n.before[0]
		}
	}
	if len(n.lines) == 0 {
		if !r.deducted(row, tokens) {
			r.inAll(tokens)
		}
		return
	}
	amounts := 0
	for _, l := range n.lines {
		if ingest.Known(l.Amount) {
			amounts++
		}
	}
	if last := &n.lines[len(n.lines)-1]; len(n.lines) > 1 && amounts == 1 && ingest.Known(last.Amount) {
		r.state(last.Amount, rankSaid) // « les factures F1 et F2 pour 300,00 € »
		last.Amount = money.Amount{}
	}
	for i, l := range n.lines {
		r.settle(&l, r.currency)
		r.add(l, n.credit[i])
	}
}

// titled is the number of the advice or of the payment in its title: « Bordereau
// de règlement n° 004512 ».
var titled = regexp.MustCompile(`(?i)^(?:bordereau|avis|virement|r[èe]glement|paiement|remittance advice|payment advice|zahlungsavis)` +
	`\b[^:0-9]{0,40}?\b(?:n[°ºo]\.?|nr\.?|no\.?|number|#)[ :]*([A-Z0-9][A-Z0-9/_-]{2,})$`)

// numbering finds the documents that a row names, each with what stands behind it.
type numbering struct {
	text   string
	tokens []token
	row    int

	lines   []Line
	credit  []bool
	before  []money.Amount // amounts in front of the first number
	pending []money.Amount // behind the last one
	named   bool           // a word announced a document
	minus   bool           // and it is a credit note
	open    bool           // the numbers that follow are of documents too
}

func (n *numbering) read() {
	n.remarks()
	some := slices.ContainsFunc(n.tokens, token.isAmount)
	for i, t := range n.tokens {
		switch {
		case t.isAmount():
			n.amount(t)
		case t.isDay():
			if len(n.lines) > 0 && n.lines[len(n.lines)-1].On == 0 && !deed(n.tokens, i) {
				n.lines[len(n.lines)-1].On = t.day
			}
		case isCredit(t.text) || plain(t.text) == "credit" && i+1 < len(n.tokens) && isCredit(t.text+" "+n.tokens[i+1].text):
			n.named, n.minus = true, true
		case announces(t.text):
			n.named, n.minus = true, false
		case !numberLike(t.text):
			if !joins(t.text) {
				n.open = false
			}
		case n.named || n.open && n.listed(i) || some && (i == 0 || i == 1 && !n.tokens[0].isWord()):
			n.end()
			for _, number := range n.through(i) {
				n.lines, n.credit = append(n.lines, Line{Number: number, Row: n.row}), append(n.credit, n.minus)
			}
			n.named, n.open = false, true
		}
	}
	n.end()
}

// announces tells the words before a document: « facture », « V/FACT ».
func announces(text string) bool {
	return slices.Contains(invoiceWords, strings.ToLower(text)) || !strings.ContainsAny(text, "0123456789") &&
		slices.ContainsFunc(strings.Fields(plain(text)), func(w string) bool {
			return slices.Contains(invoiceWords, w)
		})
}

// deed tells the day of a deed, « le 3 novembre », from that of a document, « du
// 3 novembre ».
func deed(tokens []token, i int) bool {
	return i > 0 && slices.Contains([]string{"le", "on", "am", "el"}, strings.ToLower(tokens[i-1].text))
}

// maxRange is how many documents « 260119 à 260122 » may mean.
const maxRange = 50

// through are the numbers that the token stands for: itself and, where it ends a
// range, those since the last one.
func (n *numbering) through(i int) []string {
	last := n.tokens[i].text
	if i == 0 || len(n.lines) == 0 ||
		!slices.Contains([]string{"à", "a", "au", "to", "bis"}, strings.ToLower(n.tokens[i-1].text)) {
		return []string{last}
	}
	first := n.lines[len(n.lines)-1].Number
	digits := strings.LastIndexFunc(last, func(r rune) bool { return r < '0' || r > '9' }) + 1
	if len(first) != len(last) || first[:digits] != last[:digits] || len(last)-digits > 9 {
		return []string{last}
	}
	from, err := strconv.Atoi(first[digits:])
	to, _ := strconv.Atoi(last[digits:])
	if err != nil || to <= from || to-from > maxRange {
		return []string{last}
	}
	var list []string
	for k := from + 1; k <= to; k++ {
		list = append(list, fmt.Sprintf("%s%0*d", last[:digits], len(last)-digits, k))
	}
	return list
}

// remarks takes amounts in brackets for what they are in a sentence: « F1 (120,00),
// F2 (80,00) » is nothing negative.
func (n *numbering) remarks() {
	plain := func(t token) bool { return t.isAmount() && !strings.HasPrefix(t.text, "(") }
	words := slices.DeleteFunc(slices.Clone(n.tokens), func(t token) bool { return !t.isWord() || numberLike(t.text) })
	if len(words) < 3 || slices.ContainsFunc(n.tokens, plain) {
		return
	}
	for i := range n.tokens {
		n.tokens[i].amount = n.tokens[i].amount.Abs()
	}
}

func (n *numbering) amount(t token) {
	if len(n.lines) == 0 {
		n.before = append(n.before, t.amount)
		return
	}
	n.pending = append(n.pending, t.amount)
}

// listed tells whether the token continues a list: after an amount a comma, a word
// or a sign must say so, for what stands there without one is another column.
func (n *numbering) listed(i int) bool {
	last := n.tokens[i-1]
	if last.isWord() {
		return true
	}
	between := n.text[min(last.start+len(last.text), n.tokens[i].start):n.tokens[i].start]
	return strings.ContainsAny(between, ",;+&")
}

// end gives the last document the amounts behind its number.
func (n *numbering) end() {
	if len(n.lines) > 0 {
		n.lines[len(n.lines)-1].amounts(n.pending)
	}
	n.pending = nil
}

// joins tells the words between the numbers of a list, and before them.
func joins(w string) bool {
	return slices.Contains([]string{
		"et", "and", "und", "&", "+", "/", "n", "no", "n°", "nº", "nr", "numero", "numéro", "number", "#", "n°s", "nos",
		"à", "a", "au", "to", "bis",
	}, strings.ToLower(w))
}

// amounts gives a line the amounts behind its number: what is paid is the last;
// of three, the second is what is taken off the first.
func (l *Line) amounts(list []money.Amount) {
	switch n := len(list); {
	case n == 0:
	case n >= 3 && list[n-3].Currency == list[n-2].Currency && list[n-3].Currency == list[n-1].Currency &&
		list[n-3].Sub(list[n-2].Abs()) == list[n-1]:
		l.Gross, l.Discount, l.Amount = list[n-3], list[n-2].Abs(), list[n-1]
	default:
		l.Amount = list[n-1]
	}
}

// payWords speak of the payment itself, as plain names.
var payWords = []string{
	"virement", "reglement", "paiement", "payment", "zahlung", "uberweisung", "transfer", "paid", "cheque",
	"regle", "paye", "uberwiesen", "ueberwiesen", "vire", "virer", "pago", "transferencia", "transfert", "lcr",
}

func speaksOfPaying(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return slices.Contains(payWords, plain(t.text)) })
}

// inAll finds the total in « notre virement d'un montant de 1 234,56 € ».
func (r *reader) inAll(tokens []token) {
	var found []money.Amount
	for _, t := range tokens {
		if t.isAmount() {
			found = append(found, t.amount)
		}
	}
	if len(found) == 1 && speaksOfPaying(tokens) {
		r.state(found[0], rankSaid)
	}
}

// paidOn finds « notre virement du 12/11/2026 » and its kin.
func (r *reader) paidOn(tokens []token) {
	for i, t := range tokens {
		if !t.isDay() || r.PaidOn != 0 {
			continue
		}
		before := tokens[max(0, i-8):i]
		numbered := slices.ContainsFunc(before, func(t token) bool { return t.isWord() && numberLike(t.text) })
		if speaksOfPaying(before) && (!numbered || deed(tokens, i)) || saysDate(before) {
			r.PaidOn = t.day
		}
	}
}

// saysDate tells « en date du » and « date de valeur ».
func saysDate(before []token) bool {
	var words []string
	for _, t := range before[max(0, len(before)-3):] {
		words = append(words, plain(t.text))
	}
	said := strings.Join(words, " ")
	return said == "en date du" || strings.HasSuffix(said, "date valeur") || said == "date de valeur"
}
