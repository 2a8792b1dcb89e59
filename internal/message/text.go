package message

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// textWidth is where lines of the text part end: what every mail program shows
// without breaking, quoted once.
const textWidth = 74

// text lays the parts out as plain text.
func (f Facts) text(parts []Part, w *words) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("\n")
		}
		p.text(&b, w)
	}
	b.WriteString("\n-- \n")
	for _, l := range f.footer(w) {
		wrap(&b, l, "", "")
	}
	return b.String()
}

func (p Part) text(b *strings.Builder, w *words) {
	switch {
	case p.Table != nil:
		p.Table.text(b)
	case p.Payment != nil:
		pairs(b, p.Payment, w)
	}
	for _, l := range p.Paragraph {
		wrap(b, plain(l), "", "")
	}
	for _, l := range p.Bullets {
		wrap(b, plain(l), "- ", "  ")
	}
	for _, l := range p.Signature {
		wrap(b, plain(l), "", "")
	}
}

// wrap writes text in lines of textWidth; only ordinary spaces break.
func wrap(b *strings.Builder, text, head, tail string) {
	at := head
	empty := true
	for word := range strings.SplitSeq(text, " ") {
		switch {
		case empty:
			at += word
		case width(at)+1+width(word) > textWidth:
			b.WriteString(at + "\n")
			at = tail + word
		default:
			at += " " + word
		}
		empty = false
	}
	b.WriteString(at + "\n")
}

func width(s string) int { return utf8.RuneCountInString(s) }

func pairs(b *strings.Builder, list []Pair, w *words) {
	widest := 0
	for _, p := range list {
		widest = max(widest, width(p.Label))
	}
	for _, p := range list {
		b.WriteString("  " + p.Label + pad(p.Label, widest) + w.colon + p.Value + "\n")
	}
}

func pad(s string, to int) string { return strings.Repeat(" ", max(0, to-width(s))) }

// text is the table in columns, or one invoice after another where the columns
// would be too wide.
func (t *Table) text(b *strings.Builder) {
	rows := t.cells()
	widths, total := t.columns(rows)
	if total > textWidth {
		t.stacked(b)
		return
	}
	for i, cells := range rows {
		if i == 1 || i == len(t.Rows)+1 {
			b.WriteString("  " + strings.Repeat("-", total-2) + "\n")
		}
		if i > len(t.Rows) {
			b.WriteString("  " + cells[0] + pad(cells[0]+cells[3], total-2) + cells[3] + "\n")
			continue
		}
		b.WriteString("  ")
		for j, cell := range cells[:3] {
			b.WriteString(cell + pad(cell, widths[j]) + "  ")
		}
		b.WriteString(pad(cells[3], widths[3]) + cells[3] + "\n")
	}
}

// cells are the heads, the rows and the totals in four columns. Where all is
// overdue the third needs no more than a number of days.
func (t *Table) cells() [][4]string {
	overdue := !slices.ContainsFunc(t.Rows, func(r Row) bool { return !r.Overdue && r.Due != "" })
	rows := [][4]string{{t.Invoice, t.Due, "", t.Amount}}
	if overdue {
		rows[0][2] = t.Late
	}
	for _, r := range t.Rows {
		late := r.Late
		if overdue {
			late = r.Days
		}
		rows = append(rows, [4]string{r.Number, r.Due, late, r.amount()})
	}
	for _, total := range t.Foot {
		rows = append(rows, [4]string{total.Label, "", "", total.Amount})
	}
	return rows
}

// amount is what a row asks for, and of how much.
func (r Row) amount() string {
	if r.Of == "" {
		return r.Amount
	}
	return r.Amount + " (" + r.Of + ")"
}

// columns is how wide each column is, and all of them with their gaps; what
// stands under the table may spread over the first three.
func (t *Table) columns(rows [][4]string) ([4]int, int) {
	var widths [4]int
	for i, cells := range rows {
		for j, cell := range cells {
			if i <= len(t.Rows) || j == 3 {
				widths[j] = max(widths[j], width(cell))
			}
		}
	}
	total := 2 + widths[0] + 2 + widths[1] + 2 + widths[2] + 2 + widths[3]
	for _, foot := range t.Foot {
		total = max(total, 2+width(foot.Label)+2+width(foot.Amount))
	}
	return widths, total
}

func (t *Table) stacked(b *strings.Builder) {
	for _, r := range t.Rows {
		wrap(b, strings.Join(filled(r.Number, r.Due, r.Late), ", "), "- ", "  ")
		b.WriteString("  " + t.Amount + " : " + r.amount() + "\n")
	}
	for _, total := range t.Foot {
		b.WriteString("  " + total.Label + " : " + total.Amount + "\n")
	}
}

func filled(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// footer says who writes, as a business letter must (C. com. R123-237).
func (f Facts) footer(w *words) []string {
	c := f.Creditor
	legal := line(c.Legal)
	siren := inThrees(c.SIREN)
	if siren != "" && !strings.Contains(digits(legal), digits(siren)) {
		legal = strings.Join(filled(legal, w.siren+siren), " · ")
	}
	identity := strings.Join(filled(line(c.Name), legal), ", ")
	reach := strings.Join(filled(strings.Join(lines(c.Address), ", "), unbroken(c.Phone), line(c.Website)), " · ")
	return filled(identity, reach)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
