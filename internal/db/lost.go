package db

import "context"

// Link is a column that names rows of another table, by their identifier.
type Link struct {
	Table  string // that names
	Key    string // what identifies its rows: an expression
	Column string // the identifier that it names; an empty one names nothing
	Target string // the table that is named
	Only   string // a condition on the rows that name; none is all
}

// Lost is a row that another names and that is gone, or a row that is not as it was
// written.
type Lost struct {
	Table   string `json:"table"`
	ID      string `json:"id"`
	Target  string `json:"missing_in,omitempty"`
	Missing string `json:"missing,omitempty"` // empty where the row itself was altered
}

// LostOf are the rows of a creditor that a link names and that are gone.
func LostOf(ctx context.Context, tx *Tx, creditor string, links ...Link) (checked int64, lost []Lost, err error) {
	for _, l := range links {
		where := `
			WHERE t.creditor_id = $1 AND COALESCE(t.` + l.Column + `, '') <> ''`
		if l.Only != "" {
			where += " AND " + l.Only
		}
		n, err := One(ctx, tx, Value[int64], `
			SELECT count(*)
			FROM `+l.Table+` t`+where, creditor)
		if err != nil {
			return checked, lost, err
		}
		checked += n
		list, err := All(ctx, tx, func(r Row) (x Lost, err error) {
			x.Table, x.Target = l.Table, l.Target
			return x, r.Scan(&x.ID, &x.Missing)
		}, `
			SELECT `+l.Key+`, t.`+l.Column+`
			FROM `+l.Table+` t`+where+` AND NOT EXISTS (
				SELECT 1
				FROM `+l.Target+` o
				WHERE o.creditor_id = t.creditor_id AND o.id = t.`+l.Column+`)
			ORDER BY 1
			LIMIT 1000`, creditor)
		if err != nil {
			return checked, lost, err
		}
		lost = append(lost, list...)
	}
	return checked, lost, nil
}
