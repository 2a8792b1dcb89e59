package bank

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLabel bounds the texts of one entry that are looked at: CFONB 240 and camt
// hold a few hundred characters.
const maxLabel = 4096

// Said is what the texts of an entry say once they are taken apart. Banks squeeze
// names, references and purposes into one label, each in its own way:
// « VIR SEPA RECU /DE DUPONT SARL /MOTIF FACT 2026-123 /REF XYZ ».
type Said struct {
	Means      Means // empty where the words do not tell
	Party      Party
	EndToEnd   string
	Mandate    string
	Purpose    []string // what the payer wrote, without the words of the bank
	Structured []string // references with check digits: RF…, +++…+++
	Return     *Return
	Reversal   bool
}

// TakeApart fills what the entry's file has left empty from the words of its
// label and texts; what the file told by itself is kept.
func (e *Entry) TakeApart() {
	texts := e.Texts
	if e.Label != "" && !strings.Contains(oneLine(strings.Join(texts, " ")), oneLine(e.Label)) {
		texts = append([]string{e.Label}, texts...)
	}
	said := Hear(texts)
	if e.Means == "" || e.Means == Other {
		e.Means = said.Means
	}
	if e.Means == "" {
		e.Means = Other
	}
	fill(&e.Party.Name, said.Party.Name)
	fill(&e.Party.IBAN, said.Party.IBAN)
	fill(&e.Party.BIC, said.Party.BIC)
	fill(&e.Party.ID, said.Party.ID)
	fill(&e.EndToEnd, said.EndToEnd)
	fill(&e.Mandate, said.Mandate)
	if e.Return == nil {
		e.Return = said.Return
	}
	e.Reversal = e.Reversal || said.Reversal
	e.Texts = texts
	written := e.Means == Transfer || e.Means == Debit || e.Means == Bill || e.Means == Other
	for _, purpose := range said.Purpose {
		if written && !slices.Contains(e.Texts, purpose) {
			e.Texts = append(e.Texts, purpose)
		}
	}
	for _, ref := range said.Structured {
		if !slices.Contains(e.Structured, ref) {
			e.Structured = append(e.Structured, ref)
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func fill(to *string, by string) {
	if *to == "" {
		*to = by
	}
}

// Hear takes the texts of an entry apart.
func Hear(texts []string) Said {
	var said Said
	lines := linesOf(texts)
	if len(lines) == 0 {
		return said
	}
	all := newText(strings.Join(lines, " "))
	op := operationOf(all.words)
	said.Means, said.Reversal = op.means, op.reversed
	head, tagged := said.tags(lines)
	said.rest(op, head, tagged)
	said.returned(op, all, tagged)
	said.Structured = structured(all)
	return said
}

// linesOf are the lines of the texts: a label may have several, or wide gaps
// where a form had fields.
func linesOf(texts []string) []string {
	var lines []string
	size := 0
	for _, t := range texts {
		if size += len(t); size > maxLabel {
			break
		}
		t = strings.Map(plainSpace, norm.NFC.String(t))
		for line := range strings.SplitSeq(gap.ReplaceAllString(t, "\n"), "\n") {
			if line = oneLine(line); line != "" && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

var gap = regexp.MustCompile(` {3,}`)

func plainSpace(r rune) rune {
	switch {
	case r == '\n' || r == '\r':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r) || r == unicode.ReplacementChar:
		return -1
	}
	return r
}

// text is a text beside itself in capitals without accents, rune by rune, and its
// words with their places.
type text struct {
	runes  []rune
	folded []rune
	words  []word
}

type word struct {
	text       string // folded
	start, end int    // in runes
}

func newText(s string) text {
	t := text{runes: []rune(s)}
	t.folded = make([]rune, len(t.runes))
	start := -1
	for i, r := range t.runes {
		t.folded[i] = fold(r)
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter && start < 0 {
			start = i
		}
		if !letter && start >= 0 {
			t.words = append(t.words, word{string(t.folded[start:i]), start, i})
			start = -1
		}
	}
	if start >= 0 {
		t.words = append(t.words, word{string(t.folded[start:]), start, len(t.runes)})
	}
	return t
}

// from is what follows the first n words.
func (t text) from(n int) string {
	if n >= len(t.words) {
		return ""
	}
	if n == 0 {
		return string(t.runes)
	}
	return string(t.runes[t.words[n].start:])
}

// cut finds words in a text: what stands before them, and themselves as written.
func (t text) cut(words string) (before, found string, ok bool) {
	at, _, ok := strings.Cut(string(t.folded), words)
	if !ok {
		return "", "", false
	}
	start := utf8.RuneCountInString(at)
	return string(t.runes[:start]), string(t.runes[start : start+utf8.RuneCountInString(words)]), true
}

// fold is a letter in capitals without its accent.
func fold(r rune) rune {
	if r < 0x80 {
		return unicode.ToUpper(r)
	}
	for _, base := range norm.NFD.String(string(r)) {
		return unicode.ToUpper(base)
	}
	return r
}

// operation is what the bank's first words say.
type operation struct {
	means    Means
	words    int // of the bank: what follows is the payer's, or a name
	back     bool
	reversed bool
	named    bool // a name may follow: « VIR DUPONT », not « FRAIS … »
}

// operationOf reads the words at the front of a label.
func operationOf(words []word) operation {
	op := operation{}
	i := 0
	for ; i < len(words) && i < 8; i++ {
		w := words[i].text
		if m, ok := meansOf(words[i:]); ok {
			op.means = m
			break
		}
		switch {
		case goesBack[w] || w == "IMP" && i+1 < len(words) && knownMeans[words[i+1].text] != "":
			op.back = true
		case undone[w]:
			op.reversed = true
		case around[w] || isNumber(w):
		default:
			return op
		}
	}
	if op.means == "" {
		return op
	}
	op.back = op.back && op.means != Fee
	op.named = op.means == Transfer || op.means == Debit || op.means == Bill
	op.words = skip(words, i+1, &op)
	return op
}

// skip passes over the words that say how it was paid: SEPA, RECU, a number.
func skip(words []word, i int, op *operation) int {
	for ; i < len(words); i++ {
		w := words[i].text
		next := ""
		if i+1 < len(words) {
			next = words[i+1].text
		}
		switch {
		case goesBack[w]:
			op.back = op.means != Fee
		case undone[w]:
			op.reversed = true
		case knownMeans[w] != "" || manner[w] || around[w] || isNumber(w) || isDay(words, &i):
		case sometimes[w] && (manner[next] || next == "DE"):
		case w == "POUR" || w == "PAR" || w == "AU" || w == "A":
		default:
			return i
		}
	}
	return i
}

// isNumber tells the bank's own number of an operation: « 1234567890S ».
func isNumber(w string) bool {
	digits := strings.TrimRight(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return len(digits) >= 5 && len(w)-len(digits) <= 1 && strings.Trim(digits, "0123456789") == ""
}

// isDay passes over « DU 10/11 » and « 10/11/26 »: it is no part of a name.
func isDay(words []word, i *int) bool {
	at := *i
	if words[at].text == "DU" || words[at].text == "LE" {
		at++
	}
	n := 0
	for at+n < len(words) && n < 3 && len(words[at+n].text) <= 4 &&
		strings.Trim(words[at+n].text, "0123456789") == "" &&
		(n == 0 || words[at+n].start == words[at+n-1].end+1) {
		n++
	}
	if n < 2 {
		return false
	}
	*i = at + n - 1
	return true
}

// rest reads the head of a label, without tags: a name, then what the payer wrote.
func (s *Said) rest(op operation, head []string, tagged bool) {
	if op.means == "" {
		if tagged {
			s.Purpose = append(head, s.Purpose...)
		}
		return
	}
	skipped := op.words
	var name string
	var wrote []string
	for _, line := range head {
		t := newText(line)
		if n := min(skipped, len(t.words)); n > 0 {
			skipped -= n
			line = t.from(n)
			t = newText(line)
		}
		if len(t.words) == 0 {
			continue
		}
		if name == "" && len(wrote) == 0 && op.named && s.Party.Name == "" {
			name, line = nameOf(t)
		}
		if line = strings.Trim(line, " -/|;:,"); line != "" {
			wrote = append(wrote, line)
		}
	}
	fill(&s.Party.Name, name)
	s.Purpose = append(wrote, s.Purpose...)
}

// nameOf takes the name off the front: up to a word of what is paid, a sign, or a
// number of three digits.
func nameOf(t text) (name, rest string) {
	end := len(t.runes)
	for i, w := range t.words {
		if purposes[w.text] || digitsIn(w.text) >= 3 || i > 0 && numbered.MatchString(w.text) {
			end = w.start
			break
		}
		if i > 0 {
			between := string(t.runes[t.words[i-1].end:w.start])
			if strings.ContainsAny(between, "|;/:") || strings.Contains(between, " - ") ||
				strings.Contains(between, " – ") {
				end = t.words[i-1].end
				break
			}
		}
	}
	name = strings.Trim(string(t.runes[:end]), " -–/|;:,*+")
	rest = string(t.runes[end:])
	if !strings.ContainsFunc(name, unicode.IsLetter) || unsaid[string(newText(name).folded)] {
		return "", rest
	}
	return name, rest
}

// numbered are F12, RF18 and AM04: no words of a name.
var numbered = regexp.MustCompile(`^[A-Z]+[0-9]{2,}$`)

func digitsIn(w string) int {
	n := 0
	for _, r := range w {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// returned tells a payment that went back, with its reason. What a bank asks for
// it is a fee, and no return.
func (s *Said) returned(op operation, all text, tagged bool) {
	if !op.back {
		return
	}
	s.Return = &Return{}
	for _, w := range all.words {
		if returnCodes[w.text] {
			s.Return.Code = w.text
			break
		}
	}
	for _, reason := range returnWords {
		if _, found, ok := all.cut(reason); ok {
			s.Return.Text = found
			if name, _, ok := newText(s.Party.Name).cut(reason); ok {
				s.Party.Name = strings.TrimSpace(name)
			}
			return
		}
	}
	if tagged && len(s.Purpose) > 0 {
		s.Return.Text = s.Purpose[len(s.Purpose)-1]
	}
}
