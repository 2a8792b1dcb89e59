package letter

import (
	"bytes"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// document draws pages, in the library's words.
type document struct {
	pdf   *fpdf.Fpdf
	style style
	size  float64
}

// properties are what a document says of itself.
type properties struct {
	title, author, language string
	on                      time.Time
}

const family = "letter"

// weights are the library's names of our styles.
var weights = [styles]string{regular: "", strong: "B"}

// byTitle makes readers show the title and not the name of the file (ISO
// 14289-1, 7.1). The library has no word for it and writes a language as it is
// given: the percent sign makes a comment of the bracket that it adds.
const byTitle = ") /ViewerPreferences <</DisplayDocTitle true>> %"

func newDocument(p properties) *document {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true) // the same letters give the same bytes
	f.SetCreationDate(p.on.UTC())
	f.SetModificationDate(p.on.UTC())
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetTitle(seen(p.title), true)
	f.SetAuthor(seen(p.author), true)
	f.SetCreator("Acquit", false)
	f.SetLang(p.language + byTitle)
	return &document{pdf: f, size: -1}
}

// seen is a text without what a list of properties does not show.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// faces gives the document its type.
func (d *document) faces(list [styles]*face) {
	for i, f := range list {
		d.pdf.AddUTF8FontFromBytes(family, weights[i], f.data)
	}
}

// page prints a page in a language.
func (d *document) page(p *pen, language string) {
	d.pdf.AddPage()
	d.size = -1
	d.pdf.RawWriteStr("/Span <</Lang (" + language + ")>> BDC\n")
	for _, stroke := range p.strokes {
		stroke(d)
	}
	d.pdf.RawWriteStr("EMC\n")
}

// mark names the page in the list beside the pages.
func (d *document) mark(title string) {
	d.pdf.SetFont(family, weights[regular], sizeText.points)
	d.pdf.Bookmark(seen(title), 0, 0)
	d.size = -1
}

func (d *document) text(x, y float64, text string, st style, sz size, colour ink) {
	if d.style != st || d.size != sz.points {
		d.pdf.SetFont(family, weights[st], sz.points)
		d.style, d.size = st, sz.points
	}
	d.pdf.SetTextColor(colour.level(), colour.level(), colour.level())
	d.pdf.Text(x, y, text)
}

func (d *document) line(x1, y1, x2, y2, width float64, colour ink) {
	d.pdf.SetDrawColor(colour.level(), colour.level(), colour.level())
	d.pdf.SetLineWidth(width / pointsPerMillimetre)
	d.pdf.Line(x1, y1, x2, y2)
}

func (d *document) box(x, y, width, height float64, colour ink) {
	d.pdf.SetFillColor(colour.level(), colour.level(), colour.level())
	d.pdf.Rect(x, y, width, height, "F")
}

// modules fills the dark modules of a code in full black.
func (d *document) modules(x, y, side float64, list []modules) {
	d.pdf.SetFillColor(0, 0, 0)
	for _, m := range list {
		d.pdf.Rect(x+float64(m.column)*side, y+float64(m.row)*side, float64(m.count)*side, side, "F")
	}
}

func (d *document) picture(p *picture, x, y, width, height float64) {
	asPNG := fpdf.ImageOptions{ImageType: "png"}
	d.pdf.RegisterImageOptionsReader(p.name, asPNG, bytes.NewReader(p.png))
	d.pdf.ImageOptions(p.name, x, y, width, height, false, asPNG, 0, "")
}

// read is the document as one that others are merged with.
func (d *document) read() (*model.Context, error) {
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, err
	}
	doc, err := api.ReadContext(bytes.NewReader(b.Bytes()), configuration())
	if err != nil {
		return nil, err
	}
	return doc, doc.EnsurePageCount()
}
