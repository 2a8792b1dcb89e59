package report_test

import (
	"testing"

	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/report"
)

// What was claimed beside the principal stands apart, and both add up to the total.
func TestAStatementTellsChargesFromThePrincipal(t *testing.T) {
	t.Parallel()
	line := func(n ledger.Nature, cents int64) report.StatementLine {
		return report.StatementLine{
			Document: ledger.Document{Kind: ledger.Invoice, Nature: n}, On: money.New(cents, money.EUR),
		}
	}
	st := report.Statement{
		Lines:  []report.StatementLine{line(ledger.Ordinary, 1000_00), line(ledger.Charge, 52_30), line(ledger.Ordinary, 20_00)},
		Totals: []money.Amount{money.New(1072_30, money.EUR)},
	}
	s := st.Sheet(i18n.FR)
	if len(s.Totals) != 3 || s.Totals[0][6] != money.New(1020_00, money.EUR) || s.Totals[1][6] != money.New(52_30, money.EUR) ||
		s.Totals[2][6] != money.New(1072_30, money.EUR) {
		t.Errorf("totals %v", s.Totals)
	}
	if s.Rows[0][0] != "Facture" || s.Rows[1][0] != "Note de débit" {
		t.Errorf("rows %v", s.Rows)
	}
}
