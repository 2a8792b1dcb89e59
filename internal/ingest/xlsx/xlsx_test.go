package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"acquit/internal/ingest"
)

// workbook is written by hand, part by part, so that it can be wrong.
type workbook struct {
	sheets []string // the sheetData of each
	names  []string
	props  string
	more   map[string]string // other parts
}

func (w workbook) bytes(t testing.TB) []byte {
	t.Helper()
	var sheets, rels strings.Builder
	parts := map[string]string{}
	for i, data := range w.sheets {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, w.names[i], i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + data + `</sheetData></worksheet>`
	}
	parts["[Content_Types].xml"] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`
	parts["_rels/.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	parts["xl/workbook.xml"] = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` + w.props + `<sheets>` + sheets.String() + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`
	maps.Copy(parts, w.more)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// row writes a row: numbers as such, the rest as text.
func row(at int, attr string, cells ...any) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d" %s>`, at, attr)
	for i, c := range cells {
		ref := fmt.Sprintf("%c%d", 'A'+i, at)
		switch c := c.(type) {
		case string:
			if c != "" {
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, c)
			}
		default:
			fmt.Fprintf(&b, `<c r="%s"><v>%v</v></c>`, ref, c)
		}
	}
	return b.String() + "</row>"
}

func outcome(t testing.TB, b []byte, h ingest.Hints) (*ingest.File, []string) {
	t.Helper()
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("essai.xlsx", b), h)
	var lines []string
	for d, err := range f.Documents(t.Context()) {
		if r, ok := errors.AsType[*ingest.Rejected](err); ok {
			reason := strings.ReplaceAll(r.Reason, "\u00a0", " ") // typography is tested where it is made
			lines = append(lines, fmt.Sprintf("%d:%d refusé : %s", r.Line, r.Column, reason))
		} else if err != nil {
			lines = append(lines, err.Error())
		} else {
			lines = append(lines, strings.Join([]string{string(d.Kind), d.Number, d.Customer.Name, d.Issued.String(), d.Due.String(), d.Total.String()}, " | "))
		}
	}
	return f, lines
}

