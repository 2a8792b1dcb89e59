package message

import (
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// words are what the program itself says around a template, in one language.
type words struct {
	seen map[money.Amount]string // amounts of one message; nil in the words that all share

	lang                                  string
	numbers                               [11]string // of feminine things, as invoices are in French
	and                                   string
	invoice, due, late, amount, notDue    string // heads of the table
	issued, of, order                     string // the second line of a cell; of: "2 450,00 € in all"
	sum, credits, total                   string
	others                                [2]string // rows that are not shown
	holder, iban, bic, reference          string
	dueToday, day, days, inDays, daysLate string
	onInvoice                             [2]string // where to pay, when no account is known
	phone, siren, colon                   string
}

var french = words{
	lang:    "fr",
	numbers: [11]string{"zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"},
	and:     " et ",
	invoice: "Facture", due: "Échéance", late: "Retard", amount: "Reste dû", notDue: "Montant",
	issued: "du ", of: "sur ", order: "cde\u00a0",
	sum: "Sous-total", credits: "Avoirs et règlements à déduire", total: "Total",
	others: [2]string{"et une autre facture", "et %d autres factures"},
	holder: "Titulaire", iban: "IBAN", bic: "BIC", reference: "Référence à rappeler",
	dueToday: "échéance ce jour", day: "1\u00a0jour", days: "%d\u00a0jours",
	inDays: "dans %s", daysLate: "%s de retard",
	onInvoice: [2]string{
		"Nos coordonnées bancaires figurent sur la facture.", "Nos coordonnées bancaires figurent sur les factures.",
	},
	phone: "Tél.\u00a0", siren: "SIREN\u00a0", colon: "\u00a0: ",
}

var english = words{
	lang:    "en",
	numbers: [11]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"},
	and:     " and ",
	invoice: "Invoice", due: "Due date", late: "Overdue", amount: "Amount due", notDue: "Amount",
	issued: "of ", of: "out of ", order: "PO\u00a0",
	sum: "Subtotal", credits: "Credit notes and payments to deduct", total: "Total",
	others: [2]string{"and one more invoice", "and %d more invoices"},
	holder: "Account holder", iban: "IBAN", bic: "BIC", reference: "Payment reference",
	dueToday: "due today", day: "1\u00a0day", days: "%d\u00a0days",
	inDays: "in %s", daysLate: "%s overdue",
	onInvoice: [2]string{
		"Our bank details are on the invoice.", "Our bank details are on the invoices.",
	},
	phone: "Tel.\u00a0", siren: "SIREN\u00a0", colon: ": ",
}

// speak is the words of a language: French, or English for any other.
func speak(lang string) *words {
	if lang == french.lang {
		return &french
	}
	return &english
}

// once is w for one message, in which each amount is formatted once though it is
// read in several places: formatting is what takes longest.
func (w *words) once() *words {
	own := *w
	own.seen = map[money.Amount]string{}
	return &own
}

// money is a as it is read: 1 234,56 €.
func (w *words) money(a money.Amount) string {
	if s, ok := w.seen[a]; ok {
		return s
	}
	s := a.Format(w.lang)
	if w.seen != nil {
		w.seen[a] = s
	}
	return s
}

// date is 22 novembre 2026, 1er décembre 2026 or 22 November 2026, and stays on
// one line.
func (w *words) date(d cal.Date) string { return unbroken(d.Long(w.lang)) }

// short is 22 nov. 2026 on one line, for a table.
func (w *words) short(d cal.Date) string { return unbroken(d.Short(w.lang)) }

// unbroken is a text that stays on one line: a day, a telephone number.
func unbroken(s string) string { return strings.ReplaceAll(line(s), " ", noBreak) }

// dates joins days as a person cites them: "5 et 15 octobre 2026",
// "28 septembre et 5 octobre 2026". What the next day repeats is left out.
func (w *words) dates(days []cal.Date) string {
	out := make([]string, len(days))
	for i, d := range days {
		parts := strings.Fields(d.Long(w.lang)) // day, month and year
		if i+1 < len(days) {
			parts = parts[:needed(d, days[i+1])]
		}
		out[i] = strings.Join(parts, noBreak)
	}
	return w.list(out)
}

// needed is how many of day, month and year must be said before next is.
func needed(d, next cal.Date) int {
	y, m, _ := d.Date()
	nextY, nextM, _ := next.Date()
	switch {
	case y != nextY:
		return 3
	case m != nextM:
		return 2
	}
	return 1
}

// list is "a, b et c".
func (w *words) list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + w.and + items[last]
}

// spell is a small number in letters, and a larger one in figures.
func (w *words) spell(n int) string {
	if n >= 0 && n < len(w.numbers) {
		return w.numbers[n]
	}
	return strconv.Itoa(n)
}

// one tells whether n takes the singular: in French 0 and 1, in English 1.
func (w *words) one(n int) bool {
	return n == 1 || n == 0 && w.lang == french.lang
}

func (w *words) countDays(n int) string {
	if n == 1 {
		return w.day
	}
	return strings.Replace(w.days, "%d", strconv.Itoa(n), 1)
}

// lateness is "14 jours de retard", "dans 5 jours" or "échéance ce jour".
func (w *words) lateness(days int) string {
	switch {
	case days > 0:
		return strings.Replace(w.daysLate, "%s", w.countDays(days), 1)
	case days < 0:
		return strings.Replace(w.inDays, "%s", w.countDays(-days), 1)
	}
	return w.dueToday
}
