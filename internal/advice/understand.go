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
	totals  []stated
	aside   []Line // charges and discounts that no document is named for
}

func understand(p page) Advice {
	r := &reader{style: styleOf(p)}
	p = p[:min(len(p), maxRows)]
	for i := 0; i < len(p); i++ {
		if len(r.Lines) >= maxLines {
			r.warn("limite", "l’avis a plus de lignes qu’il n’en est lu\u00a0: la suite manque", p[i].line)
			break
		}
		if columns, rows := headingsAt(p, i); rows > 0 {
			r.columns = columns
			i += rows - 1
			continue
		}
		r.row(p[i])
	}
	r.conclude()
	r.check()
	return r.Advice
}

// row reads one row of the page.
func (r *reader) row(row row) {
	switch {
	case r.total(row):
	case r.columns != nil && r.tableRow(row):
	case r.labelled(row):
	default:
		r.prose(row)
	}
}

// cellAmount reads a cell of amounts: there a whole number is one too, and « CR »
// behind it marks a credit note.
func (r *reader) cellAmount(text string, currency money.Currency) (money.Amount, bool) {
	s := r.style
	s.currency = currency
	short, credit := creditMark(text)
	a, ok := s.amount(short)
	if ok && credit {
		a = a.Abs().Neg()
	}
	return a, ok
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
	if ingest.Known(line.Gross) && line.Gross.Currency != currency ||
		ingest.Known(line.Discount) && line.Discount.Currency != currency {
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
		return strings.Trim(w, "0123456789-/") != "" && len(w) > 4 && !numberLike(w) || len(plain(w)) == 0 ||
			slices.Contains(invoiceWords, plain(w))
	})
}

// conclude chooses the total among those that are stated, and the signs.
func (r *reader) conclude() {
	for i := range r.Lines { // a word says that it is a credit note
		if l := &r.Lines[i]; r.credits[i] && ingest.Known(l.Amount) && l.Amount.Sign() > 0 {
			r.flip(l)
		}
	}
	sum, ok := r.Sum()
	r.choose(sum, ok)
	if ok && r.takeOff(sum) {
		return
	}
	opposite := ok && ingest.Known(r.Total) && sum == r.Total.Neg() && sum.Sign() < 0
	positive := func(l Line) bool { return l.Amount.Sign() > 0 }
	if opposite || ok && sum.Sign() < 0 && !ingest.Known(r.Total) && !slices.ContainsFunc(r.Lines, positive) {
		for i := range r.Lines { // an account of supplier whose payments are all negative
			r.flip(&r.Lines[i])
		}
		return
	}
	if ok && ingest.Known(r.Total) && sum == r.Total {
		return
	}
	for i := range r.Lines { // a number begins like a credit note's
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
