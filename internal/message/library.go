package message

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"acquit/internal/fault"
)

//go:embed templates
var shipped embed.FS

// Library is the templates that a creditor may use: those that come with the
// program, and her own before them. It does not change; With makes another.
type Library struct {
	entries []entry // later ones win
}

type entry struct {
	doc      Document
	template *Template // nil when err says why it may not be used
	err      error
	own      bool
}

// Variant is one template of a library, for a list.
type Variant struct {
	Document
	Own bool  // the creditor's, not one that came with the program
	Err error // why it may not be used, if it may not
}

// Shipped is the templates that come with the program.
func Shipped() (*Library, error) {
	files, err := fs.Glob(shipped, "templates/*/*.txt")
	if err != nil {
		return nil, err
	}
	l := &Library{}
	var wrong []error
	for _, file := range files {
		source, err := shipped.ReadFile(file)
		if err != nil {
			return nil, err
		}
		doc, err := Read(path.Base(file), string(source))
		if err == nil {
			err = l.add(doc, false)
		}
		wrong = append(wrong, inFile(err, file))
	}
	return l, errors.Join(wrong...)
}

// inFile adds the name of the file to an error that has none.
func inFile(err error, file string) error {
	if f, ok := errors.AsType[*fault.Invalid](err); ok && f.File == "" {
		named := *f
		named.File = file
		return &named
	}
	return err
}

// With is the library with a creditor's own templates, which take the place of
// those of the same name, language and audience and tone. One that is wrong
// stays in the list with its error and stops only the messages that would have
// used it: nothing is put in its place unasked.
func (l *Library) With(own ...Document) *Library {
	next := &Library{entries: slices.Clone(l.entries)}
	for _, d := range own {
		if err := next.add(d, true); err != nil {
			continue // kept beside the document, where Find meets it
		}
	}
	return next
}

func (l *Library) add(d Document, own bool) error {
	t, err := Compile(d)
	if len(d.Audiences) == 0 {
		d.Audiences = slices.Clone(audiences)
	}
	if t != nil {
		t.Audiences = d.Audiences
	}
	l.entries = append(l.entries, entry{doc: d, template: t, err: err, own: own})
	return err
}

// List is every variant, as first added.
func (l *Library) List() []Variant {
	out := make([]Variant, len(l.entries))
	for i, e := range l.entries {
		out[i] = Variant{Document: e.doc, Own: e.own, Err: e.err}
	}
	return out
}

// Find is the template of a name for a tone, a language and a kind of
// customer. Where there is no such tone the nearest gentler one is taken, else
// the nearest firmer; where the language is missing, English and then French.
// Warnings, in French, say so. An audience is never replaced by another: the
// law differs.
func (l *Library) Find(name string, tone Tone, language string, to Audience) (*Template, []string, error) {
	named := filter(l.entries, func(e entry) bool { return e.doc.Name == name })
	if len(named) == 0 {
		return nil, nil, &fault.Invalid{
			Field:   "template",
			Message: fmt.Sprintf("le modèle « %s » n’existe pas", cut(name, maxName)),
			Mend:    suggest(name, l.names(), "voyez la liste des modèles"),
		}
	}
	fit := filter(named, func(e entry) bool { return slices.Contains(e.doc.Audiences, to) })
	if len(fit) == 0 {
		return nil, nil, fault.Invalidf(
			"template", "le modèle « %s » n’a pas de variante pour %s", name, audienceWords[to],
		)
	}
	var warnings []string
	language = base(language)
	spoken := fallbackLanguage(fit, language)
	if spoken != language {
		warnings = append(warnings, fmt.Sprintf(
			"le modèle « %s » n’existe pas en « %s » : il est rédigé en « %s »", name, language, spoken,
		))
	}
	fit = filter(fit, func(e entry) bool { return e.doc.Language == spoken })
	best := nearestTone(fit, tone)
	if best.doc.Tone != tone {
		warnings = append(warnings, fmt.Sprintf(
			"le modèle « %s » n’a pas le ton « %s » : le ton « %s » est pris", name, tone, best.doc.Tone,
		))
	}
	if best.err != nil {
		return nil, nil, fmt.Errorf("modèle « %s » (%s, %s) : %w", name, best.doc.Tone, spoken, best.err)
	}
	return best.template, warnings, nil
}

// Render writes the message of f from the template of a name in a tone. The
// language is that of the facts.
func (l *Library) Render(f Facts, name string, tone Tone) (Rendered, error) {
	t, warnings, err := l.Find(name, tone, f.Language, f.Customer.Kind)
	if err != nil {
		return Rendered{}, err
	}
	out, err := t.Render(f)
	out.Warnings = append(warnings, out.Warnings...)
	return out, err
}

func (l *Library) names() []string {
	var out []string
	for _, e := range l.entries {
		if !slices.Contains(out, e.doc.Name) {
			out = append(out, e.doc.Name)
		}
	}
	return out
}

func filter(list []entry, keep func(entry) bool) []entry {
	var out []entry
	for _, e := range list {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

// base is a language without its country; nothing is French.
func base(language string) string {
	before, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(language), "_", "-"), "-")
	return first(before, french.lang)
}

func fallbackLanguage(list []entry, language string) string {
	for _, l := range []string{language, english.lang, french.lang} {
		if slices.ContainsFunc(list, func(e entry) bool { return e.doc.Language == l }) {
			return l
		}
	}
	return list[0].doc.Language
}

// nearestTone is the entry of a tone, else of the nearest gentler, else of the
// nearest firmer; the last added of equals.
func nearestTone(list []entry, tone Tone) entry {
	wish := slices.Index(tones, tone)
	best, bestCost := list[0], len(tones)*2+1
	for _, e := range list {
		cost := wish - slices.Index(tones, e.doc.Tone)
		if cost < 0 {
			cost = len(tones) - cost // firmer only where nothing gentler is
		}
		if cost <= bestCost {
			best, bestCost = e, cost
		}
	}
	return best
}
