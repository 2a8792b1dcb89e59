package ui_test

import (
	"testing"

	"acquit/internal/bank"
	"acquit/internal/web/ui"
)

func TestAPersonReadsWhatThePayerWrote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		bank.Entry
	}{
		{"REGLT FAC NO F2026-5568", bank.Entry{
			Label: "VIR SEPA RECU SAS SECURITE FOURCADE", Party: bank.Party{Name: "SAS SECURITE FOURCADE"},
			Texts: []string{"REGLT FAC NO F2026-5568", "VIR SEPA RECU SAS SECURITE FOURCADE"},
		}},
		{"FACT 0101", bank.Entry{
			Label: "VIR SEPA RECU", Party: bank.Party{Name: "BOULANGERIE LEMOINE"},
			Texts: []string{"VIR SEPA RECU /DE BOULANGERIE LEMOINE /MOTIF FACT 0101"},
		}},
		{"VIR SEPA RECU", bank.Entry{
			Label: "VIR SEPA RECU DRFIP 59", Party: bank.Party{Name: "DRFIP 59"}, Texts: []string{"VIR SEPA RECU DRFIP 59"},
		}},
	} {
		if got := ui.Wording(c.Entry); got != c.want {
			t.Errorf("%q: %q, want %q", c.Texts, got, c.want)
		}
	}
}
