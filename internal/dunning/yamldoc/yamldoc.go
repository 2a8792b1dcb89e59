// Package yamldoc reads a YAML document strictly: every key must be known, every
// value must be of its kind, and all that is wrong is collected with its line
// and column, in French. Numbers stay the text that was written, so that no
// amount ever passes through a float.
package yamldoc

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"acquit/internal/fault"
)

const (
	// maxSize bounds a document: a policy has a few dozen lines and a scenario
	// test a few hundred; beyond this it is another kind of file.
	maxSize = 1 << 20
	// maxNesting bounds brackets within brackets; ours are four deep at most.
	maxNesting = 40
	// maxFaults bounds what is listed: a person mends a few and tries again.
	maxFaults = 50
)

// Doc is a document being read. It collects the faults of its nodes.
type Doc struct {
	file   string
	lines  []string
	body   ast.Node
	faults []*fault.Invalid
}

// Parse reads the syntax of src, which came from file (its name for messages;
// may be empty). What is wrong is told by Err.
func Parse(file string, src []byte) *Doc {
	d := &Doc{file: file}
	if !d.readable(src) {
		return d
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	d.lines = strings.Split(text, "\n")
	f, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return d
	}
	for _, doc := range f.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case d.body != nil:
			line := doc.Body.GetToken().Position.Line
			d.add(line, 1, "le fichier contient plusieurs documents", "un seul par fichier")
			return d
		default:
			d.body = doc.Body
		}
	}
	if d.body == nil {
		d.add(1, 1, "le document est vide", "")
	}
	return d
}

// readable refuses what no parser should be given.
func (d *Doc) readable(src []byte) bool {
	switch {
	case len(src) > maxSize:
		d.add(1, 1, fmt.Sprintf("le document dépasse %d ko", maxSize>>10), "")
	case !utf8.Valid(src):
		d.add(1, 1, "le document n’est pas en UTF-8", "enregistrez-le dans cet encodage")
	case nesting(src) > maxNesting:
		d.add(1, 1, "trop de crochets ou d’accolades imbriqués", "")
	default:
		return true
	}
	return false
}

// nesting is the depth of brackets and of dashes at the start of a line, which
// nest too ("- - - x"). Brackets in texts count: it is a bound, not a grammar.
func nesting(src []byte) int {
	depth, deepest := 0, 0
	for line := range strings.Lines(string(src)) {
		lead := line[:len(line)-len(strings.TrimLeft(line, "-?: "))]
		deepest = max(deepest, strings.Count(lead, "- ")+strings.Count(lead, "? "))
		for i := range len(line) {
			switch line[i] {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
			deepest = max(deepest, depth)
		}
	}
	return deepest
}

// syntax records what the parser did not understand, at its place.
func (d *Doc) syntax(err error) {
	var wrong *yaml.SyntaxError
	if errors.As(err, &wrong) && wrong.Token != nil {
		p := wrong.Token.Position
		d.add(p.Line, p.Column, inFrench(wrong.Message), "")
		return
	}
	d.add(1, 1, inFrench(err.Error()), "")
}

// add records a fault at a place, counted from 1.
func (d *Doc) add(line, column int, message, mend string) {
	if len(d.faults) == maxFaults {
		return
	}
	line = max(line, 1)
	d.faults = append(d.faults, &fault.Invalid{
		File: d.file, Line: line, Column: max(column, 1), Excerpt: d.excerpt(line),
		Message: Typeset(message), Mend: Typeset(mend),
	})
}

// maxExcerpt bounds what is kept of a line, in bytes: beyond it is no line that a
// person wrote.
const maxExcerpt = 4000

// excerpt is a line of the document, counted from 1.
func (d *Doc) excerpt(line int) string {
	if line > len(d.lines) || len(d.lines[line-1]) > maxExcerpt {
		return ""
	}
	return d.lines[line-1]
}

// Root is the document's own node; the zero Node when its syntax is wrong.
func (d *Doc) Root() Node {
	if d.body == nil {
		return Node{d: d}
	}
	return Node{d: d, n: d.body}
}

// Err is every fault, by line and column, joined: each is a *fault.Invalid. Those
// of another document come last. It is nil when nothing is wrong.
func (d *Doc) Err() error {
	if len(d.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(d.faults, func(a, b *fault.Invalid) int {
		return cmp.Or(strings.Compare(d.other(a), d.other(b)), a.Line-b.Line, a.Column-b.Column)
	})
	all := make([]error, len(d.faults))
	for i, f := range d.faults {
		all[i] = f
	}
	return errors.Join(all...)
}

// other is the file of a fault that is not the document's own.
func (d *Doc) other(f *fault.Invalid) string {
	if f.File == d.file {
		return ""
	}
	return f.File
}

// Faults are the *fault.Invalid in err, in order: those of Err, or the single
// one of another error.
func Faults(err error) []*fault.Invalid {
	if joined, ok := errors.AsType[joinedError](err); ok {
		var all []*fault.Invalid
		for _, e := range joined.Unwrap() {
			all = append(all, Faults(e)...)
		}
		return all
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		return []*fault.Invalid{f}
	}
	return nil
}

// spaces are those of French typography: no-break inside guillemets and before a
// colon, narrow before the other double signs.
var spaces = strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»", " :", "\u00a0:",
	" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", "'", "’")

// Typeset gives a French sentence its no-break spaces and its apostrophes. What
// it quotes is typeset too: it is for sentences, not for documents.
func Typeset(s string) string { return spaces.Replace(s) }

// joinedError is several errors in one, as errors.Join makes it.
type joinedError interface {
	error
	Unwrap() []error
}

// french are the parser's usual complaints, in words that help.
var french = []struct{ english, french string }{
	{"tab character", "une tabulation sert de retrait : en YAML, seules des espaces le peuvent"},
	{"cannot start any token", "une tabulation sert de retrait : en YAML, seules des espaces le peuvent"},
	{"sequence end token", "il manque le crochet fermant « ] »"},
	{"mapping end token", "il manque l’accolade fermante « } »"},
	{"could not find flow map", "il manque une virgule ou l’accolade fermante « } »"},
	{"',' or '}' must be specified", "il manque une virgule ou l’accolade fermante « } » ; entre accolades, une valeur qui contient [ ] { } ou une virgule se met entre guillemets"},
	{"',' or ']' must be specified", "il manque une virgule ou le crochet fermant « ] » ; entre crochets, une valeur qui contient [ ] { } ou une virgule se met entre guillemets"},
	{"end character of double-quoted", "il manque le guillemet fermant"},
	{"end character of single-quoted", "il manque l’apostrophe fermante"},
	{"mapping value is not allowed", "un « : » est de trop ici ; un texte qui en contient se met entre guillemets, et le retrait doit être régulier"},
	{"non-map value is specified", "une clé suivie de « : » est attendue ici"},
	{"unexpected key name", "le nom de clé n’est pas à sa place : voyez le retrait"},
	{"value is not allowed in this context", "cette valeur n’est pas à sa place : voyez le retrait"},
	{"block sequence entries are not allowed", "un tiret n’est pas à sa place ici : voyez le retrait"},
	{"undefined alias", "les ancres et renvois YAML ne sont pas admis"},
}

func inFrench(message string) string {
	for _, f := range french {
		if strings.Contains(message, f.english) {
			return f.french
		}
	}
	first, _, _ := strings.Cut(message, "\n")
	return "ce n’est pas du YAML bien formé : « " + first + " »"
}
