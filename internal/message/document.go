package message

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/fault"
)

// Tone is how a message speaks.
type Tone string

// The tones, from the gentlest.
const (
	Courteous Tone = "courteous"
	Neutral   Tone = "neutral"
	Firm      Tone = "firm"
	Formal    Tone = "formal"
)

var tones = []Tone{Courteous, Neutral, Firm, Formal}

// Audience is the kind of customer that a template may speak to: the law that
// it may cite depends on it.
type Audience string

// The audiences, which are the kinds of customers.
const (
	Business Audience = "business"
	Consumer Audience = "consumer"
	Public   Audience = "public"
)

var audiences = []Audience{Business, Consumer, Public}

func (a Audience) known() bool { return slices.Contains(audiences, a) }

// Languages are those in which the program itself can speak around a template.
var languages = []string{french.lang, english.lang}

// Document is a template as its author writes it: a head that says when it is
// used, and the words.
//
//	template: relance-1
//	tone: neutral
//	language: fr
//	audience: business, public
//	subject: Facture {{invoice.number}}
//	---
//	{{greeting}},
//	…
type Document struct {
	Name      string
	Tone      Tone
	Language  string
	Audiences []Audience
	Subject   string
	Body      string

	subjectAt, bodyAt place
}

// place is where a part of a document begins, counted from 1.
type place struct{ line, column int }

// Limits of a template: what a person writes is far below.
const (
	maxSource  = 64 << 10 // bytes
	maxActions = 400      // {{…}} in one template
	maxBlocks  = 12       // tables and signatures in one template
	maxName    = 60       // characters of a template's name
)

// String writes the document as Read reads it.
func (d Document) String() string {
	return fmt.Sprintf("template: %s\ntone: %s\nlanguage: %s\naudience: %s\nsubject: %s\n---\n%s",
		d.Name, d.Tone, d.Language, joinAudiences(d.Audiences), d.Subject, d.Body)
}

func joinAudiences(list []Audience) string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = string(a)
	}
	return strings.Join(out, ", ")
}

// Read reads a document; file is its name in errors and may be empty. The
// words are not checked yet: Compile does that. Errors are fault.Invalid with
// line and column.
func Read(file, source string) (Document, error) {
	if len(source) > maxSource {
		return Document{}, inFile(tooLong(), file)
	}
	r := reader{file: file}
	source = unixLines(strings.TrimPrefix(source, "\ufeff"))
	if err := visible(source, place{1, 1}); err != nil {
		return Document{}, inFile(err, file)
	}
	for text := range strings.Lines(source) {
		r.line++
		r.at += len(text)
		text = strings.TrimRight(text, "\n")
		if strings.TrimRight(text, " ") == "---" {
			return r.finish(source[r.at:])
		}
		if err := r.field(text); err != nil {
			return Document{}, err
		}
	}
	return Document{}, r.wrong(max(r.line, 1), 1, "la ligne « --- » qui sépare l’en-tête du texte manque", "")
}

func tooLong() error {
	return &fault.Invalid{
		Line: 1, Column: 1, Message: fmt.Sprintf("le modèle dépasse %d ko", maxSource>>10), Mend: "raccourcissez-le",
	}
}

// reader goes through the head of a document.
type reader struct {
	file string
	line int // the one being read
	at   int // bytes read
	doc  Document
	seen []string
}

func (r *reader) wrong(line, column int, message, mend string) error {
	return &fault.Invalid{File: r.file, Line: line, Column: column, Message: message, Mend: mend}
}

// unixLines takes the line ends of a form or of Windows.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// visible refuses what nobody types: it would hide text, or be taken for the
// marks that the renderer itself sets.
func visible(text string, at place) error {
	for _, c := range text {
		switch {
		case c == '\n':
			at = place{at.line + 1, 1}
			continue
		case c == '\t':
		case c == utf8.RuneError || unicode.IsControl(c) ||
			unicode.In(c, unicode.Bidi_Control, unicode.Co, unicode.Zl, unicode.Zp):
			return &fault.Invalid{
				Line: at.line, Column: at.column,
				Message: fmt.Sprintf("le caractère invisible U+%04X n’est pas admis", c),
				Mend:    "effacez-le et retapez le texte autour",
			}
		}
		at.column++
	}
	return nil
}

