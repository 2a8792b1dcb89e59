package table

import (
	"slices"
	"strconv"
	"strings"

	"acquit/internal/ingest"
)

// header is where the names of the columns were found.
type header struct {
	index int
	score int
	known int // columns whose name is known
	names []string
}

// findHeader looks for the row that names the columns best, alone or together
// with the row above it.
func findHeader(rows []Row, dict names, line int) (header, bool) {
	best := header{index: -1}
	for i, row := range rows[:min(len(rows), maxPreamble)] {
		if row.Err != nil || line > 0 && row.Line != line {
			continue
		}
		if score, known := scoreNames(row.Cells, dict); score > best.score || line > 0 {
			best = header{index: i, score: score, known: known, names: slices.Clone(row.Cells)}
		}
		if i == 0 || line > 0 {
			continue
		}
		both := twoLines(rows[i-1].Cells, row.Cells)
		if score, known := scoreNames(both, dict); score > best.score+vague {
			best = header{index: i, score: score, known: known, names: both}
		}
	}
	return best, best.index >= 0 && (best.known >= 2 || line > 0)
}

// nameless is the header of a table that has none: all its rows are values.
func nameless(rows []Row) header {
	h := header{index: -1}
	for _, row := range rows {
		for len(h.names) < len(row.Cells) {
			h.names = append(h.names, "Colonne "+strconv.Itoa(len(h.names)+1))
		}
	}
	return h
}

// headerLine is the line of the names, 0 where there are none.
func (p *plan) headerLine() int {
	if p.header < 0 {
		return 0
	}
	return p.sheet.Head[p.header].Line
}

// scoreNames weighs a row as names of columns: each field counts once, and a
// number or a date among them speaks against it.
func scoreNames(cells []string, dict names) (score, known int) {
	used := map[ingest.Field]bool{}
	for _, cell := range cells {
		cell = clean(cell)
		if cell == "" || len(cell) > 80 {
			continue
		}
		if bucket(cell) {
			score += remote
			continue
		}
		var c column
		c.observe(cell)
		if c.dates+c.amounts > 0 {
			score -= exact
			continue
		}
		for _, g := range dict.meanings(cell) {
			if !used[g.field] {
				used[g.field] = true
				score += g.score
				known++
				break
			}
		}
	}
	return score, known
}

// twoLines are names that are written over two rows: « Date » above « facture ».
// Where few stand above, each is that of a group, up to the next: so do merged
// cells read.
func twoLines(above, below []string) []string {
	grouped := countFilled(above)*2 <= countFilled(below)
	names := make([]string, max(len(above), len(below)))
	group := ""
	for i := range names {
		up := cell(above, i)
		if grouped && up != "" {
			group = up
		}
		if up == "" {
			up = group
		}
		names[i] = strings.TrimSpace(up + " " + cell(below, i))
	}
	return names
}

func countFilled(cells []string) int {
	n := 0
	for _, c := range cells {
		if clean(c) != "" {
			n++
		}
	}
	return n
}

// mapped is the row that has all the names by which a person told the columns.
func mapped(rows []Row, given map[ingest.Field]string) (header, bool) {
	for i, row := range rows[:min(len(rows), maxPreamble)] {
		if holdsNames(row.Cells, given) {
			return header{index: i, names: slices.Clone(row.Cells)}, true
		}
	}
	return header{}, false
}

func holdsNames(cells []string, given map[ingest.Field]string) bool {
	found := 0
	for _, name := range given {
		if _, err := strconv.Atoi(name); err == nil || name == "" || name == "-" {
			continue
		}
		same := func(c string) bool { return clean(c) == name || plainName(c) == plainName(name) }
		if !slices.ContainsFunc(cells, same) {
			return false
		}
		found++
	}
	return found > 0
}
