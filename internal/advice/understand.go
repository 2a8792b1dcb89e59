package advice

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// reader turns the rows of a page into an advice.
type reader struct {
	style
	Advice
	columns []column // of the table that goes on; nil outside one
	credits []bool   // by line: a word says that it is a credit note
	stated  bool     // the total has its own words
}

// column is a column of a table with its place.
type column struct {
	meaning
	cell
}

func understand(p page) Advice {
	r := &reader{style: styleOf(p)}
	for _, row := range p[:min(len(p), maxRows)] {
		if len(r.Lines) >= maxLines {
			r.warn("limite", "l’avis a plus de lignes qu’il n’en est lu\u00a0: la suite manque", row.line)
			break
		}
		r.row(row)
	}
	r.signs()
	r.check()
	return r.Advice
}

// headings are the columns that a row names: a number and an amount at least.
func headings(r row) ([]column, bool) {
	var list []column
	number, amount := false, false
	best := map[role]int{}
	for _, c := range r.cells {
		m := heading(c.text)
		if m.role == roleNone || len(c.text) > 60 {
			continue
		}
		list = append(list, column{m, c})
		best[m.role] = max(best[m.role], m.score)
		number = number || m.role == roleNumber
		amount = amount || m.role == roleAmount || m.role == roleGross || m.role == roleCredit
	}
	// Of two columns of numbers the likelier one counts.
	list = slices.DeleteFunc(list, func(c column) bool { return c.score < best[c.role] })
	return list, number && amount && len(list) >= 2
}

// row reads one row of the page.
func (r *reader) row(row row) {
	if columns, ok := headings(row); ok {
		r.columns = columns
		return
	}
	switch {
	case r.total(row):
	case r.columns != nil && r.tableLine(row):
	case r.labelled(row):
	default:
		r.prose(row)
	}
}

// tableLine reads a row below the names of a table.
func (r *reader) tableLine(row row) bool {
	line := Line{Row: row.line}
	credit := false
	var debit, creditSide money.Amount
	currency := r.currency
	for _, c := range row.cells {
		col, ok := r.under(c)
		if !ok {
			continue
		}
		amount, isAmount := r.cellAmount(c.text, currency)
		switch {
		case col.role == roleNumber && line.Number == "":
			line.Number = numberIn(c.text)
			credit = credit || isCredit(c.text)
		case col.role == roleDay:
			line.On, _ = r.day(c.text)
		case col.role == roleType:
			credit = credit || isCredit(c.text)
		case col.role == roleCurrency:
			if code := codes.FindString(strings.ToUpper(c.text)); code != "" {
				currency = currencyOf(code)
			}
		case !isAmount:
		case col.role == roleGross:
			line.Gross = amount
		case col.role == roleDiscount:
			line.Discount = amount.Abs()
		case col.role == roleAmount:
			line.Amount = amount
		case col.role == roleDebit:
			debit = amount
		case col.role == roleCredit:
			creditSide = amount
		}
	}
	r.sided(&line, debit, creditSide)
	if line.Number == "" || !ingest.Known(line.Amount) && !ingest.Known(line.Gross) {
		return false
	}
	r.settle(&line, currency)
	r.add(line, credit)
	return true
}

// under is the column whose name a cell stands nearest below.
func (r *reader) under(c cell) (column, bool) {
	const far = 6 // of the page's own unit: points, characters or columns
	best, at := -1, 0.0
	for i, col := range r.columns {
		if d := c.apart(col.cell); best < 0 || d < at {
			best, at = i, d
		}
	}
	if best < 0 || at > far*12 || c.from == c.to && at > 0 {
		return column{}, false
	}
	return r.columns[best], true
}

// cellAmount reads a cell of amounts: there a whole number is one too.
func (r *reader) cellAmount(text string, currency money.Currency) (money.Amount, bool) {
	s := r.style
	s.currency = currency
	return s.amount(text)
}

