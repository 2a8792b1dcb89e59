package cal

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the term in French words, which ParseTerm reads back as the same
// term; no term is the empty string.
func (t Term) String() string {
	if t.IsZero() {
		return ""
	}
	words := frenchTerms
	length := words.length(t.Days, t.Months)
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	switch {
	case length == "" && t.EOM != EOMNone:
		add("fin de mois")
	case t.EOM == EOMBefore:
		add("fin de mois + " + length)
	case t.EOM == EOMAfter:
		add(length + " + fin de mois")
	case t.EOM == EOMUnsaid:
		add(length + " fin de mois")
	case t.plain() && t.Months == 0 && t.Days > 0:
		add(length + " net" + plural(t.Days))
	default:
		add(length)
	}
	if t.Decade {
		add("fin de décade")
	}
	add(words.fixed(t.Fixed, words.and))
	add(t.baseWords(len(parts) == 0))
	if t.MonthOf30 {
		add("(30 jours = 1 mois)")
	}
	return strings.Join(parts, " ")
}

// plain tells a term that only counts days from the invoice.
func (t Term) plain() bool {
	return t.EOM == EOMNone && !t.Decade && t.Fixed == [3]int{} && (t.Base == "" || t.Base == FromIssue)
}

func (t Term) baseWords(alone bool) string {
	switch {
	case t.Base == FromReceipt && alone:
		return "à réception"
	case t.Base == FromDelivery && alone:
		return "à la livraison"
	case t.Base == FromReceipt:
		return "à compter de la réception"
	case t.Base == FromDelivery:
		return "à compter de la livraison"
	case alone:
		return "comptant"
	}
	return ""
}

// MarshalText is String.
func (t Term) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText is ParseTerm, nothing being no term.
func (t *Term) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*t = Term{}
		return nil
	}
	v, err := ParseTerm(string(b))
	*t = v
	return err
}

// Rule tells how the term counts, in "fr" or else in English: 45 jours fin de
// mois, méthode A : fin du mois de (date de facture + 45 jours).
func (t Term) Rule(lang string) string {
	if t.IsZero() {
		return ""
	}
	w := englishTerms
	if lang == "fr" {
		w = frenchTerms
	}
	days, months := t.span()
	length := w.length(days, months)
	counted := w.base[t.Base]
	if t.Decade {
		counted = fmt.Sprintf(w.decade, counted)
	}
	if t.EOM == EOMBefore && length != "" {
		counted = "(" + fmt.Sprintf(w.endOf, counted) + ")"
	}
	if length != "" {
		counted += " + " + length
	}
	switch {
	case t.EOM == EOMNone || t.EOM == EOMBefore && length != "":
	case length == "":
		counted = fmt.Sprintf(w.endOf, counted)
	default:
		counted = fmt.Sprintf(w.endOfSum, counted)
	}
	if at := w.fixed(t.Fixed, w.or); at != "" {
		counted += fmt.Sprintf(w.then, at)
	}
	return t.head(w, length) + w.colon + counted
}

// head names the term before its rule.
func (t Term) head(w termWords, length string) string {
	var parts []string
	if length != "" {
		parts = append(parts, length)
	}
	if t.EOM != EOMNone {
		parts = append(parts, w.eom)
	}
	if at := w.fixed(t.Fixed, w.and); at != "" {
		parts = append(parts, at)
	}
	if len(parts) == 0 {
		return w.atOnce
	}
	head := strings.Join(parts, " ")
	switch {
	case t.EOM == EOMNone || length == "":
		return head
	case t.EOM == EOMBefore:
		return head + fmt.Sprintf(w.method, "B")
	}
	return head + fmt.Sprintf(w.method, "A")
}

// termWords are the words of a language for terms.
type termWords struct {
	base                     map[Base]string
	day, month, and, or      string
	eom, atOnce              string
	endOf, endOfSum, decade  string // formats around what is counted
	method, then, colon, the string
	ordinal                  func(int) string
}

var frenchTerms = termWords{
	base: map[Base]string{
		"": "date de facture", FromIssue: "date de facture",
		FromReceipt: "date de réception de la facture", FromDelivery: "date de livraison",
	},
	day: "jour", month: "mois", and: " et ", or: " ou ",
	eom: "fin de mois", atOnce: "comptant",
	endOf: "fin du mois de la %s", endOfSum: "fin du mois de (%s)", decade: "fin de la décade de la %s",
	method: ", méthode %s", then: ", puis %s qui suit", colon: "\u00a0: ", the: "le ",
	ordinal: func(n int) string {
		if n == 1 {
			return "1er"
		}
		return strconv.Itoa(n)
	},
}

var englishTerms = termWords{
	base: map[Base]string{
		"": "invoice date", FromIssue: "invoice date",
		FromReceipt: "receipt of the invoice", FromDelivery: "delivery date",
	},
	day: "day", month: "month", and: " and ", or: " or ",
	eom: "end of month", atOnce: "cash",
	endOf: "end of the month of the %s", endOfSum: "end of the month of (%s)",
	decade: "end of the ten-day period of the %s",
	method: ", method %s", then: ", then %s that follows", colon: ": ", the: "the ",
	ordinal: englishOrdinal,
}

// length is "45 jours", "2 mois" or "1 mois et 15 jours"; nothing for no length.
func (w termWords) length(days, months int) string {
	var parts []string
	if months > 0 {
		s := strconv.Itoa(months) + " " + w.month
		if w.month == "month" {
			s += plural(months) // mois does not change
		}
		parts = append(parts, s)
	}
	if days > 0 {
		parts = append(parts, strconv.Itoa(days)+" "+w.day+plural(days))
	}
	return strings.Join(parts, w.and)
}

// fixed is "le 10 et le 25"; nothing for no fixed day.
func (w termWords) fixed(days [3]int, joint string) string {
	var parts []string
	for _, d := range days {
		if d > 0 {
			parts = append(parts, w.the+w.ordinal(d))
		}
	}
	return strings.Join(parts, joint)
}

func plural(n int) string {
	if n > 1 {
		return "s"
	}
	return ""
}

func englishOrdinal(n int) string {
	switch {
	case n%10 == 1 && n != 11:
		return strconv.Itoa(n) + "st"
	case n%10 == 2 && n != 12:
		return strconv.Itoa(n) + "nd"
	case n%10 == 3 && n != 13:
		return strconv.Itoa(n) + "rd"
	}
	return strconv.Itoa(n) + "th"
}