func TestSheetWithTitlesAboveAndTotalsBelowIsRead(t *testing.T) {
	t.Parallel()
	w := workbook{
		names: []string{"Notice", "Factures"},
		sheets: []string{
			row(1, "", "Mode d’emploi") + row(2, "", "Ne pas modifier"),
			row(1, "", "Imprimerie du Canal – échéancier") + row(3, "", "Édité le", 46348) +
				row(5, "", "N° facture", "Client", "Date", "Échéance", "Montant TTC") +
				row(6, "", "F1", "Delvaux", 46303, 46333, 2450) +
				row(7, `hidden="1"`, "F2", "Roy &amp; fils", 46304.75, "12/11/2026", "1234.5600000000001") +
				row(8, "", "F3", "Noël", "13/10/2026", "", "1 200,50 €") +
				row(9, "", "AV4", "Noël", 46304, "", -10.5) +
				row(11, "", "F5", "Noël", "jamais", "", 1) +
				`<row r="12"><c r="A12" t="inlineStr"><is><t>F6</t></is></c><c r="B12" t="inlineStr"><is><t>Calcul</t></is></c><c r="C12"><v>46304</v></c><c r="E12"><f>2*50</f><v>100</v></c></row>` +
				row(13, "", "Total", "", "", "", 4974.56),
		},
	}
	f, got := outcome(t, w.bytes(t), ingest.Hints{})
	want := []string{
		"invoice | F1 | Delvaux | 2026-10-08 | 2026-11-07 | 2450.00 EUR",
		"invoice | F2 | Roy & fils | 2026-10-09 | 2026-11-12 | 1234.56 EUR",
		"invoice | F3 | Noël | 2026-10-13 |  | 1200.50 EUR",
		"credit_note | AV4 | Noël | 2026-10-09 |  | 10.50 EUR",
		"11:3 refusé : colonne « Date » : « jamais » n’est pas une date lisible",
		"invoice | F6 | Calcul | 2026-10-09 |  | 100.00 EUR",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if u := f.Understood; u.Sheet != "Factures" || u.HeaderLine != 5 || len(u.Sheets) != 2 || len(f.Warnings) != 1 || f.Warnings[0].Code != "masquées" {
		t.Errorf("understood %+v, warnings %v", u, f.Warnings)
	}
	if len(f.Controls) != 1 || !f.Controls[0].Holds() {
		t.Errorf("total: %+v", f.Controls)
	}
}

func TestWorkbookOfTheLibraryIsRead(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	style, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{
		"A1": "Invoice number", "B1": "Customer", "C1": "Invoice date", "D1": "Due date", "E1": "Total",
		"A2": "I-1", "B2": "ACME", "C2": time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), "D2": time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC), "E2": 1234.5,
	} {
		if err := x.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetCellStyle("Sheet1", "C2", "D2", style); err != nil {
		t.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	_, got := outcome(t, b.Bytes(), ingest.Hints{})
	if want := []string{"invoice | I-1 | ACME | 2026-11-02 | 2026-12-02 | 1234.50 EUR"}; cmp.Diff(want, got) != "" {
		t.Errorf("got %q", got)
	}
}

func TestDatesOfOldMacintoshesCountFrom1904(t *testing.T) {
	t.Parallel()
	w := workbook{
		props: `<workbookPr date1904="1"/>`, names: []string{"F"},
		sheets: []string{row(1, "", "Numéro", "Client", "Date", "Montant") + row(2, "", "F1", "A", 46303-1462, 1)},
	}
	if _, got := outcome(t, w.bytes(t), ingest.Hints{}); len(got) != 1 || !strings.Contains(got[0], "2026-10-08") {
		t.Errorf("got %q", got)
	}
}

func TestSheetCanBeNamed(t *testing.T) {
	t.Parallel()
	names := row(1, "", "Numéro", "Client", "Date", "Montant")
	w := workbook{names: []string{"2025", "2026"}, sheets: []string{names + row(2, "", "A1", "A", 46000, 1), names + row(2, "", "B1", "B", 46303, 1)}}
	if _, got := outcome(t, w.bytes(t), ingest.Hints{Sheet: "2026"}); len(got) != 1 || !strings.Contains(got[0], "B1") {
		t.Errorf("got %q", got)
	}
	if f, _ := outcome(t, w.bytes(t), ingest.Hints{}); len(f.Warnings) != 1 || !strings.HasSuffix(f.Warnings[0].Text, "2026") {
		t.Errorf("the sheet that is not read is not named: %+v", f.Warnings)
	}
	if f, _ := outcome(t, w.bytes(t), ingest.Hints{Sheet: "2027"}); f.Err == nil || !strings.Contains(f.Err.Error(), "2025, 2026") {
		t.Errorf("got %v", f.Err)
	}
}

func TestHostileWorkbooksAreRefused(t *testing.T) {
	t.Parallel()
	names := row(1, "", "Numéro", "Client", "Date", "Montant")
	wide := strings.Builder{}
	for i := range maxWide + 10 {
		fmt.Fprintf(&wide, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2)
	}
	for name, w := range map[string]workbook{
		"a bomb":             {names: []string{"F"}, sheets: []string{names}, more: map[string]string{"xl/media/x.bin": strings.Repeat("\x00", ratioFrom+1)}},
		"columns to the end": {names: []string{"F"}, sheets: []string{names + wide.String()}},
		"rows beyond":        {names: []string{"F"}, sheets: []string{names + row(2_000_000_000, "", "F1", "A", 1, 1)}},
		"column beyond":      {names: []string{"F"}, sheets: []string{names + `<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>`}},
		"a broken workbook":  {names: []string{"F"}, sheets: []string{names}, more: map[string]string{"xl/workbook.xml": "<workbook"}},
		"nothing":            {names: []string{"F"}, sheets: []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := outcome(t, w.bytes(t), ingest.Hints{})
			if f.Read != 0 || len(got) == 0 {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("cut", func(t *testing.T) {
		t.Parallel()
		b := workbook{names: []string{"F"}, sheets: []string{names}}.bytes(t)
		f := ingest.Open(t.Context(), []ingest.Driver{{Format: ingest.XLSX, Sniff: func(ingest.Sample) ingest.Confidence { return ingest.Certain }, Open: Driver.Open}},
			ingest.FromBytes("a.xlsx", b[:len(b)/2]), ingest.Hints{Format: ingest.XLSX})
		if _, ok := errors.AsType[*ingest.Rejected](f.Err); !ok {
			t.Errorf("got %v", f.Err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	names := row(1, "", "Numéro", "Client", "Date", "Montant")
	f.Add(names+row(2, "", "F1", "A", 46303, 1.5), "")
	f.Add(names+`<row r="3" hidden="1"><c t="s"><v>0</v></c></row>`, `<sst><si><t>x</t></si></sst>`)
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		w := workbook{names: []string{"F"}, sheets: []string{sheet}, more: map[string]string{"xl/sharedStrings.xml": shared}}
		outcome(t, w.bytes(t), ingest.Hints{})
	})
}
