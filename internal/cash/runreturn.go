package cash

import (
	"context"

	"acquit/internal/db"
)

// returns pairs what the bank says took another entry back, before anything is
// matched: what is open again can then be paid by what comes next, and money that
// went back is set against nothing.
func (r *run) returns(ctx context.Context) error {
	var list [][2]string
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = db.All(ctx, tx, func(row db.Row) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
			SELECT e.id, e.undoes_id
			FROM cash_entry c
			JOIN bank_entry e ON e.creditor_id = c.creditor_id AND e.id = c.entry_id
			WHERE c.creditor_id = $1 AND c.state = 'open' AND c.code <> 'person' AND e.undoes_id <> '' AND e.counts
			  AND e.status = 'booked'
			ORDER BY e.on_day, e.id`, r.s.Creditor)
		return err
	})
	if err != nil {
		return err
	}
	for _, v := range list {
		err := r.d.Write(ctx, func(tx *db.Tx) error { return Return(ctx, tx, r.rule, v[0], v[1], "") })
		switch {
		case err == nil:
			r.rep.Returned++
			r.rep.Entries = append(r.rep.Entries, v[0])
		case !contested(err): // a person says whose it was
			return err
		}
	}
	return nil
}
