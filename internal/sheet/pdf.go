package sheet

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// The page, in millimetres and points: A4 on its side, as a table is wide.
const (
	pageMargin = 12.0
	lineHeight = 5.0
	cellGap    = 1.5
	textSize   = 8.0
	noteSize   = 11.0
	// measured rows tell how wide a column is; further ones are cut to it.
	measured = 2000
)

// WritePDF writes sheets to be read on paper: the headings on every page, amounts
// in line, pages counted. lang is "fr" or else English; at is the instant that
// the document bears, so that the same table gives the same bytes. Its letters
// are those of Western Europe (Windows-1252); others show as a dot.
func WritePDF(w io.Writer, lang string, at time.Time, sheets ...Sheet) error {
	f := fpdf.New("L", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(at)
	f.SetModificationDate(at)
	f.SetMargins(pageMargin, pageMargin, pageMargin)
	f.SetAutoPageBreak(true, pageMargin+lineHeight)
	f.AliasNbPages("")
	f.SetFooterFunc(func() {
		f.SetY(-pageMargin - lineHeight/2)
		f.SetFont("Helvetica", "", textSize)
		f.CellFormat(0, lineHeight, fmt.Sprintf("%d / {nb}", f.PageNo()), "", 0, "R", false, 0, "")
	})
	for _, s := range sheets {
		p := paper{f: f, encode: f.UnicodeTranslatorFromDescriptor(""), lang: lang, s: s}
		p.write()
	}
	return f.Output(w)
}

// paper is a sheet on its way to paper.
type paper struct {
	f      *fpdf.Fpdf
	encode func(string) string
	lang   string
	s      Sheet
	widths []float64
	right  []bool // amounts and numbers
	whole  []bool // those and days: never cut
}

func (p *paper) write() {
	p.f.SetFont("Helvetica", "", textSize)
	p.measure()
	first := p.f.PageNo() + 1 // a sheet begins with its notes
	p.f.SetHeaderFunc(func() {
		if p.f.PageNo() > first {
			p.head()
		}
	})
	p.f.AddPage()
	for i, n := range p.s.Notes {
		style := ""
		if i == 0 {
			style = "B"
		}
		p.f.SetFont("Helvetica", style, noteSize)
		p.f.CellFormat(0, lineHeight+1, p.text(n), "", 1, "L", false, 0, "")
	}
	p.f.Ln(lineHeight / 2)
	p.head()
	p.f.SetFont("Helvetica", "", textSize)
	for _, row := range p.s.Rows {
		p.line(row, "")
	}
	p.f.SetFont("Helvetica", "B", textSize)
	for _, row := range p.s.Totals {
		p.line(row, "T")
	}
}

func (p *paper) head() {
	p.f.SetFont("Helvetica", "B", textSize)
	cells := make([]any, len(p.s.Columns))
	for i, c := range p.s.Columns {
		cells[i] = c
	}
	p.line(cells, "B")
	p.f.SetFont("Helvetica", "", textSize)
}

func (p *paper) line(row []any, border string) {
	for i, v := range row {
		if i == len(p.widths) {
			break
		}
		align := "L"
		if p.right[i] {
			align = "R"
		}
		p.f.CellFormat(p.widths[i], lineHeight, p.cut(p.text(v), p.widths[i]-cellGap), border, 0, align, false, 0, "")
	}
	p.f.Ln(-1)
}

// cut shortens a text that its column cannot hold.
func (p *paper) cut(s string, width float64) string {
	if p.f.GetStringWidth(s) <= width {
		return s
	}
	const ellipsis = "\x85" // in Windows-1252, one byte a letter
	for len(s) > 0 && p.f.GetStringWidth(s+ellipsis) > width {
		s = s[:len(s)-1]
	}
	return s + ellipsis
}

// measure gives each column the width of what is in it. Where the page cannot
// hold them all, the columns of words give way: an amount or a day is never cut.
func (p *paper) measure() {
	n := len(p.s.Columns)
	p.widths, p.right, p.whole = make([]float64, n), make([]bool, n), make([]bool, n)
	p.f.SetFont("Helvetica", "B", textSize)
	for i, c := range p.s.Columns {
		p.widths[i] = p.f.GetStringWidth(p.text(c))
	}
	for _, rows := range [][][]any{p.s.Rows[:min(len(p.s.Rows), measured)], p.s.Totals} {
		for _, row := range rows {
			for i, v := range row[:min(len(row), len(p.widths))] {
				p.widths[i] = max(p.widths[i], p.f.GetStringWidth(p.text(v)))
				_, isDay := v.(cal.Date)
				p.right[i] = p.right[i] || isNumber(v)
				p.whole[i] = p.whole[i] || p.right[i] || isDay
			}
		}
	}
	p.fit()
}

// fit narrows the columns of words to the page.
func (p *paper) fit() {
	page, _ := p.f.GetPageSize()
	words, room := 0.0, page-2*pageMargin
	for i := range p.widths {
		p.widths[i] += 2 * cellGap
		if p.whole[i] {
			room -= p.widths[i]
		} else {
			words += p.widths[i]
		}
	}
	for i := range p.widths {
		if !p.whole[i] && words > room {
			p.widths[i] *= max(room, 0) / words
		}
	}
}

func isNumber(v any) bool {
	switch v.(type) {
	case money.Amount, int:
		return true
	}
	return false
}

// narrow spaces are not in Windows-1252.
var narrow = strings.NewReplacer("\u202f", "\u00a0", "\u2009", "\u00a0", "−", "-")

// text is a value as people read it, in the letters of the font.
func (p *paper) text(v any) string {
	var s string
	switch v := v.(type) {
	case nil:
	case money.Amount:
		s = v.Number(p.lang)
	case cal.Date:
		if !v.IsZero() {
			s = v.Short(p.lang)
		}
	default:
		s = fmt.Sprint(v)
	}
	return p.encode(narrow.Replace(s))
}
