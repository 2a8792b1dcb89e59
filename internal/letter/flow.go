package letter

import "acquit/internal/fault"

// flow lays blocks one under the other, on as many pages as they take.
type flow struct {
	types  *typeCase
	letter Letter
	pages  []*pen
	y      float64 // the top of what comes next
	bottom float64 // where the body ends
	tight  float64 // the share of its room that the body is given, 1 or a little less
	err    error
}

// Limits of one letter: far above what anybody posts, and below what would
// hold up all others.
const (
	maxPages     = 300
	maxText      = 1 << 20  // bytes of all its words
	maxBehind    = 40       // attachments
	maxBehindPDF = 50 << 20 // bytes of one attachment
)

// gap is the space between two blocks.
const gap = 3.0

// text is the size of the body.
func (f *flow) text() size { return size{sizeText.points, sizeText.leading * f.tight} }

// straggles tells that the last page holds little.
func (f *flow) straggles() bool {
	const little = 0.25 // of a page
	return len(f.pages) > 1 && f.y < nextTop+f.page()*little
}

func (f *flow) pen() *pen { return f.pages[len(f.pages)-1] }

func (f *flow) page() float64 { return f.bottom - nextTop }

// turn begins a page.
func (f *flow) turn() {
	if len(f.pages) >= maxPages && f.err == nil {
		f.err = fault.Invalidf("body", "la lettre dépasse %d pages", maxPages)
	}
	p := &pen{types: f.types}
	if len(f.pages) > 0 {
		f.continued(p)
	}
	f.pages = append(f.pages, p)
	f.y = nextTop
}

// continued says on a following page which letter it belongs to.
func (f *flow) continued(p *pen) {
	name := ""
	if len(f.letter.Sender) > 0 {
		name = f.letter.Sender[0]
	}
	name, sz := fit(f.types, name, strong, sizeSmall, bodyWidth/2-gap, sizeFoot.points)
	p.text(bodyLeft, 15, name, strong, sz, grey)
	subject := f.letter.Subject
	if subject == "" {
		subject = f.letter.Title
	}
	subject, sz = fit(f.types, subject, regular, sizeSmall, bodyWidth/2, sizeFoot.points)
	p.right(bodyRight, 15, subject, regular, sz, grey)
	p.line(bodyLeft, 17.5, bodyRight, 17.5, 0.4, 0.7)
}

// need begins a page unless h fits on this one; what is taller than any page
// begins where it stands.
func (f *flow) need(h float64) {
	if f.y+h > f.bottom && f.y > nextTop && f.err == nil {
		f.turn()
	}
}

// block lays one block; next is what follows it, nil at the end.
func (f *flow) block(b Block, next *Block) {
	switch {
	case b.Heading != "":
		f.heading(b.Heading, f.least(next))
	case b.Paragraph != nil:
		f.paragraph(b.Paragraph, f.tied(next))
	case b.Bullets != nil:
		f.bullets(b.Bullets)
	case b.Quote != nil:
		f.quote(b.Quote)
	case b.Table != nil:
		f.table(b.Table)
	case b.Payment != nil:
		f.payment(b.Payment)
	case b.Signature != nil:
		f.signature(b.Signature)
	default:
		return
	}
	f.y += gap * f.tight
}

// least is what of the next block must stand under a heading.
func (f *flow) least(next *Block) float64 {
	switch {
	case next == nil:
		return 0
	case next.Payment != nil:
		return f.paymentHeight(next.Payment)
	case next.Table != nil:
		return f.tableLeast(next.Table)
	case next.Signature != nil:
		return f.signatureHeight(next.Signature)
	}
	return 2 * f.text().leading
}

// tied is the height of what must not stand alone on the next page: a
// signature stays with the words before it.
func (f *flow) tied(next *Block) float64 {
	if next != nil && next.Signature != nil {
		return gap*f.tight + f.signatureHeight(next.Signature)
	}
	return 0
}

func (f *flow) heading(text string, least float64) {
	lines := wrap(f.types, []Span{{text, true}}, sizeSubject, bodyWidth)
	f.y += 1.5
	f.need(float64(len(lines))*sizeSubject.leading + 1 + least)
	for _, l := range lines {
		f.need(sizeSubject.leading)
		f.write(bodyLeft, l, sizeSubject, black)
	}
	f.y -= gap*f.tight - 1
}

// write sets one line at the current height and goes below it.
func (f *flow) write(x float64, l line, sz size, colour ink) {
	y := f.y + sz.rise()
	for _, r := range l {
		f.pen().text(x, y, r.text, r.style, sz, colour)
		x += f.types.width(r.text, r.style, sz)
	}
	f.y += sz.leading
}

// lines wraps the lines of a text to a width.
func (f *flow) lines(text [][]Span, sz size, width float64) []line {
	var list []line
	for _, spans := range text {
		list = append(list, wrap(f.types, spans, sz, width)...)
	}
	return list
}

// paragraph never leaves one line of several alone on a page.
func (f *flow) paragraph(text [][]Span, tied float64) {
	f.body(f.lines(text, f.text(), bodyWidth), f.text(), tied, func(l line) {
		f.write(bodyLeft, l, f.text(), black)
	})
}

func (f *flow) body(lines []line, sz size, tied float64, write func(line)) {
	for i, l := range lines {
		left := len(lines) - i
		h := sz.leading
		switch {
		case left <= 3 && i == 0 || left == 2:
			h = float64(left)*sz.leading + tied
		case i == 0:
			h = 2 * sz.leading
		}
		f.need(h)
		write(l)
	}
}

const (
	bulletIndent = 5.0
	quoteIndent  = 7.0
)

func (f *flow) bullets(items [][]Span) {
	for _, item := range items {
		first := true
		f.body(wrap(f.types, item, f.text(), bodyWidth-bulletIndent), f.text(), 0, func(l line) {
			if first {
				f.pen().text(bodyLeft+1, f.y+f.text().rise(), "–", regular, f.text(), black)
			}
			first = false
			f.write(bodyLeft+bulletIndent, l, f.text(), black)
		})
		f.y += 0.8
	}
}

// quote sets the words of a law apart: indented, smaller, along a line.
func (f *flow) quote(text [][]Span) {
	f.body(f.lines(text, sizeTable, bodyWidth-2*quoteIndent), sizeTable, 0, func(l line) {
		f.pen().line(bodyLeft+3, f.y-0.6, bodyLeft+3, f.y+sizeTable.leading-0.6, 1.2, 0.75)
		f.write(bodyLeft+quoteIndent, l, sizeTable, black)
	})
}
