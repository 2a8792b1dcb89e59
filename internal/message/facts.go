// Package message turns the facts of a reminder into the words that a customer
// reads: a subject, a text and an HTML part from one template. It reads no
// clock and no database, and draws no number: the same facts and the same
// template give the same bytes.
package message

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Facts are all that a template may read. Amounts are of one currency; texts
// may come from anywhere, they are cleaned of line breaks and control
// characters before use.
type Facts struct {
	Language  string // of the message: fr or en
	Today     cal.Date
	Creditor  Creditor
	Collector Collector
	Customer  Customer
	Contact   Contact
	Step      Step
	Claimed   []Line       // what the message is about, oldest first; never empty
	Coming    []Line       // not yet due, mentioned apart
	Credits   money.Amount // taken off the claimed lines; positive or zero
	Total     money.Amount // the claimed lines less Credits
	Earlier   []Earlier    // reminders that left about these invoices; those before the due date are not cited
	Broken    *Promise     // a promise or instalment that was not kept
	Promise   *Promise     // a promise that the message confirms
	Deadline  cal.Date     // by when to pay; the zero Date gives none
	Reference string       // what the customer writes on the transfer
	Interest  *Interest    // late interest and indemnity, where they may be mentioned
	ReplyTo   string       // the address that answers go to
	Mentions  []string     // what must stand below every message, such as who collects for whom (CPCE R124-4)

	formal bool // the tone of the template asks for more than Total
}

// Creditor is who is owed, as it presents itself.
type Creditor struct {
	Name    string
	Legal   string // legal form, capital and register: "SARL au capital de 10 000 €, RCS Lyon 123 456 782"
	Address string // on one line or several
	SIREN   string
	Phone   string
	Email   string
	Website string
	Bank    Bank
}

// Bank is the account to pay on.
type Bank struct {
	Holder string // the creditor's name when empty
	IBAN   string // with or without spaces; shown in groups of four
	BIC    string
	Name   string
}

// Collector is the person who speaks for the creditor.
type Collector struct {
	Name      string
	Title     string // what she does: Comptabilité clients
	Email     string
	Phone     string
	Signature string // replaces name, title, phone and e-mail when given; several lines
}

// Customer is who owes. Kind decides which variant of a template may be used.
type Customer struct {
	Code string
	Name string
	Kind Audience
}

// Contact is the person written to; all of it may be empty.
type Contact struct {
	Civility string // M, Mme, Mr, Ms…
	First    string
	Last     string
	Email    string
}

// Step is the step of the scenario that speaks.
type Step struct {
	ID    string
	Title string
}

// Line is one invoice in a message.
type Line struct {
	Number  string
	Order   string // the customer's own reference
	Issued  cal.Date
	Due     cal.Date
	Total   money.Amount // of the invoice
	Claimed money.Amount // what is asked for: open, less what is disputed
	Days    int          // after the due date; negative before it
}

// Earlier is a reminder that left before.
type Earlier struct {
	On      cal.Date
	Title   string // of its step: Première relance
	Channel string
}

// Promise is a day by which money was announced.
type Promise struct {
	Made   cal.Date
	For    cal.Date
	Amount money.Amount
}

// Interest is what the law adds to late invoices.
type Interest struct {
	Until     cal.Date     // interest is counted up to this day, included
	Rate      string       // per year, in percent, with a dot: "12.40"; empty when several apply
	Amount    money.Amount // late interest
	Indemnity money.Amount // 40 € per invoice; zero where it is not due
	Count     int          // invoices that Indemnity counts
}

// Limits of one message. A template cannot make it longer than what a mail
// client still shows whole, and facts are cut rather than refused.
const (
	maxLines   = 40   // rows of a table; Gmail cuts a message at 102 kB
	maxEarlier = 12   // reminders listed
	maxText    = 300  // characters of one fact
	maxNote    = 1000 // characters of a signature or an address
)

// check refuses facts that no message may be made of. Amounts that do not add
// up are refused too: a reader would see it.
func (f Facts) check() error {
	switch {
	case f.Creditor.Name == "":
		return fault.Invalidf("creditor.name", "le nom de la société qui relance manque")
	case len(f.Claimed) == 0:
		return fault.Invalidf("claimed", "le message ne porte sur aucune facture")
	case f.Today.IsZero():
		return fault.Invalidf("today", "le jour du message manque")
	case !f.Customer.Kind.known():
		return fault.Invalidf("customer.kind", "la nature du client « %s » n’est pas connue", f.Customer.Kind)
	}
	return f.checkSums()
}

func (f Facts) checkSums() error {
	c := f.Total.Currency
	if c == "" {
		return fault.Invalidf("total", "le total n’a pas de monnaie")
	}
	var sum money.Amount
	for i, l := range append(slices.Clip(f.Claimed), f.Coming...) {
		if l.Claimed.Currency != c || l.Total.Currency != c {
			return fault.Invalidf("claimed", "la facture %s n’est pas en %s", l.Number, c)
		}
		if l.Number == "" || l.Due.IsZero() {
			return fault.Invalidf("claimed", "la facture « %s » n’a pas de numéro ou d’échéance", l.Number)
		}
		if i < len(f.Claimed) {
			sum = sum.Add(l.Claimed)
		}
	}
	if f.Credits.Sign() < 0 || f.Credits.Currency != c && !f.Credits.IsZero() {
		return fault.Invalidf("credits", "les avoirs déduits ne sont pas un montant positif en %s", c)
	}
	if sum.Sub(f.Credits) != f.Total {
		return fault.Invalidf(
			"total", "le total %s n’est pas la somme des factures moins les avoirs", f.Total.Format("fr"),
		)
	}
	return nil
}

// line is s as one line of plain text: no control characters, no runs of
// spaces, not too long.
func line(s string) string {
	if len(s) <= maxText && clean(s) {
		return s
	}
	return cut(strings.Join(strings.FieldsFunc(s, breaks), " "), maxText)
}

// clean tells that there is nothing in s to mend, which is nearly always so.
func clean(s string) bool {
	space := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// breaks tells the characters that may not stand in a fact: they would end a
// line, hide text or turn its direction.
func breaks(r rune) bool {
	return r == ' ' || r == utf8.RuneError || unicode.IsControl(r) ||
		unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Co)
}

// lines is line for a text that may have several.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(cut(s, maxNote)) {
		if l = line(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
