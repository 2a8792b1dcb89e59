package cash

import (
	"context"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/match"
)

// returns pairs what the bank says took another entry back, before anything is
// matched: what is open again can then be paid by what comes next, and money that
// went back is set against nothing. What a person undid is not done again.
func (r *run) returns(ctx context.Context) error {
	var list [][2]string
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = db.All(ctx, tx, func(row db.Row) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
			SELECT e.id, e.undoes_id
			FROM cash_entry c
			JOIN bank_entry e ON e.creditor_id = c.creditor_id AND e.id = c.entry_id
			WHERE c.creditor_id = $1 AND c.state = 'open' AND c.code <> 'person' AND e.undoes_id <> '' AND e.counts
			  AND e.status = 'booked'
			  AND NOT EXISTS (
				SELECT 1
				FROM cash_application a
				WHERE a.creditor_id = c.creditor_id AND a.entry_id = c.entry_id
				  AND a.kind = $2 AND a.undone_at IS NOT NULL
				  AND a.undone_by <> $3)
			ORDER BY e.on_day, e.id`, r.s.Creditor, ReturnKind, creditor.ActorRule)
		return err
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return nil
	}
	likely, err := r.likely(ctx, list)
	if err != nil {
		return err
	}
	for _, v := range list {
		err := r.d.Write(ctx, func(tx *db.Tx) error { return Return(ctx, tx, r.rule, v[0], v[1], likely[v[1]]) })
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

// likelyBar is how sure it must be whose money went back before anybody knew.
const likelyBar match.Confidence = 9000

// likely are the customers whose money seems to have gone back before it was applied:
// a cheque and its return may come in one file. Whoever follows them is told.
func (r *run) likely(ctx context.Context, pairs [][2]string) (map[string]string, error) {
	var ids []string
	for _, v := range pairs {
		ids = append(ids, v[1])
	}
	of := map[string]string{}
	err := r.d.Read(ctx, func(tx *db.Tx) error {
		lines, err := fill(ctx, tx, r.s, ids, (*filler).rows)
		if err != nil {
			return err
		}
		lines = slices.DeleteFunc(lines, func(l Line) bool { return l.State != Open || l.Entry.Amount.Sign() <= 0 })
		if len(lines) == 0 {
			return nil
		}
		n, err := take(ctx, tx, r.s, r.values)
		if err != nil {
			return err
		}
		for _, l := range lines {
			sure := map[string]match.Confidence{}
			for _, x := range n.ix.Explain(entryOf(l.Entry)).Explanations {
				if sure[x.Customer] += x.Confidence; sure[x.Customer] >= likelyBar && !n.refused[l.Entry.ID] {
					of[l.Entry.ID] = x.Customer
				}
			}
		}
		return nil
	})
	return of, err
}
