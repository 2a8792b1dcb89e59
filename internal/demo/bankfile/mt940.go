package bankfile

import (
	"fmt"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// mt940 writes a SWIFT statement: the movement in :61:, and in :86: what is
// known of it, between the marks that many banks use (/EREF/, /NAME/, /REMI/).
func (o *out) mt940(s Sheet) {
	o.say(":20:", pad(s.Number, 16)[:min(16, len(s.Number))], "\r\n", ":25:", s.Account.IBAN, "\r\n", ":28C:", "1/1", "\r\n")
	if s.Opening != nil {
		o.say(":60F:", swiftBalance(*s.Opening), "\r\n")
	}
	for _, e := range s.Entries {
		o.swift(e)
	}
	if s.Closing != nil {
		o.say(":62F:", swiftBalance(*s.Closing), "\r\n")
	}
	o.say("-\r\n")
}

func yymmdd(d cal.Date) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%02d%02d%02d", y%100, int(m), day)
}

func creditOrDebit(a money.Amount) string {
	if a.Sign() < 0 {
		return "D"
	}
	return "C"
}

func swiftBalance(b bank.Balance) string {
	return creditOrDebit(b.Amount) + yymmdd(b.On) + string(b.Amount.Currency) + comma(b.Amount)
}

// types are those of SWIFT for what moved.
var types = map[bank.Means]string{
	bank.Transfer: "NTRF", bank.Debit: "NDDT", bank.Cheque: "NCHK", bank.Card: "NMSC", bank.Bill: "NBOE",
	bank.Fee: "NCHG",
}

func (o *out) swift(e *bank.Entry) {
	kind := types[e.Means]
	if e.Return != nil {
		kind = "NRTI"
	}
	reference := "NONREF"
	if e.EndToEnd != "" && e.EndToEnd != "NOTPROVIDED" {
		reference = pad(e.EndToEnd, 16)
	}
	o.say(":61:", yymmdd(e.Value), yymmdd(e.On)[2:], creditOrDebit(e.Amount), comma(e.Amount), kind,
		strings.TrimSpace(reference), "//", e.BankRef, "\r\n")
	var b strings.Builder
	b.WriteString(capitals(e.Label))
	for _, part := range [][2]string{
		{"EREF", e.EndToEnd},
		{"MREF", e.Mandate},
		{"RTRN", returnCode(e)},
		{"NAME", e.Party.Name},
		{"IBAN", e.Party.IBAN},
		{"REMI", strings.Join(append(words(e), e.Structured...), " ")},
	} {
		if part[1] != "" {
			b.WriteString(" /" + part[0] + "/" + capitals(part[1]))
		}
	}
	const line, lines = 65, 6
	o.say(":86:", strings.Join(chunks(b.String(), line, lines), "\r\n"), "\r\n")
}

func returnCode(e *bank.Entry) string {
	if e.Return == nil {
		return ""
	}
	return e.Return.Code
}
