package advice

import (
	"regexp"
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/match"
	"acquit/internal/money"
)

// deductWords name what a payer takes off a payment, or adds to it, without a
// document: charges of the bank, discounts, penalties; as plain names.
var deductWords = []string{
	"frais", "commission", "commissions", "agios", "escompte", "escomptes", "remise", "remises", "ristourne", "rabais",
	"retenue", "retenues", "deduction", "deductions", "penalite", "penalites", "interets", "litige",
	"charge", "charges",
	"fee", "fees", "discount", "deducted", "withholding", "rebate",
	"skonto", "gebuhr", "gebuhren", "spesen", "abzug", "abzuge", "bankspesen",
	"gastos", "comision", "descuento", "spese",
}

// Deduction tells a line of charges or of a discount, which names no document.
func (l Line) Deduction() bool {
	return !strings.ContainsAny(l.Number, "0123456789") && slices.ContainsFunc(strings.Fields(l.Number), deducts)
}

// deducted notes a row of charges or of a discount: words, and one amount.
func (r *reader) deducted(row row, tokens []token) bool {
	line := Line{Row: row.line}
	amount, label, whole := r.totalCell(row)
	words := strings.Fields(label)
	if line.Amount = amount; !whole {
		words = nil
		for _, t := range tokens {
			switch {
			case t.isAmount() && ingest.Known(line.Amount):
				return false
			case t.isAmount():
				line.Amount = t.amount
			case t.isWord() && !codes.MatchString(strings.ToUpper(t.text)):
				words = append(words, t.text)
			}
		}
	}
	words = strings.Fields(percentage.ReplaceAllString(strings.Join(words, " "), ""))
	numbered := func(w string) bool { return strings.ContainsAny(w, "0123456789") }
	if !ingest.Known(line.Amount) || line.Amount.Sign() == 0 || len(words) > 6 ||
		!slices.ContainsFunc(words, deducts) || slices.ContainsFunc(words, numbered) {
		return false
	}
	line.Number = cut(strings.Join(words, " "))
	r.aside = append(r.aside, line)
	return true
}

// percentage is what a name says of its rate: « Escompte 2 % ».
var percentage = regexp.MustCompile(`\b[0-9]+(?:[.,][0-9]+)? ?%`)

func deducts(word string) bool { return slices.Contains(deductWords, plain(word)) }

// takeOff reads the charges and discounts as lines where with them the lines come
// to the total that is stated, or where nothing states one and they are negative;
// and tells whether they explain the total.
func (r *reader) takeOff(sum money.Amount) (explained bool) {
	written, off := sum, sum
	for _, l := range r.aside {
		if l.Amount.Currency != sum.Currency {
			return false
		}
		written, off = written.Add(l.Amount), off.Sub(l.Amount.Abs())
	}
	told := ingest.Known(r.Total)
	switch {
	case len(r.aside) == 0 || told && sum == r.Total:
		return false
	case told && off == r.Total:
		for i := range r.aside {
			r.aside[i].Amount = r.aside[i].Amount.Abs().Neg()
		}
	case told && written == r.Total:
	default:
		r.aside = slices.DeleteFunc(r.aside, func(l Line) bool { return l.Amount.Sign() > 0 })
	}
	for _, l := range r.aside {
		r.add(l, false)
	}
	return told && (off == r.Total || written == r.Total)
}

// Match are the lines as matching takes them: what is taken off without a
// document is not paid of the greatest one.
func (k *Kept) Match() []match.Advice {
	var list []match.Advice
	greatest := -1
	for _, l := range k.Lines {
		if l.Deduction() {
			continue
		}
		list = append(list, match.Advice{Number: l.Number, Amount: l.Amount})
		if n := len(list) - 1; greatest < 0 || list[greatest].Amount.Minor < l.Amount.Minor {
			greatest = n
		}
	}
	if greatest < 0 {
		return list
	}
	paid := &list[greatest].Amount
	for _, l := range k.Lines {
		if l.Deduction() && l.Amount.Sign() < 0 && l.Amount.Currency == paid.Currency {
			*paid = paid.Add(l.Amount)
		}
	}
	return list
}
