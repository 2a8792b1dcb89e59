package paper

import (
	"strings"
	"unicode/utf8"

	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/message"
	"acquit/internal/money"
)

// Limits of a payment code (EPC069-12, guidelines of the European Payments
// Council for codes that initiate a SEPA credit transfer).
const (
	maxCodeName   = 70
	maxCodeLabel  = 140
	maxCodeAmount = 99_999_999_999 // cents
	maxCode       = 331            // bytes
)

// Code is the content of the QR code of a transfer (EPC069-12, version 002, in
// UTF-8); empty when the transfer is not in euros to a known account, or what
// is asked for is not positive. Without an amount the payer types it.
func Code(t message.Transfer) string {
	if t.IBAN == "" || t.Amount.Currency != money.EUR || t.Amount.Sign() < 0 {
		return ""
	}
	amount := ""
	if t.Amount.Sign() > 0 {
		if t.Amount.Minor > maxCodeAmount {
			return ""
		}
		amount = "EUR" + t.Amount.Decimal()
	}
	code := strings.Join([]string{
		"BCD", "002", "1", "SCT", compact(t.BIC), short(t.Holder, maxCodeName), compact(t.IBAN), amount, "", "",
		short(t.Reference, maxCodeLabel),
	}, "\n")
	if len(code) > maxCode {
		return ""
	}
	return code
}

func compact(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

// short is s on one line of n characters at most.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > n {
		s = string([]rune(s)[:n])
	}
	return s
}

// pay is where to pay, with its code where there can be one.
func pay(l i18n.Lang, pairs []letter.Pair, t message.Transfer) letter.Block {
	p := &letter.Payment{Pairs: pairs, Code: Code(t)}
	if p.Code != "" {
		p.Note = i18n.Words{
			FR: "Pour payer par virement, lisez ce code avec l’application de votre banque, et vérifiez le bénéficiaire.",
			EN: "To pay by transfer, scan this code with your bank’s app, and check the payee.",
		}.In(l)
	}
	return letter.Block{Payment: p}
}
