package advice

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// show is an advice in lines: what it says of the payment, then what it pays.
func show(a Advice) []string {
	head := []string{a.Payer, a.PaidOn.String(), a.Reference}
	if ingest.Known(a.Total) {
		head = append(head, a.Total.String())
	}
	list := []string{strings.Join(head, " | ")}
	for _, l := range a.Lines {
		s := l.Number
		if l.On != 0 {
			s += " " + l.On.String()
		}
		if ingest.Known(l.Amount) {
			s += " " + l.Amount.Decimal()
		}
		if ingest.Known(l.Discount) {
			s += fmt.Sprintf(" (%s - %s)", l.Gross.Decimal(), l.Discount.Decimal())
		}
		list = append(list, s)
	}
	for _, w := range a.Warnings {
		list = append(list, "! "+w.Code+" "+plainSpaces.Replace(w.Text))
	}
	return list
}

var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

func fromFile(t *testing.T, name string) Advice {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	a, err := Read(ingest.FromBytes(name, content))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAdvicesOfEveryLayoutAreUnderstood(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"tableau.csv": {
			"GARAGE DU PONT SAS | 2026-11-12 | VIR-88120 | 1406.50 EUR",
			"F2026-0101 2026-10-01 1176.00 (1200.00 - 24.00)", "F2026-0107 2026-10-03 350.50", "AV2026-009 2026-10-05 -120.00",
		},
		"texte.txt": {
			" | 2026-11-12 |  | 2580.10 EUR",
			"F2026-0042 2026-10-03 1250.00", "F2026-0057 2026-10-15 1430.10", "AV-2026-003 -100.00",
		},
		"liste.txt": {" |  |  | 900.00 EUR", "F-101", "F-102", "F-107"},
		"colonnes.txt": {
			"ACME TOOLS LTD | 2026-11-18 | 4500012345 | 1575.00 USD",
			"INV-2026-0012 2026-10-02 1225.00 (1250.00 - 25.00)", "INV-2026-0019 2026-10-13 400.00", "CN-0007 2026-10-20 -50.00",
		},
		"zahlungsavis.txt": {
			"Müller Werkzeuge GmbH | 2026-11-14 |  | 1761.20 EUR",
			"RE-2026-118 2026-10-02 1166.20 (1190.00 - 23.80)", "RE-2026-125 2026-10-09 595.00",
		},
		"reponse.eml":      {"Compta Hôtel du Nord |  | ", "F2026-0200 480.00"},
		"piece-jointe.eml": {"Services Achats | 2026-11-20 |  | 780.00 EUR", "F-7 700.00", "F-8 80.00"},
		"page.html": {
			" | 2026-11-15 | P-778 | 330.40 EUR", "FA 2026 118 2026-10-01 300.00", "FA 2026 121 20.40",
			"! total les lignes font 320,40 €, le total annoncé est 330,40 €",
		},
		"compte.csv": {" |  |  | 1300.00 EUR", "F-900 2026-10-02 1000.00", "F-901 2026-10-03 500.00", "AV-12 2026-10-04 -200.00"},
	} {
		if diff := cmp.Diff(want, show(fromFile(t, name))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// aPDF draws an advice as a payer's program does, without lines around its cells.
func aPDF(t testing.TB) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	tr := f.UnicodeTranslatorFromDescriptor("")
	f.AddPage()
	f.SetFont("Helvetica", "B", 14)
	f.Text(20, 20, tr("Avis de règlement"))
	f.SetFont("Helvetica", "", 10)
	for i, s := range []string{"Émetteur : BRASSERIE DE L'ÉCLUSE", "Date de paiement : 16/11/2026", "Référence de paiement : RGT/2026/551"} {
		f.Text(20, 30+6*float64(i), tr(s))
	}
	at := []float64{20, 60, 100, 140, 170}
	for i, line := range [][]string{
		{"N° facture", "Date", "Brut", "Escompte", "Net payé"},
		{"F2026-0301", "01/10/2026", "1 000,00", "20,00", "980,00"},
		{"F2026-0302", "02/10/2026", "45,90", "", "45,90"},
		{"AV2026-04", "03/10/2026", "-25,90", "", "-25,90"},
		{"Total en EUR", "", "", "", "1 000,00"},
	} {
		for j, s := range line {
			x := at[j]
			if j >= 2 {
				x += 18 - f.GetStringWidth(tr(s)) // in line on the right
			}
			f.Text(x, 60+7*float64(i), tr(s))
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPDFIsReadByThePlacesOfItsLetters(t *testing.T) {
	t.Parallel()
	a, err := Read(ingest.FromBytes("avis.pdf", aPDF(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"BRASSERIE DE L'ÉCLUSE | 2026-11-16 | RGT/2026/551 | 1000.00 EUR",
		"F2026-0301 2026-10-01 980.00 (1000.00 - 20.00)", "F2026-0302 2026-10-02 45.90", "AV2026-04 2026-10-03 -25.90",
	}
	if diff := cmp.Diff(want, show(a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAWorkbookIsReadWithItsNumbersAndSerialDays(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	for i, line := range [][]any{
		{"Payment advice"},
		{"Payment date", 46348},
		{"Your reference", "Doc. date", "Amount"},
		{"F2026-77", 46300, 1234.5600000000001},
		{20261, 46301, 100},
		{"Total", nil, 1334.56},
	} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &line); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	a, err := Read(ingest.FromBytes("avis.xlsx", b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{" | 2026-11-22 |  | 1334.56 EUR", "F2026-77 2026-10-05 1234.56", "20261 2026-10-06 100.00"}
	if diff := cmp.Diff(want, show(a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNoAdviceIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty": "", "prose": "Bonjour,\nmerci de votre patience.\n", "binary": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"a broken PDF": "%PDF-1.7\nnothing", "a broken workbook": "PK\x03\x04nothing", "a mail without a body": "From: a@b.example\r\nTo: c@d.example\r\n\r\n",
		"a phone and an account": "tél. 03 20 00 00 00\nIBAN FR7630006000011234567890189\n",
	} {
		_, err := Read(ingest.FromBytes(name, []byte(content)))
		if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.File != name || f.Message == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"tableau.csv", "texte.txt", "colonnes.txt", "piece-jointe.eml", "reponse.eml", "page.html", "compte.csv"} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add(compound(map[string][]byte{
		"__properties_version1.0": nil, "__substg1.0_1000001F": units("Facture F-70 : 12,00"), "__attach_version1.0_#0/__substg1.0_37010102": []byte("a;b"),
	}))
	f.Add(tnef(tnefBody, []byte("Facture F-70 : 12,00"), tnefAttachData, []byte("Facture;Montant\nF-70;12,00\n")))
	f.Add(zipped(f, "word/document.xml", wordTable([]string{"Facture", "Montant"}, []string{"F-70", "12,00"})))
	f.Add([]byte("UNA:+.? 'UNH+1+REMADV:D:96A:UN'DOC+380+F?'70'MOA+12:12.00'UNS+S'MOA+139:12.00'"))
	f.Add([]byte(`<RemittanceAdvice><RemittanceAdviceLine><PaidAmount currencyID="EUR">1.00</PaidAmount></RemittanceAdviceLine></RemittanceAdvice>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.Contains(b, []byte("%PDF-")) { // FuzzPDF's
			holds(t, b)
		}
	})
}

// FuzzPlaces scatters texts over a page, one to a line: left, top and the text.
func FuzzPlaces(f *testing.F) {
	f.Add("20 700 N° facture\n90 700 Montant\n20 680 F-12\n90 680 12,00\n")
	f.Add("NaN 1e300 x\n-1 -Inf y\n")
	f.Fuzz(func(t *testing.T, text string) {
		var pieces []piece
		for line := range strings.Lines(text) {
			var left, top float64
			var word string
			if n, _ := fmt.Sscan(line, &left, &top, &word); n == 3 {
				pieces = append(pieces, piece{word, left, left + 6*float64(len(word)), top, top - 9})
			}
		}
		for _, r := range rowsOf(pieces, 0) {
			if len(r.cells) == 0 || r.text() == "" {
				t.Fatalf("an empty row of %q", text)
			}
		}
		understand(rowsOf(pieces, 0))
	})
}

// A PDF that was damaged anywhere is read or refused in words, and the next one is
// read as if nothing had been.
func TestADamagedPDFHarmsNothing(t *testing.T) {
	t.Parallel()
	whole := aPDF(t)
	chance := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		b := bytes.Clone(whole)
		for range 1 + chance.IntN(8) {
			b[chance.IntN(len(b))] = byte(chance.IntN(256))
		}
		holds(t, b[:1+chance.IntN(len(b))])
	}
	if a, err := Read(ingest.FromBytes("avis.pdf", whole)); err != nil || len(a.Lines) != 3 {
		t.Errorf("after the damaged ones: %+v, %v", a, err)
	}
}

// holds tells that whatever a file holds, its advice can be used or its refusal
// is said for a person.
func holds(t testing.TB, b []byte) {
	t.Helper()
	a, err := Read(ingest.FromBytes("avis", b))
	if err != nil {
		f, invalid := errors.AsType[*fault.Invalid](err)
		if !invalid || f.Message == "" {
			t.Fatalf("not said for a person: %v", err)
		}
		return
	}
	for _, l := range a.Lines {
		if l.Number == "" || ingest.Known(l.Discount) && l.Discount.Sign() < 0 {
			t.Fatalf("%+v", l)
		}
	}
}
