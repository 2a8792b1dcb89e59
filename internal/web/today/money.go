package today

import (
	"strings"

	"acquit/internal/cash"
	"acquit/internal/web/ui"
)

// moneyWords is what waits among payments: 12 encaissements à affecter, 18 240,00 €.
func moneyWords(f ui.Frame, q cash.Queue) string {
	if q.More {
		return f.Sayf("plus de %s encaissements à affecter", "more than %s payments to apply", f.Lang.Int(q.Count()))
	}
	sums := make([]string, len(q.Totals))
	for i, t := range q.Totals {
		sums[i] = f.Lang.Amount(t.Amount)
	}
	return f.Count(q.Count(), "encaissement à affecter", "encaissements à affecter", "payment to apply",
		"payments to apply") +
		", " + strings.Join(sums, " + ")
}
