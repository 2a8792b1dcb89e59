package match

import (
	"acquit/internal/cal"
)

// Limits of what is read of an entry.
const (
	maxText  = 4000 // characters: the longest remittance information in use is thirty lines of 140
	maxAtoms = 800
	maxRuns  = 1200 // runs of digits
	maxRun   = 6    // atoms of one run
	maxGap   = 3    // characters between them
	longest  = 20   // digits of a run
)

// text is what an entry says, folded, cut into atoms.
type text struct {
	folded []byte
	atoms  []atom
	runs   []run
}

// atom is letters or digits that stand together.
type atom struct {
	from, to int
	digits   bool
	noise    noise // what else these digits are
	line     int
}

// noise is what digits are when they are no reference.
type noise uint8

const (
	plain noise = iota
	aYear
	aMonth
	aPostcode
	aDate
	anAmount
	aPhone
	anAccount
)

// against is what it says against a reference that its digits read as something
// else.
var against = [...]weight{
	plain: 0, aYear: 150, aMonth: 180, aPostcode: 100, aDate: 180, anAmount: 300, aPhone: 400, anAccount: 900,
}

// run is digits of neighbouring atoms read as one number.
type run struct {
	digits   string
	first    int // atoms
	last     int
	letters  bool // letters stand between
	repaired bool // letters were read as digits
	inside   bool // more digits stand beside it without a space
	end      bool // it ends its line
	noise    noise
}

// read fills t with the texts of an entry of a day and an amount.
func (t *text) read(texts []string, on cal.Date, minor int64) {
	t.reset()
	for _, s := range texts {
		if len(t.folded) >= maxText {
			break
		}
		t.folded = append(fold(t.folded, s[:min(len(s), maxText)]), '\n')
	}
	t.folded = t.folded[:min(len(t.folded), maxText)]
	t.cut()
	t.mark(on, minor)
	t.join(false)
}

func (t *text) reset() { t.folded, t.atoms, t.runs = t.folded[:0], t.atoms[:0], t.runs[:0] }

// repair fills t with other, letters that stand for digits read as digits, and
// tells whether there were any.
func (t *text) repair(other *text, prefixes map[string]bool, on cal.Date, minor int64) bool {
	t.reset()
	t.folded = append(t.folded, other.folded...)
	if !readAsDigits(t.folded, prefixes) {
		return false
	}
	t.cut()
	t.mark(on, minor)
	t.join(true)
	return true
}

// cut finds the atoms.
func (t *text) cut() {
	line := 0
	for i := 0; i < len(t.folded) && len(t.atoms) < maxAtoms; {
		c := t.folded[i]
		if !isAlnum(c) {
			if c == '\n' {
				line++
			}
			i++
			continue
		}
		j := i
		for j < len(t.folded) && isAlnum(t.folded[j]) && isDigit(t.folded[j]) == isDigit(c) {
			j++
		}
		t.atoms = append(t.atoms, atom{from: i, to: j, digits: isDigit(c), line: line})
		i = j
	}
}

// of is the letters or digits of an atom.
func (t *text) of(i int) []byte { return t.folded[t.atoms[i].from:t.atoms[i].to] }

// gap is what stands between an atom and the next.
func (t *text) gap(i int) []byte { return t.folded[t.atoms[i].to:t.atoms[i+1].from] }

// says tells whether one of the words stands in the text.
func (t *text) says(words map[string]bool) bool {
	for i := range t.atoms {
		if t.isWord(i, words) {
			return true
		}
	}
	return false
}

// isWord tells whether the atom at i is letters, these ones.
func (t *text) isWord(i int, words map[string]bool) bool {
	return i >= 0 && i < len(t.atoms) && !t.atoms[i].digits && words[string(t.of(i))]
}

// join reads neighbouring digits as numbers: whole, across separators, across
// the end of a line, and across a few letters in between.
func (t *text) join(repaired bool) {
	var digits [longest + maxText]byte
	for i := range t.atoms {
		if !t.atoms[i].digits {
			continue
		}
		buf := digits[:0]
		letters := false
		var worst noise
		for j := i; j < len(t.atoms) && j < i+maxRun && len(t.runs) < maxRuns; j++ {
			if j > i && len(t.gap(j-1)) > maxGap {
				break
			}
			a := &t.atoms[j]
			if !a.digits {
				if letters || a.to-a.from > 3 {
					break
				}
				letters = true
				continue
			}
			buf = append(buf, t.of(j)...)
			if len(buf) > longest {
				break
			}
			if a.noise != aYear {
				worst = max(worst, a.noise)
			}
			t.runs = append(t.runs, run{
				digits: string(buf), first: i, last: j, letters: letters, repaired: repaired, noise: worst,
				inside: t.beside(i-1, i) || t.beside(j, j+1), end: j == len(t.atoms)-1 || t.atoms[j+1].line != a.line,
			})
			if i == j && a.noise == aYear {
				t.runs[len(t.runs)-1].noise = aYear
			}
		}
	}
}

// beside tells whether two neighbours are both digits, with at most a mark and no
// space between.
func (t *text) beside(i, j int) bool {
	if i < 0 || j >= len(t.atoms) || !t.atoms[i].digits || !t.atoms[j].digits {
		return false
	}
	gap := t.folded[t.atoms[i].to:t.atoms[j].from]
	return len(gap) == 1 && gap[0] != ' ' && gap[0] != '\n' && gap[0] != ',' && gap[0] != '+' && gap[0] != ';'
}

// readAsDigits changes the letters of folded that stand for digits beside
// digits, and tells whether there were any.
func readAsDigits(folded []byte, prefixes map[string]bool) bool {
	changed := false
	for i := 0; i < len(folded); {
		if !isAlnum(folded[i]) {
			i++
			continue
		}
		j := i
		digits := 0
		for j < len(folded) && isAlnum(folded[j]) {
			if isDigit(folded[j]) {
				digits++
			}
			j++
		}
		if digits > 0 && digits < j-i && repairWord(folded[i:j], prefixes) {
			changed = true
		}
		i = j
	}
	return changed
}

// repairWord reads letters beside digits as digits, but for a prefix of numbers
// that the word begins with.
func repairWord(w []byte, prefixes map[string]bool) bool {
	changed := false
	lead := 0
	for lead < len(w) && isLetter(w[lead]) {
		lead++
	}
	for lead > 0 && !prefixes[string(w[:lead])] && !keywords[string(w[:lead])] {
		lead--
	}
	look := func(i, beside int) {
		if beside >= lead && beside < len(w) && isDigit(w[beside]) && likeDigit[w[i]] != 0 {
			w[i] = likeDigit[w[i]]
			changed = true
		}
	}
	for i := lead; i < len(w); i++ {
		look(i, i-1)
	}
	for i := len(w) - 1; i >= lead; i-- {
		look(i, i+1)
	}
	return changed
}

var likeDigit = [256]byte{'O': '0', 'Q': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'G': '6', 'B': '8'}
