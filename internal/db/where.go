package db

import (
	"fmt"
	"strings"
)

// Where gathers the conditions of a list that filters. Conditions are written
// with ? and numbered as they come.
type Where struct {
	conds []string
	Args  []any
}

// And adds a condition with one ? for each of args.
func (w *Where) And(cond string, args ...any) {
	var b strings.Builder
	for i, part := range strings.Split(cond, "?") {
		if i > 0 {
			w.Args = append(w.Args, args[i-1])
			fmt.Fprintf(&b, "$%d", len(w.Args))
		}
		b.WriteString(part)
	}
	w.conds = append(w.conds, b.String())
}

// In adds "column IN (…)"; no values match nothing.
func In[T any](w *Where, column string, values []T) {
	if len(values) == 0 {
		w.conds = append(w.conds, "1 = 0")
		return
	}
	marks := make([]string, len(values))
	for i, v := range values {
		w.Args = append(w.Args, v)
		marks[i] = fmt.Sprintf("$%d", len(w.Args))
	}
	w.conds = append(w.conds, column+" IN ("+strings.Join(marks, ", ")+")")
}

// SQL is the WHERE clause, or nothing without conditions.
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return ""
	}
	return "\n\tWHERE " + strings.Join(w.conds, "\n\t  AND ")
}

// LikeEscape makes s match itself inside a LIKE pattern with ESCAPE '\'.
func LikeEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Arg adds a value outside of the conditions and gives its placeholder, for a
// LIMIT or a keyset.
func (w *Where) Arg(v any) string {
	w.Args = append(w.Args, v)
	return fmt.Sprintf("$%d", len(w.Args))
}
