package advice

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// total reads a row that states what is paid in all: « Total : 1 234,56 € ».
func (r *reader) total(row row) bool {
	text := row.text()
	tokens := r.tokens(text)
	var amount money.Amount
	first, numbers := len(text), 0
	for _, t := range tokens {
		switch {
		case t.isAmount():
			amount = t.amount // the last one: brut, escompte, net
			first = min(first, t.start)
		case t.isWord() && numberLike(t.text) && t.start < first:
			numbers++
		}
	}
	if !ingest.Known(amount) || numbers > 0 {
		return false
	}
	label := plain(withoutCurrency(text[:first]))
	if !slices.Contains(totalWords, label) && !slices.ContainsFunc(totalWords, func(w string) bool {
		return strings.HasPrefix(label, w+" ") && len(strings.Fields(label)) <= 6 && strings.HasPrefix(w, "total") ||
			strings.HasSuffix(label, " "+w) && strings.Contains(w, " ") && len(strings.Fields(label)) <= 6
	}) {
		return false
	}
	specific := label != "montant" && label != "amount" && label != "betrag"
	if !r.stated || specific {
		r.Total, r.stated = amount, specific
	}
	return true
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
		found = ok && r.value(key, value) || found
	}
	return found
}

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
		if ok && (r.PaidOn == 0 || name != "date") {
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
	tokens := r.tokens(row.text())
	r.paidOn(tokens)
	lines, credit := r.numbers(row, tokens)
	if len(lines) == 0 {
		r.inAll(tokens)
		return
	}
	amounts := 0
	for _, l := range lines {
		if ingest.Known(l.Amount) {
			amounts++
		}
	}
	if last := &lines[len(lines)-1]; len(lines) > 1 && amounts == 1 && ingest.Known(last.Amount) {
		if !r.stated { // « les factures F1 et F2 pour 300,00 € »
			r.Total, r.stated = last.Amount, true
		}
		last.Amount = money.Amount{}
	}
	for i, l := range lines {
		r.settle(&l, r.currency)
		r.add(l, credit[i])
	}
}

// numbers are the documents that a row names, each with what stands behind it.
func (r *reader) numbers(row row, tokens []token) (lines []Line, credit []bool) {
	named, minus := false, false // a word announced a document
	open := false                // the numbers that follow are of documents too
	var amounts []money.Amount
	end := func() {
		if len(lines) > 0 {
			lines[len(lines)-1].amounts(amounts)
		}
		amounts = nil
	}
	hasAmount := slices.ContainsFunc(tokens, token.isAmount)
	for i, t := range tokens {
		switch {
		case t.isAmount():
			amounts = append(amounts, t.amount)
			open = false
		case t.isDay():
			if len(lines) > 0 && lines[len(lines)-1].On == 0 {
				lines[len(lines)-1].On = t.day
			}
		case isCredit(t.text) || plain(t.text) == "credit" && i+1 < len(tokens) && isCredit(t.text+" "+tokens[i+1].text):
			named, minus = true, true
		case slices.Contains(invoiceWords, strings.ToLower(t.text)) || slices.Contains(invoiceWords, plain(t.text)):
			named, minus = true, false
		case !numberLike(t.text):
			if !joins(t.text) {
				open = false
			}
		case named || open || hasAmount && (i == 0 || i == 1 && !tokens[0].isWord()):
			end()
			lines, credit = append(lines, Line{Number: t.text, Row: row.line}), append(credit, minus)
			named, open = false, true
		}
	}
	end()
	return lines, credit
}

// joins tells the words between the numbers of a list, and before them.
func joins(w string) bool {
	return slices.Contains([]string{"et", "and", "und", "&", "+", "/", "n", "no", "n°", "nº", "nr", "numero", "numéro", "number", "#", "n°s", "nos"},
		strings.ToLower(w))
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
	"virement", "reglement", "paiement", "payment", "zahlung", "uberweisung", "transfer", "paid", "cheque", "regle", "paye",
	"uberwiesen", "ueberwiesen", "vire",
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
	if len(found) == 1 && !ingest.Known(r.Total) && speaksOfPaying(tokens) {
		r.Total = found[0]
	}
}

// paidOn finds « notre virement du 12/11/2026 » and its kin.
func (r *reader) paidOn(tokens []token) {
	for i, t := range tokens {
		before := tokens[max(0, i-5):i]
		numbered := slices.ContainsFunc(before, func(t token) bool { return t.isWord() && numberLike(t.text) })
		if t.isDay() && r.PaidOn == 0 && !numbered && speaksOfPaying(before) {
			r.PaidOn = t.day
		}
	}
}
