package yamldoc

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// WrongAt records a fault inside a text: at is the number of characters of the
// text before it. The text may be quoted, folded over lines or a block; the
// place is the one in the file.
func (n Node) WrongAt(at int, mend, format string, args ...any) {
	if n.d == nil {
		return
	}
	line, column := n.within(at)
	n.d.add(line, column, fmt.Sprintf(format, args...), mend)
}

// within finds the place of the at-th character of n's text by walking the
// source beside the text: white space and quoting differ between the two, the
// rest is the same.
func (n Node) within(at int) (line, column int) {
	line, column = n.Place()
	text, ok := n.scalar()
	if !ok {
		return line, column
	}
	if _, block := n.n.(*ast.LiteralNode); block {
		line, column = line+1, 1 // the text begins below its indicator
	}
	w := walker{lines: n.d.lines, line: line - 1, column: column - 1}
	for i, r := range []rune(text) {
		if i > 0 || !unicode.IsSpace(r) {
			w.reach(r)
		}
		if i == at {
			break
		}
		w.column++
	}
	return w.line + 1, w.column + 1
}

// walker is a place in the source, counted from 0.
type walker struct {
	lines        []string
	line, column int
}

// reach moves to the next r, over line ends, indentation, quotes and escapes. A
// space of the text may be a line end of the source: it stays where it is.
func (w *walker) reach(r rune) {
	if unicode.IsSpace(r) {
		return
	}
	start := *w
	for w.line < len(w.lines) {
		row := []rune(w.lines[w.line])
		for w.column < len(row) {
			if row[w.column] == r {
				return
			}
			if c := row[w.column]; !unicode.IsSpace(c) && !strings.ContainsRune(`"'\`, c) {
				*w = start // not the same text after all: an escape such as \u00e9
				return
			}
			w.column++
		}
		w.line, w.column = w.line+1, 0
	}
	*w = start
}

// Nearest is the known word that s was probably meant to be, or nothing: at most
// a third of its letters wrong.
func Nearest(s string, known []string) string {
	best, least := "", 1+len(s)/3
	for _, k := range known {
		if d := distance(strings.ToLower(s), k); d <= least && d < max(len(k), 2) {
			if d == least && best != "" {
				continue
			}
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to change, add, drop or swap to turn a into b
// (Damerau–Levenshtein, adjacent swaps).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	const longest = 40 // beyond, it is not a misspelt word
	if len(x) > longest || len(y) > longest {
		return longest
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}
