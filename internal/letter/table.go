package letter

import "strings"

const (
	cellPad    = 1.6 // left and right of a cell's text
	rowPad     = 1.3 // above and below it
	leastType  = 0.6 // the least share of its size to which a wide table is set
	leastWidth = 12.0
	wideHead   = 26.0 // how wide a head is before it goes on two lines

	// tallCell is the lines of a cell after which its row may break: a page
	// holds more.
	tallCell = 30
)

// grid is a table laid out: widths, and rows of wrapped cells.
type grid struct {
	table  *Table
	size   size
	left   []float64 // of each column
	widths []float64
	head   []cells
	rows   []cells
	foot   []footLine
}

type cells struct {
	lines  [][]line // of each column
	height float64
}

type footLine struct {
	label  []line
	value  string
	style  style
	height float64
}

func (f *flow) layOut(t *Table) *grid {
	g := &grid{table: t, size: sizeTable}
	g.measure(f.types)
	at := bodyLeft
	for _, w := range g.widths {
		g.left = append(g.left, at)
		at += w
	}
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	if strings.Join(heads, "") != "" {
		g.head = g.wrapRow(f.types, heads, true)
	}
	for _, r := range t.Rows {
		g.rows = append(g.rows, g.wrapRow(f.types, r, false)...)
	}
	for _, foot := range t.Foot {
		g.foot = append(g.foot, g.wrapFoot(f.types, foot))
	}
	return g
}

// measure gives the columns their widths. Figures take what they need; the
// other columns share what is left, by their weight or by what they hold. A
// table too wide for the page is set smaller.
func (g *grid) measure(t *typeCase) {
	for {
		need, flexible := g.natural(t)
		fixed, least, sum := 0.0, 0.0, 0.0
		for i, w := range need {
			sum += w
			if flexible[i] {
				least += min(w, leastWidth)
			} else {
				fixed += w
			}
		}
		if fixed+least <= bodyWidth || g.size.points <= sizeTable.points*leastType {
			g.widths = share(g.table.Columns, need, flexible, fixed, sum)
			return
		}
		g.size = g.size.scaled(0.95)
	}
}

// natural is the width that each column's widest text takes, and which of the
// columns may be narrower.
func (g *grid) natural(t *typeCase) (need []float64, flexible []bool) {
	for i, c := range g.table.Columns {
		head := t.width(printable(t.faces[strong], c.Head), strong, g.size)
		wide := max(min(head, wideHead), widest(t, strings.Fields(c.Head), strong, g.size))
		for _, r := range g.table.Rows {
			if i < len(r) {
				wide = max(wide, widest(t, strings.Split(r[i], "\n"), regular, g.size))
			}
		}
		need = append(need, wide+2*cellPad)
		flexible = append(flexible, !c.Right)
	}
	return need, flexible
}

func widest(t *typeCase, texts []string, st style, sz size) (wide float64) {
	for _, s := range texts {
		wide = max(wide, t.width(printable(t.faces[st], s), st, sz))
	}
	return wide
}

// share divides the page among columns. Figures keep their need where all of
// them fit; the rest goes to the weights, else in proportion to the needs.
func share(columns []Column, need []float64, flexible []bool, fixed, sum float64) []float64 {
	widths := make([]float64, len(need))
	if fixed > bodyWidth || fixed == sum {
		for i, w := range need {
			widths[i] = w * bodyWidth / max(sum, 1)
		}
		return widths
	}
	rest, weights, natural := bodyWidth-fixed, 0.0, 0.0
	for i, c := range columns {
		if flexible[i] && c.Weight > 0 {
			weights += c.Weight
		} else if flexible[i] {
			natural += need[i]
		}
	}
	unweighted := natural
	if weights == 0 || natural > rest/2 {
		unweighted = min(rest, max(rest/2, rest*natural/max(natural+weights, 1)))
	}
	if weights == 0 {
		unweighted = rest
	}
	for i, c := range columns {
		switch {
		case !flexible[i]:
			widths[i] = need[i]
		case c.Weight > 0:
			widths[i] = (rest - unweighted) * c.Weight / weights
		default:
			widths[i] = unweighted * need[i] / natural
		}
	}
	return widths
}

// wrapRow is a row as laid out, in several parts where it is taller than a
// page could hold.
func (g *grid) wrapRow(t *typeCase, row []string, isHead bool) []cells {
	all := make([][]line, len(g.widths))
	tall := 1
	for i := range g.widths {
		if i < len(row) {
			for text := range strings.SplitSeq(row[i], "\n") {
				all[i] = append(all[i], wrap(t, []Span{{text, isHead}}, g.size, g.widths[i]-2*cellPad)...)
			}
			tall = max(tall, len(all[i]))
		}
	}
	var parts []cells
	for from := 0; from < tall; from += tallCell {
		part := cells{lines: make([][]line, len(all))}
		n := min(tall-from, tallCell)
		for i := range all {
			part.lines[i] = all[i][min(from, len(all[i])):min(from+n, len(all[i]))]
		}
		part.height = float64(n)*g.size.leading + 2*rowPad
		parts = append(parts, part)
	}
	return parts
}

