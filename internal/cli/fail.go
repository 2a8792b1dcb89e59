package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// failure is an error as --json prints it.
type failure struct {
	Kind    fault.Kind `json:"kind"`
	Message string     `json:"message"`
	Field   string     `json:"field,omitempty"`
	Mend    string     `json:"mend,omitempty"`
	File    string     `json:"file"`
	Line    int        `json:"line"`
	Column  int        `json:"column"`
	Excerpt string     `json:"excerpt,omitempty"`

	words, pointed string // on one line, and the excerpt with a mark, for people
}

// MarshalJSON writes null for what is not known of the place: a program reads
// the same keys from every error.
func (f failure) MarshalJSON() ([]byte, error) {
	type plain failure
	return marshal(struct {
		plain
		File   *string `json:"file"`
		Line   *int    `json:"line"`
		Column *int    `json:"column"`
	}{plain(f), unlessZero(f.File), unlessZero(f.Line), unlessZero(f.Column)})
}

// tell prints an error: where, what, and how to mend it. With --json it is one
// line, so that whoever reads a log finds it.
func (p *Program) tell(err error) {
	list := p.failures(err)
	if !p.json {
		for _, one := range list {
			fmt.Fprintln(p.Err, p.say("acquit : ", "acquit: ")+one.words)
			fmt.Fprint(p.Err, indented(one.pointed))
		}
		return
	}
	out := map[string]any{"error": list[0]}
	if len(list) > 1 {
		out["errors"] = list
	}
	e := json.NewEncoder(p.Err)
	e.SetEscapeHTML(false)
	_ = e.Encode(out) // nobody is left to be told
}

// failures are what tell says, in the form of --json.
func (p *Program) failures(err error) []failure {
	var list []failure
	for _, one := range faults(err) {
		f := failure{Kind: fault.KindOf(one), Message: p.words(one), words: p.words(one)}
		if v, ok := errors.AsType[*fault.Invalid](one); ok {
			v = here(v)
			f = failure{
				f.Kind, spacedIn(p.lang, v.Message), v.Field, v.Mend, v.File, v.Line, v.Column, v.Excerpt,
				f.words, v.Pointed(),
			}
		}
		list = append(list, f)
	}
	return list
}

// unlessZero is v, or null where there is none.
func unlessZero[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// faults takes apart what errors.Join has put together, where each part is a
// fault that a person can mend. Several causes of one failure stay one.
func faults(err error) []error {
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err)
	if !ok {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		if fault.KindOf(one) == fault.KindInternal {
			return []error{err}
		}
		list = append(list, faults(one)...)
	}
	return list
}

// file is what the system says of a file, in words.
func (p *Program) file(field, path string, err error) error {
	why := err.Error()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = p.say("introuvable", "not found")
	case errors.Is(err, fs.ErrPermission):
		why = p.say("accès refusé", "access denied")
	case errors.Is(err, syscall.ENOTDIR):
		why = p.say("ce n’est pas un dossier", "not a folder")
	case errors.Is(err, syscall.EISDIR):
		why = p.say("c’est un dossier", "it is a folder")
	case errors.Is(err, fs.ErrExist):
		why = p.say("existe déjà", "exists already")
	}
	return &fault.Invalid{Field: field, File: path, Message: why}
}

// words are what a person needs to know of an error: of a fault, without the
// steps that led to it.
func (p *Program) words(err error) string {
	var text string
	if v, ok := errors.AsType[*fault.Invalid](err); ok {
		text = here(v).Error()
	} else if v, ok := errors.AsType[*fault.Conflict](err); ok {
		text = v.Message
	} else if v, ok := errors.AsType[*fault.Denied](err); ok {
		text = v.Message
	} else if v, ok := errors.AsType[*fault.Unavailable](err); ok {
		text = v.Error()
	} else if errors.Is(err, fault.ErrNotFound) {
		text = err.Error()
	} else if errors.Is(err, context.Canceled) {
		return p.say("interrompu : ce qui était fait est gardé", "interrupted: what was done is kept")
	} else {
		text = p.say("erreur interne : ", "internal error: ") + err.Error()
	}
	if rest, ok := strings.CutSuffix(text, " : "+fault.ErrNotFound.Error()); ok && p.lang == i18n.EN {
		text = rest + ": not found"
	}
	return spacedIn(p.lang, text)
}

// here is a fault with the command that mends it, where its words send people to
// the page of the settings.
func here(v *fault.Invalid) *fault.Invalid {
	if _, err := setting.All().Find(v.Field); err != nil || !strings.HasPrefix(v.Mend, "Réglages") {
		return v
	}
	said := *v
	said.Mend = "acquit setting set " + v.Field + "=…"
	return &said
}

// usage puts what the parser of flags says into our words.
func (p *Program) usage(c *cli.Command, err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		if at, word := p.misnamed(c.Root()); word != "" {
			return p.unknown(at, word)
		}
		mend := ""
		if near := cli.SuggestFlag(append(c.Flags, c.Root().Flags...), name, true); near != "" {
			mend = p.say("peut-être ", "perhaps ") + near
		}
		return wrong(name, fmt.Sprintf(p.say("option inconnue : --%s", "unknown flag: --%s"),
			strings.TrimLeft(name, "-")), mend)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		name = strings.TrimLeft(name, "-")
		return wrong(name, fmt.Sprintf(p.say("--%s attend une valeur", "--%s needs a value"), name), "")
	}
	if rest, ok := strings.CutPrefix(text, "invalid value "); ok {
		value, rest, _ := strings.Cut(rest, " for flag -")
		name, _, _ := strings.Cut(rest, ":")
		return wrong(name, fmt.Sprintf(p.say("--%s ne peut pas valoir %s", "--%s cannot be %s"), name, value), "")
	}
	return usage(err)
}

// misnamed is the word of the call that names no command, and where one is
// expected: flags after it are not understood only because of it.
func (p *Program) misnamed(root *cli.Command) (at *cli.Command, word string) {
	at = root
	for i := 1; i < len(p.args); i++ {
		a := p.args[i]
		if strings.HasPrefix(a, "-") {
			if takesValue(root, strings.TrimLeft(a, "-")) {
				i++
			}
			continue
		}
		sub := at.Command(a)
		if sub == nil {
			return at, a
		}
		if at = sub; len(at.Commands) == 0 {
			return nil, ""
		}
	}
	return nil, ""
}

// takesValue is whether the word after a flag of a command belongs to it.
func takesValue(c *cli.Command, name string) bool {
	for _, f := range c.Flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok && slices.Contains(f.Names(), name) {
			return doc.TakesValue()
		}
	}
	return false
}

// unknown is a verb that there is not.
func (p *Program) unknown(c *cli.Command, name string) error {
	message := fmt.Sprintf(p.say("commande inconnue : %s", "unknown command: %s"), name)
	mend := c.FullName() + " --help"
	if near := cli.SuggestCommand(c.Commands, name); near != "" && near[0] == name[0] && near != "h" {
		mend = fmt.Sprintf(p.say("peut-être %s ; sinon %s", "perhaps %s; else %s"), near, mend)
	}
	return wrong("", message, mend)
}