var headKeys = []string{"template", "tone", "language", "audience", "subject"}

func (r *reader) field(text string) error {
	if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
		return nil
	}
	key, value, found := strings.Cut(text, ":")
	key = strings.TrimSpace(key)
	if !found || !slices.Contains(headKeys, key) {
		return r.wrong(r.line, 1, fmt.Sprintf("« %s » n’est pas une ligne de l’en-tête", cut(key, 40)),
			suggest(key, headKeys, "les lignes possibles sont : "+strings.Join(headKeys, ", ")))
	}
	if slices.Contains(r.seen, key) {
		return r.wrong(r.line, 1, fmt.Sprintf("« %s » est donné deux fois", key), "gardez une seule des deux lignes")
	}
	r.seen = append(r.seen, key)
	trimmed := strings.TrimSpace(value)
	offset := len(text) - len(value) + strings.Index(value, trimmed)
	return r.set(key, trimmed, utf8.RuneCountInString(text[:offset])+1)
}

func (r *reader) set(key, value string, column int) error {
	switch key {
	case "template":
		if !goodName(value) {
			return r.wrong(
				r.line, column, "le nom du modèle s’écrit en minuscules, chiffres et tirets", "par exemple relance-1",
			)
		}
		r.doc.Name = value
	case "tone":
		r.doc.Tone = Tone(value)
		return r.oneOf(value, names(tones), column)
	case "language":
		r.doc.Language = value
		return r.oneOf(value, languages, column)
	case "audience":
		for item := range strings.SplitSeq(value, ",") {
			item = strings.TrimSpace(item)
			if err := r.oneOf(item, names(audiences), column); err != nil {
				return err
			}
			r.doc.Audiences = append(r.doc.Audiences, Audience(item))
		}
	case "subject":
		r.doc.Subject, r.doc.subjectAt = value, place{r.line, column}
	}
	return nil
}

func (r *reader) oneOf(value string, allowed []string, column int) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return r.wrong(r.line, column, fmt.Sprintf("« %s » n’est pas admis ici", cut(value, 40)),
		suggest(value, allowed, "choisissez parmi : "+strings.Join(allowed, ", ")))
}

func (r *reader) finish(body string) (Document, error) {
	for _, key := range headKeys {
		if key != "audience" && !slices.Contains(r.seen, key) {
			return Document{}, r.wrong(r.line, 1, fmt.Sprintf("la ligne « %s: » manque dans l’en-tête", key), "")
		}
	}
	if len(r.doc.Audiences) == 0 {
		r.doc.Audiences = slices.Clone(audiences)
	}
	r.doc.Body, r.doc.bodyAt = body, place{r.line + 1, 1}
	if strings.TrimSpace(body) == "" {
		return Document{}, r.wrong(r.line+1, 1, "le texte du message est vide", "")
	}
	if strings.TrimSpace(r.doc.Subject) == "" {
		return Document{}, r.wrong(r.doc.subjectAt.line, r.doc.subjectAt.column, "l’objet du message est vide", "")
	}
	return r.doc, nil
}

func goodName(s string) bool {
	if s == "" || len(s) > maxName {
		return false
	}
	return strings.IndexFunc(s, func(c rune) bool {
		return c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}) < 0
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// suggest is « vouliez-vous dire … ? » when a name is near, and otherwise what
// else helps.
func suggest(name string, among []string, otherwise string) string {
	if near := nearest(name, among); near != "" {
		return "vouliez-vous dire « " + near + " » ?"
	}
	return otherwise
}
