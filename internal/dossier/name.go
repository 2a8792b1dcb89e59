package dossier

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPart bounds one part of a name in the archive: with its folders it stays
// below what Windows can unpack on a desktop.
const maxPart = 80

// reserved are names that Windows gives to devices, whatever their ending.
var reserved = []string{"con", "prn", "aux", "nul", "com", "lpt"}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ø", "o", "Ø", "O", "°", "o")

// safe is a name that every machine takes as it is, for one part of a path: the
// letters of English, digits, dots, dashes and underscores. Accents are taken off,
// because unpackers disagree on how a ZIP writes them.
func safe(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(ligatures.Replace(name)) {
		switch {
		case unicode.Is(unicode.Mn, r): // an accent, apart from its letter
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._", r)):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-._")
	if len(s) > maxPart {
		s = strings.TrimRight(s[:maxPart], "-._")
	}
	if s == "" {
		return "x"
	}
	stem, _, _ := strings.Cut(strings.ToLower(s), ".")
	if slices.Contains(reserved, strings.TrimRight(stem, "0123456789")) {
		return "x-" + s
	}
	return s
}

// unique is a path that the archive does not have yet, even where capitals do not
// count.
func (a *archive) unique(name string) string {
	end := path.Ext(name)
	base := strings.TrimSuffix(name, end)
	for i := 2; a.taken[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s-%d%s", base, i, end)
	}
	a.taken[strings.ToLower(name)] = true
	return name
}
