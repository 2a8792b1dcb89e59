package dossier_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"acquit/internal/db/dbtest"
)

// The workbooks hold amounts as numbers and days as days, under the tabs that
// agencies take in.
func TestTheTablesOpenAsWorkbooks(t *testing.T) {
	t.Parallel()
	s := tell(t, dbtest.SQLite(t, dbtest.NewClock()))
	_, content := s.pack(s.request())
	files := unpack(t, content)
	open := func(name string) *excelize.File {
		t.Helper()
		f, err := excelize.OpenReader(strings.NewReader(files[at(files, name)].content), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	claims := open("02-creances.xlsx")
	if got, want := claims.GetSheetList(), []string{"Client", "Créances", "Relances", "Documents"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	rows, err := claims.GetRows("Créances")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"Facture|Date|Échéance|Jours de retard|Montant TTC|Règlements|Avoirs|Reste dû|Devise",
		"F2026-0871|46285|46315|40|2450|450|0|2000|EUR",
		"F2026/0902 é|46305|46335|20|1200.5|0|0|1200.5|EUR",
		"Total||||3650.5|450|0|3200.5|EUR",
	} {
		if got := strings.Join(rows[i][:9], "|"); got != want {
			t.Errorf("line %d: %s, want %s", i+1, got, want)
		}
	}
	if rows[2][13] != "oui : prix" {
		t.Errorf("the dispute reads %q", rows[2][13])
	}
	// By hand: 2 450,00 € from 21 October to the payment of 19 November, then what it left once it had paid the
	// interest first, at 12,40 % (semester 2026-S2); the contested 200,00 € of the
	// second invoice bear none.
	segments, err := open("12-interets/releve-interets.xlsx").GetRows("Intérêts")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"F2026-0871|46315|46316|46345|30|2450|12,40\u202f%|365|24.97|EUR",
		"F2026-0871|46315|46346|46355|10|2024.97|12,40\u202f%|365|6.88|EUR",
		"F2026/0902 é|46335|46336|46355|20|1000.5|12,40\u202f%|365|6.8|EUR",
		"Total||||||||38.65|EUR",
	} {
		if got := strings.Join(segments[i+3], "|"); got != want {
			t.Errorf("segment %d: %s, want %s", i+1, got, want)
		}
	}
}
