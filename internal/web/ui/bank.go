package ui

import (
	"slices"
	"strings"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/identifier"
)

// Means is how money moved, in words: in tells money that came from money that
// left.
func (f Frame) Means(m bank.Means, in bool) string {
	switch m {
	case bank.Transfer:
		if in {
			return f.Say("virement reçu", "transfer received")
		}
		return f.Say("virement émis", "transfer sent")
	case bank.Debit:
		if in {
			return f.Say("prélèvement encaissé", "direct debit collected")
		}
		return f.Say("prélèvement", "direct debit")
	case bank.Cheque:
		return f.Say("chèque", "cheque")
	case bank.Card:
		return f.Say("carte", "card")
	case bank.Bill:
		return f.Say("effet de commerce", "bill of exchange")
	case bank.Cash:
		return f.Say("espèces", "cash")
	case bank.Fee:
		return f.Say("frais de la banque", "fees of the bank")
	}
	return f.Say("mouvement", "movement")
}

// Wording is what the payer wrote, without what a bank puts around it and
// without the payer's own name, which is shown beside.
func Wording(e bank.Entry) string {
	texts := bank.Hear(e.Texts).Purpose
	if len(texts) == 0 {
		texts = slices.DeleteFunc(slices.Clone(e.Texts), func(t string) bool { return names(t, e.Party.Name) })
	}
	if len(texts) == 0 {
		texts = []string{e.Label}
	}
	var said []string
	for _, t := range texts {
		t = without(strings.TrimSpace(t), e.Party.Name)
		if t != "" && !repeated(said, t) {
			said = append(said, t)
		}
	}
	return strings.Join(said, " · ")
}

// Payer is the other side of an entry in the bank's words, else its label.
func Payer(e bank.Entry) string {
	if e.Party.Name != "" {
		return e.Party.Name
	}
	return e.Label
}

// names tells a bank's own line, which says who paid, from what the payer wrote.
func names(text, party string) bool {
	return party != "" && strings.Contains(strings.ToLower(text), strings.ToLower(party))
}

// without takes a payer's name off either end of a text.
func without(t, name string) string {
	if name == "" || len(t) < len(name) {
		return t
	}
	if strings.EqualFold(t[:len(name)], name) {
		return strings.TrimLeft(t[len(name):], " -/:,")
	}
	if tail := len(t) - len(name); strings.EqualFold(t[tail:], name) {
		return strings.TrimRight(t[:tail], " -/:,")
	}
	return t
}

func repeated(said []string, t string) bool {
	for _, s := range said {
		if strings.Contains(strings.ToLower(s), strings.ToLower(t)) {
			return true
		}
	}
	return false
}

// Account is an account's number, an IBAN masked but for its ends.
func Account(number string) string {
	if identifier.IBAN(number).OK() {
		return identifier.MaskIBAN(number)
	}
	return number
}

// CashTone is the colour of what was made of an entry.
func CashTone(st cash.State) string {
	switch st {
	case cash.Auto, cash.Applied, cash.Linked:
		return "paid"
	case cash.Open:
		return "due"
	case cash.Returned:
		return "late"
	}
	return ""
}

// Returned is why money went back: the bank's reason in words, with its code.
func (f Frame) Returned(r bank.Return) string {
	words := f.Say("Impayé", "Unpaid")
	if said := f.Words(r.Words()); said != "" {
		words += f.Say(" : ", ": ") + said
	}
	if r.Code != "" {
		words += " (" + r.Code + ")"
	}
	return Sentence(words)
}

// LocalDate is the day of an instant on the creditor's wall.
func (f Frame) LocalDate(t time.Time) string { return f.Lang.Date(cal.Of(f.Local(t))) }
