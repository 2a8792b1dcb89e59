package letter

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"

	"acquit/internal/fault"
)

// maxRecipient is the lines of an address (NF Z 10-011).
const maxRecipient = 6

// Write writes letters as one PDF document, in their order, each with its own
// page numbers and what goes behind it. The same letters give the same bytes.
// A letter that cannot be printed as it is given is a fault.Invalid: nothing
// is left out in silence.
func Write(w io.Writer, letters ...Letter) error {
	if len(letters) == 0 {
		return fault.Invalidf("", "il n’y a aucune lettre à imprimer")
	}
	list, err := faces()
	if err != nil {
		return err
	}
	p := press{types: newTypeCase(list), about: letters[0].properties(), batch: len(letters) > 1}
	for _, l := range letters {
		if err := p.letter(l); err != nil {
			return err
		}
	}
	return p.finish(w)
}

// PDF is what Write writes.
func PDF(letters ...Letter) ([]byte, error) {
	var b bytes.Buffer
	err := Write(&b, letters...)
	return b.Bytes(), err
}

// press prints letters into documents, and merges them with what goes behind.
type press struct {
	types    *typeCase
	about    properties
	batch    bool      // a list of letters stands beside the pages
	document *document // which letters are printed into; nil behind an attachment
	bundle   *bundle   // of what was printed before; nil without attachments
	pages    int
	marks    []pdfcpu.Bookmark
}

// properties are those of a document that begins with the letter.
func (l Letter) properties() properties {
	p := properties{title: l.Title, language: string(l.Language), on: l.On}
	if len(l.Sender) > 0 {
		p.author = l.Sender[0]
	}
	if p.language == "" {
		p.language = "fr"
	}
	return p
}

func (p *press) letter(l Letter) error {
	if err := l.check(); err != nil {
		return err
	}
	behind, err := readBehind(l.Behind)
	if err != nil {
		return err
	}
	f := p.layOut(l, 1)
	for _, tight := range []float64{0.95, 0.9} {
		if f.err != nil || !f.straggles() {
			break
		}
		if tighter := p.layOut(l, tight); len(tighter.pages) < len(f.pages) {
			f = tighter
		}
	}
	if f.err != nil {
		return f.err
	}
	p.print(f)
	return p.append(behind)
}

// append puts documents behind what was printed.
func (p *press) append(list []behind) error {
	if len(list) == 0 {
		return nil
	}
	if err := p.close(); err != nil {
		return err
	}
	for _, b := range list {
		if err := p.bundle.append(b, false); err != nil {
			return err
		}
		p.pages += b.doc.PageCount
	}
	return nil
}

// close adds the document that was printed to the bundle.
func (p *press) close() error {
	if p.document == nil {
		return nil
	}
	printed, err := p.document.read()
	p.document = nil
	switch {
	case err != nil:
		return err
	case p.bundle == nil:
		p.bundle = &bundle{doc: printed}
		return nil
	}
	return p.bundle.append(behind{name: p.about.title, doc: printed}, false)
}

func (p *press) finish(w io.Writer) error {
	if p.bundle == nil {
		return p.document.pdf.Output(w)
	}
	if err := p.close(); err != nil {
		return err
	}
	if p.batch {
		p.bundle.marks = p.marks
	}
	return p.bundle.write(w)
}

// print prints a letter that is laid out.
func (p *press) print(f *flow) {
	if p.document == nil {
		p.document = newDocument(p.about)
		p.document.faces(p.types.faces)
	}
	p.marks = append(p.marks, pdfcpu.Bookmark{Title: seen(f.letter.mark()), PageFrom: p.pages + 1})
	language := "fr-FR"
	if f.letter.Language != "" {
		language = string(f.letter.Language)
	}
	legal := f.legal()
	for i, page := range f.pages {
		f.foot(page, legal, i+1)
		p.document.page(page, language)
		if i == 0 && p.batch {
			p.document.mark(f.letter.mark())
		}
	}
	p.pages += len(f.pages)
}

// layOut lays a letter on pages. Lines a little closer save a page that would
// hold no more than a signature.
func (p *press) layOut(l Letter, tight float64) *flow {
	f := &flow{types: p.types, letter: l, tight: tight}
	f.bottom = footBottom - float64(len(f.legal()))*sizeFoot.leading - 5
	f.turn()
	f.stationery()
	body := l.blocks()
	for i, b := range body {
		var next *Block
		if i+1 < len(body) {
			next = &body[i+1]
		}
		if f.block(b, next); f.err != nil {
			break
		}
	}
	return f
}

// blocks are the body and what stands below it.
func (l Letter) blocks() []Block { return slices.Concat(l.Body, l.Below) }

// mark names a letter in the list of a batch.
func (l Letter) mark() string {
	if len(l.Recipient) > 0 && l.Subject != "" {
		return l.Recipient[0] + " – " + l.Subject
	}
	return l.Title
}

// check refuses what a page could not show whole.
func (l Letter) check() error {
	if len(l.Recipient) > maxRecipient {
		return &fault.Invalid{
			Field:   "recipient",
			Message: fmt.Sprintf("l’adresse a %d lignes : une fenêtre en montre %d", len(l.Recipient), maxRecipient),
			Mend:    "raccourcissez-la",
		}
	}
	if len(l.Behind) > maxBehind {
		return fault.Invalidf("attachments", "la lettre a plus de %d pièces jointes", maxBehind)
	}
	if n := l.bytes(); n > maxText {
		return fault.Invalidf("body", "la lettre est trop longue : %d ko de texte", n>>10)
	}
	return nil
}

// bytes is how much text a letter holds.
func (l Letter) bytes() (n int) {
	spans := func(lines [][]Span) {
		for _, line := range lines {
			for _, s := range line {
				n += len(s.Text)
			}
		}
	}
	for _, b := range l.blocks() {
		n += len(b.Heading)
		spans(b.Paragraph)
		spans(b.Bullets)
		spans(b.Quote)
		if b.Table != nil {
			for _, r := range b.Table.Rows {
				n += len(strings.Join(r, " "))
			}
		}
	}
	return n
}
