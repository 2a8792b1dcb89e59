package letter_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/letter"
	_ "acquit/internal/propertytest"
)

func spans(s string) []letter.Span { return []letter.Span{{Text: s}} }

func words(s string) letter.Block { return letter.Block{Paragraph: [][]letter.Span{spans(s)}} }

func sample() letter.Letter {
	return letter.Letter{
		Language: i18n.FR, Title: "Relance C0042", On: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC),
		Sender: []string{"Atelier Dupont", "12 rue du Molinel", "59000 Lille", "03 20 00 00 00"},
		Recipient: []string{
			"IMPRIMERIE DELVAUX", "À l’attention de Mme Œuvrard", "BÂTIMENT C", "48 BOULEVARD DE LA LIBERTÉ", "BP 1234",
			"59044 LILLE CEDEX",
		},
		Dateline:   "Lille, le 29 novembre 2026",
		References: []letter.Pair{{Label: "Notre référence", Value: "C0042"}},
		Subject:    "Facture F2026-0871 échue depuis 22 jours",
		Legal:      []string{"SARL au capital de 10\u202f000\u00a0€, RCS Lille 732\u00a0829\u00a0320"},
		Body: []letter.Block{
			words("Madame, Monsieur,"),
			{Paragraph: [][]letter.Span{{
				{Text: "Sauf erreur, la facture "},
				{Text: "F2026-0871", Strong: true},
				{Text: " de 2\u202f450,00\u00a0€ reste impayée\u202f; nous vous remercions de la régler."},
			}}},
			{Table: &letter.Table{
				Columns: []letter.Column{{Head: "Facture", Weight: 2}, {Head: "Échéance", Weight: 1}, {Head: "Montant", Right: true}},
				Rows:    [][]string{{"F2026-0871\ndu 8 octobre 2026", "7 novembre 2026", "2\u202f450,00\u00a0€"}},
				Foot:    []letter.Foot{{Label: "Total", Value: "2\u202f450,00\u00a0€", Strong: true}},
			}},
			{Payment: &letter.Payment{
				Pairs: []letter.Pair{{Label: "Titulaire", Value: "Atelier Dupont"}, {Label: "IBAN", Value: "FR76 3000 6000 0112 3456 7890 189"}},
				Code:  "BCD\n002\n1\nSCT\n\nAtelier Dupont\nFR7630006000011234567890189\nEUR2450.00\n\n\nF2026-0871",
				Note:  "Ce code se lit avec l’application de votre banque.",
			}},
			{Quote: [][]letter.Span{spans("Tout professionnel en situation de retard de paiement est de plein droit débiteur…")}},
			{Bullets: [][]letter.Span{spans("un premier point"), spans("un second")}},
			{Signature: &letter.Signature{Lines: []string{"Claire Morel", "Atelier Dupont"}}},
		},
	}
}

func write(t testing.TB, letters ...letter.Letter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := letter.Write(&b, letters...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// box is a word of a page and where it stands, in millimetres from the top left.
type box struct {
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
	Text   string  `xml:",chardata"`
}

// measured are the words of each page, as poppler finds them in the document.
func measured(t testing.TB, pdf []byte) [][]box {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []box `xml:"word"`
		} `xml:"body>doc>page"`
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(poppler(t, pdf, "-bbox"), nil))) // its head may be wrong
	d.Strict, d.Entity = false, xml.HTMLEntity
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	pages := make([][]box, len(doc.Pages))
	for i, p := range doc.Pages {
		for _, w := range p.Words {
			const mm = 25.4 / 72
			pages[i] = append(pages[i], box{w.Left * mm, w.Top * mm, w.Right * mm, w.Bottom * mm, w.Text})
		}
	}
	return pages
}

func poppler(t testing.TB, pdf []byte, option string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "pdftotext", option, "-q", name, "-")
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// text is what each page says, on one line.
func text(t testing.TB, pdf []byte) []string {
	t.Helper()
	pages := strings.Split(strings.TrimSuffix(string(poppler(t, pdf, "-layout")), "\f"), "\f")
	for i, p := range pages {
		pages[i] = strings.Join(strings.Fields(p), " ")
	}
	return pages
}

// The window of 35 × 100 mm, 20 mm from the right and from the bottom of an
// envelope of 110 × 220 mm, lies inside that of 45 × 100 mm. The folded sheet
// measures 99 × 210 mm: it is put in the middle, and slides by 5 mm each way.
func seen(b box) bool {
	const slide = 5.0
	x, y := (220.0-210)/2, (110.0-99)/2
	for _, dx := range []float64{-slide, slide} {
		for _, dy := range []float64{-slide, slide} {
			left, top, right, bottom := b.Left+x+dx, b.Top+y+dy, b.Right+x+dx, b.Bottom+y+dy
			if left < 220-20-100 || right > 220-20 || top < 110-20-35 || bottom > 110-20 {
				return false
			}
		}
	}
	return true
}

