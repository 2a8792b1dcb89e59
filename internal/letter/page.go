package letter

import (
	"crypto/sha256"
	"math"
)

// The sheet is A4 and folded in three into a French double-window envelope
// DL (110 × 220 mm; NF Z 11-001 for the letter, NF Z 10-011 for the address).
// Its right window of 45 × 100 mm stands 20 mm from the right edge and 20 mm
// from the bottom; that of 35 × 100 mm has the same lower right corner. Folded,
// the sheet is 99 × 210 mm and may slide by 5 mm each way: what is inside the
// rectangle below is seen wherever it slid, through either window. All in
// millimetres from the top left corner of the sheet.
const (
	sheetWidth  = 210.0
	sheetHeight = 297.0

	windowLeft   = 100.0 // seen wherever the sheet slid
	windowRight  = 190.0
	windowTop    = 54.5
	windowBottom = 79.5

	foldFirst  = 99.0
	foldSecond = 198.0

	marginLeft  = 20.0
	marginRight = 20.0
	bodyLeft    = marginLeft
	bodyRight   = sheetWidth - marginRight
	bodyWidth   = bodyRight - bodyLeft

	senderTop   = 14.0
	senderRight = 86.0
	bodyTop     = 94.0 // on the first page
	nextTop     = 26.0 // on the pages after it
	footBottom  = 288.0
)

// pointsPerMillimetre turns millimetres into the unit of PDF.
const pointsPerMillimetre = 72 / 25.4

// Sizes of type in points, and what a line of it takes in millimetres.
type size struct{ points, leading float64 }

var (
	sizeText    = size{10.5, 5.0}
	sizeSubject = size{11, 5.4}
	sizeAddress = size{10.5, 4.1}
	sizeSmall   = size{8.5, 3.9}
	sizeTable   = size{9.5, 4.4}
	sizeFoot    = size{7.5, 3.3}
)

// rise is the height of capitals: from the top of a line to its baseline.
func (s size) rise() float64 { return s.points * 0.66 / pointsPerMillimetre }

// scaled is the size made smaller by a factor.
func (s size) scaled(by float64) size { return size{s.points * by, s.leading * by} }

// ink is a grey, from 0 for black to 1 for white.
type ink float64

// Inks of text.
const (
	black ink = 0.08
	grey  ink = 0.38
)

// level is the grey as a printer of pages counts it.
func (i ink) level() int { return int(math.Round(float64(i) * math.MaxUint8)) }

// pen keeps what is drawn on one page, which is printed once all of a letter is
// laid out; measures are millimetres from the page's top left corner.
type pen struct {
	strokes []func(*document)
	types   *typeCase
}

func (p *pen) draw(stroke func(*document)) { p.strokes = append(p.strokes, stroke) }

// typeCase is the type of one document: its faces and its pictures.
type typeCase struct {
	faces    [styles]*face
	pictures map[[sha256.Size]byte]*picture // by the fingerprint of the image
}

func newTypeCase(list [styles]*face) *typeCase {
	return &typeCase{faces: list, pictures: map[[sha256.Size]byte]*picture{}}
}

// width is how wide a text is, in millimetres.
func (t *typeCase) width(text string, st style, sz size) float64 {
	return t.faces[st].width(text) * sz.points / pointsPerMillimetre
}

// text writes a text from its baseline's left end.
func (p *pen) text(x, y float64, text string, st style, sz size, colour ink) {
	if text != "" {
		p.draw(func(d *document) { d.text(x, y, text, st, sz, colour) })
	}
}

// right writes a text that ends at x.
func (p *pen) right(x, y float64, text string, st style, sz size, colour ink) {
	p.text(x-p.types.width(text, st, sz), y, text, st, sz, colour)
}

// line draws a line; its width is in points.
func (p *pen) line(x1, y1, x2, y2, width float64, colour ink) {
	p.draw(func(d *document) { d.line(x1, y1, x2, y2, width, colour) })
}

// box fills a rectangle.
func (p *pen) box(x, y, width, height float64, colour ink) {
	p.draw(func(d *document) { d.box(x, y, width, height, colour) })
}
