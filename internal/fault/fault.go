// Package fault says what can go wrong for a person: a few kinds that callers
// decide by, and the words to show. An error that is none of these is ours to
// mend: it is logged with its chain and shown as an internal error with a
// reference.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrNotFound is returned, wrapped, when what was asked for does not exist in
// the scope of the one who asks.
var ErrNotFound = errors.New("introuvable")

// Invalid is a wrong value given by a person or found in a file. Field, File,
// Line and Column are filled when they are known; Line and Column count from 1.
type Invalid struct {
	Field   string
	File    string
	Line    int
	Column  int
	Message string // what is wrong, in French, as shown
	Mend    string // how to put it right, in French; may be empty
	Excerpt string // the line of the file as it stands; empty where it was not kept
}

// Error gives the place, what is wrong, and how to mend it, on one line.
func (e *Invalid) Error() string {
	s := e.Message
	if e.Mend != "" {
		s += " (" + e.Mend + ")"
	}
	switch {
	case e.File != "" && e.Line > 0:
		return fmt.Sprintf("%s:%d:%d : %s", e.File, e.Line, e.Column, s)
	case e.Line > 0:
		return fmt.Sprintf("ligne %d, colonne %d : %s", e.Line, e.Column, s)
	case e.File != "":
		return e.File + " : " + s
	}
	return s
}

// window is how many characters of a long line Pointed shows.
const window = 100

// Pointed is the excerpt with a mark under the fault's column, on two lines;
// nothing where there is no excerpt. Of a long line it shows what is around.
func (e *Invalid) Pointed() string {
	row := []rune(strings.ReplaceAll(e.Excerpt, "\t", " "))
	at := e.Column - 1
	if len(row) == 0 || at < 0 || at > len(row) {
		return ""
	}
	from := min(max(at-window/2, 0), max(len(row)-window, 0))
	to := min(from+window, len(row))
	head, tail := "", ""
	if from > 0 {
		head = "…"
	}
	if to < len(row) {
		tail = "…"
	}
	indent := strings.Repeat(" ", at-from+utf8.RuneCountInString(head))
	return head + string(row[from:to]) + tail + "\n" + indent + "^"
}

// Conflict is a wish that was right when it was made and no longer is: the
// thing has changed meanwhile, or exists already.
type Conflict struct{ Message string }

func (e *Conflict) Error() string { return e.Message }

// Denied is a wish that its author has no right to.
type Denied struct{ Message string }

func (e *Denied) Error() string { return e.Message }

// Unavailable is a part outside of us that does not answer: trying again later
// may succeed.
type Unavailable struct {
	Message string
	Err     error
}

func (e *Unavailable) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + " : " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Unavailable) Unwrap() error { return e.Err }

// NotFound is ErrNotFound with the words for what is missing.
func NotFound(format string, args ...any) error {
	return fmt.Errorf("%s : %w", fmt.Sprintf(format, args...), ErrNotFound)
}

// Invalidf is an Invalid about field.
func Invalidf(field, format string, args ...any) error {
	return &Invalid{Field: field, Message: fmt.Sprintf(format, args...)}
}

// Conflictf is a Conflict in words.
func Conflictf(format string, args ...any) error {
	return &Conflict{Message: fmt.Sprintf(format, args...)}
}

// Deniedf is a Denied in words.
func Deniedf(format string, args ...any) error {
	return &Denied{Message: fmt.Sprintf(format, args...)}
}

// Wrap adds context to *err, if there is one; it is meant to be deferred:
//
//	defer fault.Wrap(&err, "load %s", table)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// Kind is what the caller can do about an error; it decides the HTTP status
// and the exit status in one place.
type Kind string

// The kinds, from what a person can mend to what only we can.
const (
	KindNotFound    Kind = "not_found"
	KindInvalid     Kind = "invalid"
	KindConflict    Kind = "conflict"
	KindDenied      Kind = "denied"
	KindUnavailable Kind = "unavailable"
	KindInternal    Kind = "internal"
)

// KindOf is the kind of the first fault in err's chain.
func KindOf(err error) Kind {
	if _, ok := errors.AsType[*Invalid](err); ok {
		return KindInvalid
	}
	if _, ok := errors.AsType[*Conflict](err); ok {
		return KindConflict
	}
	if _, ok := errors.AsType[*Denied](err); ok {
		return KindDenied
	}
	if _, ok := errors.AsType[*Unavailable](err); ok {
		return KindUnavailable
	}
	if errors.Is(err, ErrNotFound) {
		return KindNotFound
	}
	return KindInternal
}
