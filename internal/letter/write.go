package letter

import (
	"bytes"
	"fmt"
	"io"
	"strings"

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
	p := press{file: newFile(w), types: newTypeCase(list)}
	p.pages, p.resources = p.file.reserve(), p.file.reserve()
	for _, l := range letters {
		if err := p.letter(l); err != nil {
			return err
		}
	}
	return p.finish(letters[0])
}

// PDF is what Write writes.
func PDF(letters ...Letter) ([]byte, error) {
	var b bytes.Buffer
	err := Write(&b, letters...)
	return b.Bytes(), err
}

// press prints letters into one document.
type press struct {
	file      *file
	types     *typeCase
	pages     ref // the tree of pages
	resources ref // the faces and pictures that all pages share
	kids      []ref
	marks     []bookmark
}

// bookmark finds a letter in a batch.
type bookmark struct {
	title string
	page  ref
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
	legal := f.legal()
	first := len(p.kids)
	for i, page := range f.pages {
		f.foot(page, legal, i+1)
		p.page(page, l)
	}
	p.marks = append(p.marks, bookmark{l.mark(), p.kids[first]})
	for _, b := range behind {
		p.kids = append(p.kids, b.copyTo(p.file, p.pages)...)
	}
	return p.file.err
}

// layOut lays a letter on pages. Lines a little closer save a page that would
// hold no more than a signature.
func (p *press) layOut(l Letter, tight float64) *flow {
	f := &flow{types: p.types, letter: l, tight: tight}
	f.bottom = footBottom - float64(len(f.legal()))*sizeFoot.leading - 5
	f.turn()
	f.stationery()
	for i, b := range l.Body {
		var next *Block
		if i+1 < len(l.Body) {
			next = &l.Body[i+1]
		}
		if f.block(b, next); f.err != nil {
			break
		}
	}
	return f
}

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
	for _, b := range l.Body {
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

func (p *press) page(page *pen, l Letter) {
	language := "fr-FR"
	if l.Language != "" {
		language = string(l.Language)
	}
	content := append([]byte("/Span <</Lang ("+language+")>> BDC\n"), page.ops.Bytes()...)
	stream := p.file.stream("", append(content, "EMC\n"...))
	p.kids = append(p.kids, p.file.add(fmt.Sprintf(
		"<</Type /Page /Parent %s /MediaBox [0 0 595.28 841.89] /Resources %s /Contents %s>>", p.pages, p.resources, stream)))
}

// finish writes what the pages share, and the document's properties.
func (p *press) finish(first Letter) error {
	f := p.file
	var fonts, pictures strings.Builder
	for i := range p.types.faces {
		if p.types.faces[i] == nil {
			continue // what is only bound has its own
		}
		fmt.Fprintf(&fonts, "/F%d %s ", i, f.putFont(p.types.faces[i], p.types.used[i], p.types.runes[i]))
	}
	for _, pic := range p.types.pictures {
		fmt.Fprintf(&pictures, "/%s %s ", pic.name, f.putPicture(pic))
	}
	f.put(p.resources, fmt.Sprintf("<</Font <<%s>> /XObject <<%s>>>>", fonts.String(), pictures.String()))
	f.put(p.pages, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(p.kids), joinRefs(p.kids)))
	language := string(first.Language)
	if language == "" {
		language = "fr"
	}
	root := f.add(fmt.Sprintf("<</Type /Catalog /Pages %s /Lang (%s) /ViewerPreferences <</DisplayDocTitle true>>%s>>",
		p.pages, language, p.outline()))
	author := ""
	if len(first.Sender) > 0 {
		author = first.Sender[0]
	}
	on := first.On.UTC().Format("20060102150405")
	info := f.add(fmt.Sprintf("<</Title %s /Author %s /Creator (Acquit) /CreationDate (D:%sZ) /ModDate (D:%sZ)>>",
		textString(first.Title), textString(author), on, on))
	return f.finish(root, info)
}

// outline lists the letters of a batch beside its pages.
func (p *press) outline() string {
	if len(p.marks) < 2 {
		return ""
	}
	root := p.file.reserve()
	items := make([]ref, len(p.marks))
	for i := range items {
		items[i] = p.file.reserve()
	}
	for i, m := range p.marks {
		around := ""
		if i > 0 {
			around += " /Prev " + items[i-1].String()
		}
		if i+1 < len(items) {
			around += " /Next " + items[i+1].String()
		}
		p.file.put(items[i], fmt.Sprintf(
			"<</Title %s /Parent %s /Dest [%s /Fit]%s>>", textString(m.title), root, m.page, around))
	}
	p.file.put(root, fmt.Sprintf(
		"<</Type /Outlines /First %s /Last %s /Count %d>>", items[0], items[len(items)-1], len(items)))
	return fmt.Sprintf(" /Outlines %s /PageMode /UseOutlines", root)
}

func joinRefs(list []ref) string {
	var b strings.Builder
	for i, r := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(r.String())
	}
	return b.String()
}
