package cli

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/i18n"
)

// spaces are the no-break spaces of French, so that no sign begins a line.
var spaces = strings.NewReplacer(
	" :", "\u00a0:", " ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", " %%", "\u202f%%",
	"« ", "«\u00a0", " »", "\u00a0»",
)

// spaced is a French text with its no-break spaces.
func spaced(s string) string { return spaces.Replace(s) }

// spacedIn is spaced for French, and s as it is for another language.
func spacedIn(l i18n.Lang, s string) string {
	if l == i18n.EN {
		return s
	}
	return spaced(s)
}

// capital is s with its first letter large.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
