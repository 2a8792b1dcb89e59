package advice

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"

	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// objects is a PDF of objects, numbered from 1, the first its catalogue.
func objects(list ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	var at []int
	for i, o := range list {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.Bytes()
}

func packed(t testing.TB, dict, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", dict, b.Len(), b.String())
}

// onPages is a PDF of a number of pages with the same content; 6 is its form X.
func onPages(t testing.TB, n int, content string, more ...string) []byte {
	t.Helper()
	return objects(append([]string{
		"<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Repeat("3 0 R ", n), n),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
		packed(t, "", content), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}, more...)...)
}

func form(t testing.TB, inner int) string {
	t.Helper()
	return packed(t, fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>", inner),
		"/X Do /X Do BT /F 9 Tf (a) Tj ET")
}

// A PDF made to harm is refused in words, within its bounds, and the next one is
// read as if nothing had been.
func TestAHostilePDFHarmsNothing(t *testing.T) {
	t.Parallel()
	laughs := make([]string, 25)
	for i := range laughs {
		laughs[i] = form(t, 7+i)
	}
	letters := "BT /F 1 Tf 10 790 Td " + strings.Repeat(strings.Repeat("(Facture F2026-12 du jour) Tj ", 40)+"0 -7 Td\n", 100) + "ET"
	for name, pdf := range map[string][]byte{
		"more letters than a page has": onPages(t, 1, letters),
		"a stream that swells":         onPages(t, 1, strings.Repeat(" ", 140<<20)),
		"a form within itself":         onPages(t, 1, "/X Do", form(t, 6)),
		"forms that double 25 times":   onPages(t, 1, "/X Do", laughs...),
		"pages within themselves":      objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"),
		"arrays without an end":        objects("<</Type/Catalog/Pages 2 0 R>>", strings.Repeat("[", 100_000)),
	} {
		_, err := Read(ingest.FromBytes("avis.pdf", pdf))
		if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.Message == "" || f.Mend == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole := onPages(t, 3, "BT /F 10 Tf 10 700 Td (Facture F2026-12 : 12,00 EUR) Tj ET")
	if a, err := Read(ingest.FromBytes("avis.pdf", whole)); err != nil || len(a.Lines) != 3 {
		t.Errorf("after the hostile ones: %+v, %v", a, err)
	}
}

func TestPagesThatAreNotReadAreSaid(t *testing.T) {
	t.Parallel()
	a, err := Read(ingest.FromBytes("avis.pdf", onPages(t, maxPages+7, "BT /F 10 Tf 10 700 Td (Facture F2026-12 : 12,00 EUR) Tj ET")))
	if err != nil || len(a.Lines) != maxPages || !strings.Contains(show(a)[len(show(a))-1], "! limite le PDF a 7 pages de plus") {
		t.Errorf("%d lines, %v, %v", len(a.Lines), err, a.Warnings[len(a.Warnings)-1:])
	}
}

// FuzzPDF compiles PDFium before it begins: under instruments that takes longer
// than a worker may stay silent.
func FuzzPDF(f *testing.F) {
	pdf := drawn(f, 9, nil, small)
	holds(f, pdf)
	f.Add(pdf)
	f.Add(onPages(f, 2, "BT /F 10 Tf 10 700 Td (Facture F2026-12 : 12,00 EUR) Tj ET"))
	f.Fuzz(func(t *testing.T, b []byte) { holds(t, b) })
}
