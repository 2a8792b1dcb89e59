package bankfile

import (
	"encoding/csv"
	"strings"

	"acquit/internal/money"
)

// csv writes what a bank's web site exports: semicolons, one column for what
// left and one for what came, the balance in a preamble.
func (o *out) csv(s Sheet) {
	w := csv.NewWriter(o)
	w.Comma, w.UseCRLF = ';', true
	row := func(cells ...string) { _ = w.Write(cells) } // a failure stays with the writer
	o.say("\ufeff")
	row("Compte", s.Account.IBAN, string(s.Currency))
	if s.Opening != nil {
		row("Solde au", s.Opening.On.Numeric(), plain(s.Opening.Amount))
	}
	if s.Closing != nil {
		row("Solde au", s.Closing.On.Numeric(), plain(s.Closing.Amount))
	}
	row("Date opération", "Date valeur", "Libellé", "Détail", "Identifiant opération", "Débit", "Crédit")
	for _, e := range s.Entries {
		details := append(words(e), e.Structured...)
		if e.EndToEnd != "" && e.EndToEnd != "NOTPROVIDED" {
			details = append(details, e.EndToEnd)
		}
		debit, credit := "", plain(e.Amount)
		if e.Amount.Sign() < 0 {
			debit, credit = plain(e.Amount), ""
		}
		row(e.On.Numeric(), e.Value.Numeric(), e.Label, strings.Join(details, " "), e.BankRef, debit, credit)
	}
	w.Flush()
}

// plain is an amount with its sign and a decimal comma.
func plain(a money.Amount) string { return strings.Replace(a.Decimal(), ".", ",", 1) }
