package message

import "regexp"

// Spaces that a line does not break at.
const (
	noBreak       = "\u00a0"
	narrowNoBreak = "\u202f"
)

var apostrophe = regexp.MustCompile(`(\pL)'(\pL)`)

// frenchRules put the right space where an author typed a plain one, and add
// none where there was none: "https://" stays as it is.
var frenchRules = []struct {
	at *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`[ \x{00a0}]([;!?%])`), narrowNoBreak + "$1"},
	{regexp.MustCompile(`[ \x{202f}]€`), noBreak + "€"}, // as amounts are written
	{regexp.MustCompile(`[ \x{202f}]:`), noBreak + ":"},
	{regexp.MustCompile(`«[ \x{202f}]`), "«" + noBreak},
	{regexp.MustCompile(`[ \x{202f}]»`), noBreak + "»"},
	{regexp.MustCompile(`\b([nN]°s?) `), "$1" + noBreak},
	{regexp.MustCompile(`\b([LRD])\. ?(\d{3,4}-\d)`), "$1." + noBreak + "$2"},
}

// typeset is an author's text with the typography of its language: no-break
// spaces before French double signs and inside guillemets, curly apostrophes.
func typeset(s, lang string) string {
	s = apostrophe.ReplaceAllString(s, "$1’$2")
	if lang != french.lang {
		return s
	}
	for _, r := range frenchRules {
		s = r.at.ReplaceAllString(s, r.to)
	}
	return s
}
