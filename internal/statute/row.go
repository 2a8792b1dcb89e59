package statute

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/law/fr"
)

// Row is a figure as it is shown: one of the program, or one of the creditor.
type Row struct {
	fr.Figure
	Own      *Change // who brought it, where the creditor did
	Replaced bool    // on some of its days one of the creditor's holds instead
	Was      string  // the program's value that it replaces, in its unit; may be empty
}

// Rows are all figures with the creditor's own among those of the program: rates
// newest first, then parameters. It needs Read.
func Rows(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Row, error) {
	law, err := shipped()
	if err != nil {
		return nil, err
	}
	changes, err := Changes(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var rows []Row
	own := inForce(changes)
	for _, f := range law.Figures() {
		rows = append(rows, Row{
			Figure: f, Replaced: slices.ContainsFunc(own, func(c Change) bool { return overlap(c.Figure, f) }),
		})
	}
	for _, c := range own {
		rows = place(rows, Row{Figure: c.Figure, Own: &c, Was: was(law, c.Figure)})
	}
	return rows, nil
}

// inForce are the changes that no later one has replaced or taken back.
func inForce(changes []Change) []Change {
	var list []Change
	for _, c := range changes {
		list = slices.DeleteFunc(list, func(o Change) bool { return o.Key == c.Key && o.From == c.From })
		if c.Value != "" {
			list = append(list, c)
		}
	}
	return list
}

// overlap tells whether two figures of one key share a day.
func overlap(a, b fr.Figure) bool {
	day := max(a.From, b.From)
	return a.Key == b.Key && holds(a, day) && holds(b, day)
}

func holds(f fr.Figure, day cal.Date) bool { return f.From <= day && (f.To == 0 || day <= f.To) }

// place puts an own figure before the first of its key that is not younger, or at
// the end of its key's.
func place(rows []Row, r Row) []Row {
	at := slices.IndexFunc(rows, func(o Row) bool { return o.Key == r.Key && o.From <= r.From })
	if at < 0 {
		at = slices.IndexFunc(rows, func(o Row) bool { return o.Key == r.Key })
	}
	return slices.Insert(rows, max(at, 0), r)
}

// was is the program's value for the first day of a figure.
func was(law *fr.Law, f fr.Figure) string {
	for _, o := range law.Figures() {
		if o.Key == f.Key && holds(o, f.From) {
			return o.Value
		}
	}
	return ""
}
