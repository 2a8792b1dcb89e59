package today

import (
	"strings"

	"acquit/internal/cash"
	"acquit/internal/web/ui"
)

// moneyWords is what waits among payments: 12 encaissements à affecter, 18 240,00 €.
func moneyWords(f ui.Frame, totals []cash.Total) string {
	n, sums := 0, make([]string, len(totals))
	for i, t := range totals {
		n += t.Count
		sums[i] = f.Lang.Amount(t.Amount)
	}
	return f.Count(n, "encaissement à affecter", "encaissements à affecter", "payment to apply", "payments to apply") +
		", " + strings.Join(sums, " + ")
}
