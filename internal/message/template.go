package message

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"acquit/internal/fault"
)

// Template is a document that passed its checks and can be rendered, by
// several goroutines at once.
type Template struct {
	Document

	words   *words
	subject *template.Template
	body    *template.Template
}

// Compile checks a document against the catalogue. Errors are fault.Invalid
// with line and column in the document; in a document that was not read from
// a text, subject and body each begin at line 1.
func Compile(d Document) (*Template, error) {
	d.Body = unixLines(d.Body)
	if len(d.Subject)+len(d.Body) > maxSource {
		return nil, tooLong()
	}
	if d.subjectAt.line == 0 {
		d.subjectAt, d.bodyAt = place{1, 1}, place{1, 1}
	}
	if strings.Contains(d.Subject, "\n") || utf8.RuneCountInString(d.Subject) > maxText {
		return nil, &fault.Invalid{
			Field: "subject", Line: d.subjectAt.line, Column: d.subjectAt.column,
			Message: fmt.Sprintf("l’objet dépasse une ligne ou %d caractères", maxText),
		}
	}
	t := &Template{Document: d, words: speak(d.Language)}
	var err error
	if t.subject, err = t.compile(d.Subject, d.subjectAt, true); err != nil {
		return nil, about("subject", err)
	}
	if t.body, err = t.compile(d.Body, d.bodyAt, false); err != nil {
		return nil, about("body", err)
	}
	return t, nil
}

// about names the part of a document that an error is in.
func about(field string, err error) error {
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		named := *f
		named.Field = field
		return &named
	}
	return err
}

func (t *Template) compile(text string, at place, subject bool) (*template.Template, error) {
	if err := visible(text, at); err != nil {
		return nil, err
	}
	tree, err := parseText(text, t.Language, at, subject)
	if err != nil {
		return nil, err
	}
	return t.executable(tree)
}

func (t *Template) executable(tree *parse.Tree) (*template.Template, error) {
	return template.New(t.Name).Option("missingkey=error").Funcs(t.words.funcs()).AddParseTree(t.Name, tree)
}

// funcs are the functions of the catalogue in one language; the comparisons
// are the standard library's own.
func (w *words) funcs() template.FuncMap {
	return template.FuncMap{
		"plural":  w.plural,
		"count":   func(list []item) int { return size(list) },
		"spell":   func(n any) string { return w.spell(size(n)) },
		"numbers": w.numbersOf,
		"dates":   func(list []item) string { return w.dates(days(list)) },
		"strong":  func(s string) string { return strongOn + s + strongOff },
	}
}

func (w *words) plural(n any, one, many string) string {
	if w.one(size(n)) {
		return one
	}
	return many
}

// size is how many a number or a list stands for.
func size(n any) int {
	switch n := n.(type) {
	case int:
		return n
	case []item:
		if len(n) > 0 {
			if all, ok := n[0][hiddenSize].(int); ok {
				return all
			}
		}
		return len(n)
	}
	return 0
}

// maxNumbers is how many invoice numbers a sentence can hold.
const maxNumbers = 3

// numbersOf is « F1, F2 et F3 », or « F1, F2 et 4 autres ».
func (w *words) numbersOf(list []item) string {
	var out []string
	for _, i := range list {
		if all := size(list); len(out) == maxNumbers-1 && all > maxNumbers {
			out = append(out, w.more(all-len(out)))
			break
		}
		number, _ := i["number"].(string)
		out = append(out, number)
	}
	return w.list(out)
}

func (w *words) more(n int) string {
	if w.lang == french.lang {
		return w.spell(n) + " autres"
	}
	return w.spell(n) + " others"
}

// maxOutput bounds what a template writes, in bytes: no message is longer.
const maxOutput = 256 << 10

// limited is a text that may not grow beyond maxOutput.
type limited struct{ strings.Builder }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxOutput {
		return 0, fault.Invalidf("template", "le message dépasse %d ko", maxOutput>>10)
	}
	return l.Builder.Write(p)
}

func (t *Template) execute(part *template.Template, v item) (string, error) {
	var out limited
	if err := part.Execute(&out, v); err != nil {
		return "", fmt.Errorf("modèle %s (%s) : %w", t.Name, t.Language, err)
	}
	return out.String(), nil
}

// Speaks tells whether the template may be used for a kind of customer.
func (t *Template) Speaks(to Audience) bool { return slices.Contains(t.Audiences, to) }
