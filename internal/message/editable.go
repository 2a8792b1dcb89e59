package message

import "strings"

// Editable is a rendered message as a person may change it for its one reader:
// the words as they are read, and tables, bank details and signature as the
// variables that stand for them. As a template it gives the same message again.
func (r Rendered) Editable() (subject, body string) {
	var parts []string
	for _, p := range r.Parts {
		parts = append(parts, p.editable())
	}
	return literal(r.Subject), strings.Join(parts, "\n\n")
}

func (p Part) editable() string {
	switch {
	case p.Block != "":
		return "{{" + p.Block + "}}"
	case p.Bullets != nil:
		return written(p.Bullets, "- ")
	}
	return written(p.Paragraph, "")
}

func written(lines [][]Span, before string) string {
	list := make([]string, len(lines))
	for i, spans := range lines {
		var b strings.Builder
		for _, s := range spans {
			if s.Strong {
				b.WriteString(`{{strong "` + strings.NewReplacer(`\`, "/", `"`, "”").Replace(literal(s.Text)) + `"}}`)
				continue
			}
			b.WriteString(literal(s.Text))
		}
		list[i] = before + b.String()
	}
	return strings.Join(list, "\n")
}

// literal is s without anything that a template would read as a variable.
func literal(s string) string {
	return strings.NewReplacer("{{", "{\u200b{", "}}", "}\u200b}").Replace(s)
}
