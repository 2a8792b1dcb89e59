package handover

import (
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Terms are what a partner asks: a share of what it collects, in basis points, and a
// fixed amount for each hand-over, in minor units of its currency. They stay with the
// creditor and are never claimed from the debtor (CPCE L111-8).
type Terms struct {
	Rate  int64
	Fixed int64
}

// maxRate is the whole of what is collected.
const maxRate = 100_00

func (t Terms) check() error {
	switch {
	case t.Rate < 0 || t.Rate > maxRate:
		return &fault.Invalid{Field: "rate", Message: "la commission doit être entre 0 et 100\u202f%"}
	case t.Fixed < 0:
		return &fault.Invalid{Field: "fixed", Message: "le forfait ne peut pas être négatif"}
	}
	return nil
}

// Success is the share of what was collected, to the cent, half up.
func (t Terms) Success(collected money.Amount) money.Amount {
	if collected.Sign() <= 0 {
		return money.Zero(collected.Currency)
	}
	return money.BasisPoints(t.Rate).Of(collected)
}

// Expected is the whole fee if an amount is collected: the share and the fixed part.
func (t Terms) Expected(collected money.Amount) money.Amount {
	return t.Success(collected).Add(money.New(t.Fixed, collected.Currency))
}

// In says the terms in words.
func (t Terms) In(l i18n.Lang, c money.Currency) string {
	share := money.BasisPoints(t.Rate).Format(string(l))
	switch {
	case t.Rate == 0 && t.Fixed == 0:
		return i18n.Words{FR: "sans frais convenus", EN: "no fee agreed"}.In(l)
	case t.Fixed == 0:
		return i18n.Words{FR: "%s de ce qui est encaissé", EN: "%s of what is collected"}.Format(l, share)
	case t.Rate == 0:
		return i18n.Words{FR: "forfait de %s", EN: "fixed fee of %s"}.Format(l, l.Amount(money.New(t.Fixed, c)))
	}
	return i18n.Words{
		FR: "%s de ce qui est encaissé, et %s par dossier", EN: "%s of what is collected, and %s per file",
	}.Format(l, share, l.Amount(money.New(t.Fixed, c)))
}

// remitMonths is how long a partner may keep what it collected (CPCE R124-6).
const remitMonths = 1

// RemitBy is the last day on which what was collected on a day must be remitted.
func RemitBy(collected cal.Date) cal.Date { return collected.AddMonths(remitMonths) }

// ParseRate reads a share in percent, as people write it: "12.5", "12,5"; nothing is no
// share.
func ParseRate(text string) (int64, error) {
	text = strings.ReplaceAll(strings.Trim(text, " %\u202f\u00a0"), ",", ".")
	if text == "" {
		return 0, nil
	}
	r, err := money.ParseRate(text)
	if err != nil {
		return 0, &fault.Invalid{
			Field: "rate", Message: "«\u00a0" + text + "\u00a0» n’est pas un pourcentage", Mend: "par exemple 12,5",
		}
	}
	return int64(r) / 100, nil
}
