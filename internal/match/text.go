package match

// Limits of what is read of an entry.
const (
	maxText  = 4000 // characters: the longest remittance information in use is thirty lines of 140
	maxAtoms = 800
	maxRuns  = 2000 // runs of digits
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
	aDate
	aPostcode
	anAmount
	aPhone
	anAccount
	noises
)

// run is digits of neighbouring atoms read as one number.
type run struct {
	digits   string
	first    int // atoms
	last     int
	letters  bool // letters stand between
	repaired bool // letters were read as digits
	lines    bool // it goes over the end of a line
	noise    noise
}

// read fills t with the texts of an entry.
func (t *text) read(texts []string) {
	t.folded, t.atoms, t.runs = t.folded[:0], t.atoms[:0], t.runs[:0]
	for _, s := range texts {
		if len(t.folded) >= maxText {
			break
		}
		if len(s) > maxText {
			s = s[:maxText]
		}
		t.folded = append(fold(t.folded, s), '\n')
	}
	t.folded = t.folded[:min(len(t.folded), maxText)]
	t.cut()
	t.mark()
	t.joinRuns(t.folded, false)
	if repaired, changed := repair(t.folded); changed {
		t.joinRuns(repaired, true)
	}
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

// mark says which digits are something else than a reference.
func (t *text) mark() {}

// joinRuns reads neighbouring digits as numbers.
func (t *text) joinRuns(folded []byte, repaired bool) {
	for i := range t.atoms {
		if !t.atoms[i].digits {
			continue
		}
		digits := make([]byte, 0, 24)
		for j := i; j < len(t.atoms) && j < i+6 && len(t.runs) < maxRuns; j++ {
			a := t.atoms[j]
			if !a.digits {
				break
			}
			digits = append(digits, folded[a.from:a.to]...)
			if len(digits) > 20 {
				break
			}
			t.runs = append(t.runs, run{digits: string(digits), first: i, last: j, repaired: repaired,
				lines: t.atoms[i].line != a.line})
		}
	}
}

// repair reads letters that stand for digits.
func repair(folded []byte) ([]byte, bool) { return folded, false }