func TestTheAddressSitsInTheWindowWhereverTheSheetSlides(t *testing.T) {
	t.Parallel()
	for lines := 2; lines <= 6; lines++ {
		l := sample()
		l.Recipient = l.Recipient[:lines]
		l.Recipient[0] = "SOCIÉTÉ DES GRANDES IMPRIMERIES DE FLANDRE ET D’ARTOIS"
		left := strings.Fields(strings.Join(l.Recipient, " "))
		for _, w := range measured(t, write(t, l))[0] {
			inWindow := w.Right > 90 && w.Bottom > 34 && w.Top < 90
			if !inWindow {
				continue
			}
			if len(left) == 0 || w.Text != left[0] {
				t.Fatalf("%d lines: %q shows in the window, want the address %q only", lines, w.Text, left)
			}
			left = left[1:]
			if !seen(w) {
				t.Errorf("%d lines: %q is hidden when the sheet slides: %+v", lines, w.Text, w)
			}
		}
		if len(left) > 0 {
			t.Errorf("%d lines: %q is not in the window", lines, left)
		}
	}
}

func TestTextComesBackWithItsAccents(t *testing.T) {
	t.Parallel()
	got := text(t, write(t, sample()))
	for _, want := range []string{
		"À l’attention de Mme Œuvrard", "Objet : Facture F2026-0871 échue depuis 22 jours", "Lille, le 29 novembre 2026",
		"reste impayée", "2 450,00 €", "1/1",
	} {
		if !strings.Contains(strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(got[0]), want) {
			t.Errorf("%q is not in the text: %s", want, got[0])
		}
	}
}

// long is a letter of a table of many rows, as long as those of big accounts.
func long(rows int) letter.Letter {
	l := sample()
	table := &letter.Table{
		Columns: []letter.Column{{Head: "Facture"}, {Head: "Échéance", Weight: 1}, {Head: "Montant", Right: true}},
		Foot:    []letter.Foot{{Label: "Sous-total", Value: "1,00\u00a0€"}, {Label: "Solde", Value: "2,00\u00a0€", Strong: true}},
	}
	for i := range rows {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("F%06d", i), "7 novembre 2026", strconv.Itoa(i) + ",00\u00a0€"})
	}
	l.Body = []letter.Block{words("Madame, Monsieur,"), {Table: table}, words("Cordialement."), l.Body[len(l.Body)-1]}
	return l
}

func TestATwelvePageTableRepeatsItsHeadAndKeepsItsFoot(t *testing.T) {
	t.Parallel()
	pages := text(t, write(t, long(395)))
	if len(pages) != 12 {
		t.Fatalf("got %d pages, want 12", len(pages))
	}
	next := 0
	for i, p := range pages {
		if want := fmt.Sprintf("%d/12", i+1); !strings.Contains(p, want) {
			t.Errorf("page %d does not say %s", i+1, want)
		}
		rows := strings.Count(p, "7 novembre 2026")
		if rows > 0 && strings.Count(p, "Facture Échéance Montant") != 1 {
			t.Errorf("page %d has rows without their heads", i+1)
		}
		for range rows {
			if !strings.Contains(p, fmt.Sprintf("F%06d", next)) {
				t.Fatalf("page %d misses row %d", i+1, next)
			}
			next++
		}
	}
	if next != 395 {
		t.Errorf("%d rows, want 395", next)
	}
}

func TestNoFootAndNoSignatureStandsAlone(t *testing.T) {
	t.Parallel()
	for rows := 20; rows < 60; rows++ {
		for _, p := range text(t, write(t, long(rows))) {
			if strings.Contains(p, "Solde") && !strings.Contains(p, fmt.Sprintf("F%06d", rows-1)) {
				t.Errorf("%d rows: the foot is parted from the last row", rows)
			}
			if strings.Contains(p, "Claire Morel") && !strings.Contains(p, "Cordialement.") {
				t.Errorf("%d rows: the signature stands alone", rows)
			}
		}
	}
}

func TestTheSameLettersGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	behind := letter.Attachment{Name: "F.pdf", PDF: write(t, sample())}
	a, b := sample(), sample()
	a.Behind, b.Behind = []letter.Attachment{behind}, []letter.Attachment{behind}
	if !bytes.Equal(write(t, a, long(80)), write(t, b, long(80))) {
		t.Error("two writings differ")
	}
}

func TestAttachmentsFollowTheirLetter(t *testing.T) {
	t.Parallel()
	first, second := sample(), sample()
	first.Behind = []letter.Attachment{{Name: "F1.pdf", PDF: write(t, long(40))}}
	second.Subject = "Une autre lettre"
	pages := text(t, write(t, first, second))
	if len(pages) != 4 {
		t.Fatalf("got %d pages, want 4", len(pages))
	}
	for i, want := range []string{"1/1", "1/2", "2/2", "Une autre lettre"} {
		if !strings.Contains(pages[i], want) {
			t.Errorf("page %d does not say %q", i+1, want)
		}
	}
}

