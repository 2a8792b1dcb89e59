package xlsx

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
)

// BNP Paribas exports a workbook: the account above, serial days, raw numbers.
func TestTheWorkbookOfABankIsReadAsItsTextIs(t *testing.T) {
	t.Parallel()
	b := workbook{names: []string{"Opérations"}, sheets: []string{
		row(1, "", "IBAN : FR76 3000 6000 0112 3456 7890 189") +
			row(3, "", "Date opération", "Date valeur", "Libellé opération", "Montant", "Solde") +
			row(4, "", 46346, 46346, "VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ", 1200.5, 1500.0000000000002) +
			row(5, "", 46345, 46344, "FRAIS DE TENUE DE COMPTE", -3.25, 299.5),
	}}.bytes(t)
	r := banktest.File(t, []ingest.Driver{Driver}, ingest.FromBytes("export.xlsx", b))
	type line [6]string // booked, value, amount, means, party, reference
	var got []line
	for _, e := range r.Entries {
		got = append(got, line{e.On.String(), e.Value.String(), e.Amount.String(), string(e.Means), e.Party.Name, e.EndToEnd})
	}
	want := []line{
		{"2026-11-20", "2026-11-20", "1200.50 EUR", "transfer", "DUPONT SARL", "XYZ"},
		{"2026-11-19", "2026-11-18", "-3.25 EUR", "fee", "", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s := r.File.Statements
	if len(s) != 1 || s[0].Account.IBAN != "FR7630006000011234567890189" || s[0].Opening == nil || s[0].Opening.Amount.Minor != 302_75 ||
		s[0].Closing.Amount.Minor != 1500_00 || len(r.File.Warnings) != 0 {
		t.Errorf("statement %+v, warnings %+v", s, r.File.Warnings)
	}
}
