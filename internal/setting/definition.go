// Package setting holds settings that describe themselves: what a creditor may
// decide, in which words it is asked, how it is checked and kept. The form on
// screen, the command line and the manual are all made from the definitions.
package setting

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// Kind is how a setting is written and shown.
type Kind string

// The kinds.
const (
	KindText   Kind = "text"
	KindInt    Kind = "int"
	KindBool   Kind = "bool"
	KindChoice Kind = "choice"
	KindSecret Kind = "secret" // sealed at rest and never shown again
	KindTime   Kind = "time"   // a time of day
	KindAmount Kind = "amount" // in euros
	KindList   Kind = "list"   // one value per line
)

// Group is a part of the settings that is shown on one page.
type Group string

// The groups, in the order in which they are shown.
const (
	GroupDunning Group = "dunning"
	GroupSending Group = "sending"
	GroupMail    Group = "mail"
	GroupPost    Group = "post"
	GroupBooks   Group = "books"
	GroupImport  Group = "import"
	GroupLegal   Group = "legal"
	GroupDossier Group = "dossier"
	GroupCharges Group = "charges"

	GroupLimitation Group = "limitation"
	GroupCalls      Group = "calls"
	GroupEinvoice   Group = "einvoice"
)

// Right is who may change a setting.
type Right string

// The rights. The first two are those of creditor.Rights.
const (
	RightWork   Right = "work"
	RightManage Right = "manage"
	RightHost   Right = "host" // whoever holds the machine: on the command line only
)

// Choice is one answer of a setting that offers a few.
type Choice struct {
	Value string
	Label i18n.Words
}

// Definition is a setting as it describes itself.
type Definition struct {
	Name    string // "run_hour": in the database, on the command line, in the manual
	Group   Group
	Kind    Kind
	Label   i18n.Words
	Help    i18n.Words
	Unit    i18n.Words // after the value: "jours"; may be empty
	Default string     // in stored form; empty for a secret
	Choices []Choice   // of KindChoice; of KindText, values to suggest
	Right   Right
	Long    bool // of several lines

	read func(text string) (stored string, err error) // from what a person writes
}

// Store turns what a person wrote into the form that is kept, or says with a
// fault.Invalid about this setting what is wrong with it. Several faults are
// joined.
func (d Definition) Store(text string) (string, error) {
	stored, err := d.read(strings.TrimSpace(text))
	if err == nil {
		return stored, nil
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		named := *f
		named.Field = d.Name
		return "", &named
	}
	return "", &fault.Invalid{Field: d.Name, Message: err.Error()}
}

// Key is a definition whose value has a type of its own.
type Key[T any] struct {
	Definition
	parse func(stored string) (T, error)
}

// In is the value among v, or the default where the creditor has said nothing.
func (k Key[T]) In(v Values) T {
	value, err := k.parse(v.Text(k.Definition))
	if err != nil { // Load has refused this already: only a Values made by hand comes here
		value, _ = k.parse(k.Default)
	}
	return value
}

// key makes a typed definition: parse reads the stored form, read what a person
// writes. Without read, a person writes the stored form.
func key[T any](d Definition, parse func(string) (T, error), read func(string) (string, error)) Key[T] {
	if d.Right == "" {
		d.Right = RightManage
	}
	d.read = read
	if read == nil {
		d.read = func(text string) (string, error) {
			_, err := parse(text)
			return text, err
		}
	}
	return Key[T]{Definition: d, parse: parse}
}

// Registry is the settings that a program knows, in the order in which they
// are shown.
type Registry []Definition

// Find is the definition of a name, or a fault.Invalid that suggests another.
func (r Registry) Find(name string) (Definition, error) {
	i := slices.IndexFunc(r, func(d Definition) bool { return d.Name == name })
	if i >= 0 {
		return r[i], nil
	}
	return Definition{}, &fault.Invalid{
		Field: name, Message: fmt.Sprintf("réglage « %s » inconnu", name),
		Mend: "les réglages : " + strings.Join(r.names(), ", "),
	}
}

func (r Registry) names() []string {
	names := make([]string, len(r))
	for i, d := range r {
		names[i] = d.Name
	}
	return names
}

// In keeps the definitions of a group.
func (r Registry) In(g Group) Registry {
	return slices.DeleteFunc(slices.Clone(r), func(d Definition) bool { return d.Group != g })
}

// Groups are the groups that have settings, in the order of their first.
func (r Registry) Groups() []Group {
	var groups []Group
	for _, d := range r {
		if !slices.Contains(groups, d.Group) {
			groups = append(groups, d.Group)
		}
	}
	return groups
}