func TestABrokenAttachmentIsNamed(t *testing.T) {
	t.Parallel()
	whole := write(t, sample())
	for name, content := range map[string][]byte{
		"vide.pdf": nil, "texte.pdf": []byte("Bonjour"), "coupe.pdf": whole[:len(whole)/3],
		"verrou.pdf": bytes.Replace(whole, []byte("/Info"), []byte("/Encrypt 1 0 R /Info"), 1),
	} {
		l := sample()
		l.Behind = []letter.Attachment{{Name: name, PDF: content}}
		err := letter.Write(&bytes.Buffer{}, l)
		if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.File != name || f.Mend == "" {
			t.Errorf("%s: got %v, want a fault that names it", name, err)
		}
	}
}

func TestASignatureHasItsImage(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 300, 90))
	img.Set(10, 10, color.Black)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	l := sample()
	plain := len(write(t, l))
	l.Body[len(l.Body)-1].Signature.Image = b.Bytes()
	if pdf := write(t, l); !bytes.Contains(pdf, []byte("/Subtype /Image\n/Width 300\n/Height 90")) || len(pdf) <= plain {
		t.Error("the image is not in the document")
	}
	l.Body[len(l.Body)-1].Signature.Image = []byte("GIF89a")
	if err := letter.Write(&bytes.Buffer{}, l); err == nil {
		t.Error("an image that cannot be read is dropped in silence")
	}
}

func TestTheDocumentTellsItsLanguageAndTitle(t *testing.T) {
	t.Parallel()
	l := sample()
	l.Language, l.Title = i18n.EN, "Reminder"
	pdf := write(t, l)
	for _, want := range []string{"/Lang (en)", "/DisplayDocTitle true", "/Title (\xFE\xFF\x00R\x00e\x00m\x00i\x00n\x00d\x00e\x00r)", "D:20261129090000"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("%s is not in the document", want)
		}
	}
}

// Nothing that is given makes a page overflow: all words stand between the
// margins, and none stands in the foot.
func TestNothingLeavesThePage(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	rapid.Check(t, func(r *rapid.T) {
		any := rapid.OneOf(
			rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("abœÉ€")), 0, 400, -1),
			rapid.SampledFrom([]string{"请付款 🙂 שלום مرحبا", strings.Repeat("m", 400), "un\u202f;\u00a0deux trois", "ﬃ ① e\u0301"}),
		)
		cells := rapid.SliceOfN(any, 0, 4)
		l := sample()
		l.Sender, l.Subject = rapid.SliceOfN(any, 0, 6).Draw(r, "sender"), any.Draw(r, "subject")
		l.Recipient = rapid.SliceOfN(any, 0, 6).Draw(r, "recipient")
		l.Legal, l.Dateline, l.Mention = rapid.SliceOfN(any, 0, 3).Draw(r, "legal"), any.Draw(r, "date"), any.Draw(r, "mention")
		l.Body = []letter.Block{
			{Heading: any.Draw(r, "heading")},
			words(any.Draw(r, "paragraph")),
			{Bullets: [][]letter.Span{spans(any.Draw(r, "bullet"))}},
			{Quote: [][]letter.Span{spans(any.Draw(r, "quote"))}},
			{Table: &letter.Table{
				Columns: []letter.Column{{Head: any.Draw(r, "head")}, {Head: "B", Weight: 1}, {Head: "C", Right: true}},
				Rows:    rapid.SliceOfN(cells, 0, 30).Draw(r, "rows"),
				Foot:    []letter.Foot{{Label: any.Draw(r, "label"), Value: any.Draw(r, "value")}},
			}},
			{Payment: &letter.Payment{Pairs: []letter.Pair{{Label: any.Draw(r, "l"), Value: any.Draw(r, "v")}}}},
			{Signature: &letter.Signature{Lines: cells.Draw(r, "signature")}},
		}
		for i, page := range measured(t, write(t, l)) {
			for _, w := range page {
				if w.Left < 19.5 || w.Right > 190.8 || w.Top < 8 || w.Bottom > 290 {
					r.Fatalf("page %d: %q leaves the page: %+v", i+1, w.Text, w)
				}
			}
		}
	})
}

func FuzzAttachment(f *testing.F) {
	f.Add(write(f, sample()))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 1 0 R>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		l := sample()
		l.Behind = []letter.Attachment{{Name: "x.pdf", PDF: pdf}}
		err := letter.Write(&bytes.Buffer{}, l)
		if _, ok := errors.AsType[*fault.Invalid](err); err != nil && !ok {
			t.Fatalf("not a fault: %v", err)
		}
	})
}

// bill is a one-page letter without a code to scan.
func bill() letter.Letter {
	l := sample()
	l.Body[3].Payment.Code = ""
	return l
}

func BenchmarkBatch(b *testing.B)          { batch(b, bill()) }
func BenchmarkBatchWithCodes(b *testing.B) { batch(b, sample()) }

func batch(b *testing.B, l letter.Letter) {
	list := make([]letter.Letter, 200)
	for i := range list {
		list[i] = l
	}
	for b.Loop() {
		write(b, list...)
	}
	b.ReportMetric(float64(b.N*len(list))/b.Elapsed().Seconds(), "letters/s")
}

func BenchmarkSeparate(b *testing.B) {
	l := sample()
	for b.Loop() {
		write(b, l)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}
