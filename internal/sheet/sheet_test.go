package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
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

func TestPDFShowsEveryRowAndIsTheSameTwice(t *testing.T) {
	t.Parallel()
	many := table
	many.Rows = nil
	for i := range 120 {
		many.Rows = append(many.Rows, []any{
			strings.Repeat("Établissements Lemoine ", 1+i%9), cal.Must("2026-11-22"), money.New(int64(i)*100_000, money.EUR),
		})
	}
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := sheet.WritePDF(w, "fr", at, many); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same table gives other bytes")
	}
	model.ConfigPath = "disable" // else it writes into the home folder
	ctx, err := api.ReadAndValidate(bytes.NewReader(a.Bytes()), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	if ctx.PageCount != 4 {
		t.Errorf("%d pages for 120 rows, want 4", ctx.PageCount)
	}
	words := pageWords(t, ctx)
	for _, want := range []string{"\xc9tablissements", "119\xa0000,00", "22 nov. 2026", "Client", "-1\xa0234,51"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q on any page", want)
		}
	}
	if n := strings.Count(words, "(Client)"); n != ctx.PageCount {
		t.Errorf("the headings stand on %d pages of %d", n, ctx.PageCount)
	}
}

// pageWords is the text that the pages of a document write, as it stands in
// their instructions.
func pageWords(t *testing.T, ctx *model.Context) string {
	t.Helper()
	var all strings.Builder
	for page := 1; page <= ctx.PageCount; page++ {
		r, err := pdfcpu.ExtractPageContent(ctx, page)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

func TestTheSameTableGivesTheSameWorkbook(t *testing.T) {
	t.Parallel()
	write := func() []byte {
		var b bytes.Buffer
		list := make([]sheet.Sheet, 6)
		for i := range list {
			list[i] = sheet.Sheet{Name: fmt.Sprint("T", i), Columns: []string{"Facture", "Rang"}, Rows: [][]any{{"F1", i}}}
		}
		if err := sheet.WriteXLSX(&b, list...); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := write()
	for range 10 { // of six sheets in any order, one in 720 is the first again
		if !bytes.Equal(first, write()) {
			t.Fatal("the bytes differ")
		}
	}
}
