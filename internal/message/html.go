package message

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed layout.html
var layoutSource string

// layout is the page around the words. It has no image, no button and nothing
// that reports an opening; its widths hold from 320 to 600 pixels. Outlook
// for Windows knows no max-width and is given a table of its own.
var layout = template.Must(template.New("layout").Funcs(template.FuncMap{
	"link": link,
	"outlookOpen": func() template.HTML {
		return `<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->`
	},
	"outlookClose": func() template.HTML { return `<!--[if mso]></td></tr></table><![endif]-->` },
}).Parse(layoutSource))

// link lets telephone numbers through, which the escaper does not know; the
// rest stays under its rules.
func link(s string) any {
	if strings.HasPrefix(s, "tel:") && s == telephone(s) {
		return template.URL(s)
	}
	return s
}

// html lays the parts out as a page.
func (f Facts) html(r Rendered, w *words) (string, error) {
	var out limited
	err := layout.Execute(&out, struct {
		Language, Subject, Creditor string
		Parts                       []Part
		Footer                      []string
	}{w.lang, r.Subject, line(f.Creditor.Name), r.Parts, f.footer(w)})
	return out.String(), err
}