func (g *grid) wrapFoot(t *typeCase, f Foot) footLine {
	st := regular
	if f.Strong {
		st = strong
	}
	value, _ := fit(t, f.Value, st, g.size, bodyWidth/2, g.size.points)
	width := bodyWidth - 4*cellPad - t.width(value, st, g.size)
	out := footLine{value: value, style: st, label: wrap(t, []Span{{f.Label, f.Strong}}, g.size, width)}
	out.label = out.label[:min(len(out.label), tallCell)]
	out.height = float64(len(out.label))*g.size.leading + 2*rowPad
	return out
}

func height(list []cells) (sum float64) {
	for _, c := range list {
		sum += c.height
	}
	return sum
}

func (g *grid) footHeight() (sum float64) {
	for _, l := range g.foot {
		sum += l.height
	}
	return sum
}

// tableLeast is what of a table must stand under its heading: the heads of the
// columns and a row.
func (f *flow) tableLeast(t *Table) float64 {
	g := f.layOut(&Table{Columns: t.Columns, Rows: t.Rows[:min(1, len(t.Rows))]})
	return height(g.head) + height(g.rows)
}

// table repeats its heads on each page, and keeps its foot with its last row.
func (f *flow) table(t *Table) {
	if len(t.Columns) == 0 {
		return
	}
	g := f.layOut(t)
	foot := g.footHeight()
	if foot > f.page()/2 {
		foot = g.foot[0].height // a foot as long as a page goes on by itself
	}
	f.need(height(g.head) + g.rowNeed(0, foot))
	f.heads(g)
	for i, r := range g.rows {
		if need := g.rowNeed(i, foot); f.y+need > f.bottom && f.y > nextTop {
			f.turn()
			f.heads(g)
		}
		f.cells(g, r, regular)
	}
	f.pen().line(bodyLeft, f.y, bodyRight, f.y, 0.6, 0.2)
	for _, l := range g.foot {
		f.need(l.height)
		f.footLine(g, l)
	}
}

// rowNeed is what must fit for row i to stand on a page.
func (g *grid) rowNeed(i int, foot float64) float64 {
	switch {
	case len(g.rows) == 0:
		return foot
	case i == len(g.rows)-1:
		return g.rows[i].height + foot
	}
	return g.rows[i].height
}

func (f *flow) heads(g *grid) {
	if g.head == nil {
		return
	}
	f.pen().box(bodyLeft, f.y, bodyWidth, height(g.head), 0.94)
	for _, h := range g.head {
		f.cells(g, h, strong)
	}
	f.pen().line(bodyLeft, f.y, bodyRight, f.y, 0.6, 0.2)
}

func (f *flow) cells(g *grid, c cells, st style) {
	p := f.pen()
	for i, lines := range c.lines {
		y := f.y + rowPad + (g.size.leading+g.size.rise())/2
		for _, l := range lines {
			if g.table.Columns[i].Right {
				p.right(g.left[i]+g.widths[i]-cellPad, y, l.text(), st, g.size, black)
			} else {
				p.text(g.left[i]+cellPad, y, l.text(), st, g.size, black)
			}
			y += g.size.leading
		}
	}
	if g.table.Boxed {
		f.frames(g, c.height)
	}
	f.y += c.height
	if st == regular {
		p.line(bodyLeft, f.y, bodyRight, f.y, 0.3, 0.8)
	}
}

// frames draws the sides of a row's cells.
func (f *flow) frames(g *grid, height float64) {
	for i, x := range g.left {
		f.pen().line(x, f.y, x, f.y+height, 0.4, 0.5)
		if i == len(g.left)-1 {
			f.pen().line(bodyRight, f.y, bodyRight, f.y+height, 0.4, 0.5)
		}
	}
}

func (l line) text() string {
	var b strings.Builder
	for _, r := range l {
		b.WriteString(r.text)
	}
	return b.String()
}

func (f *flow) footLine(g *grid, l footLine) {
	p := f.pen()
	y := f.y + rowPad + (g.size.leading+g.size.rise())/2
	p.right(bodyRight-cellPad, y, l.value, l.style, g.size, black)
	edge := bodyRight - 3*cellPad - f.types.width(l.value, l.style, g.size)
	for _, text := range l.label {
		p.right(edge, y, text.text(), l.style, g.size, black)
		y += g.size.leading
	}
	f.y += l.height
}
