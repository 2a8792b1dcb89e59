package letter

import (
	"bytes"
	"strconv"
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

	// shadow is what either window may uncover: nothing but the address stands
	// there, lest a postman or a neighbour read what is owed.
	shadowLeft   = 90.0
	shadowTop    = 34.0
	shadowBottom = 90.0

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

// Inks, from black to the grey of lines and notes.
type ink string

const (
	black ink = "0.08 g"
	grey  ink = "0.38 g"
)

// pen draws on one page; measures are millimetres from its top left corner.
type pen struct {
	ops   bytes.Buffer
	types *typeCase
}

// typeCase is the type of one document: its faces, and the glyphs it used.
type typeCase struct {
	faces [styles]*face
	used  [styles][]bool
	runes [styles]map[uint16]rune

	pictures []*picture
	keys     [][32]byte // the SHA-256 of each picture
}

func newTypeCase(list [styles]*face) *typeCase {
	t := &typeCase{faces: list}
	for i, f := range list {
		t.used[i] = make([]bool, len(f.advance))
		t.runes[i] = map[uint16]rune{}
	}
	return t
}

// width is how wide a text is, in millimetres.
func (t *typeCase) width(text string, st style, sz size) float64 {
	return t.faces[st].width(text) * sz.points / pointsPerMillimetre
}

// glyphs writes the numbers of a text's glyphs, and remembers that they are used.
func (t *typeCase) glyphs(b *bytes.Buffer, text string, st style) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('<')
	for _, r := range text {
		g := t.faces[st].glyph(r)
		if !t.used[st][g] {
			t.used[st][g] = true
			t.runes[st][g] = r
		}
		b.Write([]byte{digits[g>>12], digits[g>>8&15], digits[g>>4&15], digits[g&15]})
	}
	b.WriteByte('>')
}

func (p *pen) number(v float64) {
	p.ops.Write(strconv.AppendFloat(p.ops.AvailableBuffer(), v, 'f', 2, 64))
	p.ops.WriteByte(' ')
}

func (p *pen) point(x, y float64) {
	p.number(x * pointsPerMillimetre)
	p.number((sheetHeight - y) * pointsPerMillimetre)
}

// text writes a text from its baseline's left end.
func (p *pen) text(x, y float64, text string, st style, sz size, colour ink) {
	if text == "" {
		return
	}
	p.ops.WriteString(string(colour) + " BT /F" + strconv.Itoa(int(st)) + " ")
	p.number(sz.points)
	p.ops.WriteString("Tf ")
	p.point(x, y)
	p.ops.WriteString("Td ")
	p.types.glyphs(&p.ops, text, st)
	p.ops.WriteString(" Tj ET\n")
}

// right writes a text that ends at x.
func (p *pen) right(x, y float64, text string, st style, sz size, colour ink) {
	p.text(x-p.types.width(text, st, sz), y, text, st, sz, colour)
}

// line draws a line; its width is in points.
func (p *pen) line(x1, y1, x2, y2, width float64, colour string) {
	p.ops.WriteString(colour + " G ")
	p.number(width)
	p.ops.WriteString("w ")
	p.point(x1, y1)
	p.ops.WriteString("m ")
	p.point(x2, y2)
	p.ops.WriteString("l S\n")
}

// rect adds a rectangle to the path that is then filled.
func (p *pen) rect(x, y, width, height float64) {
	p.point(x, y+height)
	p.number(width * pointsPerMillimetre)
	p.number(height * pointsPerMillimetre)
	p.ops.WriteString("re ")
}

// box fills a rectangle with a grey.
func (p *pen) box(x, y, width, height float64, colour string) {
	p.ops.WriteString(colour + " g ")
	p.rect(x, y, width, height)
	p.ops.WriteString("f\n")
}
