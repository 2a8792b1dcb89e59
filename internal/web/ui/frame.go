// Package ui is the look of every page: its frame, its parts, and the files
// that browsers fetch beside it.
package ui

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/i18n"
)

// Section is an entry of the navigation.
type Section string

// The sections, in the order of the navigation.
const (
	SectionToday      Section = "today"
	SectionTasks      Section = "tasks"
	SectionCustomers  Section = "customers"
	SectionAging      Section = "aging"
	SectionCash       Section = "cash"
	SectionBank       Section = "bank"
	SectionEinvoice   Section = "einvoice"
	SectionOutbox     Section = "outbox"
	SectionPost       Section = "post"
	SectionLegal      Section = "legal"
	SectionLimitation Section = "limitation"
	SectionImport     Section = "import"
	SectionScenarios  Section = "scenarios"
	SectionSettings   Section = "settings"
)

// Frame is what surrounds a page: who looks at it, in which language, in whose
// books, and what waits elsewhere.
type Frame struct {
	Lang       i18n.Lang
	Title      string
	Section    Section
	Path       string // of this page with its query, to come back to
	Person     string // who is signed in; empty when nobody is
	Creditor   string // its name
	CreditorID string
	Places     []Place // all that the person may choose
	Counts     map[Section]Count
	Notice     *Notice
	Guest      bool // nobody signs in here: the demonstration
	Zone       *time.Location
	Clock      cal.Date // the day of a clock that can be moved: the demonstration; else no day
}

// Local is an instant as the creditor's wall clock shows it.
func (f Frame) Local(t time.Time) time.Time {
	if f.Zone == nil {
		return t.UTC()
	}
	return t.In(f.Zone)
}

// Place is a creditor that the person may work for.
type Place struct{ ID, Name string }

// Count is how much waits in a section.
type Count struct {
	N    int
	More bool // N is as far as was counted
	Late bool // it needs a person now
}

// Notice is a sentence at the head of a page: what has just been done, or what
// stands in the way.
type Notice struct {
	Kind  string // "", "warn" or "wrong"
	Text  string
	Lines []string
}

// Say is a text in the frame's language; the French one gets its no-break
// spaces.
func (f Frame) Say(fr, en string) string {
	if f.Lang == i18n.EN {
		return en
	}
	return French(fr)
}

// Sayf is Say with args put in.
func (f Frame) Sayf(fr, en string, args ...any) string {
	if f.Lang == i18n.EN {
		return fmt.Sprintf(en, args...)
	}
	return French(fmt.Sprintf(fr, args...))
}

// Words is Say for words that stand together already.
func (f Frame) Words(w i18n.Words) string { return f.Say(w.FR, w.EN) }

// Count is "2 factures" or "1 invoice".
func (f Frame) Count(n int, fr, frs, en, ens string) string {
	noun := i18n.Noun{One: i18n.Words{FR: fr, EN: en}, Many: i18n.Words{FR: frs, EN: ens}}
	return noun.Count(f.Lang, n)
}

// french puts no-break spaces where French typography wants them and people
// type plain ones: narrow before ; ! ? and %, full before : and within quotes.
var french = strings.NewReplacer(
	" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", " %", "\u202f%",
	" :", "\u00a0:", "« ", "«\u00a0", " »", "\u00a0»", " €", "\u00a0€",
)

// Capital is s with a capital letter.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// Sentence is s, such as the words of a fault, as a sentence of its own: with a
// capital and a full stop.
func Sentence(s string) string {
	if s == "" {
		return ""
	}
	s = French(Capital(s))
	if !strings.HasSuffix(s, "…") && !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// French is s with the no-break spaces of French typography.
func French(s string) string { return french.Replace(s) }
