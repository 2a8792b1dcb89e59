package advice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// segment is one of a message of UN/EDIFACT (ISO 9735): its tag, then elements of
// components.
type segment [][]string

func (s segment) at(element, component int) string {
	if element < len(s) && component < len(s[element]) {
		return strings.TrimSpace(s[element][component])
	}
	return ""
}

// signs are those of an interchange; UNA names others.
type signs struct{ component, element, decimal, release, end byte }

// segmentsOf cuts an interchange, without what stands before it.
func segmentsOf(text string) ([]segment, signs) {
	by := signs{':', '+', '.', '?', '\''}
	if at := strings.Index(text, "UNA"); at >= 0 && len(text) >= at+9 {
		una := text[at+3 : at+9]
		by = signs{una[0], una[1], una[2], una[3], una[5]}
		text = text[at+9:]
	}
	var list []segment
	var part strings.Builder
	s := segment{nil}
	endComponent := func() {
		n := len(s) - 1
		s[n] = append(s[n], part.String())
		part.Reset()
	}
	for i := 0; i < len(text) && len(list) < maxRows; i++ {
		switch c := text[i]; {
		case c == by.release && c != ' ' && i+1 < len(text):
			i++
			part.WriteByte(text[i])
		case c == by.component:
			endComponent()
		case c == by.element:
			endComponent()
			s = append(s, nil)
		case c == by.end:
			endComponent()
			list, s = append(list, s), segment{nil}
		case c != '\r' && c != '\n':
			part.WriteByte(c)
		}
	}
	return list, by
}

// remadv reads a remittance advice of UN/EDIFACT: REMADV, D.96A and its kin.
type remadv struct {
	Advice
	by       signs
	currency money.Currency
	line     *Line
	credit   bool
	messages int
}

func readREMADV(text string) (Advice, error) {
	segments, by := segmentsOf(text)
	r := remadv{by: by, currency: money.EUR}
	for i, s := range segments {
		if s.at(0, 0) == "UNH" {
			if kind := s.at(2, 0); kind != "REMADV" {
				return Advice{}, &fault.Invalid{
					Message: fmt.Sprintf("ce message EDIFACT est un %.10s, pas un avis de règlement", kind),
					Mend:    "un avis de règlement est un REMADV",
				}
			}
			r.messages++
		}
		if r.messages == 1 && len(r.Lines) < maxLines {
			r.segment(i+1, s)
		}
	}
	r.endLine()
	if len(r.Lines) == 0 {
		return r.Advice, nothing()
	}
	r.check()
	if r.messages > 1 {
		r.warn("plusieurs", fmt.Sprintf("ce fichier porte %d avis\u00a0: seul le premier est lu", r.messages), 0)
	}
	return r.Advice, nil
}

func (r *remadv) segment(row int, s segment) {
	switch s.at(0, 0) {
	case "BGM":
		r.Reference = cut(s.at(2, 0))
	case "RFF":
		if s.at(1, 0) == "PQ" && r.line == nil { // the payment's
			r.Reference = cut(s.at(1, 1))
		}
	case "NAD":
		if name := s.at(4, 0); slices.Contains([]string{"PR", "PL", "BY"}, s.at(1, 0)) &&
			(r.Payer == "" || s.at(1, 0) != "BY") {
			r.Payer = cut(name)
		}
	case "CUX":
		if c, err := money.ParseCurrency(s.at(1, 1)); err == nil {
			r.currency = c
		}
	case "DOC":
		r.endLine()
		r.line = &Line{Number: cut(s.at(2, 0)), Row: row}
		r.credit = slices.Contains([]string{"381", "83", "396", "261", "262", "420", "458", "308"}, s.at(1, 0))
	case "UNS":
		r.endLine()
	case "DTM":
		r.day(s.at(1, 0), s.at(1, 1))
	case "MOA":
		if a, ok := r.amount(s); ok {
			r.money(s.at(1, 0), a)
		}
	}
}

// day takes a day of the payment (138 paid, 203 carried out, 209 value), or of a
// document.
func (r *remadv) day(kind, text string) {
	t, err := time.Parse("20060102", text[:min(8, len(text))])
	switch {
	case err != nil:
	case r.line != nil && (kind == "137" || kind == "171" || kind == "3"):
		r.line.On = cal.Of(t)
	case r.line == nil && (kind == "138" || kind == "203" || kind == "209" || kind == "137" && r.PaidOn == 0):
		r.PaidOn = cal.Of(t)
	}
}

func (r *remadv) amount(s segment) (money.Amount, bool) {
	currency := r.currency
	if c, err := money.ParseCurrency(s.at(1, 2)); err == nil {
		currency = c
	}
	a, err := money.ParseHuman(s.at(1, 1), currency, money.Hints{Decimal: rune(r.by.decimal)})
	return a, err == nil
}

// money takes an amount by its qualifier (UNTDID 5025).
func (r *remadv) money(kind string, a money.Amount) {
	l := r.line
	switch {
	case l == nil && slices.Contains([]string{"9", "11", "12", "86", "128", "139"}, kind):
		r.Total = a
	case l == nil:
	case kind == "12" || kind == "11":
		l.Amount = a
	case kind == "9" || kind == "77" || kind == "39":
		l.Gross = a
	case kind == "52":
		l.Discount = a.Abs()
	}
}

func (r *remadv) endLine() {
	l := r.line
	r.line = nil
	if l == nil || l.Number == "" {
		return
	}
	(&reader{}).settle(l, r.currency)
	if r.credit {
		l.Amount, l.Gross = l.Amount.Abs().Neg(), l.Gross.Abs().Neg()
	}
	r.Lines = append(r.Lines, *l)
}