// sided reads the debit and credit of a payer's account of supplier: it owes by
// credit.
func (r *reader) sided(line *Line, debit, credit money.Amount) {
	switch {
	case ingest.Known(line.Amount) || ingest.Known(line.Gross):
	case ingest.Known(credit) && ingest.Known(debit) && debit.Sign() != 0:
		line.Amount = credit.Sub(debit)
	case ingest.Known(credit) && credit.Sign() != 0:
		line.Amount = credit
	case ingest.Known(debit):
		line.Amount = debit.Neg()
	}
}

// settle works out what the line does not tell.
func (r *reader) settle(line *Line, currency money.Currency) {
	if ingest.Known(line.Gross) && line.Gross.Currency != currency || ingest.Known(line.Discount) && line.Discount.Currency != currency {
		line.Discount = money.Amount{}
	}
	switch {
	case ingest.Known(line.Amount):
	case ingest.Known(line.Gross) && ingest.Known(line.Discount):
		line.Amount = line.Gross.Sub(line.Discount)
	default:
		line.Amount = line.Gross
	}
	if ingest.Known(line.Gross) && line.Gross == line.Amount {
		line.Gross = money.Amount{}
	}
	if ingest.Known(line.Discount) && line.Discount.Sign() == 0 {
		line.Discount = money.Amount{}
	}
}

func (r *reader) add(line Line, credit bool) {
	line.Number = cut(line.Number)
	r.Lines = append(r.Lines, line)
	r.credits = append(r.credits, credit)
}

func cut(s string) string {
	if runes := []rune(s); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return s
}

// numberIn is the number of a document in its cell: « Facture F2026-12 » is
// F2026-12.
func numberIn(text string) string {
	words := strings.Fields(text)
	if len(words) == 1 {
		if strings.ContainsAny(words[0], "0123456789") && len(words[0]) <= 40 {
			return words[0]
		}
		return ""
	}
	for i, w := range words {
		w = strings.Trim(w, ":,;()")
		if !numberLike(w) || dayInText.MatchString(w) {
			continue
		}
		// « FA 2026 118 » is one number in three pieces.
		if i == 0 || !slices.Contains(invoiceWords, plain(words[i-1])) && !isCredit(words[i-1]) {
			if joined := strings.Join(words, " "); len(joined) <= 20 && !strings.ContainsAny(joined, ":(") && shortWords(words) {
				return joined
			}
		}
		return w
	}
	return ""
}

// shortWords tells pieces of a number from words: none has more than four letters.
func shortWords(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		return strings.Trim(w, "0123456789-/") != "" && len(w) > 4 && !numberLike(w) || len(plain(w)) == 0 || slices.Contains(invoiceWords, plain(w))
	})
}

// signs makes credit notes negative: those that a word calls so and, where it
// agrees with the total better, those whose number begins like one.
func (r *reader) signs() {
	for i := range r.Lines {
		if l := &r.Lines[i]; r.credits[i] && ingest.Known(l.Amount) && l.Amount.Sign() > 0 {
			r.flip(l)
		}
	}
	sum, ok := r.Sum()
	if ok && sum.Sign() < 0 && (!ingest.Known(r.Total) || r.Total.Sign() > 0) && !slices.ContainsFunc(r.Lines, func(l Line) bool {
		return l.Amount.Sign() > 0
	}) {
		for i := range r.Lines { // an account of supplier whose payments are all negative
			r.flip(&r.Lines[i])
		}
		sum = sum.Neg()
	}
	if ok && ingest.Known(r.Total) && sum == r.Total {
		return
	}
	for i := range r.Lines {
		if l := &r.Lines[i]; creditNumber(l.Number) && ingest.Known(l.Amount) && l.Amount.Sign() > 0 {
			r.flip(l)
		}
	}
}

func (r *reader) flip(l *Line) {
	l.Amount = l.Amount.Neg()
	if ingest.Known(l.Gross) {
		l.Gross = l.Gross.Neg()
	}
}
