package sheet_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"acquit/internal/cal"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

var table = sheet.Sheet{
	Name: "Balance", Notes: []string{"Au 22/11/2026"}, Columns: []string{"Client", "Échéance", "Montant"},
	Rows: [][]any{
		{`=HYPERLINK("http://evil")`, cal.Must("2026-11-22"), money.New(-123456, money.EUR)},
		{"Dupont; & Fils", cal.Date(0), money.New(5, money.EUR)},
	},
	Totals: [][]any{{"Total", nil, money.New(-123451, money.EUR)}},
}

func TestCSVIsReadByFrenchSpreadsheetsAndRunsNoFormula(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := table.WriteCSV(&b, "fr"); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffClient;Échéance;Montant\r\n" +
		`"'=HYPERLINK(""http://evil"")";22/11/2026;-1234,56` + "\r\n" +
		`"Dupont; & Fils";;0,05` + "\r\n" +
		"Total;;-1234,51\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXHoldsNumbersAndDaysAndNoFormula(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, table); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A1": "Au 22/11/2026", "A3": `=HYPERLINK("http://evil")`, "B3": "46348", "C3": "-1234.56", "C5": "-1234.51"} {
		got, err := f.GetCellValue("Balance", cell, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s: got %q %v, want %q", cell, got, err, want)
		}
	}
	if formula, _ := f.GetCellFormula("Balance", "A3"); formula != "" {
		t.Errorf("A3 runs %q", formula)
	}
}
