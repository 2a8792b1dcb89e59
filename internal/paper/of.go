package paper

import (
	"strings"

	"acquit/internal/letter"
	"acquit/internal/message"
)

// Of is a rendered message as a letter under a head. The message says itself what the
// head would say below.
func Of(head letter.Letter, r message.Rendered) letter.Letter {
	l := head
	l.Below = nil
	l.Subject, l.Title = r.Subject, r.Subject
	for _, p := range r.Parts {
		l.Body = append(l.Body, block(l, p))
	}
	return l
}

func block(l letter.Letter, p message.Part) letter.Block {
	switch {
	case p.Paragraph != nil:
		return letter.Block{Paragraph: texts(p.Paragraph)}
	case p.Bullets != nil:
		return letter.Block{Bullets: texts(p.Bullets)}
	case p.Table != nil:
		return letter.Block{Table: invoices(p.Table)}
	case p.Payment != nil:
		return pay(l.Language, pairs(p.Payment), p.Transfer)
	}
	s := &letter.Signature{}
	for _, line := range p.Signature {
		var text strings.Builder
		for _, span := range line {
			text.WriteString(span.Text)
		}
		s.Lines = append(s.Lines, text.String())
	}
	return letter.Block{Signature: s}
}

func texts(lines [][]message.Span) [][]letter.Span {
	out := make([][]letter.Span, len(lines))
	for i, line := range lines {
		for _, s := range line {
			out[i] = append(out[i], letter.Span{Text: s.Text, Strong: s.Strong})
		}
	}
	return out
}

func pairs(list []message.Pair) []letter.Pair {
	out := make([]letter.Pair, len(list))
	for i, p := range list {
		out[i] = letter.Pair(p)
	}
	return out
}

// invoices is the table of a message.
func invoices(t *message.Table) *letter.Table {
	out := &letter.Table{Columns: []letter.Column{
		{Head: t.Invoice, Weight: 3},
		{Head: t.Due, Weight: 2},
		{Head: t.Late, Weight: 2},
		{Head: t.Amount, Right: true},
	}}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, []string{below(r.Number, r.Note), r.Due, r.Days, below(r.Amount, r.Of)})
	}
	for _, f := range t.Foot {
		out.Foot = append(out.Foot, letter.Foot{Label: f.Label, Value: f.Amount, Strong: f.Strong})
	}
	return out
}

// below is a text with a note on the line under it.
func below(text, note string) string { return join("\n", text, note) }
